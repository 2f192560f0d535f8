"""Vectors of filed entries → the mean direction of each folder, kept up to date one by one.

Held by `known`. Which folder is nearest depends on what is filed only, not on the order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[Any]"

_LEAST = 3
"""Entries whose mean says something."""
_LEAST_ALIKE = 0.5
"""Cosine to the mean below which even a scattered folder is not a home."""
_ALMOST_A_MEMBER = 0.9
"""How alike a new entry must be to the others, of how alike they are to each other."""
_CONSIDERED = 16
_NO_LENGTH = 1e-12
_FIRST = 64
"""Rows that are made at first; then twice as many each time."""


def direction_of(vector: Array | None) -> Array | None:
    """At length 1; None for what has no direction."""
    import numpy as np

    if vector is None:
        return None
    flat = np.asarray(vector, np.float64).reshape(-1)
    if not flat.size or not np.isfinite(flat).all():
        return None
    largest = float(np.abs(flat).max())
    if largest < _NO_LENGTH:
        return None
    flat = flat / largest  # squares of very large numbers have no room
    unit: Array = flat / np.linalg.norm(flat)
    return unit


class Centroids:
    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._names: list[str] = []
        self._sums: Array | None = None
        self._counts: list[int] = []
        self._lengths: list[float] = []
        """Of the sums."""

    def add(self, folder: str, vector: Array | None, sign: int = 1) -> None:
        """Count a vector in, or out again. One of another model's length is passed over."""
        import numpy as np

        direction = direction_of(vector)
        if direction is None or not self._fits(direction):
            return
        sums, row = self._row(folder, len(direction))
        if self._counts[row] + sign >= 0:
            self._counts[row] += sign
            sums[row] += sign * direction
        if not self._counts[row]:
            sums[row] = 0.0  # so that nothing is left of rounding
        self._lengths[row] = float(np.linalg.norm(sums[row]))

    def near(self, vector: Array | None) -> Iterator[str]:
        """Folders that the vector could belong to, the nearest first."""
        import numpy as np

        direction = direction_of(vector)
        if direction is None or self._sums is None or not self._fits(direction):
            return
        used = len(self._names)
        lengths = np.array(self._lengths)
        alike = self._sums[:used] @ direction / np.maximum(lengths, 1e-9)
        best = np.argsort(-alike, kind="stable")[:_CONSIDERED]
        # Rounded, so that the last bits, which depend on the order of addition, decide nothing.
        ranked = sorted((-round(float(alike[row]), 6), self._names[row], row) for row in best)
        for score, folder, row in ranked:
            if self._takes(-score, self._counts[row], float(lengths[row])):
                yield folder

    def _takes(self, alike: float, count: int, length: float) -> bool:
        if count < _LEAST or alike < _LEAST_ALIKE:
            return False
        mean = length / count
        to_each_other = (count * mean * mean - 1) / (count - 1)
        return alike * mean >= _ALMOST_A_MEMBER * to_each_other

    def _fits(self, direction: Array) -> bool:
        return self._sums is None or self._sums.shape[1] == len(direction)

    def _row(self, folder: str, width: int) -> tuple[Array, int]:
        import numpy as np

        if folder not in self._rows:
            self._rows[folder] = len(self._names)
            self._names.append(folder)
            self._counts.append(0)
            self._lengths.append(0.0)
        if self._sums is None:
            self._sums = np.zeros((_FIRST, width))
        elif len(self._names) > len(self._sums):
            self._sums = np.concatenate((self._sums, np.zeros_like(self._sums)))
        return self._sums, self._rows[folder]
