"""A thing → the things it is named together with, weighted by how often and how tellingly.

Used by `walk.py`, `paths.py` and `draw.py`. Worked out from the latest places that name it, at most
`_MOST_PLACES`: a place that names many things says little of any two, and so does a thing that is
named everywhere.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, replace

from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.rows import THING, Link

_MOST_PLACES = 32
_MOST_IN_PLACE = 32


@dataclass(frozen=True, slots=True)
class Together:
    """Another thing that is named in the same places."""

    node: str
    weight: float
    count: int
    """Places that name both, among those looked at."""
    at: str
    """When they were last named together."""
    evidence: str
    """Where that was."""


def named_together(graph: Graph, thing: str, most: int = 16) -> list[Together]:
    found: dict[str, Together] = {}
    for place, at in _places(graph, thing):
        names = _named(graph, place)
        for name, link in names:
            if name == thing:
                continue
            known = found.get(name)
            weight = 1 / math.log2(1 + len(names))
            day = min(at, link.at) or at or link.at
            if known:
                weight, day = weight + known.weight, max(day, known.at)
            where = known.evidence if known and known.at == day else link.evidence
            found[name] = Together(name, weight, known.count + 1 if known else 1, day, where)
    total = math.log(2 + len(graph))

    def tells(one: Together) -> float:
        return 1 - math.log(1 + graph.degree(one.node)) / total

    rated = [replace(one, weight=round(one.weight * tells(one), 6)) for one in found.values()]
    return heapq.nsmallest(most, rated, key=lambda one: (-one.weight, one.node))


def _places(graph: Graph, thing: str) -> list[tuple[str, str]]:
    """Where it is named, with the day, the latest first."""
    places = (
        (links["mentions"].at, place)
        for place, links in graph.into(thing).items()
        if "mentions" in links
    )
    return [(place, at) for at, place in heapq.nlargest(_MOST_PLACES, places)]


def _named(graph: Graph, place: str) -> list[tuple[str, Link]]:
    """What a place names most; of as many, the same ones each time."""
    names = (
        (-links["mentions"].times, name, links["mentions"])
        for name, links in graph.out(place).items()
        if name.startswith(THING) and "mentions" in links
    )
    return [(name, link) for _, name, link in heapq.nsmallest(_MOST_IN_PLACE, names)]
