"""The engine's side of extraction: a path → chunks, by way of the disposable extractor process."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cairn.core.chats.turn import Batch, State
from cairn.core.config import Limits
from cairn.core.errors import ExtractError
from cairn.core.extract.card import card
from cairn.core.home import Home
from cairn.core.process import Child, TooSlow
from cairn.core.records import Chunk, Span

READABLE = "CAIRN_READABLE"
"""The variable that names, in hexadecimal, what the extractor may open besides the system's files.
Not its arguments, which everybody can see."""
_MOST_NAMED = 100_000
"""Characters: the system allows some more in one variable."""
_BESIDE = ("-wal", "-shm", "-journal")
"""What a database keeps beside itself."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one file gave."""

    chunks: tuple[Chunk, ...]
    note: str = ""
    language: str = ""
    redacted: tuple[tuple[str, int], ...] = ()
    """Kinds of secrets that were left out, and how many of each."""


class Reading:
    def __init__(
        self, limits: Limits, home: Home, name: str = "extractor",
        roots: Callable[[], Sequence[Path]] = tuple,
    ) -> None:  # fmt: skip
        """Each has a `name` of its own: files for other programs lie in a folder so called.

        The process may open what is below `roots`, which may change, and what it is asked for.
        """
        self._limits = limits
        self._roots = roots
        self._others: tuple[Path, ...] = ()
        """What it was asked for that lies elsewhere."""
        self._lock = threading.Lock()
        self._home, self._tree = home.path, home.tree
        self._child = Child(
            "cairn.core.extract.child", home.logs / "extractor.log", scratch=home.run / name
        )
        self.spent_s = 0.0
        """Processor time that reading has taken so far."""

    @property
    def pid(self) -> int | None:
        return self._child.pid

    @property
    def room(self) -> int:
        """Bytes that are free where what is read is kept."""
        return shutil.disk_usage(self._home).free

    def read(self, path: Path, uri: str, deadline_s: float = 0) -> Read:
        """Raises ExtractError for the file's own trouble; a crash or hang raises as it is."""
        request = {
            "op": "read",
            "path": _hex(path),
            "uri": uri,
            "entry": _hex(self._tree) if path.is_relative_to(self._tree) else "",
            "max_bytes": int(self._limits.max_file_mb * 1_000_000),
        }
        return _read(self._ask(request, (path,), deadline_s))

    def take(self, path: Path, kind: str, state: State, me: Sequence[str], *, go_on: bool) -> Batch:
        """The next turns of a transcript; the first ones from `state` unless it is to `go_on`."""
        request = {
            "op": "take", "path": _hex(path), "kind": kind, "state": state, "me": list(me),
            "go_on": go_on,
        }  # fmt: skip
        reply = self._ask(request, (path,))
        return Batch(**{name: reply[name] for name in Batch.__slots__})

    def compose(self, request: dict[str, Any]) -> Read:
        """The passages of a part of a conversation; see `chats.document`."""
        return _read(self._ask({"op": "compose", **request}))

    def glance(self, files: Sequence[tuple[Path, str, int]]) -> list[Chunk]:
        """What can be told at once of files: path, address and size of each."""
        named = [(_hex(path), uri, size) for path, uri, size in files]
        request = {"op": "glance", "files": named, "tree": _hex(self._tree)}
        paths = [path for path, _, _ in files]
        return [_chunk(fields) for fields in self._ask(request, paths)["chunks"]]

    def card(self, path: Path, uri: str, size: int) -> Chunk:
        """What its name tells of a file that is not looked into."""
        return card(path, uri, size, tree=self._tree if path.is_relative_to(self._tree) else None)

    def _ask(
        self, request: dict[str, Any], paths: Sequence[Path] = (), deadline_s: float = 0
    ) -> dict[str, Any]:
        limit_s = min(deadline_s or self._limits.extract_s, self._limits.extract_s)
        # It answers one by one, and may be replaced only in between.
        if not self._lock.acquire(timeout=deadline_s or -1):
            raise TooSlow(f"another file took more than {deadline_s:g} seconds")
        try:
            self._let_in(paths)
            reply = self._child.request(request, deadline_s=limit_s, patient=not deadline_s).header
        finally:
            self._lock.release()
        self.spent_s += reply["cpu_s"]
        if "code" in reply:
            raise ExtractError(reply["code"], reply["message"], skipped=reply["skipped"])
        return reply

    def _let_in(self, paths: Sequence[Path]) -> None:
        """Let the process open these: a new one, where the one that runs may not.

        What a root is called may be another folder by now, which the kernel tells apart.
        """
        if not paths:
            return
        roots = (self._tree, *self._roots())
        within = tuple(os.path.join(root, "") for root in (*roots, *self._others))
        told = {*roots, *self._others}
        others = [p for p in paths if not os.fspath(p).startswith(within) and p not in told]
        if others:
            self._others = tuple(others)
        places = (*roots, *self._others)
        named = _named(places)
        if len(named) > _MOST_NAMED:  # more than fits: only where these lie
            named = _named([each for each in places if any(p.is_relative_to(each) for p in paths)])
        self._child.give(READABLE, named)

    def close(self) -> None:
        self._child.close()


def _read(reply: dict[str, Any]) -> Read:
    chunks = tuple(_chunk(fields) for fields in reply["chunks"])
    redacted = tuple(sorted(reply["redacted"].items()))
    return Read(chunks, reply["note"], reply["language"], redacted)


def _named(places: Sequence[Path]) -> str:
    """Those that exist, with what the kernel knows them by; a file with what is kept beside it."""
    told = []
    for place in places:
        for each in (place, *(Path(f"{place}{mark}") for mark in _BESIDE)):
            with contextlib.suppress(OSError):
                found = each.stat()
                told.append(f"{_hex(each)}:{found.st_dev}:{found.st_ino}")
    return " ".join(told)


def _hex(path: Path) -> str:
    return os.fsencode(path).hex()


def _chunk(fields: dict[str, Any]) -> Chunk:
    span = Span(**fields.pop("span"))
    heading = tuple(fields.pop("heading"))
    places = tuple((offset, number) for offset, number in fields.pop("places"))
    return Chunk(span=span, heading=heading, places=places, **fields)
