"""What is known of the entries: rows of the journal that follow the files of the tree.

Written by the tree in the transaction of the operation that changed a file, read by everybody who
asks for entries. Derived: a scan of the tree makes it anew.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

from cairn.core.journal import Journal
from cairn.core.records import ENTRY_KINDS, Entry, Relation, Source, digest
from cairn.core.redact import redact
from cairn.core.tree.files import Stamp, is_archived, spot
from cairn.core.uris import container

_MANY = 400


@dataclass(frozen=True, slots=True)
class Filed:
    """An entry and its file."""

    entry: Entry
    path: str
    """Relative to the tree."""
    hash: str
    """Of the file's whole text, as it stands there."""
    stamp: Stamp

    @property
    def is_archived(self) -> bool:
        return is_archived(self.path)

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file of the tree that is no entry, though it should be."""

    path: str
    code: str
    """`broken`, or `duplicate` of an id that another file has."""
    reason: str


def text_hash(text: str) -> str:
    return digest(text)


def about(subject: str, attribute: str) -> str:
    """What two statements must share for one to supersede the other; "" when it can't be said."""
    if not subject or not attribute:
        return ""
    return f"{subject}\x1f{attribute}".casefold()


class Catalogue:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def get(self, id: str) -> Filed | None:
        return next(iter(self._where("id = ?", id)), None)

    def at(self, path: str) -> Filed | None:
        return next(iter(self._where("path = ?", path)), None)

    def holder(self, path: str) -> str:
        """The id of the entry at this path, or at one that some system takes for the same."""
        rows = self._journal.read("SELECT id FROM entries WHERE spot = ?", spot(path))
        return str(rows[0][0]) if rows else ""

    def many(self, ids: Iterable[str]) -> dict[str, Filed]:
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Filed] = {}
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            marks = ", ".join("?" * len(part))
            found |= {each.entry.id: each for each in self._where(f"id IN ({marks})", *part)}
        return found

    def all(self, below: str = "", *, kind: str = "", archived: bool = True) -> Iterator[Filed]:
        """Every entry at or below a folder, by path."""
        where = ["1"] if archived else ["archived = 0"]
        where += ["kind = ?"] if kind else []
        values: list[object] = [kind] if kind else []
        if below:
            where.append("path >= ? AND path < ?")
            values += [below.rstrip("/") + "/", below.rstrip("/") + "0"]
        ids = self._journal.read(
            f"SELECT id FROM entries WHERE {' AND '.join(where)} ORDER BY path", *values
        )
        for start in range(0, len(ids), _MANY):
            part = [str(id) for (id,) in ids[start : start + _MANY]]
            found = self.many(part)
            yield from (found[id] for id in part if id in found)

    def about(self, subject: str, attribute: str) -> list[Filed]:
        """What is said of the same, the oldest first."""
        key = about(subject, attribute)
        return self.about_any([key] if key else [])

    def about_any(self, keys: Sequence[str]) -> list[Filed]:
        """The same of what is written in several ways: `keys` are those of `about`."""
        found: list[Filed] = []
        for start in range(0, len(keys), _MANY):
            part = keys[start : start + _MANY]
            marks = ", ".join("?" * len(part))
            found += self._where(f"about IN ({marks}) AND archived = 0", *part)
        return sorted(found, key=lambda each: (each.entry.valid_from, each.entry.id))

    def of_subject(self, subject: str, kind: str, limit: int = 200) -> list[Filed]:
        """Entries of a kind about somebody or something, the latest first."""
        return self._where(
            "kind = ? AND subject = ? COLLATE NOCASE ORDER BY valid_from DESC, id LIMIT ?",
            kind, subject, limit,
        )  # fmt: skip

    def stating(self, subjects: Sequence[str], limit: int = 200) -> list[Filed]:
        """What gives a property of any of these."""
        kinds, marks = (", ".join("?" * len(each)) for each in (ENTRY_KINDS, subjects))
        return self._where(
            f"kind IN ({kinds}) AND subject COLLATE NOCASE IN ({marks}) AND attribute != '' "
            "AND archived = 0 ORDER BY id LIMIT ?",
            *ENTRY_KINDS, *subjects, limit,
        )  # fmt: skip

    def from_source(self, uri: str) -> list[Filed]:
        """Entries that rest on this document or conversation, or on something in it."""
        rows = self._journal.read(
            "SELECT DISTINCT entry FROM entry_sources WHERE container = ?", container_of(uri)
        )
        return list(self.many(str(id) for (id,) in rows).values())

    def resting_at(self, places: Mapping[str, Sequence[str] | None]) -> dict[str, list[Filed]]:
        """Entries by the document or conversation that they rest on; of one for which addresses
        are named, such as turns, only those that rest on these."""
        ids: dict[str, list[str]] = {}
        for place, uris in places.items():
            for start in range(0, len(uris) if uris is not None else 1, _MANY):
                part = uris[start : start + _MANY] if uris is not None else ()
                marks = f" AND uri IN ({', '.join('?' * len(part))})" if part else ""
                sql = f"SELECT DISTINCT entry FROM entry_sources WHERE container = ?{marks}"
                rows = self._journal.read(sql, place, *part)
                ids.setdefault(place, []).extend(str(id) for (id,) in rows)
        filed = self.many(id for each in ids.values() for id in each)
        return {
            place: [filed[id] for id in dict.fromkeys(each) if id in filed]
            for place, each in ids.items()
        }

    def curated_sources(self, paths: Iterable[str]) -> dict[str, list[Source]]:
        """What the entries at these paths rest on, those that a user wrote left out."""
        wanted = list(dict.fromkeys(paths))
        found: dict[str, list[Source]] = {}
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            marks = ", ".join("?" * len(part))
            sql = (
                "SELECT path, uri, quote, who, at, entry_sources.hash FROM entries "
                f"JOIN entry_sources ON entry = id WHERE path IN ({marks}) AND author != 'user' "
                "ORDER BY path, ordinal"
            )
            for path, *row in self._journal.read(sql, *part):
                found.setdefault(str(path), []).append(Source(*map(str, row)))
        return found

    def thrown_out(self, containers: Iterable[str]) -> list[Filed]:
        """What a person has called wrong, of what rests on these documents and conversations."""
        wanted = list(dict.fromkeys(containers))
        found: list[str] = []
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            marks = ", ".join("?" * len(part))
            sql = (
                "SELECT DISTINCT entry FROM entry_sources JOIN entries ON entry = id "
                f"WHERE archived = 1 AND container IN ({marks})"
            )
            found += [str(id) for (id,) in self._journal.read(sql, *part)]
        return list(self.many(self.rejected(found)).values())

    def rejected(self, ids: Iterable[str]) -> list[str]:
        """Those of these that are not to be proposed again."""
        wanted = frozenset(ids)
        if not wanted:
            return []
        rows = self._journal.read("SELECT entry FROM proposals WHERE state = 'rejected'")
        return sorted(wanted & {str(id) for (id,) in rows})

    def containers(self, prefix: str) -> list[str]:
        """What entries rest on, of the addresses that begin like this."""
        sql = "SELECT DISTINCT container FROM entry_sources WHERE container >= ? AND container < ?"
        return [str(uri) for (uri,) in self._journal.read(sql, prefix, prefix + "\U0010ffff")]

    def rested_on(self, containers: Iterable[str]) -> list[str]:
        """The very addresses in these documents and conversations that entries rest on."""
        wanted = list(dict.fromkeys(containers))
        found: list[str] = []
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            marks = ", ".join("?" * len(part))
            sql = f"SELECT DISTINCT uri FROM entry_sources WHERE container IN ({marks})"
            found += [str(uri) for (uri,) in self._journal.read(sql, *part)]
        return found

    def quoting(self, hash: str) -> list[Filed]:
        """Entries that rest on the same words, wherever they stand."""
        if not hash:
            return []
        rows = self._journal.read("SELECT DISTINCT entry FROM entry_sources WHERE hash = ?", hash)
        return list(self.many(str(id) for (id,) in rows).values())

    def named(self, title: str) -> list[Filed]:
        """By id, path, file name or title, whatever somebody types."""
        stem = title.removesuffix(".md")
        exact = self._where("id = ? OR path = ? OR path = ?", title, title, stem + ".md")
        if exact:
            return exact
        by_title = self._where("title = ? COLLATE NOCASE", title)
        end = f"/{stem}.md"
        return by_title or self._where("substr(path, ?) = ?", -len(end), end)

    def titled(self, title: str, kind: str) -> list[Filed]:
        """What is about whoever or whatever has this name."""
        where = "kind = ? AND archived = 0 AND title = ? COLLATE NOCASE ORDER BY id"
        return self._where(where, kind, title)

    def called(self, words: str, most: int = 20) -> list[Filed]:
        """Entries in whose title or other names all of these words stand."""
        parts = re.findall(r"[^\W_]+", words.casefold())[:8]
        if not parts:
            return []
        one = "(title LIKE ? ESCAPE '\\' OR aliases LIKE ? ESCAPE '\\')"
        where = " AND ".join([one] * len(parts))
        values = [f"%{part}%" for part in parts for _ in range(2)]
        return self._where(f"{where} AND archived = 0 ORDER BY path LIMIT ?", *values, most)

    def relating_to(self, id: str) -> list[Filed]:
        sql = "SELECT DISTINCT entry FROM entry_relations WHERE target = ? AND entry != target"
        return list(self.many(str(each) for (each,) in self._journal.read(sql, id)).values())

    def successors(self, ids: Iterable[str]) -> dict[str, Filed]:
        """The entry that supersedes each of these, where one does."""
        wanted = list(dict.fromkeys(ids))
        newer: dict[str, str] = {}
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            marks = ", ".join("?" * len(part))
            rows = self._journal.read(
                "SELECT target, entry FROM entry_relations WHERE type = 'supersedes' "
                f"AND target IN ({marks}) AND target != entry ORDER BY entry",
                *part,
            )
            newer |= {str(old): str(new) for old, new in rows}
        filed = self.many(newer.values())
        return {old: filed[new] for old, new in newer.items() if new in filed}

    def count(self) -> tuple[int, int]:
        """How many entries, and how many of them in the archive."""
        rows = self._journal.read("SELECT count(*), coalesce(sum(archived), 0) FROM entries")
        return int(str(rows[0][0])), int(str(rows[0][1]))

    def stamps(self) -> dict[str, tuple[str, Stamp]]:
        """Of each path the entry's id and the file's stamp when it was last read."""
        rows = self._journal.read("SELECT path, id, size, mtime_ns FROM entries")
        return {str(p): (str(id), Stamp(int(str(s)), int(str(m)))) for p, id, s, m in rows}

    def _where(self, where: str, *values: object) -> list[Filed]:
        rows = self._journal.read(f"SELECT {_COLUMNS} FROM entries WHERE {where}", *values)
        ids = [str(row[0]) for row in rows]
        sources, relations = self._sources(ids), self._relations(ids)
        return [
            _filed(row, sources.get(id, ()), relations.get(id, ()))
            for id, row in zip(ids, rows, strict=True)
        ]

    def _sources(self, ids: Sequence[str]) -> dict[str, tuple[Source, ...]]:
        sql = "SELECT entry, uri, quote, who, at, hash FROM entry_sources WHERE entry"
        return {id: tuple(Source(*row) for row in rows) for id, rows in self._of(sql, ids).items()}

    def _relations(self, ids: Sequence[str]) -> dict[str, tuple[Relation, ...]]:
        sql = "SELECT entry, type, target FROM entry_relations WHERE entry"
        return {
            id: tuple(Relation(*row) for row in rows) for id, rows in self._of(sql, ids).items()
        }

    def _of(self, sql: str, ids: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
        found: dict[str, list[tuple[Any, ...]]] = {}
        for start in range(0, len(ids), _MANY):
            part = ids[start : start + _MANY]
            marks = ", ".join("?" * len(part))
            for id, *row in self._journal.read(f"{sql} IN ({marks}) ORDER BY ordinal", *part):
                found.setdefault(str(id), []).append(tuple(row))
        return found

    # -- troubles

    def troubles(self) -> list[Trouble]:
        rows = self._journal.read("SELECT path, code, reason FROM tree_troubles ORDER BY path")
        return [Trouble(str(path), str(code), str(reason)) for path, code, reason in rows]


def container_of(uri: str) -> str:
    return container(uri.partition("#")[0])


def put(db: sqlite3.Connection, filed: Filed) -> None:
    """Store what a file says; secrets that its user wrote into it stay there."""
    entry = _without_secrets(filed.entry)
    drop(db, entry.id)
    values = (
        entry.id, filed.path, filed.hash, filed.stamp.size, filed.stamp.mtime_ns,
        entry.kind, entry.title, entry.body, entry.subject, entry.attribute, entry.value,
        entry.created, entry.valid_from, entry.valid_until, entry.origin,
        entry.author, _json(entry.tags), _json(entry.aliases), _json(entry.links),
        int(filed.is_archived), about(entry.subject, entry.attribute), spot(filed.path),
    )  # fmt: skip
    marks = ", ".join("?" * len(values))
    db.execute(f"INSERT INTO entries({_COLUMNS}, archived, about, spot) VALUES ({marks})", values)
    db.executemany(
        "INSERT INTO entry_sources VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (entry.id, number, container_of(source.uri), source.uri, source.quote, source.who,
             source.when, source.hash)
            for number, source in enumerate(entry.sources)
        ],
    )  # fmt: skip
    db.executemany(
        "INSERT INTO entry_relations VALUES (?, ?, ?, ?)",
        [(entry.id, number, each.type, each.to) for number, each in enumerate(entry.relations)],
    )
    db.execute("DELETE FROM tree_troubles WHERE path = ?", (filed.path,))


