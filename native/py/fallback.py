"""Top-k over int8 codes in NumPy alone: the level "numpy".

Called by cairn.native when the extension is missing or CAIRN_NATIVE_LEVEL=numpy, and by tests.
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


def top_k(
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
