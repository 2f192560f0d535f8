"""A small language model that has learned from text: random layers, and words' scores fitted to it.

Made by benchmarks where the last bit of real chances matters. What the layers make of each byte is
asked of llama.cpp, and the matrix of scores is fitted to the bytes that follow.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cairn.core.models.files.gguf_header import read_header
from tests.bench.kernels_ggml import quantized
from tests.models.dense import Kind, Size, make_dense
from tests.models.running import Running

SIZE = Size(layers=4, width=512, hidden=1024, vocabulary=262)
_BYTES = 5
"""Tokens in front of those that are bytes."""
_PIECE, _STEPS, _PACE, _NOISE = 200, 60, 0.04, 0.3
Floats = NDArray[np.float32]


def tokens_of(text: bytes) -> list[int]:
    return [_BYTES + byte for byte in text]


def train(path: Path, mix: str, text: bytes) -> tuple[Path, float]:
    """Where it lies, and its mean surprise at what it has learned, in nats a byte."""
    make_dense(path, mix, SIZE)
    tokens = tokens_of(text)
    matrix, loss = _fit(_states(path, tokens), np.array(tokens[1:]), SIZE.vocabulary)
    (scores,) = (each for each in read_header(path).tensors if each.name == "output.weight")
    with path.open("r+b") as file:
        file.seek(scores.offset)
        file.write(quantized(Kind[scores.format], matrix).tobytes())
    return path, loss


def _states(path: Path, tokens: list[int]) -> Floats:
    """Before the matrix of scores, of every token but the last; none sees beyond its piece."""
    model, found = Running(path, None), []
    model.give_states()
    for at in range(0, len(tokens) - 1, _PIECE):
        piece = tokens[at : min(at + _PIECE, len(tokens) - 1)]
        model.forget()
        model.read(piece, all_scores=True)
        found.append(model.states(len(piece), SIZE.width))
    model.close()
    return np.concatenate(found)


def _fit(states: Floats, following: NDArray[np.int64], words: int) -> tuple[Floats, float]:
    """Logistic regression, by Adam; with noise, so that it rests on no small difference."""
    random = np.random.default_rng(0)
    noise = np.float32(_NOISE) * states.std(axis=0)
    matrix = np.zeros((words, states.shape[1]), np.float32)
    mean, square = np.zeros_like(matrix), np.zeros_like(matrix)
    rows, loss = np.arange(len(states)), 0.0
    for step in range(1, _STEPS + 1):
        seen = states + noise * random.standard_normal(states.shape, dtype=np.float32)
        scores = seen @ matrix.T
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        loss = float(-np.log(chances[rows, following] + 1e-9).mean())
        chances[rows, following] -= 1
        slope = chances.T @ seen / np.float32(len(states))
        mean += np.float32(0.1) * (slope - mean)
        square += np.float32(0.01) * (slope**2 - square)
        corrected = mean / np.float32(1 - 0.9**step)
        spread = np.sqrt(square / np.float32(1 - 0.99**step)) + np.float32(1e-8)
        matrix -= np.float32(_PACE) * corrected / spread
    return matrix, loss
