"""This process, which is about to read what a stranger made → one that can do little but read it.

Called once, before there are threads, by the processes that hold parsers and models. System calls
are limited by seccomp, files by Landlock; whoever takes such a process over finds no network, no
program to start, and nothing to write to but its own folders. What the kernel does not offer is
left out, and `doctor` says so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from cairn.core.confine import landlock, seccomp
from cairn.core.confine.calls import MODELS, PARSERS, PROGRAMS

__all__ = ["MODELS", "PARSERS", "PROGRAMS", "SYSTEM", "Held", "confine", "offered"]

SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/sbin", "/opt", "/nix/store", "/snap", "/sys", "/proc/self",
    "/proc/cpuinfo", "/proc/meminfo", "/proc/loadavg", "/proc/stat", "/proc/sys", "/proc/pressure",
    "/proc/filesystems", "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random",
    "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/libreoffice", "/etc/passwd",
    "/etc/nsswitch.conf", "/etc/alternatives", "/etc/papersize", "/etc/catdocrc",
)  # fmt: skip
"""Programs, libraries and what they need to know: nothing in it is a person's own."""
_WITH_PROGRAMS = 8
"""The first of them."""
_DEVICES = ("/dev/null", "/dev/zero")
_EVERYTHING = ("/",)


@dataclass(frozen=True, slots=True)
class Held:
    """What limits a process."""

    calls: bool
    """Only the system calls that it needs."""
    files: bool
    """Only the files that it needs."""


def offered() -> Held:
    """What this kernel can do."""
    return Held(seccomp.is_offered(), landlock.version() > 0)


def confine(kind: str, readable: Collection[Path] | None, writable: Sequence[Path] = ()) -> Held:
    """From now on, and for good. `readable` adds to the system's own files; None is everything."""
    if sys.platform != "linux":
        return Held(calls=False, files=False)
    read = _EVERYTHING if readable is None else (*SYSTEM, *_own_code(), *map(os.fspath, readable))
    files = landlock.restrict(
        read, (*_DEVICES, *map(os.fspath, writable)), _programs() if kind == PROGRAMS else ()
    )
    return Held(seccomp.restrict(kind), files)


def _own_code() -> tuple[str, ...]:
    """Where Python looks for modules, wherever it and cairn are installed."""
    import cairn

    folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, *filter(None, sys.path)}
    ours = [os.path.dirname(os.path.dirname(os.path.dirname(__file__))), *cairn.__path__]
    return (*folders, *ours)


def _programs() -> tuple[str, ...]:
    """Where there are programs to start."""
    return (*SYSTEM[:_WITH_PROGRAMS], sys.prefix, sys.base_prefix, *os.get_exec_path())
