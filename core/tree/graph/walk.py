"""Seeds of a question → what is connected with them, by spreading activation with bounded work.

Called by recall. A node passes on a share of its activation that shrinks with the number of its
edges, so a hub says little of each neighbour, and no more than `budget` edges are looked at. Equal
graphs and seeds give equal results, however the graph came about.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping
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
_LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Step:
    source: str
    type: str
    target: str


@dataclass(frozen=True, slots=True)
class Reached:
    node: str
    activation: float
    path: tuple[Step, ...]
    """From a seed, along the edges that brought most."""


class Neighbour(NamedTuple):
    """The other end of an edge; in the order in which edges are ranked."""

    strength: float
    at: str
    node: str
    type: str
    outward: bool
    """Does the edge lead to it, or come from it?"""
    evidence: str


def spread(
    graph: Graph, seeds: Mapping[str, float], budget: int = 2_000, decay: float = 0.6
) -> list[Reached]:
    """What the seeds lead to, the most activated first; seeds themselves are left out."""
    activation = {seed: weight for seed, weight in seeds.items() if seed in graph and weight > 0}
    came: dict[str, tuple[float, Step]] = {}
    waiting = [(-weight, node) for node, weight in activation.items()]
    heapq.heapify(waiting)
    done: set[str] = set()
    while waiting and budget > 0:
        negative, node = heapq.heappop(waiting)
        if node in done or -negative < activation[node]:
            continue
        done.add(node)
        if graph.degree(node) > _HUB and node not in seeds:
            continue
        near = neighbours(graph, node, min(_FANOUT, budget), near=node in seeds)
        budget -= len(near)
        share = activation[node] * decay / math.sqrt(_fanout(graph, node, node in seeds))
        for one in near:
            gain = share * one.strength
            if gain < _LEAST or one.node in seeds:
                continue
            if gain > came.get(one.node, (0.0,))[0]:
                came[one.node] = (gain, Step(node, one.type, one.node))
            if one.node not in done:
                activation[one.node] = activation.get(one.node, 0.0) + gain
                heapq.heappush(waiting, (-activation[one.node], one.node))
    found = [Reached(node, round(activation[node], 6), _path(node, came)) for node in came]
    return sorted(found, key=lambda one: (-one.activation, one.node))


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


def _path(node: str, came: Mapping[str, tuple[float, Step]]) -> tuple[Step, ...]:
    steps: list[Step] = []
    seen: set[str] = set()
    while node in came and node not in seen:
        seen.add(node)
        step = came[node][1]
        steps.append(step)
        node = step.source
    return tuple(reversed(steps))
