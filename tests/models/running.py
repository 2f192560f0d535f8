"""A model that is run token by token with and without our kernels, and how far its scores differ.

As a program, `python -m tests.models.running MODEL…`: reads the same words both ways and tells, as
JSON, what came of it; apart from whoever asks, since what goes wrong here ends a process.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cairn.core.models.weights import load
from cairn.native import flash, ggml

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likeness:
    divergence: float
    """The largest, of one word's chances from the other's."""
    agreed: float
    """Share of the words after which both find the same one likeliest."""


class Running:
    def __init__(
        self, path: Path, kernels: Collection[str] | None, *, window: int = 1024, batch: int = 256,
        store: flash.Store | None = None,
    ) -> None:  # fmt: skip
        self._api, self._model = load(path, "models.generator", kernels=kernels, store=store)
        api = self._api
        parameters = api.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = window, batch, batch
        parameters.n_threads = parameters.n_threads_batch = 1
        self._context = api.llama_init_from_model(self._model, parameters)
        assert self._context
        self.words = int(api.llama_vocab_n_tokens(api.llama_model_get_vocab(self._model)))
        self._batch = api.llama_batch_init(batch, 0, 1)

    def use(self, threads: int) -> None:
        self._api.llama_set_n_threads(self._context, threads, threads)

    def forget(self) -> None:
        self._api.llama_memory_clear(self._api.llama_get_memory(self._context), True)

    def read(
        self, tokens: Sequence[int], *, at: int = 0, all_scores: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> float:  # fmt: skip
        """How long it takes."""
        batch: Any = self._batch
        batch.n_tokens = len(tokens)
        for number, token in enumerate(tokens):
            batch.token[number], batch.pos[number] = token, at + number
            batch.n_seq_id[number], batch.seq_id[number][0] = 1, 0
            batch.logits[number] = all_scores or number == len(tokens) - 1
        started = clock()
        code = self._api.llama_decode(self._context, batch)
        elapsed = clock() - started
        assert code == 0
        return elapsed

    def scores(self, row: int = -1) -> Scores:
        pointer = self._api.llama_get_logits_ith(self._context, row)
        return np.ctypeslib.as_array(pointer, shape=(self.words,)).astype(np.float64)

    def give_states(self) -> None:
        """From now on, with the scores."""
        self._api.llama_set_embeddings(self._context, True)

    def states(self, count: int, width: int) -> NDArray[np.float32]:
        """What scores are made from, of the tokens that were read last."""
        pointer = self._api.llama_get_embeddings(self._context)
        return np.ctypeslib.as_array(pointer, shape=(count, width)).copy()

    def all_scores(self, tokens: Sequence[int], alone: int) -> list[Scores]:
        """After each token; the last `alone` are read one by one."""
        together = len(tokens) - alone
        self.forget()
        self.read(tokens[:together], all_scores=True)
        found = [self.scores(row) for row in range(together)]
        for at in range(together, len(tokens)):
            self.read([tokens[at]], at=at)
            found.append(self.scores())
        return found

    def close(self) -> None:
        self._api.llama_batch_free(self._batch)
        self._api.llama_free(self._context)
        self._api.llama_model_free(self._model)


def likeness(ones: Sequence[Scores], others: Sequence[Scores]) -> Likeness:
    pairs = [(_chances(one), _chances(other)) for one, other in zip(ones, others, strict=True)]
    divergences = [float((np.exp(a) * (a - b)).sum()) for a, b in pairs]
    return Likeness(max(divergences), float(np.mean([a.argmax() == b.argmax() for a, b in pairs])))


def _chances(scores: Scores) -> Scores:
    """Logarithms of them."""
    shifted = scores - scores.max()
    result: Scores = shifted - np.log(np.exp(shifted).sum())
    return result


def _compare(path: Path) -> dict[str, object]:
    stock, ours = Running(path, None), Running(path, tuple(ggml.TYPES))
    held = ggml.held()
    found = {}
    for threads in (1, 2):
        tokens = np.random.default_rng(threads).integers(300, stock.words, 160).tolist()
        for each in (stock, ours):
            each.use(threads)
        ones, others = (each.all_scores(tokens, 60) for each in (stock, ours))
        again = ours.all_scores(tokens, 60)
        found[threads] = asdict(likeness(ones, others))
        found[threads]["repeats"] = all(map(np.array_equal, others, again))
    ours.close()
    left = ggml.held().bytes
    stock.close()
    return {"found": found, "tensors": held.tensors, "bytes": held.bytes, "left": left}


def resident() -> int:
    """Bytes of this process in memory that belong to no file."""
    fields = Path("/proc/self/statm")
    if not fields.exists():
        return 0
    _, resident, shared, *_ = map(int, fields.read_text("ascii").split())
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.stdout.write(json.dumps([_compare(Path(name)) for name in sys.argv[1:]]) + "\n")
