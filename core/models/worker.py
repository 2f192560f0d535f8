"""The model worker process: `python -m cairn.core.models.worker FD MODEL THREADS IDLE_S MANNERS`.

Turns `embed` requests into vectors, one after the other. There are two of them: a `prompt` one for
questions, and a `polite` one for indexing, which leaves the machine to everybody else. It exits
when its parent is gone, and after an idle time, which frees the model's memory.
"""

from __future__ import annotations

import os
import queue
import socket
import sys
import threading
import time
from pathlib import Path

from cairn.core.errors import CairnError
from cairn.core.models.embedder import Embedder, Vectors
from cairn.core.process import Frame, receive_frame, send_frame, stand_back

_MOST_THREADS = 8


class Worker:
    def __init__(
        self, stream: socket.socket, model: Path, threads: int, idle_s: float, polite: bool
    ) -> None:
        self._stream = stream
        self._setting = threads
        self._using = 1
        self._idle_s = idle_s
        self._polite = polite
        self._requests: queue.Queue[Frame] = queue.Queue()
        self._cancelled: set[int] = set()
        self._embedder = Embedder(model)

    def run(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()
        while True:
            try:
                request = self._requests.get(timeout=self._idle_s or None)
            except queue.Empty:
                return
            self._answer(request)

    def _read(self) -> None:
        while (frame := receive_frame(self._stream)) is not None:
            if frame.header["op"] == "cancel":
                self._cancelled.add(int(frame.header["target"]))
            else:
                self._requests.put(frame)
        os._exit(0)  # the parent is gone; the main thread may be deep in native code

    def _answer(self, request: Frame) -> None:
        number, started = int(request.header["id"]), time.process_time()
        try:
            vectors = self._embed(number, list(request.header["texts"]))
        except CairnError as error:
            fields = {"id": number, "error": error.message, "hint": error.hint}
            send_frame(self._stream, Frame(fields))
            return
        if vectors is not None:
            spent = time.process_time() - started
            header = {"id": number, "shape": list(vectors.shape), "cpu_s": spent}
            send_frame(self._stream, Frame(header, vectors.tobytes()))

    def _embed(self, number: int, texts: list[str]) -> Vectors | None:
        """Text by text, so that nobody waits for what is no longer wanted; None for that."""
        for vectors in self._embedder.encode(texts):
            if number in self._cancelled:
                self._cancelled.discard(number)
                return None
            if vectors is not None:
                return vectors
            self._embedder.set_threads(self._spare_threads())
        return None

    def _spare_threads(self) -> int:
        # One thread answers a question as fast as two, and never waits for a busy core.
        if self._polite:
            load, cores = os.getloadavg()[0], os.cpu_count() or 1
            self._using = choose_threads(self._setting, self._using, load, cores)
        return self._using


def choose_threads(setting: int, using: int, load: float, cores: int) -> int:
    """As many threads as there are cores to spare: one that must wait for a core stalls all.

    The load counts the `using` threads of this process too, and about half a core of its parent.
    """
    if setting:
        return setting
    others = max(0.0, load - using - 0.5)
    return max(1, min(cores, _MOST_THREADS) - round(others))


def main() -> None:
    descriptor, model, threads, idle_s, manners = sys.argv[1:6]
    if manners == "polite":
        stand_back()
    stream = socket.socket(fileno=int(descriptor))
    try:
        worker = Worker(stream, Path(model), int(threads), float(idle_s), manners == "polite")
    except CairnError as error:
        print(error.message, file=sys.stderr)
        sys.exit(error.exit_code)
    worker.run()
    # Skip the interpreter's teardown: native threads may still hold the model.
    os._exit(0)


if __name__ == "__main__":
    main()
