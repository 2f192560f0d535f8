"""The append-only record of what happened: SQLite, WAL, one writer.

The engine commits an event here, with the job it causes, before anything is derived from it; a
job leaves only after its result is in the index. So a process killed anywhere repeats work that
is keyed by content, and loses nothing.

`synchronous=FULL` on purpose: with NORMAL a power cut could drop the last accepted events, and a
chat turn accepted here may already be gone at its source. Events come in batches, so one fsync a
batch is cheap.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cairn.core.errors import Unavailable
from cairn.core.records import Event

# Append only: a home of any age is brought forward by the scripts it has not seen.
MIGRATIONS = (
    """
    CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE roots(uri TEXT PRIMARY KEY, added TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE events(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, uri TEXT NOT NULL);
    CREATE TABLE jobs(
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, event INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'ready', tries INTEGER NOT NULL DEFAULT 0,
        not_before REAL NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', UNIQUE(kind, key));
    CREATE INDEX jobs_ready ON jobs(state, kind DESC, id);
    CREATE TABLE files(
        uri TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        state TEXT NOT NULL, code TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
        chunks INTEGER NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0,
        done TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE tombstones(
        kind TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY(kind, key))
        WITHOUT ROWID;
    """,
)
MAX_TRIES = 3
JobKind = Literal["file", "embed"]
"""Read a file and index its words; make the vectors that its passages lack."""
FileState = Literal["indexed", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    kind: JobKind
    key: str
    event: int
    tries: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What became of one file when it was last read."""

    uri: str
    size: int
    mtime_ns: int
    state: FileState
    code: str = ""
    reason: str = ""
    chunks: int = 0
    vectors: int = 0
    """How many of the chunks have a vector; fewer than `chunks` while the embedder is down."""

    @property
    def modified(self) -> str:
        """The day the file was last changed, where the user is."""
        return datetime.fromtimestamp(self.mtime_ns / 1e9).date().isoformat()


@dataclass(frozen=True, slots=True)
class Counts:
    files: int
    indexed: int
    skipped: int
    failed: int
    chunks: int
    vectors: int
    queued: int
    to_embed: int
    dead: int


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Journal:
    """One connection, guarded by a lock; `write()` is the only way to change anything."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._translated():
            path.touch(mode=0o600, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA busy_timeout=5000")
            self._migrate()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: everything inside is accepted, or nothing."""
        with self._lock, self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:  # a full disk has ended it already
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _read(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock, self._translated():
            return self._db.execute(sql, values).fetchall()

    # -- events and jobs

    def accept(self, events: Iterable[Event]) -> int:
        """Make events durable, with one job for each path, and say how many there were."""
        count = 0
        with self.write() as db:
            for event in events:
                cursor = db.execute(
                    "INSERT INTO events(at, kind, uri) VALUES (?, ?, ?)",
                    (event.at, event.kind, event.uri),
                )
                _queue(db, "file", event.uri, cursor.lastrowid or 0)
                count += 1
        return count

    def requeue(self, uris: Iterable[str], kind: JobKind = "file") -> None:
        """Work again on files that no event touched: after a repair, or for a lost embedder."""
        with self.write() as db:
            for uri in uris:
                _queue(db, kind, uri, 0)

    def ready_jobs(self, limit: int) -> list[Job]:
        rows = self._read(
            "SELECT id, kind, key, event, tries FROM jobs "
            "WHERE state = 'ready' AND not_before <= ? ORDER BY kind DESC, id LIMIT ?",
            time.time(),
            limit,
        )
        return [Job(*row) for row in rows]  # type: ignore[arg-type]

    def pending(self) -> set[str]:
        """Files that are queued to be read."""
        sql = "SELECT key FROM jobs WHERE state = 'ready' AND kind = 'file'"
        return {str(key) for (key,) in self._read(sql)}

    def finish(
        self, done: Iterable[tuple[Job, FileRecord | None]], *, embed_later: bool = False
    ) -> None:
        """Close jobs whose results are in the index; None says that the file is gone."""
        with self.write() as db:
            for job, record in done:
                _forget_or_store(db, job.key, record)
                if embed_later and record and record.vectors < record.chunks:
                    _queue(db, "embed", job.key, job.event)
                # An event that arrived meanwhile has put its own number on the job: it stays.
                db.execute("DELETE FROM jobs WHERE id = ? AND event = ?", (job.id, job.event))

    def postpone(self, job: Job, error: str, delay_s: float) -> bool:
        """Count a failed try; False when it was the last one and the job is a dead letter."""
        alive = job.tries + 1 < MAX_TRIES
        with self.write() as db:
            db.execute(
                "UPDATE jobs SET tries = tries + 1, error = ?, not_before = ?, state = ? "
                "WHERE id = ? AND event = ?",
                (error, time.time() + delay_s, "ready" if alive else "dead", job.id, job.event),
            )
        return alive

    # -- files

    def file(self, uri: str) -> FileRecord | None:
        rows = self._read(f"SELECT {_FILE_COLUMNS} FROM files WHERE uri = ?", uri)
        return FileRecord(*rows[0]) if rows else None  # type: ignore[arg-type]

    def files(self, root: str = "") -> Iterator[FileRecord]:
        """Known files at or below the address `root`, in order; all of them without one."""
        folder = root.rstrip("/") + "/" if root else ""
        where = "uri = ? OR (uri >= ? AND uri < ?)"
        sql = f"SELECT {_FILE_COLUMNS} FROM files WHERE {where} ORDER BY uri"
        for row in self._read(sql, root, folder, folder + "\U0010ffff"):
            yield FileRecord(*row)  # type: ignore[arg-type]

    def troubled(self) -> list[FileRecord]:
        """Files that were not read, or not read as they should be, with the reason."""
        rows = self._read(
            f"SELECT {_FILE_COLUMNS} FROM files WHERE state != 'indexed' OR reason != '' "
            "ORDER BY state, code, uri"
        )
        return [FileRecord(*row) for row in rows]  # type: ignore[arg-type]

    def without_vectors(self) -> list[str]:
        return [str(uri) for (uri,) in self._read("SELECT uri FROM files WHERE vectors < chunks")]

    def store_files(self, records: Iterable[FileRecord]) -> None:
        with self.write() as db:
            for record in records:
                _forget_or_store(db, record.uri, record)

    def counts(self) -> Counts:
        (row,) = self._read(
            "SELECT count(*), coalesce(sum(state = 'indexed'), 0), "
            "coalesce(sum(state = 'skipped'), 0), coalesce(sum(state = 'failed'), 0), "
            "coalesce(sum(chunks), 0), coalesce(sum(vectors), 0), "
            "(SELECT count(*) FROM jobs WHERE state = 'ready' AND kind = 'file'), "
            "(SELECT count(*) FROM jobs WHERE state = 'ready' AND kind = 'embed'), "
            "(SELECT count(*) FROM jobs WHERE state = 'dead') FROM files"
        )
        return Counts(*row)  # type: ignore[arg-type]

    # -- roots, settings of the home, tombstones

    def add_root(self, uri: str) -> bool:
        with self.write() as db:
            sql = "INSERT OR IGNORE INTO roots VALUES (?, ?)"
            return db.execute(sql, (uri, now())).rowcount == 1

    def remove_root(self, uri: str, gone: Iterable[str]) -> None:
        """Forget a root and queue the withdrawal of its files, both or neither."""
        with self.write() as db:
            db.execute("DELETE FROM roots WHERE uri = ?", (uri,))
            for file in gone:
                _queue(db, "file", file, 0)

    def roots(self) -> list[str]:
        return [str(uri) for (uri,) in self._read("SELECT uri FROM roots ORDER BY uri")]

    def get_meta(self, key: str, default: str = "") -> str:
        rows = self._read("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else default

    def set_meta(self, key: str, value: str) -> None:
        if self.get_meta(key) == value:
            return  # an unchanged setting must not write
        with self.write() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def bury(self, kind: str, key: str) -> None:
        with self.write() as db:
            db.execute("INSERT OR IGNORE INTO tombstones VALUES (?, ?, ?)", (kind, key, now()))

    def unbury(self, kind: str, key: str) -> bool:
        with self.write() as db:
            sql = "DELETE FROM tombstones WHERE kind = ? AND key = ?"
            return db.execute(sql, (kind, key)).rowcount == 1

    def is_buried(self, kind: str, key: str) -> bool:
        return bool(self._read("SELECT 1 FROM tombstones WHERE kind = ? AND key = ?", kind, key))

    def buried(self, kind: str) -> set[str]:
        sql = "SELECT key FROM tombstones WHERE kind = ?"
        return {str(key) for (key,) in self._read(sql, kind)}

    # -- care

    def check(self) -> str:
        """SQLite's own verdict: "ok", or what is damaged."""
        return str(self._read("PRAGMA quick_check(1)")[0][0])

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise Unavailable(
                f"{self._path} was written by a newer cairn (schema {version}, "
                f"this one knows {len(MIGRATIONS)})",
                "upgrade cairn: `pip install --upgrade cairn`; nothing was changed",
            )
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA secure_delete=ON")
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            self._db.executescript(f"BEGIN; {script} PRAGMA user_version={number}; COMMIT;")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise _unavailable(self._path, str(error)) from error
        except sqlite3.DatabaseError as error:
            raise Unavailable(
                f"the journal {self._path} is damaged: {error}",
                "move it away and restore it from a backup, then run `cairn doctor`",
            ) from error


_FILE_COLUMNS = "uri, size, mtime_ns, state, code, reason, chunks, vectors"


def _queue(db: sqlite3.Connection, kind: str, key: str, event: int) -> None:
    db.execute(
        "INSERT INTO jobs(kind, key, event) VALUES (?, ?, ?) ON CONFLICT(kind, key) DO UPDATE "
        "SET event = excluded.event, state = 'ready', tries = 0, not_before = 0, error = ''",
        (kind, key, event),
    )


def _forget_or_store(db: sqlite3.Connection, uri: str, record: FileRecord | None) -> None:
    if record is None:
        db.execute("DELETE FROM files WHERE uri = ?", (uri,))
        return
    values = (
        record.uri, record.size, record.mtime_ns, record.state, record.code, record.reason,
        record.chunks, record.vectors, now(),
    )  # fmt: skip
    db.execute(f"INSERT OR REPLACE INTO files({_FILE_COLUMNS}, done) VALUES ({_marks(9)})", values)


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _unavailable(path: Path, reason: str) -> Unavailable:
    if "full" in reason or ("disk I/O" in reason and _is_full(path)):
        return Unavailable(
            f"the disk of {path} is full", "free some space; nothing accepted so far is lost"
        )
    if "locked" in reason:
        return Unavailable(f"{path} is locked by another program", "close it and try again")
    return Unavailable(
        f"the journal {path} can't be used: {reason}", "`cairn doctor` shows what is wrong"
    )


def _is_full(path: Path) -> bool:
    """SQLite says "disk I/O error" when it can't make its shared-memory file."""
    status = os.statvfs(path.parent)
    return status.f_bavail * status.f_frsize < 1 << 20
