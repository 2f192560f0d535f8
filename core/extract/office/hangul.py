"""A Hangul document (.hwp 5) → its paragraphs.

Called by `legacy.py`. Sections are deflated streams of records; only the paragraphs' text is read,
a table's cells being paragraphs too.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from cairn.core.errors import ExtractError
from cairn.core.extract.office.ole import Container
from cairn.core.extract.package import locked
from cairn.core.extract.pieces import Pieces

_SECTION_BYTES = 128 << 20
_TEXT = 67
_ONE_LONG = frozenset((0, 10, 13, *range(24, 32)))  # other control characters take eight
_SHOWN = {10: "\n", 9: "\t", 24: "-", 30: "\xa0", 31: " "}


def write_hangul(pieces: Pieces, container: Container) -> None:
    head = container.read("FileHeader")
    flags = struct.unpack_from("<I", head, 36)[0] if len(head) >= 40 else 0
    if flags & 2:
        raise locked()
    for number in range(len(container.names())):
        data = container.read(f"BodyText/Section{number}")
        if not data:
            break
        for text in _texts(_inflate(data) if flags & 1 else data):
            pieces.paragraph(text)


def _inflate(data: bytes) -> bytes:
    try:
        found = zlib.decompressobj(-15).decompress(data, _SECTION_BYTES + 1)
    except zlib.error:
        raise ExtractError("broken", "it is damaged: a part of it can't be unpacked") from None
    if len(found) > _SECTION_BYTES:
        raise ExtractError("too-large", "it unpacks to more than can be read", skipped=True)
    return found


def _texts(data: bytes) -> Iterator[str]:
    at = 0
    while at + 4 <= len(data):
        head = struct.unpack_from("<I", data, at)[0]
        size, at = head >> 20, at + 4
        if size == 0xFFF and at + 4 <= len(data):
            size, at = struct.unpack_from("<I", data, at)[0], at + 4
        if head & 0x3FF == _TEXT:
            yield _plain(data[at : min(at + size, len(data))])
        at += size


def _plain(data: bytes) -> str:
    codes = struct.unpack_from(f"<{len(data) // 2}H", data)
    kept: list[int] = []
    at = 0
    while at < len(codes):
        code = codes[at]
        if code >= 32:
            kept.append(code)
        elif code in _SHOWN:
            kept.append(ord(_SHOWN[code]))
        at += 1 if code >= 32 or code in _ONE_LONG else 8
    return struct.pack(f"<{len(kept)}H", *kept).decode("utf-16-le", "replace")
