"""Entries as the tree's tables have them, for tests of what reads them there."""

from __future__ import annotations

from dataclasses import replace

from cairn.core.journal import Journal
from cairn.core.records import Entry, Source


def entry(id: str, **fields: object) -> Entry:
    made = Entry(id, f"Title of {id}", "fact", f"Claim of {id}.", "2026-01-01", author="rules")
    return replace(made, **fields)  # type: ignore[arg-type]


def said(place: str, when: str, quote: str = "") -> Source:
    return Source(f"{place}#t1", quote or f"in {place}", when=when)


def keep(journal: Journal, *entries: Entry, archived: bool = False) -> None:
    with journal.write() as db:
        for each in entries:
            for table, column in (
                ("entries", "id"), ("entry_sources", "entry"), ("entry_relations", "entry"),
            ):  # fmt: skip
                db.execute(f"DELETE FROM {table} WHERE {column} = ?", (each.id,))
            columns = [str(row[1]) for row in db.execute("PRAGMA table_info(entries)")]
            known: dict[str, object] = {
                name: text for name in columns if isinstance(text := getattr(each, name, ""), str)
            }
            known |= {"path": f"{each.id}.md", "spot": each.id, "archived": int(archived)}
            db.execute(
                f"INSERT INTO entries VALUES ({', '.join('?' * len(columns))})",
                [known.get(name, "") for name in columns],
            )
            db.executemany(
                "INSERT INTO entry_sources VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(each.id, n, s.uri.partition("#")[0], s.uri, s.quote, s.who, s.when, s.hash)
                 for n, s in enumerate(each.sources)],
            )  # fmt: skip
            db.executemany(
                "INSERT INTO entry_relations VALUES (?, ?, ?, ?)",
                [(each.id, n, r.type, r.to) for n, r in enumerate(each.relations)],
            )
