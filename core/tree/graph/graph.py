"""The journal's tables → one graph of entries, things, topics and documents, updated in place.

Called by recall and by `cairn graph`. Between two nodes there is one edge of networkx, which holds
a `Link` for each type. Invariant: after any notes, it equals a graph that is loaded afresh. That
two things are named together is worked out when asked, `together.py`: stored, it were millions.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from cairn.core.journal import Journal
from cairn.core.tree.graph import rows
from cairn.core.tree.graph.name_words import fold
from cairn.core.tree.graph.rows import (
    THING,
    TOPIC,
    Edge,
    Link,
    Named,
    Node,
    default_node,
    topic_node,
)  # fmt: skip

_PRECEDENCE = ("entry", "topic", "thing")
"""What a name stands for where several types of nodes bear it."""
_HOLDS_THING = ("mentions", "about")


class Graph:
    def __init__(self, journal: Journal) -> None:
        import networkx as nx

        self._journal = journal
        self.nx: Any = nx.DiGraph()
        """For networkx's own algorithms; to be changed by this class only."""
        self._folders: dict[str, str] = {}
        """Entries → the folder each lies in."""
        self._children: Counter[str] = Counter()
        """Entries and folders directly in each folder; one without any is gone."""
        self._named: dict[str, set[str]] = {}
        self._links: dict[str, list[Named]] = {}
        self._naming: dict[str, set[str]] = {}
        """Folded names → the entries that link to them."""
        self.remembered: dict[tuple[object, ...], Any] = {}
        """What was worked out of hubs, until anything changes."""

    @classmethod
    def load(cls, journal: Journal) -> Graph:
        graph = cls(journal)
        with _without_collecting():
            graph._load()
        return graph

    # -- reading

    def __contains__(self, node: str) -> bool:
        return node in self.nx

    def __len__(self) -> int:
        return len(self.nx)

    def node(self, name: str) -> Node:
        found: Node = self.nx.nodes[name]["node"]
        return found

    def degree(self, node: str) -> int:
        return len(self.nx.succ[node]) + len(self.nx.pred[node])

    def out(self, node: str) -> dict[str, dict[str, Link]]:
        """Where it leads: the target of each edge, with its links by type."""
        found: dict[str, dict[str, Link]] = self.nx.succ[node]
        return found

    def into(self, node: str) -> dict[str, dict[str, Link]]:
        found: dict[str, dict[str, Link]] = self.nx.pred[node]
        return found

    def find(self, name: str) -> list[str]:
        """Nodes of this very name: a title, a thing's name, a topic's path or its last part."""
        if name in self.nx:
            return [name]
        return sorted(self._named.get(fold(name.strip()), ()))

    # -- keeping it up to date

    def note_entry(self, entry: str) -> None:
        """An entry was added, changed, moved or deleted."""
        self._refresh([entry])

    def drop_entry(self, entry: str) -> None:
        """An entry is no longer among the journal's entries."""
        self._refresh([entry])

    def note_containers(self, containers: Iterable[str]) -> None:
        """What `Things.note` and `Things.follow_entries` return."""
        self._refresh(sorted(containers))

    def note_thing(self, thing: int) -> None:
        """A thing was renamed."""
        stale: set[str] = set()
        self._name_things({thing}, stale)
        self._refresh(sorted(stale))

    def _refresh(self, nodes: list[str]) -> None:
        """Read these nodes' rows again, then the entries whose links by name lead elsewhere now.
        Once is enough: such a link makes no node and gives none a name."""
        self.remembered.clear()
        stale: set[str] = set()
        for node in nodes:
            self._reread(node, stale)
        for node in sorted(stale):
            self._reread(node, set())

    def _reread(self, node: str, stale: set[str]) -> None:
        left = self._cut(node)
        edges = list(rows.mention_edges(self._journal, node))
        folder, shown = "", default_node(node)
        named: list[Named] = []
        if row := next(rows.entries(self._journal, node), None):
            _, shown, folder, links = row
            edges += _entry_edges(self._journal, node, shown)
            found = [*rows.relation_edges(self._journal, node), *rows.link_edges(node, links)]
            edges += [edge for edge in found if not isinstance(edge, Named)]
            named = [edge for edge in found if isinstance(edge, Named)]
        if node in self.nx or shown.kind != "missing":
            self._put(node, shown, stale)
        self._move(node, folder, shown.at, stale)
        for edge in edges:
            self._add(edge, stale)
        touched = {*left, *(target for _, target, _ in edges)}
        for name in sorted({*left, node}):
            self._prune(name, stale)
        self._name_things({int(n[2:]) for n in touched if n.startswith(THING)}, stale)
        self._name(node, named)  # last, when it is settled who bears which name

    def _cut(self, node: str) -> list[str]:
        """Take away the edges that the node's own rows brought."""
        for name in {fold(link.name) for link in self._links.pop(node, ())}:
            self._naming[name].discard(node)
            if not self._naming[name]:
                del self._naming[name]
        if node not in self.nx:
            return []
        left = list(self.nx.succ[node])
        self.nx.remove_edges_from([(node, name) for name in left])
        return left

    def _add(self, edge: Edge, stale: set[str]) -> None:
        source, target, _ = edge
        if source == target:
            return
        for name in (source, target):
            if name not in self.nx:
                self._put(name, default_node(name), stale)
        self.nx.add_edges_from([edge])

    def _name(self, entry: str, named: list[Named]) -> None:
        """Links to whatever bears a name now."""
        if named:
            self._links[entry] = named
        for link in named:
            self._naming.setdefault(fold(link.name), set()).add(entry)
            target = self._bearer(link.name)
            known = self.nx.succ[entry].get(target, {})
            if target and target != entry and link.type not in known:
                self.nx.add_edges_from([(entry, target, {link.type: link.link})])

    def _bearer(self, name: str) -> str:
        bearers = self._named.get(fold(name), set())
        for kind in _PRECEDENCE:
            fitting = [one for one in bearers if self.node(one).type == kind]
            if fitting:
                return fitting[0] if len(fitting) == 1 else ""
        return ""

    def _put(self, name: str, node: Node, stale: set[str]) -> None:
        known = self.nx.nodes[name]["node"] if name in self.nx else None
        self.nx.add_node(name, node=node)
        before = _names_of(known) if known else set()
        after = _names_of(node)
        for key in before - after:
            self._named[key].discard(name)
            if not self._named[key]:
                del self._named[key]
        for key in after - before:
            self._named.setdefault(key, set()).add(name)
        stale.update(one for key in before ^ after for one in self._naming.get(key, ()))

    def _remove(self, name: str, stale: set[str]) -> None:
        self._put(name, Node("document", ""), stale)  # which bears no name
        self.nx.remove_node(name)

    def _prune(self, name: str, stale: set[str]) -> None:
        """Whatever has no row of its own is there for as long as something leads to it."""
        if name not in self.nx or name.startswith(TOPIC):
            return
        if name.startswith(THING):
            held = any(self._holds(other, links) for other, links in self.nx.pred[name].items())
        else:
            node = self.node(name)
            held = (node.type == "entry" and node.kind != "missing") or self.degree(name) > 0
        if not held:
            self._remove(name, stale)

    def _holds(self, source: str, links: dict[str, Link]) -> bool:
        """Does it lead to a thing by more than its name?"""
        named = [link.link for link in self._links.get(source, ())]
        return any(
            kind in links and not any(links[kind] is link for link in named)
            for kind in _HOLDS_THING
        )

    def _name_things(self, things: set[int], stale: set[str]) -> None:
        for name, node in rows.things(self._journal, things):
            if name in self.nx:
                self._put(name, node, stale)

    # -- folders

    def _move(self, entry: str, folder: str, at: str, stale: set[str]) -> None:
        was = self._folders.pop(entry, "")
        if folder:
            self._folders[entry] = folder
            self._fill(folder, stale)
            self._add(rows.folder_edge(entry, at, folder), stale)
        if was:
            self._empty(was, stale)

    def _fill(self, folder: str, stale: set[str]) -> None:
        self._children[folder] += 1
        if self._children[folder] > 1:
            return
        self._put(topic_node(folder), default_node(topic_node(folder)), stale)
        parent = folder.rpartition("/")[0]
        if parent:
            self._fill(parent, stale)
            self._add(rows.folder_edge(topic_node(folder), "", parent), stale)

    def _empty(self, folder: str, stale: set[str]) -> None:
        self._children[folder] -= 1
        if self._children[folder]:
            return
        del self._children[folder]
        self._remove(topic_node(folder), stale)
        parent = folder.rpartition("/")[0]
        if parent:
            self._empty(parent, stale)

    # -- all at once

    def _load(self) -> None:
        journal = self._journal
        shown = {name: (node, folder, links) for name, node, folder, links in rows.entries(journal)}
        for name, (node, folder, _) in shown.items():
            self._bear(name, node)
            if folder:
                self._folders[name] = folder
        abouts = (rows.about_edge(name, node) for name, (node, _, _) in shown.items())
        found = [edge for edge in rows.relation_edges(journal) if edge[0] in shown]
        found += [edge for name, (_, _, links) in shown.items()
                  for edge in rows.link_edges(name, links)]  # fmt: skip
        self._join(
            (rows.folder_edge(name, shown[name][0].at, folder)
             for name, folder in self._folders.items()),
            self._fill_all(),
            rows.mention_edges(journal),
            (edge for edge in abouts if edge),
            (edge for edge in rows.source_edges(journal) if edge[0] in shown),
            (edge for edge in found if not isinstance(edge, Named)),
        )  # fmt: skip
        self._name_all()
        named: dict[str, list[Named]] = {}
        for edge in found:
            if isinstance(edge, Named):
                named.setdefault(edge.source, []).append(edge)
        for name, links in named.items():
            self._name(name, links)

    def _fill_all(self) -> list[Edge]:
        """Count what is in each folder; the edges from folders to the folders around them."""
        self._children = Counter(self._folders.values())
        edges, waiting = [], list(self._children)
        for folder in waiting:
            parent = folder.rpartition("/")[0]
            if parent:
                edges.append(rows.folder_edge(topic_node(folder), "", parent))
                self._children[parent] += 1
                if self._children[parent] == 1:
                    waiting.append(parent)
        return edges

    def _join(self, *edges: Iterable[Edge]) -> None:
        """As networkx does it, but without its checks and copies: half of the time to load."""
        things = dict(rows.things(self._journal))
        after, before = self.nx._succ, self.nx._pred
        last, reached = "", dict[str, dict[str, Link]]()
        for source, target, links in chain(*edges):
            if source != last:
                if source not in after:
                    self._bear(source, things.get(source) or default_node(source))
                last, reached = source, after[source]
            if target not in after:
                self._bear(target, things.get(target) or default_node(target))
            if target in reached:
                reached[target].update(links)
            elif source != target:
                reached[target] = before[target][source] = links

    def _bear(self, name: str, node: Node) -> None:
        self.nx._node[name] = {"node": node}
        self.nx._succ[name], self.nx._pred[name] = {}, {}

    def _name_all(self) -> None:
        for name, data in self.nx._node.items():
            for key in _names_of(data["node"]):
                self._named.setdefault(key, set()).add(name)


def _entry_edges(journal: Journal, entry: str, node: Node) -> list[Edge]:
    about = rows.about_edge(entry, node)
    return [*([about] if about else []), *rows.source_edges(journal, entry)]


def _names_of(node: Node) -> set[str]:
    if node.type == "document" or not node.title:
        return set()
    if node.type == "topic":
        return {fold(node.title), fold(node.title.rpartition("/")[2])}
    return {fold(node.title)}


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hundreds of thousands of objects that all stay: the collector would walk them again and
    again, for half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # else the first thing done now were to look all of it through
        if was_on:
            gc.enable()
