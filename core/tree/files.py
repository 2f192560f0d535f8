"""The tree's folder on disk: entry files by their relative paths, read and written whole.

Called by the tree only. Files that cairn generates, hidden folders of other programs (`.obsidian`,
`.git`) and links are passed over; nothing outside the folder is ever touched.
"""

from __future__ import annotations

import contextlib
import errno
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import NamedTuple

from cairn.core.errors import ConfigError, Unavailable
from cairn.core.home import UNFINISHED, write_atomic
from cairn.core.tree.markdown import Broken

CONTEXT = "_context.md"
PROFILE = "profile.md"
ARCHIVE = "archive"
_LARGEST = 2_000_000
_LONGEST_NAME, _LONGEST_PATH = 255, 4000
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Refused(Unavailable):
    """A place where nothing can be written, also not later."""


class Stamp(NamedTuple):
    size: int
    mtime_ns: int


def spot(path: str) -> str:
    """The same for paths that some system takes for one: letters' case and Unicode form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def is_generated(path: str) -> bool:
    """Does cairn write it from entries, so that it is none itself?"""
    return path.rpartition("/")[2] == CONTEXT or path == PROFILE


def is_archived(path: str) -> bool:
    return path.startswith(ARCHIVE + "/")


class TreeFiles:
    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, relative: str) -> Path:
        pure = PurePosixPath(relative)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\0" in relative:
            raise ConfigError(f"{relative!r} is not a place in the tree")
        return self.root.joinpath(*pure.parts)

    def relative(self, path: Path) -> str:
        """ "" for what is not an entry's file."""
        try:
            name = path.relative_to(self.root).as_posix()
            name.encode()
        except (ValueError, UnicodeEncodeError):
            return ""
        parts = name.split("/")
        is_entry = name.endswith(".md") and not any(part.startswith(".") for part in parts)
        return name if is_entry and not is_generated(name) else ""

    def walk(self, below: Path | None = None, *, tidy: bool = False) -> Iterator[tuple[str, Stamp]]:
        """Every entry file with its stamp, in a stable order. To `tidy` is to remove what killed
        processes had begun to write, and is for when nothing is left to be recovered."""
        folders = [below or self.root]
        while folders:
            found: list[os.DirEntry[str]] = []
            with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
            for entry in found:
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith("."):
                            folders.append(Path(entry.path))
                    elif entry.is_file(follow_symlinks=False) and (
                        name := self.relative(Path(entry.path))
                    ):
                        status = entry.stat(follow_symlinks=False)
                        yield name, Stamp(status.st_size, status.st_mtime_ns)
                    elif tidy and UNFINISHED.fullmatch(entry.name):
                        os.unlink(entry.path)

    def stamp(self, relative: str) -> Stamp | None:
        """Of a file; None for what is none, and for a link."""
        try:
            path = self.path(relative)
            status = path.lstat()
        except OSError:
            return None
        if not S_ISREG(status.st_mode) or self.is_linked(path):
            return None
        return Stamp(status.st_size, status.st_mtime_ns)

    def is_there(self, relative: str) -> bool:
        """Whatever it is that has this name."""
        return os.path.lexists(self.path(relative))

    def is_linked(self, path: Path) -> bool:
        """Does a link lead there, and so perhaps out of the tree?"""
        return path != self.root and any(
            each.is_symlink()
            for each in (path, *path.parents)
            if each.is_relative_to(self.root) and each != self.root
        )

    def is_one(self, one: str, other: str) -> bool:
        """Are two names that differ by letters' case or form those of one file?"""
        if one == other or spot(one) != spot(other):
            return False
        try:
            return self.path(one).samefile(self.path(other))
        except OSError:
            return False

    def check(self, relative: str, text: str) -> None:
        """Raise for what could not be written there, or not be read again."""
        path = self.path(relative)
        try:
            size = len(text.encode())
            names = [len(part.encode()) for part in PurePosixPath(relative).parts]
        except UnicodeEncodeError as error:
            raise ConfigError(f"{relative!a} is no text that a file can have", "") from error
        if size > _LARGEST:
            raise ConfigError(
                f"{relative} would be too long for an entry", "put it into a watched folder instead"
            )
        if max(names) > _LONGEST_NAME or len(os.fsencode(path)) > _LONGEST_PATH:
            raise ConfigError(f"{relative[:60]}… is too long for a name", "choose a shorter one")
        folder = path.parent
        while not os.path.lexists(folder):
            folder = folder.parent
        if not folder.is_dir() or self.is_linked(folder):
            raise ConfigError(f"{folder} is no folder of the tree", "choose another place")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _unwritable(path, PermissionError(errno.EACCES, "Permission denied"))

    def read(self, relative: str) -> str | None:
        """The text, None when there is no such file."""
        path = self.path(relative)
        if self.is_linked(path.parent):
            return None
        try:
            with open(path, "rb", opener=_open_itself) as file:
                data = file.read(_LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                return None
            raise Broken(f"it can't be read: {error.strerror}") from error
        if len(data) > _LARGEST:
            raise Broken("it is too long for an entry; put it into a watched folder")
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise Broken("it is not UTF-8 text") from error

    def write(self, relative: str, text: str) -> None:
        path = self._own(relative)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomic(path, text)
        except OSError as error:
            raise _unwritable(path, error) from error

    def rename(self, before: str, after: str) -> None:
        source, target = self._own(before), self._own(after)
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            source.rename(target)
        except OSError as error:
            raise _unwritable(target, error) from error
        self._tidy(source.parent)

    def remove(self, relative: str) -> None:
        path = self._own(relative)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(path, error) from error
        self._tidy(path.parent)

    def lay_aside(self, relative: str, name: str, text: str) -> str:
        """Keep a text beside the place where it is to go; where it lies."""
        path = _aside(relative, name)
        self.write(path, text)
        return path

    def aside(self, relative: str, name: str) -> str | None:
        """What was laid aside there."""
        try:
            return self.read(_aside(relative, name)) if relative else None
        except Broken:
            return None

    def clear(self, relative: str) -> None:
        """Remove what was laid aside, or a process that was killed while it wrote has left."""
        with contextlib.suppress(OSError, ConfigError, Refused):
            for path in self._own(relative).parent.glob(".*.tmp"):
                if UNFINISHED.fullmatch(path.name):
                    path.unlink(missing_ok=True)

    def _own(self, relative: str) -> Path:
        """Of what is to be changed: a journal from elsewhere may name a place behind a link."""
        path = self.path(relative)
        if self.is_linked(path.parent):
            raise Refused(f"{path.parent} leads elsewhere by a link", "choose another place")
        return path

    def _tidy(self, folder: Path) -> None:
        """Folders that an entry left empty go too."""
        while folder != self.root and folder.is_relative_to(self.root):
            try:
                names = os.listdir(folder)
                if names == [CONTEXT]:
                    (folder / CONTEXT).unlink()
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _aside(relative: str, name: str) -> str:
    return str(PurePosixPath(relative).with_name(f".{name}.tmp"))


def _open_itself(path: str, flags: int) -> int:
    """No link, and no pipe that would have to be waited for."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _unwritable(path: Path, error: OSError) -> Unavailable:
    message = f"{path} can't be written: {error.strerror}"
    if error.errno in _FULL:
        return Unavailable(message, "free some space; what was accepted is completed then")
    return Refused(message, "check its rights")
