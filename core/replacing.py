"""A whole new home → in the place of the one that was there, which is kept beside it.

The last step of restoring. Nothing can be lost wherever it stops: the two change places at once,
and the one that was there lies under its final name from that moment, which nobody tidies away.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from cairn.core.backup.blocks import sync_folder

_EXCHANGE, _AT_CWD = 2, -100


def put_in_place(fresh: Path, home: Path) -> Path | None:
    """Where the home that was there lies now. If it fails, everything is where it was."""
    if not home.exists():
        fresh.rename(home)
        sync_folder(home.parent)
        return None
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    aside = home.with_name(f"{home.name}.before-{stamp}-{secrets.token_hex(3)}")
    fresh.rename(aside)  # not exchanged where it was: that folder is about to be deleted
    if not _exchange(aside, home):
        aside.rename(fresh)
        home.rename(aside)
        try:
            fresh.rename(home)
        except OSError:
            aside.rename(home)
            raise
    sync_folder(home.parent)
    return aside


def _exchange(one: Path, other: Path) -> bool:
    """Both names at once, where the system can do that."""
    with contextlib.suppress(OSError, AttributeError):
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        names = os.fsencode(one), os.fsencode(other)
        return bool(rename(_AT_CWD, names[0], _AT_CWD, names[1], _EXCHANGE) == 0)
    return False


def keep_models(aside: Path, home: Path) -> tuple[str, ...]:
    """Models are in no backup; those that are on this disk are used on. Which could not be taken
    along."""
    mine, theirs = home / "models", aside / "models"
    if theirs.is_symlink() and theirs.is_dir():  # they lie elsewhere, and are used from there
        with contextlib.suppress(OSError):
            shutil.rmtree(mine, ignore_errors=True)
            mine.symlink_to(os.readlink(theirs))
        return ()
    left = []
    for path in sorted(theirs.glob("*")):
        if not (mine / path.name).exists():
            try:
                path.rename(mine / path.name)
            except OSError:  # such as of a disk that is mounted there
                left.append(path.name)
    return tuple(left)
