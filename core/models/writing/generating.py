"""The engine's side of the generator: messages → text by way of a process of its own.

Any trouble with it becomes `Unavailable` with a remedy; callers go on without a model. A request
ends when its text does, at its deadline, or soon after `stop()` says so; who hears it written
gives it the deadline anew with each piece.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cairn.core.config import Models
from cairn.core.errors import CairnError, Unavailable
from cairn.core.process import Child, ChildDied, Frame, TooSlow

# A thread that spins while it waits makes everything slower as soon as the cores are busy.
_ENVIRONMENT = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
_LOOK_S = 0.1
_STOPPING_S = 30.0
_ENOUGH = "the text was no longer wanted"
_HINT = "`cairn model recommend` says which fits here, `cairn model use NAME` takes one"
_AGAIN = "ask again; if it stays so, `cairn model recommend` says which fits here"


class Stopped(CairnError):
    """The caller no longer wanted the text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is heard while a text is written: how much of the prompt is read, or what comes next."""

    read: int
    of: int
    text: str
    thinks: bool
    """It thinks, of which nothing is told."""


class Generating:
    def __init__(
        self,
        settings: Models,
        logs: Path,
        *,
        is_polite: bool = True,
        kept: Path | None = None,
        promised: Path | None = None,
        kernels: Path | None = None,
        disks: Path | None = None,
    ) -> None:
        """`kept` is a folder of the cache for what its prompts begin with, `promised` one in which
        those that have a model loaded tell each other of the memory they may take, `kernels` the
        cache's file that says which of ours are worth it, and `disks` the one of how fast they
        are."""
        self.path = Path(settings.generator).expanduser() if settings.generator else None
        self._deadline_s = settings.request_s
        self._fingerprint = ""
        self._tickets = itertools.count(1)
        self._child = Child(
            "cairn.core.models.writing.worker",
            logs / "generator.log",
            arguments=(
                str(self.path), str(settings.threads), str(settings.idle_unload_s),
                "polite" if is_polite else "prompt", str(promised or ""), str(kept or ""),
                str(kernels if kernels and settings.kernels else ""),
                str(disks or ""), str(int(settings.offload)), str(settings.memory_gb),
            ),
            env=_ENVIRONMENT,
        )  # fmt: skip

    @property
    def fingerprint(self) -> str:
        """Of the weights; empty when there is no model file."""
        if not self._fingerprint and self.path and self.path.is_file():
            with self.path.open("rb") as file:
                self._fingerprint = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        return self._fingerprint

    @property
    def pid(self) -> int | None:
        return self._child.pid

    def generate(
        self,
        messages: Sequence[tuple[str, str]],
        schema: dict[str, Any] | None,
        max_tokens: int,
        seed: int = 0,
        *,
        warmth: float = 0.0,
        deadline_s: float = 0.0,
        stop: Callable[[], bool] = lambda: False,
        hear: Callable[[Piece], None] | None = None,
        think: bool = False,
        guess: bool | None = None,
    ) -> str:
        """`messages` are roles (system, user, assistant) with texts; `warmth` 0 is no chance.

        Whether to `guess` ahead is decided by what is faster; the text is the same.
        """
        self._check_file()
        if stop():
            raise Stopped(_ENOUGH)
        ticket = next(self._tickets)
        request = {
            "op": "generate", "ticket": ticket, "schema": schema, "most": max_tokens,
            "messages": [{"role": role, "content": text} for role, text in messages],
            "seed": seed, "warmth": warmth, "think": think, "guess": guess,
            "stream": hear is not None,
        }  # fmt: skip

        def listen(frame: Frame) -> None:
            told = frame.header
            if stop():
                raise Stopped(_ENOUGH)  # what was asked for is cancelled by this
            if hear is not None:
                hear(Piece(told["read"], told["of"], told["said"], told["thinks"]))

        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(stop, done, ticket), daemon=True)
        watch.start()
        try:
            reply = self._ask(request, deadline_s, listen)
        finally:
            done.set()
            watch.join()
        if "stopped" in reply:
            raise Stopped(_ENOUGH)
        return str(reply["text"])

    def count(self, texts: Sequence[str]) -> tuple[list[int], int]:
        """Tokens of each, and how many the model takes in, question and answer together."""
        self._check_file()
        reply = self._ask({"op": "count", "texts": list(texts)}, 0.0, None)
        return list(map(int, reply["counts"])), int(reply["window"])

    def _ask(
        self, request: dict[str, Any], deadline_s: float, hear: Callable[[Frame], None] | None
    ) -> dict[str, Any]:
        try:
            deadline_s = deadline_s or self._deadline_s
            reply = self._child.request(request, deadline_s=deadline_s, hear=hear).header
        except Stopped:
            raise
        except ChildDied as error:
            raise Unavailable("the model's process ended before it was done", _AGAIN) from error
        except TooSlow as error:
            raise Unavailable(f"the model took longer than {deadline_s:g} s", _AGAIN) from error
        except CairnError as error:
            raise Unavailable(f"the model is not available: {error.message}", _HINT) from error
        if "error" in reply:
            raise Unavailable(str(reply["error"]), str(reply["hint"]) or _HINT)
        return reply

    def _check_file(self) -> None:
        if self.path is None:
            raise Unavailable("there is no model to write with", _HINT)
        if not self.path.is_file():
            raise Unavailable(f"the model {self.path} is missing", _HINT)

    def _watch(self, stop: Callable[[], bool], done: threading.Event, ticket: int) -> None:
        while not done.wait(_LOOK_S):
            if stop():
                with contextlib.suppress(CairnError):  # it is gone, and the request with it
                    self._child.request({"op": "stop", "ticket": ticket}, deadline_s=_STOPPING_S)
                return

    def close(self) -> None:
        self._child.close()
