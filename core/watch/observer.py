"""Notifications of the system → paths that have come to rest, for the engine to queue.

Used by the daemon only. A path is reported after a quiet time, or after a longest wait if it
keeps changing. A folder that can't be watched, wholly or in part, is named in `problems` and left
to the sweeps.
"""

from __future__ import annotations

import errno
import platform
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)

from cairn.core.config import Watch
from cairn.core.watch.drives import remote_kind
from cairn.core.watch.ignore import IGNORE_FILE

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver, ObservedWatch

_LIMITS = {
    errno.ENOSPC: "the system's number of watches is used up; raise fs.inotify.max_user_watches "
    "with sysctl",
    errno.EMFILE: "the system's number of watchers is used up; raise fs.inotify.max_user_instances "
    "with sysctl",
}
_SWEPT = "it is compared with the index from time to time instead"
_RETRY_S = 60.0
_MOST_RESTLESS = 20_000
"""Of more paths than this nothing is kept: the folders that they lie in are compared as a whole."""
_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent, FileModifiedEvent, FileClosedEvent, FileDeletedEvent, FileMovedEvent,
    FileAttribEvent, DirCreatedEvent, DirDeletedEvent, DirMovedEvent,
]  # fmt: skip
Wanted = Callable[[Path, bool], bool]
"""Is a path, a folder or not, to be followed?"""


class FolderObserver:
    def __init__(
        self, settings: Watch, wanted: Wanted, report: Callable[[list[Path]], None]
    ) -> None:
        self._settings = settings
        self._wanted = wanted
        self._report = report
        self._changed: dict[Path, tuple[float, float]] = {}
        """First and latest change of each restless path."""
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._observer: BaseObserver | None = None
        self._observe_at = 0.0
        """When to try again to have one, where the system has none left."""
        self._watched: dict[tuple[Path, bool], tuple[ObservedWatch, tuple[int, int]]] = {}
        """By folder and whether all below it is meant; with what tells it from a later one."""
        self.problems: dict[Path, str] = {}
        self._retry_at: dict[Path, float] = {}
        self._lost: set[Path] = set()
        """Watched folders that were deleted or moved away; one of that name would be another."""
        self._thread = threading.Thread(target=self._settle, name="settle", daemon=True)

    def _make_observer(self) -> BaseObserver:
        if platform.system() == "Linux":
            from cairn.core.watch.inotify import SparseObserver

            return SparseObserver(lambda folder: self._wanted(folder, True), self._tell)
        from watchdog.observers import Observer

        return Observer()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._observer:
            self._observer.stop()
            self._observer.join(2)

    def watch(self, roots: Iterable[Path]) -> None:
        """Watch exactly these roots; one that was made anew since is watched anew."""
        wanted = {(root if root.is_dir() else root.parent, root.is_dir()) for root in roots}
        observer = self._observer = self._observer or self._started(folder for folder, _ in wanted)
        if observer is None:
            return
        for place, (handle, seen) in list(self._watched.items()):
            folder = place[0]
            if place not in wanted or folder in self._lost or seen != _identity(folder):
                observer.unschedule(handle)
                del self._watched[place]
                self._lost.discard(folder)
                self.problems.pop(folder, None)
        for folder in self.problems.keys() - {folder for folder, _ in wanted}:
            del self.problems[folder]
        for folder, recursive in wanted - self._watched.keys():
            self._begin(observer, folder, recursive)

    def _started(self, folders: Iterable[Path]) -> BaseObserver | None:
        """None while the system gives no more watchers to anybody: asked again later."""
        if time.monotonic() < self._observe_at:
            return None
        try:
            observer = self._make_observer()
        except OSError as error:
            self.problems = dict.fromkeys(folders, f"{_reason(error)}; {_SWEPT}")
            self._observe_at = time.monotonic() + _RETRY_S
            return None
        observer.start()
        self.problems = {}
        return observer

    def _begin(self, observer: BaseObserver, folder: Path, recursive: bool) -> None:
        identity = _identity(folder)
        if identity is None or time.monotonic() < self._retry_at.get(folder, 0):
            return  # it is not there now, or could not be watched; asked again later
        if kind := remote_kind(folder):
            self.problems[folder] = f"changes on a network drive ({kind}) are not told; {_SWEPT}"
            return
        handler = _Handler(self._note, self._lost.add, folder, self._wanted)
        self.problems.pop(folder, None)
        try:
            handle = observer.schedule(
                handler, str(folder), recursive=recursive, event_filter=_EVENTS
            )
        except OSError as error:
            self.problems[folder] = f"{_reason(error)}; {_SWEPT}"
            self._retry_at[folder] = time.monotonic() + _RETRY_S
            return
        self._watched[folder, recursive] = (handle, identity)
        self._note(folder)  # what happened before it was watched

    def _tell(self, folder: Path, code: int) -> None:
        if code:
            self.problems[folder] = f"{_LIMITS[code]}; {_SWEPT}"
        else:
            self._note(folder)  # notifications were lost: all of it is compared

    def renew(self) -> None:
        """Watch all roots anew: what is passed over in them has changed."""
        self._lost |= {folder for folder, _ in self._watched}

    def _note(self, path: Path) -> None:
        moment = time.monotonic()
        with self._lock:
            if len(self._changed) >= _MOST_RESTLESS and path not in self._changed:
                roots = [folder for folder, _ in list(self._watched)]
                first = min(first for first, _ in self._changed.values())
                self._changed = dict.fromkeys(roots, (first, moment))
                return
            first, _ = self._changed.get(path, (moment, moment))
            self._changed[path] = (first, moment)

    def _settle(self) -> None:
        quiet_s, longest_s = self._settings.quiet_s, self._settings.max_wait_s
        while not self._stop.wait(max(0.05, min(0.5, quiet_s / 2))):
            moment = time.monotonic()
            with self._lock:
                rested = [
                    path
                    for path, (first, latest) in self._changed.items()
                    if moment - latest >= quiet_s or moment - first >= longest_s
                ]
                for path in rested:
                    del self._changed[path]
            if rested:
                self._report(rested)


class _Handler(FileSystemEventHandler):
    def __init__(
        self,
        note: Callable[[Path], None],
        lose: Callable[[Path], None],
        root: Path,
        wanted: Wanted,
    ) -> None:
        self._note = note
        self._lose = lose
        self._root = root
        self._wanted = wanted

    def on_any_event(self, event: FileSystemEvent) -> None:
        try:
            self._take(event)
        except Exception:  # the thread that brings the events would end, and nobody would know
            self._note(self._root)

    def _take(self, event: FileSystemEvent) -> None:
        if event.event_type in ("deleted", "moved") and event.src_path == str(self._root):
            self._lose(self._root)
        for name in (event.src_path, event.dest_path):
            if name:
                path = Path(name.decode() if isinstance(name, bytes) else name)
                if path.name == IGNORE_FILE:
                    self._lose(self._root)  # it may let in folders that are not watched so far
                    self._note(path.parent)
                elif path == self._root or self._is_wanted(path, event):
                    self._note(path)

    def _is_wanted(self, path: Path, event: FileSystemEvent) -> bool:
        # What a deleted or moved thing was, the system sometimes does not say.
        kinds = (False, True) if event.event_type == "deleted" else (event.is_directory,)
        return any(self._wanted(path, is_folder) for is_folder in kinds)


def _reason(error: OSError) -> str:
    return _LIMITS.get(error.errno or 0) or error.strerror or str(error)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
