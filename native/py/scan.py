"""Vectors kept in memory: float32 queries into rows and scores, by way of a sieve where it pays.

Called by the hot tier of core/index and by benchmarks. Rows are found by position: new ones come at
the end, and where one is taken out the last takes its place. Above some thousands a search looks at
one bit a dimension first and at the int8 codes of what may be among the best; see scan/rows.h.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cairn import native
from cairn.native import fallback

__all__ = ["SIEVE_FROM", "Rows", "Trial", "opened"]

SIEVE_FROM = 8192
"""From so many rows on; see scan/search.cpp."""
WIDTHS = 4.0, 6.0, 9.0
"""Of the sieve's bounds, in standard deviations."""
_SAMPLES = 64
Way = Literal["best", "exact", "sieve"]
Mask = NDArray[np.uint8] | NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trial:
    """What the sieve found of the neighbours of some rows."""

    width: float
    """That it has since; 0 if no width was enough, so that searches look at everything."""
    rows: int
    """How many there were then; 0 if nothing was tried yet."""
    tried: int
    wanted: int
    found: int

    @property
    def share(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0


class Rows:
    """`level` is one of native.levels(), the fastest if there is none given."""

    def __init__(self, dim: int, level: str = "", threads: int = 0) -> None:
        if not 1 <= dim <= native.MAX_DIM:
            raise ValueError(f"vectors must have 1 to {native.MAX_DIM} dimensions, not {dim}")
        self.dim = dim
        self.level = level or native.level()
        if self.level not in native.levels():
            raise ValueError(
                f"level {level!r} can't run here; valid levels: {', '.join(native.levels())}"
            )
        self._threads = threads
        self._rows: Any = fallback.Rows(dim)
        if self.level != "numpy":
            import cairn.native._kernels as kernels

            self._rows = kernels.Rows(dim)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def sieves(self) -> bool:
        """Does a search look through the sieve first?"""
        return self.could_sieve and self.trial.width > 0

    @property
    def could_sieve(self) -> bool:
        """Unless a trial found that too much is overlooked."""
        return bool(self._rows.has_sketches) and len(self) >= SIEVE_FROM

    @property
    def trial(self) -> Trial:
        return Trial(*self._rows.trial)

    def try_out(self, samples: int = _SAMPLES, widths: Sequence[float] = WIDTHS) -> Trial:
        """Look for the ten best neighbours of some rows, and take the first width that finds 99 %.

        Others may search meanwhile; it takes some tenths of a second for a million rows.
        """
        return Trial(*self._rows.try_out(self.level, samples, list(widths)))

    def append(self, codes: NDArray[np.int8], scales: NDArray[np.float32]) -> None:
        self._rows.append(*self._checked(codes, scales))

    def write(
        self, rows: NDArray[np.int64], codes: NDArray[np.int8], scales: NDArray[np.float32]
    ) -> None:
        """In place of what these rows hold."""
        self._rows.write(np.ascontiguousarray(rows, np.int64), *self._checked(codes, scales))

    def remove(self, row: int) -> None:
        self._rows.remove(row)

    def search(
        self, query: NDArray[np.float32], k: int, mask: Mask | None = None, way: Way = "best"
    ) -> native.Hits:
        """The k rows with the highest score, best first; fewer if `mask` keeps fewer.

        score = dot(codes of the row, of the query) * (scale of the row * of the query), the query
        quantized as a row is. Equal scores come by ascending row; a row whose score is NaN never
        does. `mask` has one byte a row, 0 to pass it over.

        The sieve overlooks a row that just makes it once in 30,000 times, or more seldom if
        `try_out` made it wider, and always the same whatever the level, the threads and the order
        of rows; `exact` looks at everything.
        """
        codes, scale = self._quantized(query)
        if k < 0:
            raise ValueError(f"k must not be negative, not {k}")
        count = len(self)
        bits = None if mask is None else np.ascontiguousarray(mask).view(np.uint8)
        if bits is not None and bits.shape != (count,):
            raise ValueError(f"mask must have {count} elements, not {bits.shape}")
        found: native.Hits = self._rows.search(
            self.level, codes, scale, min(k, count), bits, way, self._threads
        )
        return found

    def scores(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Of these rows, the same bits as a search gives them."""
        codes, scale = self._quantized(query)
        at = np.ascontiguousarray(rows, np.int64)
        found: NDArray[np.float32] = self._rows.scores(self.level, codes, scale, at)
        return found

    def save(self, path: os.PathLike[str], state: str, names: bytes) -> None:
        """To a file that is complete or not there; only compiled kernels can."""
        self._rows.save(os.fspath(path), state, names)

    def _checked(
        self, codes: NDArray[np.int8], scales: NDArray[np.float32]
    ) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        if codes.dtype != np.int8 or scales.dtype != np.float32:
            raise ValueError(f"codes must be int8 and scales float32, not {codes.dtype}")
        if codes.shape != (len(scales), self.dim) or scales.ndim != 1:
            raise ValueError(f"codes must be one row of {self.dim} for each scale")
        return np.ascontiguousarray(codes), np.ascontiguousarray(scales)

    def _quantized(self, query: NDArray[np.float32]) -> tuple[NDArray[np.int8], float]:
        """As native.quantize, for one row and without its care for many."""
        if query.dtype != np.float32 or query.shape != (self.dim,):
            raise ValueError(f"query must be {self.dim} numbers of float32")
        peak = np.abs(query).max()
        if not peak < np.inf:
            raise ValueError("query contains NaN or infinity")
        scale = peak / np.float32(127)
        if scale == 0:
            return np.zeros(self.dim, dtype=np.int8), 0.0
        codes = np.rint(query / scale)
        if scale < np.finfo(np.float32).tiny:
            codes = np.clip(codes, -127, 127)
        return codes.astype(np.int8), float(scale)


def opened(
    path: os.PathLike[str], dim: int, state: str, threads: int = 0
) -> tuple[Rows | None, bytes, str]:
    """What `save` wrote of that state: rows, names and "", or else why there are none."""
    rows = Rows(dim, threads=threads)
    if rows.level == "numpy":
        return None, b"", "there are no compiled kernels"
    import cairn.native._kernels as kernels

    found, names, refusal = kernels.Rows.open(os.fspath(path), dim, state)
    if found is None:
        return None, b"", refusal
    rows._rows = found
    return rows, names, ""
