"""Runs a program that must not outlive its reader: `guard.py PIPE SECONDS PROGRAM ARGUMENTS…`.

Started by `tools.py` as a file of its own, without the package. PIPE ends when the process that
asked is gone, even killed: then this ends its group, and so all that the program has started.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import resource
import signal
import sys

NOT_STARTED = 126


def main(pipe: int, seconds: int, command: list[str]) -> int:
    with contextlib.suppress(OSError, ValueError):  # a stricter limit holds already
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    program = os.fork()
    if not program:
        os.close(pipe)
        try:
            os.execv(command[0], command)
        except OSError:
            os._exit(NOT_STARTED)
    _thread.start_new_thread(_watch, (pipe,))
    status = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
    return status if status >= 0 else 128 - status


def _watch(pipe: int) -> None:
    os.read(pipe, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    os._exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
