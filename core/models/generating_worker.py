"""The generator's process: `python -m cairn.core.models.generating_worker FD MODEL THREADS IDLE_S
MANNERS`.

Answers `generate` requests one after the other, each until it is done or told to `stop`. It exits
when its parent is gone, and after an idle time, which frees the model's memory.
"""

from __future__ import annotations

import os
import queue
import socket
import sys
import threading
from pathlib import Path

from cairn.core.errors import CairnError
from cairn.core.models.generator import Generator
from cairn.core.models.worker import choose_threads
from cairn.core.process import Frame, receive_frame, send_frame, stand_back

_WINDOW = 4096


class GeneratingWorker:
    def __init__(self, stream: socket.socket, model: Path, threads: int, idle_s: float) -> None:
        self._stream = stream
        self._send_lock = threading.Lock()
        self._setting, self._using = threads, 1
        self._idle_s = idle_s
        self._requests: queue.Queue[Frame] = queue.Queue()
        self._unwanted: set[int] = set()
        self._generator = Generator(model, _WINDOW)

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
                self._unwanted.add(-int(frame.header["target"]))
            elif frame.header["op"] == "stop":
                self._unwanted.add(int(frame.header["ticket"]))
                self._send({"id": frame.header["id"]})
            else:
                self._requests.put(frame)
        os._exit(0)  # the parent is gone; the main thread may be deep in native code

    def _answer(self, request: Frame) -> None:
        asked = request.header
        marks = {int(asked["ticket"]), -int(asked["id"])}
        steps = self._generator.generate(
            asked["messages"], asked["schema"], asked["most"], asked["seed"], asked["warmth"]
        )
        self._set_threads()
        try:
            for text in steps:
                if self._unwanted & marks:
                    self._send({"id": asked["id"], "stopped": True})
                    break
                if text is not None:
                    self._send({"id": asked["id"], "text": text})
        except CairnError as error:
            self._send({"id": asked["id"], "error": error.message, "hint": error.hint})
        finally:
            steps.close()
            self._unwanted -= marks

    def _send(self, header: dict[str, object]) -> None:
        with self._send_lock:
            send_frame(self._stream, Frame(header))

    def _set_threads(self) -> None:
        load, cores = os.getloadavg()[0], os.cpu_count() or 1
        self._using = choose_threads(self._setting, self._using, load, cores)
        self._generator.set_threads(self._using)


def main() -> None:
    descriptor, model, threads, idle_s, manners = sys.argv[1:6]
    if manners == "polite":
        stand_back()
    stream = socket.socket(fileno=int(descriptor))
    try:
        worker = GeneratingWorker(stream, Path(model), int(threads), float(idle_s))
    except CairnError as error:
        sys.stderr.write(error.message + "\n")
        sys.exit(error.exit_code)
    worker.run()
    # Skip the interpreter's teardown: native threads may still hold the model.
    os._exit(0)


if __name__ == "__main__":
    main()
