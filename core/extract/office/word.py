"""A Word document (.docx) → its paragraphs, list items and table rows under their headings.

Called by `extract`. Text that was inserted is kept and text that was deleted is not, as readers see
it; notes, comments and text boxes follow the paragraph that they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from cairn.core.extract.dates import find_time
from cairn.core.extract.office.disguise import package_of
from cairn.core.extract.office.drawing import alternative, diagram_lines, equation, write_chart
from cairn.core.extract.office.grid import Row, carry_down, write_rows
from cairn.core.extract.office.numbering import Numbering, as_int
from cairn.core.extract.office.word_styles import Styles, value
from cairn.core.extract.package import Package
from cairn.core.extract.pieces import Pieces
from cairn.core.extract.source import Source, clean, clip
from cairn.core.extract.xmltree import child, children
from cairn.core.records import Document

_HIDDEN = frozenset(
    "w:pPr w:rPr w:del w:moveFrom w:instrText w:delText w:delInstrText w:rt w:sdtPr w:tblPr "
    "w:trPr w:tcPr w:sectPr w:tblGrid w:annotationRef w:footnoteRef w:endnoteRef".split()
)
_SIGNS = {
    "w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-",
}  # fmt: skip
_THROUGH = frozenset(
    "w:customXml w:ins w:moveTo w:smartTag w:sdt w:sdtContent w:dir w:bdo mc:Choice "
    "mc:Fallback".split()
)
_DINGBATS = {0xA8: "☐", 0x6F: "☐", 0xFE: "☑", 0xFC: "✓", 0x78: "☒", 0xFD: "☒", 0xB7: "•"}
_MOST_SPAN = 63
_LAYOUT_PARAGRAPHS = 8  # a cell with more is a page's layout, not a value


@dataclass(slots=True)
class _Inline:
    """What the inside of one paragraph gave."""

    text: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    diagrams: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Comment:
    node: Element
    who: str
    when: str


def read_word(source: Source) -> Document:
    opened = package_of(source, "docx")
    if isinstance(opened, Document):
        return opened
    reader = _Reader(opened, Pieces("n", source.max_chars))
    reader.read()
    note = "a part of it is damaged; what could be read was" if opened.damaged else ""
    return reader.pieces.document(source, "text", opened.properties(), note=note)


class _Reader:
    def __init__(self, package: Package, pieces: Pieces) -> None:
        self.pieces = pieces
        self._package = package
        self._main = package.main("word/document.xml")
        self._links = package.links(self._main)
        self._styles = Styles(self._part("styles"))
        self._numbering = Numbering(self._part("numbering"))
        self._notes = {
            kind: _notes(self._part(f"{kind}s"), f"w:{kind}") for kind in ("footnote", "endnote")
        }
        self._comments = _comments(self._part("comments"))
        self._numbers: dict[tuple[str, str], int] = {}

    def read(self) -> None:
        self._body(child(self._package.needed(self._main), "w:body"))
        self.pieces.leave()
        for name in list(self._comments):
            self._write_comment(name)
        seen: set[str] = set()
        for kind in ("header", "footer"):
            for link in self._links.values():
                if link.kind == kind and link.target:
                    self._write_margin(kind, link.target, seen)

    def _part(self, kind: str) -> Element | None:
        names = (link.target for link in self._links.values() if link.kind == kind)
        return self._package.extra(next(names, ""))

    def _body(self, node: Element | None) -> None:
        for part in node if node is not None else ():
            if part.tag == "w:p":
                self._paragraph(part)
            elif part.tag == "w:tbl":
                self._table(part)
            elif part.tag == "mc:AlternateContent":
                self._body(alternative(part))
            elif part.tag in _THROUGH:
                self._body(part)

    def _paragraph(self, node: Element) -> None:
        inline = self._inline(node)
        text = "".join(inline.text).strip()
        properties = child(node, "w:pPr")
        look = self._styles.look(properties)
        label = ""
        if text and look.list_id:
            label = self._numbering.label(look.list_id, look.list_level)
        shown = f"{label} {text}" if label else text
        if look.level is not None and text:
            self.pieces.heading(look.level, shown)
        elif label:
            self.pieces.item(shown, look.list_level)
        else:
            self.pieces.paragraph(text)
        self._write_extras(inline)

    def _inline(self, node: Element) -> _Inline:
        found = _Inline()
        self._walk(node, found)
        return found

    def _walk(self, node: Element, out: _Inline) -> None:
        for part in node:
            tag = part.tag
            if tag == "w:t":
                out.text.append(part.text or "")
            elif tag in _HIDDEN:
                continue
            elif tag == "w:r":
                if not _is_hidden(part):
                    self._walk(part, out)
            elif tag in _SIGNS:
                out.text.append("" if part.get("w:type") == "page" else _SIGNS[tag])
            elif tag == "m:oMath":
                out.text.append(equation(part))
            elif tag == "mc:AlternateContent":
                if (shown := alternative(part)) is not None:
                    self._walk(shown, out)
            else:
                self._take(part, out)

    def _take(self, part: Element, out: _Inline) -> None:
        """The rarer things in a paragraph."""
        tag = part.tag
        if tag == "w:sym":
            out.text.append(_symbol(part))
        elif tag in ("w:footnoteReference", "w:endnoteReference"):
            key = (tag[2:-9], part.get("w:id", ""))
            number = self._numbers.setdefault(key, len(self._numbers) + 1)
            out.text.append(f"[{number}]")
            out.notes.append(key)
        elif tag == "w:commentReference":
            out.comments.append(part.get("w:id", ""))
        elif tag == "w:txbxContent":
            out.boxes.append(part)
        elif tag == "c:chart":
            out.charts.append(part.get("r:id", ""))
        elif tag == "dgm:relIds":
            out.diagrams.append(part.get("r:dm", ""))
        else:
            self._walk(part, out)

    def _write_extras(self, inline: _Inline) -> None:
        for box in inline.boxes:
            self._body(box)
        for name in inline.charts:
            write_chart(self.pieces, self._package.extra(self._target(name)))
        for name in inline.diagrams:
            for line in diagram_lines(self._package.extra(self._target(name))):
                self.pieces.item(line)
        for kind, name in inline.notes:
            if (note := self._notes[kind].pop(name, None)) is not None:
                text = self._flat(note)
                self.pieces.paragraph(f"[{self._numbers[kind, name]}] {text}", context=kind)
        for name in inline.comments:
            self._write_comment(name)

    def _target(self, link_id: str) -> str:
        return self._links[link_id].target if link_id in self._links else ""

    def _write_comment(self, name: str) -> None:
        if (comment := self._comments.pop(name, None)) is not None:
            text = self._flat(comment.node)
            by = f"Comment by {comment.who}" if comment.who else "Comment"
            if text:
                self.pieces.paragraph(f"{by}: {text}", when=comment.when, who=comment.who)

    def _write_margin(self, kind: str, name: str, seen: set[str]) -> None:
        """A page's header or footer, once; one that only numbers the pages says nothing."""
        root = self._package.extra(name)
        text = self._flat(root) if root is not None else ""
        words = {word for word in text.lower().split() if word.isalpha()}
        if len(words - {"page", "of", "seite", "von", "página", "de", "sur"}) and text not in seen:
            seen.add(text)
            self.pieces.paragraph(text, context=f"page {kind}")

    def _flat(self, node: Element) -> str:
        """Everything below a node as lines."""
        lines: list[str] = []
        for part in node.iter("w:p"):
            lines.append("".join(self._inline(part).text).strip())
        return "\n".join(line for line in lines if line)

    def _table(self, table: Element) -> None:
        rows = list(_rows(table))
        if any(_is_layout(cells) for _, cells in rows):
            for _, cells in rows:
                for cell in cells:
                    self._body(cell)
            return
        inlines: list[_Inline] = []
        above: list[str] = []
        shown: list[Row] = []
        for row, cells in rows:
            texts = [""] * min(as_int(value(row, "w:trPr", "w:gridBefore"), 0), _MOST_SPAN)
            for cell in cells:
                texts.append(self._cell(cell, inlines) or _merged(cell, above, len(texts)))
                span = as_int(value(cell, "w:tcPr", "w:gridSpan"), 1)
                texts.extend([""] * (min(span, _MOST_SPAN) - 1))
            head = child(row, "w:trPr", "w:tblHeader")
            shown.append(Row(tuple(texts), is_header=head is not None))
            above = texts
        write_rows(self.pieces, shown)
        for inline in inlines:
            self._write_extras(inline)

    def _cell(self, cell: Element, inlines: list[_Inline]) -> str:
        lines: list[str] = []
        for part in _paragraphs(cell):
            inline = self._inline(part)
            look = self._styles.look(child(part, "w:pPr"))
            text = "".join(inline.text).strip()
            label = self._numbering.label(look.list_id, look.list_level) if text else ""
            lines.append(f"{label} {text}".strip())
            inlines.append(inline)
        return "\n".join(line for line in lines if line)


