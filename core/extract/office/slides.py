"""A presentation (.pptx) → its slides in order: title, texts, tables, charts, notes and comments.

Called by `extract`. A slide's title is the heading of all that is on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from cairn.core.extract.dates import find_time
from cairn.core.extract.office.disguise import package_of
from cairn.core.extract.office.drawing import alternative, diagram_lines, equation, write_chart
from cairn.core.extract.office.grid import Row, carry_down, write_rows
from cairn.core.extract.office.numbering import as_int
from cairn.core.extract.package import Link, Package
from cairn.core.extract.pieces import Pieces
from cairn.core.extract.source import Source, clean, clip, join_notes
from cairn.core.extract.xmltree import child, children, text_of
from cairn.core.records import Document

_TITLES = frozenset(("title", "ctrTitle"))
_FURNITURE = frozenset(("sldNum", "dt", "ftr", "hdr", "sldImg"))
_MOST_SLIDES = 5_000


def read_slides(source: Source) -> Document:
    opened = package_of(source, "pptx")
    if isinstance(opened, Document):
        return opened
    reader = _Reader(opened, Pieces("s", source.max_chars))
    reader.read()
    note = join_notes(
        f"{reader.failed} of its slides are damaged" if reader.failed else "",
        "a part of it is damaged; what could be read was" if opened.damaged else "",
    )
    return reader.pieces.document(source, "slides", opened.properties(), note=note)


class _Reader:
    def __init__(self, package: Package, pieces: Pieces) -> None:
        self.pieces = pieces
        self.failed = 0
        self._package = package
        self._links: dict[str, Link] = {}
        self._authors = self._read_authors(package.main("ppt/presentation.xml"))

    def read(self) -> None:
        main = self._package.main("ppt/presentation.xml")
        links = self._package.links(main)
        ids = children(self._package.needed(main), "p:sldIdLst", "p:sldId")
        for number, node in enumerate(ids, 1):
            link = links.get(node.get("r:id", ""))
            if number > _MOST_SLIDES:
                break
            self.pieces.at(number)
            root = self._package.extra(link.target) if link else None
            if link and root is not None:
                self._slide(link.target, root)
            else:
                self.failed += 1

    def _slide(self, name: str, root: Element) -> None:
        self._links = self._package.links(name)
        self.pieces.leave()
        shapes = list(_shapes(child(root, "p:cSld", "p:spTree")))
        title = next((shape for shape in shapes if _role(shape) in _TITLES), None)
        heading = " ".join(line for line, _ in _lines(title)) if title is not None else ""
        if heading.strip():
            self.pieces.heading(1, heading)
        for shape in shapes:
            if shape is not title and _role(shape) not in _FURNITURE:
                self._shape(shape)
        for link in self._links.values():
            if link.kind == "notesSlide":
                self._notes(self._package.extra(link.target))
            elif link.kind == "comments":
                self._comments(self._package.extra(link.target))

    def _shape(self, shape: Element) -> None:
        if shape.tag == "p:graphicFrame":
            self._frame(shape)
        elif shape.tag == "p:pic":
            self._picture(shape)
        else:
            first = True
            for line, depth in _lines(shape):
                if first:
                    self.pieces.paragraph(line)
                else:
                    self.pieces.item(line, depth)
                first = False

    def _frame(self, frame: Element) -> None:
        for part in frame.iter():
            if part.tag == "a:tbl":
                write_rows(self.pieces, _rows(part))
            elif part.tag == "c:chart":
                write_chart(self.pieces, self._linked(part.get("r:id", "")))
            elif part.tag == "dgm:relIds":
                for line in diagram_lines(self._linked(part.get("r:dm", ""))):
                    self.pieces.item(line)

    def _picture(self, shape: Element) -> None:
        """A picture's description, where a person wrote one."""
        about = child(shape, "p:nvPicPr", "p:cNvPr")
        words = clip(about.get("descr", "") if about is not None else "", 300)
        if " " in words and "automatically generated" not in words:
            self.pieces.paragraph(f"Picture: {words}")

    def _linked(self, link_id: str) -> Element | None:
        link = self._links.get(link_id)
        return self._package.extra(link.target) if link else None

    def _notes(self, root: Element | None) -> None:
        for shape in _shapes(child(root, "p:cSld", "p:spTree")):
            if _role(shape) == "body":
                text = "\n".join(line for line, _ in _lines(shape))
                self.pieces.paragraph(text, context="speaker notes")

    def _comments(self, root: Element | None) -> None:
        """Comments of both kinds, old ones and threads, with their author and date."""
        for node in root.iter() if root is not None else ():
            if node.tag not in ("p:cm", "p188:cm", "p188:reply"):
                continue
            body = child(node, "p:text")
            lines = _lines(node, "p188:txBody") if body is None else [(text_of(body), 0)]
            text = "\n".join(line for line, _ in lines)
            who = self._authors.get(node.get("authorId", ""), "")
            when = find_time(node.get("dt", "") or node.get("created", ""))
            if text.strip():
                by = f"Comment by {who}" if who else "Comment"
                self.pieces.paragraph(f"{by}: {text}", who=who, when=when)

    def _read_authors(self, main: str) -> dict[str, str]:
        found = {}
        for link in self._package.links(main).values():
            if link.kind in ("commentAuthors", "authors"):
                root = self._package.extra(link.target)
                for node in root if root is not None else ():
                    found[node.get("id", "")] = clip(clean(node.get("name", "")))
        return found


def _shapes(tree: Element | None) -> Iterator[Element]:
    """Shapes in the order they are drawn, those in groups too."""
    for node in tree if tree is not None else ():
        if node.tag == "p:grpSp":
            yield from _shapes(node)
        elif node.tag == "mc:AlternateContent":
            yield from _shapes(alternative(node))
        elif node.tag in ("p:sp", "p:graphicFrame", "p:pic", "p:cxnSp"):
            yield node


def _role(shape: Element) -> str:
    """What a placeholder is for; "" for other shapes."""
    for part in shape:
        found = child(part, "p:nvPr", "p:ph")
        if found is not None:
            return found.get("type", "content")
    return ""


def _lines(shape: Element, body: str = "p:txBody") -> list[tuple[str, int]]:
    """The paragraphs of a shape with their depth."""
    found = []
    for paragraph in children(shape, body, "a:p"):
        if text := _text(paragraph).strip():
            properties = child(paragraph, "a:pPr")
            depth = as_int(properties.get("lvl", "0") if properties is not None else "0", 0)
            found.append((text, depth))
    return found


def _text(node: Element) -> str:
    parts = []
    for part in node:
        if part.tag == "a:t":
            parts.append(part.text or "")
        elif part.tag == "a:br":
            parts.append("\n")
        elif part.tag == "m:oMath":
            parts.append(equation(part))
        elif part.tag == "mc:AlternateContent":
            shown = alternative(part)
            parts.append(_text(shown) if shown is not None else "")
        elif not part.tag.endswith("Pr"):
            parts.append(_text(part))
    return "".join(parts)


def _rows(table: Element) -> list[Row]:
    properties = child(table, "a:tblPr")
    heads = properties is not None and properties.get("firstRow") in ("1", "true")
    rows: list[Row] = []
    for row in children(table, "a:tr"):
        cells: list[str] = []
        for cell in children(row, "a:tc"):
            text = "\n".join(line for line, _ in _lines(cell, "a:txBody"))
            if cell.get("vMerge") in ("1", "true"):
                text = carry_down(rows[-1].cells, len(cells)) if rows else ""
            cells.append(text)
        rows.append(Row(tuple(cells), is_header=heads and not rows))
    return rows
