"""The journal's rows of entries, sources, relations and mentions → edges with time and evidence.

Used by `graph.py` for one node as for all of them, by the same statements, so that a graph that was
kept up to date equals one that is loaded afresh. Read in bulk: some rows are 100,000.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

from cairn.core.journal import Journal
from cairn.core.tree.graph.spelling import parse, thing_id
from cairn.core.uris import container

NodeType = Literal["entry", "thing", "topic", "document"]
TOPIC, THING = "topic:", "t:"
_ENTRY_ID = re.compile(r"e_[A-Za-z0-9_-]{1,40}\Z")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,15}:\S")
_ABOUT = ("person", "project")


class Node(NamedTuple):
    """What a node is, for whoever shows it."""

    type: NodeType
    title: str
    kind: str = ""
    at: str = ""
    archived: bool = False


class Link(NamedTuple):
    """One typed edge: since when, how often, and where that stands."""

    at: str = ""
    times: int = 1
    evidence: str = ""


Edge = tuple[str, str, dict[str, Link]]
"""From, to, and the links by type: as networkx takes it."""


class Named(NamedTuple):
    """An edge to whatever bears a name, as a user writes it: `[[Garden budget]]`."""

    source: str
    name: str
    type: str
    link: Link


def topic_node(folder: str) -> str:
    return TOPIC + folder


def thing_node(thing: int) -> str:
    return f"{THING}{thing}"


def default_node(name: str) -> Node:
    """What can be told by a node's name alone."""
    if name.startswith(TOPIC):
        return Node("topic", name.removeprefix(TOPIC))
    if name.startswith(THING):
        return Node("thing", "", "thing")
    if _ENTRY_ID.match(name):
        return Node("entry", "", "missing")
    return Node("document", name)


def entries(journal: Journal, one: str = "") -> Iterator[tuple[str, Node, str, str]]:
    """Ids with what is shown of them, the folder each lies in, and its links as JSON."""
    sql = "SELECT id, path, kind, title, valid_from, created, archived, links FROM entries"
    for row in _read(journal, sql, "id", one):
        number, path, kind, title, since, created, archived, links = row
        folder = "" if archived else str(path).rpartition("/")[0]
        node = Node("entry", str(title), str(kind), str(since or created), bool(archived))
        yield str(number), node, folder, str(links)


def folder_edge(member: str, at: str, folder: str) -> Edge:
    return member, topic_node(folder), {"part_of": Link(at, 1, member)}


def about_edge(entry: str, node: Node) -> Edge | None:
    """From an entry about a person or project to that very person or project."""
    if node.kind not in _ABOUT or node.archived:
        return None
    kind: Literal["person", "project"] = "person" if node.kind == "person" else "project"
    thing = thing_id(kind, parse(node.title[:120], kind).key)
    return entry, thing_node(thing), {"about": Link(node.at, 1, entry)}


def source_edges(journal: Journal, one: str = "") -> Iterator[Edge]:
    sql = "SELECT entry, container, at, 1, uri FROM entry_sources"
    return _gathered(_read(journal, sql, "entry", one, "ORDER BY entry"), "source")


def mention_edges(journal: Journal, one: str = "") -> Iterator[Edge]:
    sql = "SELECT container, 't:' || thing, at, count, uri FROM mentions"
    return _gathered(_read(journal, sql, "container", one, "ORDER BY container"), "mentions")


def _gathered(rows: Iterable[tuple[Any, ...]], kind: str) -> Iterator[Edge]:
    """Several sources in one place, or spellings of one thing, are one edge. The rows come in the
    order of where the edges start."""
    source, found = "", dict[str, dict[str, Link]]()
    for start, target, at, times, evidence in rows:
        if start != source:
            yield from ((source, name, links) for name, links in found.items())
            source, found = start, {}
        links = found.get(target)
        if links is None and target:
            found[target] = {kind: Link(at, times, evidence)}
        elif links:
            known = links[kind]
            links[kind] = Link(
                max(known.at, at), known.times + times, min(known.evidence, evidence)
            )
    yield from ((source, name, links) for name, links in found.items())


def relation_edges(journal: Journal, one: str = "") -> Iterator[Edge | Named]:
    sql = "SELECT entry, type, target FROM entry_relations"
    for entry, kind, target in _read(journal, sql, "entry", one, "ORDER BY entry, ordinal"):
        yield _to(str(entry), str(target).strip(), str(kind))


def link_edges(entry: str, links: str) -> Iterator[Edge | Named]:
    if links and links != "[]":
        for target in json.loads(links):
            yield _to(entry, str(target).strip(), "links")


def _to(entry: str, target: str, kind: str) -> Edge | Named:
    if _ENTRY_ID.match(target):
        return entry, target, {kind: Link("", 1, entry)}
    if _ADDRESS.match(target) and not target.startswith((TOPIC, THING)):
        return entry, container(target.partition("#")[0]), {kind: Link("", 1, target)}
    return Named(entry, target, kind, Link("", 1, entry))


def things(journal: Journal, some: set[int] | None = None) -> Iterator[tuple[str, Node]]:
    sql = "SELECT id, name, kind FROM things"
    if some is None:
        rows = journal.read(sql)
    else:
        rows = [row for one in some for row in journal.read(f"{sql} WHERE id = ?", one)]
    for number, name, kind in rows:
        yield f"t:{number}", Node("thing", str(name), str(kind))


def _read(
    journal: Journal, sql: str, column: str, one: str, rest: str = ""
) -> list[tuple[object, ...]]:
    if one:
        return journal.read(f"{sql} WHERE {column} = ? {rest}", one)
    return journal.read(f"{sql} {rest}")
