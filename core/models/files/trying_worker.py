"""A throwaway process, `… -m cairn.core.models.files.trying_worker FD [MODEL]`: tries a model, or
measures.

What a file does to llama.cpp happens here first. The process can open no other file than models
beside it, has no more memory than the model was planned to need, leaves no core dump, and is ended
by its parent when it takes too long.
"""

from __future__ import annotations

import contextlib
import ctypes
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from cairn.core.errors import CairnError, Unavailable
from cairn.core.models.offload.opening import Opened, open_model
from cairn.core.models.offload.split import offload_from
from cairn.core.models.plan import Plan
from cairn.core.models.serving import confine_to
from cairn.core.models.writing.context import open_context
from cairn.core.process import Frame, serve

_SPARE = 1536 << 20
"""What Python, llama.cpp and their threads have of their own, generously."""
_LONGEST_S = 20.0
"""For which reading, or writing, is measured."""
_HINT = "choose another file; `cairn model recommend` has models that work here"


def answer(request: Frame) -> Frame:
    asked = request.header
    try:
        work: Callable[[dict[str, Any]], dict[str, Any]] = _WORK[asked["op"]]
        return Frame(work(asked))
    except CairnError as error:
        return Frame({"error": error.message, "hint": error.hint})
    except MemoryError:
        return Frame({"error": "the model takes more memory than it should", "hint": _HINT})


def _try(asked: dict[str, Any]) -> dict[str, Any]:
    path, chosen = Path(asked["path"]), _plan(asked["plan"])
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":  # what is mapped from the file does not count there
            most = chosen.need + _SPARE
            if chosen.offload:  # addresses for all of it are set aside, and count as well
                most += chosen.offload.size
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    started = time.perf_counter()
    opened = _loaded(path, chosen, asked["thorough"], asked.get("kernels"))
    api, model = opened.api, opened.model
    hear = opened.advice.callback if opened.advice else None
    context = open_context(api, model, chosen, hear)
    load_s = time.perf_counter() - started
    model_run = _Run(api, model, context)
    read = model_run.read(min(asked["read"], chosen.window - asked["written"] - 1))
    written = model_run.write(asked["written"])
    opened.check()
    return {
        "load_s": load_s, "read_speed": read, "speed": written, "memory": _memory(),
        "dimensions": int(api.llama_model_n_embd(model)),
    }  # fmt: skip


def _plan(fields: dict[str, Any]) -> Plan:
    return Plan(**{**fields, "offload": offload_from(fields["offload"])})


def _loaded(path: Path, chosen: Plan, thorough: bool, kernels: list[str] | None) -> Opened:
    try:
        return open_model(path, chosen, thorough=thorough, kernels=kernels)
    except Unavailable as error:  # nothing is set yet that another file should be named for
        if "invalid data" in error.message:
            raise Unavailable(
                f"{path.name} is damaged: some weights are no numbers", _HINT
            ) from error
        raise Unavailable(error.message.replace(str(path), path.name), _HINT) from error


class _Run:
    """A few steps of a model, on words that mean nothing."""

    def __init__(self, api: Any, model: Any, context: Any) -> None:
        self._api, self._context = api, context
        self._encodes = bool(api.llama_model_has_encoder(model)) or not bool(
            api.llama_model_has_decoder(model)
        )
        vocabulary = api.llama_model_get_vocab(model)
        self._size = int(api.llama_vocab_n_tokens(vocabulary))
        if self._size < 2:
            raise Unavailable("the model knows no words", _HINT)
        self._chance = np.random.default_rng(1)
        self._batch = int(api.llama_n_batch(context))

    def read(self, count: int) -> float:
        """Tokens a second, of at most `count`."""
        tokens = self._chance.integers(self._size // 2, self._size, max(1, count)).tolist()
        done, started = 0, time.perf_counter()
        while done < len(tokens) and time.perf_counter() - started < _LONGEST_S:
            piece = tokens[done : done + self._batch]
            self._step(piece)
            done += len(piece)
        return done / (time.perf_counter() - started)

    def write(self, count: int) -> float:
        if count == 0 or self._encodes:
            return 0.0
        done, started = 0, time.perf_counter()
        while done < count and time.perf_counter() - started < _LONGEST_S:
            self._step([self._likeliest()])
            done += 1
        self._likeliest()
        return done / (time.perf_counter() - started)

    def _step(self, tokens: list[int]) -> None:
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        batch = self._api.llama_batch_get_one(array, len(tokens))
        if self._api.llama_decode(self._context, batch) != 0:
            raise Unavailable("the model loads, but does not run", _HINT)

    def _likeliest(self) -> int:
        pointer = self._api.llama_get_logits_ith(self._context, -1)
        if not pointer:
            raise Unavailable("the model reads, but can't write", _HINT)
        scores = np.ctypeslib.as_array(pointer, shape=(self._size,))
        if not np.isfinite(scores).all():
            raise Unavailable("the model's weights are damaged: it computes no numbers", _HINT)
        return int(scores.argmax())


def _memory() -> int:
    """The most bytes that this process has had in memory."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10


def _measure(asked: dict[str, Any]) -> dict[str, Any]:
    from cairn.core.models.fit.measuring import measure

    return asdict(measure(Path(asked["folder"]), asked["threads"], asked["calm"]))


_WORK = {"try": _try, "measure": _measure}

if __name__ == "__main__":
    for model in sys.argv[2:]:
        confine_to(Path(model))
    serve(int(sys.argv[1]), answer)
