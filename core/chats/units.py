"""A folder or ZIP → the transcripts in it: files, members of ZIPs, and bundles of files.

Called for imports, whose formats are told by content. Links are not followed; packages of office
programs are ZIPs too and are passed over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.formats import recognise
from cairn.core.chats.source import Transcript
from cairn.core.records import digest

_PACKAGES = ("[Content_Types].xml", "META-INF/", "mimetype")
_MEDIA = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".mov", ".mp3", ".wav",
          ".ogg", ".opus", ".m4a", ".dat")  # fmt: skip
"""Exports hold thousands of these."""
_NUMBERED = re.compile(r"(.*message_)(\d{1,6})\.json")
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
            for child in sorted(path.iterdir(), key=lambda child: _order(child.name)):
                yield from _below(child, top, depth + 1)
    elif path.is_file():
        if not source.names:
            status = path.stat()
            yield Unit(name, source, f"{status.st_size}:{status.st_mtime_ns}")
        elif path != top and recognise(source):
            yield Unit(name, source, _folder_stamp(source))
        elif not any(part.startswith(_PACKAGES) for part in source.names):
            for part in sorted(source.names, key=_order):
                if not part.lower().endswith(_MEDIA):
                    yield Unit(f"{name}!{part}", source.part(part), source.stamp(part))


def _order(name: str) -> tuple[object, ...]:
    """`part 2` before `part 10`; but a messenger's `message_1` is the newest of a thread."""
    newest_first = _NUMBERED.fullmatch(name)
    if newest_first:
        return (newest_first[1], -int(newest_first[2]), "")
    return (re.sub(r"\d+", lambda found: found[0].zfill(12), name), 0, name)


def _folder_stamp(source: Transcript) -> str:
    """Of all that is in it, so that a grown export is read again."""
    return digest(*(f"{name}:{source.stamp(name)}" for name in source.names), size=8)
