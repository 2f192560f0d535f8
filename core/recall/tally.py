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

from cairn.core.recall.units import Units, units_of
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
    """Counts of a question's stems, side by side with units of passages."""

    def __init__(self, stems: Iterable[str], units: Units, kept: Mapping[str, bytes]) -> None:
        """`kept` has what was packed, by the passage's id; what is missing is packed now."""
        self._stems = tuple(dict.fromkeys(stems))
        self._units = units
        passages, sizes = _passages(units)
        self._passages = {passage.id: at for at, passage in enumerate(passages)}
        pairs = zip(passages, sizes, strict=True)
        rows = _Rows([_packed(each, size, kept.get(each.id, b"")) for each, size in pairs])
        times = rows.count(self._stems)
        self._in_text = times[:, rows.texts]
        self._times = self._in_text + times[:, rows.heads]
        self._lengths = rows.lengths[rows.texts] + rows.lengths[rows.heads]
        self._holds = np.zeros((len(passages), len(self._stems)), dtype=np.bool_)
        stem, at = np.nonzero(times)
        owner = rows.owners[at]
        self._holds[owner[owner >= 0], stem[owner >= 0]] = True

    @classmethod
    def of(cls, stems: Iterable[str], units: Sequence[Chunk]) -> Tally:
        return cls(stems, Units.of(list({unit.id: unit for unit in units}.values())), {})

    def counts(self, units: Sequence[Chunk]) -> tuple[dict[str, Counts], Counts]:
        """Of each stem how often it stands in each unit, and how many stems each has in all."""
        at = self._places(units)
        return dict(zip(self._stems, self._times[:, at], strict=True)), self._lengths[at]

    def covered(self, units: Sequence[Chunk], weights: Mapping[str, float]) -> NDArray[np.float64]:
        """The share of the weight that the text of each accounts for."""
        there = self._in_text[:, self._places(units)] > 0
        found = np.zeros(len(units))
        for stem, weight in weights.items():
            found += weight * there[self._stems.index(stem)]
        return found / (sum(weights.values()) or 1.0)

    def held(self, passage: Chunk) -> frozenset[str]:
        """Those of the question's stems that stand anywhere in a passage."""
        at = self._passages.get(passage.id)
        if at is None:
            return stems_in(passage)
        return frozenset(compress(self._stems, self._holds[at].tolist()))

    def holders(self, passages: Sequence[Chunk]) -> dict[str, int]:
        """In how many of these each stem stands."""
        known = [self._passages[each.id] for each in passages if each.id in self._passages]
        counts = dict(zip(self._stems, self._holds[known].sum(0).tolist(), strict=True))
        for there in (stems_in(each) for each in passages if each.id not in self._passages):
            counts = {stem: count + (stem in there) for stem, count in counts.items()}
        return counts

    def said(self, unit: Chunk) -> frozenset[str]:
        """Those that stand in the text of a unit itself."""
        [at] = self._places([unit])
        return frozenset(compress(self._stems, self._in_text[:, at].tolist()))

    def _places(self, units: Sequence[Chunk]) -> list[int]:
        if units is self._units:
            return list(range(len(units)))
        return [self._units.places[id] for id in Units.of(units).ids]


class _Rows:
    """Heads and texts of passages one behind the other, as they were packed."""

    def __init__(self, kept: Sequence[bytes]) -> None:
        numbers = np.frombuffer(b"".join(kept), _NUMBER)
        sizes = np.array([len(each) // _NUMBER.itemsize for each in kept], np.int64)
        begin = _before(sizes)
        heads, units = numbers[begin].astype(np.int64), numbers[begin + 1].astype(np.int64)
        rows = heads + units
        first = _before(rows)
        named = numbers[_runs(begin + 2, units)].astype(np.int64)
        self.heads = named + np.repeat(first, units)
        """Of each unit."""
        self.texts = _runs(first + heads, units)
        begin = begin + 2 + units
        self.lengths = numbers[_runs(begin, rows)].astype(np.int64)
        self.owners = np.repeat(np.arange(len(kept)), rows)
        """The passage that a head or text is of; -1 for heads that only its turns have."""
        self.owners[_runs(first + 1, heads - 1)] = -1
        self._numbers = numbers[_runs(begin + rows, sizes - 2 - units - rows)]

    def count(self, stems: Sequence[str]) -> Counts:
        """How often each stem stands in each head and text."""
        ends = np.cumsum(self.lengths)
        times = np.zeros((len(stems), len(ends)), np.int64)
        for row, stem in enumerate(stems):
            found = np.flatnonzero(self._numbers == np.uint64(_number(stem)))
            rows = np.searchsorted(ends, found, side="right")
            times[row] = np.bincount(rows, minlength=len(ends))
        return times


def _passages(units: Units) -> tuple[list[Chunk], list[int]]:
    """Those that units which stand in their order are of, and how many each has."""
    passages, sizes = list[Chunk](), list[int]()
    for whole in units.wholes:
        if passages and passages[-1] is whole:
            sizes[-1] += 1
        else:
            passages.append(whole)
            sizes.append(1)
    return passages, sizes


def _packed(passage: Chunk, units: int, kept: bytes) -> bytes:
    """What is kept, unless it is of one that was cut otherwise."""
    is_same = kept and memoryview(kept).cast("Q")[1] == units
    return kept if is_same else packed(passage)


def _before(counts: Counts) -> Counts:
    """What has been counted before each."""
    return np.cumsum(counts) - counts


def _runs(begin: Counts, counts: Counts) -> Counts:
    """So many numbers from each beginning on."""
    return np.repeat(begin - _before(counts), counts) + np.arange(counts.sum())


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
