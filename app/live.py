"""An answer while it is being written: a line on the terminal that changes, and Ctrl-C.

Used by `ask`. The first Ctrl-C ends the writing, and what can be quoted is shown; the next one
ends the command. Imported only once there is something to show.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable
from typing import Any

from cairn.app import render

Json = dict[str, Any]


class Live:
    def __init__(self, enough: Callable[[], object]) -> None:
        """`enough` ends the writing."""
        self._enough = enough
        with contextlib.suppress(ValueError):  # not the main thread: nobody can type there
            signal.signal(signal.SIGINT, self._interrupted)

    def _interrupted(self, *_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._enough()

    def hear(self, now: Json) -> None:
        if now["stage"] != "writing":
            render.progress(now)
        elif now["kept"] is None:
            render.draft(_line(now))

    def close(self) -> None:
        render.end_progress()
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _line(now: Json) -> str:
    if now["thinks"]:
        return "thinking …"
    if now["draft"]:
        return str(now["draft"])
    share = f" {100 * now['read'] // now['of']} %" if now["of"] else ""
    return f"reading what was found …{share}"
