"""An XPS document → the text of its pages, put together from runs of glyphs by where they stand.

Called by `extract`. Runs on one height are one line; a gap between two of them is a space.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from cairn.core.errors import ExtractError
from cairn.core.extract.office.disguise import package_of
from cairn.core.extract.package import Package, resolve
from cairn.core.extract.pieces import Pieces
from cairn.core.extract.source import Source, join_notes
from cairn.core.extract.xmltree import children
from cairn.core.records import Document

_MOST_PAGES = 5_000
_AVERAGE_WIDTH = 0.5  # of a letter, in sizes of its font
_Matrix = tuple[float, float, float, float, float, float]
_PLAIN: _Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    x: float
    end: float
    y: float
    size: float


def read_xps(source: Source) -> Document:
    opened = package_of(source, "xps")
    if isinstance(opened, Document):
        return opened
    pages = list(_pages(opened))
    if not pages:
        raise ExtractError("broken", "it is damaged: its pages are missing")
    pieces = Pieces("p", source.max_chars)
    failed = 0
    for number, name in enumerate(pages[:_MOST_PAGES], 1):
        root = opened.extra(name)
        failed += root is None
        pieces.at(number)
        for paragraph in _paragraphs(list(_runs(root, _PLAIN))):
            pieces.paragraph(paragraph)
    left = len(pages) - _MOST_PAGES
    note = join_notes(
        f"{failed} of its pages are damaged" if failed else "",
        f"only the first {_MOST_PAGES} pages were read" if left > 0 else "",
    )
    return pieces.document(source, "text", opened.properties(), note=note)


def _pages(package: Package) -> Iterator[str]:
    start = next(package.linked("", "fixedrepresentation"), "")
    start = start or next((n for n in package.names() if n.lower().endswith(".fdseq")), "")
    for book in children(package.extra(start), "DocumentReference"):
        name = resolve(posixpath.dirname(start), book.get("Source", ""))
        for page in children(package.extra(name), "PageContent"):
            yield resolve(posixpath.dirname(name), page.get("Source", ""))


def _runs(node: Element | None, outer: _Matrix) -> Iterator[_Run]:
    for part in node if node is not None else ():
        matrix = _combine(_matrix(part.get("RenderTransform", "")), outer)
        if part.tag == "Glyphs":
            text = part.get("UnicodeString", "").removeprefix("{}")
            size = _number(part.get("FontRenderingEmSize", "")) or 10.0
            x, y = _number(part.get("OriginX", "")), _number(part.get("OriginY", ""))
            a, b, c, d, e, f = matrix
            scale = abs(a) or abs(b) or 1.0
            left = a * x + c * y + e
            width = _width(text, part.get("Indices", "")) * size * scale
            yield _Run(text, left, left + width, b * x + d * y + f, size * (abs(d) or scale))
        else:
            yield from _runs(part, matrix)


def _width(text: str, indices: str) -> float:
    """How far a run reaches, in sizes of its font: as stated, else as letters mostly do."""
    total, stated = 0.0, indices.split(";") if indices else []
    for at in range(len(text)):
        parts = stated[at].split(",") if at < len(stated) else []
        advance = _number(parts[1]) / 100 if len(parts) > 1 and parts[1] else 0.0
        total += advance or _AVERAGE_WIDTH
    return total


def _paragraphs(runs: list[_Run]) -> Iterator[str]:
    """Lines that follow each other closely are one paragraph."""
    lines: list[str] = []
    before: _Run | None = None
    for run in runs:
        if before and abs(run.y - before.y) < before.size * 0.4:
            gap = run.x - before.end
            space = gap > before.size * 0.15 and not lines[-1].endswith(" ")
            lines[-1] += (" " if space or gap < -before.size * 3 else "") + run.text
        else:
            if before and not 0 < run.y - before.y < before.size * 1.7:
                yield "\n".join(lines)
                lines = []
            lines.append(run.text)
        before = run
    if lines:
        yield "\n".join(lines)


def _matrix(text: str) -> _Matrix:
    numbers = [_number(part) for part in text.replace(",", " ").split()]
    if len(numbers) != 6:
        return _PLAIN
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def _combine(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    u, v, w, x, y, z = outer
    return (
        a * u + b * w, a * v + b * x, c * u + d * w, c * v + d * x,
        e * u + f * w + y, e * v + f * x + z,
    )  # fmt: skip


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if abs(value) < 1e9 else 0.0
