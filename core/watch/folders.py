"""Which folders are watched, how deep each is read, and what belongs to them.

The engine asks here before it reads, queues or withdraws a file. cairn's own home is never part
of a watched folder, whatever lies around it; only its tree is. The innermost watched folder
decides for what is in it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from cairn.core.config import Watch
from cairn.core.errors import ConfigError, NotFound, Unavailable
from cairn.core.home import Home
from cairn.core.journal import FileRecord, Journal, Policy
from cairn.core.rows import modified_ns
from cairn.core.tombstones import Tombstones
from cairn.core.tree.files import is_generated
from cairn.core.uris import file_uri, folder_uris, pasted, uri_path
from cairn.core.watch.ignore import Rules, Verdict
from cairn.core.watch.sweep import PSEUDO, Change, Place, moment_of, sweep


class Folders:
    def __init__(self, home: Home, journal: Journal, settings: Watch) -> None:
        self._home = home
        self._journal = journal
        self._settings = settings
        self._tombstones = Tombstones(journal)
        self._rules: dict[Path, Rules] = {}
        self._policies: dict[Path, Policy] | None = None
        self._policies_lock = threading.Lock()

    @property
    def policies(self) -> dict[Path, Policy]:
        """Every folder that was named, and how deep it is read."""
        with self._policies_lock:  # what is read here must not outlive a change meanwhile
            if self._policies is None:
                named = self._journal.roots().items()
                self._policies = {self._home.tree: "full", **{uri_path(u): p for u, p in named}}
            return self._policies

    def look_again(self) -> None:
        """Others may have been named by somebody else than `register`."""
        with self._policies_lock:
            self._policies = None

    @property
    def roots(self) -> list[Path]:
        return [path for path, policy in self.policies.items() if policy != "never"]

    def register(self, path: Path, policy: Policy = "full") -> Path:
        """Watch a folder or file from now on; its real path."""
        path = self.checked(path)
        with self._policies_lock:
            self._journal.add_root(file_uri(path), policy)
            self._journal.set_meta(f"place:{file_uri(path)}", _place(path))
            self._policies = None
        return path

    def checked(self, path: Path) -> Path:
        """The real path of something that can be watched."""
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
        if self._tombstones.has_place(file_uri(path)):
            hint = f"`cairn forget --lift {pasted(str(path))}` lets it in again"
            raise ConfigError(f"you have had {path} forgotten", hint)
        if not path.is_dir() and not path.is_file():
            raise ConfigError(f"{path} is not a regular file", "name a folder or a file of yours")
        return path

    def unregister(self, path: Path) -> int:
        """Stop watching; how many files leave, because no other watched folder holds them."""
        path = path.expanduser()
        known = self._journal.roots()
        found = [p for p in (path.absolute(), Path(os.path.realpath(path))) if file_uri(p) in known]
        if not found:
            raise NotFound(f"{path} is not a watched folder", "`cairn status` lists them")
        others = {named: policy for named, policy in self.policies.items() if named != found[0]}
        gone = [
            record.uri
            for record in self.files(found[0])
            if others.get(_innermost(uri_path(record.uri), others) or path, "never") == "never"
        ]
        with self._policies_lock:
            self._journal.remove_root(file_uri(found[0]), gone, folder_uris(found[0]))
            self._policies = None
        return len(gone)

    def files(self, path: Path) -> Iterator[FileRecord]:
        """What the journal knows at or below a path."""
        for uri in folder_uris(path):
            yield from self._journal.files(uri)

    def compare(self, paths: Iterable[Path], gone: Iterable[FileRecord] = ()) -> list[Change]:
        """What differs at these paths from what is known of them; `gone` were deleted."""
        places = [self._at(path) for path in paths]
        # A file that is named itself has just changed again: it may be in the middle of a reading.
        again = {file_uri(place.path) for place in places if self._is_newer(place.path)}
        settled = self._journal.pending() - again
        found = sweep(places, settled, self._tombstones.has_place, gone)
        new = [r for r in found.closed if self._journal.file(r.uri) is None]
        if new:
            self._journal.store_files(new)
        return found.changes

    def _at(self, path: Path) -> Place:
        root = self.root_of(path)
        inner = self.inside(path)
        records = {
            record.uri: record
            for record in self.files(path)
            if not any(uri_path(record.uri).is_relative_to(folder) for folder in inner)
        }
        return Place(
            path, self.rules(root), records, self.outside(path), self._is_emptied(path),
            self.policies[root] == "names",
        )  # fmt: skip

    def _is_newer(self, path: Path) -> bool:
        """Has a file changed since the event for which it waits to be read?"""
        awaited = self._journal.awaited(file_uri(path))
        try:
            status = path.lstat()
        except OSError:
            return False
        if awaited is None:
            return True
        at, size = awaited
        return moment_of(modified_ns(status)) > at or status.st_size != size

    def inside(self, path: Path) -> list[Path]:
        """Named folders further in, which answer for themselves."""
        return [named for named in self.policies if named != path and named.is_relative_to(path)]

    def rules(self, root: Path) -> Rules:
        if root not in self._rules:
            is_made = is_generated if root == self._home.tree else None
            self._rules[root] = Rules(root, self._settings.hidden, is_made)
        return self._rules[root]

    def rules_for(self, path: Path) -> Rules:
        """The rules of the folder that a path is in, or would be the root of."""
        holder = self._holder(path)
        return self.rules(holder if holder else path)

    def outside(self, path: Path) -> frozenset[Path]:
        """What lies below a path and is none of its business."""
        return frozenset({*self.inside(path), self._home.path})

    def is_watched(self, path: Path, is_folder: bool = False) -> bool:
        """Is it in a watched folder and not passed over there?"""
        return self.verdict(path, is_folder) is None

    def verdict(self, path: Path, is_folder: bool = False) -> Verdict | None:
        """Why a path is not read; None if it is."""
        holder = self._holder(path)
        if path.is_relative_to(self._home.path) and holder != self._home.tree:
            return Verdict("it is part of cairn's own home")
        if holder is None:
            folder = path if is_folder else path.parent
            return Verdict(
                "it is in no watched folder", f"`cairn add {pasted(str(folder))}` watches it"
            )
        if self.policies[holder] == "never":
            hint = f"`cairn add --policy full {pasted(str(holder))}` changes that"
            return Verdict(f"you said that {holder} is never to be read", hint)
        if self._tombstones.has_place(file_uri(path)):
            hint = f"`cairn forget --lift {pasted(str(path))}` lets it in again"
            return Verdict("you have had it forgotten", hint)
        if link := _link_between(holder, path):
            return Verdict(f"{link} is a link, and links are not followed")
        return self.rules(holder).judge(path, is_folder)

    def is_of_the_tree(self, path: Path) -> bool:
        return path.is_relative_to(self._home.tree)

    def policy(self, path: Path) -> Policy:
        holder = self._holder(path)
        return self.policies[holder] if holder else "never"

    def is_reachable(self, path: Path) -> bool:
        """Is the watched folder of this file there, or has its disk been taken out?"""
        root = self.root_of(path)
        return path.parent.is_dir() if root == path else not self.problem(root)

    def problem(self, root: Path) -> str:
        """Why nothing can be said about the files of a root, in words; empty if all is well."""
        if root.is_symlink():
            target = os.path.realpath(root)
            add = f"`cairn add {pasted(target)}` watches that"
            return f"it is a link to {target} now; {add}; its files stay searchable"
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
        holder = self._holder(path)
        if holder is None or self.policies[holder] == "never":
            raise NotFound(f"{path} is in no watched folder", "`cairn add` its folder")
        return holder

    def _holder(self, path: Path) -> Path | None:
        """The innermost named folder that a path is in."""
        return _innermost(path, self.policies)


def _innermost(path: Path, folders: Container[Path]) -> Path | None:
    return next((folder for folder in (path, *path.parents) if folder in folders), None)


def _link_between(root: Path, path: Path) -> Path | None:
    """A part of the path below the root that leads elsewhere."""
    folder = root
    for name in path.relative_to(root).parts:
        folder /= name
        if folder.is_symlink():
            return folder
    return None


def _place(root: Path) -> str:
    """What tells a folder from another one at the same path."""
    try:
        status = root.stat()
    except OSError:
        return ""
    return f"{status.st_dev}:{status.st_ino}"
