"""Words that a reader found → whom they should name: who gave and who took, and who is spoken to.

Called by `spans`. A sale has two sides, and the reader knows them badly: what "Anna sold the kayak
to Ben" says of who bought it is said by rules. Where these don't see who it was, nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Container

from cairn.core.recall.question.analyze import Question

_GIVING = {
    "trade": "sell sells sold selling verkauft verkaufte verkaufen",
    "loan": "lend lends lent lending loaned verlieh verliehen",
    "gift": "give gives gave given giving send sends sent sending hand hands handed pass passed"
    " schenkte geschenkt schickte geschickt gab gegeben",
}
_TAKING = {
    "trade": "buy buys bought buying purchase purchased kauft kaufte gekauft",
    "loan": "borrow borrows borrowed borrowing",
    "gift": "get gets got receive receives received bekam bekommen erhielt erhalten",
}
_ANY = "gift"
"""Who sold, lent or sent something gave it, and whoever got it may have bought it."""
_SIDES = {
    verb: (side, deal)
    for side, deals in (("giver", _GIVING), ("taker", _TAKING))
    for deal, verbs in deals.items()
    for verb in verbs.split()
}
_VERB = rf"\b(?:{'|'.join(sorted(_SIDES, key=len, reverse=True))})\b"
_VERBS = re.compile(_VERB, re.IGNORECASE)
_NAME = r"(?:(?:Mrs?|Ms|Dr|Prof|Herr|Frau)\.? )?[A-ZÀ-Þ][\w’-]+(?: [A-ZÀ-Þ][\w’-]+)?"
_NO_NAME = frozenset("I We They He She It You The A An My Our His Her Their This That Who".split())
_WHO = re.compile(r"\W*(?:who(?:m|se)?|wer|wem|von wem|an wen|to whom|from whom)\b", re.IGNORECASE)
_TO = re.compile(r"\bto whom\b|\bwhom?\b.*\bto\W*$|\bwem\b|\ban wen\b", re.IGNORECASE)
_FROM = re.compile(r"\bfrom whom\b|\bwhom?\b.*\bfrom\W*$|\bvon wem\b", re.IGNORECASE)
_BETWEEN = r"(?: (?:has|had|have|hat|just|finally|also|then|already|recently|later|kindly))*"
_SUBJECT = re.compile(rf"({_NAME}){_BETWEEN} \Z")
_TAKER = re.compile(rf"\b(?:to|an) ({_NAME})")
_GIVER = re.compile(rf"\b(?:from|by|von) ({_NAME})")
_AUXILIARY = re.compile(rf"({_NAME}) (?:hat|haben)\b")
_PASSIVE = re.compile(rf"\b(?:was|were|is|been|being|got|wurde|worden) {_VERB}", re.IGNORECASE)
_BEFORE_CALL, _BEHIND_CALL = re.compile(r"(.*), \Z", re.DOTALL), re.compile(r"\s*(?:[.!?…]|\Z)")


def in_role(question: Question, sentence: str, text: str) -> str:
    """`text`, or who it was instead; empty where it is the other side of what is asked for."""
    asked = _asked(question)
    found = _people(sentence, asked[1]) if asked else None
    if asked is None or found is None:
        return text
    right, wrong = found[asked[0]], found["taker" if asked[0] == "giver" else "giver"]
    return right if wrong and wrong in text else text


def tells_role(question: Question, sentence: str) -> bool:
    """Does it name both sides, and so whom the question asks for, whichever its verb is of?"""
    asked = _asked(question)
    found = _people(sentence, asked[1]) if asked else None
    return bool(found and all(found.values()))


def is_called(sentence: str, start: int, end: int, speakers: Container[str]) -> bool:
    """Is it but the name of who is spoken to, as in "That's great, Anna!"? Behind another name it
    may be one of a list. `speakers`: first names of those who talk with each other."""
    if sentence[start:end].casefold() not in speakers:
        return False
    before = _BEFORE_CALL.match(sentence[:start])
    if not before:
        return False
    last = before[1].split()[-1:] or [""]
    is_listed = last[0][:1].isupper() and len(before[1].split()) > 1
    return not is_listed and _BEHIND_CALL.match(sentence[end:]) is not None


def _asked(question: Question) -> tuple[str, str] | None:
    """The side, and the kind of deal."""
    text = question.text.strip()
    verb = _VERBS.search(text)
    if question.kind != "who" or not _WHO.match(text) or not verb:
        return None
    side, deal = _SIDES[verb[0].casefold()]
    if _TO.search(text):
        side = "taker"
    elif _FROM.search(text):
        side = "giver"
    return side, deal


def _people(sentence: str, deal: str) -> dict[str, str] | None:
    """Who gave and who took, as far as it is told; None where no such deal is."""
    verb = next(
        (each for each in _VERBS.finditer(sentence)
         if deal in (_SIDES[each[0].casefold()][1], _ANY)), None,
    )  # fmt: skip
    if verb is None:
        return None
    side, _ = _SIDES[verb[0].casefold()]
    clause = re.split(r"[.;!?](?:\s|$)| (?:but|while|whereas|aber) ", sentence[verb.end() :])[0]
    other = "taker" if side == "giver" else "giver"
    people = {"giver": "", "taker": ""}
    before = sentence[: verb.start()]
    subject = _AUXILIARY.search(before) or _SUBJECT.search(before)
    if subject and not _PASSIVE.search(sentence):
        people[side] = _name(subject[1])
    for who, pattern in (("taker", _TAKER), ("giver", _GIVER)):
        where = sentence if subject and subject.re is _AUXILIARY else clause
        if named := pattern.search(where):
            people[who] = _name(named[1])
    if side == "giver" and not people[other]:
        told = re.match(rf" ({_NAME})(?!['’])(?= \w)", clause)
        people[other] = _name(told[1]) if told else ""
    return people


def _name(text: str) -> str:
    return "" if text.split()[0] in _NO_NAME else text
