"""`shim.c`, made into a library, and its switches within a process that was started with it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from enum import IntEnum
from pathlib import Path


class How(IntEnum):
    """What happens at the chosen call, as the shim numbers it."""

    COUNT = 0
    KILL = 1
    """The process dies before it."""
    TEAR = 2
    """It dies half way through a write, or right after any other call."""
    FULL = 3
    """From then on there is no room on the disk."""
    BROKEN = 4
    """This one fails: the disk is faulty."""
    SHORT = 5
    """From then on writes take half of what they are given."""
    UNREADABLE = 6
    """This one of the calls that read fails."""
    BEHIND = 7
    """From then on the clock is a year behind."""
    AHEAD = 8
    """It is a year ahead, and put back before the home is looked at."""


def is_possible() -> bool:
    return sys.platform == "linux" and _compiler() is not None


def build(folder: Path) -> Path:
    made = folder / "shim.so"
    source = Path(__file__).with_name("shim.c")
    command = [_compiler() or "cc", "-shared", "-fPIC", "-O1", "-o", str(made), str(source)]
    subprocess.run(command, check=True)
    return made


def _compiler() -> str | None:
    return next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


class Shim:
    """That of this very process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(os.environ["LD_PRELOAD"])
        self._library.fault_writes.restype = self._library.fault_reads.restype = ctypes.c_long

    def arm(self, folder: Path, how: How, number: int) -> None:
        place = os.fsencode(f"{folder}/")
        self._library.fault_arm(place, ctypes.c_int(how), ctypes.c_long(number))

    def disarm(self) -> None:
        self._library.fault_disarm()

    def counted(self) -> tuple[int, int]:
        """Calls that changed something since it was armed, and calls that read."""
        return self._library.fault_writes(), self._library.fault_reads()
