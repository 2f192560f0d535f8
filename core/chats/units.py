"""A folder or ZIP → the transcripts in it: files, members of ZIPs, and bundles of files.

Called for imports, whose formats are told by content. Links are not followed; packages of office
programs are ZIPs too and are passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.formats import recognise
from cairn.core.chats.source import Transcript
from cairn.core.records import digest

_PACKAGES = ("[Content_Types].xml", "META-INF/", "mimetype")
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """One transcript inside a larger thing."""

    name: str
    """Of a file its path, and of a member its own behind that."""
    source: Transcript
    stamp: str
    """Tells it from what it was before."""


def units(source: Transcript) -> Iterator[Unit]:
    yield from _below(source.path, source.path, 0)


def _below(path: Path, top: Path, depth: int) -> Iterator[Unit]:
    if path.is_symlink() and path != top:
        return
    source = Transcript(path)
    name = os.path.relpath(path, top)
    if path.is_dir():
        if path != top and recognise(source):
            yield Unit(name, source, _folder_stamp(source))
        elif depth < _DEEPEST:
            for child in sorted(path.iterdir()):
                yield from _below(child, top, depth + 1)
    elif path.is_file():
        if not source.names:
            status = path.stat()
            yield Unit(name, source, f"{status.st_size}:{status.st_mtime_ns}")
        elif path != top and recognise(source):
            yield Unit(name, source, _folder_stamp(source))
        elif not any(part.startswith(_PACKAGES) for part in source.names):
            for part in source.names:
                yield Unit(f"{name}!{part}", source.part(part), source.stamp(part))


def _folder_stamp(source: Transcript) -> str:
    """Of all that is in it, so that a grown export is read again."""
    return digest(*(f"{name}:{source.stamp(name)}" for name in source.names), size=8)
