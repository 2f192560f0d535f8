"""A transcript as its reader sees it: a file, a member of a ZIP, or a folder of files.

Everything is streamed, so that an export of any size takes little memory. A log that is still
being written ends with a torn line, which waits for the next reading.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from cairn.core.chats.databases import open_database
from cairn.core.chats.packed import (
    archive,
    open_member,
    open_zstd,
    refuse_too_many,
    refuse_too_much,
)
from cairn.core.chats.turn import State
from cairn.core.chats.walk import Walk
from cairn.core.errors import ExtractError
from cairn.core.records import digest

_HEAD = 1 << 16
_CHECKED = 512
"""Bytes before the place to read on at, by which the same file is known again."""
MAX_LINE = 64 << 20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MOST_NAMES, _DEEPEST = 200_000, 24
_GLANCE_NAMES, _GLANCE_DEPTH = 20_000, 1


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
        self.began_anew = False
        """`lines` found another file than its state is of."""

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
        if self.member:
            return open_member(self.path, self.member)
        return open_zstd(self.path) if self.path.suffix == ".zst" else self.path.open("rb")

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
        self.began_anew = True
        if not file.seekable():
            raise ExtractError("replaced", "it was replaced while it was read")
        file.seek(0)
        return b""

    def database(self) -> AbstractContextManager[sqlite3.Connection]:
        """The SQLite file, read only: its program may be writing at the same time."""
        return open_database(self.path, self.head)

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
        """Of a folder or ZIP: the files in it, as paths below it with "/", sorted; no links."""
        if self.path.is_dir():
            return _names(self.path, _MOST_NAMES, _DEEPEST)
        # Programs and pictures may end like a ZIP; one that was cut short only begins like it.
        if self.head.startswith(_ZIP):
            if zipfile.is_zipfile(self.path):
                return tuple(sorted(n for n in archive(self.path).namelist() if n[-1:] != "/"))
            if self.path.suffix.lower() == ".zip":
                raise ExtractError("broken", "it is damaged or ends too early")
        return ()

    def glance(self) -> Transcript:
        """The same with the names at the top of a folder only, which tell what it is."""
        if not self.path.is_dir():
            return self
        top = Transcript(self.path)
        top.names = _names(self.path, _GLANCE_NAMES, _GLANCE_DEPTH)
        return top

    def part(self, name: str) -> Transcript:
        """One of `names`."""
        return Transcript(self.path / name) if self.path.is_dir() else Transcript(self.path, name)

    def stamp(self) -> str:
        """Tells it from what it was before; a folder or ZIP by all that is in it."""
        if self.member:
            info = archive(self.path).getinfo(self.member)
            return f"{info.file_size}:{info.CRC:08x}"
        if self.path.is_dir():
            return digest(*(f"{name}:{self.part(name).stamp()}" for name in self.names), size=8)
        beside = self.path.with_name(self.path.name + "-wal")  # where a database is changed first
        both = [self.path, beside] if beside.exists() else [self.path]
        found = [path.stat() for path in both]
        return " ".join(f"{status.st_size}:{status.st_mtime_ns}" for status in found)

    def refuse_bomb(self) -> None:
        """Raises when what is packed in it would unpack to far more than is likely."""
        if not self.member and self.names and not self.path.is_dir():
            found = archive(self.path).infolist()
            for info in found:
                refuse_too_much(info.compress_size, info.file_size)
            refuse_too_many(self.path.stat().st_size, sum(info.file_size for info in found))

    @property
    def unpacked(self) -> int:
        """How many bytes a member has, unpacked."""
        return archive(self.path).getinfo(self.member).file_size if self.member else 0

    def id(self) -> str:
        """Of its name and beginning, for formats whose conversations have no name at all."""
        return _digest(self.name.encode("utf-8", "replace") + self.head[:4096])


def _names(folder: Path, most: int, depth: int) -> tuple[str, ...]:
    found = Walk(most).files(folder, depth)
    paths = (below / name for below, names in found for name in names)
    return tuple(sorted(path.relative_to(folder).as_posix() for path in paths))


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
