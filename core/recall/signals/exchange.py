"""Turns of people's conversations → which ask, and which reply to a question that was found.

Two of recall's signals. A question holds the words that are looked for, and the answer stands in
the turns behind it, often without any of them. What a user asks an assistant is no such question:
it tells of the user, and the reply doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Column
from cairn.core.records import Chunk
from cairn.core.uris import container

_SENTENCE = re.compile(r"[^.!?…。！？\n]*[.!?…。！？\n]+|[^.!?…。！？\n]+")
_ABOUT_ASKING = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|questions?|wonder(?:s|ed)?|frag(?:e|en|t|te|ten|st)|gefragt"
    r"|demand(?:e|é|er|ait)|pregunt(?:a|ó|as|ar|aba)|preguntas?)\b"
)
_LONGEST_NAME = 60
_LONGEST_REPLY = 4
"""In turns."""
_SHARPNESS = 3
"""Only a question that is much like the one asked has its answer behind it."""


def asks(question: Question, units: Sequence[Chunk]) -> Column | None:
    """How much of a turn is questions."""
    if _is_of_words_only(question) or _ABOUT_ASKING.search(question.text.lower()):
        return None
    said = [_share_of_questions(unit.text) if _is_among_people(unit) else 0.0 for unit in units]
    return np.array(said) if any(said) else None


def replies(question: Question, units: Sequence[Chunk], spoken: Column) -> Column | None:
    """What speaks for what another has just asked; `spoken` is what speaks for each unit."""
    if _is_of_words_only(question):
        return None
    said: dict[tuple[str, int], _Turn] = {}
    places = [container(unit.uri) if _is_among_people(unit) else "" for unit in units]
    for unit, uri, value in zip(units, places, spoken.tolist(), strict=True):
        if uri:
            place = uri, unit.span.last
            known = said.get(place, _Turn(unit.who, 0.0))
            if _has_mark(unit.text):
                known = _Turn(unit.who, max(value, known.asked))
            said[place] = known
    found = [
        _asked_before(unit, uri, said) if uri else 0.0
        for unit, uri in zip(units, places, strict=True)
    ]
    return np.array(found) ** _SHARPNESS if any(found) else None


class _Turn(NamedTuple):
    who: str
    asked: float
    """What speaks for it if it holds a question, else nothing."""


def _asked_before(unit: Chunk, uri: str, said: Mapping[tuple[str, int], _Turn]) -> float:
    """A person may go on for a few turns."""
    first = unit.span.first
    for number in range(first - 1, first - 1 - _LONGEST_REPLY, -1):
        turn = said.get((uri, number))
        if turn is None or turn.who != unit.who:
            return turn.asked if turn else 0.0
    return 0.0


def _is_of_words_only(question: Question) -> bool:
    """Who types words and asks nothing wants where they stand, be it in a question."""
    return question.kind == "other" and not _has_mark(question.text)


def _has_mark(text: str) -> bool:
    """Spelled out: a loop over the marks takes five times as long, and there are hundreds."""
    return "?" in text or "？" in text or "؟" in text


def _is_among_people(unit: Chunk) -> bool:
    """A passage of one speaker only is of that speaker's origin, one of several of none."""
    return unit.kind == "chat" and unit.origin == "other" and unit.who != "me"


@lru_cache(maxsize=8192)
def _share_of_questions(turn: str) -> float:
    if not _has_mark(turn):
        return 0.0
    name, colon, text = turn.partition(": ")
    said = text if colon and len(name) <= _LONGEST_NAME else turn
    sentences = [sentence for sentence in _SENTENCE.findall(said) if sentence.strip()]
    questions = sum(len(each) for each in sentences if _has_mark(each))
    return questions / (sum(map(len, sentences)) or 1)
