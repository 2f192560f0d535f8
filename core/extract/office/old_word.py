"""The streams of an old Word document (.doc, 97 and later) → its paragraphs and table rows.

Called by `legacy.py`. The text is put together from the piece table; styles are not read, so
headings and list items are paragraphs like others.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import accumulate

from cairn.core.errors import ExtractError
from cairn.core.extract.office.grid import Row, write_rows
from cairn.core.extract.office.ole import Container
from cairn.core.extract.pieces import Pieces

_MAGIC = b"\xec\xa5"
_WORD_95 = (b"\xdc\xa5", b"\xdb\xa5")
_CLX = 0x01A2  # where the head names the piece table
_LENGTHS = 0x004C  # of the main text, footnotes, page margins, macros, comments, endnotes
_MOST_PIECES = 500_000
_FIELD = re.compile(r"\x13[^\x13\x14\x15]*\x14([^\x13\x14\x15]*)\x15|\x13[^\x13\x14\x15]*\x15")
_SIGNS = {
    0x0B: "\n", 0x0C: "\r", 0x0E: "\r", 0x1E: "-", 0x1F: None, 0x01: None, 0x02: None, 0x05: None,
    0x08: None, 0x13: None, 0x14: None, 0x15: None, 0x03: None, 0x04: None,
}  # fmt: skip
_CELL = "\x07"


def write_old_word(pieces: Pieces, container: Container) -> None:
    text = _text(container)
    rows: list[Row] = []
    cells: list[str] = []
    for paragraph, mark in _paragraphs(text):
        if mark == _CELL:
            if not paragraph and cells:  # an empty cell's mark ends the row
                rows.append(Row(tuple(cells)))
                cells = []
            else:
                cells.append(paragraph)
        elif cells:
            cells[-1:] = [cells[-1], paragraph] if paragraph else cells[-1:]
        else:
            write_rows(pieces, rows)
            rows = []
            pieces.paragraph(paragraph)
    write_rows(pieces, [*rows, Row(tuple(cells))])


def _text(container: Container) -> str:
    data = container.read("WordDocument")
    if data[:2] in _WORD_95:
        raise ExtractError("needs-tool", "it is older than Word 97")
    if len(data) < _CLX + 8 or data[:2] != _MAGIC:
        raise ExtractError("broken", "it is damaged: its text can't be found")
    flags = struct.unpack_from("<H", data, 10)[0]
    table = container.read("1Table" if flags & 0x0200 else "0Table")
    start, size = struct.unpack_from("<II", data, _CLX)
    text = "".join(_pieces(data, table[start : start + size]))
    lengths = [max(0, length) for length in struct.unpack_from("<6i", data, _LENGTHS)]
    ends = list(accumulate(lengths, initial=0))
    # Page margins repeat on every page, and macros are not text.
    kept = (text[ends[at] : ends[at + 1]] for at in (0, 1, 4, 5))
    return _plain("\r".join(part for part in kept if part))


def _pieces(data: bytes, clx: bytes) -> Iterator[str]:
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:  # formatting, which comes before the table
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:
        raise ExtractError("broken", "it is damaged: its text can't be found")
    size = min(struct.unpack_from("<I", clx, at + 1)[0], len(clx) - at - 5)
    count = min((size - 4) // 12, _MOST_PIECES)
    base, left = at + 5, len(data)
    for number in range(count):
        first, after = struct.unpack_from("<II", clx, base + 4 * number)
        where = struct.unpack_from("<I", clx, base + 4 * (count + 1) + 8 * number + 2)[0]
        length = min(max(0, after - first), left)
        left -= length  # pieces that overlap must not add up to more than there is
        if where & 0x40000000:
            start = (where & 0x3FFFFFFF) // 2
            yield data[start : start + length].decode("cp1252", "replace")
        else:
            yield data[where : where + 2 * length].decode("utf-16-le", "replace")


def _plain(text: str) -> str:
    """Fields by what they show, and no marks of things that are not text."""
    for _ in range(4):
        text, changed = _FIELD.subn(lambda found: found[1] or "", text)
        if not changed:
            break
    return text.translate(_SIGNS)


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Each with the mark that ends it."""
    parts = re.split(r"([\r\x07])", text)
    for at in range(0, len(parts) - 1, 2):
        yield parts[at].strip(), parts[at + 1]
    if parts[-1].strip():
        yield parts[-1].strip(), "\r"
