"""What reading pieces of a file costs → `Reads`; measured on the model's own disk, and kept.

Asked by the planner before a model is loaded that does not fit. The invariant: measuring takes at
most half a second and reads at most 256 MB, once for a disk and again after a month.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import platform
import random
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from cairn.core.errors import CairnError
from cairn.core.home import write_atomic

READS = "disks.json"
"""In the home's cache."""
READERS = 8
"""Reads at a time, as of a model's weights."""
_SMALL, _LARGE = PIECES = 128 << 10, 1 << 20
"""Bytes of pieces with which a disk is tried out."""
_LONGEST_S = {_SMALL: 0.2, _LARGE: 0.25}
_MOST = {_SMALL: 64 << 20, _LARGE: 160 << 20}
_LEAST_FILE = 64 << 20
_STALE_S = 30 * 86400.0
_PAGE = 4096
_ROOM = READERS * _LARGE
_F_NOCACHE = 48
"""Of macOS: read past the caches."""


@dataclass(frozen=True, slots=True)
class Reads:
    """So much is waited for each piece, and so much for each byte, with several on their way."""

    wait_s: float = 0.0
    rate: float = 0.0
    """Bytes a second; 0 where it was not measured."""
    calm: bool = True
    """Was nobody else at work when they were measured?"""

    def seconds(self, size: float, piece: float) -> float:
        """Of `size` bytes in pieces of so many; 0 where that is not known."""
        if not self.rate or size <= 0:
            return 0.0
        return size / piece * self.wait_s + size / self.rate


UNKNOWN = Reads()


def guess(rate: float) -> Reads:
    """Of a disk of which only the rate is known, in one large read after another."""
    return Reads(_SMALL / rate / 8, rate) if rate else UNKNOWN


def known(kept: Path, place: Path) -> Reads:
    """What was measured of the disk that a file or a folder lies on, if anything was."""
    return _of(_entries(kept).get(_name(place))) or UNKNOWN


def settle(kept: Path, file: Path, now: float = 0.0) -> Reads:
    """Of the disk that `file` lies on; what was measured of it is kept in `kept`."""
    now = now or time.time()
    name, entries = _name(file), _entries(kept)
    old = _of(entries.get(name))
    is_calm = os.getloadavg()[0] < (os.cpu_count() or 1) / 2
    is_fresh = old is not None and 0 <= now - entries[name]["at"] < _STALE_S
    if old and is_fresh and (old.calm or not is_calm):
        return old
    found = measure(file, calm=is_calm)
    if not found.rate:
        return old or found
    with contextlib.suppress(OSError, CairnError):  # a full disk costs only time
        entries[name] = {**asdict(found), "at": now}
        write_atomic(kept, json.dumps(entries) + "\n")
    return found


def measure(file: Path, *, calm: bool = True) -> Reads:
    """Nothing of a file that is too small to tell, or can't be read."""
    try:
        if file.stat().st_size < _LEAST_FILE:
            return UNKNOWN
        rates = {size: rate(file, size) for size in PIECES}
    except OSError:
        return UNKNOWN
    if not all(rates.values()):
        return UNKNOWN
    small, large = (size / rates[size] for size in (_SMALL, _LARGE))
    if large <= small:  # the small ones came from a cache somewhere
        return Reads(0.0, rates[_LARGE], calm)
    # Two measurements that others disturb tell of no disk twice as fast as was seen.
    per_byte = max((large - small) / (_LARGE - _SMALL), large / _LARGE / 2)
    if small <= _SMALL * per_byte:
        return Reads(0.0, rates[_LARGE], calm)
    return Reads(small - _SMALL * per_byte, 1 / per_byte, calm)


def rate(file: Path, size: int) -> float:
    """Bytes a second, in pieces from all over the file, by several readers, into large pages as a
    model's weights are: into small ones a disk gives up to a third less."""
    total = file.stat().st_size
    places = [place * size for place in range(total // size)]
    random.shuffle(places)
    places = places[: _MOST[size] // size]
    done, until = [0] * READERS, 0.0

    def read(number: int, room: memoryview) -> None:
        descriptor = _open(file)
        try:
            for place in places[number::READERS]:
                done[number] += os.preadv(descriptor, [room], place)
                if time.perf_counter() > until:  # after one at least: a disk may stall
                    break
        except OSError:
            done[number] = 0
        finally:
            os.close(descriptor)

    with mmap.mmap(-1, _ROOM) as rooms, memoryview(rooms) as whole:
        if hasattr(mmap, "MADV_HUGEPAGE"):
            with contextlib.suppress(OSError):  # a system without them
                rooms.madvise(mmap.MADV_HUGEPAGE)
        whole[::_PAGE] = bytes(_ROOM // _PAGE)  # what is new is filled now, not by the reads
        parts = [whole[at : at + size] for at in range(0, READERS * size, size)]
        threads = [threading.Thread(target=read, args=each) for each in enumerate(parts)]
        until, started = time.perf_counter() + _LONGEST_S[size], time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        taken = time.perf_counter() - started
        for part in parts:
            part.release()
    return sum(done) / taken


def _open(file: Path) -> int:
    """Past the caches, where that is possible."""
    flags = os.O_RDONLY | os.O_CLOEXEC
    if hasattr(os, "O_DIRECT"):
        with contextlib.suppress(OSError):
            descriptor = os.open(file, flags | os.O_DIRECT)
            try:
                with mmap.mmap(-1, _PAGE) as room:
                    os.preadv(descriptor, [room], 0)
                return descriptor
            except OSError:
                os.close(descriptor)
    descriptor = os.open(file, flags)
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)
    elif sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, _F_NOCACHE, 1)
    return descriptor


def _name(file: Path) -> str:
    """Of the machine and the disk: a home may be copied to another, a disk be exchanged."""
    try:
        device = file.stat().st_dev
        place = os.statvfs(file)
    except OSError:
        return ""
    size = place.f_blocks * place.f_frsize
    return f"{platform.node()} {os.major(device)}:{os.minor(device)} {size}"


def _entries(kept: Path) -> dict[str, dict[str, float]]:
    try:
        entries = json.loads(kept.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}


def _of(entry: dict[str, float] | None) -> Reads | None:
    try:
        if not entry:
            return None
        float(entry["at"])
        found = Reads(float(entry["wait_s"]), float(entry["rate"]), bool(entry["calm"]))
    except (KeyError, TypeError, ValueError):
        return None
    return found if found.rate > 0 and found.wait_s >= 0 else None
