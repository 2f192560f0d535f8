"""Passages → the units that are ranked: each turn of a conversation, or else the whole passage.

Called by the search, its signals and `pointers`. A turn is a chunk like any other, cut from its
passage: what it says is weighed for itself, and its passage is what a reader sees around it. A
question finds hundreds, of which few are shown: `Units` has what is weighed, and cuts on demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import overload

from cairn.core.records import Chunk, Evidence, Span

_MARK = "."
_LONGEST_NAME = 60
_LONGEST_HEAD = _LONGEST_NAME + len(": ")
_WHOLE = -1
"""The place of a unit that is no part of anything."""


class Units(Sequence[Chunk]):
    """Chunks side by side with what there is of each: the columns are to be read, not written."""

    __slots__ = ("_at", "_cut", "_turns", "ids", "numbers", "texts", "wholes", "whos")

    def __init__(self) -> None:
        self.wholes: list[Chunk] = []
        """The passage that each is cut from, or itself."""
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.whos: list[str] = []
        self.numbers: list[tuple[int, int]] = []
        """The first and the last line, page or turn."""
        self._turns: list[int] = []
        self._cut: list[Chunk | None] = []
        self._at: dict[str, int] = {}

    @classmethod
    def of(cls, chunks: Sequence[Chunk]) -> Units:
        """These very chunks, none of them taken apart."""
        if isinstance(chunks, Units):
            return chunks
        units = cls()
        for chunk in chunks:
            units._add_whole(chunk)
        return units

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, at: int) -> Chunk: ...
    @overload
    def __getitem__(self, at: slice) -> Units: ...
    def __getitem__(self, at: int | slice) -> Chunk | Units:
        if isinstance(at, slice):
            return self.taken(range(len(self))[at])
        found = self._cut[at]
        if found is None:
            found = self._cut[at] = self._turn(at)
        return found

    def __iter__(self) -> Iterator[Chunk]:
        return map(self.__getitem__, range(len(self)))

    def taken(self, order: Iterable[int]) -> Units:
        """Those at these places, in this order."""
        places = list(order)
        units = Units()
        for name in ("wholes", "ids", "texts", "whos", "numbers", "_turns", "_cut"):
            column = getattr(self, name)
            setattr(units, name, [column[at] for at in places])
        return units

    def of_documents(self, ids: AbstractSet[str]) -> Units:
        return self.taken(at for at, whole in enumerate(self.wholes) if whole.doc_id in ids)

    @property
    def places(self) -> dict[str, int]:
        """Of each id."""
        if not self._at:
            self._at = dict(zip(self.ids, range(len(self.ids)), strict=True))
        return self._at

    def add(self, passage: Chunk) -> None:
        """Its units, in their order, together all of the passage."""
        if passage.kind != "chat" or len(passage.places) < 2:
            self._add_whole(passage)
            return
        text, marked = passage.text, passage.id + _MARK
        starts = [start for start, _ in passage.places]
        turns = [text[start:end].rstrip() for start, end in pairwise((*starts, len(text)))]
        there = [place for place, turn in enumerate(turns) if turn]
        numbers = [passage.places[place][1] for place in there]
        self.wholes += [passage] * len(there)
        self.ids += [f"{marked}{number}" for number in numbers]
        self.texts += [turn for turn in turns if turn]
        self.whos += _speakers(self.texts[-len(there) :], passage.who) if there else ()
        self.numbers += zip(numbers, numbers, strict=True)
        self._turns += there
        self._cut += [None] * len(there)

    def _add_whole(self, chunk: Chunk) -> None:
        self.wholes.append(chunk)
        self.ids.append(chunk.id)
        self.texts.append(chunk.text)
        self.whos.append(chunk.who)
        self.numbers.append((chunk.span.first, chunk.span.last))
        self._turns.append(_WHOLE)
        self._cut.append(chunk)

    def _turn(self, at: int) -> Chunk:
        """Field by field: `replace` takes five times as long."""
        whole, text, number = self.wholes[at], self.texts[at], self.numbers[at][0]
        begin = whole.span.start + whole.places[self._turns[at]][0]
        return Chunk(
            self.ids[at], whole.doc_id, whole.uri, whole.ordinal, whole.kind,
            whole.title, whole.heading, whole.context, text,
            Span(begin, begin + len(text), whole.span.unit, number, number), ((0, number),),
            whole.when, self.whos[at], whole.origin, "", whole.name,
        )  # fmt: skip


@lru_cache(maxsize=256)
def units_of(passage: Chunk) -> tuple[Chunk, ...]:
    """In their order, together all of the passage."""
    return tuple(all_units([passage]))


def all_units(passages: Iterable[Chunk]) -> Units:
    units = Units()
    for passage in passages:
        units.add(passage)
    return units


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


def _speakers(turns: Sequence[str], speakers: str) -> list[str]:
    """A turn begins with its author's name, unless nobody is known."""
    known, is_any = speakers.split(", "), speakers.endswith(" more")
    return [
        name if colon and len(name) <= _LONGEST_NAME and (is_any or name in known) else speakers
        for name, colon, _ in (turn[:_LONGEST_HEAD].partition(": ") for turn in turns)
    ]
