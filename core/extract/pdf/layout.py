"""The lines of a PDF's pages → paragraphs, sections, and what is left without running headers.

Used by `pdf.py`. All of it works on text and offsets alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from cairn.core.extract.pdf.extras import Bookmark

_BLOCK_CHARS = 600
_EDGE_ROWS = 3  # how many rows of a running header or footer there may be
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")


def without_edges(pages: Sequence[str]) -> list[str]:
    """Drop the headers and footers that run through the pages, but for their first time."""
    rows = [page.split("\n") for page in pages]
    for edge in (range(_EDGE_ROWS), range(-1, -_EDGE_ROWS - 1, -1)):
        shapes = [[_shape(page[at]) if -len(page) <= at < len(page) else "" for at in edge]
                  for page in rows]  # fmt: skip
        counts = Counter(shape for page in shapes for shape in set(page) if shape)
        often = {shape for shape, n in counts.items() if n >= max(3, len(pages) // 3)}
        seen: set[str] = set()
        for page, page_shapes in zip(rows, shapes, strict=True):
            drop = next((n for n, shape in enumerate(page_shapes) if shape not in often), len(edge))
            drop = 0 if drop >= len(page) or not set(page_shapes[:drop]) <= seen else drop
            seen.update(page_shapes)
            if drop:
                del page[slice(0, drop) if edge[0] == 0 else slice(len(page) - drop, len(page))]
    return ["\n".join(kept).strip() for kept in rows]


def _shape(row: str) -> str:
    """A row without the page's number."""
    row = " ".join(row.split())
    return re.sub(r"\d+", "#", row) if 0 < len(row) <= 120 else ""


class Sections:
    """The bookmarks on the way through the pages."""

    def __init__(self, marks: Sequence[Bookmark]) -> None:
        self._on: dict[int, list[Bookmark]] = {}
        for mark in marks:
            self._on.setdefault(mark.page, []).append(mark)
        self._open: list[Bookmark] = []

    def on_page(self, number: int, text: str) -> list[tuple[int, tuple[str, ...]]]:
        """Where in a page's text which section begins, the first at 0.

        A bookmark whose title isn't in the text begins where the one before it does.
        """
        found = [(0, self._path())]
        at = 0
        for mark in self._on.get(number, ()):
            words = r"\s+".join(map(re.escape, mark.title.split()))
            title = re.compile(words, re.IGNORECASE).search(text, at)
            at = text.rfind("\n", 0, title.start()) + 1 if title else at
            while self._open and self._open[-1].level >= mark.level:
                self._open.pop()
            self._open.append(mark)
            if found[-1][0] == at:
                found.pop()
            found.append((at, self._path()))
        return found

    def _path(self) -> tuple[str, ...]:
        return tuple(mark.title for mark in self._open)


def paragraphs(page: str, starts: Sequence[int] = ()) -> Iterator[tuple[int, int]]:
    """Parts between blank lines and section starts; a long one is cut after a sentence's end."""
    cuts = sorted(
        {(gap.start(), gap.end()) for gap in _BLANK.finditer(page)}
        | {(max(0, at - 1), at) for at in starts}
    )
    start = 0
    for end, after in [*cuts, (len(page), len(page))]:
        if page[start:end].strip():
            yield from _cut(page, start, end)
        start = max(start, after)


def _cut(page: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _BLOCK_CHARS:
        cut = _last_line_end(page, start, start + _BLOCK_CHARS)
        if cut <= start:  # one line fills the block by itself
            cut = page.find("\n", start + _BLOCK_CHARS, end)
        if cut < 0:
            break
        yield start, cut
        start = cut + 1
    if page[start:end].strip():
        yield start, end


def _last_line_end(page: str, start: int, limit: int) -> int:
    """The last line end before `limit` that ends a sentence, else the last one at all."""
    anywhere = page.rfind("\n", start, limit)
    at = anywhere
    while at > start + _BLOCK_CHARS // 3:
        if page[at - 1] in ".!?:;。！？":
            return at
        at = page.rfind("\n", start, at)
    return anywhere
