"""What is piped into a command → text, without waiting for a writer that never writes.

Called by `ask` and `remember`. A question may be asked by a program that holds its pipe open, so
only a pipe that says something soon is read.
"""

from __future__ import annotations

import os
import select
import stat
import sys

_SOON_S = 1.0
_MOST = 1 << 20


def whole() -> str:
    """All of stdin, however long it takes."""
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def beside() -> str:
    """The beginning of what comes through a pipe; "" from a terminal, a file or nowhere.

    A file is left alone: it may be what a loop around the command reads its lines from.
    """
    try:
        if not stat.S_ISFIFO(os.fstat(0).st_mode) or not select.select([0], [], [], _SOON_S)[0]:
            return ""
        with open(0, "rb", closefd=False) as pipe:
            return pipe.read(_MOST).decode("utf-8", "replace").strip()
    except (OSError, ValueError):  # closed by whoever started us
        return ""
