"""Token ids → the state of each token, by a BERT encoder over a file's own tensors in Q8_0.

Called by core/models/states.py; doctor shows what runs. Invariant: the states of a sequence are
the same bits whatever is encoded beside it, on however many threads, at whichever level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from cairn import native

__all__ = ["Encoder", "Shape", "Stored", "level", "levels", "product"]

_SLOW = ("numpy", "scalar", "neon")
"""Levels at which llama.cpp is the faster one."""


def level() -> str:
    """At which an encoder runs unless told otherwise; empty when it would not pay."""
    at = native.level()
    if at in _SLOW or at not in levels():
        return ""
    return "avxvnni" if at == "avx2" and "avxvnni" in levels() else at


def levels() -> tuple[str, ...]:
    """Every level at which this machine can encode; "avxvnni" goes with the others' "avx2"."""
    if native.load_error():
        return ()
    import cairn.native._kernels as kernels

    return tuple(kernels.encode_levels())


@dataclass(frozen=True, slots=True)
class Shape:
    width: int
    hidden: int
    heads: int
    layers: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Stored:
    """A tensor as its file has it: `rows` of `columns` numbers in F32, F16 or Q8_0."""

    format: str
    rows: int
    columns: int
    data: NDArray[np.uint8]


class Encoder:
    def __init__(self, shape: Shape, tensors: Mapping[str, Stored], at: str = "") -> None:
        """Tensors by the names that GGUF has for them; ValueError says what is wrong with them.

        They are copied but for the tokens' own, which must not change. `at` is a level.
        """
        import cairn.native._kernels as kernels

        *counts, epsilon = astuple(shape)
        stored = {
            name: (each.format, each.rows, each.columns, each.data)
            for name, each in tensors.items()
        }
        self._encoder = kernels.Encoder(at or level(), counts, epsilon, stored)

    def states(
        self, sequences: Sequence[NDArray[np.int32]], threads: int = 1
    ) -> list[NDArray[np.float32]]:
        """Tokens × width of each sequence. Runs without the GIL."""
        if not sequences:
            return []
        together = self._encoder.states(list(sequences), max(1, threads))
        ends = np.cumsum([len(tokens) for tokens in sequences])
        return np.split(together, ends[:-1])


def product(at: str, weights: Stored, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values × columns by weights, as the encoder multiplies them: for tests."""
    import cairn.native._kernels as kernels

    stored = (weights.format, weights.rows, weights.columns, weights.data)
    return kernels.encode_product(at, stored, values)[:, : weights.rows]
