"""A scope → the plan as a person sees it: every copy, which entries go or lose something, and
what stays.

Called before anything is erased. Nothing is changed here; what can't be reached is named.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from cairn.core.curation import Curation
from cairn.core.forget.entries import Entries, above
from cairn.core.forget.lineage import versions
from cairn.core.forget.remains import backups, earlier_homes, git_of, within
from cairn.core.forget.rows import Rows, parts
from cairn.core.forget.scope import Aim, Scope
from cairn.core.home import Home
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.memory import Memory
from cairn.core.records import digest, document_id
from cairn.core.tree.life.profile import NAME
from cairn.core.tree.place.summaries import FILE
from cairn.core.uris import uri_path

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Copy:
    """One place that holds something of what is to be forgotten."""

    where: str
    """In words: `the tree`, `its history`, …"""
    count: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ForgetPlan:
    title: str
    """What the selector was taken for."""
    scope: Scope
    copies: tuple[Copy, ...]
    going: tuple[str, ...]
    """Titles of entries that rest on nothing else."""
    losing: tuple[str, ...]
    """Titles of entries that lose a source, or their relation to it."""
    quotes: tuple[str, ...]
    """The first of the sentences that go."""
    stays: tuple[str, ...]
    """What is not touched, in words."""
    aim: Aim | None = None
    seen: int = -1
    """Changes of the journal when it was made: whatever came in since is not in it."""

    @property
    def mark(self) -> str:
        """The same for the same plan: what is erased is what was shown."""
        told = asdict(self.scope) | {"id": ""}
        return digest(json.dumps(told), size=8)


class Preview:
    def __init__(
        self,
        home: Home,
        journal: Journal,
        memory: Memory,
        curation: Curation,
        entries: Entries,
        rows: Rows,
        index: Callable[[], Index],
    ) -> None:
        self._home = home
        self._journal = journal
        self._memory = memory
        self._curation = curation
        self._entries = entries
        self._rows = rows
        self._index = index

    def __call__(self, title: str, scope: Scope) -> ForgetPlan:
        filed = self._memory.tree.catalogue.many([*scope.entries, *(id for id, _ in scope.parting)])
        titles = {id: each.entry.title for id, each in filed.items()}
        losing = [titles[id] for id, _ in scope.parting if id in titles]
        losing += [
            each.entry.title
            for id in scope.entries
            for each in self._memory.tree.catalogue.relating_to(id)
            if each.entry.id not in scope.entries
        ]
        return ForgetPlan(
            title, scope, tuple(each for each in self._copies(scope) if each.count),
            tuple(titles[id] for id in scope.entries if id in titles),
            tuple(dict.fromkeys(losing)),
            tuple(dict.fromkeys(" ".join(text.split()) for _, text in scope.said))[:_SHOWN],
            tuple(self._stays(scope)),
        )  # fmt: skip

    def _copies(self, scope: Scope) -> Iterable[Copy]:
        count, tree = self._rows.count, self._memory.tree
        here = [uri for uri in scope.places if self._journal.file(uri)]
        documents = [document_id(uri) for uri in parts(scope, self._journal)]
        stored = self._index().table.stored(documents) if documents else {}
        paths = [p for id in scope.entries for p in self._entries.places(id) if p]
        yield Copy("the list of files", len(here), ", ".join(here[:_SHOWN]))
        yield Copy("passages and their vectors", sum(map(len, stored.values())))
        yield Copy("files that stay and lose sentences", len(scope.thinned),
                   ", ".join(scope.thinned[:_SHOWN]))  # fmt: skip
        yield Copy("whole conversations", len(scope.chats), ", ".join(scope.chats[:_SHOWN]))
        yield Copy("turns of conversations", sum(len(each) for _, each in scope.turns))
        yield Copy("turns that lose sentences", sum(len(each) for _, each in scope.trimmed))
        yield Copy("sentences, wherever they stand", len({text for _, text in scope.said}))
        yield Copy("entries of the tree", len(scope.entries), ", ".join(sorted(paths)[:_SHOWN]))
        yield Copy("entries that stay and lose some of it", len(scope.parting))
        ids = [*scope.entries, *(id for id, _ in scope.parting)]
        yield Copy("their history and undo", sum(count("changes WHERE entry = ?", id)
                                                 for id in ids))  # fmt: skip
        yield Copy("files with the same id", sum(len(self._entries.doubles(id))
                                                 for id in scope.entries))  # fmt: skip
        asked = {each.id for id in ids for each in self._curation.reviews.about(id)}
        yield Copy("open and answered questions", len(asked))
        folders = {above_it for path in paths for above_it in above(path)}
        pages = [each for each in folders if (tree.files.root / each / "_context.md").exists()]
        yield Copy("summaries of folders and your profile, written anew", len(pages))
        yield Copy("names in the graph", sum(
            count("mentions WHERE container = ?", each) for each in (*scope.places, *ids)
        ))  # fmt: skip
        yield Copy(
            "events of files",
            sum(count("events WHERE uri = ? OR was = ?", uri, uri) for uri in scope.places)
            + (count("events WHERE at >= ? AND at < ?", *scope.between) if scope.between[0] else 0),
        )
        yield Copy("conversations with cairn itself", len(self._rows.own(scope)))
        yield Copy("what you said of answers", len(self._rows.judged(scope)))
        yield Copy("what was answered lately, and runs of your benchmark",
                   count("answered") + count("self_tests"))  # fmt: skip
        yield Copy("the index's old versions, its shelf and its snapshot", 1)
        aside = [path.name for path in within(self._home)]
        yield Copy("earlier copies in the home, whole", len(aside), ", ".join(aside))

    def _stays(self, scope: Scope) -> Iterable[str]:
        there = [uri for uri in scope.places if uri_path(uri).exists()]
        if there or scope.thinned:
            yield "your own files, which are only read: " + ", ".join(
                str(uri_path(uri)) for uri in [*there, *scope.thinned][:_SHOWN]
            )
        sources = {
            source.uri
            for id in (scope.entries if scope.kind == "entry" else ())
            for entry in list(versions(self._memory.tree, id))[-1:]
            for source in entry.sources
        }
        yield from (f"where it came from: {uri}" for uri in sorted(sources))
        if scope.kind == "person":
            yield "what others say of them, and entries about others too"
        if scope.kind not in ("words", "passage", "turns", "entry"):
            yield "sentences that others say as well"
        if command := git_of(self._memory.tree.files.root, self._pages(scope)):
            yield f"the tree's git history, until you rewrite it afterwards: `{command}`"
        for told in (*backups(self._journal), *earlier_homes(self._home)):
            yield f"{told}, which still has it"

    def _pages(self, scope: Scope) -> list[str]:
        """All paths in the tree that tell of it, or ever did."""
        paths = self._entries.paths(scope)
        told = {f"{folder}/{FILE}".lstrip("/") for path in paths for folder in above(path)}
        return sorted({*paths, *told, NAME}) if paths else []
