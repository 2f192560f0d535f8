"""The embedder's process: `python -m cairn.core.models.worker FD MODEL THREADS IDLE_S MANNERS`.

Turns `embed` requests into vectors, one after the other. There are two of them: a `prompt` one for
questions, and a `polite` one for indexing, which leaves the machine to everybody else.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from pathlib import Path

from cairn.core.errors import CairnError
from cairn.core.models.embedder import Embedder, Vectors
from cairn.core.models.serving import Serving, serve, spare_threads
from cairn.core.process import Frame, send_frame


class Worker(Serving):
    def __init__(
        self, stream: socket.socket, model: Path, threads: int, idle_s: float, polite: bool
    ) -> None:
        super().__init__(stream, idle_s)
        self._setting, self._using = threads, 1
        self._polite = polite
        self._embedder = Embedder(model)

    def answer(self, request: Frame) -> None:
        number, started = int(request.header["id"]), time.process_time()
        try:
            vectors = self._embed(number, request.header["texts"], request.header.get("starts", ()))
        except CairnError as error:
            fields = {"id": number, "error": error.message, "hint": error.hint}
            send_frame(self.stream, Frame(fields))
            return
        if vectors is not None:
            spent = time.process_time() - started
            header = {"id": number, "counts": [len(rows) for rows in vectors], "cpu_s": spent}
            send_frame(self.stream, Frame(header, b"".join(rows.tobytes() for rows in vectors)))

    def _embed(
        self, number: int, texts: list[str], starts: Sequence[Sequence[int]]
    ) -> list[Vectors] | None:
        """Text by text, so that nobody waits for what is no longer wanted; None for that."""
        for vectors in self._embedder.encode(texts, starts):
            if number in self.unwanted:
                self.unwanted.discard(number)
                return None
            if vectors is not None:
                return vectors
            if self._polite:  # one thread answers a question as fast as two
                self._using = spare_threads(self._setting, self._using)
            self._embedder.set_threads(self._using)
        return None


if __name__ == "__main__":
    serve(Worker)
