"""What one backup consists of ⇄ its file: the paths, and of each the blocks it is made of.

A manifest bears a digest of itself. What is read is data: a path that would lead out of the folder
that it is restored into is refused, as is anything that is not understood.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, fields
from pathlib import PurePosixPath
from typing import Any

from cairn.core.backup.blocks import NAME, SIZE, Damaged, name_of
from cairn.core.errors import Unavailable

FORMAT = 1
HOME, CONFIG = "home", "config"
"""What the paths in a backup begin with: they go into the home, or to where settings are."""
_END_OF_TIME = 1 << 63
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it was: where, when it had last changed, and the blocks it is made of."""

    path: str
    size: int
    mtime_ns: int
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What a home held, for people."""

    entries: int
    turns: int
    files: int
    passages: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A model's file, which is not in the backup."""

    name: str
    size: int
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class Manifest:
    made: str
    """When, in UTC; also the name of the backup."""
    version: str
    """Of the cairn that made it."""
    home: str
    """The id of the home."""
    index: str
    """The address of an index on another machine, which is not in the backup; else empty."""
    held: Held
    models: tuple[LeftOut, ...]
    files: tuple[Stored, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def blocks(self) -> set[str]:
        return {block for file in self.files for block in file.blocks}


_Row = Manifest | Held | LeftOut | Stored


def file_name(made: str) -> str:
    """Without what some file systems don't allow."""
    return made.replace(":", "-").replace("+00-00", "Z") + ".json"


def written(manifest: Manifest) -> bytes:
    document = {"cairn": "backup", "format": FORMAT, **asdict(manifest)}
    return json.dumps({**document, "digest": _digest(document)}).encode() + b"\n"


def read(data: bytes, where: str) -> Manifest:
    try:
        document = json.loads(data)
        digest = document.pop("digest")
        if document.pop("cairn") != "backup":
            raise ValueError
        format = int(document["format"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged(f"the list of a backup's files is damaged: {where}", "") from error
    if format > FORMAT:
        raise Unavailable(
            f"{where} was written by a newer cairn", "upgrade cairn; nothing was changed"
        )
    if digest != _digest({"cairn": "backup", **document}):
        raise Damaged(f"the list of a backup's files is damaged: {where}", "")
    try:
        return _checked(document)
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{where} lists what no backup of cairn's holds", "") from error


def _digest(document: dict[str, Any]) -> str:
    return name_of(json.dumps(document, sort_keys=True).encode())


def _checked(document: dict[str, Any]) -> Manifest:
    del document["format"]
    document["held"] = Held(**document["held"])
    document["models"] = tuple(LeftOut(**each) for each in document["models"])
    document["files"] = tuple(
        Stored(**{**each, "blocks": tuple(each["blocks"])}) for each in document["files"]
    )
    manifest = Manifest(**document)
    rows: list[_Row] = [manifest, manifest.held, *manifest.models, *manifest.files]
    for row in rows:
        _check_kinds(row)
    if not _TIME.fullmatch(manifest.made) or not all(map(_is_sound, manifest.files)):
        raise ValueError
    return manifest


def _check_kinds(row: _Row) -> None:
    """A name where a number should be would be met much later, and by nobody who expects it."""
    kinds = {"str": str, "int": int}
    for field in fields(row):
        kind = kinds.get(str(field.type))
        if kind and type(getattr(row, field.name)) is not kind:
            raise TypeError


def _is_sound(file: Stored) -> bool:
    pure = PurePosixPath(file.path)
    inside = not pure.is_absolute() and ".." not in pure.parts and "\0" not in file.path
    os.fsencode(file.path)  # a ValueError where it can't be a path
    return (
        inside
        and file.size >= 0
        and len(file.blocks) == -(-file.size // SIZE)
        and abs(file.mtime_ns) < _END_OF_TIME
        and len(pure.parts) > 1
        and pure.parts[0] in (HOME, CONFIG)
        and all(NAME.fullmatch(block) for block in file.blocks)
    )
