"""What comes into the memory: folders and changes → events in the journal.

The engine's door for everything new. Nothing is derived here: what is accepted is durable, and the
indexing works it off. In private mode nothing gets past here.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from cairn.core.home import Home
from cairn.core.journal import FileRecord, Journal, Policy
from cairn.core.private import PrivateMode
from cairn.core.uris import file_uri, folder_uris
from cairn.core.watch.folders import Folders
from cairn.core.watch.sweep import Change

_ACCEPT_AT_ONCE = 1000
_FEW = 32
"""More new files than this are made findable by their names before any is read."""
_MAY_WORK_NOW = ("needs-tool", "too-large")


class Capture:
    def __init__(
        self,
        home: Home,
        journal: Journal,
        folders: Folders,
        private: PrivateMode,
        clock: Callable[[], datetime],
        expect: Callable[[str, int], None],
    ) -> None:
        self._home = home
        self._journal = journal
        self._folders = folders
        self._private = private
        self._clock = clock
        self._expect = expect
        """Hears of each file and its size, for an estimate of the work."""
        self.is_paused: Callable[[str], bool] = lambda uri: False
        """Is nothing new of a folder to be read? The engine's pausing sets it."""
        self._roots_lock = threading.Lock()
        self._accept_lock = threading.Lock()

    def add(self, path: Path, policy: Policy | None) -> int:
        """Register a folder or file and queue what is new in it; returns how many files that is.

        Without a policy a folder that was named before keeps its own.
        """
        if policy != "never":
            self._private.refuse("no folder is read now")
        with self._roots_lock:
            path = self._folders.checked(path)
            before = self._folders.policy(path)
            policy = policy or self._folders.policies.get(path, "full")
            self._folders.register(path, policy)
            if policy != before:
                self._journal.read_again(folder_uris(path))
            records = list(self._folders.files(path))
            # What was missing, a program or a larger limit, may be there now.
            again = [r.uri for r in records if r.state == "failed" or r.code in _MAY_WORK_NOW]
            if again and policy == before == "full":
                self._journal.requeue(again)
            known = [record.uri for record in records]
            if known and policy != before:
                self._journal.requeue(known)  # to be read deeper, or less deep, or to leave
                if policy == "never":
                    return len(known)
                return len(known) + self.sweep([path])
            return 0 if policy == "never" else self.sweep([path])

    def remove(self, path: Path) -> int:
        with self._roots_lock:
            count = self._folders.unregister(path)
            left = Path(os.path.realpath(path))
            if self._folders.policy(left) != "never":
                self.sweep([left])  # another watched folder holds it, and decides from now on
            return count

    def sweep(self, paths: Iterable[Path] | None = None) -> int:
        if paths is None:
            paths = [root for root in self._folders.roots if not self.is_paused(file_uri(root))]
        return self._accept(paths)

    def note_changes(self, paths: Iterable[Path]) -> int:
        present: list[Path] = []
        gone: list[FileRecord] = []
        for path in dict.fromkeys(paths):
            is_there = os.path.lexists(path) and not path.is_symlink()
            kinds = (path.is_dir(),) if is_there else (False, True)
            if not any(self._folders.is_watched(path, is_folder) for is_folder in kinds):
                continue
            root = self._folders.root_of(path)
            if root.is_symlink() or self.is_paused(file_uri(root)):
                continue
            if is_there:
                present.append(path)
            elif self._folders.is_reachable(path):
                gone += self._folders.files(path)
        return self._accept(present, gone, live=True)

    def _accept(
        self, paths: Iterable[Path], gone: Iterable[FileRecord] = (), live: bool = False
    ) -> int:
        """Queue what differs; one at a time, or two would queue the same."""
        if self._private.is_on:
            return 0  # a sweep finds it when it is over
        with self._accept_lock:
            return self._queue(self._folders.compare(paths, gone), live)

    def _queue(self, changes: list[Change], live: bool) -> int:
        again = [change.event for change in changes if change.is_as_it_was]
        self._journal.requeue(event.uri for event in again)
        for event in again:
            self._expect(event.uri, event.size)
        changes = [change for change in changes if not change.is_as_it_was]
        many = sum(change.event.kind == "added" for change in changes) > _FEW
        for start in range(0, len(changes), _ACCEPT_AT_ONCE):
            batch = changes[start : start + _ACCEPT_AT_ONCE]
            events = [change.event for change in batch]
            self._journal.accept(events, live=live and not many, glance=many)
            for event in events:
                self._expect(event.uri, event.size)
        return len(again) + len(changes)
