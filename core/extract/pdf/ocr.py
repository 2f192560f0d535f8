"""A scanned page → the words that `tesseract` sees on it, where that program is installed.

Called by `pdf.py`. Each run has one thread and its own time limit, so that a page costs a known
time at most; what can't be read in it stays unread.
"""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

from cairn.core.errors import ExtractError
from cairn.core.extract.source import clean, unify_newlines
from cairn.core.extract.tools import find_tool, private_folder, run_tool

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_DPI = 250
_MOST_PIXELS = 25_000_000  # a poster is rendered smaller
_PAGE_SECONDS = 20.0
_MOST_LANGUAGES = 3


class Ocr:
    """The program with a budget of time for one document."""

    def __init__(self, seconds: float) -> None:
        self._program = find_tool(("tesseract",))
        self._until = time.monotonic() + seconds
        self._languages = ""

    @property
    def is_installed(self) -> bool:
        return bool(self._program)

    def read(self, page: PdfPage) -> str | None:
        """The page's text; None when there is no time left, or the program fails."""
        left = self._until - time.monotonic()
        if not self._program or left <= 1:
            return None
        self._languages = self._languages or self._installed_languages()
        options = ["stdin", "stdout", "--dpi", str(_DPI), "-l", self._languages]
        try:
            answer = self._run(options, _picture(page), min(left, _PAGE_SECONDS))
        except (OSError, ExtractError, ValueError, RuntimeError):
            return None
        text = unify_newlines(clean(answer.decode("utf-8", "replace")).replace("\f", ""))
        return "\n".join(row.rstrip() for row in text.split("\n")).strip()

    def _installed_languages(self) -> str:
        try:
            answer = self._run(["--list-langs"], b"", 5.0).decode("utf-8", "replace")
        except (OSError, ExtractError):
            return "eng"
        names = [row.strip() for row in answer.split("\n") if row.strip().isidentifier()]
        names = sorted((name for name in names if name != "osd"), key=lambda name: name != "eng")
        return "+".join(names[:_MOST_LANGUAGES]) or "eng"

    def _run(self, options: list[str], data: bytes, seconds: float) -> bytes:
        with private_folder() as folder:
            return run_tool([self._program, *options], folder, seconds, data)


def _picture(page: PdfPage) -> bytes:
    width, height = page.get_size()
    scale = _DPI / 72
    pixels = width * height * scale * scale
    if pixels > _MOST_PIXELS:
        scale *= (_MOST_PIXELS / pixels) ** 0.5
    bitmap = page.render(scale=scale, grayscale=True)
    out = io.BytesIO()
    bitmap.to_pil().save(out, "PPM")
    bitmap.close()
    return out.getvalue()
