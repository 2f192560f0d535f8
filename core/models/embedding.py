"""The engine's side of the embedder: texts → vectors by way of the worker process.

Any trouble with the worker becomes `Unavailable` with a remedy; callers then go on with lexical
search. The fingerprint names the weights, so vectors of two models are never compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cairn import assets
from cairn.core.config import Models
from cairn.core.errors import CairnError, Unavailable
from cairn.core.process import Child, Frame

# A thread that spins while it waits makes everything slower as soon as the cores are busy.
_ENVIRONMENT = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
DIMENSIONS = 384
_INDEXING_IDLE_S = 30.0
_SHARE = 2
"""Of the time that a request may take, what somebody who waits for it is asked to wait."""
_HINT = "answers use word search only; run `cairn doctor` to see why"


class Embedding:
    def __init__(self, settings: Models, logs: Path) -> None:
        self.path = (
            Path(settings.embedder).expanduser()
            if settings.embedder
            else assets.path("embedder.gguf")
        )
        self._deadline_s = settings.request_s
        self._fingerprint = ""
        self._asking, self._indexing = (
            Child(
                "cairn.core.models.worker",
                logs / "worker.log",
                arguments=(str(self.path), str(settings.threads), str(idle_s), manners),
                env=_ENVIRONMENT,
            )
            for idle_s, manners in (
                (settings.idle_unload_s, "prompt"),
                (min(settings.idle_unload_s, _INDEXING_IDLE_S), "polite"),
            )
        )
        """A question never waits for passages, and passages wait for everything else."""
        self.spent_s = 0.0
        """Processor time that passages have taken so far."""
        self.made_by = ""
        """What runs the model, once it has been asked for a vector."""
        self.trouble = ""
        """Why the last request came to nothing, in words; empty while all is well."""

    @property
    def fingerprint(self) -> str:
        """Of the weights and of how they are used; empty when there is no model file."""
        if not self._fingerprint and self.path.is_file():
            with self.path.open("rb") as file:
                self._fingerprint = hashlib.file_digest(file, "sha256").hexdigest()[:16] + "-mean"
        return self._fingerprint

    @property
    def pid(self) -> int | None:
        return self._indexing.pid or self._asking.pid

    @property
    def restarts(self) -> int:
        return self._indexing.restarts + self._asking.restarts

    def embed(self, texts: list[str], *, urgent: bool = False) -> NDArray[np.float32]:
        """A unit vector for each text."""
        return np.concatenate(self._ask(texts, (), urgent))

    def embed_divided(
        self, texts: list[str], starts: Sequence[Sequence[int]]
    ) -> list[NDArray[np.float32]]:
        """Of each text its own vector, and under it those of its parts, by where they begin."""
        return self._ask(texts, starts, urgent=False)

    def _ask(
        self, texts: list[str], starts: Sequence[Sequence[int]], urgent: bool
    ) -> list[NDArray[np.float32]]:
        request = {"op": "embed", "texts": texts, "starts": starts}
        reply = self.ask(request, "embedder", _HINT, urgent=urgent)
        self.made_by = reply.header["made_by"]
        if not urgent:
            self.spent_s += reply.header["cpu_s"]
        counts, numbers = reply.header["counts"], np.frombuffer(reply.blob, dtype=np.float32)
        dimensions = len(numbers) // max(1, sum(counts))
        if counts and dimensions != DIMENSIONS:
            raise Unavailable(
                f"the embedder makes vectors of {dimensions} numbers, not {DIMENSIONS}",
                "`cairn config set models.embedder ''` goes back to the one that comes with cairn",
            )
        return np.split(numbers.reshape(-1, DIMENSIONS), np.cumsum(counts[:-1], dtype=np.int64))

    def ask(
        self, request: Mapping[str, object], what: str, hint: str, *, urgent: bool = True
    ) -> Frame:
        """Of the process: what the embedder, or `what` else it holds, makes of the request."""
        if not self.path.is_file():
            raise Unavailable(f"the embedder {self.path} is missing", _HINT)
        child = self._asking if urgent else self._indexing
        deadline_s = self._deadline_s / _SHARE if urgent else self._deadline_s
        try:
            reply = child.request(dict(request), deadline_s=deadline_s)
        except CairnError as error:
            raise self._noted(f"the {what} is not available: {error.message}", hint) from error
        if why := reply.header.get("unloaded"):
            raise self._noted(f"the {what} is not available: {why}", hint)
        if "error" in reply.header:
            raise Unavailable(str(reply.header["error"]), str(reply.header["hint"]))
        self.trouble = ""
        return reply

    def _noted(self, message: str, hint: str) -> Unavailable:
        self.trouble = f"{message}; {hint}"
        return Unavailable(message, hint)

    def is_ready(self) -> bool:
        """Load the model if need be, and say whether it works."""
        try:
            self.embed(["ready?"], urgent=True)
        except Unavailable:
            return False
        return True

    def close(self) -> None:
        self._asking.close()
        self._indexing.close()
