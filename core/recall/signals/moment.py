"""When it was said, or what day it speaks of: units of the days that a question asks about.

Put into `Beside` by asking. People write of a day on it, or soon after: what is dated later falls
off slowly, what is dated earlier quickly. "Yesterday" in a turn is counted from the turn's day.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Column
from cairn.core.recall.units import Units
from cairn.core.records import Chunk

Range = tuple[date, date]
_AFTER, _BEFORE = 7.0, 3.0
"""Days in which it falls off to about a third."""
_MOST_SAID = 6
_WIDEST = 7
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_COUNT = (
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}|(?:a )?few|(?:a )?couple of"
    r"|several)"
)
_SAID = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|{_MONTH} \d{{4}}|\d{{4}}-\d\d-\d\d"
    rf"|(?:in|since|until|by|last|this|next|during|early|late|mid) {_MONTH}(?:,? \d{{4}})?"
    r"|(?:in|since) (?:19|20)\d\d|yesterday|tomorrow|last night|the other day"
    r"|(?:last|next|this|past) (?:week|weekend|month|year|summer|winter|spring|fall|autumn"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    rf"|{_COUNT} (?:days?|weeks?|weekends?|months?|years?) ago)\b"
)
_CUES = tuple(
    "yesterday|tomorrow|last |next |this |past | ago|other day|19|20|jan|feb|mar|apr|may|jun|jul"
    "|aug|sep|oct|nov|dec".split("|")
)
"""Without one of these no phrase stands there: far quicker to tell."""


def moment(question: Question, units: Sequence[Chunk]) -> Column | None:
    ranges = question.ranges
    if not ranges:
        return None
    told = Units.of(units)
    pairs = zip(told.wholes, told.texts, strict=True)
    column = np.array([_speaks_for(whole.when, text, ranges) for whole, text in pairs])
    return column if column.any() else None


def _speaks_for(when: str, text: str, ranges: Sequence[Range]) -> float:
    day = _day(when[:10])
    if day is None:
        return 0.0
    best = max(_near(day, asked) for asked in ranges)
    if best < 1.0:
        told = [days for phrase in _said(text) for days in _days(phrase, day)]
        best = max(best, *(float(_meets(each, asked)) for each in told for asked in ranges), 0.0)
    return best


def _near(day: date, asked: Range) -> float:
    first, last = asked
    if day < first:
        return math.exp(-(first - day).days / _BEFORE)
    return math.exp(-(day - last).days / _AFTER) if day > last else 1.0


def _meets(told: Range, asked: Range) -> bool:
    """One that is much wider than what is asked says little of it."""
    is_narrow = (told[1] - told[0]).days <= max(_WIDEST, 2 * (asked[1] - asked[0]).days)
    return is_narrow and told[0] <= asked[1] and told[1] >= asked[0]


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def _said(text: str) -> tuple[str, ...]:
    """The phrases in a text that name days."""
    folded = text.lower()
    if not any(cue in folded for cue in _CUES):
        return ()
    found = dict.fromkeys(match[0] for match in _SAID.finditer(folded))
    return tuple(found)[:_MOST_SAID]


@lru_cache(maxsize=8192)
def _days(phrase: str, day: date) -> tuple[Range, ...]:
    from cairn.core.times.phrases import find

    return tuple((when.first, when.last) for when in find(phrase, day) if not when.repeats)
