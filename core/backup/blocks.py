"""Bytes ⇄ blocks that are named by their hash, so that what has not changed is stored once.

Used by the store of backups alone. A block is written beside its place, flushed and renamed: under
its name there is all of it, or nothing.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from cairn.core.errors import Unavailable

SIZE = 256 << 10
"""Of 64 pages of the journal: one that is written to leaves most of its blocks as they are."""
NAME = re.compile(r"[0-9a-f]{40}")


class Damaged(Unavailable):
    """A block is missing, or is not what it was when it was stored."""


def name_of(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=20).hexdigest()


class Blocks:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fresh: set[Path] = set()
        """Folders in which something was written since the last `settle`."""
        self.written = 0
        """Bytes that were not there before."""

    def put(self, data: bytes) -> str:
        """Store them unless they are there; either way they have been read back once it is done."""
        name = name_of(data)
        path = self._path(name)
        if not _holds(path, data):
            self._write(path, data)
            if not _holds(path, data):
                raise Damaged(
                    f"what was written to {path} can't be read back as it was",
                    "the disk may be failing; back up to another one",
                )
            self.written += len(data)
        return name

    def get(self, name: str) -> bytes:
        path = self._path(name)
        try:
            data = read_itself(path, SIZE)
        except FileNotFoundError:
            raise Damaged(f"the block {path} is missing", "") from None
        except OSError as error:
            raise Damaged(f"the block {path} can't be read: {error.strerror}", "") from error
        if name_of(data) != name:
            raise Damaged(f"the block {path} is damaged", "")
        return data

    def settle(self) -> None:
        """Have the names that were given survive a power cut, too."""
        for folder in (*self._fresh, self._folder):
            sync_folder(folder)
        self._fresh.clear()

    def drop_others(self, kept: Collection[str]) -> int:
        """Delete what no backup needs, and what a killed process has left; how many bytes."""
        freed = 0
        for path in list(self._all()):
            if path.name not in kept:
                freed += path.lstat().st_size
                path.unlink()
        return freed

    def size(self) -> int:
        return sum(path.lstat().st_size for path in self._all())

    def _all(self) -> Iterator[Path]:
        for folder in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            if not folder.is_symlink():
                yield from folder.iterdir()

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _write(self, path: Path, data: bytes) -> None:
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True)
        self._fresh.add(path.parent)
        write_whole(path, data)


def write_whole(path: Path, data: bytes) -> None:
    """Beside it, flushed, and renamed: a reader or a crash sees all of it or nothing."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_itself(path: Path, most: int) -> bytes:
    """A file's bytes, if it is one: no link, and no pipe or device that would never end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            raise OSError(errno.EINVAL, "it is no such file as cairn writes")
        return file.read()


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems can't, and need it not
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.lstat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False
