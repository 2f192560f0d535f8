"""Which transcripts are followed: stores that the user allowed, and files that were imported.

The engine asks here what to watch, and queues what has changed since it was read. Nothing is read
here: a comparison costs one stat a file. A transcript belongs to the source that saw it first.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.formats import format_of
from cairn.core.chats.stores import files_of, is_superseded, leads_to, may_be
from cairn.core.journal import Journal, now, queue, take_number
from cairn.core.uris import file_uri, folder_uris, uri_path

READ_AS_CHAT = "conversations"
"""Why a file of a watched folder is not read as such."""
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}", re.ASCII)
_ZIP = b"PK\x03\x04"

PAUSED = "paused:"
"""Begins the journal's note that nothing new of a folder or a source is to be read."""


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
    redacted: dict[str, int]
    version: str
    problem: str


class Sources:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.expect: Callable[[str, int], None] = lambda uri, size: None
        """Hears of each transcript that is queued and its size, for an estimate of the work."""
        self.is_paused: Callable[[str], bool] = lambda uri: False
        """Is nothing new of a source to be read? The engine's pausing sets it."""
        self._known: list[Source] | None = None
        self._lock = threading.RLock()

    def all(self) -> list[Source]:
        """Kept, because it is asked about whatever changes on the disk."""
        with self._lock:  # what is read here must not outlive a change meanwhile
            if self._known is None:
                sql = "SELECT uri, kind, live, me FROM sources ORDER BY kind, uri"
                self._known = [
                    Source(str(uri), str(kind), bool(live), tuple(json.loads(str(me))))
                    for uri, kind, live, me in self._journal.read(sql)
                ]
            return self._known

    def look_again(self) -> None:
        """Others may have been stored without `changing`."""
        with self._lock:
            self._known = None

    def source(self, uri: str) -> Source | None:
        return next((source for source in self.all() if source.uri == uri), None)

    def add(self, kind: str, path: Path, *, live: bool, me: Iterable[str] = ()) -> Source:
        """Follow a store, or note an import; names of the user are added to those known."""
        uri = file_uri(path)
        known = self.source(uri)
        names = tuple(dict.fromkeys([*(known.me if known else ()), *me]))
        source = Source(
            uri, kind or (known.kind if known else ""), live or bool(known and known.is_live), names
        )
        with self.changing() as db:
            db.execute(
                "INSERT INTO sources(uri, kind, live, me, added) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT(uri) DO UPDATE SET kind = excluded.kind, live = excluded.live, "
                "me = excluded.me",
                (uri, source.kind, int(source.is_live), json.dumps(names, ensure_ascii=False),
                 now()),
            )  # fmt: skip
            at, places = at_or_below(path)
            if names != (known.me if known else ()):  # other turns are the user's own now
                db.execute(f"UPDATE transcripts SET state = '{{}}' WHERE {at}", places)
            if kind:  # what was read as another kind, or as none, is read anew
                sql = f"UPDATE transcripts SET kind = ?, state = '{{}}' WHERE ({at}) AND kind != ?"
                db.execute(sql, (kind, *places, kind))
        return source

    def remove(self, db: sqlite3.Connection, source: Source) -> list[str]:
        """Follow it no more, inside of `changing`; the transcripts that nobody follows now.

        What another source has too is that one's from now on, and files of watched folders are
        read as such again.
        """
        others = [other for other in self.all() if other.uri != source.uri]
        gone = []
        sql = "SELECT uri FROM transcripts WHERE source = ?"
        for (uri,) in db.execute(sql, (source.uri,)).fetchall():
            heir = next((each for each in others if _has(each, uri_path(uri))), None)
            if heir is None:
                gone.append(uri)
            else:
                db.execute("UPDATE transcripts SET source = ? WHERE uri = ?", (heir.uri, uri))
        for uri in gone:
            db.execute("DELETE FROM jobs WHERE kind = 'transcript' AND key = ?", (uri,))
            db.execute("DELETE FROM transcripts WHERE uri = ?", (uri,))
        db.execute("DELETE FROM sources WHERE uri = ?", (source.uri,))
        db.execute("DELETE FROM meta WHERE key = ?", (PAUSED + source.uri,))
        sql = "SELECT uri FROM files WHERE code = ? AND uri NOT IN (SELECT uri FROM transcripts)"
        event = take_number(db)
        for (uri,) in db.execute(sql, (READ_AS_CHAT,)).fetchall():
            queue(db, "file", uri, event)
        return gone

    @contextlib.contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that may change which sources there are."""
        with self._lock:
            try:
                with self._journal.write() as db:
                    yield db
            finally:
                self._known = None

    def transcripts(self, source: Source | None = None) -> Iterator[TranscriptRecord]:
        """All of them, or those that lie where a source does, whichever of them was first."""
        at, places = at_or_below(source.path) if source else ("1", [])
        sql = f"SELECT {_COLUMNS} FROM transcripts WHERE {at} ORDER BY uri"
        for row in self._journal.read(sql, *places):
            yield _record(row)

    def transcript(self, uri: str) -> TranscriptRecord | None:
        rows = self._journal.read(f"SELECT {_COLUMNS} FROM transcripts WHERE uri = ?", uri)
        return _record(rows[0]) if rows else None

    def names_in(self, path: Path) -> tuple[str, ...]:
        """The user's names in a transcript, as said of any source that it lies in."""
        return tuple(
            name for each in self.all() if path.is_relative_to(each.path) for name in each.me
        )

    def is_read(self, uri: str) -> bool:
        """Are this file's conversations in the archive, and nothing else is in it to be read?"""
        record = self.transcript(uri)
        if record is None or not record.seen or record.problem or not record.state:
            return False
        return not _is_zip(uri_path(uri))

    # -- what has changed

    def queue_changed(
        self, sources: Iterable[Source], *, urgent: bool = False, again: bool = False
    ) -> int:
        """Queue the transcripts that differ from what was read; how many those are.

        `again` takes those too that seem to be the same.
        """
        known = self._seen()
        return sum(
            self._queue(source, _transcripts(source), known, urgent=urgent, again=again)
            for source in sources
        )

    def queue_paths(self, paths: Iterable[Path]) -> int:
        """The same for paths that the system reported, files or whole folders."""
        changed, count = list(paths), 0
        for source in [each for each in self.all() if each.is_live]:
            root = source.path
            mine = [path for path in changed if leads_to(source.kind, root, path, path.is_dir())]
            if not mine or self.is_paused(source.uri):
                continue
            # A folder that holds the store may have brought it back.
            if any(path.is_dir() or root.is_relative_to(path) for path in mine):
                count += self.queue_changed([source], urgent=True)
            else:
                files = dict.fromkeys(map(_without_log, mine))
                count += self._queue(source, _plain_files(root, files), self._seen(), urgent=True)
        return count

    def _seen(self) -> dict[str, str]:
        """Of all transcripts: one that another source has seen is not read twice."""
        rows = self._journal.read("SELECT uri, seen FROM transcripts")
        return {str(uri): str(seen) for uri, seen in rows}

    def _queue(
        self,
        source: Source,
        paths: Iterable[Path],
        known: dict[str, str],
        *,
        urgent: bool,
        again: bool = False,
    ) -> int:
        changed = []
        for path in paths:
            uri, seen = file_uri(path), look(path)
            if seen and (again or known.get(uri) != seen):
                changed.append((uri, path))
        if not changed:
            return 0
        with self._journal.write() as db:
            event = take_number(db)
            for uri, _ in changed:
                sql = "INSERT OR IGNORE INTO transcripts(uri, source, kind) VALUES (?, ?, ?)"
                db.execute(sql, (uri, source.uri, source.kind))
                queue(db, "transcript", uri, event, int(urgent))
        for uri, path in changed:
            self.expect(uri, _size(path))
        return len(changed)

    @property
    def running(self) -> list[Source]:
        """Those that are followed, and not paused."""
        return [each for each in self.all() if each.is_live and not self.is_paused(each.uri)]

    @property
    def roots(self) -> list[Path]:
        """What to have watched."""
        return [source.path for source in self.all() if source.is_live and source.path.exists()]

    def is_watched(self, path: Path, is_folder: bool) -> bool:
        return any(
            source.is_live and leads_to(source.kind, source.path, path, is_folder)
            for source in self.all()
        )

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
            if not db.execute(sql, (seen, problem, now(), uri)).rowcount:
                return  # its source was removed meanwhile
        if self.is_read(uri):
            self._read_no_file(uri)

    def note_foreign(self, uri: str, seen: str) -> None:
        """It lies among conversations and is none: counted, and looked at again if it changes."""
        suffix = uri_path(uri).suffix.lower()
        what = f"{suffix if _SUFFIX.fullmatch(suffix) else 'other'} file"
        with self._journal.write() as db:
            sql = (
                "UPDATE transcripts SET seen = ?, problem = '', passed = ?, state = '{}', read = ? "
                "WHERE uri = ?"
            )
            db.execute(sql, (seen, json.dumps({what: 1}), now(), uri))

    def _read_no_file(self, uri: str) -> None:
        """As a file of a watched folder its text would come twice."""
        with self._journal.write() as db:
            sql = "SELECT 1 FROM files WHERE uri = ? AND code != ?"
            if db.execute(sql, (uri, READ_AS_CHAT)).fetchone():
                queue(db, "file", uri, take_number(db))


