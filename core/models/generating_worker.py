"""The generator's process, `python -m cairn.core.models.generating_worker FD MODEL THREADS IDLE_S
MANNERS`: answers `generate` requests, each until it is done or told to `stop`.
"""

from __future__ import annotations

import socket
import threading
from pathlib import Path

from cairn.core.errors import CairnError
from cairn.core.models.generator import Generator
from cairn.core.models.serving import Serving, serve, spare_threads
from cairn.core.process import Frame, send_frame

_WINDOW = 4096


class GeneratingWorker(Serving):
    def __init__(
        self, stream: socket.socket, model: Path, threads: int, idle_s: float, polite: bool
    ) -> None:
        super().__init__(stream, idle_s)
        del polite  # it spares the others' cores either way
        self._send_lock = threading.Lock()
        self._setting, self._using = threads, 1
        self._stopped: set[int] = set()
        """Tickets of requests whose callers have enough."""
        self._generator = Generator(model, _WINDOW)

    def heed(self, frame: Frame) -> bool:
        if frame.header["op"] == "stop":
            self._stopped.add(int(frame.header["ticket"]))
            self._send({"id": frame.header["id"]})
            return True
        return super().heed(frame)

    def answer(self, request: Frame) -> None:
        asked = request.header
        number, ticket = int(asked["id"]), int(asked["ticket"])
        steps = self._generator.generate(
            asked["messages"], asked["schema"], asked["most"], asked["seed"], asked["warmth"]
        )
        self._using = spare_threads(self._setting, self._using)
        self._generator.set_threads(self._using)
        try:
            for text in steps:
                if number in self.unwanted or ticket in self._stopped:
                    self._send({"id": number, "stopped": True})
                    break
                if text is not None:
                    self._send({"id": number, "text": text})
        except CairnError as error:
            self._send({"id": number, "error": error.message, "hint": error.hint})
        finally:
            steps.close()
            self.unwanted.discard(number)
            self._stopped.discard(ticket)

    def _send(self, header: dict[str, object]) -> None:
        with self._send_lock:
            send_frame(self.stream, Frame(header))


if __name__ == "__main__":
    serve(GeneratingWorker)
