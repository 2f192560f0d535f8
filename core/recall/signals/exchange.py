"""Turns of people's conversations → which ask, and which reply to a question that was found.

Two of recall's signals. A question holds the words that are looked for, and the answer stands in
the turns behind it, often without any of them. What a user asks an assistant is no such question:
it tells of the user, and the reply doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Column
from cairn.core.recall.units import Units
from cairn.core.records import Chunk
from cairn.core.uris import container

_SENTENCE = re.compile(r"[^.!?…。！？\n]*[.!?…。！？\n]+|[^.!?…。！？\n]+")
_ABOUT_ASKING = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|questions?|wonder(?:s|ed)?|frag(?:e|en|t|te|ten|st)|gefragt"
    r"|demand(?:e|é|er|ait)|pregunt(?:a|ó|as|ar|aba)|preguntas?)\b"
)
_Turn = tuple[str, float]
"""Who speaks, and what speaks for it if it holds a question, else nothing."""
_LONGEST_NAME = 60
_LONGEST_REPLY = 4
"""In turns."""
_SHARPNESS = 3
"""Only a question that is much like the one asked has its answer behind it."""


def asks(question: Question, units: Sequence[Chunk]) -> Column | None:
    """How much of a turn is questions."""
    if _is_of_words_only(question) or _ABOUT_ASKING.search(question.text.lower()):
        return None
    told = Units.of(units)
    said = [
        _share_of_questions(text) if _has_mark(text) and is_said else 0.0
        for text, is_said in zip(told.texts, _among_people(told), strict=True)
    ]
    return np.array(said) if any(said) else None


def replies(question: Question, units: Sequence[Chunk], spoken: Column) -> Column | None:
    """What speaks for what another has just asked; `spoken` is what speaks for each unit."""
    if _is_of_words_only(question):
        return None
    told = Units.of(units)
    marks = [_has_mark(text) for text in told.texts]
    if not any(marks):
        return None
    said: dict[tuple[str, int], _Turn] = {}
    are_said = _among_people(told)
    places = [
        container(whole.uri) if is_said else ""
        for whole, is_said in zip(told.wholes, are_said, strict=True)
    ]
    columns = zip(places, told.numbers, told.whos, marks, spoken.tolist(), strict=True)
    for uri, (_, last), who, has_mark, value in columns:
        if uri:
            known = said.get((uri, last), (who, 0.0))
            said[uri, last] = (who, max(value, known[1])) if has_mark else known
    found = [
        _asked_before(uri, first, who, said) if uri else 0.0
        for uri, (first, _), who in zip(places, told.numbers, told.whos, strict=True)
    ]
    return np.array(found) ** _SHARPNESS if any(found) else None


def _asked_before(uri: str, first: int, who: str, said: Mapping[tuple[str, int], _Turn]) -> float:
    """A person may go on for a few turns."""
    for number in range(first - 1, first - 1 - _LONGEST_REPLY, -1):
        turn = said.get((uri, number))
        if turn is None or turn[0] != who:
            return turn[1] if turn else 0.0
    return 0.0


def _is_of_words_only(question: Question) -> bool:
    """Who types words and asks nothing wants where they stand, be it in a question."""
    return question.kind == "other" and not _has_mark(question.text)


def _has_mark(text: str) -> bool:
    """Spelled out: a loop over the marks takes five times as long, and there are hundreds."""
    return "?" in text or "？" in text or "؟" in text


def _among_people(units: Units) -> list[bool]:
    """A passage of one speaker only is of that speaker's origin, one of several of none."""
    return [
        whole.kind == "chat" and whole.origin == "other" and who != "me"
        for whole, who in zip(units.wholes, units.whos, strict=True)
    ]


@lru_cache(maxsize=8192)
def _share_of_questions(turn: str) -> float:
    name, colon, text = turn.partition(": ")
    said = text if colon and len(name) <= _LONGEST_NAME else turn
    sentences = [sentence for sentence in _SENTENCE.findall(said) if sentence.strip()]
    questions = sum(len(each) for each in sentences if _has_mark(each))
    return questions / (sum(map(len, sentences)) or 1)
