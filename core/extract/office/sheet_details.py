"""What the spreadsheet library leaves out of an .xlsx file: comments, percents, currencies, extent.

Called by `sheets.py`. Cells are found by one pass over a sheet's XML, without building a tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from cairn.core.extract.dates import find_time
from cairn.core.extract.office.numbering import as_int
from cairn.core.extract.package import Package
from cairn.core.extract.source import clean, clip
from cairn.core.extract.xmltree import child, children, text_of

_CELL = re.compile(rb'<(?:\w{1,9}:)?c\b[^<>]{0,60}?\br="([A-Z]{1,3})(\d{1,7})"([^<>]{0,200})>')
_STYLE = re.compile(rb'\bs="(\d{1,5})"')
_MOST_STYLED = 500_000
_SYMBOL = re.compile(r'\[\$([^\]-]{1,5})[^\]]*\]|"([€$£¥₹₽]|[A-Z]{3})"|([€$£¥₹₽])')
_DIGITS = re.compile(r"[0#?](?:[0#?,. ]*[0#?])?")
_PERCENTS = {9: "0%", 10: "0.00%"}


@dataclass(frozen=True, slots=True)
class Format:
    """How a number is shown."""

    decimals: int
    lead: str = ""
    tail: str = ""

    def show(self, value: float) -> str:
        scaled = value * 100 if self.tail == "%" else value
        return f"{self.lead}{scaled:.{self.decimals}f}{self.tail}"


@dataclass(slots=True)
class Details:
    area: int = 0
    """How many cells lie between the outermost filled ones."""
    formats: dict[tuple[int, int], Format] = field(default_factory=dict)
    """By row and column, counted from 0."""
    comments: dict[int, list[str]] = field(default_factory=dict)
    """By row, counted from 0."""


def read_details(package: Package) -> Iterator[tuple[str, Details]]:
    """Each sheet's name and details, in order."""
    main = package.main("xl/workbook.xml")
    links = package.links(main)
    formats = _formats(package.extra(next(package.linked(main, "styles"), "")))
    people = {
        node.get("id", ""): clip(clean(node.get("displayName", "")))
        for name in package.linked(main, "person")
        for node in children(package.extra(name), "tc:person")
    }
    for node in children(package.extra(main), "x:sheets", "x:sheet"):
        link = links.get(node.get("r:id", ""))
        details = Details()
        if link and link.kind == "worksheet":
            _scan(package.read(link.target), formats, details)
            _read_comments(package, link.target, people, details)
        yield node.get("name", ""), details


def _scan(data: bytes, formats: dict[int, Format], details: Details) -> None:
    rows, columns = [], []
    for found in _CELL.finditer(data):
        name, number, rest = found.groups()
        if rest.endswith(b"/"):  # formatted, but empty
            continue
        row, column = int(number) - 1, _column(name)
        rows.append(row)
        columns.append(column)
        style = _STYLE.search(found[0])
        shown = formats.get(int(style[1])) if style else None
        if shown and len(details.formats) < _MOST_STYLED:
            details.formats[row, column] = shown
    if rows:
        details.area = (max(rows) + 1) * (max(columns) - min(columns) + 1)


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number - 1


def _formats(root: Element | None) -> dict[int, Format]:
    """The number formats worth showing, by the number of a cell's style."""
    codes = dict(_PERCENTS)
    for node in children(root, "x:numFmts", "x:numFmt"):
        codes[as_int(node.get("numFmtId", ""), -1)] = node.get("formatCode", "")
    found = {}
    for at, node in enumerate(children(root, "x:cellXfs", "x:xf")):
        shown = _format(codes.get(as_int(node.get("numFmtId", ""), -1), ""))
        if shown:
            found[at] = shown
    return found


def _format(code: str) -> Format | None:
    code = code[:200].partition(";")[0]
    digits = _DIGITS.search(code)
    if not digits:
        return None
    decimals = min(len(digits[0].partition(".")[2]), 9)
    if "%" in code:
        return Format(decimals, tail="%")
    if symbol := _SYMBOL.search(code):
        sign = next(filter(None, symbol.groups()), "")
        if symbol.start() < digits.start():
            return Format(decimals, lead=sign + " " * sign.isalpha())
        return Format(decimals, tail=f" {sign}")
    return None


def _read_comments(package: Package, sheet: str, people: dict[str, str], details: Details) -> None:
    threads = set()
    for name in package.linked(sheet, "threadedComment"):
        for node in children(package.extra(name), "tc:threadedComment"):
            where = node.get("ref", "")
            threads.add(where)
            who = people.get(node.get("personId", ""), "")
            by = ", ".join(filter(None, (who, find_time(node.get("dT", ""))[:10])))
            _add(details, where, by, text_of(child(node, "tc:text")))
    for name in package.linked(sheet, "comments"):
        root = package.extra(name)
        authors = [clip(text_of(node)) for node in children(root, "x:authors", "x:author")]
        for node in children(root, "x:commentList", "x:comment"):
            if node.get("ref", "") not in threads:
                at = as_int(node.get("authorId", ""), -1)
                who = authors[at] if 0 <= at < len(authors) else ""
                words = "".join(part.text or "" for part in node.iter("x:t"))
                _add(details, node.get("ref", ""), who, words.removeprefix(f"{who}:"))


def _add(details: Details, where: str, who: str, text: str) -> None:
    found = re.fullmatch(r"[A-Z]{1,3}(\d{1,7})", where)
    if found and text.strip():
        by = f"Comment by {who}" if who else "Comment"
        remark = f"[{by}: {' '.join(text.split())}]"
        details.comments.setdefault(int(found[1]) - 1, []).append(remark)
