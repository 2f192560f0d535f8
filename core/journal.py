"""The append-only record of what happened: SQLite, WAL, one writer.

The engine commits an event here, with the job it causes, before anything is derived from it; a
job leaves only after its result is in the index. So a process killed anywhere repeats work that
is keyed by content, and loses nothing.

`synchronous=FULL` on purpose: with NORMAL a power cut could drop the last accepted events, and a
chat turn accepted here may already be gone at its source. Events come in batches, so one fsync a
batch is cheap.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cairn.core.migrating import migrate
from cairn.core.queueing import now, queue, queue_all, read_again, take_number
from cairn.core.records import Event
from cairn.core.rows import Counts, FileRecord, FileState, Job, JobKind, Policy
from cairn.core.sqlite import translated

MAX_TRIES = 3
MOST_EVENTS = 300_000
"""The latest, some 50 MB; what happened before them is let go."""
__all__ = [
    "MAX_TRIES",
    "Counts",
    "FileRecord",
    "FileState",
    "Job",
    "JobKind",
    "Journal",
    "Policy",
    "now",
    "queue",
    "take_number",
]


class Journal:
    """One connection, guarded by a lock; `write()` is the only way to change anything."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.notes_events = True
        """Off, an event leaves nothing but its number."""
        self.tree = "\0"
        """What the addresses of entries begin with: they are no files of the user's to count."""
        self._lock = threading.RLock()
        with translated(self._path):
            path.touch(mode=0o600, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA busy_timeout=5000")
            try:
                migrate(self._db, path)
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @property
    def folder(self) -> Path:
        return self._path.parent

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: everything inside is accepted, or nothing."""
        with self._lock, translated(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:  # a full disk has ended it already
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @property
    def changes(self) -> int:
        """Rows written since it was opened: what was read before may be out of date."""
        return self._db.total_changes

    def read(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock, translated(self._path):
            return self._db.execute(sql, values).fetchall()

    # -- events and jobs

    def accept(self, events: Iterable[Event], *, live: bool = False, glance: bool = False) -> int:
        """Make events durable, with one job for each path, and say how many there were.

        What happens now, `live`, is read before what a sweep found, and the sooner the more often
        it changes. With `glance` a new file is made findable by its name before it is read.
        """
        count = number = 0
        with self.write() as db:
            for event in events:
                cursor = db.execute(
                    "INSERT INTO events(at, kind, uri, was, size, delta) VALUES (?, ?, ?, ?, ?, ?)",
                    (event.at, event.kind, event.uri, event.was, event.size, event.delta)
                    if self.notes_events
                    else (event.at, "", "", "", 0, 0),
                )
                number = cursor.lastrowid or 0
                if glance and event.kind == "added":
                    queue(db, "glance", event.uri, number)
                # New files before old ones leave: a moved file's vectors are used again.
                queue(
                    db,
                    "file",
                    event.uri,
                    number,
                    _LAST if event.kind in ("deleted", "withdrawn") else live,
                )
                if event.was:
                    queue(db, "file", event.was, number, _LAST)
                count += 1
            db.execute("DELETE FROM events WHERE id <= ?", (number - MOST_EVENTS,))
        return count

    def events(self, since: datetime, until: datetime) -> list[Event]:
        """What happened to files from `since` to before `until`, in order."""
        sql = (
            "SELECT kind, uri, at, was, size, delta FROM events WHERE at >= ? AND at < ? "
            "AND kind NOT IN ('', 'withdrawn') ORDER BY at, id"
        )
        rows = self.read(sql, _utc(since), _utc(until))
        return [Event(*row) for row in rows]  # type: ignore[arg-type]

    def delete_events(self) -> int:
        """All but the latest: its number must not be given twice while jobs bear it."""
        with self.write() as db:
            sql = "DELETE FROM events WHERE id < (SELECT max(id) FROM events)"
            count = db.execute(sql).rowcount
            db.execute("UPDATE events SET kind = '', uri = '', was = '', size = 0, delta = 0")
            return count

    def hasten(self, uris: Iterable[str]) -> None:
        """Read these next: somebody has asked for them."""
        with self.write() as db:
            for uri in uris:
                sql = "UPDATE jobs SET urgency = ? WHERE kind = 'file' AND key = ?"
                db.execute(sql, (_NEXT, uri))

    def requeue(self, uris: Iterable[str], kind: JobKind = "file") -> None:
        """Work again on files that no event touched: after a repair, or for a lost embedder."""
        with self.write() as db:
            queue_all(db, kind, uris)

    def read_again(self, folders: Iterable[str]) -> None:
        """What is being read there now is read once more: it is to be read in another way."""
        with self.write() as db:
            read_again(db, folders)

    def ready_jobs(self, limit: int, *, live_only: bool = False) -> list[Job]:
        """The most urgent ones; `live_only` leaves out what nobody has touched today."""
        moment = time.time()
        rows = self.read(
            "SELECT id, kind, key, event, tries FROM jobs WHERE state = 'ready' "
            f"AND NOT (not_before BETWEEN ? AND ?) {_TOUCHED if live_only else ''} "
            "ORDER BY kind DESC, urgency DESC, id LIMIT ?",
            moment,
            moment + _LONGEST_WAIT_S,
            limit,
        )
        return [Job(*row) for row in rows]  # type: ignore[arg-type]

    def pending(self, kind: JobKind = "file") -> set[str]:
        """Files that are queued to be read."""
        sql = "SELECT key FROM jobs WHERE state = 'ready' AND kind = ?"
        return {str(key) for (key,) in self.read(sql, kind)}

    def is_queued(self, uri: str) -> bool:
        """Is it to be read, or was it given up on?"""
        return bool(self.read("SELECT 1 FROM jobs WHERE kind = 'file' AND key = ?", uri))

    def position(self, uri: str) -> int | None:
        """How many files are read before this one; None when it is not queued."""
        job = self.job_for(uri)
        if job is None:
            return None
        sql = (
            "SELECT count(*) FROM jobs, (SELECT urgency, id FROM jobs WHERE id = ?) AS mine "
            "WHERE state = 'ready' AND kind = 'file' AND (jobs.urgency > mine.urgency "
            "OR (jobs.urgency = mine.urgency AND jobs.id < mine.id))"
        )
        ((count,),) = self.read(sql, job.id)
        return int(str(count))

    def languages(self) -> dict[str, int]:
        """How many files there are in each language that was recognised."""
        sql = "SELECT language, count(*) FROM files WHERE language != '' GROUP BY language"
        return dict(self.read(sql))  # type: ignore[arg-type]

    def waiting(self, kind: JobKind | None = None) -> int:
        """How many jobs are queued, of one kind or of all."""
        sql = "SELECT count(*) FROM jobs WHERE state = 'ready' AND kind LIKE ?"
        ((count,),) = self.read(sql, kind or "%")
        return int(str(count))

    def waiting_parts(self) -> int:
        """How many parts of conversations are queued to be read."""
        sql = "SELECT count(*) FROM jobs WHERE state = 'ready' AND kind = 'file' AND key LIKE ?"
        return int(str(self.read(sql, "chat:%")[0][0]))

    def awaited(self, uri: str) -> tuple[str, int] | None:
        """When the event was, and the size it told, for which a file waits to be read."""
        sql = (
            "SELECT at, size FROM events JOIN jobs ON events.id = jobs.event "
            "WHERE jobs.state = 'ready' AND jobs.kind = 'file' AND jobs.key = ?"
        )
        rows = self.read(sql, uri)
        return (str(rows[0][0]), int(str(rows[0][1]))) if rows else None

    def job_for(self, uri: str) -> Job | None:
        """The job that is to read this file, if it is queued."""
        where = "state = 'ready' AND kind = 'file' AND key = ?"
        rows = self.read(f"SELECT id, kind, key, event, tries FROM jobs WHERE {where}", uri)
        return Job(*rows[0]) if rows else None  # type: ignore[arg-type]

    def finish(
        self, done: Iterable[tuple[Job, FileRecord | None]], *, embed_later: bool = False
    ) -> None:
        """Close jobs whose results are in the index; None says that the file is gone."""
        with self.write() as db:
            for job, record in done:
                if job.kind in ("file", "embed") or record:
                    _forget_or_store(db, job.key, record)
                if embed_later and record and record.vectors < record.chunks:
                    queue(db, "embed", job.key, job.event)
                if job.kind == "file" and record and record.state == "indexed":
                    queue(db, "curate", job.key, job.event)
                elif job.kind == "file":
                    db.execute("DELETE FROM jobs WHERE kind = 'curate' AND key = ?", (job.key,))
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
        rows = self.read(f"SELECT {_FILE_COLUMNS} FROM files WHERE uri = ?", uri)
        return FileRecord(*rows[0]) if rows else None  # type: ignore[arg-type]

    def files(self, root: str = "") -> Iterator[FileRecord]:
        """Known files at or below the address `root`, in order; all of them without one."""
        folder = root.rstrip("/") + "/" if root else ""
        where = "uri = ? OR (uri >= ? AND uri < ?)"
        sql = f"SELECT {_FILE_COLUMNS} FROM files WHERE {where} ORDER BY uri"
        for row in self.read(sql, root, folder, folder + "\U0010ffff"):
            yield FileRecord(*row)  # type: ignore[arg-type]

    def troubled(self) -> list[FileRecord]:
        """What was not read, or not as it should be, or was given up on, with the reason."""
        rows = self.read(
            f"SELECT {_FILE_COLUMNS} FROM files WHERE state IN ('skipped', 'failed') "
            "OR reason != '' ORDER BY state, code, uri"
        )
        found = [FileRecord(*row) for row in rows]  # type: ignore[arg-type]
        known = {record.uri for record in found}
        dead = self.read(
            "SELECT key, error FROM jobs WHERE state = 'dead' AND kind != 'curate' ORDER BY key"
        )
        left = [(str(uri), str(error)) for uri, error in dead if uri not in known]
        return found + [FileRecord(uri, 0, 0, "failed", "given-up", why) for uri, why in left]

    def without_vectors(self) -> list[str]:
        """Files to embed that are not queued, be it to be read first."""
        sql = (
            "SELECT uri FROM files WHERE vectors < chunks AND NOT EXISTS "
            "(SELECT 1 FROM jobs WHERE jobs.key = files.uri AND jobs.state = 'ready')"
        )
        return [str(uri) for (uri,) in self.read(sql)]

    def store_files(
        self, records: Iterable[FileRecord], meta: Mapping[str, str] | None = None
    ) -> None:
        """With settings of the home that hold from then on, all or nothing."""
        with self.write() as db:
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", (meta or {}).items())
            for record in records:
                _forget_or_store(db, record.uri, record)

    def counts(self) -> Counts:
        (row,) = self.read(
            "SELECT coalesce(sum(is_file), 0), coalesce(sum(is_file AND state = 'indexed'), 0), "
            "coalesce(sum(state = 'named'), 0), coalesce(sum(state = 'skipped'), 0), "
            "coalesce(sum(is_file AND state = 'failed'), 0), "
            "coalesce(sum(chunks), 0), coalesce(sum(vectors), 0), "
            "(SELECT count(*) FROM jobs WHERE state = 'ready' AND kind = 'file'), "
            "(SELECT count(*) FROM jobs WHERE state = 'ready' AND kind = 'embed'), "
            "(SELECT count(*) FROM jobs WHERE state = 'dead' AND kind != 'curate'), "
            "coalesce(sum(redacted != ''), 0), coalesce(sum(uri LIKE 'chat:%' AND chunks > 0), 0), "
            "(SELECT count(*) FROM conversations WHERE turns > 0), "
            "(SELECT coalesce(sum(turns), 0) FROM conversations) "
            "FROM (SELECT *, uri LIKE 'file:%' AND instr(uri, ?) != 1 AS is_file FROM files)",
            self.tree,
        )
        return Counts(*row)  # type: ignore[arg-type]

    # -- roots, settings of the home

    def add_root(self, uri: str, policy: Policy = "full") -> None:
        with self.write() as db:
            sql = "INSERT INTO roots(uri, added, policy) VALUES (?, ?, ?) ON CONFLICT(uri) DO "
            db.execute(sql + "UPDATE SET policy = excluded.policy", (uri, now(), policy))

    def remove_root(self, uri: str, gone: Iterable[str], folders: Iterable[str]) -> None:
        """Forget a root and queue the withdrawal of its files, both or neither; `folders` are what
        the addresses in it begin with."""
        with self.write() as db:
            db.execute("DELETE FROM roots WHERE uri = ?", (uri,))
            read_again(db, folders)
            queue_all(db, "file", gone)

    def roots(self) -> dict[str, Policy]:
        return dict(self.read("SELECT uri, policy FROM roots ORDER BY uri"))  # type: ignore[arg-type]

    def get_meta(self, key: str, default: str = "") -> str:
        rows = self.read("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else default

    def set_meta(self, key: str, value: str) -> None:
        if self.get_meta(key) == value:
            return  # an unchanged setting must not write
        with self.write() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # -- care

    def copy_to(self, path: Path) -> None:
        """A copy of this moment, page for page, that others can open while this goes on."""
        with self._lock, translated(self._path), closing(sqlite3.connect(path)) as copy:
            path.chmod(0o600)
            self._db.backup(copy)

    def shrink(self) -> None:
        """Leave no byte behind of what was deleted, in the file or beside it."""
        with self._lock, translated(self._path):
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def check(self) -> str:
        """SQLite's own verdict: "ok", or what is damaged."""
        return str(self.read("PRAGMA quick_check(1)")[0][0])


_FILE_COLUMNS = (
    "uri, size, mtime_ns, state, code, reason, chunks, vectors, language, redacted, done"
)
_LAST, _NEXT = -1, 1_000_000
_LONGEST_WAIT_S = 60.0
"""Nothing is postponed for longer: a later moment is of a clock that has been put back since."""
_TOUCHED = "AND urgency != 0"


def _forget_or_store(db: sqlite3.Connection, uri: str, record: FileRecord | None) -> None:
    if record is None:
        db.execute("DELETE FROM files WHERE uri = ?", (uri,))
        return
    values = (
        record.uri, record.size, record.mtime_ns, record.state, record.code, record.reason,
        record.chunks, record.vectors, record.language, record.redacted, record.done or now(),
    )  # fmt: skip
    marks = ", ".join("?" * len(values))
    db.execute(f"INSERT OR REPLACE INTO files({_FILE_COLUMNS}) VALUES ({marks})", values)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
