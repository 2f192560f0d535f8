"""A ranking of passages → the same with what the tree knows of them.

Called by the search. Sources take the place of the entries that lead to them; what was superseded
stands behind its successor; what can't have been meant at the moment asked for is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cairn.core.index import Index
from cairn.core.recall.entries.pointers import Pointers, When
from cairn.core.recall.narrow.allowed import Allowed
from cairn.core.recall.units import Units
from cairn.core.records import Chunk
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.life.ageing import behind_successors

_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Standing:
    """What the tree says of the passages that a question finds."""

    pointers: Pointers
    when: When
    modified: Callable[[str], str]
    """The day a file was last changed."""
    allowed: Allowed | None = None
    """What may be brought in."""

    @property
    def is_of_now(self) -> bool:
        return self.when == When()

    def admits(self, chunk: Chunk) -> bool:
        return self.allowed is None or self.allowed.admits(chunk)


class Known(Mapping[str, Chunk]):
    """Units by their ids, and what is put beside them."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self._beside: dict[str, Chunk] = {}

    def __getitem__(self, id: str) -> Chunk:
        at = self.units.places.get(id)
        return self._beside[id] if at is None else self.units[at]

    def __iter__(self) -> Iterator[str]:
        return iter((*self.units.ids, *self._beside))

    def __len__(self) -> int:
        return len(self.units) + len(self._beside)

    def put(self, chunk: Chunk) -> None:
        self._beside[chunk.id] = chunk


@dataclass(slots=True)
class Found:
    """What a question has found; sources that entries lead to are added."""

    chunks: Known
    covers: Callable[[str], float]
    """Share of the question that a text accounts for."""
    instead: dict[str, str] = field(default_factory=dict)
    """Of what was brought in, the unit whose place it has."""
    resting: dict[str, list[Filed]] = field(default_factory=dict)
    """The entries that rest on each passage, or that it is."""

    def bring(self, chunk: Chunk, instead: str) -> str:
        if chunk.id not in self.chunks:
            self.chunks.put(chunk)
            self.instead[chunk.id] = self.instead.get(instead, instead)
        return chunk.id


def stand(ranked: list[str], found: Found, index: Index, standing: Standing) -> list[str]:
    """The ranking as it stands then."""
    pointers = standing.pointers
    curated = {id: filed for id in ranked if (filed := pointers.curated(found.chunks[id]))}
    sources = pointers.sources(curated.values(), index, found.chunks.units)
    order: list[str] = []
    for id in ranked:
        places = sources[curated[id].entry.id] if id in curated else []
        places = [source for source in places if standing.admits(source)]
        order += [found.bring(source, id) for source in places]
        if not places:
            order.append(id)  # of a source that is gone, the entry is all that is left
    order = list(dict.fromkeys(order))
    found.resting = {id: [filed] for id, filed in curated.items()}
    found.resting |= pointers.resting_on([found.chunks[id] for id in order])
    if not standing.is_of_now:
        order = [id for id in order if _may_speak(found.chunks[id], found.resting, standing)]
    return _newest_first(order, found, index, standing)


def _may_speak(chunk: Chunk, resting: dict[str, list[Filed]], standing: Standing) -> bool:
    modified = standing.modified(chunk.uri) if standing.when.known_at and not chunk.when else ""
    return standing.when.allows(chunk, modified, resting.get(chunk.id, ()))


def _newest_first(order: list[str], found: Found, index: Index, standing: Standing) -> list[str]:
    """No superseded statement before the one that superseded it, which is brought in if need be."""
    pointers = standing.pointers
    meant = {id: list(_meant(id, found)) for id in order}
    newer = pointers.successors((filed for each in meant.values() for filed in each), standing.when)
    if not newer:
        return order
    places = pointers.told(list({each.entry.id: each for each in newer.values()}.values()), index)
    ranked = set(order)
    after: dict[str, str] = {}
    brought: list[str] = []
    for id in order:
        brought.append(id)
        for filed in meant[id]:
            chain = [
                source
                for each in _chain(filed, newer)
                for source in places[each.entry.id][:1]
                if source.id != id
                and standing.admits(source)
                and _may_speak(source, found.resting, standing)
            ]
            if chain:
                brought.append(found.bring(chain[-1], id))
                after[id] = next((each.id for each in chain if each.id in ranked), chain[-1].id)
    return behind_successors(list(dict.fromkeys(brought)), after)


def _meant(id: str, found: Found) -> Iterable[Filed]:
    """The entries for which the question has found a passage, not what else it speaks of."""
    filed = found.resting.get(id, ())
    whole = found.covers(found.chunks[id].search_text) if filed else 0.0
    for each in filed:
        entry = each.entry
        if found.covers(f"{entry.subject} {entry.title} {entry.body}") >= whole * _MOSTLY:
            yield each


def _chain(filed: Filed, newer: dict[str, Filed]) -> list[Filed]:
    """What superseded an entry, and what superseded that, up to the newest."""
    chain: list[Filed] = []
    seen = {filed.entry.id}
    while (after := newer.get(filed.entry.id)) and after.entry.id not in seen:
        seen.add(after.entry.id)
        chain.append(after)
        filed = after
    return chain
