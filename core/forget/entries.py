"""Entries that go, and entries that merely lose a source: in the tree, its history, its catalogue.

Called while a forgetting is carried out; every step can be repeated. What stays is written anew
without the words that go, and its history is made to have been so all along.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from cairn.core.curation import Curation
from cairn.core.errors import ConfigError
from cairn.core.forget.lessening import Going, Spans, lessened, loses_name
from cairn.core.forget.lineage import versions
from cairn.core.forget.scope import Scope
from cairn.core.journal import Journal
from cairn.core.memory import Memory
from cairn.core.records import Entry
from cairn.core.redact import redact
from cairn.core.tombstones import Tombstones
from cairn.core.tree import catalogue, deeds
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.curate.reconcile import claim_key
from cairn.core.tree.markdown import Broken, parse, render, revise
from cairn.core.tree.tree import Changed, Tree
from cairn.core.uris import file_uri


class Entries:
    def __init__(self, journal: Journal, memory: Memory, curation: Curation) -> None:
        self._journal = journal
        self._memory = memory
        self._tree: Tree = memory.tree
        self._curation = curation
        self._tombstones = Tombstones(journal)

    def places(self, id: str) -> set[str]:
        """All paths that its files ever had."""
        sql = "SELECT path_before, path_after FROM changes WHERE entry = ?"
        found = {str(path) for row in self._journal.read(sql, id) for path in row if path}
        filed = self._tree.catalogue.get(id)
        return found | set(self.doubles(id)) | ({filed.path} if filed else set())

    def paths(self, scope: Scope) -> list[str]:
        """The same of all that go or lose something."""
        ids = [*scope.entries, *(id for id, _ in scope.parting)]
        return sorted({path for id in ids for path in self.places(id)})

    def doubles(self, id: str) -> list[str]:
        """Files that a file syncer made of it."""
        copies = (each.path for each in self._tree.catalogue.troubles() if each.code == "duplicate")
        return [path for path in copies if self._has(path, id)]

    def _has(self, path: str, id: str) -> bool:
        try:
            text = self._tree.files.read(path)
            return text is not None and parse(text, "", "").id == id
        except Broken:
            return False

    def claims(self, ids: Iterable[str]) -> Iterator[str]:
        """What must not be proposed again: in the words that it ever had, and where it stood."""
        for id in ids:
            yield from {claim_key(each.kind, each.body) for each in versions(self._tree, id)}
            rows = self._journal.read("SELECT key FROM proposals WHERE entry = ?", id)
            yield from (str(key) for (key,) in rows)

    # -- what goes

    def erase(self, ids: Iterable[str]) -> set[str]:
        """All that there is of these; the paths where they lay."""
        gone: set[str] = set()
        for id in ids:
            with self._tree.lock:
                places = self.places(id)
                self._part(id)
                self._erase(id, places)
            self._tree.noted([id])
            gone |= places
        return gone

    def _part(self, id: str) -> None:
        """Others lose their relation to it."""
        for other in self._tree.catalogue.relating_to(id):
            try:
                reason = "what it was related to was forgotten"
                self._tree.commit([deeds.part(self._tree, other.entry.id, id, reason)])
            except Changed:
                self._memory.notice()  # the user is at it, and it says what the file says

    def _erase(self, id: str, places: Collection[str]) -> None:
        tree = self._tree
        filed = tree.catalogue.get(id)
        for path in {*self.doubles(id), *([filed.path] if filed else ())}:
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
            db.execute("DELETE FROM proposals WHERE entry = ?", (id,))
            db.execute("DELETE FROM answered WHERE instr(cites, ?)", (json.dumps(id),))
            db.execute("DELETE FROM feedback WHERE instr(cites, ?)", (json.dumps(id),))

    # -- what stays, with less

    def thin(self, scope: Scope) -> set[str]:
        """Take the sources and sentences away that go; the paths that changed."""
        touched: set[str] = set()
        going = Going.of(scope.said)
        for id, uris in scope.parting:
            with self._tree.lock:
                filed = self._tree.catalogue.get(id)
                if filed is None:
                    continue
                spans = self._spans(going.from_entry(id, uris))
                path = self._path_of(filed, partial(lessened, lost=uris, spans=spans))
                touched |= {filed.path, path}
                self._rewrite(filed, path, self._text(filed, set(uris), spans), set(uris))
            self._tree.noted([id])
        return touched

    def _spans(self, named: Spans) -> Spans:
        """Also of what differs in a letter, by what is barred."""
        return lambda text: [*named(text), *self._tombstones.spans(text, "")]

    def _text(self, filed: Filed, uris: Collection[str], spans: Spans) -> str:
        """The file as its user formatted it, unless what goes stands where entries have nothing."""
        try:
            text = self._tree.files.read(filed.path) or render(filed.entry)
            was = parse(text, filed.entry.id, filed.entry.title)
            text = revise(text, was, lessened(was, uris, spans))
            return render(parse(text, was.id, "")) if spans(text) else text
        except Broken:
            return render(lessened(filed.entry, uris, spans))

    def _path_of(self, filed: Filed, less: Callable[[Entry], Entry]) -> str:
        """A name made of a title that goes is one that goes."""
        if not loses_name(filed.path, versions(self._tree, filed.entry.id), less):
            return filed.path
        from cairn.core.tree.entries import free_path

        return free_path(filed.folder, less(filed.entry).title, self._tree.is_taken)

    def _rewrite(self, filed: Filed, path: str, text: str, uris: set[str]) -> None:
        """Written before what it was goes, so that nothing is lost whenever it is killed."""
        id, tree = filed.entry.id, self._tree
        tree.files.write(path, text)
        stamp = tree.files.stamp(path)
        if stamp is None:
            raise ConfigError(f"{path} is no file of the tree", "")
        if path != filed.path:
            tree.files.remove(filed.path)
        new = Filed(parse(text, id, ""), path, catalogue.text_hash(text), stamp)
        with self._journal.write() as db:
            catalogue.put(db, new)
            self._curation.reviews.forget([id], db=db)
            _say_it_was_so(db, id, path, text)
            _drop_evidence(db, id, uris)


def _say_it_was_so(db: sqlite3.Connection, id: str, path: str, text: str) -> None:
    """History has the entry as it is now: going back in time must not bring back what went."""
    kept = redact(text)
    for was in ("before", "after"):
        sql = (
            f"UPDATE changes SET {was} = ?, path_{was} = ?, exact = ? "
            f"WHERE entry = ? AND path_{was} != ''"
        )
        db.execute(sql, (kept.text, path, int(not kept.found), id))


def _drop_evidence(db: sqlite3.Connection, id: str, uris: set[str]) -> None:
    sql = (
        "SELECT id, evidence FROM operations WHERE id IN "
        "(SELECT operation FROM changes WHERE entry = ?)"
    )
    for number, evidence in db.execute(sql, (id,)).fetchall():
        kept = [uri for uri in json.loads(evidence) if uri not in uris]
        sql = "UPDATE operations SET reason = '', evidence = ? WHERE id = ?"
        db.execute(sql, (json.dumps(kept), number))


def above(path: str) -> Iterator[str]:
    """The folders that a path is in, and the root as ""."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def uris_of(tree: Tree, paths: Iterable[str]) -> list[str]:
    return [file_uri(tree.files.path(path)) for path in paths]
