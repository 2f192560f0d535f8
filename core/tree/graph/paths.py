"""Two nodes → how they are connected: the shortest way that says something.

Called by `cairn graph A B`. A way through a hub is long, and through a folder too; the search goes
from both ends and stops when its budget is spent.
"""

from __future__ import annotations

import heapq
import math

from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.walk import Neighbour, neighbours

_BUDGET = 4_000
_MOST_STEPS = 8
_FANOUT = 200


class _Side:
    """What is reached from one end."""

    def __init__(self, start: str) -> None:
        self.cost = {start: 0.0}
        self.came: dict[str, tuple[str, Neighbour]] = {}
        self.done: set[str] = set()
        self.waiting = [(0.0, start)]
        self.meeting: tuple[float, str] = (math.inf, "")
        """The cheapest way to the other end so far, and where the two meet."""

    def least(self) -> float:
        while self.waiting and self.waiting[0][1] in self.done:
            heapq.heappop(self.waiting)
        return self.waiting[0][0] if self.waiting else math.inf

    def expand(self, graph: Graph, other: _Side) -> int:
        cost, node = heapq.heappop(self.waiting)
        self.done.add(node)
        near = neighbours(graph, node, _FANOUT, near=False)
        spread = math.log2(1 + graph.degree(node)) / 4
        for one in near:
            total = cost + 1 / max(one.strength, 0.05) + spread
            if total < self.cost.get(one.node, math.inf):
                self.cost[one.node] = total
                self.came[one.node] = (node, one)
                heapq.heappush(self.waiting, (total, one.node))
                if one.node in other.cost:
                    whole = total + other.cost[one.node]
                    self.meeting = other.meeting = min(self.meeting, (whole, one.node))
        return len(near) + 1


def connect(graph: Graph, start: str, goal: str) -> list[tuple[str, Neighbour]] | None:
    """The steps from one to the other, each as the node it leaves and the edge it takes; None when
    they are not connected, or only at length."""
    if start not in graph or goal not in graph:
        return None
    if start == goal:
        return []
    one, other, budget = _Side(start), _Side(goal), _BUDGET
    while budget > 0:
        least = (one.least(), other.least())
        if min(least) == math.inf or sum(least) >= one.meeting[0]:
            break
        budget -= one.expand(graph, other) if least[0] <= least[1] else other.expand(graph, one)
    cost, middle = one.meeting
    if cost == math.inf:
        return None
    steps = [*reversed(_back(one, middle)), *map(_turned, _back(other, middle))]
    return steps if len(steps) <= _MOST_STEPS else None


def _back(side: _Side, node: str) -> list[tuple[str, Neighbour]]:
    steps = []
    while node in side.came:
        source, edge = side.came[node]
        steps.append((source, edge))
        node = source
    return steps


def _turned(step: tuple[str, Neighbour]) -> tuple[str, Neighbour]:
    """A step that was found from the goal's end, as it is walked from the start."""
    source, edge = step
    return edge.node, edge._replace(node=source, outward=not edge.outward)
