"""What a person wants to see of the graph → text, Mermaid or GraphML, and the nodes and edges.

Called for `cairn graph`. A name may be that of a folder, of somebody or something, or of an entry:
what has most connections is meant, and the others are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cairn.core.errors import ConfigError, NotFound
from cairn.core.journal import Journal
from cairn.core.tree.graph.draw import draw, fit, label, relation
from cairn.core.tree.graph.export import to_graphml, to_mermaid
from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.paths import connect
from cairn.core.tree.graph.rows import thing_node
from cairn.core.tree.graph.store import Things
from cairn.core.tree.graph.walk import Reached, spread

Format = Literal["text", "mermaid", "graphml"]
FORMATS: tuple[Format, ...] = ("text", "mermaid", "graphml")
DEEPEST = 6
_MOST_NODES, _MOST_LINES = 200, 30
_MOST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    topic: str
    to: str = ""
    """Another one: how do they hang together?"""
    depth: int = 2
    format: Format = "text"
    width: int = 80


@dataclass(frozen=True, slots=True)
class Point:
    id: str
    type: str
    title: str
    kind: str
    at: str
    archived: bool


@dataclass(frozen=True, slots=True)
class Line:
    source: str
    target: str
    type: str
    at: str
    times: int
    evidence: str


@dataclass(frozen=True, slots=True)
class Picture:
    root: str
    text: str
    nodes: tuple[Point, ...]
    edges: tuple[Line, ...]
    others: tuple[str, ...]
    """What else goes by that name."""


def picture(graph: Graph, journal: Journal, asked: Asked) -> Picture:
    """Raises NotFound for a name of nothing, and for two that are not connected."""
    if asked.format not in FORMATS:
        raise ConfigError(f"there is no format {asked.format}", f"try {', '.join(FORMATS)}")
    if not 1 <= asked.depth <= DEEPEST:
        raise ConfigError(f"the depth is 1 to {DEEPEST}, not {asked.depth}", "try `--depth 2`")
    root, *others = find(graph, journal, asked.topic)
    if asked.to:
        goal = find(graph, journal, asked.to)[0]
        nodes, lines = _way(graph, root, goal, asked.width)
    else:
        reached = spread(graph, root, asked.depth)
        nodes = [root, *(one.edge.node for one in _nearest(reached, _MOST_NODES))]
        lines = draw(graph, root, _nearest(reached, _MOST_LINES), asked.width)
    told = [label(one, graph.node(one)) for one in others[:_MOST_OTHERS]]
    return Picture(
        root, _written(graph, asked.format, nodes, lines), _points(graph, nodes),
        _edges(graph, nodes), tuple(told),
    )  # fmt: skip


def find(graph: Graph, journal: Journal, name: str) -> list[str]:
    """Nodes of a name, the most connected first; of no such name, those whose names hold it."""
    found = graph.find(name)
    if not found:
        things = [thing_node(thing.id) for thing in Things(journal).find(name)]
        found = [node for node in things if node in graph]
    if not found:
        found = _holding(graph, name)
    if not found:
        raise NotFound(
            f"nothing in the tree goes by the name {name!r}",
            "`cairn tree` lists folders and entries, `cairn search` looks into everything",
        )
    return sorted(found, key=lambda node: (-graph.degree(node), node))


def _holding(graph: Graph, name: str) -> list[str]:
    words = name.casefold().split()
    return [
        node
        for node in graph.nx
        if words and all(word in graph.node(node).title.casefold() for word in words)
    ]


def _nearest(reached: Sequence[Reached], most: int) -> list[Reached]:
    """About so many, with what lies between them and the start."""
    known = {one.edge.node: one for one in reached}
    kept: set[str] = set()
    for one in reached:
        if len(kept) >= most:
            break
        step: Reached | None = one
        while step and step.edge.node not in kept:
            kept.add(step.edge.node)
            step = known.get(step.parent)
    return [one for one in reached if one.edge.node in kept]


def _way(graph: Graph, root: str, goal: str, width: int) -> tuple[list[str], list[str]]:
    steps = connect(graph, root, goal)
    names = [label(node, graph.node(node)) for node in (root, goal)]
    if steps is None:
        raise NotFound(f"{names[0]} and {names[1]} have no connection", "try `cairn graph` of each")
    nodes, lines = [root], [names[0]]
    for _, edge in steps:
        day = f" ({edge.at[:10]})" if edge.at else ""
        nodes.append(edge.node)
        lines.append(f"└─ {relation(edge)}{day}: {label(edge.node, graph.node(edge.node))}")
    return nodes, [fit("   " * max(0, at - 1) + line, width) for at, line in enumerate(lines)]


def _written(graph: Graph, format: Format, nodes: list[str], lines: list[str]) -> str:
    if format == "mermaid":
        return to_mermaid(graph, nodes)
    if format == "graphml":
        return to_graphml(graph, nodes).decode()
    return "\n".join(lines) + "\n"


def _points(graph: Graph, nodes: list[str]) -> tuple[Point, ...]:
    shown = [(name, graph.node(name)) for name in nodes]
    return tuple(
        Point(name, node.type, node.title or name, node.kind, node.at, node.archived)
        for name, node in shown
    )


def _edges(graph: Graph, nodes: list[str]) -> tuple[Line, ...]:
    known = set(nodes)
    return tuple(
        Line(source, target, kind, link.at, link.times, link.evidence)
        for source in nodes
        for target, links in graph.out(source).items()
        if target in known
        for kind, link in links.items()
    )
