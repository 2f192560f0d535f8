"""Words that the reader found → how likely they answer, by all that speaks for them.

Called for each span. The constants are in `fitted.py`, together with the reader whose scores they
weigh. Neither how often something was used nor how old it is has a say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cairn.core.answer import fitted
from cairn.core.answer.days import day_of
from cairn.core.recall.question.analyze import Question
from cairn.core.records import Chunk
from cairn.core.times.phrases import find

_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve dozen half several few once"
    " twice hundred thousand million couple"
).split()
_UNITS = "year month week day night hour minute second decade mile kilometre kilometer".split()
_NUMBER = re.compile(
    rf"\d|\b(?:{'|'.join(_NUMBERS)}|an? (?:{'|'.join(_UNITS)}|lot|bit|few|while))\b", re.IGNORECASE
)
_OFTEN = re.compile(
    r"\b(?:every|each|once|twice|times|daily|weekly|monthly|yearly|often|always|never|rarely|usually"
    rf"|{'s?|'.join(_UNITS)}s?)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\s*(?:every|each|once|twice)\b", re.IGNORECASE)
"""Tells how often, never how long."""
_LENGTH = re.compile(
    rf"\b(?:{'s?|'.join(_UNITS)}s?|since|until|till|while|long|forever|km)\b", re.IGNORECASE
)
_GERMAN = "eine[nrms]? zwei drei vier fünf sechs sieben acht neun zehn elf zwölf halbe[nrs]? einige"
_GERMAN_NUMBER = re.compile(
    rf"\d|\b(?:{'|'.join(_GERMAN.split())}|hundert|tausend)\b", re.IGNORECASE
)
_GERMAN_LENGTH = re.compile(
    r"\b(?:(?:Sekunde|Minute|Stunde|Tag|Nacht|Nächt|Woche|Monat|Jahr)\w{0,2}|Std|Min|seit|bis|lang"
    r"|immer)\b",
    re.IGNORECASE,
)
_GERMAN_OFTEN = re.compile(
    r"\b(?:jede[nrsm]?|alle|täglich|wöchentlich|monatlich|jährlich|immer|nie|selten|\w*mal|oft)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[€$£]|\b(?:euros?|dollars?|pounds?|eur|usd|chf)\b", re.IGNORECASE)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’-]+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_CALLS = frozenset("thanks thank hey hi hello wow yeah yep oh aww".split())
_MOSTLY = 0.7
"""Share of the words from which on they are a time and nothing else."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a span."""

    score: float
    """The reader's."""
    share: float
    """Of the best evidence's score, that of the evidence it stands in."""
    fits: float
    """1 if it is the kind of thing that is asked for, -1 if not, 0 where nobody can tell."""
    is_time: bool
    """Is it a time, although nobody asks for one?"""
    is_further: bool
    """Did the reader like another one in the same text better?"""


def worth(signs: Signs) -> float:
    """In logits."""
    return (
        fitted.BIAS
        + fitted.SCORE * bounded(signs.score)
        + fitted.SHARE * signs.share
        + fitted.FITS * signs.fits
        + fitted.TIME * signs.is_time
        + fitted.FURTHER * signs.is_further
    )


def speaks_for(spans: Sequence[Signs]) -> float:
    """In logits, beside relevance: what the reader makes of whether there is an answer at all."""
    best = max((span.score for span in spans), default=-fitted.MOST)
    return fitted.LEVEL + fitted.ANSWERS * bounded(best)


def bounded(score: float) -> float:
    return max(-fitted.MOST, min(fitted.MOST, score))


def fits(question: Question, text: str) -> float:
    if question.kind == "who" and _DIGIT.search(text):
        return -0.5
    if question.kind in ("who", "where"):
        return 0.5 if _NAME.search(text) else 0.0
    if question.kind != "amount":
        return 0.0
    asked = question.text.casefold()
    if question.language == "de":
        return 1.0 if _german(asked).search(text) else -1.0
    if "often" in asked:
        is_such = _OFTEN.search(text) is not None
    else:
        is_such = _NUMBER.search(text) is not None
        if "how long" in asked:
            is_such = (
                not _MONEY.search(text)
                and not _EACH.match(text)
                and _LENGTH.search(text) is not None
                and (is_such or "since" in text.casefold())
            )
    return 1.0 if is_such or (question.language != "en" and bool(question.language)) else -1.0


def _german(asked: str) -> re.Pattern[str]:
    return _GERMAN_LENGTH if "wie lange" in asked else _GERMAN_OFTEN if "oft" in asked else (
        _GERMAN_NUMBER
    )  # fmt: skip


def is_time(question: Question, text: str, chunk: Chunk) -> bool:
    if question.kind in ("when", "amount"):
        return False
    return any(when.end - when.start >= _MOSTLY * len(text) for when in find(text, day_of(chunk)))


def is_address(question: Question, text: str, who: str) -> bool:
    """Does it only call somebody by name: "Thanks, Anna"? A name alone may be whom is asked for."""
    words = _WORD.findall(text)
    calls = [word for word in words if word.casefold() in _CALLS]
    if calls:
        return all(word in calls or word[0].isupper() or word == "you" for word in words)
    names = question.names if question.kind == "who" else (*question.names, who)
    known = {word.casefold() for name in names for word in _WORD.findall(name)}
    return bool(words) and all(word.casefold() in known for word in words)
