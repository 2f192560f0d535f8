"""The generator's process, `python -m cairn.core.models.writing.worker FD MODEL THREADS IDLE_S
MANNERS PROMISED KEPT KERNELS DISKS OFFLOAD MEMORY`: answers `generate` requests, each until it is
done or told to `stop`, and `count`s tokens. A reply is sent piece by piece to whoever wants to
hear it.
"""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path

from cairn.core.config import Models
from cairn.core.errors import CairnError
from cairn.core.models.fit.kernels import settle
from cairn.core.models.fit.promised import Promised
from cairn.core.models.plan import Allowed, load_as_planned
from cairn.core.models.serving import Serving, confine_to, serve, spare_threads
from cairn.core.models.writing.generator import Aborted, Generator, Step, Wanted
from cairn.core.process import MORE, Frame, send_frame


class GeneratingWorker(Serving):
    heavy = True

    def __init__(
        self, stream: socket.socket, model: Path, threads: int, idle_s: float, polite: bool
    ) -> None:
        super().__init__(stream, idle_s)
        self._send_lock = threading.Lock()
        self._setting, self._using = threads, 1
        self._stopped: set[int] = set()
        """Tickets of requests whose callers have enough."""
        promised, kept, kernels, disks = (Path(each) if each else None for each in sys.argv[6:10])
        settings = Models(offload=sys.argv[10] == "1", memory_gb=float(sys.argv[11]))
        chosen = settle(kernels).types if kernels else None
        confine_to(model, (each for each in (promised, kept, disks and disks.parent) if each))
        self._generator = load_as_planned(
            model, Promised(promised), lambda plan: Generator(model, plan, kept, chosen),
            threads=threads, packed=chosen is not None,
            allowed=Allowed.by(settings, disks, is_polite=polite),
        )  # fmt: skip

    def heed(self, frame: Frame) -> bool:
        if frame.header["op"] == "stop":
            self._stopped.add(int(frame.header["ticket"]))
            self._send({"id": frame.header["id"]})
            return True
        return super().heed(frame)

    def answer(self, request: Frame) -> None:
        asked = request.header
        number = int(asked["id"])
        try:
            if asked["op"] == "count":
                self._count(number, asked["texts"])
            else:
                self._write(number, int(asked["ticket"]), request)
        except CairnError as error:
            self._send({"id": number, "error": error.message, "hint": error.hint})

    def _count(self, number: int, texts: list[str]) -> None:
        chat = self._generator.chat
        counts = [len(chat.tokens(chat.without_marks(text))) for text in texts]
        self._send({"id": number, "counts": counts, "window": self._generator.window})

    def _write(self, number: int, ticket: int, request: Frame) -> None:
        def is_unwanted() -> bool:
            return number in self.unwanted or ticket in self._stopped

        asked = request.header
        self._using = spare_threads(self._setting, self._using)
        self._generator.set_threads(self._using)
        self._generator.is_unwanted = is_unwanted
        steps = self._generator.generate(
            Wanted(
                asked["messages"], asked["most"], asked["schema"], asked["seed"], asked["warmth"],
                asked["think"], asked["guess"],
            )
        )  # fmt: skip
        try:
            with self._generator.opened.at_work():
                for step in steps:
                    if is_unwanted():
                        raise Aborted
                    if step.whole is not None:
                        self._send({"id": number, "text": step.whole})
                    elif asked["stream"]:
                        self._send({"id": number, MORE: True, **_piece(step)})
        except Aborted:
            self._send({"id": number, "stopped": True})
        finally:
            steps.close()
            self.unwanted.discard(number)
            self._stopped.discard(ticket)

    def _send(self, header: dict[str, object]) -> None:
        with self._send_lock:
            send_frame(self.stream, Frame(header))


def _piece(step: Step) -> dict[str, object]:
    return {"read": step.read, "of": step.of, "said": step.text, "thinks": step.thinks}


if __name__ == "__main__":
    serve(GeneratingWorker)
