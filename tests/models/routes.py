"""How a made router is told which experts to take: popular ones, and those of the word before.

Each word has a code of a few numbers that no layer changes; a router sees nothing else. Codes of
successive words are alike as far as `reuse` asks for, and experts lean to being taken by `skew`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NUMBERS = 32
"""Of a word's code; the last one is the same for all words."""
_SHARPNESS = 2.0
_PAIRS, _STEPS = 400, 12
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Routing:
    skew: float = 0.0
    """How much more popular some experts are: 0 for all alike, 1 for a lot."""
    reuse: float = 0.0
    """Share of a token's experts that the next one takes again; at least as many as by chance."""


UNIFORM = Routing()
USUAL = Routing(skew=0.5, reuse=0.4)
"""About as models are that were trained."""


def routers(layers: int, experts: int, routing: Routing, random: np.random.Generator) -> Matrix:
    """For each layer and expert, what it makes of a code."""
    found = random.standard_normal((layers, experts, NUMBERS), dtype=np.float32)
    codes = found[:, :, :-1]
    codes *= _SHARPNESS / np.linalg.norm(codes, axis=2, keepdims=True)
    found[:, :, -1] *= _SHARPNESS * routing.skew
    return found


def codes(words: int, likeness: float, random: np.random.Generator) -> Matrix:
    """Of each word; each is like the one before it."""
    found = random.standard_normal((words, NUMBERS), dtype=np.float32)
    for number in range(1, words):
        found[number] *= np.float32(1 - likeness**2) ** 0.5
        found[number] += np.float32(likeness) * found[number - 1]
    found[:, -1] = 1
    return found


def likeness_for(routing: Routing, router: Matrix, used: int, random: np.random.Generator) -> float:
    """Between the codes of successive words, so that experts are taken again as often as wanted."""
    ones, others = (
        random.standard_normal((_PAIRS, NUMBERS), dtype=np.float32) for _ in range(2)
    )  # fmt: skip
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        nexts = middle * ones + (1 - middle**2) ** 0.5 * others
        ones[:, -1] = nexts[:, -1] = 1
        if (
            taken_again(_taken(ones @ router.T, used), _taken(nexts @ router.T, used))
            < routing.reuse
        ):
            low = middle
        else:
            high = middle
    return low if low else 0.0


def taken_again(ones: NDArray[np.int64], others: NDArray[np.int64]) -> float:
    """Share of the experts of each row that are in the other's row too."""
    return float((ones[:, :, None] == others[:, None, :]).any(axis=2).mean())


def _taken(scores: Matrix, used: int) -> NDArray[np.int64]:
    return np.argsort(-scores, axis=1)[:, :used]
