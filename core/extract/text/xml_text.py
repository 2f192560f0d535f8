"""An XML file → its text: articles (JATS) by section and paragraph, any other by its elements.

Called by `extract`. In data, an element of plain values is a block of `name: value` lines under
the names around it; where text and tags mix, an element is a paragraph. Entities are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from cairn.core.extract.dates import find_date
from cairn.core.extract.families import for_suffix
from cairn.core.extract.pieces import Pieces
from cairn.core.extract.sniff import content_suffix
from cairn.core.extract.source import (
    Source,
    clean,
    clip,
    decode,
    decode_declared,
    join_notes,
    limited,
    unify_newlines,
)
from cairn.core.extract.text.jats import read_article
from cairn.core.extract.web.page import read_page
from cairn.core.extract.xmltree import read_tree
from cairn.core.records import Document

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,500}?\?>")
_ENCODING = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})")
_MARKUP = re.compile(r"<(?:/[a-z]|br|p|div|img|a\s)", re.IGNORECASE)
_WORDS = re.compile(r"[_\-.:]+|(?<=[a-z])(?=[A-Z])")
_NAMES = frozenset(("title", "name", "h1", "head", "heading"))
_SILENT = frozenset(("script", "style"))


def read_xml(source: Source) -> Document:
    family = for_suffix(content_suffix(source.data))
    if family is not None:
        return family.read(source)
    text, note = _decode_xml(source)
    tree = read_tree(_DECLARATION.sub("", text, count=1).encode())
    if tree.damaged:
        return _read_damaged(source, text, note)
    if tree.root.tag == "html" and (web := for_suffix("html")):
        return web.read(source)
    if tree.root.tag == "article" and tree.root.find("front") is not None:
        return read_article(source, tree.root, note)
    pieces = Pieces("n", source.max_chars)
    for piece in _walk(tree.root):
        if piece.level:
            pieces.heading(piece.level, piece.text)
        else:
            pieces.paragraph(piece.text)
    document = pieces.document(source, "data", note=note)
    return replace(document, title=source.stem, when=find_date(source.name))


def _read_damaged(source: Source, text: str, note: str) -> Document:
    """By its tags alone, as web pages are read: they are never quite right either."""
    page = read_page(_DECLARATION.sub("", text, count=1))
    return Document(
        uri=source.uri,
        kind="data",
        title=clip(page.title) or page.heading or source.stem,
        text=limited(page.text, source.max_chars),
        places=page.places,
        blocks=page.blocks,
        when=find_date(source.name),
        note=join_notes(note, "its XML is damaged; read by its tags alone"),
    )


def _decode_xml(source: Source) -> tuple[str, str]:
    found = _ENCODING.search(source.data[:500])
    if found:
        text = decode_declared(source.data, found[1].decode("ascii"))
        if text is not None:
            text = limited(unify_newlines(clean(text)), source.max_chars * 4)
            return text.removeprefix("\ufeff"), ""
    text, note = decode(replace(source, max_chars=source.max_chars * 4))
    return text, note


@dataclass(frozen=True, slots=True)
class _Piece:
    level: int
    """Of a heading; 0 for text."""
    text: str


def _walk(root: Element) -> Iterator[_Piece]:
    """Elements from top to bottom, without recursion."""
    waiting: list[tuple[Element, int]] = [(root, 1)]
    while waiting:
        node, level = waiting.pop()
        if node.tag in _SILENT:
            continue
        if not len(node) or _is_mixed(node):
            yield _Piece(0, _line(node))
        elif all(not len(child) or _is_mixed(child) for child in node):
            yield _Piece(level, _named(node))
            rows = [*_attributes(node), *map(_line, node)]
            yield _Piece(0, "\n".join(row for row in rows if row))
        else:
            yield _Piece(level, _named(node))
            if said := "\n".join(_attributes(node)):
                yield _Piece(0, said)
            waiting.extend((child, min(level + 1, 100)) for child in reversed(node))


def _is_mixed(node: Element) -> bool:
    """Whether it holds text between its tags: then all of it is one paragraph."""
    return bool(len(node)) and any(text.strip() for text in _own(node))


def _own(node: Element) -> Iterator[str]:
    yield node.text or ""
    yield from (child.tail or "" for child in node)


def _named(node: Element) -> str:
    """The element's name, with the title that it carries itself."""
    name = _name(node.tag)
    title = next((child.text for child in node if child.tag in _NAMES and child.text), "")
    return clip(f"{name}: {title}" if title.strip() else name)


def _name(tag: str) -> str:
    return _WORDS.sub(" ", tag).strip() or tag


def _line(node: Element) -> str:
    text = "".join(node.itertext())
    if _MARKUP.search(text):  # a feed keeps web pages in its elements
        text = read_page(text).text
    text = " ".join(text.split())
    more = "; ".join(_attributes(node))
    shown = ", ".join(filter(None, (text, more)))
    return f"{_name(node.tag)}: {shown}" if shown else ""


def _attributes(node: Element) -> Iterator[str]:
    for name, value in node.attrib.items():
        if value.strip() and not name.startswith(("xml:", "xlink:", "xmlns")) and ":" not in name:
            yield f"{_name(name)}: {' '.join(value.split())}"
