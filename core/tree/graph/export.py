"""A graph, or what is around some of its nodes → GraphML for other programs, Mermaid for Markdown.

Called for `cairn graph --graphml` and `--mermaid`. Titles are foreign text: none can break out of
its place, and the order is that of the names, so that equal graphs give equal files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from cairn.core.tree.graph.draw import label
from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.rows import Link

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAFE = re.compile(r"[\w .,:()/…-]")
_LONGEST_LABEL = 80


def to_graphml(graph: Graph, nodes: Iterable[str] | None = None) -> bytes:
    import networkx as nx

    plain: Any = nx.MultiDiGraph()
    wanted = sorted(set(graph.nx) if nodes is None else set(nodes))
    for name in wanted:
        node = graph.node(name)
        plain.add_node(
            _xml(name), type=node.type, title=_xml(node.title), kind=_xml(node.kind),
            at=_xml(node.at), archived=node.archived,
        )  # fmt: skip
    for source, target, kind, link in _edges(graph, wanted):
        plain.add_edge(
            _xml(source), _xml(target), key=_xml(kind), type=_xml(kind), at=_xml(link.at),
            count=link.times, evidence=_xml(link.evidence),
        )  # fmt: skip
    out = BytesIO()
    nx.write_graphml_xml(plain, out, encoding="utf-8")
    return out.getvalue()


def to_mermaid(graph: Graph, nodes: Iterable[str]) -> str:
    wanted = sorted(set(nodes))
    numbers = {name: number for number, name in enumerate(wanted)}
    lines = ["graph LR"]
    for name, number in numbers.items():
        lines.append(f'  n{number}["{_mermaid(label(name, graph.node(name)))}"]')
    for source, target, kind, link in _edges(graph, wanted):
        day = f" {link.at[:10]}" if link.at else ""
        text = _mermaid(f"{kind.replace('_', ' ')}{day}")
        lines.append(f'  n{numbers[source]} -->|"{text}"| n{numbers[target]}')
    return "\n".join(lines) + "\n"


def _edges(graph: Graph, wanted: list[str]) -> list[tuple[str, str, str, Link]]:
    known = set(wanted)
    return [
        (source, target, kind, link)
        for source in wanted
        for target, links in sorted(graph.out(source).items())
        if target in known
        for kind, link in sorted(links.items())
    ]


def _xml(text: str) -> str:
    """XML has no way to write control characters, not even escaped."""
    return _NOT_XML.sub("\ufffd", text)


def _mermaid(text: str) -> str:
    """Anything that could mean something to Mermaid, HTML or Markdown as its number."""
    if len(text) > _LONGEST_LABEL:
        text = text[: _LONGEST_LABEL - 1] + "…"
    text = " ".join(_NOT_XML.sub(" ", text).split())
    return "".join(char if _SAFE.match(char) else f"#{ord(char)};" for char in text)