def drop(db: sqlite3.Connection, id: str) -> None:
    db.execute("DELETE FROM entries WHERE id = ?", (id,))
    db.execute("DELETE FROM entry_sources WHERE entry = ?", (id,))
    db.execute("DELETE FROM entry_relations WHERE entry = ?", (id,))


def _without_secrets(entry: Entry) -> Entry:
    if not redact("\n".join(_texts(astuple(entry)))).found:
        return entry
    cleaned: dict[str, Any] = {
        name: _clean(value) if isinstance(value, str) else tuple(map(_clean, value))
        for name in _TYPED
        for value in [getattr(entry, name)]
    }
    cleaned["relations"] = tuple(Relation(*map(_clean, astuple(each))) for each in entry.relations)
    cleaned["sources"] = tuple(Source(*map(_clean, astuple(each))) for each in entry.sources)
    return replace(entry, **cleaned)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)


def _clean(text: str) -> str:
    return redact(text).text


def _json(values: tuple[str, ...]) -> str:
    return json.dumps(values, ensure_ascii=False)


_TYPED = (
    "title", "kind", "body", "created", "tags", "valid_from", "valid_until", "subject",
    "attribute", "value", "aliases", "links",
)  # fmt: skip
"""What a user can type anything into; an id has no room for secrets."""
_COLUMNS = (
    "id, path, hash, size, mtime_ns, kind, title, body, subject, attribute, value, created, "
    "valid_from, valid_until, origin, author, tags, aliases, links"
)


def _filed(
    row: tuple[Any, ...], sources: tuple[Source, ...], relations: tuple[Relation, ...]
) -> Filed:
    (id, path, hash, size, mtime_ns, kind, title, body, subject, attribute, value, created,
     valid_from, valid_until, origin, author, tags, aliases, links) = row  # fmt: skip
    entry = Entry(
        id, title, kind, body, created, tuple(json.loads(tags)), valid_from, valid_until,
        relations, sources, origin, author, subject, attribute, value,
        tuple(json.loads(aliases)), tuple(json.loads(links)),
    )  # fmt: skip
    return Filed(entry, path, hash, Stamp(size, mtime_ns))
