"""watchdog's inotify observer, without watches on what is passed over, and open about its limits.

Used by the observer on Linux. The system gives a limited number of watches, one for each folder: a
`node_modules` must not use them up. watchdog swallows the error when they run out below a root, and
loses events when its queue runs over: both are told here, so that sweeps make up for it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyEmitter, InotifyWatchGroup
from watchdog.observers.inotify_c import InotifyFD

Wanted = Callable[[Path], bool]
Tell = Callable[[Path, int], None]
"""Of a watched folder and an error number; 0 when events were lost."""


class SparseObserver(BaseObserver):
    def __init__(self, wanted: Wanted, tell: Tell) -> None:
        self._descriptor = InotifyFD()
        self._descriptor.start()
        super().__init__(_Emitter, inotify_fd=self._descriptor, wanted=wanted, tell=tell)

    def on_thread_stop(self) -> None:
        super().on_thread_stop()
        self._descriptor.stop()
        self._descriptor.join()


class _Emitter(InotifyEmitter):
    def __init__(self, *arguments: Any, wanted: Wanted, tell: Tell, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._wanted = wanted
        self._tell = tell

    def on_thread_start(self) -> None:
        self._inotify = _Group(
            self._inotify_fd,
            os.fsencode(self.watch.path),
            event_mask=self.get_event_mask_from_filter(),
            is_recursive=self.watch.is_recursive,
            wanted=self._wanted,
            tell=self._tell,
        )


class _Group(InotifyWatchGroup):
    def __init__(self, *arguments: Any, wanted: Wanted, tell: Tell, **options: Any) -> None:
        self._wanted = wanted
        self._tell = tell
        super().__init__(*arguments, **options)

    def _add_all_callbacks(self, path: bytes) -> None:
        if path != self.path and not self._is_worth_it(path):
            return
        self._add_callback(path)
        if not self.is_recursive or not os.path.isdir(path):
            return
        for folder, names, _ in os.walk(path):
            names[:] = [name for name in names if self._is_worth_it(os.path.join(folder, name))]
            for name in names:
                self._add_callback(os.path.join(folder, name))

    def _is_worth_it(self, path: bytes) -> bool:
        try:
            return not os.path.islink(path) and self._wanted(Path(os.fsdecode(path)))
        except Exception:  # while the journal can't be asked, rather a watch too many
            return True

    def _add_callback(self, path: bytes) -> None:
        if not os.access(path, os.R_OK):  # the library would take it for watched
            if path == self.path and os.path.lexists(path):
                raise PermissionError(errno.EACCES, "it can't be read")
            return
        try:
            watch = self._inotify_fd.add_callback(path, self.event_mask, self._callback, self._id)
        except OSError as error:
            if path == self.path:
                raise
            if error.errno in (errno.ENOSPC, errno.EMFILE):  # others: it has just gone
                self._tell(Path(os.fsdecode(self.path)), error.errno)
            return
        self._active_callbacks_by_path[path] = watch
        self._active_callbacks_by_watch[watch] = path

    def on_queue_overflow(self) -> None:
        super().on_queue_overflow()
        self._tell(Path(os.fsdecode(self.path)), 0)
