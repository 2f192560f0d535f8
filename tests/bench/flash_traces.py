"""Traces of what models of experts take, made by chance: popular ones, and those taken before.

For sizes that no test machine holds. `popular` is Zipf's exponent, `again` the chance with which an
expert of the word before is taken again, whatever its popularity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Family:
    """A model of experts, as its publisher describes it."""

    layers: int
    experts: int
    used: int
    slice_mb: float
    """Of one expert of one layer."""
    shared_gb: float
    """Of what every token needs."""

    @property
    def units(self) -> int:
        return self.layers * self.experts

    @property
    def gb(self) -> float:
        """Of all experts."""
        return self.units * self.slice_mb / 1e3


FAMILIES = {
    "30B-A3B": Family(48, 128, 8, 2.83, 0.95),
    "120B-A5B": Family(36, 128, 4, 13.2, 1.6),
    "397B-A17B": Family(60, 512, 10, 7.1, 5.0),
}
CHANCE, USUAL, LOYAL = (0.0, 0.0), (0.6, 0.3), (0.9, 0.5)


def make_trace(
    family: Family, words: int, popular: float, again: float, seed: int = 1
) -> list[list[NDArray[np.int32]]]:
    random = np.random.default_rng(seed)
    layers = [_layer(family, words, popular, again, random) for _ in range(family.layers)]
    return [[layer[word] for layer in layers] for word in range(words)]


def _layer(
    family: Family, words: int, popular: float, again: float, random: np.random.Generator
) -> list[NDArray[np.int32]]:
    chances = -popular * np.log(np.arange(1, family.experts + 1))
    chances = random.permutation(chances)
    taken: list[NDArray[np.int32]] = []
    for word in range(words):
        # Gumbel's way to draw several without putting back.
        scores = chances + random.gumbel(size=family.experts)
        if word and again:
            stays = taken[-1][random.random(family.used) < again]
            scores[stays] = np.inf
        taken.append(np.argpartition(-scores, family.used)[: family.used].astype(np.int32))
    return taken
