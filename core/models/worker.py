"""The model worker process: `python -m cairn.core.models.worker FD MODEL THREADS IDLE_S`.

Turns `embed` requests into vectors. Work goes text by text and the most urgent request
always next, so a question waits for one text of indexing at most. It exits when its
parent is gone, and after an idle time, which frees the model's memory.
"""

from __future__ import annotations

import itertools
import os
import queue
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from cairn.core.errors import CairnError
from cairn.core.models.embedder import Embedder, Vectors
from cairn.core.process import Frame, receive_frame, send_frame

_MOST_THREADS = 8
_Item = tuple[int, int, int, Iterator[Vectors | None]]


class Worker:
    def __init__(self, stream: socket.socket, model: Path, threads: int, idle_s: float) -> None:
        self._stream = stream
        self._setting = threads
        self._using = 1
        self._idle_s = idle_s
        self._order = itertools.count()
        self._work: queue.PriorityQueue[tuple[int, int, int, Iterator[Vectors | None]]] = (
            queue.PriorityQueue()
        )
        self._cancelled: set[int] = set()
        self._embedder = Embedder(model)

    def run(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()
        while True:
            try:
                item = self._work.get(timeout=self._idle_s or None)
            except queue.Empty:
                return
            self._step(item)

    def _read(self) -> None:
        while (frame := receive_frame(self._stream)) is not None:
            number = int(frame.header.get("target") or frame.header["id"])
            if frame.header["op"] == "cancel":
                self._cancelled.add(number)
                continue
            urgency = 0 if frame.header.get("urgent") else 1
            vectors = self._embedder.encode(list(frame.header["texts"]))
            self._work.put((urgency, next(self._order), number, vectors))
        os._exit(0)  # the parent is gone; the main thread may be deep in native code

    def _spare_threads(self) -> int:
        load, cores = os.getloadavg()[0], os.cpu_count() or 1
        self._using = choose_threads(self._setting, self._using, load, cores)
        return self._using

    def _step(self, item: _Item) -> None:
        """One text of the most urgent request; what is left of it queues again."""
        urgency, _, number, vectors = item
        if number in self._cancelled:
            self._cancelled.discard(number)
            return
        # One thread answers a question as fast as two, and never waits for a busy core.
        self._embedder.set_threads(1 if urgency == 0 else self._spare_threads())
        try:
            result = next(vectors)
        except CairnError as error:
            fields = {"id": number, "error": error.message, "hint": error.hint}
            send_frame(self._stream, Frame(fields))
            return
        if result is None:
            self._work.put(item)
            return
        header = {"id": number, "shape": list(result.shape)}
        send_frame(self._stream, Frame(header, result.tobytes()))


def choose_threads(setting: int, using: int, load: float, cores: int) -> int:
    """As many threads as there are cores to spare: one that must wait for a core stalls all.

    The load counts the `using` threads of this process too, and about half a core of its parent.
    """
    if setting:
        return setting
    others = max(0.0, load - using - 0.5)
    return max(1, min(cores, _MOST_THREADS) - round(others))


def main() -> None:
    descriptor, model, threads, idle_s = sys.argv[1:5]
    stream = socket.socket(fileno=int(descriptor))
    try:
        worker = Worker(stream, Path(model), int(threads), float(idle_s))
    except CairnError as error:
        print(error.message, file=sys.stderr)
        sys.exit(error.exit_code)
    worker.run()
    # Skip the interpreter's teardown: native threads may still hold the model.
    os._exit(0)


if __name__ == "__main__":
    main()
