"""Numbers of rows → ids of passages: a word search that reads no column takes half the time.

Owned by the table. LanceDB gives a number to one row only, for good: what is changed or moved gets
another one. So what was learned stays true; a row that is not known yet has its id read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
Seen = tuple[Numbers, list[str]]
"""Numbers of rows and, side by side, their ids."""
_LATE = 4096
"""Rows that are kept apart from the others, which lie in order."""


class RowIds:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: Numbers = np.zeros(0, np.uint64)
        self._ids: list[str] = []
        self._late: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._ids) + len(self._late)

    async def scores(self, query: Callable[[], Any]) -> list[tuple[str, float]]:
        """The ids and scores that a word search finds; it is made anew for each try."""
        found = await query().select(["_score"]).with_row_id().to_arrow()
        numbers = found["_rowid"].to_numpy()
        ids = self._find(numbers)
        if ids is None:
            found = await query().select(["id", "_score"]).with_row_id().to_arrow()
            ids = found["id"].to_pylist()
            self.learn(found["_rowid"].to_numpy(), ids)
        return list(zip(ids, found["_score"].to_pylist(), strict=True))

    def learn(self, numbers: Numbers, ids: Sequence[str]) -> None:
        with self._lock:
            self._late |= zip(numbers.tolist(), ids, strict=True)
            if len(self._late) > _LATE:
                late = np.fromiter(self._late, np.uint64, len(self._late))
                self._set([self._numbers, late], [*self._ids, *self._late.values()])

    def learn_all(self, table: Any, seen: Sequence[Seen] = (), rest: str = "true") -> None:
        """The rows seen and, are there more, those that a condition holds for: numbers of others
        are not in use any more."""
        rows = list(seen)
        if sum(len(ids) for _, ids in rows) < table.count_rows():
            query = table.search().select(["id"]).with_row_id(True).where(rest).limit(None)
            for part in query.to_batches(batch_size=_LATE):  # all at once would hold up a question
                rows.append((part["_rowid"].to_numpy().copy(), part["id"].to_pylist()))
        with self._lock:
            known = {id: id for id in self._ids}  # an id is kept once, however often it is read
            ids = [known.get(id, id) for _, part in rows for id in part]
            self._set([numbers for numbers, _ in rows], ids)

    def _set(self, numbers: Sequence[Numbers], ids: Sequence[str]) -> None:
        together = np.concatenate([np.zeros(0, np.uint64), *numbers])
        self._numbers, order = np.unique(together, return_index=True)
        self._ids = [ids[at] for at in order.tolist()]
        self._late = {}

    def _find(self, numbers: Numbers) -> list[str] | None:
        """None if there is one among them that is not known."""
        with self._lock:
            known, ids, late = self._numbers, self._ids, self._late
        places = np.searchsorted(known, numbers)
        places[places == len(known)] = 0
        is_there = known[places] == numbers if len(known) else np.zeros(len(numbers), np.bool_)
        if is_there.all():
            return [ids[at] for at in places.tolist()]
        found = [
            ids[at] if is_known else late.get(number)
            for number, at, is_known in zip(
                numbers.tolist(), places.tolist(), is_there.tolist(), strict=True
            )
        ]
        return None if None in found else [id for id in found if id is not None]
