"""A node and what is around it → text for a terminal: a tree with the types and days of its edges.

Called for `cairn graph TOPIC`. Every line fits the width, whatever the titles hold; each node is
unfolded once, where it is nearest to the root.
"""

from __future__ import annotations

import unicodedata
from collections import deque

from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.rows import Node
from cairn.core.tree.graph.walk import Neighbour, neighbours

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
_Branches = dict[str, tuple[list[Neighbour], int]]


def draw(graph: Graph, root: str, width: int = 80, depth: int = 2, most: int = 10) -> list[str]:
    """Lines; at most `most` edges of a node are shown, and how many are left out."""
    width = max(width, _LEAST_WIDTH)
    lines = [fit(label(root, graph.node(root)), width)]
    branches = _branches(graph, root, depth, most)

    def unfold(node: str, indent: str) -> None:
        near, left = branches.pop(node, ([], 0))
        for place, one in enumerate(near):
            is_last = place + 1 == len(near) and not left
            lines.append(fit(f"{indent}{'└─ ' if is_last else '├─ '}{_told(graph, one)}", width))
            unfold(one.node, indent + ("   " if is_last else "│  "))
        if left:
            lines.append(fit(f"{indent}└─ … and {left} more", width))

    unfold(root, "")
    return lines


def _branches(graph: Graph, root: str, depth: int, most: int) -> _Branches:
    """Nodes that are unfolded, with the edges shown of each and the number of those left out."""
    branches: _Branches = {}
    placed, waiting = {root}, deque([(root, 0)])
    while waiting:
        node, level = waiting.popleft()
        if level == depth:
            continue
        near = [one for one in neighbours(graph, node, _MOST_ASKED) if one.node not in placed]
        near = list({one.node: one for one in reversed(near)}.values())[::-1]  # the strongest edge
        branches[node] = (near[:most], max(0, len(near) - most))
        for one in near[:most]:
            placed.add(one.node)
            waiting.append((one.node, level + 1))
        most = max(3, most // 2) if level == 0 and node == root else most
    return branches


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
