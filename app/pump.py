"""The daemon's indexing thread: keeps the index in step with the folders, forever and politely.

Opens the index, sweeps, follows the system's notifications, retries what may heal, compacts when
idle. Trouble is kept as one line for `cairn status`; it never ends the thread.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cairn.app.log import log_bug
from cairn.app.memory import give_back, leave_be
from cairn.core.engine import Engine
from cairn.core.errors import CairnError
from cairn.core.watch.observer import FolderObserver

_COMPACT_AFTER_S = 5.0
_LARGE = 20_000
_HEAL_S = 60.0
_LEARN_S = 3600.0
_LEAVE_BEHIND_S = 130.0
"""A little more than the index keeps old versions."""
_AFTER_TROUBLE_S = 10.0


class Pump:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pump", daemon=True)
        self._observer = FolderObserver(engine.config.watch, engine.is_watched, self._changed)
        self._swept = -math.inf
        self._healed = time.monotonic()
        self._learned = -_LEARN_S
        self._worked = 0.0
        self._was_private = False
        self._compacted = 0.0
        self.busy = True
        self.trouble = ""

    @property
    def problems(self) -> dict[str, str]:
        return {str(path): reason for path, reason in self._observer.problems.items()}

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        self._thread.join(20)
        self._observer.stop()

    def compact_now(self) -> None:
        """After a large addition, rather than some seconds later."""
        self._worked = 0.0
        self._engine.compact()
        self._compacted = time.monotonic()
        give_back()

    def nudge(self, renew: bool = False) -> None:
        """There is something to do, or other folders to watch, or others to pass over in them."""
        if renew:
            self._observer.renew()
        self._wake.set()

    def _changed(self, paths: list[Path]) -> None:
        try:
            if self._engine.note_changes(paths):
                self.nudge()
        except CairnError as error:
            self.trouble = error.message
        except Exception as error:  # the thread that watches must go on
            log_bug(error)

    def _run(self) -> None:
        self._guarded(self._begin)
        while not self._stop.is_set():
            self.busy = True
            self._wake.clear()
            calm = self._guarded(self._round)
            self.busy = False
            self._wake.wait(1.0 if calm else _AFTER_TROUBLE_S)

    def _begin(self) -> None:
        self._observer.start()
        self._observer.watch(self._engine.watched)
        self._sweep()
        self._engine.warm_up()
        leave_be()

    def _sweep(self) -> None:
        """One that fails is tried again soon, and other work goes on meanwhile."""
        self._swept = time.monotonic() - self._engine.config.watch.sweep_s + _HEAL_S
        self._engine.sweep()
        self._swept = time.monotonic()

    def _round(self) -> None:
        self._observer.watch(self._engine.watched)
        private, self._was_private = self._was_private, self._engine.private.is_on
        moment = time.monotonic()
        if private and not self._was_private:
            self._swept = -math.inf  # what changed meanwhile, at once
        if moment - self._swept > self._engine.config.watch.sweep_s:
            self._sweep()
        if moment - self._healed > _HEAL_S:
            self._healed = moment
            self._engine.heal(self._stop.is_set)
        if moment - self._learned > _LEARN_S:
            self._learned = moment
            self._engine.behaviour.learn()
        if self._engine.work(self._stop.is_set):
            self._worked = time.monotonic()
        else:
            self._engine.tend(self._stop.is_set)
        if self._worked and time.monotonic() - self._worked > self._patience():
            self._engine.compact()
            self._worked = 0.0
            self._compacted = time.monotonic()
            give_back()
        elif self._compacted and time.monotonic() - self._compacted > _LEAVE_BEHIND_S:
            self._engine.compact()  # by now nobody reads the versions that held what has left
            self._compacted = 0.0

    def _patience(self) -> float:
        """Scores settle with compaction: at once, unless the index is so large that it tells."""
        return 0.0 if self._engine.journal.counts().chunks < _LARGE else _COMPACT_AFTER_S

    def _guarded(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except CairnError as error:
            self.trouble = f"{error.message}; {error.hint}" if error.hint else error.message
            return False
        except Exception as error:
            if self._stop.is_set():
                return False
            log_bug(error)
            self.trouble = f"something broke inside cairn ({type(error).__name__})"
            return False
        self.trouble = ""
        return True
