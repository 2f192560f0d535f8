"""A transcript as its reader sees it: a file, a member of a ZIP, or a folder of files.

Everything is streamed, so that an export of any size takes little memory. A log that is still
being written ends with a torn line, which waits for the next reading.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import IO, Any

from cairn.core.chats.turn import State
from cairn.core.errors import ExtractError

_HEAD = 1 << 16
_CHECKED = 512
"""Bytes before the place to read on at, by which the same file is known again."""
MAX_LINE = 64 << 20
_WAL = b"\x02\x02"
"""In the head of a database whose changes are written beside it first."""


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    data: bytes

    def json(self) -> Any:
        """The value of a line of JSON, or None for what is not JSON."""
        try:
            return json.loads(self.data)
        except (ValueError, RecursionError):
            return None


class Transcript:
    """One file on disk, or one in a ZIP. Its `name` is without folders."""

    def __init__(self, path: Path, member: str = "") -> None:
        self.path = path
        self.member = member
        self._opened: IO[bytes] | None = None

    @property
    def name(self) -> str:
        return (self.member or self.path.name).rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The name of the folder that it lies in, of the ZIP for what is at the top of one."""
        inside = self.member.rpartition("/")[0].rpartition("/")[2]
        return inside or (self.path.stem if self.member else self.path.parent.name)

    @cached_property
    def head(self) -> bytes:
        """How it begins: enough to tell what it is."""
        if self.path.is_dir():
            return b""
        with self.open() as file:
            return file.read(_HEAD)

    @property
    def is_sqlite(self) -> bool:
        return self.head.startswith(b"SQLite format 3\0")

    def open(self) -> IO[bytes]:
        """Its bytes from the beginning, unpacked."""
        self._opened = self._open()
        return self._opened

    @property
    def position(self) -> int:
        """How far it has been read, in bytes."""
        return self._opened.tell() if self._opened and not self._opened.closed else 0

    def _open(self) -> IO[bytes]:
        if self.member:
            return _archive(self.path).open(self.member)
        if self.path.suffix == ".zst":
            import pyarrow

            return io.BufferedReader(
                pyarrow.CompressedInputStream(pyarrow.OSFile(str(self.path)), "zstd")
            )
        return self.path.open("rb")

    def text(self) -> IO[str]:
        return io.TextIOWrapper(self.open(), "utf-8-sig", "replace", newline=None)

    def json(self) -> Any:
        """All of it as one value. For what is never large; `ijson` streams the rest."""
        with self.open() as file:
            try:
                return json.load(file)
            except (ValueError, RecursionError) as error:
                raise ExtractError("broken", "it is not valid JSON") from error

    def lines(self, state: State) -> Iterator[Line]:
        """Complete lines from where `state` says; keeps `state` at the end of the line given.

        A file that was replaced or cut short is read from its beginning, with `state` emptied: of
        what is the same turns know each other again.
        """
        with self.open() as file:
            tail = self._resume(file, state)
            offset, number = int(state.get("offset", 0)), int(state.get("line", 0))
            while line := file.readline(MAX_LINE):
                torn = not line.endswith(b"\n") and len(line) < MAX_LINE
                if torn and not _is_whole(line):
                    return  # its writer is not done with it
                offset += len(line)
                number += line.endswith(b"\n")
                tail = (tail + line)[-_CHECKED:]
                # Its digest, as the line may hold a secret.
                state |= {"offset": offset, "line": number, "tail": [len(tail), _digest(tail)]}
                if line.strip():
                    yield Line(number + torn, line.replace(b"\0", b""))

    def _resume(self, file: IO[bytes], state: State) -> bytes:
        """Go to where `state` says; what stands before it, which must be what stood there."""
        offset = int(state.get("offset", 0))
        if not offset:
            return b""
        length, digest = state.get("tail", (0, ""))
        if file.seekable():
            file.seek(max(0, offset - length))
        else:
            _skip(file, offset - length)
        tail = file.read(length)
        if _digest(tail) == digest:
            return tail
        state.clear()
        if not file.seekable():
            raise ExtractError("replaced", "it was replaced while it was read")
        file.seek(0)
        return b""

    @contextlib.contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """The SQLite file, read only: its program may be writing at the same time."""
        stands_still = self.head[18:20] == _WAL and not _has(self.path, "-wal")
        before = _look(self.path)
        connection = _connect(self.path, stands_still)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA query_only=ON")
            yield connection
        except sqlite3.Error as error:
            raise _explained(error) from error
        finally:
            connection.close()
        if stands_still and (before != _look(self.path) or _has(self.path, "-wal")):
            raise ExtractError("replaced", "its program wrote it meanwhile")

    def tables(self) -> frozenset[str]:
        """The names of a database's tables; none for anything else."""
        if not self.is_sqlite or self.member:
            return frozenset()
        try:
            with self.database() as db:
                sql = "SELECT name FROM sqlite_master WHERE type = 'table'"
                return frozenset(str(row[0]) for row in db.execute(sql))
        except ExtractError:
            return frozenset()

    # -- what lies beside it, for formats of several files

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of a folder or ZIP: the files in it, as paths below it with "/", sorted."""
        if self.path.is_dir():
            found = (path for path in self.path.rglob("*") if path.is_file())
            return tuple(sorted(path.relative_to(self.path).as_posix() for path in found))
        if zipfile.is_zipfile(self.path):
            return tuple(sorted(n for n in _archive(self.path).namelist() if n[-1:] != "/"))
        return ()

    def part(self, name: str) -> Transcript:
        """One of `names`."""
        return Transcript(self.path / name) if self.path.is_dir() else Transcript(self.path, name)

    def stamp(self, name: str) -> str:
        """Tells one of `names` from another file of its name."""
        if self.path.is_dir():
            status = (self.path / name).stat()
            return f"{status.st_size}:{status.st_mtime_ns}"
        info = _archive(self.path).getinfo(name)
        return f"{info.file_size}:{info.CRC:08x}"

    def id(self) -> str:
        """Of its name and beginning, for formats whose conversations have no name at all."""
        return _digest(self.name.encode("utf-8", "replace") + self.head[:4096])


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


def _archive(path: Path) -> zipfile.ZipFile:
    """Of a large ZIP the list of members takes long to read, and each of them is asked for."""
    return _opened(path, *_look(path))


@lru_cache(2)
def _opened(path: Path, size: int, modified: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)


def _is_whole(line: bytes) -> bool:
    """No part of a JSON object or list is one itself: then only the line's end is missing."""
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _skip(file: IO[bytes], count: int) -> None:
    while count > 0 and (part := file.read(min(count, 1 << 20))):
        count -= len(part)


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
