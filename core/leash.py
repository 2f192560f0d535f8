"""Processes that end when this one does, whatever they are at then: the kernel sees to it.

A child that sees a connection close can leave by itself, but not while it is stopped, or while one
long step of its interpreter keeps all others waiting. So each holds the end of a pipe into which
nobody writes; when this process is gone, the kernel sends the owner of that end a SIGKILL.
`prctl` can't be used for this: it goes by the thread that started the child, and threads end.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any


def start(
    command: Sequence[str], passed: tuple[int, ...], **how: Any
) -> tuple[subprocess.Popen[bytes], int]:
    """A process with the descriptors `passed`, and its leash: to close that ends the process."""
    end, leash = os.pipe()
    try:
        process = subprocess.Popen(command, pass_fds=(*passed, end), **how)
        tie(end, process.pid)
    except BaseException:
        os.close(leash)
        raise
    finally:
        os.close(end)
    return process, leash


def tie(end: int, pid: int) -> None:
    """Have the process, which holds it as well, killed when nobody holds the pipe's other end."""
    if sys.platform == "linux":  # elsewhere it has to notice by itself
        with contextlib.suppress(OSError):  # and where something else plays the kernel
            fcntl.fcntl(end, fcntl.F_SETSIG, signal.SIGKILL)
            fcntl.fcntl(end, fcntl.F_SETOWN, pid)
            fcntl.fcntl(end, fcntl.F_SETFL, fcntl.fcntl(end, fcntl.F_GETFL) | os.O_ASYNC)
