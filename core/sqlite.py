"""SQLite's errors → what is wrong and what to do about it, in words for the user."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cairn.core.errors import Unavailable


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """`path` is the journal that is worked on inside."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _unavailable(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise Unavailable(
            f"the journal {path} is damaged: {error}",
            "`cairn doctor --repair` saves what can be read of it; where that is nothing, "
            "`cairn restore --replace FOLDER` brings a backup back",
        ) from error


def _unavailable(path: Path, reason: str) -> Unavailable:
    if "full" in reason or ("disk I/O" in reason and _is_full(path)):
        return Unavailable(
            f"the disk of {path} is full", "free some space; nothing accepted so far is lost"
        )
    if "locked" in reason:
        return Unavailable(f"{path} is locked by another program", "close it and try again")
    return Unavailable(
        f"the journal {path} can't be used: {reason}", "`cairn doctor` shows what is wrong"
    )


def _is_full(path: Path) -> bool:
    """SQLite says "disk I/O error" when it can't make its shared-memory file."""
    status = os.statvfs(path.parent)
    return status.f_bavail * status.f_frsize < 1 << 20