def _transcripts(source: Source) -> Iterator[Path]:
    """An import is read as one, unless all its files are known to be of one kind."""
    if _is_one(source):
        return iter((source.path,))
    files = files_of(source.kind, source.path)
    if not source.is_live:
        return files
    # A program that has no transcripts yet keeps other things in its folder.
    return (path for path in files if path == source.path or may_be(source.kind, path.name))


def _is_one(source: Source) -> bool:
    return not source.is_live and (not source.kind or format_of(source.kind).is_bundle)


def _has(source: Source, path: Path) -> bool:
    """Would a source find this transcript?"""
    if path == source.path:
        return True
    return not _is_one(source) and leads_to(source.kind, source.path, path, is_folder=False)


def _plain_files(root: Path, paths: Iterable[Path]) -> Iterator[Path]:
    """Those that a walk through the store would give: no links, and no older forms."""
    for path in paths:
        if path == root or (path.is_file() and not path.is_symlink() and not is_superseded(path)):
            yield path


def _without_log(path: Path) -> Path:
    """Of what lies beside a database: the database."""
    return path.with_name(path.name.removesuffix("-wal").removesuffix("-journal"))


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


def _is_zip(path: Path) -> bool:
    """It may hold more than conversations."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP
    return False


def at_or_below(path: Path, column: str = "uri") -> tuple[str, list[str]]:
    """An SQL condition for the addresses at and below a path, and its values."""
    conditions, values = [], []
    for uri in folder_uris(path):
        folder = uri.rstrip("/") + "/"
        conditions.append(f"{column} = ? OR ({column} >= ? AND {column} < ?)")
        values += [uri, folder, folder + "\U0010ffff"]
    return " OR ".join(conditions), values


_COLUMNS = "uri, source, kind, seen, state, passed, unknown, redacted, version, problem"


def _record(row: tuple[object, ...]) -> TranscriptRecord:
    uri, source, kind, seen, state, passed, unknown, redacted, version, problem = map(str, row)
    return TranscriptRecord(
        uri, source, kind, seen, json.loads(state), json.loads(passed), json.loads(unknown),
        json.loads(redacted), version, problem,
    )  # fmt: skip
