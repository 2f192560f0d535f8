"""The process's memory pools: few of them, and emptied when the work is done.

Asked by the daemon. Indexing fills pools that nothing gives back otherwise, and the daemon stays.
What is loaded by then stays as well, so nobody looks through it for what may go.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
_NEW_OBJECTS = 20_000
"""Before the collector looks: questions let go of nearly all that they make by themselves."""


def share_pools() -> None:
    """Keep Arrow, and each of the index's threads, from having a pool that it never gives back.

    Called before Arrow is imported. After indexing this is the difference between 225 and 300 MB.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)


def give_back() -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def leave_be() -> None:
    """All that is loaded by now, and most of what a question makes: to look it through would hold
    up a question for some milliseconds."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
