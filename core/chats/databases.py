"""A program's SQLite file → a connection that only reads. Called by `source`.

The program may be writing at the same time; nothing of it is changed, and nothing left beside it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from cairn.core.errors import ExtractError

_WAL = b"\x02\x02"
"""In the head of a database whose changes are written beside it first."""


@contextlib.contextmanager
def open_database(path: Path, head: bytes) -> Iterator[sqlite3.Connection]:
    """`head` are the first bytes of the file."""
    stands_still = head[18:20] == _WAL and not _has(path, "-wal")
    before = _look(path)
    connection = _connect(path, stands_still)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA query_only=ON")
        yield connection
    except sqlite3.Error as error:
        raise _explained(error) from error
    finally:
        connection.close()
    if stands_still and (before != _look(path) or _has(path, "-wal")):
        raise ExtractError("replaced", "its program wrote it meanwhile")


def _look(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _has(path: Path, mark: str) -> bool:
    return path.with_name(path.name + mark).exists()


def _connect(path: Path, stands_still: bool) -> sqlite3.Connection:
    """Read only. Of a database that no program has open, SQLite is told that it stands still, or it
    would leave files of its own beside it; whoever writes it then is found out afterwards.
    """
    uri = path.absolute().as_uri() + ("?mode=ro&immutable=1" if stands_still else "?mode=ro")
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=2)
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.Error as error:
        if error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            words = "its program was stopped while it wrote and has to be started first"
            if _has(path, "-wal"):
                words = "its latest changes can't be read: the folder can't be written to"
            raise ExtractError("unreadable", words) from error
        raise _explained(error) from error
    return connection


def _explained(error: sqlite3.Error) -> ExtractError:
    if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return ExtractError("busy", "its program is writing it just now")
    if isinstance(error, sqlite3.OperationalError):
        return ExtractError("broken", "the database is not as expected")
    return ExtractError("broken", "the database is damaged")
