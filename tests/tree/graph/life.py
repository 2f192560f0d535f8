"""A small journal for the tests of the graph, with rows as the catalogue writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from cairn.core.journal import Journal
from cairn.core.tree.graph.found import Found, ThingKind
from cairn.core.tree.graph.store import Things


class Life:
    def __init__(self, folder: Path) -> None:
        self.journal = Journal(folder / "journal.db")
        self.journal.read("PRAGMA synchronous = OFF")
        self.things = Things(self.journal)

    def entry(
        self, name: str, title: str = "", *, folder: str = "", kind: str = "fact",
        at: str = "2026-03-02", links: Iterable[str] = (), aliases: Iterable[str] = (),
        sources: Iterable[str] = (), relations: Iterable[tuple[str, str]] = (), archived: int = 0,
        stated: tuple[str, str, str] = ("", "", ""),
    ) -> None:  # fmt: skip
        """Add an entry, or replace it."""
        self.drop(name)
        path = f"{folder}/{name}.md" if folder else f"{name}.md"
        known = {
            "id": name, "path": path, "spot": path, "kind": kind, "title": title or name,
            "created": at, "valid_from": at, "archived": archived, "size": 0, "mtime_ns": 0,
            **dict(zip(("subject", "attribute", "value"), stated, strict=True)),
            "links": json.dumps(list(links)), "aliases": json.dumps(list(aliases)), "tags": "[]",
        }  # fmt: skip
        with self.journal.write() as db:
            columns = [str(row[1]) for row in db.execute("PRAGMA table_info(entries)")]
            row = [known.get(column, "") for column in columns]
            db.execute(f"INSERT INTO entries VALUES ({', '.join('?' * len(row))})", row)
            for number, uri in enumerate(sources):
                box = uri.partition("#")[0]
                db.execute("INSERT INTO entry_sources VALUES (?, ?, ?, ?, '', '', ?, '')",
                           (name, number, box, uri, at))  # fmt: skip
            for number, (kind, target) in enumerate(relations):
                db.execute("INSERT INTO entry_relations VALUES (?, ?, ?, ?)",
                           (name, number, kind, target))  # fmt: skip

    def drop(self, name: str) -> None:
        with self.journal.write() as db:
            db.execute("DELETE FROM entries WHERE id = ?", (name,))
            db.execute("DELETE FROM entry_sources WHERE entry = ?", (name,))
            db.execute("DELETE FROM entry_relations WHERE entry = ?", (name,))

    def says(
        self, container: str, *names: str, kind: ThingKind = "person", at: str = "2026-03-02"
    ) -> frozenset[str]:
        return self.things.note(container, people(container, *names, kind=kind, at=at))

    def who(self, container: str) -> set[str]:
        return {thing.name for thing in self.things.of(container)}

    def groups(self) -> set[tuple[str, ...]]:
        """Which spellings are one thing."""
        return {thing.spellings for thing in self.things.all()}

    def rows(self) -> tuple[object, ...]:
        """Everything that is kept of things."""
        return tuple(
            tuple(self.journal.read(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4"))
            for table in ("things", "thing_spellings", "mentions")
        )


def people(
    container: str, *names: str, kind: ThingKind = "person", at: str = "2026-03-02"
) -> list[Found]:
    return [Found(name, kind, f"{container}#t1", at) for name in names]