def _rows(table: Element) -> list[tuple[Element, list[Element]]]:
    """A table's rows with their cells, also those inside content controls; not deleted ones."""
    found = []
    for row in _through(table, "w:tr"):
        if child(row, "w:trPr", "w:del") is None:
            found.append((row, list(_through(row, "w:tc"))))
    return found


def _paragraphs(cell: Element) -> list[Element]:
    return _through(cell, "w:p")


def _through(node: Element, tag: str) -> list[Element]:
    found: list[Element] = []
    for part in node:
        if part.tag == tag:
            found.append(part)
        elif part.tag in _THROUGH:
            found.extend(_through(part, tag))
    return found


def _is_layout(cells: list[Element]) -> bool:
    if len(cells) < 2:
        return len(cells) == 1 and len(_paragraphs(cells[0])) > 1
    return any(
        child(cell, "w:tbl") is not None or len(_paragraphs(cell)) > _LAYOUT_PARAGRAPHS
        for cell in cells
    )


def _merged(cell: Element, above: list[str], at: int) -> str:
    merge = child(cell, "w:tcPr", "w:vMerge")
    if merge is None or merge.get("w:val", "continue") != "continue":
        return ""
    return carry_down(above, at)


def _is_hidden(run: Element) -> bool:
    hidden = child(run, "w:rPr", "w:vanish")
    return hidden is not None and hidden.get("w:val", "1") not in ("0", "false", "off")


def _symbol(node: Element) -> str:
    """A character of a symbol font; most have no meaning as text."""
    try:
        code = int(node.get("w:char", ""), 16)
    except ValueError:
        return ""
    if 0xF000 <= code <= 0xF0FF:
        return _DINGBATS.get(code - 0xF000, "")
    return chr(code) if code < 0xD800 else ""


def _notes(root: Element | None, tag: str) -> dict[str, Element]:
    """Footnotes or endnotes by id, without the rulers that are stored among them."""
    return {
        node.get("w:id", ""): node
        for node in children(root, tag)
        if node.get("w:type", "normal") == "normal"
    }


def _comments(root: Element | None) -> dict[str, _Comment]:
    found = {}
    for node in children(root, "w:comment"):
        who, when = clip(clean(node.get("w:author", ""))), find_time(node.get("w:date", ""))
        found[node.get("w:id", "")] = _Comment(node, who, when)
    return found
