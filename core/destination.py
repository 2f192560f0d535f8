"""A folder that somebody names for a copy of the memory: may one be written there?

Asked by exports and backups before anything is written. A copy must not become a part of what it is
a copy of, whatever links lead there, nor lie where a disk should have been.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from cairn.core.errors import ConfigError
from cairn.core.uris import uri_path


def check_destination(folder: Path, home: Path, watched: Iterable[str] = ()) -> None:
    """Raises ConfigError; whether something lies in the folder is for whoever writes."""
    refuse_dead_link(folder)
    real = Path(os.path.realpath(folder))
    there = next(each for each in (real, *real.parents) if os.path.lexists(each))
    if not there.is_dir():
        raise ConfigError(f"{there} is not a folder", "name a new folder")
    if real.is_relative_to(os.path.realpath(home)):
        raise ConfigError(
            f"{folder} is inside cairn's own home", "name a folder elsewhere, best on another disk"
        )
    for root in map(uri_path, watched):
        if real.is_relative_to(os.path.realpath(root)):
            raise ConfigError(
                f"{folder} is in {root}, which cairn reads", "name a folder outside of it"
            )


def refuse_dead_link(folder: Path) -> None:
    for each in (folder, *folder.parents):
        if os.path.islink(each) and not os.path.exists(each):
            raise ConfigError(
                f"{each} is a link that leads nowhere",
                "mount the disk that it leads to, or name another folder",
            )
