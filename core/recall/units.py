"""Passages → the units that are ranked: each turn of a conversation, or else the whole passage.

Called by the search and by `pointers`. A turn is a chunk like any other, cut from its passage: what
it says is weighed for itself, and its passage is what a reader sees around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from cairn.core.records import Chunk, content_hash

_MARK = "."
_LONGEST_NAME = 60


def units_of(passage: Chunk) -> list[Chunk]:
    """In their order, together all of the passage."""
    if passage.kind != "chat" or len(passage.places) < 2:
        return [passage]
    ends = (*(offset for offset, _ in passage.places), len(passage.text))
    return [
        _cut(passage, start, end, number)
        for (start, end), (_, number) in zip(pairwise(ends), passage.places, strict=True)
        if passage.text[start:end].strip()
    ]


def all_units(passages: Iterable[Chunk]) -> list[Chunk]:
    return [unit for passage in passages for unit in units_of(passage)]


def passage_id(unit: str) -> str:
    """Of the passage that a unit is cut from."""
    return unit.partition(_MARK)[0]


def _cut(passage: Chunk, start: int, end: int, number: int) -> Chunk:
    text = passage.text[start:end].rstrip()
    begin = passage.span.start + start
    span = replace(
        passage.span, start=begin, end=begin + len(text), first=number, last=number
    )  # fmt: skip
    return replace(
        passage, id=f"{passage.id}{_MARK}{number}", text=text, span=span, places=((0, number),),
        who=_speaker(text, passage.who), hash=content_hash(text),
    )  # fmt: skip


def _speaker(turn: str, speakers: str) -> str:
    """A turn begins with its author's name, unless nobody is known."""
    name, colon, _ = turn.partition(": ")
    known = speakers.endswith(" more") or name in speakers.split(", ")
    return name if colon and known and len(name) <= _LONGEST_NAME else speakers
