"""Passages → the units that are ranked: each turn of a conversation, or else the whole passage.

Called by the search and by `pointers`. A turn is a chunk like any other, cut from its passage: what
it says is weighed for itself, and its passage is what a reader sees around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from cairn.core.records import Chunk, Evidence, Span

_MARK = "."
_LONGEST_NAME = 60


@lru_cache(maxsize=1024)
def units_of(passage: Chunk) -> tuple[Chunk, ...]:
    """In their order, together all of the passage."""
    if passage.kind != "chat" or len(passage.places) < 2:
        return (passage,)
    ends = (*(offset for offset, _ in passage.places), len(passage.text))
    return tuple(
        _cut(passage, start, end, number)
        for (start, end), (_, number) in zip(pairwise(ends), passage.places, strict=True)
        if passage.text[start:end].strip()
    )


def all_units(passages: Iterable[Chunk]) -> list[Chunk]:
    return [unit for passage in passages for unit in units_of(passage)]


def only_turn(evidence: Evidence) -> Evidence:
    """Of a conversation the turn that is meant, without those beside it."""
    at = evidence.at.first
    turns = [unit for unit in units_of(evidence.chunk) if unit.span.first <= at <= unit.span.last]
    return replace(evidence, chunk=turns[0]) if turns else evidence


def passage_id(unit: str) -> str:
    """Of the passage that a unit is cut from."""
    return unit.partition(_MARK)[0]


def is_cut(unit: str) -> bool:
    """Is it only a part of its passage?"""
    return _MARK in unit


def turn_id(passage: str, number: int) -> str:
    return f"{passage}{_MARK}{number}"


def _cut(whole: Chunk, start: int, end: int, number: int) -> Chunk:
    """Field by field: `replace` takes five times as long, and there are hundreds."""
    text = whole.text[start:end].rstrip()
    begin = whole.span.start + start
    return Chunk(
        f"{whole.id}{_MARK}{number}", whole.doc_id, whole.uri, whole.ordinal, whole.kind,
        whole.title, whole.heading, whole.context, text,
        Span(begin, begin + len(text), whole.span.unit, number, number), ((0, number),),
        whole.when, _speaker(text, whole.who), whole.origin, "", whole.name,
    )  # fmt: skip


def _speaker(turn: str, speakers: str) -> str:
    """A turn begins with its author's name, unless nobody is known."""
    name, colon, _ = turn.partition(": ")
    known = speakers.endswith(" more") or name in speakers.split(", ")
    return name if colon and known and len(name) <= _LONGEST_NAME else speakers
