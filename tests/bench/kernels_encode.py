"""Our encoder against llama.cpp at its best: passages, a question's wait, and what comes out.

Called by tests.bench.kernels; `python -m tests.bench.encode` says more. Chances of the embedder are
those of each passage to be a question's nearest, of the reader those of each token to begin and to
end the answer.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cairn import assets
from cairn.core.models.reader import Reader
from cairn.core.models.states import States, Vectors, open_model
from tests.bench.encode import QUESTION, WINDOW, best_setting, cut, mean, passages
from tests.bench.encode_stock import Setting, Stock
from tests.bench.kernels import Alike, Row, compare
from tests.models.running import likeness

_PASSAGES, _AT_ONCE, _ROUNDS = 72, 8, 9
_PLAIN = Setting(1, False, False)
_SHARPNESS = 20.0
"""What cosines are worth, as logarithms of chances."""


def rows() -> Iterator[Row | Alike]:
    texts = passages(_PASSAGES)
    random.Random(1).shuffle(texts)
    embedder, reader = assets.path("embedder.gguf"), assets.path("reader.gguf")
    short, wide = list(cut(texts, QUESTION))[:_PASSAGES], list(cut(texts, WINDOW))
    yield from _paces("passages", embedder, texts, _AT_ONCE, 1 / 1.5)
    yield from _paces("a question", embedder, short, 1, 0.0)
    yield from _paces("windows of the reader", reader, wide, 2, 0.0)
    yield _embedder(texts, short)
    yield _reader(wide[:20])


def _paces(
    name: str, path: Path, batches: Sequence[list[int]], at_once: int, must: float
) -> Iterator[Row]:
    own = open_model(path, "", 512, "embedder")[2]
    for threads in (1, 2):
        own.set_threads(threads)
        setting, rival = best_setting(path, batches[:at_once], threads)
        turn = _Turns(batches, at_once)
        clock = time.thread_time_ns if threads == 1 else time.perf_counter_ns
        yield compare(
            f"{name}, {at_once} at once, {threads} thread{'s' * (threads > 1)}",
            lambda: own.of(turn.next()), lambda rival=rival: rival.of(turn.next()),  # noqa: B023
            _ROUNDS, must, str(setting), clock,
        )  # fmt: skip
        rival.close()


class _Turns:
    """Both get the same sequences, and others in the next round."""

    def __init__(self, batches: Sequence[list[int]], count: int) -> None:
        self._batches, self._count, self._calls = batches, count, 0

    def next(self) -> list[list[int]]:
        start = self._calls // 4 * self._count  # each is called twice in a round
        self._calls += 1
        return [self._batches[(start + i) % len(self._batches)] for i in range(self._count)]


def _embedder(texts: Sequence[list[int]], questions: Sequence[list[int]]) -> Alike:
    path = assets.path("embedder.gguf")
    scores = []
    for states in (Stock(path, _PLAIN), open_model(path, "", 512, "embedder")[2]):
        found = [_vectors(states, each) for each in (texts, questions)]
        scores.append(list(_SHARPNESS * (found[1] @ found[0].T).astype(np.float64)))
    same = likeness(*scores)
    return Alike("which passage the embedder finds nearest", same.divergence, same.agreed)


def _vectors(states: States, tokens: Sequence[list[int]]) -> Vectors:
    return np.stack([mean(states.of([each])[0]) for each in tokens])


def _reader(wide: Sequence[list[int]]) -> Alike:
    path = assets.path("reader.gguf")
    reader = Reader(path)
    found: list[list[NDArray[np.float64]]] = []
    for states in (Stock(path, _PLAIN), reader._states):
        reader._states = states
        heads = [reader._scores(each)[:, :2].astype(np.float64).T for each in wide]
        found.append([head for pair in heads for head in pair])
    same = likeness(*found)
    return Alike("where the reader sees an answer begin and end", same.divergence, same.agreed)
