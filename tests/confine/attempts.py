"""A process that confines itself as cairn's own do, then tries what it must not be able to.

`python -m tests.confine.attempts KIND FOLDER`; prints what came of each attempt as JSON. FOLDER has
`watched/note.md`, `scratch/`, `.ssh/id_ed25519` and `m.gguf`.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import platform
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from cairn.core.confine import PROGRAMS, confine, landlock
from cairn.core.extract import child, reading
from cairn.core.models import serving
from cairn.core.process import SCRATCH

_PTRACE = {"x86_64": 101, "aarch64": 117}
_IO_URING = 425
_BEFORE_SIGNALS = 5
_F_SETOWN_EX = 15
_FIOSETOWN, _SIOCSPGRP = 0x8901, 0x8902


def main(kind: str, folder: Path) -> None:
    # Later kernels have Landlock keep signals in; what holds on those before is tried here.
    offered = landlock.version()
    landlock.version = lambda: min(offered, _BEFORE_SIGNALS)
    held, channel = socket.socketpair()  # as `Child` gives it
    _confine(kind, folder, channel.fileno())
    attempts = _attempts(folder, channel)
    if kind != "programs":  # which may, and would be gone then
        attempts["become a shell"] = _become_a_shell
    json.dump({name: _tried(attempt) for name, attempt in attempts.items()}, sys.stdout)
    sys.stdout.flush()
    held.close()
    channel.close()


def _confine(kind: str, folder: Path, channel: int) -> None:
    if kind == "parsers":
        os.environ[SCRATCH] = str(folder / "scratch")
        os.environ[reading.READABLE] = os.fsencode(folder / "watched").hex()
        child._confine(channel)
    elif kind == "models":
        serving.confine_to(folder / "m.gguf", [folder / "scratch"])
    else:
        confine(PROGRAMS, [], [folder / "scratch"])


def _attempts(folder: Path, channel: socket.socket) -> dict[str, Callable[[], object]]:
    user, parent = Path.home(), os.getppid()
    pipe, nice = os.pipe()[0], os.getpriority(os.PRIO_PROCESS, parent)
    return {
        "internet": lambda: socket.socket(socket.AF_INET).close(),
        "local socket": lambda: socket.socket(socket.AF_UNIX).close(),
        "shell": lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "exit 0"], {}),
        "fork": _fork,
        "signal to the parent": lambda: os.kill(parent, 0),
        "signals of a pipe to the parent": lambda: fcntl.fcntl(pipe, fcntl.F_SETOWN, parent),
        "the same as a group": lambda: fcntl.fcntl(
            pipe, _F_SETOWN_EX, struct.pack("ii", 1, parent)
        ),
        "another signal of a pipe": lambda: fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL),
        "signals of a socket": lambda: fcntl.ioctl(channel, _FIOSETOWN, struct.pack("i", parent)),
        "the same by its other name": lambda: fcntl.ioctl(
            channel, _SIOCSPGRP, struct.pack("i", parent)
        ),
        "slow the parent": lambda: os.setpriority(os.PRIO_PROCESS, parent, nice),
        "move the parent": lambda: os.sched_setaffinity(parent, range(os.cpu_count() or 1)),
        "look into the parent": lambda: Path(f"/proc/{parent}/environ").read_bytes(),
        "trace": lambda: _call(_PTRACE[platform.machine()], 16, parent, 0, 0),
        "io_uring": lambda: _call(_IO_URING, 1, None),
        "the key": lambda: (user / ".ssh" / "id_ed25519").read_text(),
        "write to the home": lambda: (user / ".bashrc").write_text("x"),
        "write to what is watched": lambda: (folder / "watched" / "note.md").write_text("x"),
        "rename what is watched": lambda: (folder / "watched" / "note.md").rename(
            folder / "scratch" / "note.md"
        ),
        "rights of what is watched": lambda: os.chmod(folder / "watched" / "note.md", 0o777),
        "read what is watched": lambda: (folder / "watched" / "note.md").read_text(),
        "read the model": lambda: (folder / "m.gguf").read_bytes(),
        "write to scratch": lambda: (folder / "scratch" / "x").write_text("x"),
        "a thread": _run_thread,
    }


def _tried(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OSError as error:
        return type(error).__name__ if error.errno != 38 else "NotThere"
    return "done"


def _fork() -> None:
    if not os.fork():
        os._exit(0)


def _become_a_shell() -> None:
    os.execv("/bin/sh", ["sh", "-c", "echo '{}'"])


def _run_thread() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


def _call(number: int, *arguments: int | None) -> None:
    if ctypes.CDLL(None, use_errno=True).syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
