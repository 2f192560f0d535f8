"""What searches read of passages, beside the table: by id, in a tenth of the time.

Owned by the table, which stays the truth: a passage that is missing here is read there and put
here. Before a commit everything goes that it may change, so whatever is here is what the table has,
wherever a process is killed. Was the table changed without it, all goes; where the file can't be
used, the table serves alone.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

_LAYOUT = 3
"""Of the rows; to be raised, too, when words are cut or stemmed in another way."""
_SCHEMA = """
    CREATE TABLE rows(
        id TEXT PRIMARY KEY, doc_id TEXT NOT NULL, search TEXT NOT NULL, fields TEXT NOT NULL,
        parts BLOB NOT NULL, stems BLOB NOT NULL);
    CREATE INDEX rows_doc ON rows(doc_id);
    CREATE TABLE state(version INTEGER NOT NULL, writing INTEGER NOT NULL);
    INSERT INTO state VALUES(-1, 0);
"""
_SETTINGS = ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "busy_timeout=2000")
_PAGE, _CACHE_KB = 16384, 4096
"""A row is one page, read at once; in smaller ones it would be several."""
_THESE = "(SELECT value FROM json_each(?))"


class Row(NamedTuple):
    id: str
    doc_id: str
    search: str
    fields: str
    parts: bytes
    stems: bytes


class Shelf:
    def __init__(self, path: Path | None, version: int) -> None:
        """`version` is the table's. Without a path nothing is kept."""
        self._path = path
        self._lock, self._read_lock = threading.Lock(), threading.Lock()
        self._writes = self._writing = 0
        self._open: list[sqlite3.Connection] = []
        """One that writes and one that reads; none where the file can't be used."""
        self._left: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, self._open, self._left)
        if path is not None:
            with self._careful():
                self._begin(path, version)

    @property
    def writes(self) -> int:
        """To be kept from before the table is read until what was read is put here."""
        return self._writes

    def take(self, ids: Sequence[str]) -> list[Row]:
        """Those that are here, in any order."""
        with self._read_lock, self._careful():
            for reader in self._open[1:]:
                found = reader.execute(f"SELECT * FROM rows WHERE id IN {_THESE}", _these(ids))
                return [Row(*row) for row in found]
        return []

    def texts_holding(self, letters: str, most: int) -> list[str]:
        """What is searched of so many passages with these letters anywhere, however written; no
        index knows parts of words, but this reads some hundred passages in a millisecond."""
        with self._read_lock, self._careful():
            for reader in self._open[1:]:
                sql = "SELECT search FROM rows WHERE search LIKE ? LIMIT ?"
                return [str(text) for (text,) in reader.execute(sql, (f"%{letters}%", most))]
        return []

    def __len__(self) -> int:
        with self._read_lock, self._careful():
            for reader in self._open[1:]:
                return int(reader.execute("SELECT count(*) FROM rows").fetchone()[0])
        return 0

    def missing(self, ids: Iterable[str]) -> list[str]:
        """Those that are not here, if there is anywhere to put them."""
        with self._read_lock, self._careful():
            for reader in self._open[1:]:
                here = {id for (id,) in reader.execute("SELECT id FROM rows")}
                return [id for id in ids if id not in here]
        return []

    def put(self, rows: Iterable[Row], writes: int) -> None:
        """What was read of the table, unless that has been written to since."""
        with self._lock, self._careful():
            if not self._writing and writes == self._writes:
                self._write((), rows)

    @contextmanager
    def changing(
        self, version: Callable[[], int], doc_ids: Iterable[str] = (), rows: Sequence[Row] = ()
    ) -> Iterator[None]:
        """While the table is written to: these documents will have these rows. One that fails may
        have been written or not, so that nothing of it is here."""
        with self._lock, self._careful():
            self._writing += 1
            self._writes += 1
            self._write(doc_ids, (), "UPDATE state SET writing = 1", [row.id for row in rows])
        is_written = False
        try:
            yield
            is_written = True
        finally:
            with self._lock, self._careful():
                self._writing -= 1
                self._writes += 1
                if is_written:
                    self._write((), rows, f"UPDATE state SET writing = 0, version = {version()}")

    def tidy(self) -> None:
        """Leave nothing behind of what was deleted."""
        with self._lock, self._careful():
            for writer in self._open[:1]:
                writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _write(
        self,
        doc_ids: Iterable[str],
        rows: Iterable[Row],
        state: str = "",
        ids: Sequence[str] = (),
    ) -> None:
        for writer in self._open[:1]:
            with writer:
                writer.execute("BEGIN IMMEDIATE")
                writer.execute(f"DELETE FROM rows WHERE doc_id IN {_THESE}", _these(doc_ids))
                writer.execute(f"DELETE FROM rows WHERE id IN {_THESE}", _these(ids))
                writer.executemany("INSERT OR REPLACE INTO rows VALUES(?, ?, ?, ?, ?, ?)", rows)
                if state:
                    writer.execute(state)

    def _begin(self, path: Path, version: int) -> None:
        try:
            is_sound = self._connect(path, version)
        except sqlite3.DatabaseError:
            is_sound = False
        if not is_sound:
            _close(self._open)
            remove(path)
            self._connect(path, version)

    def _connect(self, path: Path, version: int) -> bool:
        """Is what is there of this layout, and of this state of the table?"""
        is_new = not path.exists()
        path.touch(mode=0o600)
        for _ in range(2):
            self._open.append(sqlite3.connect(path, check_same_thread=False, isolation_level=None))
        writer, reader = self._open
        writer.execute(f"PRAGMA page_size={_PAGE}")
        for setting in _SETTINGS:
            writer.execute(f"PRAGMA {setting}")
        reader.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        if is_new:
            writer.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={_LAYOUT}; COMMIT")
            writer.execute("UPDATE state SET version = ?", (version,))
            return True
        if writer.execute("PRAGMA user_version").fetchone() != (_LAYOUT,):
            return False
        known, writing = writer.execute("SELECT version, writing FROM state").fetchone()
        return bool(writing) or known == version

    @contextmanager
    def _careful(self) -> Iterator[None]:
        """The table has everything, so a trouble here is none for anybody."""
        try:
            yield
        except (sqlite3.Error, OSError):
            while self._open:
                self._left.append(self._open.pop())  # not closed: another thread may read
            if self._path is not None:
                with suppress(OSError):
                    remove(self._path)


def path_of(uri: str, name: str) -> Path | None:
    """Beside the table of that name; nowhere if that lies on another machine."""
    return None if "://" in uri else Path(uri) / f"{name}.shelf"


def remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _these(values: Iterable[str]) -> tuple[str]:
    return (json.dumps(list(values)),)


def _close(*opened: list[sqlite3.Connection]) -> None:
    for connections in opened:
        while connections:
            connections.pop().close()
