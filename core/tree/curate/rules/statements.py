"""A turn → the statements in it that may be worth keeping, in the third person with their days.

Called by `facts`. What hangs on a statement without being one (a doubt, a question, laughter, the
listener's name) is left out; a quote is always the verbatim rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cairn.core.records import Source, content_hash
from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules import salience
from cairn.core.tree.curate.rules.about import known
from cairn.core.tree.curate.rules.clauses import Clause, clauses, without_call
from cairn.core.tree.curate.rules.dating import Dated, dated
from cairn.core.tree.curate.rules.topics import content_words
from cairn.core.tree.curate.rules.voice import ME, third_person
from cairn.core.tree.curate.support import unsupported

BESIDE = 1.2
"""How much less than `salience.ENOUGH` what only goes on needs to weigh."""
_LIGHT = 2.2
"""What weighs less than `ENOUGH` by more than this is dropped at once."""
_BINDING = 3
"""Content words before a pronoun among which is what it stands for."""
_ASKED_FOR = 2.5
"""What a standing wish to a program weighs more: "Always answer in German when I ask …"."""
_ADDRESSED = 0.8
"""How much less a sentence weighs that calls the listener by name: it is about them."""
_MOST = 400
"""Sentences of a turn that are looked at: more are a book that somebody pasted."""
_LEAST = 25
"""Characters that a statement must have before what hangs on it can be left out."""

STANDING = re.compile(r"(?:please )?(?:always|never|from now on)\b", re.IGNORECASE)
_TRAILING = re.compile(
    r"(?:[\s,]+(?:tho|though|you know|ya know|xd))+(?=[\s.!?…]*$)", re.IGNORECASE
)
_ENDS = re.compile(r"[\s.!…,;:–—*_~-]+$")
_SIGNS = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+")
_LAUGHS = re.compile(r"\s*\b(?:lo+l+|lmf?ao+|(?:ha){2,}h?|(?:he){2,})\b(?!\s*['’])", re.IGNORECASE)
_SINCE_LAST = re.compile(
    r"(?:(?:ever )?since|after) (?:we|our)(?:['’]ve)?(?: last)? [\w ]{1,24},\s*(?=[^\W\d_])",
    re.IGNORECASE,
)
_WANTS = r"(?:love|like) (?:some|your|to know)"
_ASIDE = re.compile(
    r",?\s(?:and |but |so |which makes me )?(?:now |then )?"
    r"(?:I['’]?m|I am|I was|I['’]d|I would|I)?\s?(?:just |kinda |also |still |really |a bit ){0,2}"
    r"(?:wondering|wonder if|wonder how|not sure|unsure|curious if|curious how|curious about|"
    rf"(?<=I['’]d ){_WANTS}|(?<=I would ){_WANTS})\b"
    r"|\ssince (?:we|our) (?:last )?(?:talked|spoke|chatted|chat|talk|met)(?=\s*(?:$|[.!,–-]))"
    r"|,\s(?:so |and |but )?(?:what|how (?:can|do|should|would)|should I|(?:can|could|do) you)\b",
    re.IGNORECASE,
)
_UNBOUND = re.compile(
    r"\b(?:he|she|him|her|his|hers|they|them|their|it|its|ones?)\b"
    r"|\b(?:that|this|those|these)(?=\s*(?:$|[.,!?–-]|is\b|was\b|and\b|has\b|to\b|for\b|with\b))",
    re.IGNORECASE,
)
_BINDS = re.compile(
    r"\b(?:[Mm]y|[Oo]ur|[Tt]he|[Aa]n?)\s+[^\W\d_]{3,}|(?<=[\w,] )[A-Z][a-z]{2,}"
    r"|\bwhen\b|\bthat['’]s why\b"
)
_TO_LISTENER = re.compile(r"\b(?:you|your|yours|yourself|u|ur|you['’]\w+)\b", re.IGNORECASE)
_SAFE_YOU = re.compile(
    r"\b(?:with|told|tell|visit|visited|met|meet|miss|from|for|to|showed?|joined?|invited?) you\b"
    r"(?=\s*(?:$|[.,!])|\s+(?:about|that|last|next|in|at|and|I)\b)",
    re.IGNORECASE,
)
"""The listener as one whom the speaker met or told: elsewhere "you" may be anybody."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence in the third person."""

    clause: Clause
    at: int
    """Which of the utterances."""
    body: str
    weight: float
    dated: Dated
    is_own: bool
    """The speaker is in it."""
    leans: bool
    """It goes on from the sentence before."""


