"""Files of a table that the disk took only in part.

LanceDB's writer learns that a write has failed with the next one, so that the last of a file can be
missing and be committed all the same. Every kind of file ends with letters of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_ENDS = {".lance": b"LANC", ".arrow": b"ARROW1"}
_WRITTEN = ("data", "_deletions")
_INDICES = "_indices"


class Files:
    """Of one table; those on another machine are not looked at."""

    def __init__(self, uri: str, name: str) -> None:
        self._folder = None if "://" in uri else Path(uri) / f"{name}.lance"
        self._seen = set(self._written())

    def broken(self) -> list[str]:
        """Those of the latest writes that are not whole."""
        there = set(self._written())
        new, self._seen = there - self._seen, there
        return sorted(path for path in new if not _is_whole(path))

    def has_index(self, uuid: str) -> bool:
        """Is all of it there, as far as can be seen?"""
        if self._folder is None:
            return True
        return all(map(_is_whole, _in(self._folder / _INDICES / uuid)))

    def _written(self) -> Iterator[str]:
        for name in _WRITTEN if self._folder else ():
            yield from _in(self._folder / name)  # type: ignore[operator]


def _in(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from (each.path for each in entries)
    except FileNotFoundError:
        return


def _is_whole(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            end = _ENDS.get(os.path.splitext(path)[1], b"")
            file.seek(max(0, size - len(end)))
            return size > 0 and file.read() == end if end else size > 0
    except FileNotFoundError:  # tidied away
        return True
