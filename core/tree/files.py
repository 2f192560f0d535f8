"""The tree's folder on disk: entry files by their relative paths, read and written whole.

Called by the tree only. Files that cairn generates, hidden folders of other programs (`.obsidian`,
`.git`) and links are passed over; nothing outside the folder is ever touched.
"""

from __future__ import annotations

import contextlib
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from cairn.core.errors import ConfigError, Unavailable
from cairn.core.home import write_atomic
from cairn.core.tree.markdown import Broken

CONTEXT = "_context.md"
PROFILE = "profile.md"
ARCHIVE = "archive"
_LARGEST = 2_000_000


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

    def walk(self, below: Path | None = None) -> Iterator[tuple[str, Stamp]]:
        """Every entry file with its stamp, in a stable order."""
        try:
            found = sorted(os.scandir(below or self.root), key=lambda entry: entry.name)
        except OSError:
            return
        for entry in found:
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith("."):
                        yield from self.walk(Path(entry.path))
                elif entry.is_file(follow_symlinks=False) and (
                    name := self.relative(Path(entry.path))
                ):
                    status = entry.stat(follow_symlinks=False)
                    yield name, Stamp(status.st_size, status.st_mtime_ns)

    def stamp(self, relative: str) -> Stamp | None:
        try:
            status = self.path(relative).lstat()
        except OSError:
            return None
        return Stamp(status.st_size, status.st_mtime_ns)

    def read(self, relative: str) -> str | None:
        """The text, None when there is no such file."""
        try:
            with self.path(relative).open("rb") as file:
                data = file.read(_LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise Broken(f"it can't be read: {error.strerror}") from error
        if len(data) > _LARGEST:
            raise Broken("it is too long for an entry; put it into a watched folder")
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise Broken("it is not UTF-8 text") from error

    def write(self, relative: str, text: str) -> None:
        path = self.path(relative)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomic(path, text)
        except OSError as error:
            raise _unwritable(path, error) from error

    def rename(self, before: str, after: str) -> None:
        target = self.path(after)
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path(before).rename(target)
        except OSError as error:
            raise _unwritable(target, error) from error
        self._tidy(self.path(before).parent)

    def remove(self, relative: str) -> None:
        path = self.path(relative)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(path, error) from error
        self._tidy(path.parent)

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


def _unwritable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"{path} can't be written: {error.strerror}",
        "free some space or check its rights; what was accepted is completed then",
    )
