"""One PDF page in PDFium → its visible lines, and whether it is only a picture.

Called by `pdf.py`. What lies outside the page's frame is dropped, a word parted at a line end is
joined, and cells that stand far apart in a line are told apart by " | ".
"""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING

from cairn.core.extract.source import clean, unify_newlines

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_JOINED = re.compile(r"(?<=\w)(?:\x02|\ufffe)[ \t]*(?:\r?\n)?(?=\w)")
_STRAY = re.compile(r"[\x00-\x08\x0e-\x1f\xad\ufffe\uffff]")
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st"}
_MARK = re.compile(r"\s*(?:\W|\w{1,3}[.)]|\(\w{1,3}\))\s*")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_SPOTS = re.compile(r"(?<=\S) +(?=\S)|(?<=[\d%)])(?=[\d$€£(+-])|\n")
_GAP = 1.1  # of a letter's height; spaces in justified lines are smaller
_MOST_CHARS = 200_000  # of one page; beyond that, only the text is taken
_SCAN_LETTERS = 20  # a scan may carry a stamped page number
_MOST_OBJECTS = 2000


def page_text(page: PdfPage) -> str:
    """The text inside the page's frame, in the order in which it is drawn."""
    layer = page.get_textpage()
    try:
        text = layer.get_text_bounded(errors="replace")
        whole = layer.get_text_range(errors="replace") if len(text) <= _MOST_CHARS else ""
        if len(whole) == layer.count_chars() and _shown(whole) == _shown(text):
            text = _part_cells(layer, whole)
    finally:
        layer.close()
    text = _JOINED.sub(_hyphen, unify_newlines(text)).translate(_LIGATURES)
    rows = (row.rstrip() for row in _STRAY.sub("", clean(text)).split("\n"))
    return "\n".join(rows).strip()


def is_arabic(text: str) -> bool:
    """Whether much of it is in a script that PDFium gives with turned ligatures."""
    return len(_ARABIC.findall(text)) * 5 > len(text)


def is_scan(page: PdfPage, text: str) -> bool:
    """Whether the page has a picture, or drawn shapes, where its text should be."""
    if sum(ch.isalnum() for ch in text) >= _SCAN_LETTERS:
        return False
    width, height = page.get_size()
    for seen, drawn in enumerate(page.get_objects(max_depth=3)):
        if seen >= _MOST_OBJECTS:
            return True
        if not text and drawn.type != _text_object():
            return True
        left, bottom, right, top = drawn.get_bounds()
        if drawn.type == _image_object() and (right - left) * (top - bottom) * 2 > width * height:
            return True
    return False


def _text_object() -> int:
    from pypdfium2 import raw

    return int(raw.FPDF_PAGEOBJ_TEXT)


def _image_object() -> int:
    from pypdfium2 import raw

    return int(raw.FPDF_PAGEOBJ_IMAGE)


def _hyphen(found: re.Match[str]) -> str:
    """What was parted at a line end: a word, or a compound that keeps its hyphen."""
    word = found.string[max(0, found.start() - 40) : found.start()].split()[-1]
    after = found.string[found.end()]
    return "-" if "-" in word or after.isupper() or after.isdigit() else ""


def _shown(text: str) -> str:
    """A text for comparison: PDFium's two ways to give it differ in spaces and line-end hyphens."""
    return "".join(text.replace("\x02", "\ufffe").split())


def _part_cells(layer: PdfTextPage, text: str) -> str:
    parts: list[str] = []
    at = begin = 0
    for found in _SPOTS.finditer(text):
        if found[0] == "\n":
            begin = found.end()
        elif not _MARK.fullmatch(text, begin, found.start()) and _is_wide(layer, found):
            parts.append(text[at : found.start()] + " | ")
            at = found.end()
    return "".join([*parts, text[at:]])


def _is_wide(layer: PdfTextPage, space: re.Match[str]) -> bool:
    before, after = _box(layer, space.start() - 1), _box(layer, space.end())
    if before is None or after is None:
        return False
    height = max(before[3] - before[2], after[3] - after[2])
    return height > 0 and after[0] - before[1] > _GAP * height


def _box(layer: PdfTextPage, index: int) -> tuple[float, float, float, float] | None:
    """Left, right, bottom and top of a letter with the room that its font gives it."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(layer, index, ctypes.byref(box)):
        return None
    return box.left, box.right, box.bottom, box.top
