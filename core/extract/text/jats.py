"""A scientific article in JATS XML → title, authors, abstract, sections, tables and references.

Called by `xml_text.py`. Every paragraph, list item, table row and reference is one piece under the
titles of its sections.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from cairn.core.extract.dates import find_date
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.source import Source, clip
from cairn.core.extract.xmltree import child, children, text_of, words_of
from cairn.core.records import Document

_SECTIONS = frozenset(
    ("sec", "abstract", "ack", "app", "ref-list", "notes", "glossary", "fn-group")
)
_SILENT = frozenset(("title", "label", "object-id", "alternatives", "graphic", "journal-meta"))
_PIECES = frozenset(("p", "disp-formula", "disp-quote", "code", "preformat", "verse-group"))
_BLOCKS = frozenset(  # may stand within a paragraph, and are pieces of their own
    ("list", "def-list", "table-wrap", "fig", "disp-quote", "code", "preformat", "boxed-text")
)


def read_article(source: Source, root: Element, note: str) -> Document:
    pieces = Pieces("n", source.max_chars)
    meta = child(root, "front", "article-meta")
    title = words_of(child(meta, "title-group", "article-title"))
    authors = ", ".join(_authors(meta))
    pieces.heading(1, title)
    pieces.paragraph(authors)
    for abstract in children(meta, "abstract"):
        pieces.heading(2, words_of(child(abstract, "title")) or "Abstract")
        _write(pieces, abstract, 2)
    for keywords in children(meta, "kwd-group"):
        words = ", ".join(filter(None, (words_of(node) for node in children(keywords, "kwd"))))
        pieces.paragraph(f"Keywords: {words}" if words else "")
    for part in ("body", "back"):
        _write(pieces, child(root, part), 1)
    properties = Properties(clip(title), clip(authors), _published(meta))
    return pieces.document(source, "text", properties, note=note)


def _write(pieces: Pieces, parent: Element | None, level: int) -> None:
    """What stands below an element; the tree is never deep, so that recursion is safe."""
    for node in parent if parent is not None else ():
        if node.tag in _SECTIONS:
            title = " ".join(
                filter(None, (words_of(child(node, name)) for name in ("label", "title")))
            )
            title = title or {"ack": "Acknowledgments", "ref-list": "References"}.get(node.tag, "")
            if title:
                pieces.heading(level + 1, title)
            _write(pieces, node, level + 1)
        elif node.tag in ("p", *_PIECES):
            _paragraph(pieces, node, level)
        elif node.tag in ("list-item", "def-item", "ref", "fn"):
            _item(pieces, node, level)
        elif node.tag in ("table-wrap", "fig"):
            _figure(pieces, node)
        elif node.tag not in _SILENT:
            _write(pieces, node, level)


def _paragraph(pieces: Pieces, node: Element, level: int) -> None:
    inner = [part for part in node if part.tag in _BLOCKS]
    if not inner:
        pieces.paragraph(words_of(node))
        return
    said = [node.text or ""]
    for part in node:
        if part.tag in _BLOCKS:
            pieces.paragraph(" ".join("".join(said).split()))
            said = []
            holder = Element("p-part")
            holder.append(part)
            _write(pieces, holder, level)
        else:
            said.append(text_of(part))
        said.append(part.tail or "")
    pieces.paragraph(" ".join("".join(said).split()))


def _item(pieces: Pieces, node: Element, level: int) -> None:
    nested = [part for part in node if part.tag in ("list", "def-list")]
    if node.tag == "ref":
        label = words_of(child(node, "label"))
        cited = _cited(node)
        pieces.item(f"[{label.strip('.[]')}] {cited}" if label else cited)
        return
    parts = (words_of(part) for part in node if part not in nested and part.tag != "label")
    pieces.item(" ".join(filter(None, parts)))
    for part in nested:
        _write(pieces, part, level)


def _cited(node: Element) -> str:
    """A reference; where its parts stand without marks between them, they get some."""
    cited = next((part for part in node if part.tag.endswith("citation")), node)
    if "".join(part.tail or "" for part in cited).strip() or (cited.text or "").strip():
        return words_of(cited)
    parts: list[str] = []
    for part in cited:
        names = [" ".join(words_of(bit) for bit in name) for name in part.iter("name")]
        parts.append(", ".join(names) or words_of(part))
    return ". ".join(part.rstrip(".") for part in parts if part)


def _figure(pieces: Pieces, node: Element) -> None:
    label, caption = words_of(child(node, "label")), words_of(child(node, "caption"))
    pieces.paragraph(": ".join(filter(None, (label, caption))))
    header = ""
    for row in node.iter("tr"):
        cells = [words_of(cell) for cell in row]
        shown = " | ".join(cells) if any(cells) else ""
        if not header and len(cells) > 1 and all(cell.tag == "th" for cell in row):
            header = shown
            pieces.hold(shown)
        else:
            pieces.row(shown, header)
    for note in children(node, "table-wrap-foot"):
        pieces.paragraph(words_of(note))


def _authors(meta: Element | None) -> Iterator[str]:
    for person in children(meta, "contrib-group", "contrib"):
        name = child(person, "name")
        given, family = (words_of(child(name, part)) for part in ("given-names", "surname"))
        if shown := " ".join(filter(None, (given, family))) or words_of(child(person, "collab")):
            yield shown


def _published(meta: Element | None) -> str:
    days = []
    for node in children(meta, "pub-date"):
        year, month, day = (words_of(child(node, part)) for part in ("year", "month", "day"))
        days.append(find_date(f"{year}-{month}-{day}"))
    return min(filter(None, days), default="")
