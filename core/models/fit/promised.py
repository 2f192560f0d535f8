"""What models that run already were promised, so that the next plan leaves it to them.

Used by the planner, in a model's process. Each that runs has a file in a folder of the home, held
by a lock as long as its process lives; who plans and loads does so alone. Without a folder, or
where it can't be written to, nothing is known of others.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TURN = "turn"
_ENDING = ".bytes"


class Promised:
    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._mine = -1
        """Held until this process ends, whatever ends it."""

    @contextmanager
    def turn(self) -> Iterator[int]:
        """While nobody else plans: bytes that others may still take, and are not seen in use."""
        turn = self._wait()
        try:
            yield self._open()
        finally:
            if turn >= 0:
                os.close(turn)

    def note(self, own: int) -> None:
        """This process may have so many bytes to itself; weights, which are shared, apart."""
        if self._folder is None or self._mine >= 0:
            return
        with contextlib.suppress(OSError):
            path = self._folder / f"{os.getpid()}{_ENDING}"
            mine = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.write(mine, str(own).encode())
            self._mine = mine

    def _wait(self) -> int:
        if self._folder is None:
            return -1
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            turn = os.open(self._folder / _TURN, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(turn, fcntl.LOCK_EX)
        except OSError:
            return -1
        return turn

    def _open(self) -> int:
        if self._folder is None:
            return 0
        return sum(map(_untaken, self._folder.glob(f"*{_ENDING}")))


def _untaken(path: Path) -> int:
    """Of what the process was promised; nothing if it is no more, and its file goes."""
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return max(0, int(file.read()) - _taken(int(path.stem)))
        path.unlink()
    except (OSError, ValueError):
        pass
    return 0


def _taken(pid: int) -> int:
    """Bytes that a process has to itself; where that can't be seen, all that it may have."""
    try:
        text = Path(f"/proc/{pid}/status").read_text("utf-8", errors="replace")
    except OSError:
        return 1 << 62
    found = re.search(r"^RssAnon:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) << 10 if found else 1 << 62
