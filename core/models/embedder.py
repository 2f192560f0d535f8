"""Texts → unit vectors, from the states that a model gives to tokens; inside the worker only.

A vector does not depend on the texts beside it, not even in its last bits: otherwise a rebuilt
index would rank differently. A text longer than the model's window is
embedded in windows and averaged, so that no tail is dropped. Its parts get vectors from the same
pass: each word is known in its whole text, which embedding a part alone would lose.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cairn.core.models.states import Vectors, open_model

_WINDOW = 512


@dataclass(frozen=True, slots=True)
class _Text:
    windows: list[list[int]]
    owners: NDArray[np.int64]
    """Of each token but the marks, the piece that it is of."""
    pieces: int


class Embedder:
    def __init__(self, path: Path) -> None:
        self._api, model, self._states = open_model(path, "models.embedder", _WINDOW, "embedder")
        self.dimensions, self.window = self._states.width, self._states.window
        self.made_by, self._threads = self._states.made_by, 1
        self._vocabulary = self._api.llama_model_get_vocab(model)

    def set_threads(self, count: int) -> None:
        self._threads = count
        self._states.set_threads(count)

    def tokenize(self, text: str) -> list[int]:
        # Decomposed: llama.cpp does not take composed Hangul apart as BERT's tokenizer does.
        data = unicodedata.normalize("NFD", text).encode("utf-8", "replace")
        room = len(data) + 8
        tokens = (ctypes.c_int32 * room)()
        count = self._api.llama_tokenize(
            self._vocabulary, data, len(data), tokens, room, True, False
        )
        return list(tokens[: max(count, 0)])

    def encode(
        self, texts: Sequence[str], starts: Sequence[Sequence[int]] = ()
    ) -> Iterator[list[Vectors] | None]:
        """Yields None after a few texts, so that the caller can turn to urgent work; then vectors.

        A text's own is the first; those of its parts follow, if `starts` says where they begin,
        each at the beginning of a line. What stands before the first belongs to every one.
        """
        result: list[Vectors] = []
        group: list[_Text] = []
        for number, text in enumerate(texts):
            group.append(self._cut(text, starts[number] if starts else ()))
            held = sum(len(window) for each in group for window in each.windows)
            if held >= self._threads * self._states.at_once or number == len(texts) - 1:
                result += self._encode(group)
                group = []
                yield None
        yield result

    def _cut(self, text: str, cuts: Sequence[int]) -> _Text:
        ends = pairwise((0, *cuts, len(text)))
        pieces = [self.tokenize(text[start:end]) for start, end in ends]
        first, last = pieces[0][0], pieces[0][-1]
        tokens = [token for piece in pieces for token in piece[1:-1]]
        owners = np.repeat(np.arange(len(pieces)), [len(piece) - 2 for piece in pieces])
        room = self.window - 2
        windows = [
            [first, *tokens[start : start + room], last]
            for start in range(0, max(1, len(tokens)), room)
        ]
        return _Text(windows, owners, len(pieces))

    def _encode(self, group: Sequence[_Text]) -> list[Vectors]:
        states = iter(self._states.of([window for text in group for window in text.windows]))
        return [self._vectors(text, states) for text in group]

    def _vectors(self, text: _Text, states: Iterator[Vectors]) -> Vectors:
        whole = np.zeros(self.dimensions)
        sums = np.zeros((text.pieces, self.dimensions))
        at = 0
        for window in text.windows:
            found = next(states)
            whole += _unit(found.sum(axis=0, dtype=np.float64)) * len(window)
            if text.pieces > 1:
                _add(sums, text.owners[at : at + len(window) - 2], found[1:-1])
            at += len(window) - 2
        rows = [whole, *(sums[0] + sums[1:])]
        return np.stack([_unit(row) for row in rows]).astype(np.float32)


def _add(sums: NDArray[np.float64], owners: NDArray[np.int64], states: Vectors) -> None:
    """Each state to the sum of its owner; owners are in ascending order."""
    if len(owners):
        begins = np.flatnonzero(np.diff(owners, prepend=-1))
        sums[owners[begins]] += np.add.reduceat(states, begins, axis=0, dtype=np.float64)


def _unit(values: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(values))
    return values / (length or 1.0)
