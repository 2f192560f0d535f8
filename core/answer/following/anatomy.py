"""An English question → its asking words, its auxiliary, its verb and the phrases in it.

Called by `resolve` for a question and for the one before it. No parser: a verb is found by where it
stands, and whatever is in no list of small words is part of a phrase. Time is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from cairn.core.answer.following.words import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    JOINS,
    PERSONS,
    PREPOSITIONS,
    PRONOUNS,
    VERBS,
    base,
    is_verb,
)
from cairn.core.recall.question.named import names_in
from cairn.core.times.phrases import find
from cairn.core.times.when import When

_ASKING = (
    r"(?:(?:for|with|by|to|from|at|in|on|about|since|until|till) )?(?:how (?:much|many|old"
    r"|long(?: ago)?|far|big|often|tall|high|come|soon|late)|how|when|where|why|whom?|whose"
    r"|what (?:time|day|date|year|month)|what|which)"
)
LEAD = re.compile(rf"{_ASKING}\b", re.IGNORECASE)
_HELPERS = "|".join(sorted(AUXILIARIES, key=len, reverse=True))
_ASKED = re.compile(
    rf"(?P<lead>{_ASKING})(?P<else> else)?(?P<noun>(?: (?!(?:{_HELPERS})\b)[^\s,;]+){{0,4}}?)"
    rf" (?P<aux>{_HELPERS})\b ?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SUBJECT = re.compile(rf"(?P<lead>{_ASKING})(?P<else> else)? (?P<rest>.+)", re.I | re.DOTALL)
_YES_NO = re.compile(rf"(?P<aux>{_HELPERS}) (?P<rest>.+)", re.IGNORECASE | re.DOTALL)
_SHORTENED = re.compile(r"\b(what|who|where|when|how|why|that|there|it|he|she)['’]s\b", re.I)
_POLITE = re.compile(
    r"^(?:(?:please|hey|hi|ok|okay|well|so|cairn)[, ]+|(?:can|could|would) you (?:please )?"
    r"(?:tell|remind) me[, ]+|(?:tell|remind) me[, ]+(?!more|about)|do you (?:still )?know[, ]+"
    r"|i(?:'d| would) like to know[, ]+)+",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_](?:[\w.&-]*[^\W_])?(?:['’][a-z]{1,2})?|['’]s")
_COUNTED = ("how much", "how many", "how old", "how long", "how big", "how far", "how tall")
_ANY_DAY = date(2000, 1, 5)
"""Only where a time stands is of interest, not which one it is."""


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    text: str
    low: str
    is_verb: bool = False
    is_time: bool = False

    @property
    def is_small(self) -> bool:
        low = self.low
        return (
            low in DETERMINERS or low in PREPOSITIONS or low in PRONOUNS or low in AUXILIARIES
            or low in ADVERBS or low in JOINS
        )  # fmt: skip

    @property
    def is_content(self) -> bool:
        return not (self.is_verb or self.is_time or self.is_small)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun with what belongs to it: `the garden budget`, `Anna's flight`."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    """In small letters, without a determiner."""
    before: str = ""
    """The preposition in front of it."""
    after_verb: bool = False

    @property
    def head(self) -> str:
        inner = self.words.index("of") if "of" in self.words else len(self.words)
        return self.words[inner - 1] if inner else self.words[-1]

    @property
    def is_person(self) -> bool:
        return self.words[-1] in PERSONS or self.head in PERSONS


@dataclass(frozen=True, slots=True)
class Clause:
    """`which plumber | did | we hire for the boiler`."""

    text: str
    lead: str
    """In small letters; empty for yes or no, and for mere words."""
    noun: str
    aux: str
    rest: str
    rest_at: int
    tokens: tuple[Token, ...]
    """Of `rest`, counted in `text`."""
    phrases: tuple[Phrase, ...]
    names: tuple[str, ...]
    times: tuple[When, ...]
    """Where they stand; the days are those of no year in particular."""

    @property
    def is_counted(self) -> bool:
        return self.lead.startswith(_COUNTED)

    @property
    def is_question(self) -> bool:
        return bool(self.lead or self.aux)

    @property
    def verb(self) -> str:
        return next((token.low for token in self.tokens if token.is_verb), "")

    @property
    def subject(self) -> str:
        """What stands between the auxiliary and the verb, or the end."""
        if not self.aux:
            return ""
        for token in self.tokens:
            if token.is_verb or (token.low in ADVERBS and token.start > self.rest_at):
                return self.text[self.rest_at : token.start].strip()
        return self.rest.strip()

    @property
    def has_own_content(self) -> bool:
        """Does it name anything but people and days?"""
        named = {part for name in self.names for part in name.casefold().split()} | {*PERSONS}
        return bool(self.noun) or any(
            token.is_content and token.low.removesuffix("'s") not in named for token in self.tokens
        )


def plain(text: str) -> str:
    """Without politeness and end marks, with one space between words, and `what is` in full."""
    text = " ".join(text.replace("’", "'").split()).strip(' ?!.…,;:-–—"“”')
    text = _POLITE.sub("", text)
    return _SHORTENED.sub(lambda match: f"{match[1]} is", text)


def take_apart(text: str) -> Clause:
    """`text` as `plain` leaves it."""
    lead = noun = aux = ""
    rest, at = text, 0
    if found := _ASKED.match(text):
        lead, noun, aux = found["lead"], found["noun"].strip(), found["aux"]
        rest, at = found["rest"], found.start("rest")
    elif found := _SUBJECT.match(text):
        lead, rest, at = found["lead"], found["rest"], found.start("rest")
    elif found := _YES_NO.match(text):
        aux, rest, at = found["aux"], found["rest"], found.start("rest")
    times = tuple(when for when in find(text, _ANY_DAY) if not when.repeats)
    names = names_in(text, "en")
    tokens = _verbs(_tokens(rest, at, times), lead.casefold(), aux.casefold(), names)
    lead = lead.casefold()
    return Clause(
        text, lead, noun, aux.casefold(), rest, at, tokens, _phrases(text, tokens), names, times
    )


def _tokens(rest: str, at: int, times: tuple[When, ...]) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(rest):
        start, end = at + match.start(), at + match.end()
        is_time = any(when.start <= start < when.end for when in times)
        found.append(Token(start, end, match[0], match[0].casefold(), is_time=is_time))
    return found


def _verbs(tokens: list[Token], lead: str, aux: str, names: tuple[str, ...]) -> tuple[Token, ...]:
    at = _verb_at(tokens, lead, aux, names)
    marked = []
    for number, token in enumerate(tokens):
        is_next = number > at >= 0 and tokens[number - 1].low == "to" and token.low in VERBS
        marked.append(replace(token, is_verb=number == at or is_next))
    return tuple(marked)


def _verb_at(tokens: list[Token], lead: str, aux: str, names: tuple[str, ...]) -> int:
    """The number of the verb among the words behind the auxiliary; -1 for none."""
    words = [number for number, token in enumerate(tokens) if token.low not in ADVERBS]
    if not words or not (lead or aux):
        return -1
    if not aux:
        return _of_subject(tokens, words, lead)
    if aux.removesuffix("n't") in ("is", "are", "am", "was", "were"):
        return _of_state(tokens, words)
    first = words[0]
    if tokens[first].low in PRONOUNS:
        return next((n for n in words[1:] if not tokens[n].is_small or is_verb(tokens[n].low)), -1)
    run = _run(tokens, first)
    known = next((n for n in run[1:] if is_verb(tokens[n].low)), -1)
    if known >= 0:
        return known
    named = _named(tokens, run, names)
    if named and named < len(run):
        return run[named]
    if lead == "who" and tokens[first].low in DETERMINERS:
        return -1  # `who did the boiler service`
    return run[-1] if len(run) > 1 else -1


def _of_subject(tokens: list[Token], words: list[int], lead: str) -> int:
    """`who fixed the boiler`, `which bus goes to the airport`."""
    if lead in ("who", "what"):
        return words[0]
    run = _run(tokens, words[0])
    known = [n for n in run[1:] if is_verb(tokens[n].low)]
    return known[0] if known else (run[-1] if len(run) > 1 else -1)


def _of_state(tokens: list[Token], words: list[int]) -> int:
    """`was the boiler fixed`, `is Ben staying with`; not `is the wifi password`."""
    for number in words[1:]:
        low = tokens[number].low
        if tokens[number].is_time or tokens[number].is_small:
            continue
        former = tokens[number - 1].low
        is_form = low.endswith(("ed", "ing")) or (is_verb(low) and base(low) != low)
        if (is_form or low in ("kept", "put", "set")) and former not in (*DETERMINERS, "of"):
            return number
    return -1


def _run(tokens: list[Token], first: int) -> list[int]:
    """From there on, as long as nothing ends a phrase."""
    run: list[int] = []
    for number in range(first, len(tokens)):
        token = tokens[number]
        if run and (token.is_time or (token.is_small and token.low != "of")):
            if tokens[number - 1].low == "of" and token.low in DETERMINERS:
                continue
            if token.low in ADVERBS:
                continue
            break
        run.append(number)
    return run


def _named(tokens: list[Token], run: list[int], names: tuple[str, ...]) -> int:
    """How many words of a run are the name that it begins with."""
    for name in names:
        parts = name.casefold().split()
        if [tokens[n].low for n in run[: len(parts)]] == parts:
            return len(parts)
    return 0


def _phrases(text: str, tokens: tuple[Token, ...]) -> tuple[Phrase, ...]:
    found: list[Phrase] = []
    held: list[Token] = []
    opened: Token | None = None
    before, seen_verb = "", False

    def close() -> None:
        nonlocal opened, before
        while held and held[-1].low == "of":
            held.pop()
        if held:
            start = (opened or held[0]).start
            words = tuple(token.low for token in held if token.low not in DETERMINERS)
            part = text[start : held[-1].end]
            found.append(Phrase(start, held[-1].end, part, words, before, seen_verb))
        held.clear()
        opened, before = None, ""

    for token in tokens:
        is_joined = held and (
            token.low == "of" or (held[-1].low == "of" and token.low in DETERMINERS)
        )
        if token.is_content or is_joined:
            held.append(token)
        else:
            close()
            opened = token if token.low in DETERMINERS else None
            before = token.low if token.low in PREPOSITIONS else (_kept(tokens, token))
            seen_verb = seen_verb or token.is_verb
    close()
    return tuple(found)


def _kept(tokens: tuple[Token, ...], token: Token) -> str:
    """The preposition in front of a determiner."""
    at = tokens.index(token)
    if token.low in DETERMINERS and at and tokens[at - 1].low in PREPOSITIONS:
        return tokens[at - 1].low
    return ""
