"""A daemon's process and those that it has started → the memory that they take, in bytes.

Shown by Sources. `ps` knows it on every system; 0 where it can't be told.
"""

from __future__ import annotations

import subprocess

_PATIENCE_S = 3.0


def taken(pid: int) -> int:
    try:
        told = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True,
            timeout=_PATIENCE_S, check=True,
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return 0
    return added_up(told, pid)


def added_up(listing: str, pid: int) -> int:
    kilobytes: dict[int, int] = {}
    parents: dict[int, int] = {}
    for line in listing.splitlines():
        fields = line.split()
        if len(fields) == 3 and all(field.isdigit() for field in fields):
            process, parent, size = map(int, fields)
            kilobytes[process], parents[process] = size, parent
    family = {pid}
    while more := {one for one, parent in parents.items() if parent in family} - family:
        family |= more
    return 1024 * sum(kilobytes.get(one, 0) for one in family)
