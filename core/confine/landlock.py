"""Lists of folders and files → Landlock rules in the kernel: what else there is can't be opened.

What a rule names is found by its inode, so a folder that is removed and made anew has to be named
anew, in a new process. Rights that only newer kernels know are limited where they are known.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import stat
import struct
import sys
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_TELL_VERSION = 1
_BENEATH = 1
_NO_NEW_PRIVILEGES = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1, 2, 4, 8
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_FIRST = (1 << 13) - 1
"""All rights of the first version: the four above, and to remove and make each kind of file."""
_DEVICES_AND_SOCKETS = 1 << 6 | 1 << 9 | 1 << 11
"""To make character devices, sockets and block devices."""
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_TCP = 0b11
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2


def version() -> int:
    """Of what the kernel offers; 0 for nothing."""
    if sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"):
        return 0
    return max(0, int(_call(_CREATE, None, 0, _TELL_VERSION)))


def restrict(readable: Iterable[str], writable: Iterable[str], programs: Iterable[str]) -> bool:
    """Whether only these can be opened from now on. What does not exist is passed over."""
    known = version()
    if not known:
        return False
    handled = _FIRST | (_REFER if known >= 2 else 0) | (_TRUNCATE if known >= 3 else 0)
    fields = [handled, _TCP if known >= 4 else 0, _ABSTRACT_SOCKETS | _SIGNALS if known >= 6 else 0]
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    rules = int(_call(_CREATE, struct.pack("=QQQ", *fields)[:size], size, 0))
    if rules < 0:
        return False
    try:
        for paths, rights in (
            (readable, _READ_FILE | _READ_FOLDER),
            (writable, handled & ~_EXECUTE & ~_DEVICES_AND_SOCKETS),
            (programs, _EXECUTE | _READ_FILE | _READ_FOLDER),
        ):
            for path in dict.fromkeys(paths):
                _allow(rules, path, rights & handled)
        libc = ctypes.CDLL(None, use_errno=True)
        return libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 and _call(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    with contextlib.suppress(OSError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(place).st_mode):
                rights &= _OF_FILES
            _call(_ADD, rules, _BENEATH, struct.pack("=Qi", rights, place), 0)
        finally:
            os.close(place)


def _call(number: int, *arguments: int | bytes | None) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(number, *arguments))
