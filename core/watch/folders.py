"""Which folders are watched, and what belongs to them.

The engine asks here before it reads, queues or withdraws a file. cairn's own home is never part
of a watched folder, whatever lies around it; only its tree is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from cairn.core.errors import ConfigError, NotFound, Unavailable
from cairn.core.home import Home
from cairn.core.journal import FileRecord, Journal
from cairn.core.uris import file_uri, folder_uris, uri_path
from cairn.core.watch.ignore import ignores_file, ignores_folder
from cairn.core.watch.sweep import PSEUDO, Change, sweep

_FILE = "file"
"""The kind of tombstone that keeps a file out."""


class Folders:
    def __init__(self, home: Home, journal: Journal) -> None:
        self._home = home
        self._journal = journal

    @property
    def roots(self) -> list[Path]:
        return [self._home.tree, *(uri_path(uri) for uri in self._journal.roots())]

    def register(self, path: Path) -> Path:
        """Watch a folder or file from now on; its real path."""
        path = Path(os.path.realpath(path.expanduser()))
        if not os.path.lexists(path):
            raise NotFound(
                f"{path} doesn't exist", "check the spelling; `cairn status` lists folders"
            )
        if path.is_relative_to(self._home.path):
            raise ConfigError(
                f"{path} is inside cairn's own home", "the tree there is always part of the memory"
            )
        if str(path) in PSEUDO or any(path.is_relative_to(folder) for folder in PSEUDO):
            raise ConfigError(f"{path} holds no files of yours", "name a folder of your own")
        if not os.access(path, os.R_OK | os.X_OK if path.is_dir() else os.R_OK):
            raise Unavailable(f"{path} can't be read", "make it readable for you")
        self._journal.add_root(file_uri(path))
        self._journal.set_meta(f"place:{file_uri(path)}", _place(path))
        return path

    def unregister(self, path: Path) -> int:
        """Stop watching; how many files leave, because no other watched folder holds them."""
        path = path.expanduser()
        known = self._journal.roots()
        found = [p for p in (Path(os.path.realpath(path)), path.absolute()) if file_uri(p) in known]
        if not found:
            raise NotFound(f"{path} is not a watched folder", "`cairn status` lists them")
        others = [root for root in self.roots if root != found[0]]
        gone = [
            record.uri
            for record in self.files(found[0])
            if not any(uri_path(record.uri).is_relative_to(root) for root in others)
        ]
        self._journal.remove_root(file_uri(found[0]), gone)
        return len(gone)

    def files(self, path: Path) -> Iterator[FileRecord]:
        """What the journal knows at or below a path."""
        for uri in folder_uris(path):
            yield from self._journal.files(uri)

    def compare(self, paths: Iterable[Path]) -> list[Change]:
        """What differs at these paths from what is known of them."""
        settled = self._journal.pending() | self._journal.buried(_FILE)
        found = sweep(paths, self._own_files, settled, self._home.path, self._is_emptied)
        new = [r for r in found.closed if self._journal.file(r.uri) is None]
        if new:
            self._journal.store_files(new)
        return found.changes

    def _own_files(self, path: Path) -> Iterator[FileRecord]:
        """Those of `files` that no root further in answers for."""
        inner = [root for root in self.roots if root != path and root.is_relative_to(path)]
        for record in self.files(path):
            if not any(uri_path(record.uri).is_relative_to(root) for root in inner):
                yield record

    def is_watched(self, path: Path) -> bool:
        """Is it in a watched folder and not ignored there?"""
        try:
            root = self.root_of(path)
        except NotFound:
            return False
        if path.is_relative_to(self._home.path) and root != self._home.tree:
            return False
        if self._journal.is_buried(_FILE, file_uri(path)):
            return False  # the user has had it forgotten
        if path == root:
            return True
        *folders, name = path.relative_to(root).parts
        if ignores_folder(name) and path.is_dir():
            return False
        return not ignores_file(name) and not any(map(ignores_folder, folders))

    def is_reachable(self, path: Path) -> bool:
        """Is the watched folder of this file there, or has its disk been taken out?"""
        root = self.root_of(path)
        return path.parent.is_dir() if root == path else not self.problem(root)

    def problem(self, root: Path) -> str:
        """Why nothing can be said about the files of a root, in words; empty if all is well."""
        try:
            if not root.is_dir() and root.exists():
                return ""
            empty = next(root.iterdir(), None) is None
        except OSError:
            return "it can't be reached; its files stay searchable"
        if not empty or self._is_emptied(root) or next(self.files(root), None) is None:
            return ""
        return "it is empty, as if its disk was taken out; its files stay searchable"

    def _is_emptied(self, root: Path) -> bool:
        """Is an empty root the very folder that was registered, or the place of a lost disk?"""
        if root == self._home.tree:
            return True
        return self._journal.get_meta(f"place:{file_uri(root)}") == _place(root)

    def root_of(self, path: Path) -> Path:
        holders = [root for root in self.roots if path.is_relative_to(root)]
        if holders:
            return max(holders, key=lambda root: len(root.parts))  # the innermost has its own rules
        raise NotFound(f"{path} is in no watched folder", "`cairn add` its folder")


def _place(root: Path) -> str:
    """What tells a folder from another one at the same path."""
    try:
        status = root.stat()
    except OSError:
        return ""
    return f"{status.st_dev}:{status.st_ino}"
