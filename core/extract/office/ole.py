"""An old Office file's container → its streams and its properties.

Called by the readers of .doc, .ppt, .xls and .hwp files. olefile parses it; what it raises on a
damaged container is one clear error here.
"""

from __future__ import annotations

import io
import logging
from datetime import datetime
from typing import Any

from cairn.core.errors import ExtractError
from cairn.core.extract.package import title_of
from cairn.core.extract.pieces import NOTHING, Properties
from cairn.core.extract.source import clip, decode_declared

_MOST_BYTES = 128 << 20


class Container:
    def __init__(self, data: bytes) -> None:
        import olefile

        logging.getLogger("olefile").setLevel(logging.CRITICAL)
        try:
            self._file = olefile.OleFileIO(io.BytesIO(data))
            self._names = {"/".join(path).lower(): path for path in self._file.listdir()}
        except Exception:  # olefile raises whatever the damage leads to
            raise ExtractError("broken", "it is damaged: its container can't be opened") from None

    def names(self) -> list[str]:
        return sorted(self._names)

    def read(self, name: str) -> bytes:
        """A stream's bytes, as many as are there; b"" when there is none of that name."""
        path = self._names.get(name.lower())
        if path is None:
            return b""
        try:
            return bytes(self._file.openstream(path).read(_MOST_BYTES))
        except Exception:
            raise ExtractError("broken", "it is damaged: a part of it can't be read") from None

    def properties(self) -> Properties:
        try:
            found: Any = self._file.get_metadata()
            title, who = _text(found.title, found.codepage), _text(found.author, found.codepage)
            moment = found.create_time
            known = isinstance(moment, datetime) and moment.year > 1980
            return Properties(title_of(title), clip(who), moment.isoformat() if known else "")
        except Exception:
            return NOTHING


def _text(value: object, codepage: object) -> str:
    if not isinstance(value, bytes):
        return ""
    number = codepage if isinstance(codepage, int) else 1252
    name = "utf-8" if number % 65536 == 65001 else f"cp{number % 65536}"
    return (decode_declared(value, name) or value.decode("cp1252", "replace")).strip("\0 ")
