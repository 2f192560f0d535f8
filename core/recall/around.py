"""Evidence → what it says with what stands around it, within a number of tokens.

Called by who shows or reads what was found; search results are never changed by it. The best come
first: of each the turn or sentence that was found, then a reply and what it replies to, the rest of
the section. No sentence is cut, nothing is taken twice, and every piece says where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import groupby

from cairn.core.index import Index
from cairn.core.recall.strips import Admits, Segment, Strip, strip_of, strips
from cairn.core.recall.units import passage_id
from cairn.core.records import Chunk, Evidence, Span, content_hash

MOST_STEPS = 24
"""To each side."""
_RING = 5
"""A step away from a piece of evidence counts as much as so many pieces after it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A turn, sentence or line of a passage."""

    chunk: Chunk
    start: int
    end: int
    rank: int = 0
    """Of the evidence that it is, or 0: it stands around one."""

    @property
    def text(self) -> str:
        return self.chunk.text[self.start : self.end]

    @property
    def span(self) -> Span:
        return self.chunk.part(self.start, self.end)

    @property
    def address(self) -> str:
        return f"{self.chunk.uri}#{self.span.locator}"

    @property
    def hash(self) -> str:
        return content_hash(self.text)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces that follow each other in one document or conversation."""

    pieces: tuple[Piece, ...]
    rank: int
    """Of the best evidence in it."""
    tokens: int
    """About; of the text alone, without what a reader is told of its place."""

    @property
    def text(self) -> str:
        """As it stands there; between passages a line break."""
        runs = (list(run) for _, run in groupby(self.pieces, key=lambda piece: piece.chunk.id))
        return "\n".join(run[0].chunk.text[run[0].start : run[-1].end] for run in runs)

    @property
    def trail(self) -> tuple[str, ...]:
        """What it is part of: the title, and the headings above it."""
        chunk = self.pieces[0].chunk
        return tuple(dict.fromkeys((chunk.title, *chunk.heading)))


def anything(chunk: Chunk) -> bool:
    return True


def expand(
    evidence: Sequence[Evidence],
    index: Index,
    budget: int,
    admits: Admits = anything,
    steps: int = MOST_STEPS,
) -> tuple[Stretch, ...]:
    """The best first. `budget` is in tokens as `estimate_tokens` counts them, which errs towards
    too many; evidence that does not fit any more is left out whole. What `admits` refuses is never
    taken, nor what lies beyond it."""
    places = strips(evidence, index, admits, steps)
    taking = _Taking(budget)
    waiting = [(at, 0, at) for at in range(len(evidence))]
    heapify(waiting)
    grown: dict[int, _Growing] = {}
    while waiting:
        _, ring, at = heappop(waiting)
        if ring == 0:
            strip = places[strip_of(evidence[at])]
            begun = _begin(strip, evidence[at], taking)
            if begun is None:
                continue
            grown[at] = begun
        elif not grown[at].grow(taking):
            continue
        if ring < steps:
            heappush(waiting, (at + (ring + 1) * _RING, ring + 1, at))
    found = [stretch for strip in places.values() for stretch in _stretches(strip, taking)]
    return tuple(sorted(found, key=lambda stretch: stretch.rank))


class _Taking:
    def __init__(self, budget: int) -> None:
        self.left = budget
        self.ranks: dict[tuple[str, int], int] = {}
        """Of what was taken, by its place; 0 where it stands around."""

    def take(self, segments: Sequence[Segment], rank: int = 0) -> bool:
        """All of them or none; what was taken before costs nothing."""
        cost = sum(each.tokens for each in segments if each.place not in self.ranks)
        if cost > self.left:
            return False
        self.left -= cost
        for each in segments:
            known = self.ranks.get(each.place, 0)
            self.ranks[each.place] = min(filter(None, (known, rank)), default=0)
        return True


class _Growing:
    """One piece of evidence, and how far to each side its stretch has come."""

    def __init__(self, strip: Strip, first: int, last: int) -> None:
        self._strip = strip
        self._first, self._last = first, last

    def grow(self, taking: _Taking) -> bool:
        """A step to each side, the reply before what it replies to; whether there was any."""
        return any([self._after(taking), self._before(taking)])

    def _after(self, taking: _Taking) -> bool:
        at = self._last + 1
        if at >= len(self._strip) or not self._strip[at].follows:
            return False
        if not taking.take(self._strip[at : at + 1]):
            return False
        self._last = at
        return True

    def _before(self, taking: _Taking) -> bool:
        at = self._first - 1
        if at < 0 or not self._strip[self._first].follows:
            return False
        if not taking.take(self._strip[at : at + 1]):
            return False
        self._first = at
        return True


def _begin(strip: Strip, item: Evidence, taking: _Taking) -> _Growing | None:
    """With the turn or sentence that was found; None where it may not be shown or does not fit."""
    id = passage_id(item.chunk.id)
    own = [
        at
        for at, each in enumerate(strip)
        if passage_id(each.chunk.id) == id
        and each.chunk.span.start + each.start < item.at.end
        and each.chunk.span.start + each.end > item.at.start
    ]
    if not own or not taking.take([strip[at] for at in own], item.rank):
        return None
    return _Growing(strip, own[0], own[-1])


def _stretches(strip: Strip, taking: _Taking) -> Iterator[Stretch]:
    run: list[Segment] = []
    for each in [*strip, None]:
        is_taken = each is not None and each.place in taking.ranks
        if run and (each is None or not is_taken or not each.follows):
            yield _stretch(run, taking)
            run = []
        if each is not None and is_taken:
            run.append(each)


def _stretch(run: Sequence[Segment], taking: _Taking) -> Stretch:
    pieces = tuple(
        Piece(each.chunk, each.start, each.end, taking.ranks[each.place]) for each in run
    )
    rank = min(piece.rank for piece in pieces if piece.rank)
    return Stretch(pieces, rank, sum(each.tokens for each in run))
