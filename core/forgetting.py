"""An entry that is to be forgotten → a plan that shows every copy, and its erasure.

The engine's door to forgetting. Nothing is erased before its owner has seen the plan; afterwards
no text of it is left in the tree, its history, the journal or the index, and no curator makes it
again. The documents that it came from stay.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cairn.core.answer import feedback
from cairn.core.curation import Curation
from cairn.core.errors import ConfigError, NotFound
from cairn.core.journal import Journal
from cairn.core.memory import Memory
from cairn.core.records import Entry
from cairn.core.tree import catalogue, deeds
from cairn.core.tree.curate.reconcile import claim_key
from cairn.core.tree.markdown import Broken, parse
from cairn.core.tree.tree import Changed, Tree
from cairn.core.upkeep import Upkeep
from cairn.core.uris import file_uri

_UNDER_WAY = "forgetting"
"""What is being forgotten: ids, each with all places its files ever had."""
_SHORTEST = 4
"""A title of fewer letters stands for nothing in particular."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One place that holds something of what is to be forgotten."""

    where: str
    """In words: `the tree`, `its history`, …"""
    count: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ForgetPlan:
    entry: str
    title: str
    path: str
    copies: tuple[Copy, ...]
    losing: tuple[str, ...]
    """Titles of other entries that lose their relation to it."""
    sources: tuple[str, ...]
    """Addresses of the documents it came from, which are not touched."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased, without a word of it."""

    entry: str
    at: str
    copies: tuple[Copy, ...]


