"""The vectors in memory: INT8 codes scanned by the native kernel, in step with the table.

Recall asks here instead of the table because an unindexed scan of 100,000 rows takes LanceDB
hundreds of milliseconds and this one a few. Rows are found by position; freed rows are refilled.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from cairn import native

_GROWTH = 1.5
_NO_MASK: tuple[object, NDArray[np.bool_]] = (None, np.zeros(0, dtype=np.bool_))


class HotTier:
    def __init__(self, dimensions: int) -> None:
        self._lock = threading.RLock()
        self._codes = np.zeros((0, dimensions), dtype=np.int8)
        self._scales = np.zeros(0, dtype=np.float32)
        self._ids: list[str] = []
        self._rows: dict[str, int] = {}
        self._masked = _NO_MASK
        """Which ids were last asked for, and their rows, until something is written."""

    def __len__(self) -> int:
        return len(self._ids)

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add rows, or replace those whose id is known."""
        if not ids:
            return
        codes, scales = native.quantize(np.ascontiguousarray(vectors, dtype=np.float32))
        with self._lock:
            self._masked = _NO_MASK
            self.reserve(len(self._ids) + len(ids))
            for id, code, scale in zip(ids, codes, scales, strict=True):
                row = self._rows.setdefault(id, len(self._ids))
                if row == len(self._ids):
                    self._ids.append(id)
                self._codes[row] = code
                self._scales[row] = scale

    def remove(self, ids: Iterable[str]) -> None:
        with self._lock:
            self._masked = _NO_MASK
            for id in ids:
                row = self._rows.pop(id, None)
                if row is None:
                    continue
                last = self._ids.pop()
                if last != id:
                    self._ids[row] = last
                    self._rows[last] = row
                    self._codes[row] = self._codes[len(self._ids)]
                    self._scales[row] = self._scales[len(self._ids)]

    def search(
        self, query: NDArray[np.float32], limit: int, among: frozenset[str] | None = None
    ) -> list[tuple[str, float]]:
        """Best ids by cosine, ties by id, also those at the cut; `among` these, or all."""
        with self._lock:
            count = len(self._ids)
            mask = None if among is None else self._mask(among)
            asked = limit + 1
            while True:
                rows, scores = native.top_k(
                    self._codes[:count], self._scales[:count], query, min(asked, count), mask
                )
                if len(rows) < asked or scores[-1] < scores[limit - 1]:
                    break
                asked *= 8  # equal scores at the cut are ordered by id and not by row
            found = [
                (self._ids[row], float(score)) for row, score in zip(rows, scores, strict=True)
            ]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def _mask(self, among: frozenset[str]) -> NDArray[np.bool_]:
        """Kept for the next question among the same: for many ids it takes longer than the scan."""
        if self._masked[0] is not among:
            found = map(self._rows.get, among, itertools.repeat(-1))
            rows = np.fromiter(found, np.int64, len(among))
            mask = np.zeros(len(self._ids), dtype=np.bool_)
            mask[rows[rows >= 0]] = True
            self._masked = (among, mask)
        return self._masked[1]

    def cosines(self, query: NDArray[np.float32], ids: Iterable[str]) -> dict[str, float]:
        """Of those that are here, as `search` would have them."""
        with self._lock:
            rows = {id: self._rows[id] for id in ids if id in self._rows}
            at = list(rows.values())
            codes, scales = self._codes[at].astype(np.float32), self._scales[at]
        return dict(zip(rows, (codes @ query * scales).tolist(), strict=True))

    def reserve(self, count: int) -> None:
        """Make room for so many rows in all."""
        if count <= len(self._codes):
            return
        room = max(count, int(len(self._codes) * _GROWTH))
        self._codes.resize((room, self._codes.shape[1]), refcheck=False)
        self._scales.resize(room, refcheck=False)
