"""A folder or ZIP → the transcripts in it: files, members of ZIPs, and bundles of files.

Called for imports, whose formats are told by content. Links are not followed; packages of office
programs are ZIPs too and are passed over. What can't be looked into is told and passed over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.formats import recognise
from cairn.core.chats.source import Transcript
from cairn.core.chats.troubles import explained

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
    stamp: str = ""
    """Tells it from what it was before."""
    problem: str = ""
    """Why it can't be looked into."""

    @property
    def title(self) -> str:
        """What its user would call it; empty for the whole import."""
        if self.source.member:
            return f"{self.source.member} in {self.source.path.name}"
        return "" if self.name == os.curdir else self.name

    @property
    def is_media(self) -> bool:
        """A file that need not be opened to know that it is no conversation."""
        return self.name.lower().endswith(_MEDIA)


def units(source: Transcript) -> Iterator[Unit]:
    yield from _below(source.path, source.path, 0)


def _below(path: Path, top: Path, depth: int) -> Iterator[Unit]:
    name = os.path.relpath(path, top)
    try:
        if path.is_symlink() and path != top:
            return
        if path.is_dir():
            yield from _in_folder(path, top, depth)
        elif path.is_file():
            yield from _in_file(path, name, is_top=path == top)
    except Exception as error:  # one broken file is not the end of a folder
        yield Unit(name, Transcript(path), problem=explained(error).message)


def _in_folder(path: Path, top: Path, depth: int) -> Iterator[Unit]:
    children = sorted(path.iterdir(), key=lambda child: _order(child.name))
    # Only what has such files is looked at for a bundle, so that a tree is walked through quickly.
    may_be_bundle = path != top and any(child.suffix == ".json" for child in children)
    source = Transcript(path)
    if may_be_bundle and recognise(source.glance()):
        yield Unit(os.path.relpath(path, top), source, source.stamp())
    elif depth < _DEEPEST:
        for child in children:
            yield from _below(child, top, depth + 1)


def _in_file(path: Path, name: str, *, is_top: bool) -> Iterator[Unit]:
    source = Transcript(path)
    if not source.names or (not is_top and recognise(source)):
        yield Unit(name, source, source.stamp())
    elif not any(part.startswith(_PACKAGES) for part in source.names):
        for part in sorted(source.names, key=_order):
            if not part.lower().endswith(_MEDIA):
                member = source.part(part)
                yield Unit(f"{name}!{part}", member, member.stamp())


def _order(name: str) -> tuple[object, ...]:
    """`part 2` before `part 10`; but a messenger's `message_1` is the newest of a thread."""
    newest_first = _NUMBERED.fullmatch(name)
    if newest_first:
        return (newest_first[1], -int(newest_first[2]), "")
    return (re.sub(r"\d+", lambda found: found[0].zfill(12), name), 0, name)
