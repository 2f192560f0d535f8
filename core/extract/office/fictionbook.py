"""A FictionBook (.fb2, also zipped) → its paragraphs under the titles of its sections.

Called by `extract`. Notes stand at the end, as in the file.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_time
from cairn.core.extract.office.disguise import read_disguised
from cairn.core.extract.office.grid import Row, write_rows
from cairn.core.extract.package import Package, title_of
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.sniff import ZIP
from cairn.core.extract.source import Source, clean, clip
from cairn.core.extract.xmltree import child, children, read_tree, text_of, words_of
from cairn.core.records import Document

_LINES = frozenset(("p", "v", "text-author", "date"))


def read_fictionbook(source: Source) -> Document:
    data = source.data
    if data.startswith(ZIP):
        package = Package(source)
        name = next((name for name in package.names() if name.lower().endswith(".fb2")), "")
        if not name:
            raise ExtractError("unknown-type", "it holds no book", skipped=True)
        data = package.read(name)
    tree = read_tree(data)
    if tree.root.tag != "FictionBook":
        return read_disguised(source, "fb2")
    pieces = Pieces("n", source.max_chars)
    about = child(tree.root, "description", "title-info")
    for annotation in children(about, "annotation"):
        _write(pieces, annotation, 1)
    for body in children(tree.root, "body"):
        pieces.leave()
        _write(pieces, body, 1)
    note = "it is damaged; what came before the damage was read" if tree.damaged else ""
    return pieces.document(source, "book", _properties(about), note=note)


def _write(pieces: Pieces, node: Element, level: int) -> None:
    for part in node:
        if part.tag == "title":
            words = " ".join(text for line in part if (text := words_of(line)))
            pieces.heading(level, words or words_of(part))
        elif part.tag == "subtitle":
            pieces.paragraph(words_of(part))
        elif part.tag in _LINES:
            pieces.paragraph(words_of(part), gap="\n" if part.tag == "v" else "\n\n")
        elif part.tag == "table":
            write_rows(pieces, [_row(row) for row in children(part, "tr")])
        elif part.tag not in ("image", "binary"):
            _write(pieces, part, level + (part.tag == "section"))


def _row(row: Element) -> Row:
    heads = all(cell.tag == "th" for cell in row)
    return Row(tuple(words_of(cell) for cell in row), is_header=heads)


def _properties(about: Element | None) -> Properties:
    names = []
    for author in children(about, "author"):
        parts = (words_of(part) for part in author if part.tag.endswith("-name"))
        names.append(" ".join(filter(None, parts)) or text_of(child(author, "nickname")).strip())
    date = child(about, "date")
    stated = (date.get("value", ""), text_of(date)) if date is not None else ()
    when = next(filter(None, map(find_time, stated)), "")
    title = title_of(text_of(child(about, "book-title")))
    return Properties(title, clip(clean(", ".join(filter(None, names)))), when)
