"""The embedder's process: `python -m cairn.core.models.worker FD MODEL THREADS IDLE_S MANNERS`.

Turns `embed` requests into vectors and `read` requests into spans, one after the other. There are
two of them: a `prompt` one for questions, and a `polite` one for indexing, which leaves the machine
to everybody else. The reader is loaded when it is first asked.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cairn.core.confine import MODELS, confine
from cairn.core.errors import CairnError
from cairn.core.models.embedder import Embedder
from cairn.core.models.reader import Reader
from cairn.core.models.serving import Serving, serve, spare_threads
from cairn.core.models.states import Vectors
from cairn.core.process import Frame, send_frame


class Worker(Serving):
    def __init__(
        self, stream: socket.socket, model: Path, threads: int, idle_s: float, polite: bool
    ) -> None:
        super().__init__(stream, idle_s)
        confine(MODELS, None)  # what it is to read with is named later
        self._setting, self._using = threads, 1
        self._polite = polite
        self._embedder = Embedder(model)
        self._readers: dict[str, Reader] = {}

    def answer(self, request: Frame) -> None:
        asked, started = request.header, time.process_time()
        number = int(asked["id"])
        try:
            if asked["op"] == "read":
                reply = self._found(number, asked)
            else:
                reply = self._embedded(number, asked["texts"], asked.get("starts", ()))
        except CairnError as error:
            fields = {"id": number, "error": error.message, "hint": error.hint}
            send_frame(self.stream, Frame(fields))
            return
        if reply is not None:
            header = {**reply.header, "id": number, "cpu_s": time.process_time() - started}
            send_frame(self.stream, Frame(header, reply.blob))

    def _embedded(
        self, number: int, texts: list[str], starts: Sequence[Sequence[int]]
    ) -> Frame | None:
        vectors = self._embed(number, texts, starts)
        if vectors is None:
            return None
        header = {"counts": [len(rows) for rows in vectors], "made_by": self._embedder.made_by}
        return Frame(header, b"".join(rows.tobytes() for rows in vectors))

    def _found(self, number: int, asked: dict[str, Any]) -> Frame | None:
        """Window by window, as with texts that are embedded."""
        path = str(asked["reader"])
        if path not in self._readers:
            self._readers = {path: Reader(Path(path))}
        reader = self._readers[path]
        self._using = spare_threads(self._setting, self._using)
        reader.set_threads(self._using)
        for found in reader.read(asked["question"], asked["texts"], int(asked["most"])):
            if number in self.unwanted:
                self.unwanted.discard(number)
                return None
            if found is not None:
                return Frame({"found": found})
        return None

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
