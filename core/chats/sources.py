"""Which transcripts are followed: stores that the user allowed, and files that were imported.

The engine asks here what to watch, and queues what has changed since it was read. Nothing is read
here: a comparison costs one stat a file. Turns stay when their source goes.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.formats import format_of
from cairn.core.chats.stores import files_of
from cairn.core.journal import Journal, now, queue, take_number
from cairn.core.uris import file_uri, uri_path

READ_AS_CHAT = "conversations"
"""Why a file of a watched folder is not read as such."""


@dataclass(frozen=True, slots=True)
class Source:
    uri: str
    kind: str
    """Empty when each of its files tells for itself."""
    is_live: bool
    me: tuple[str, ...]
    """Names of the user in it."""

    @property
    def path(self) -> Path:
        return uri_path(self.uri)


@dataclass(frozen=True, slots=True)
class TranscriptRecord:
    """How far one transcript has been read, and what was found in it."""

    uri: str
    source: str
    kind: str
    seen: str
    state: dict[str, object]
    passed: dict[str, int]
    unknown: dict[str, int]
    version: str
    problem: str


class Sources:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def all(self) -> list[Source]:
        rows = self._journal.read("SELECT uri, kind, live, me FROM sources ORDER BY kind, uri")
        return [
            Source(str(uri), str(kind), bool(live), tuple(json.loads(str(me))))
            for uri, kind, live, me in rows
        ]

    def source(self, uri: str) -> Source | None:
        return next((source for source in self.all() if source.uri == uri), None)

    def add(self, kind: str, path: Path, *, live: bool, me: Iterable[str] = ()) -> Source:
        """Follow a store, or note an import; names of the user are added to those known."""
        uri = file_uri(path)
        known = self.source(uri)
        names = tuple(dict.fromkeys([*(known.me if known else ()), *me]))
        source = Source(uri, kind, live or bool(known and known.is_live), names)
        with self._journal.write() as db:
            db.execute(
                "INSERT INTO sources(uri, kind, live, me, added) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT(uri) DO UPDATE SET kind = excluded.kind, live = excluded.live, "
                "me = excluded.me",
                (uri, kind, int(source.is_live), json.dumps(names, ensure_ascii=False), now()),
            )
            if known and known.me != names:  # other turns are the user's own now
                db.execute("UPDATE transcripts SET state = '{}' WHERE source = ?", (uri,))
        return source

    def remove(self, uri: str) -> None:
        """Stop following; what was copied stays."""
        with self._journal.write() as db:
            sql = (
                "DELETE FROM jobs WHERE kind = 'transcript' AND key IN "
                "(SELECT uri FROM transcripts WHERE source = ?)"
            )
            db.execute(sql, (uri,))
            db.execute("DELETE FROM transcripts WHERE source = ?", (uri,))
            db.execute("DELETE FROM sources WHERE uri = ?", (uri,))

    def transcripts(self, source: str = "") -> Iterator[TranscriptRecord]:
        where = "WHERE source = ?" if source else ""
        sql = f"SELECT {_COLUMNS} FROM transcripts {where} ORDER BY uri"
        for row in self._journal.read(sql, *([source] if source else [])):
            yield _record(row)

    def transcript(self, uri: str) -> TranscriptRecord | None:
        rows = self._journal.read(f"SELECT {_COLUMNS} FROM transcripts WHERE uri = ?", uri)
        return _record(rows[0]) if rows else None

    def is_read(self, uri: str) -> bool:
        """Are this file's conversations in the archive, so that its text need not be read?"""
        record = self.transcript(uri)
        return record is not None and bool(record.seen) and not record.problem

    # -- what has changed

    def queue_changed(
        self, sources: Iterable[Source], *, urgent: bool = False, again: bool = False
    ) -> list[tuple[str, int]]:
        """Queue the transcripts that differ from what was read, with their sizes.

        `again` takes those too that seem to be the same.
        """
        queued = []
        for source in sources:
            known = {record.uri: record.seen for record in self.transcripts(source.uri)}
            changed = []
            for path in _transcripts(source):
                uri, seen = file_uri(path), look(path)
                if seen and (again or known.get(uri) != seen):
                    changed.append((uri, path))
            if not changed:
                continue
            with self._journal.write() as db:
                event = take_number(db)
                for uri, path in changed:
                    sql = "INSERT OR IGNORE INTO transcripts(uri, source, kind) VALUES (?, ?, ?)"
                    db.execute(sql, (uri, source.uri, source.kind))
                    queue(db, "transcript", uri, event, int(urgent))
                    queued.append((uri, _size(path)))
        return queued

    def concerned(self, paths: Iterable[Path]) -> list[Source]:
        """The live sources that changed paths belong to."""
        changed = list(paths)
        return [
            source
            for source in self.all()
            if source.is_live and any(_belongs(path, source.path) for path in changed)
        ]

    @property
    def roots(self) -> list[Path]:
        """What to have watched."""
        return [source.path for source in self.all() if source.is_live and source.path.exists()]

    def is_watched(self, path: Path, is_folder: bool) -> bool:
        return any(_belongs(path, root) for root in self.roots)

    def forget_reading(self, uri: str) -> None:
        """Begin a transcript anew: what was counted in it counts no more."""
        with self._journal.write() as db:
            db.execute(
                "UPDATE transcripts SET state = '{}', passed = '{}', unknown = '{}', "
                "redacted = '{}' WHERE uri = ?",
                (uri,),
            )

    def note_read(self, uri: str, seen: str, problem: str) -> None:
        with self._journal.write() as db:
            sql = "UPDATE transcripts SET seen = ?, problem = ?, read = ? WHERE uri = ?"
            db.execute(sql, (seen, problem, now(), uri))
            # As a file of a watched folder its text would come twice.
            sql = "SELECT 1 FROM files WHERE uri = ? AND code != ?"
            if db.execute(sql, (uri, READ_AS_CHAT)).fetchone() and not problem:
                queue(db, "file", uri, take_number(db))


def _transcripts(source: Source) -> Iterator[Path]:
    """An import is read as one, unless all its files are known to be of one kind."""
    if not source.is_live and (not source.kind or format_of(source.kind).is_bundle):
        return iter((source.path,))
    return files_of(source.kind, source.path)


def look(path: Path) -> str:
    """What tells a transcript from what it was before; "" when it is not there.

    A database is changed in the file beside it first.
    """
    marks = []
    for each in (path, path.with_name(path.name + "-wal")):
        with contextlib.suppress(OSError):
            status = each.stat()
            marks.append(f"{status.st_size}:{status.st_mtime_ns}:{status.st_ino}")
        if not marks:
            return ""
    return " ".join(marks)


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


def _belongs(path: Path, root: Path) -> bool:
    """A database's log lies beside it."""
    return path.is_relative_to(root) or os.fspath(path) in (f"{root}-wal", f"{root}-journal")


_COLUMNS = "uri, source, kind, seen, state, passed, unknown, version, problem"


def _record(row: tuple[object, ...]) -> TranscriptRecord:
    uri, source, kind, seen, state, passed, unknown, version, problem = map(str, row)
    return TranscriptRecord(
        uri, source, kind, seen, json.loads(state), json.loads(passed), json.loads(unknown),
        version, problem,
    )  # fmt: skip
