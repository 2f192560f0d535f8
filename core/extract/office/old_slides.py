"""The records of an old presentation (.ppt) → the texts of its slides, in order.

Called by `legacy.py`. A slide's text lies partly in the document's outline and partly in its own
drawing; the persist directory says where each slide is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from cairn.core.extract.office.ole import Container
from cairn.core.extract.pieces import Pieces

_SLIDE = 1006
_SLIDE_LIST = 4080
_SLIDE_PERSIST = 1011
_HEADER, _WIDE, _NARROW = 3999, 4000, 4008
_DIRECTORY = 6002
_TITLES = (0, 6)
_BREAKS = {0x0B: "\n", 0x0D: "\n", 0x2028: "\n"}
_MOST_RECORDS = 2_000_000
_MOST_SLIDES = 5_000


@dataclass(slots=True)
class _Slide:
    offset: int | None
    texts: list[tuple[int, str]] = field(default_factory=list)
    """Each with the kind of its placeholder."""


def write_old_slides(pieces: Pieces, container: Container) -> None:
    data = container.read("PowerPoint Document")
    slides, alone = _outline(data)
    if not slides:
        slides = [_Slide(offset) for offset in alone]
    for number, slide in enumerate(slides[:_MOST_SLIDES], 1):
        pieces.at(number)
        pieces.leave()
        own = [] if slide.offset is None else list(_texts(data, slide.offset))
        _write(pieces, [*slide.texts, *own])


def _write(pieces: Pieces, texts: list[tuple[int, str]]) -> None:
    title = next((text for kind, text in texts if kind in _TITLES and text.strip()), "")
    if title:
        pieces.heading(1, title)
    seen = {title}
    for _, text in texts:
        if text not in seen:
            seen.add(text)
            for line in text.split("\n"):
                pieces.paragraph(line)


def _records(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Every record's kind, instance, start and end; containers first, then what is in them."""
    for _ in range(_MOST_RECORDS):
        if at + 8 > end:
            return
        flags, kind, size = struct.unpack_from("<HHI", data, at)
        at += 8
        yield kind, flags >> 4, at, min(at + size, end)
        if flags & 15 != 15:
            at += size


def _outline(data: bytes) -> tuple[list[_Slide], list[int]]:
    """The slides in order with their outline's texts, and where all slides are."""
    found: list[tuple[int, _Slide]] = []
    offsets: dict[int, int] = {}
    alone: list[int] = []
    until, kind_of = 0, 0
    for kind, instance, start, end in _records(data, 0, len(data)):
        if kind == _SLIDE_LIST:
            until = end if instance == 0 else 0
        elif kind == _DIRECTORY:
            offsets.update(_directory(data, start, end))
        elif kind == _SLIDE:
            alone.append(start - 8)
        elif start < until and kind == _SLIDE_PERSIST and end - start >= 4:
            found.append((struct.unpack_from("<I", data, start)[0], _Slide(None)))
        elif start < until and kind == _HEADER and end - start >= 4:
            kind_of = struct.unpack_from("<I", data, start)[0]
        elif start < until and kind in (_WIDE, _NARROW) and found:
            found[-1][1].texts.append((kind_of, _decode(data, kind, start, end)))
    for reference, slide in found:
        slide.offset = offsets.get(reference)
    latest = dict(found)  # an edited presentation lists its slides again
    return list(latest.values()), alone


def _directory(data: bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    while at + 4 <= end:
        head = struct.unpack_from("<I", data, at)[0]
        first, count = head & 0xFFFFF, head >> 20
        at += 4
        for number in range(count):
            if at + 4 > end:
                return
            yield first + number, struct.unpack_from("<I", data, at)[0]
            at += 4


def _texts(data: bytes, offset: int) -> Iterator[tuple[int, str]]:
    """The texts in one slide's drawing."""
    if offset + 8 > len(data):
        return
    size = struct.unpack_from("<I", data, offset + 4)[0]
    kind_of = 4
    for kind, _, start, end in _records(data, offset, min(offset + 8 + size, len(data))):
        if kind == _HEADER and end - start >= 4:
            kind_of = struct.unpack_from("<I", data, start)[0]
        elif kind in (_WIDE, _NARROW):
            yield kind_of, _decode(data, kind, start, end)


def _decode(data: bytes, kind: int, start: int, end: int) -> str:
    codec = "utf-16-le" if kind == _WIDE else "latin-1"
    return data[start:end].decode(codec, "replace").translate(_BREAKS).strip()
