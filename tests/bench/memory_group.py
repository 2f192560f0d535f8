"""A group of processes that may use so much memory and no more: cgroups, of either version."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_FIRST, _SECOND = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Group:
    folder: Path
    limit_name: str
    peak_name: str

    def limit(self, size: int) -> None:
        (self.folder / self.limit_name).write_text(str(size))

    def enter(self) -> None:
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def peak(self) -> int:
        return int((self.folder / self.peak_name).read_text())


@contextmanager
def group() -> Iterator[Group | None]:
    """None where no such group can be made."""
    name = f"cairn-bench-{os.getpid()}"
    if (_FIRST / "memory.limit_in_bytes").exists():
        made = Group(_FIRST / name, "memory.limit_in_bytes", "memory.max_usage_in_bytes")
    else:
        made = Group(_SECOND / name, "memory.max", "memory.peak")
    try:
        made.folder.mkdir()
        made.limit(1 << 40)
    except OSError:
        with contextlib.suppress(OSError):
            made.folder.rmdir()
        yield None
        return
    try:
        yield made
    finally:
        for _ in range(_TRIES):  # the last process may be leaving still
            with contextlib.suppress(OSError):
                made.folder.rmdir()
                break
            time.sleep(0.1)


def forget(file: Path) -> None:
    """Nothing of it stays in the system's cache."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
