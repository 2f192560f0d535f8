"""A node → what is connected with it, by spreading activation with bounded work.

Called for `cairn graph`; `paths.py` walks along the same edges. A node passes on a share of its
activation that shrinks with the number of its edges, so a hub says little of each neighbour, and no
more than a budget of edges is looked at. Equal graphs give equal results, however they came about.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.rows import THING
from cairn.core.tree.graph.together import named_together

STRENGTH = {
    "about": 1.0, "supersedes": 1.0, "contradicts": 1.0, "supports": 0.9, "follows": 0.9,
    "links": 0.9, "source": 0.8, "mentions": 0.7, "together": 0.5, "part_of": 0.3,
}  # fmt: skip
"""How much an edge says. A folder holds together what has little else in common."""
_OTHER = 0.6
_FANOUT = 48
"""Edges that one node passes on to, the strongest first."""
_HUB = 400
"""Edges from which a node is no way to anything, unless it was asked for."""
_BUDGET = 2_000
"""Edges that are looked at in all."""
_DECAY, _LEAST = 0.6, 0.001
"""The share of what a node has that goes on, and less than what an edge brings nothing."""


class Neighbour(NamedTuple):
    """The other end of an edge; in the order in which edges are ranked."""

    strength: float
    at: str
    node: str
    type: str
    outward: bool
    """Does the edge lead to it, or come from it?"""
    evidence: str


@dataclass(frozen=True, slots=True)
class Reached:
    parent: str
    """The node that brought most of its activation, nearer to the start."""
    edge: Neighbour
    """From there to it."""
    activation: float


def spread(graph: Graph, start: str, depth: int, budget: int = _BUDGET) -> list[Reached]:
    """What a node leads to in so many steps, the most activated first; of two that are equally
    near, the later."""
    activation, depths = {start: 1.0}, {start: 0}
    came: dict[str, tuple[float, str, Neighbour]] = {}
    waiting = [(-1.0, start)]
    done: set[str] = set()
    while waiting and budget > 0:
        negative, node = heapq.heappop(waiting)
        if node in done or -negative < activation[node]:
            continue
        done.add(node)
        is_start = node == start
        if depths[node] == depth or (graph.degree(node) > _HUB and not is_start):
            continue
        near = neighbours(graph, node, min(_FANOUT, budget), near=is_start)
        budget -= len(near)
        share = activation[node] * _DECAY / math.sqrt(_fanout(graph, node, is_start))
        for one in near:
            gain = share * one.strength
            if gain < _LEAST or one.node in done:
                continue
            if gain > came.get(one.node, (0.0,))[0]:
                came[one.node] = (gain, node, one)
                depths[one.node] = depths[node] + 1
            activation[one.node] = activation.get(one.node, 0.0) + gain
            heapq.heappush(waiting, (-activation[one.node], one.node))
    found = [
        Reached(node, edge, round(activation[edge.node], 6)) for _, node, edge in came.values()
    ]
    found.sort(key=lambda one: one.edge.node)
    found.sort(key=lambda one: one.edge.at, reverse=True)
    return sorted(found, key=lambda one: -one.activation)


def _fanout(graph: Graph, node: str, was_asked_for: bool) -> int:
    """By how many a node's activation is divided: of what was asked for, by those it goes to."""
    degree = max(graph.degree(node), 1)
    return min(degree, _FANOUT) if was_asked_for else degree


def neighbours(
    graph: Graph, node: str, most: int = _FANOUT, *, near: bool = True
) -> list[Neighbour]:
    """A node's edges in both directions, the strongest and latest first; with `near` also the
    things that are named together with it."""
    if graph.degree(node) <= _HUB:
        return _strongest(graph, node, most, near)
    asked = (node, most, near)
    if asked not in graph.remembered:
        graph.remembered[asked] = _strongest(graph, node, most, near)
    known: list[Neighbour] = graph.remembered[asked]
    return known


def _strongest(graph: Graph, node: str, most: int, near: bool) -> list[Neighbour]:
    found = heapq.nlargest(most, _edges(graph, node))
    if near and node.startswith(THING):
        found += [
            (STRENGTH["together"] * min(1.0, one.weight), one.at, one.node, "together", True,
             one.evidence)
            for one in named_together(graph, node)
        ]  # fmt: skip
        found = sorted(found, reverse=True)[:most]
    return [Neighbour._make(one) for one in found]


def _edges(graph: Graph, node: str) -> Iterator[tuple[float, str, str, str, bool, str]]:
    for outward, edges in ((True, graph.out(node)), (False, graph.into(node))):
        for other, links in edges.items():
            for kind, link in links.items():
                yield (STRENGTH.get(kind, _OTHER), link.at, other, kind, outward, link.evidence)
