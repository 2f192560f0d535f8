"""A model's process: requests of its parent come in, one is answered after the other.

Shared by the programs that hold a model. They end when their parent is gone, even while native
code is at work, and after an idle time, which frees the model's memory.
"""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path

from cairn.core.confine import MODELS, confine
from cairn.core.errors import CairnError
from cairn.core.models.fit.machine import is_pressed
from cairn.core.process import Frame, receive_frame, send_frame, stand_back

_MOST_THREADS = 8
_LOOK_S = 5.0


class Serving(ABC):
    heavy = False
    """Does it hold so much memory that it leaves when others need some?"""

    def __init__(self, stream: socket.socket, idle_s: float) -> None:
        self.stream = stream
        self.unwanted: set[int] = set()
        """Numbers of requests that nobody waits for any more."""
        self._idle_s = idle_s
        self._requests: queue.Queue[Frame] = queue.Queue()

    @abstractmethod
    def answer(self, request: Frame) -> None:
        """Send what a request asks for, or why it can't be had."""

    def heed(self, frame: Frame) -> bool:
        """Is it about another request, so that it is done at once?"""
        if frame.header["op"] == "cancel":
            self.unwanted.add(int(frame.header["target"]))
            return True
        return False

    def run(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()
        while (request := self._next()) is not None:
            self.answer(request)

    def _next(self) -> Frame | None:
        """None when nobody has asked for long, or when others need the memory more."""
        idle_since = time.monotonic()
        while True:
            left = idle_since + self._idle_s - time.monotonic() if self._idle_s else _LOOK_S
            try:
                return self._requests.get(timeout=max(0.0, min(left, _LOOK_S)))
            except queue.Empty:
                if left <= 0 or (self.heavy and is_pressed()):
                    return None

    def _read(self) -> None:
        while (frame := receive_frame(self.stream)) is not None:
            if not self.heed(frame):
                self._requests.put(frame)
        os._exit(0)  # the parent is gone; the main thread may be deep in native code


def choose_threads(setting: int, using: int, load: float, cores: int) -> int:
    """As many threads as there are cores to spare: one that must wait for a core stalls all.

    The load counts the `using` threads of this process too, and about half a core of its parent.
    """
    if setting:
        return setting
    others = max(0.0, load - using - 0.5)
    return max(1, min(cores, _MOST_THREADS) - round(others))


def spare_threads(setting: int, using: int) -> int:
    return choose_threads(setting, using, os.getloadavg()[0], os.cpu_count() or 1)


def confine_to(model: Path, folders: Iterable[Path] = ()) -> None:
    """From now on this process reads only models beside `model`, and writes to its own folders.

    A file may be made to take its reader over, and so may what a model is asked to write about.
    """
    beside = {model, *model.parent.glob("*.gguf")}
    writable = list(folders)
    for folder in writable:
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    confine(MODELS, {*beside, *(path.resolve() for path in beside), *writable}, writable)


def _explain(stream: socket.socket, error: CairnError) -> None:
    """Why there is no model, to whoever asked for it; the next one to ask finds a new process."""
    asked = receive_frame(stream)
    if asked is not None:
        fields = {
            "id": asked.header["id"], "hint": error.hint, "unloaded": error.message,
            "error": f"the model is not available: {error.message}",
        }  # fmt: skip
        send_frame(stream, Frame(fields))


def serve(make: Callable[[socket.socket, Path, int, float, bool], Serving]) -> None:
    """The program: `FD MODEL THREADS IDLE_S MANNERS` on its command line."""
    descriptor, model, threads, idle_s, manners = sys.argv[1:6]
    if manners == "polite":
        stand_back()
    stream = socket.socket(fileno=int(descriptor))
    try:
        serving = make(stream, Path(model), int(threads), float(idle_s), manners == "polite")
    except CairnError as error:
        sys.stderr.write(error.message + "\n")
        _explain(stream, error)
        return
    serving.run()
    # Skip the interpreter's teardown: native threads may still hold the model.
    os._exit(0)
