"""The machine as it is now → `Machine`: free memory, cores, and how fast it reads and computes.

Asked by the planner. What the system, every control group above this process, and a container
allow is looked at each time; speeds are measured once by `measuring.py`, and kept.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cairn.core.models.offload.reads import UNKNOWN, Reads

_MOST_THREADS = 8
_LEAST_RESERVE, _MOST_RESERVE = 256 << 20, 2 << 30
PLENTY = 2
"""Times the reserve: with so much free, who waits for memory does so at a limit of its own, or for
a slow disk; nothing that is given back would help."""
_PRESSED_SHARE = 20.0
"""Per cent of the last ten seconds in which something waited for memory."""
_UNLIMITED = 1 << 60


@dataclass(frozen=True, slots=True)
class Speeds:
    memory: float = 0.0
    """Bytes a second, all threads together; 0 where it was not measured."""
    disk: float = 0.0
    compute: float = 0.0
    """Weights a second that a batch of tokens gets through."""
    calm: bool = True
    """Was nobody else at work when they were measured?"""


@dataclass(frozen=True, slots=True)
class Rate:
    """How long a core takes for a weight of one type, by the kernel that runs it here."""

    kind: str
    alone: float
    """Seconds for one token."""
    together: float
    """For each of many."""


@dataclass(frozen=True, slots=True)
class Machine:
    total: int
    """Bytes of memory that cairn may count on at all."""
    free: int
    """Of them those that nobody needs now."""
    cores: int
    speeds: Speeds = Speeds()
    rates: tuple[Rate, ...] = ()
    """Of types of weights for which it was tried out."""
    reads: Reads = UNKNOWN
    """Of the disk that a model lies on."""

    @property
    def reserve(self) -> int:
        """What stays free for everything else."""
        return min(max(self.total // 16, _LEAST_RESERVE), _MOST_RESERVE, self.total // 8)


def look(speeds: Speeds | None = None, root: Path = Path("/")) -> Machine:
    total, free = _system(root)
    for most, used in _groups(root):
        total, free = min(total, most), min(free, max(0, most - used))
    return Machine(total, free, _cores(), speeds or Speeds())


def is_pressed(root: Path = Path("/")) -> bool:
    """Is memory so short that programs wait for it, or are about to?"""
    machine = look(root=root)
    if machine.free >= PLENTY * machine.reserve:
        return False
    return machine.free < machine.reserve // 2 or stalled(root) > _PRESSED_SHARE


def stalled(root: Path = Path("/")) -> float:
    """Per cent of the last ten seconds in which something waited for memory; 0 if unknown."""
    text = _read(root / "proc/pressure/memory")
    found = re.search(r"^some avg10=([\d.]+)", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), _MOST_THREADS)
    return min(os.cpu_count() or 1, _MOST_THREADS)


def _system(root: Path) -> tuple[int, int]:
    """Total and free bytes of memory; the system may give up caches for those it calls free."""
    text = _read(root / "proc/meminfo")
    known = {
        name: int(number) << 10 for name, number in re.findall(r"^(\w+): +(\d+) kB", text, re.M)
    }
    if "MemTotal" in known:
        free = known.get("MemAvailable", known.get("MemFree", 0) + known.get("Cached", 0))
        return known["MemTotal"], free
    return _mac() if sys.platform == "darwin" else (_UNLIMITED, _UNLIMITED)


def _mac() -> tuple[int, int]:
    total = int(_output("/usr/sbin/sysctl", "-n", "hw.memsize") or _UNLIMITED)
    pages = _output("/usr/bin/vm_stat")
    size = re.search(r"page size of (\d+)", pages)
    if size is None:
        return total, total // 2
    counts = dict(re.findall(r"Pages (free|inactive|speculative|purgeable): +(\d+)", pages))
    return total, min(total, sum(map(int, counts.values())) * int(size[1]))


def _groups(root: Path) -> Iterator[tuple[int, int]]:
    """Limit and use of every control group that this process is in; old and new hierarchies."""
    for line in _read(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, name = rest.partition(":")
        if number == "0" and not controllers:
            base, most, used, still = root / "sys/fs/cgroup", "memory.max", "memory.current", ""
        elif "memory" in controllers.split(","):
            base, still = root / "sys/fs/cgroup/memory", "total_"
            most, used = "memory.limit_in_bytes", "memory.usage_in_bytes"
        else:
            continue
        group = base / name.strip("/")
        while True:
            yield from _group(group, most, used, still)
            if group == base:
                break
            group = group.parent


def _group(group: Path, most: str, used: str, still: str) -> Iterator[tuple[int, int]]:
    limit, use = _read(group / most).strip(), _read(group / used).strip()
    if limit.isdigit() and use.isdigit() and int(limit) < _UNLIMITED:
        stat = _read(group / "memory.stat")
        cached = re.findall(rf"^{still}(?:in)?active_file (\d+)", stat, re.MULTILINE)
        yield int(limit), max(0, int(use) - sum(map(int, cached)))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
