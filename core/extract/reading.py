"""The engine's side of extraction: a path → chunks, by way of the disposable extractor process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cairn.core.config import Limits
from cairn.core.errors import ExtractError
from cairn.core.process import Child
from cairn.core.records import Chunk, Span


@dataclass(frozen=True, slots=True)
class Read:
    """What one file gave."""

    chunks: tuple[Chunk, ...]
    note: str


class Reading:
    def __init__(self, limits: Limits, logs: Path, tree: Path) -> None:
        self._limits = limits
        self._tree = tree
        self._child = Child("cairn.core.extract.child", logs / "extractor.log")

    @property
    def pid(self) -> int | None:
        return self._child.pid

    def read(self, path: Path, uri: str) -> Read:
        """Raises ExtractError for the file's own trouble; a crash or hang raises as it is."""
        request = {
            "op": "read",
            "path": os.fsencode(path).hex(),
            "uri": uri,
            "entry": path.is_relative_to(self._tree),
            "max_bytes": int(self._limits.max_file_mb * 1_000_000),
        }
        reply = self._child.request(request, deadline_s=self._limits.extract_s, patient=True).header
        if "code" in reply:
            raise ExtractError(reply["code"], reply["message"], skipped=reply["skipped"])
        return Read(tuple(_chunk(fields) for fields in reply["chunks"]), reply["note"])

    def close(self) -> None:
        self._child.close()


def _chunk(fields: dict[str, Any]) -> Chunk:
    span = Span(**fields.pop("span"))
    heading = tuple(fields.pop("heading"))
    places = tuple((offset, number) for offset, number in fields.pop("places"))
    return Chunk(span=span, heading=heading, places=places, **fields)
