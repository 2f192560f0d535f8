"""How much room the index takes on the disk, and how much of that is in use.

Asked by `cairn doctor`. Each write of the library makes a version; what only older versions hold is
dead until they are tidied away. An index on another machine is told by what is in use alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cairn.core.home import size_of
from cairn.core.index.trouble import translated


@dataclass(frozen=True, slots=True)
class Room:
    taken: int
    """Bytes on the disk; 0 where they can't be seen from here."""
    used: int
    versions: int


def room(uri: str, name: str) -> Room:
    import lancedb

    with translated(uri):
        table = lancedb.connect(uri).open_table(name)
        used = int(table.stats()["total_bytes"])
        versions = len(table.list_versions())
    taken = 0 if "://" in uri else size_of(Path(uri) / f"{name}.lance")
    return Room(taken, used, versions)