def statements(utterance: Utterance, at: int, with_assistant: bool) -> list[Statement]:
    """Those of one turn in order; to a program only what tells of the user."""
    listener = utterance.to[0] if len(utterance.to) == 1 else ""
    found = []
    for clause, weight in _weighed(utterance, with_assistant):
        spoken = without_call(clause.text, utterance.to)
        when = dated(spoken, utterance.when)
        body = third_person(plain(when.text), shown(utterance.who), listener)
        if body and not unsupported(body, [source(clause)], listener=listener):
            weight -= _ADDRESSED * (spoken != clause.text)
            is_own = _is_about(body, utterance.who)
            leans = _leans(clause)
            found.append(Statement(clause, at, _sentence(body), weight, when, is_own, leans))
    return found


def _weighed(utterance: Utterance, with_assistant: bool) -> Iterator[tuple[Clause, float]]:
    for whole in clauses(utterance)[:_MOST]:
        clause = _without_aside(whole)
        weight = salience.weigh(clause)
        is_wish = with_assistant and STANDING.match(clause.text) is not None
        if with_assistant and not is_wish and not salience.is_personal(clause):
            continue
        weight += _ASKED_FOR if is_wish else 0
        if known(clause.text, utterance.who):  # however short: "I live in Potsdam."
            weight = max(weight, salience.ENOUGH)
        heavy = weight >= salience.ENOUGH - _LIGHT
        if heavy and not _TO_LISTENER.search(_SAFE_YOU.sub(" ", clause.text)):
            yield clause, weight


def source(clause: Clause) -> Source:
    said = clause.utterance
    return Source(said.uri, clause.text, said.who, said.when, content_hash(clause.text))


def _without_aside(clause: Clause) -> Clause:
    """Without the question or the doubt that hangs on a statement: ", and I'm wondering if …"."""
    opening = _SINCE_LAST.match(clause.text)
    start = opening.end() if opening else 0
    aside = _ASIDE.search(clause.text, start + _LEAST)
    end = aside.start() if aside else len(clause.text)
    text = clause.text[start:end]
    begin = clause.start + start
    return replace(clause, text=text, start=begin, end=begin + len(text))


def shown(who: str) -> str:
    """A name that is written in lower case as a name."""
    return who.title() if who.islower() and who not in ME else who


def plain(text: str) -> str:
    text = " ".join(_LAUGHS.sub("", _SIGNS.sub("", text)).split())
    return without_end(_TRAILING.sub("", text))


def without_end(text: str) -> str:
    return _ENDS.sub("", text)


def _sentence(body: str) -> str:
    return body if body.endswith((".", "!", "?", '."', '!"')) else body + "."


def _is_about(body: str, who: str) -> bool:
    named = "you" if who in ME else who.casefold()
    return re.search(rf"\b{re.escape(named)}", body.casefold()) is not None


def _leans(clause: Clause) -> bool:
    """Whether it has a pronoun for what an earlier sentence named."""
    if salience.has(clause, "deictic"):
        return True
    pronoun = _UNBOUND.search(clause.text)
    if pronoun is None or _BINDS.search(clause.text, 0, pronoun.start()):
        return False
    return len(content_words(clause.text[: pronoun.start()])) < _BINDING
