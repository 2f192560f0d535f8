"""The vectors in memory: INT8 codes searched by the native kernels, in step with the table.

Recall asks here instead of the table because an unindexed scan of 100,000 rows takes LanceDB
hundreds of milliseconds and this one a fraction of one. Rows are found by position; freed rows are
refilled. A snapshot beside the table saves reading all vectors when a large index is opened: it is
there only while it holds what the table holds, and it is made anew when it doesn't.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cairn import native
from cairn.native import scan

_SAVED_FROM = 20_000
"""Rows; fewer are read from the table as quickly."""
_CHANGED = 1.5
"""So many times as many vectors, or as few, are others than those that were tried out."""
_NO_MASK: tuple[object, NDArray[np.bool_]] = (None, np.zeros(0, dtype=np.bool_))


class HotTier:
    def __init__(self, dimensions: int, path: Path | None = None) -> None:
        """`path` is where the snapshot is kept, if any."""
        self._lock = threading.RLock()
        self._rows = scan.Rows(dimensions)
        self._ids: list[str] = []
        self._row_of: dict[str, int] = {}
        self._masked = _NO_MASK
        """Which ids were last asked for, and their rows, until something is written."""
        self._path = path
        self._saved = ""
        """The state of the table that the snapshot is of; empty if there is none."""

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def way(self) -> str:
        """How it searches now, for people."""
        how = "one bit a dimension first" if self._rows.sieves else "all codes"
        trial, told = self._rows.trial, f"{how} ({self._rows.level})"
        if self._rows.sieves and trial.tried:
            found = f"{_percent(trial.share)} of the best ten found in a test of {trial.tried}"
            return f"{told}; {found}"
        return told

    @property
    def doubt(self) -> str:
        """Why it searches more slowly than it could; empty if it doesn't."""
        if not self._rows.could_sieve or self._rows.sieves:
            return ""
        found = _percent(self._rows.trial.share)
        return f"one bit a dimension found only {found} of the best ten, so all codes are read"

    def try_out(self) -> None:
        """See whether it finds enough of what is here, unless that was seen of much the same."""
        before, now = self._rows.trial.rows, len(self._rows)
        if self._rows.could_sieve and not before / _CHANGED <= now <= before * _CHANGED:
            self._rows.try_out()
            self._saved = ""

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add rows, or replace those whose id is known."""
        if not ids:
            return
        codes, scales = native.quantize(np.ascontiguousarray(vectors, dtype=np.float32))
        with self._lock:
            self.outdate()
            known, fresh = list[int](), list[int]()
            for at, id in enumerate(ids):
                if id in self._row_of:
                    known.append(at)
                else:
                    self._row_of[id] = len(self._ids)
                    self._ids.append(id)
                    fresh.append(at)
            self._rows.append(codes[fresh], scales[fresh])
            if known:
                rows = np.array([self._row_of[ids[at]] for at in known], dtype=np.int64)
                self._rows.write(rows, codes[known], scales[known])

    def remove(self, ids: Iterable[str]) -> None:
        with self._lock:
            self.outdate()
            for id in ids:
                row = self._row_of.pop(id, None)
                if row is None:
                    continue
                last = self._ids.pop()
                if last != id:
                    self._ids[row] = last
                    self._row_of[last] = row
                self._rows.remove(row)

    def search(
        self, query: NDArray[np.float32], limit: int, among: frozenset[str] | None = None
    ) -> list[tuple[str, float]]:
        """Best ids by cosine, ties by id, also those at the cut; `among` these, or all."""
        with self._lock:
            mask = None if among is None else self._mask(among)
            asked = limit + 1
            while True:
                rows, scores = self._rows.search(query, asked, mask)
                if len(rows) < asked or scores[-1] < scores[limit - 1]:
                    break
                asked *= 8  # equal scores at the cut are ordered by id and not by row
            names = [self._ids[row] for row in rows.tolist()]
        found = list(zip(names, scores.tolist(), strict=True))
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def _mask(self, among: frozenset[str]) -> NDArray[np.bool_]:
        """Kept for the next question among the same: for many ids it takes longer than the scan."""
        if self._masked[0] is not among:
            found = map(self._row_of.get, among, itertools.repeat(-1))
            rows = np.fromiter(found, np.int64, len(among))
            mask = np.zeros(len(self._ids), dtype=np.bool_)
            mask[rows[rows >= 0]] = True
            self._masked = (among, mask)
        return self._masked[1]

    def cosines(self, query: NDArray[np.float32], ids: Iterable[str]) -> dict[str, float]:
        """Of those that are here, as `search` has them."""
        with self._lock:
            rows = {id: self._row_of[id] for id in ids if id in self._row_of}
            if not rows:
                return {}
            scores = self._rows.scores(query, np.fromiter(rows.values(), np.int64, len(rows)))
        return dict(zip(rows, scores.tolist(), strict=True))

    def outdate(self) -> None:
        """Something is about to change: nothing that is deleted may stay in a snapshot."""
        self._masked = _NO_MASK
        self._saved = ""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def save(self, state: str) -> None:
        """Keep what is here, which is what the table holds in that state."""
        if self._path is None or len(self._ids) < _SAVED_FROM or self._saved == state:
            return
        with self._lock, suppress(OSError):  # the table has everything
            self._rows.save(self._path, state, "\n".join(self._ids).encode())
            self._saved = state

    def restore(self, state: str) -> str:
        """Take what `save` kept of that state; else say why not, and be empty."""
        if self._path is None:
            return "there is none"
        rows, names, refusal = scan.opened(self._path, self._rows.dim, state)
        if rows is not None:
            ids = names.decode("utf-8", "replace").split("\n") if names else []
            row_of = dict(zip(ids, range(len(ids)), strict=True))
            if len(row_of) == len(ids) == len(rows):
                with self._lock:
                    self._rows, self._ids, self._row_of = rows, ids, row_of
                    self._saved = state
                return ""
            refusal = "its names are not those of its rows"
        self.outdate()
        return refusal


def _percent(share: float) -> str:
    return f"{math.floor(share * 1000) / 10:g} %"