class Forgetting:
    def __init__(
        self,
        journal: Journal,
        memory: Memory,
        curation: Curation,
        upkeep: Upkeep,
        purge: Callable[[Iterable[str]], None],
    ) -> None:
        self._journal = journal
        self._memory = memory
        self._tree: Tree = memory.tree
        self._curation = curation
        self._upkeep = upkeep
        self._purge = purge
        """Drops documents and old versions of the index, which hold what was deleted from it."""

    def plan(self, name: str) -> ForgetPlan:
        """Also for an entry that is deleted, by its id: its history has it still."""
        id, entry, path = self._known(name)
        copies = (
            Copy("the tree", int(bool(path)), path),
            Copy("files with the same id", len(self._doubles(id)), ", ".join(self._doubles(id))),
            Copy("its history", self._count("changes WHERE entry = ?", id)),
            Copy("the catalogue and the index", 1),
            Copy("open and answered questions", len(self._curation.reviews.about(id))),
            Copy("conversations with cairn", len(list(self._told(id)))),
            Copy(
                "what you said of answers", len(feedback.about(self._journal, id, self._words(id)))
            ),
        )
        return ForgetPlan(
            id, entry.title, path, tuple(copy for copy in copies if copy.count),
            tuple(each.entry.title for each in self._tree.catalogue.relating_to(id)),
            tuple(source.uri for source in entry.sources),
        )  # fmt: skip

    def _known(self, name: str) -> tuple[str, Entry, str]:
        try:
            filed = self._memory.find(name)
            return filed.entry.id, filed.entry, filed.path
        except NotFound:
            versions = list(self._versions(name))
            if not versions:
                raise
            return name, versions[-1], ""

    def apply(self, plan: ForgetPlan) -> Receipt:
        """Erase what the plan names; what a crash interrupts is completed by `complete`."""
        id = plan.entry
        with self._tree.lock:
            self._tree.recover()
            if not self._tree.catalogue.get(id) and not self._count("changes WHERE entry = ?", id):
                raise ConfigError(f"there is nothing left of {id}", "")
            under_way = self._under_way() | {id: sorted(self._places(id))}
            self._journal.set_meta(_UNDER_WAY, json.dumps(under_way))
        self.complete()
        return Receipt(id, self._tree.now(), plan.copies)

    def complete(self) -> None:
        """Whatever is to be forgotten and is not yet; cheap when nothing is."""
        if not (under_way := self._under_way()):
            return
        for id, places in under_way.items():
            with self._tree.lock:
                places = sorted({*places, *self._places(id)})
                self._part(id)
                self._erase(id, places)
            self._tree.noted([id])
            self._upkeep.sum_up({above for path in places for above in _above(path)})
            self._upkeep.write_profile()
            uris = [file_uri(self._tree.files.path(path)) for path in places]
            self._purge(uris)
            with self._journal.write() as db:
                _erase_traces(db, uris)
        self._journal.set_meta(_UNDER_WAY, "{}")
        self._journal.read("PRAGMA wal_checkpoint(TRUNCATE)")

    def _under_way(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads(self._journal.get_meta(_UNDER_WAY, "{}"))
        return found

    def _places(self, id: str) -> set[str]:
        sql = "SELECT path_before, path_after FROM changes WHERE entry = ?"
        places = {str(path) for row in self._journal.read(sql, id) for path in row if path}
        filed = self._tree.catalogue.get(id)
        return places | set(self._doubles(id)) | ({filed.path} if filed else set())

    def _doubles(self, id: str) -> list[str]:
        """Files that a file syncer made of it."""
        copies = (each.path for each in self._tree.catalogue.troubles() if each.code == "duplicate")
        return [path for path in copies if self._has(path, id)]

    def _has(self, path: str, id: str) -> bool:
        try:
            text = self._tree.files.read(path)
            return text is not None and parse(text, "", "").id == id
        except Broken:
            return False

    def _part(self, id: str) -> None:
        """Others lose their relation to it."""
        reason = "what it was related to was forgotten"
        for other in self._tree.catalogue.relating_to(id):
            try:
                self._tree.commit([deeds.part(self._tree, other.entry.id, id, reason)])
            except Changed:
                self._memory.notice()  # the user is at it, and it says what the file says

    def _erase(self, id: str, places: Iterable[str]) -> None:
        tree = self._tree
        claims = {claim_key(entry.kind, entry.body) for entry in self._versions(id)}
        told = list(self._told(id))
        judged = feedback.about(self._journal, id, self._words(id))
        filed = tree.catalogue.get(id)
        for path in {*self._doubles(id), *([filed.path] if filed else ())}:
            tree.files.remove(path)
        for path in places:
            tree.files.clear(path)
        with self._journal.write() as db:
            self._curation.reviews.forget([id], db=db)
            catalogue.drop(db, id)
            for path in places:
                db.execute("DELETE FROM tree_troubles WHERE path = ?", (path,))
            sql = "UPDATE operations SET reason = '', evidence = '[]' WHERE id IN "
            db.execute(sql + "(SELECT operation FROM changes WHERE entry = ?)", (id,))
            db.execute("DELETE FROM changes WHERE entry = ?", (id,))
            db.execute("DELETE FROM signals WHERE entry = ?", (id,))
            db.execute("UPDATE proposals SET entry = '' WHERE entry = ?", (id,))
            sql = "INSERT OR REPLACE INTO proposals VALUES (?, '', 'rejected', '', ?)"
            db.executemany(sql, [(claim, tree.now()) for claim in sorted(claims)])
            _erase_turns(db, told)
            feedback.erase(db, judged)
            db.execute("DELETE FROM answered WHERE instr(cites, ?)", (json.dumps(id),))

    def _versions(self, id: str) -> Iterator[Entry]:
        """The entry as it was after each change, the latest last."""
        sql = "SELECT before, after FROM changes WHERE entry = ? ORDER BY operation, ordinal"
        for row in self._journal.read(sql, id):
            for text in filter(None, map(str, row)):
                try:
                    yield parse(text, id, "")
                except Broken:
                    continue

    def _told(self, id: str) -> Iterator[tuple[int, int]]:
        """Turns of conversations with cairn itself in which its title or a line of it stands."""
        words = self._words(id)
        rows = self._journal.read(
            "SELECT conversation, number, text FROM turns WHERE conversation IN "
            "(SELECT id FROM conversations WHERE kind = 'cairn')"
        )
        for conversation, number, text in rows:
            if any(word in str(text).casefold() for word in words):
                yield int(str(conversation)), int(str(number))

    def _words(self, id: str) -> set[str]:
        return {
            line.strip().casefold()
            for entry in self._versions(id)
            for line in (entry.title, *entry.aliases, *entry.body.splitlines())
            if len(line.strip()) >= _SHORTEST
        }

    def _count(self, where: str, *values: object) -> int:
        return int(str(self._journal.read(f"SELECT count(*) FROM {where}", *values)[0][0]))


def _above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _erase_turns(db: sqlite3.Connection, turns: Iterable[tuple[int, int]]) -> None:
    for conversation, number in turns:
        sql = "UPDATE turns SET text = '' WHERE conversation = ? AND number = ?"
        db.execute(sql, (conversation, number))
        db.execute("UPDATE conversations SET opening = '' WHERE id = ?", (conversation,))


def _erase_traces(db: sqlite3.Connection, uris: Iterable[str]) -> None:
    """Of files that are gone: that they were there, and what they were called."""
    for uri in uris:
        sql = "UPDATE events SET kind = '', uri = '', was = '', size = 0, delta = 0 "
        db.execute(sql + "WHERE uri = ? OR was = ?", (uri, uri))
        db.execute("DELETE FROM files WHERE uri = ?", (uri,))
        db.execute("DELETE FROM jobs WHERE key = ?", (uri,))
