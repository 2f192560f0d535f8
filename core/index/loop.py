"""LanceDB's queries, each in one trip to a thread that waits for them.

Called by the table. The library's own door for threads goes there and back eight times for one
query, which takes as long as the query itself.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, TypeVar

Found = TypeVar("Found")


def begin(query: Coroutine[Any, Any, Found]) -> Future[Found]:
    """What it finds; meanwhile something else can be done."""
    return asyncio.run_coroutine_threadsafe(query, _loop(os.getpid()))


@lru_cache(maxsize=1)
def _loop(process: int) -> asyncio.AbstractEventLoop:
    """One for each process: a fork has no threads."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="index-queries", daemon=True).start()
    return loop
