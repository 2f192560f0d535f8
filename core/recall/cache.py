"""A question that was just asked → the same results again, as long as nothing has changed.

Called by the engine's door to asking. `state` names everything that results are made of: whatever
is written to the index or the journal gives it another value, and all that was kept is dropped. So
nothing is found here that a search would not find now.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from cairn.core.recall.entries.pointers import When
from cairn.core.recall.narrow.filters import Filters
from cairn.core.recall.search import Results
from cairn.core.records import Timing

_MOST = 64
_HOUR, _MINUTE = (
    slice(0, len("2026-03-08T14")),
    slice(len("2026-03-08T14:"), len("2026-03-08T14:30")),
)
_QUARTER = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a search goes by beside the memory itself."""

    text: str
    limit: int
    when: When
    filters: Filters
    quarter: str
    """Of an hour in which it is asked: "yesterday" is another day from midnight on, and midnight is
    at a quarter wherever one is."""

    @classmethod
    def at(cls, now: str, text: str, limit: int, when: When, filters: Filters) -> Asked:
        quarter = f"{now[_HOUR]}/{int(now[_MINUTE]) // _QUARTER}"
        return cls(text, limit, when, filters, quarter)


class Kept:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: Hashable = None
        self._results: OrderedDict[Asked, Results] = OrderedDict()
        """Those last asked for last."""

    def __len__(self) -> int:
        return len(self._results)

    def get(self, asked: Asked, state: Hashable, search: Callable[[], Results]) -> Results:
        """`state` as it was before the search, so that what is written meanwhile leaves it
        behind."""
        started = time.perf_counter()
        with self._lock:
            self._turn_to(state)
            found = self._results.get(asked)
            if found:
                self._results.move_to_end(asked)
                ms = round((time.perf_counter() - started) * 1000, 2)
                return replace(found, timings=(Timing("known", ms),))
        found = search()
        if not found.degraded:  # else it may be whole the next time, without any write
            with self._lock:
                if state == self._state:
                    self._results[asked] = replace(found, trail=None)
                    while len(self._results) > _MOST:
                        self._results.popitem(last=False)
        return found

    def _turn_to(self, state: Hashable) -> None:
        if state != self._state:
            self._results.clear()
            self._state = state
