"""Passages and units → how often the stems of a question stand in them.

A passage's stems are found once, when it is taken in, and kept as numbers beside it (`packed`); a
search counts its own among them, for hundreds of units at once. Called by index, search, scoring
and relevance. What turns have in common, such as their title, is kept once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from cairn.core.recall.units import units_of
from cairn.core.recall.words import listed
from cairn.core.records import Chunk

_NUMBER = np.dtype(np.uint64)
Counts = NDArray[np.int64]


def words_in(unit: Chunk) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stems before its text, and those of the text, as often as they stand there."""
    return _listed(_head(unit)), _listed(unit.text)


def stems_in(passage: Chunk) -> frozenset[str]:
    """All that stand in its `search_text`."""
    said = (_listed(unit.text) for unit in units_of(passage))
    return frozenset(_listed(_head(passage))).union(*said)


def packed(passage: Chunk) -> bytes:
    """The stems of a passage as numbers: how many heads and units, which head each unit has, how
    long each head and each text is, and then the stems of all of them. Its own head is the first.
    """
    units = units_of(passage)
    heads = {_head(passage): 0}
    head_of = [heads.setdefault(_head(unit), len(heads)) for unit in units]
    parts = [listed(text) for text in (*heads, *(unit.text for unit in units))]
    numbers = [len(heads), len(units), *head_of, *map(len, parts)]
    numbers += [_number(stem) for part in parts for stem in part]
    return np.array(numbers, _NUMBER).tobytes()


class Tally:
    """Counts of a question's stems, side by side with the units of these passages."""

    def __init__(
        self, stems: Iterable[str], passages: Sequence[Chunk], kept: Mapping[str, bytes]
    ) -> None:
        """`kept` has what was packed, by the passage's id; what is missing is packed now."""
        self._stems = tuple(dict.fromkeys(stems))
        self._units: dict[str, int] = {}
        self._passages = {passage.id: at for at, passage in enumerate(passages)}
        layout = _Layout()
        for passage in passages:
            units = units_of(passage)
            layout.add(passage, units, kept.get(passage.id, b""))
            for unit in units:
                self._units[unit.id] = len(self._units)
        times, lengths, owners = layout.count(self._stems)
        heads, texts = np.array(layout.heads, np.int64), np.array(layout.texts, np.int64)
        in_text = times[:, texts]
        self._times = in_text + times[:, heads]
        self._lengths = lengths[texts] + lengths[heads]
        holds = np.zeros((len(passages), len(self._stems)), dtype=np.bool_)
        rows, at = np.nonzero(times)
        at = owners[at]
        holds[at[at >= 0], rows[at >= 0]] = True
        self._said: list[list[int]] = in_text.T.tolist()
        self._held: list[list[bool]] = holds.tolist()

    @classmethod
    def of(cls, stems: Iterable[str], units: Sequence[Chunk]) -> Tally:
        return cls(stems, list({unit.id: unit for unit in units}.values()), {})

    def counts(self, units: Sequence[Chunk]) -> tuple[dict[str, Counts], Counts]:
        """Of each stem how often it stands in each unit, and how many stems each has in all."""
        at = [self._units[unit.id] for unit in units]
        rows = self._times[:, at]
        return dict(zip(self._stems, rows, strict=True)), self._lengths[at]

    def held(self, passage: Chunk) -> frozenset[str]:
        """Those of the question's stems that stand anywhere in a passage."""
        at = self._passages.get(passage.id)
        if at is None:
            return stems_in(passage)
        return frozenset(compress(self._stems, self._held[at]))

    def said(self, unit: Chunk) -> frozenset[str]:
        """Those that stand in the text of a unit itself."""
        return frozenset(compress(self._stems, self._said[self._units[unit.id]]))


class _Layout:
    """Heads and texts of passages one behind the other, as they are counted."""

    def __init__(self) -> None:
        self.heads: list[int] = []
        """Of each unit."""
        self.texts: list[int] = []
        self._owners: list[int] = []
        """The passage that a head or text is of; -1 for heads that only its turns have."""
        self._lengths: list[int] = []
        self._numbers: list[memoryview] = []
        self._passages = 0

    def add(self, passage: Chunk, units: Sequence[Chunk], kept: bytes) -> None:
        numbers = memoryview(kept or packed(passage)).cast("Q")
        if numbers[1] != len(units):
            numbers = memoryview(packed(passage)).cast("Q")
        heads = numbers[0]
        begin, end = 2 + len(units), 2 + 2 * len(units) + heads
        first = len(self._lengths)
        self.heads += [first + head for head in numbers[2:begin]]
        self.texts += range(first + heads, first + heads + len(units))
        self._owners += [self._passages, *[-1] * (heads - 1), *[self._passages] * len(units)]
        self._lengths += numbers[begin:end]
        self._numbers.append(numbers[end:])
        self._passages += 1

    def count(self, stems: Sequence[str]) -> tuple[Counts, Counts, Counts]:
        """Of each head and text: how often each stem stands there, its length, and its owner."""
        lengths = np.array(self._lengths, np.int64)
        numbers = np.frombuffer(b"".join(self._numbers), _NUMBER)
        places = np.repeat(np.arange(len(lengths)), lengths)
        times = np.zeros((len(stems), len(lengths)), np.int64)
        for row, stem in enumerate(stems):
            found = places[numbers == np.uint64(_number(stem))]
            times[row] = np.bincount(found, minlength=len(lengths))
        return times, lengths, np.array(self._owners, np.int64)


def _head(unit: Chunk) -> str:
    whole = unit.search_text
    return whole[: len(whole) - len(unit.text)]


@lru_cache(maxsize=4096)
def _listed(text: str) -> tuple[str, ...]:
    return tuple(listed(text))


@lru_cache(maxsize=50_000)
def _number(stem: str) -> int:
    """Other stems have other numbers, as good as always: there are 2 to the 64."""
    hashed = blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=_NUMBER.itemsize)
    return int.from_bytes(hashed.digest(), "little")
