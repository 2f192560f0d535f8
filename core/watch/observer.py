"""Notifications of the system → paths that have come to rest, for the engine to queue.

Used by the daemon only. A path is reported after a quiet time, or after a longest wait if it
keeps changing. A folder that can't be watched is named once, and left to the sweeps.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from cairn.core.config import Watch
from cairn.core.watch.ignore import ignores_file, ignores_folder

_REMEDY = {
    28: "raise fs.inotify.max_user_watches with sysctl",
    24: "raise fs.inotify.max_user_instances with sysctl",
}
_RETRY_S = 60.0
_LOOKED_AT = ("opened", "closed_no_write")


class FolderObserver:
    def __init__(self, settings: Watch, report: Callable[[list[Path]], None]) -> None:
        self._settings = settings
        self._report = report
        self._changed: dict[Path, tuple[float, float]] = {}
        """First and latest change of each restless path."""
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._observer: BaseObserver = Observer()
        self._watched: dict[tuple[Path, bool], tuple[ObservedWatch, tuple[int, int]]] = {}
        """By folder and whether all below it is meant; with what tells it from a later one."""
        self.problems: dict[Path, str] = {}
        self._retry_at: dict[Path, float] = {}
        self._lost: set[Path] = set()
        """Watched folders that were deleted or moved away; one of that name would be another."""
        self._thread = threading.Thread(target=self._settle, name="settle", daemon=True)

    def start(self) -> None:
        self._observer.start()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join(2)

    def watch(self, roots: Iterable[Path]) -> None:
        """Watch exactly these roots; one that was made anew since is watched anew."""
        wanted = {(root if root.is_dir() else root.parent, root.is_dir()) for root in roots}
        for place, (handle, seen) in list(self._watched.items()):
            folder = place[0]
            if place not in wanted or folder in self._lost or seen != _identity(folder):
                self._observer.unschedule(handle)
                del self._watched[place]
                self._lost.discard(folder)
        for folder, recursive in wanted - self._watched.keys():
            identity = _identity(folder)
            if identity is None or time.monotonic() < self._retry_at.get(folder, 0):
                continue  # it is not there now, or could not be watched; asked again later
            try:
                handle = self._observer.schedule(
                    _Handler(self._note, self._lost.add, folder), str(folder), recursive=recursive
                )
            except OSError as error:
                remedy = _REMEDY.get(error.errno or 0, "")
                reason = error.strerror or str(error)
                self.problems[folder] = f"{reason}; {remedy}" if remedy else reason
                self._retry_at[folder] = time.monotonic() + _RETRY_S
                continue
            self._watched[folder, recursive] = (handle, identity)
            self.problems.pop(folder, None)
            self._note(folder)  # what happened before it was watched

    def _note(self, path: Path) -> None:
        moment = time.monotonic()
        with self._lock:
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
        self, note: Callable[[Path], None], lose: Callable[[Path], None], root: Path
    ) -> None:
        self._note = note
        self._lose = lose
        self._root = root

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _LOOKED_AT:
            return
        if event.is_directory and event.event_type == "modified":
            return  # said of a folder whenever something in it changes, which is reported itself
        if event.event_type in ("deleted", "moved") and event.src_path == str(self._root):
            self._lose(self._root)
        for name in (event.src_path, event.dest_path):
            if name:
                path = Path(name.decode() if isinstance(name, bytes) else name)
                if self._wants(path):
                    self._note(path)

    def _wants(self, path: Path) -> bool:
        if path == self._root:
            return True
        try:
            *folders, name = path.relative_to(self._root).parts
        except ValueError:
            return False
        return not ignores_file(name) and not any(ignores_folder(folder) for folder in folders)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
