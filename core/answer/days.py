"""Evidence for a question that asks when → the sentence that tells it, and the day in words.

Called by `compose`. "Last Tuesday" is counted from the day it was said; where a sentence names no
day itself, the day it was said on is meant. Nothing is guessed for a text without a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cairn.core.recall.certain.relevance import coverage
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.units import only_turn
from cairn.core.recall.words import stems
from cairn.core.records import Chunk, Evidence
from cairn.core.sentences import Quote, quotes
from cairn.core.times.phrases import find, spell
from cairn.core.times.when import When

_NAMES_ONE, _COVERS = 0.4, 0.25
"""What it speaks for a sentence that it names a day, and that it holds the question's words, beside
the score of its passage, which is 1 for the best."""
_WEEK_BEFORE = re.compile(r"(?:in |during )?(?:the )?(?:last|past|previous) week\Z")


@dataclass(frozen=True, slots=True)
class Told:
    """A time in words, with the sentence that it is taken from."""

    text: str
    quote: Quote


def when_told(question: Question, evidence: Sequence[Evidence]) -> Told | None:
    """The one that most speaks for; of equals the first."""
    best, chosen = 0.0, None
    top = max((item.score for item in evidence), default=0.0)
    weights = dict.fromkeys(question.stems, 1.0)
    for item in map(only_turn, evidence):
        for quote, named in _dated(item.chunk, question):
            spoken = item.score / top if top > 0 else 1.0
            spoken += _COVERS * coverage(stems(quote.text), weights) + _NAMES_ONE * bool(named)
            if spoken > best + 1e-9:
                best, chosen = spoken, Told(named or spelled_day(item.chunk), quote)
    return chosen


def _dated(chunk: Chunk, question: Question) -> Iterator[tuple[Quote, str]]:
    """Its sentences with the time that each names, or none if the text has a day of its own."""
    said = day_of(chunk)
    times = [when for when in find(chunk.text, said) if not when.repeats]
    asked = {(when.first, when.last) for when in question.times}
    for quote in quotes(chunk):
        own = [when for when in times if quote.start <= when.start < quote.end]
        # A time that the question gives itself is no answer, unless there is no other.
        own.sort(key=lambda when: ((when.first, when.last) in asked, bool(when.bound)))
        if not quote.is_heading and (own or said):
            yield quote, words_for(own[0], said) if own else ""


def words_for(when: When, said: date | None) -> str:
    """As people say it: a week that was "last week" is the week before that day."""
    if said and _WEEK_BEFORE.fullmatch(" ".join(when.text.casefold().split())):
        return f"the week before {_spelled(said)}"
    return spell(when)


def day_of(chunk: Chunk) -> date | None:
    try:
        return date.fromisoformat(chunk.when[:10])
    except ValueError:
        return None


def spelled_day(chunk: Chunk) -> str:
    said = day_of(chunk)
    return _spelled(said) if said else ""


def _spelled(day: date) -> str:
    return spell(When(0, 0, "", day, day, "day"))
