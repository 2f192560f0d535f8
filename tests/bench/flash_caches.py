"""Caches of slices, replayed on what a model took of its weights → how much was there already.

A trace is, for each word and layer, the numbers of what was taken. All caches hold so many slices
of one size; what a layer takes at a time is never put out for one another. Used by flash_policies.
"""

from __future__ import annotations

import heapq
from abc import ABC, abstractmethod
from collections import Counter, OrderedDict
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Trace = Sequence[Sequence[NDArray[np.int32]]]
Unit = tuple[int, int]
Heap = TypeVar("Heap")


class Cache(ABC):
    """Asked for what a layer takes of its weights, all at once; nothing is read before."""

    def __init__(self, slots: int) -> None:
        self.slots = slots

        self.word = 0

    def begin(self, word: int) -> None:
        """Another word, from the first layer on."""
        self.word = word

    @abstractmethod
    def take(self, units: Sequence[Unit]) -> int:
        """How many of them are there already; from now on all are."""


class Recent(Cache):
    """What was not taken for the longest time goes first."""

    def __init__(self, slots: int) -> None:
        super().__init__(slots)
        self._held: OrderedDict[Unit, int] = OrderedDict()

    def take(self, units: Sequence[Unit]) -> int:
        hits = sum(unit in self._held for unit in units)
        for unit in units:
            self._held[unit] = self.word
            self._held.move_to_end(unit)
        while len(self._held) > self.slots:
            self._held.popitem(last=False)
        return hits


class Window(Recent):
    """Only what the last few words took is kept; of that, what was taken last."""

    def __init__(self, slots: int, words: int) -> None:
        super().__init__(slots)
        self._words = words

    def begin(self, word: int) -> None:
        super().begin(word)
        while self._held and next(iter(self._held.values())) < word - self._words:
            self._held.popitem(last=False)


class Heat(Cache):
    """What was taken seldom goes first; a use counts half after so many words."""

    def __init__(self, slots: int, half_life: float) -> None:
        super().__init__(slots)
        self._half_life = half_life
        self._heat: dict[Unit, float] = {}
        self._held: set[Unit] = set()
        self._coldest: list[tuple[float, Unit]] = []

    def take(self, units: Sequence[Unit]) -> int:
        hits = sum(unit in self._held for unit in units)
        for unit in units:
            self._warm(unit)
        self._make_room(set(units))
        return hits

    def _warm(self, unit: Unit) -> None:
        """As a logarithm, of a measure that grows with time instead of heat that fades."""
        use = self.word / self._half_life
        old = self._heat.get(unit)
        self._heat[unit] = use if old is None else float(np.logaddexp2(old, use))
        self._held.add(unit)
        heapq.heappush(self._coldest, (self._heat[unit], unit))

    def _make_room(self, wanted: set[Unit]) -> None:
        spared = []
        while len(self._held) > max(self.slots, len(wanted)):
            heat, unit = heapq.heappop(self._coldest)
            if unit not in self._held or heat != self._heat[unit]:
                continue
            if unit in wanted:
                spared.append((heat, unit))
            else:
                self._held.remove(unit)
        for each in spared:
            heapq.heappush(self._coldest, each)


class Pinned(Cache):
    """The most popular stay for ever, as somebody would choose who has seen the whole trace."""

    def __init__(self, slots: int, trace: Trace) -> None:
        super().__init__(slots)
        counts = Counter(unit for word in trace for units in _layers(word) for unit in units)
        self._held = {unit for unit, _ in counts.most_common(slots)}

    def take(self, units: Sequence[Unit]) -> int:
        return sum(unit in self._held for unit in units)


def replay(cache: Cache, trace: Trace, skip: int = 0) -> float:
    """Share of what was taken that was there; the first words only fill the cache."""
    hits = asked = 0
    for number, word in enumerate(trace):
        cache.begin(number)
        for units in _layers(word):
            found = cache.take(units)
            if number >= skip:
                hits, asked = hits + found, asked + len(units)
    return hits / asked if asked else 0.0


def best(slots: int, trace: Trace, skip: int = 0) -> float:
    """Of a cache that knows the future: what is needed last goes first (Belady), at once if it is
    what was just read. No cache that reads only what is asked for does better."""
    flat = [(number, unit) for number, word in enumerate(trace)
            for units in _layers(word) for unit in units]  # fmt: skip
    following = _following([unit for _, unit in flat])
    held: dict[Unit, int] = {}
    farthest: list[tuple[int, Unit]] = []
    hits = asked = 0
    for (number, unit), after in zip(flat, following, strict=True):
        if number >= skip:
            asked += 1
            hits += unit in held
        held[unit] = after
        heapq.heappush(farthest, (-after, unit))
        while len(held) > slots:
            when, other = heapq.heappop(farthest)
            if held.get(other) == -when:
                del held[other]
    return hits / asked if asked else 0.0


def _following(units: Sequence[Unit]) -> list[int]:
    """For each, where it is asked for the next time."""
    nexts: dict[Unit, int] = {}
    found = [0] * len(units)
    for at in range(len(units) - 1, -1, -1):
        found[at] = nexts.get(units[at], len(units) + at)
        nexts[units[at]] = at
    return found


def _layers(word: Sequence[NDArray[np.int32]]) -> list[list[Unit]]:
    return [[(layer, int(each)) for each in taken] for layer, taken in enumerate(word)]
