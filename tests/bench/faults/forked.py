"""The extractor, forked from a process that has all its modules instead of started from nothing,
which takes two seconds of a processor each time. All else is started as ever.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from tempfile import NamedTemporaryFile
from typing import Any

from cairn.core.extract import child

_START: Callable[..., Any] = subprocess.Popen
_MODULE = child.__name__
_TICK_S = 0.002


def warm_up() -> None:
    """Whatever reading a note imports."""
    with NamedTemporaryFile(suffix=".md") as note:
        note.write(b"# Garden\n\nThe garden budget is 400 euros.\n")
        note.flush()
        asked = {"path": os.fsencode(note.name).hex(), "uri": f"file:{note.name}", "entry": ""}
        child._OPERATIONS["read"]({**asked, "max_bytes": 1000})


def start(command: Sequence[str], **how: Any) -> Any:
    """In place of `subprocess.Popen`."""
    if _MODULE not in command:
        return _START(command, **how)
    return Forked(command, how["pass_fds"], how["stderr"], how["env"])


class Forked:
    def __init__(
        self, command: Sequence[str], kept: tuple[int, ...], log: int, env: dict[str, str]
    ) -> None:
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _become(command, kept[0], log, env)

    def poll(self) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(_MODULE, timeout)
            time.sleep(_TICK_S)
        return code

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


def _hurry() -> None:
    """Behind all else on a busy machine, a point would take ten times as long."""


def _become(command: Sequence[str], channel: int, log: int, env: dict[str, str]) -> None:
    """Nothing of the parent's stays open: its lock and its end of the channel are its own."""
    try:
        os.dup2(log, 2)
        kept = os.dup2(channel, 3)
        os.closerange(4, os.sysconf("SC_OPEN_MAX"))
        os.environ.update(env)
        sys.argv = [_MODULE, str(kept), *command[5:]]
        child.stand_back = _hurry
        child.main()
    finally:
        os._exit(1)
