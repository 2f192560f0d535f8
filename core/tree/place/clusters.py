"""Vectors → groups of those that point the same way: spherical k-means, the same for the same rows.

Called by `split` where words do not tell a topic's parts. Work is bounded whatever the size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cairn.core.tree.place.centroids import Array

if TYPE_CHECKING:
    from numpy.random import Generator

_SEED = 5
_TRIES = 6
"""From other first centres; the tightest groups are taken."""
_MOST_ROUNDS = 25
_MOST_ROWS = 2000
"""Fitted to so many, evenly taken; the others only join the nearest."""


def groups(rows: Array, count: int) -> list[int]:
    """The number of its group for each row of length 1."""
    sample = rows[:: -(-len(rows) // _MOST_ROWS)]
    rng = np.random.default_rng(_SEED)
    tries = [_settled(sample, _first(sample, count, rng)) for _ in range(_TRIES)]
    centres = max(tries, key=lambda centres: round(float((sample @ centres.T).max(1).sum()), 9))
    return [int(label) for label in np.argmax(np.round(rows @ centres.T, 9), axis=1)]


def _settled(rows: Array, centres: Array) -> Array:
    """The centres when no row changes to another any more."""
    labels = np.full(len(rows), -1)
    for _ in range(_MOST_ROUNDS):
        nearest = np.argmax(np.round(rows @ centres.T, 9), axis=1)
        if (nearest == labels).all():
            break
        labels = nearest
        for number in range(len(centres)):
            if (mine := rows[labels == number]).size:
                centre = mine.sum(axis=0)
                centres[number] = centre / max(float(np.linalg.norm(centre)), 1e-12)
    return centres


def _first(rows: Array, count: int, rng: Generator) -> Array:
    """Far apart: each drawn by how far it is from those before (k-means++)."""
    chosen = [int(rng.integers(len(rows)))]
    while len(chosen) < count:
        far = np.clip(1 - (rows @ rows[chosen].T).max(axis=1), 0, None)
        total = float(far.sum())
        draw = rng.random() * total
        at = int(np.searchsorted(np.cumsum(far), draw)) if total > 1e-9 else len(chosen)
        chosen.append(min(at, len(rows) - 1))
    return np.array(rows[chosen])
