"""A node and what is near it → text for a terminal: a tree with the types and days of its edges.

Called for `cairn graph TOPIC`. Every line fits the width, whatever the titles hold; each node
stands once, below the one that brought most of its activation.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.rows import Node
from cairn.core.tree.graph.walk import Neighbour, Reached, neighbours

WORDS = {
    "part_of": ("in", "holds"), "source": ("from", "source of"), "about": ("about", "described in"),
    "mentions": ("mentions", "named in"), "links": ("links to", "linked from"),
    "supersedes": ("replaces", "replaced by"), "supports": ("supports", "supported by"),
    "contradicts": ("contradicts", "contradicted by"), "follows": ("follows", "followed by"),
    "together": ("named with", "named with"),
}  # fmt: skip
"""What an edge is called, read from its beginning and from its end."""
_LEAST_WIDTH = 20
_MOST_ASKED = 400


def draw(graph: Graph, root: str, reached: Iterable[Reached], width: int = 80) -> list[str]:
    """Lines, each below what brought most to it; and how much of the root's own is left out."""
    width = max(width, _LEAST_WIDTH)
    lines = [fit(label(root, graph.node(root)), width)]
    below: dict[str, list[Neighbour]] = {}
    for one in reached:
        below.setdefault(one.parent, []).append(one.edge)
    shown = {edge.node for edges in below.values() for edge in edges}
    left = len({one.node for one in neighbours(graph, root, _MOST_ASKED)} - shown - {root})

    def unfold(node: str, indent: str) -> None:
        more = left if node == root else 0
        edges = below.get(node, [])
        for place, edge in enumerate(edges):
            is_last = place + 1 == len(edges) and not more
            lines.append(fit(f"{indent}{'└─ ' if is_last else '├─ '}{_told(graph, edge)}", width))
            unfold(edge.node, indent + ("   " if is_last else "│  "))
        if more:
            lines.append(fit(f"{indent}└─ … and {more} more", width))

    unfold(root, "")
    return lines


def _told(graph: Graph, one: Neighbour) -> str:
    day = f" ({one.at[:10]})" if one.at else ""
    return f"{relation(one)}{day}: {label(one.node, graph.node(one.node))}"


def relation(one: Neighbour) -> str:
    if one.type in WORDS:
        return WORDS[one.type][0 if one.outward else 1]
    return f"{one.type} →" if one.outward else f"← {one.type}"


def label(name: str, node: Node) -> str:
    """What a person calls a node."""
    if node.type == "entry" and node.kind == "missing":
        return f"{name}, which is gone"
    title = node.title or name
    if node.type == "document":
        return title.removeprefix("file:")
    kind = node.kind if node.type in ("entry", "thing") else "folder"
    state = ", archived" if node.archived else ""
    return title if kind in ("", "thing") and not state else f"{title} [{kind}{state}]"


def fit(text: str, width: int) -> str:
    """One line of at most so many columns, without characters that would move the cursor."""
    shown: list[str] = []
    used = 0
    for char in text:
        columns = _columns(char)
        if columns is None:
            char, columns = " ", 1
        if used + columns > width:
            while used > width - 1:
                used -= _columns(shown.pop()) or 0
            return "".join(shown).rstrip() + "…"
        shown.append(char)
        used += columns
    return "".join(shown)


def _columns(char: str) -> int | None:
    """How wide a terminal shows it; None for what is no character to show."""
    if char.isascii():
        return 1 if char.isprintable() else None
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return None
    if category in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
