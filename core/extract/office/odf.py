"""OpenDocument texts (.odt) and presentations (.odp), zipped or flat → paragraphs, rows, slides.

Called by `extract`. Text in tracked deletions is left out; notes and comments follow the paragraph
that they belong to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from cairn.core.extract.dates import find_time
from cairn.core.extract.office.disguise import package_of, read_disguised
from cairn.core.extract.office.grid import Row, write_rows
from cairn.core.extract.office.numbering import as_int
from cairn.core.extract.office.odf_properties import check_unlocked, meta_properties, odf_properties
from cairn.core.extract.package import Package, resolve
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.source import Source, clean, clip
from cairn.core.extract.xmltree import child, children, read_tree, text_of
from cairn.core.records import Document, Kind

_SKIPPED = frozenset(
    "text:tracked-changes text:sequence-decls text:variable-decls text:user-field-decls "
    "office:forms office:binary-data svg:title svg:desc text:ruby-text text:bibliography-mark "
    "table:shapes text:note-citation office:event-listeners presentation:notes".split()
)
_MARGINS = ("style:header", "style:footer")
_MOST_SPACES = 40
_MOST_REPEATS = 64


@dataclass(slots=True)
class _Inline:
    """What the inside of one paragraph gave."""

    text: list[str] = field(default_factory=list)
    notes: list[tuple[str, Element]] = field(default_factory=list)
    comments: list[Element] = field(default_factory=list)
    frames: list[Element] = field(default_factory=list)


def read_text(source: Source) -> Document:
    return _read(source, "odt")


def read_slides(source: Source) -> Document:
    return _read(source, "odp")


def _read(source: Source, own: str) -> Document:
    if source.data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return _read_flat(source, own)
    opened = package_of(source, own)
    if isinstance(opened, Document):
        return opened
    check_unlocked(opened)
    content = opened.needed("content.xml")
    styles = opened.extra("styles.xml")
    return _document(source, content, styles, odf_properties(opened), opened)


def _read_flat(source: Source, own: str) -> Document:
    tree = read_tree(source.data)
    if tree.root.tag != "office:document":
        return read_disguised(source, own)
    return _document(source, tree.root, tree.root, meta_properties(tree.root), None)


def _document(
    source: Source,
    content: Element,
    styles: Element | None,
    properties: Properties,
    package: Package | None,
) -> Document:
    body = child(content, "office:body")
    slides = child(body, "office:presentation")
    pieces = Pieces("n" if slides is None else "s", source.max_chars)
    reader = _Reader(pieces, _title_styles(content, styles), package)
    if slides is not None:
        for number, page in enumerate(children(slides, "draw:page"), 1):
            pieces.at(number)
            reader.slide(page)
    else:
        for kind in ("office:text", "office:spreadsheet", "office:drawing"):
            reader.blocks(child(body, kind))
        reader.margins(styles)
    damaged = package is not None and package.damaged
    note = "a part of it is damaged; what could be read was" if damaged else ""
    read_as: Kind = "text" if slides is None else "slides"
    return pieces.document(source, read_as, properties, note=note)


class _Reader:
    def __init__(self, pieces: Pieces, titles: frozenset[str], package: Package | None) -> None:
        self._pieces = pieces
        self._titles = titles
        self._package = package
        self._noted = 0

    def blocks(self, node: Element | None, depth: int = -1) -> None:
        for part in node if node is not None else ():
            tag = part.tag
            if tag in _SKIPPED:
                continue
            if tag == "text:h":
                self._heading(part, as_int(part.get("text:outline-level", ""), 1))
            elif tag == "text:p":
                self._paragraph(part, depth)
            elif tag == "text:list":
                self.blocks(part, depth + 1)
            elif tag == "table:table":
                self._table(part)
            elif tag == "office:annotation":
                self._comment(part)
            elif tag == "draw:object":
                self._object(part)
            else:
                self.blocks(part, depth)

    def slide(self, page: Element) -> None:
        self._pieces.leave()
        title = next((f for f in page.iter("draw:frame") if _role(f) == "title"), None)
        if title is not None:
            words = " ".join(_flat(part) for part in title.iter("text:p"))
            if words.strip():
                self._pieces.heading(1, words)
        for part in page:
            if part is not title and part.tag not in _SKIPPED:
                self._in_slide(part)
        for notes in children(page, "presentation:notes"):
            for frame in notes.iter("draw:frame"):
                text = "\n".join(filter(None, (_flat(part) for part in frame.iter("text:p"))))
                if _role(frame) == "notes":
                    self._pieces.paragraph(text, context="speaker notes")

    def margins(self, styles: Element | None) -> None:
        """Each page header and footer once; page numbers alone say nothing."""
        self._pieces.leave()
        seen: set[str] = set()
        for master in children(styles, "office:master-styles", "style:master-page"):
            for part in master:
                text = "\n".join(filter(None, (_flat(line) for line in part.iter("text:p"))))
                words = any(ch.isalpha() for ch in text) and len(text.split()) > 1
                if part.tag in _MARGINS and words and text not in seen:
                    seen.add(text)
                    self._pieces.paragraph(text, context=f"page {part.tag[6:]}")

    def _in_slide(self, part: Element) -> None:
        """A shape; one that holds its own slide title was taken out before."""
        if part.tag == "office:annotation":
            self._comment(part)
        elif part.tag == "draw:g":
            for inner in part:
                self._in_slide(inner)
        else:
            self.blocks(part)

    def _heading(self, node: Element, level: int) -> None:
        inline = _inline(node, self)
        self._pieces.heading(max(1, min(level, 10)), "".join(inline.text))
        self._extras(inline)

    def _paragraph(self, node: Element, depth: int) -> None:
        if node.get("text:style-name", "") in self._titles:
            self._heading_of_all(node)
            return
        inline = _inline(node, self)
        text = "".join(inline.text).strip()
        if depth >= 0 and text:
            self._pieces.item(f"- {text}", depth)
        else:
            self._pieces.paragraph(text)
        self._extras(inline)

    def _heading_of_all(self, node: Element) -> None:
        inline = _inline(node, self)
        self._pieces.heading(0, "".join(inline.text))
        self._extras(inline)

    def note_mark(self, note: Element, out: _Inline) -> None:
        self._noted += 1
        out.text.append(f"[{self._noted}]")
        out.notes.append((f"[{self._noted}] ", note))

    def _extras(self, inline: _Inline) -> None:
        for frame in inline.frames:
            self.blocks(frame)
        for mark, note in inline.notes:
            kind = note.get("text:note-class", "footnote")
            text = "\n".join(_flat(part) for part in note.iter("text:p"))
            self._pieces.paragraph(mark + text, context=clip(kind))
        for comment in inline.comments:
            self._comment(comment)

    def _comment(self, node: Element) -> None:
        who = clip(clean(text_of(child(node, "dc:creator"))))
        when = find_time(text_of(child(node, "dc:date")))
        text = "\n".join(filter(None, (_flat(part) for part in node.iter("text:p"))))
        if text:
            by = f"Comment by {who}" if who else "Comment"
            self._pieces.paragraph(f"{by}: {text}", who=who, when=when)

    def _table(self, table: Element) -> None:
        rows: list[Row] = []
        extras: list[_Inline] = []
        nested: list[Element] = []
        for row, is_header in _rows(table, False):
            cells: list[str] = []
            for cell in row:
                if cell.tag in ("table:table-cell", "table:covered-table-cell"):
                    text = self._cell(cell, extras, nested)
                    times = as_int(cell.get("table:number-columns-repeated", ""), 1)
                    cells.extend([text] * max(1, min(times, _MOST_REPEATS)))
            rows.append(Row(tuple(cells), is_header=is_header))
        write_rows(self._pieces, rows)
        for inline in extras:
            self._extras(inline)
        for inner in nested:
            self._table(inner)

    def _cell(self, cell: Element, extras: list[_Inline], nested: list[Element]) -> str:
        lines = []
        for part in _through(cell, nested):
            inline = _inline(part, self)
            lines.append("".join(inline.text).strip())
            extras.append(inline)
        return "\n".join(line for line in lines if line)

    def _object(self, node: Element) -> None:
        """A formula or a chart that lies in the package as a document of its own."""
        inside = child(node, "math:math")
        if inside is None and self._package is not None:
            folder = resolve("", node.get("xlink:href", ""))
            inside = self._package.extra(f"{folder}/content.xml")
        if inside is None:
            return
        formula = next(inside.iter("math:annotation"), None)
        if formula is not None or inside.tag == "math:math":
            self._pieces.paragraph(text_of(formula if formula is not None else inside))
        for chart in inside.iter("chart:chart"):
            title = child(chart, "chart:title")
            words = _flat(title) if title is not None else ""
            self._pieces.paragraph(f"Chart: {words}" if words else "Chart")
            for table in chart.iter("table:table"):
                self._table(table)


def _inline(node: Element, reader: _Reader) -> _Inline:
    found = _Inline()
    _walk(node, found, reader)
    return found


def _walk(node: Element, out: _Inline, reader: _Reader | None) -> None:
    out.text.append(_folded(node.text))
    for part in node:
        tag = part.tag
        if tag == "text:s":
            out.text.append(" " * max(1, min(as_int(part.get("text:c", ""), 1), _MOST_SPACES)))
        elif tag == "text:tab":
            out.text.append("\t")
        elif tag == "text:line-break":
            out.text.append("\n")
        elif tag == "text:note":
            if reader:
                reader.note_mark(part, out)
        elif tag == "office:annotation":
            out.comments.append(part)
        elif tag.startswith("draw:") and tag != "draw:a":
            out.frames.append(_framed(part))
        elif tag not in _SKIPPED:
            _walk(part, out, reader)
        out.text.append(_folded(part.tail))


def _framed(part: Element) -> Element:
    frame = Element("frame")
    frame.append(part)
    return frame


def _folded(text: str | None) -> str:
    """White space in the file is only its layout; meant spaces have elements of their own."""
    if not text:
        return ""
    lead, tail = text[:1].isspace() * " ", text[-1:].isspace() * " "
    return lead + " ".join(text.split()) + tail if text.strip() else " "


def _flat(node: Element) -> str:
    found = _Inline()
    _walk(node, found, None)
    return "".join(found.text).strip()


def _role(frame: Element) -> str:
    return frame.get("presentation:class", "")


def _rows(node: Element, is_header: bool) -> Iterator[tuple[Element, bool]]:
    for part in node:
        if part.tag == "table:table-row":
            yield part, is_header
        elif part.tag in ("table:table-header-rows", "table:table-rows", "table:table-row-group"):
            yield from _rows(part, is_header or part.tag == "table:table-header-rows")


def _through(cell: Element, nested: list[Element]) -> Iterator[Element]:
    """The paragraphs of a cell; tables in it are put aside."""
    for part in cell:
        if part.tag in ("text:p", "text:h"):
            yield part
        elif part.tag == "table:table":
            nested.append(part)
        elif part.tag not in _SKIPPED:
            yield from _through(part, nested)


def _title_styles(*roots: Element | None) -> frozenset[str]:
    """The names of all styles that come from the style for a document's title."""
    parents: dict[str, str] = {}
    for root in roots:
        for group in ("office:styles", "office:automatic-styles"):
            for style in children(root, group, "style:style"):
                parents[style.get("style:name", "")] = style.get("style:parent-style-name", "")
    return frozenset({"Title", *(name for name, parent in parents.items() if parent == "Title")})
