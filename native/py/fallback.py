"""Top-k over int8 codes in NumPy alone: the level "numpy".

Called by scan.py when the extension is missing or CAIRN_NATIVE_LEVEL=numpy, and by tests.
Returns the same rows and score bits as scan/top_k.cpp: exact dots, float(dot) * (row scale *
query scale), ties by row, NaN scores dropped. Working memory: one block plus a few bytes a row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Products are at most 2^14, so sums of 1024 of them stay within 2^24, where float32 is exact in
# any order of summation: BLAS can do the integer work.
_EXACT_COLUMNS = 1024
# Small enough for the cache, and for OpenBLAS to stay on this thread: waking its pool for a scan
# costs up to 100 times the scan when other processes hold the cores.
_BLOCK_CODES = 1 << 18


def _top_k(
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    query: NDArray[np.int8],
    query_scale: float,
    k: int,
    mask: NDArray[np.uint8] | None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k best kept rows and their scores, best first."""
    rows = np.arange(len(codes)) if mask is None else np.flatnonzero(mask)
    rows = rows.astype(np.int64, copy=False)
    dots = _dots(codes, query, None if mask is None else rows)
    with np.errstate(all="ignore"):  # denormal, infinite and NaN scales are the caller's data
        scores = dots.astype(np.float32) * (scales[rows] * np.float32(query_scale))
    comparable = ~np.isnan(scores)
    if not comparable.all():
        rows, scores = rows[comparable], scores[comparable]
    best = _best(scores, k)
    return rows[best], scores[best]


def _dots(
    codes: NDArray[np.int8], query: NDArray[np.int8], rows: NDArray[np.int64] | None
) -> NDArray[np.int32]:
    dim = codes.shape[1]
    count = len(codes) if rows is None else len(rows)
    step = max(1, _BLOCK_CODES // dim)
    wide_query = query.astype(np.float32)
    dots = np.zeros(count, dtype=np.int32)
    for start in range(0, count, step):
        stop = min(start + step, count)
        block = codes[start:stop] if rows is None else codes[rows[start:stop]]
        for left in range(0, dim, _EXACT_COLUMNS):
            part = slice(left, left + _EXACT_COLUMNS)
            sums = block[:, part].astype(np.float32) @ wide_query[part]
            dots[start:stop] += sums.astype(np.int32)
    return dots


def _best(scores: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    """Positions of the k highest scores, equal scores by position."""
    if k == 0:
        return np.empty(0, dtype=np.intp)
    if k >= len(scores):
        return np.argsort(-scores, kind="stable")
    threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
    above = np.flatnonzero(scores > threshold)
    tied = np.flatnonzero(scores == threshold)[: k - len(above)]
    chosen = np.sort(np.concatenate([above, tied]))
    return chosen[np.argsort(-scores[chosen], kind="stable")]


class Rows:
    """As the kernels' Rows, without their sieve and their files."""

    has_sketches = False
    trial = (0.0, 0, 0, 0, 0)

    def __init__(self, dim: int) -> None:
        self._codes = np.zeros((0, dim), dtype=np.int8)
        self._scales = np.zeros(0, dtype=np.float32)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def append(self, codes: NDArray[np.int8], scales: NDArray[np.float32]) -> None:
        size = self._size + len(codes)
        if size > len(self._codes):
            room = max(size, len(self._codes) * 3 // 2)
            self._codes.resize((room, self._codes.shape[1]), refcheck=False)
            self._scales.resize(room, refcheck=False)
        self._codes[self._size : size] = codes
        self._scales[self._size : size] = scales
        self._size = size

    def write(
        self, rows: NDArray[np.int64], codes: NDArray[np.int8], scales: NDArray[np.float32]
    ) -> None:
        self._check(rows)
        self._codes[rows] = codes
        self._scales[rows] = scales

    def remove(self, row: int) -> None:
        self._check(np.array([row]))
        self._size -= 1
        self._codes[row], self._scales[row] = self._codes[self._size], self._scales[self._size]
        self._codes[self._size], self._scales[self._size] = 0, 0

    def search(
        self,
        level: str,
        query: NDArray[np.int8],
        query_scale: float,
        k: int,
        mask: NDArray[np.uint8] | None,
        way: str,
        threads: int,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        size = self._size
        return _top_k(self._codes[:size], self._scales[:size], query, query_scale, k, mask)

    def scores(
        self, level: str, query: NDArray[np.int8], query_scale: float, rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        self._check(rows)
        dots = _dots(self._codes, query, rows).astype(np.float32)
        with np.errstate(all="ignore"):
            found: NDArray[np.float32] = dots * (self._scales[rows] * np.float32(query_scale))
        return found

    def try_out(
        self, level: str, samples: int, widths: list[float]
    ) -> tuple[float, int, int, int, int]:
        return self.trial

    def save(self, path: str, state: str, names: bytes) -> None:
        raise OSError("there are no compiled kernels")

    def _check(self, rows: NDArray[np.int64]) -> None:
        if len(rows) and (rows.min() < 0 or rows.max() >= self._size):
            raise IndexError("no such row")
