"""What Office documents draw: equations, charts and diagrams → text.

Shared by the readers of Word documents and presentations. A chart's text is the numbers cached in
it, laid out as the table that it was made from.
"""

from __future__ import annotations

import math
from xml.etree.ElementTree import Element

from cairn.core.extract.office.grid import Row, write_rows
from cairn.core.extract.office.numbering import as_int
from cairn.core.extract.pieces import Pieces
from cairn.core.extract.source import clip
from cairn.core.extract.xmltree import child, children, text_of

_MOST_POINTS = 5_000
_MOST_SERIES = 60


def equation(node: Element) -> str:
    """An equation on one line: `x = (-b ± √(b^2 - 4ac))/(2a)`."""
    kind = node.tag
    if kind == "m:t":
        return node.text or ""
    if kind == "m:f":
        return f"{_group(child(node, 'm:num'))}/{_group(child(node, 'm:den'))}"
    if kind == "m:rad":
        return f"{_inside(child(node, 'm:deg'))}√{_group(child(node, 'm:e'))}"
    if kind == "m:d":
        opening, closing = _sign(node, "m:begChr", "("), _sign(node, "m:endChr", ")")
        return opening + ", ".join(_inside(part) for part in children(node, "m:e")) + closing
    if kind == "m:nary":
        lead = _sign(node, "m:chr", "∫")
        return f"{lead}{_scripts(node)} {_inside(child(node, 'm:e'))}"
    if kind in ("m:m", "m:eqArr"):
        rows = children(node, "m:mr") if kind == "m:m" else children(node, "m:e")
        return "; ".join(" ".join(_inside(part) for part in _cells(row)) for row in rows)
    if kind in ("m:sSup", "m:sSub", "m:sSubSup", "m:sPre"):
        return _inside(child(node, "m:e")) + _scripts(node)
    if kind == "m:func":
        return f"{_inside(child(node, 'm:fName'))} {_inside(child(node, 'm:e'))}"
    if kind in ("m:limLow", "m:limUpp"):
        sign = "_" if kind == "m:limLow" else "^"
        return f"{_inside(child(node, 'm:e'))}{sign}{_group(child(node, 'm:lim'))} "
    return _inside(node)


def write_chart(pieces: Pieces, root: Element | None) -> None:
    """A chart's title, then its categories and values as rows."""
    chart = child(root, "c:chart")
    if chart is None:
        return
    title = clip(" ".join(node.text or "" for node in _all(child(chart, "c:title"), "a:t")))
    pieces.paragraph(f"Chart: {title}" if title else "Chart")
    series = list(chart.iter("c:ser"))[:_MOST_SERIES]
    names = [_series_name(node) or f"Series {n}" for n, node in enumerate(series, 1)]
    values = [_points(child(node, "c:val")) or _points(child(node, "c:yVal")) for node in series]
    labels: dict[int, str] = {}
    for node in series:
        labels = labels or _points(child(node, "c:cat")) or _points(child(node, "c:xVal"))
    rows = [Row(("", *names), is_header=True)]
    for at in sorted({*labels, *(key for column in values for key in column)}):
        cells = (labels.get(at, str(at + 1)), *(column.get(at, "") for column in values))
        rows.append(Row(cells))
    write_rows(pieces, rows if len(rows) > 1 else [])


def diagram_lines(root: Element | None) -> list[str]:
    """The texts of a SmartArt's nodes, in the order that they are stored in."""
    lines = []
    for point in children(root, "dgm:ptLst", "dgm:pt"):
        if point.get("type", "node") in ("node", "asst"):
            lines.append("".join(node.text or "" for node in _all(child(point, "dgm:t"), "a:t")))
    return [line.strip() for line in lines if line.strip()]


def show_number(value: float) -> str:
    """A number without the noise of its binary form: `0.3`, not `0.30000000000000004`."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.12g}"


def alternative(node: Element) -> Element | None:
    """Of the ways an `mc:AlternateContent` offers to show something, the first; one is enough."""
    found = child(node, "mc:Choice")
    return child(node, "mc:Fallback") if found is None else found


def _inside(node: Element | None) -> str:
    return "".join(map(equation, node)) if node is not None else ""


def _group(node: Element | None) -> str:
    text = _inside(node).strip()
    return text if text.isalnum() and len(text) < 12 else f"({text})"


def _scripts(node: Element) -> str:
    text = ""
    for name, sign in (("m:sub", "_"), ("m:sup", "^")):
        if part := _inside(child(node, name)).strip():
            text += sign + (part if len(part) == 1 or part.isdecimal() else f"({part})")
    return text


def _cells(row: Element) -> list[Element]:
    return list(children(row, "m:e")) or [row]


def _sign(node: Element, name: str, otherwise: str) -> str:
    for properties in node:
        if properties.tag.endswith("Pr") and (found := child(properties, name)) is not None:
            return found.get("m:val", "")
    return otherwise


def _all(node: Element | None, tag: str) -> list[Element]:
    return list(node.iter(tag)) if node is not None else []


def _series_name(node: Element) -> str:
    name = child(node, "c:tx")
    cached = next(iter(_all(name, "c:v")), None)
    return clip(text_of(cached))


def _points(node: Element | None) -> dict[int, str]:
    found: dict[int, str] = {}
    is_number = bool(_all(node, "c:numCache") or _all(node, "c:numLit"))
    for point in _all(node, "c:pt")[:_MOST_POINTS]:
        text = text_of(child(point, "c:v")).strip()
        at = as_int(point.get("idx", ""), len(found))
        # Categories of several levels follow each other; the outer one comes later.
        found[at] = f"{text} {found[at]}" if at in found else _shown(text, is_number)
    return found


def _shown(text: str, is_number: bool) -> str:
    try:
        return show_number(float(text)) if is_number else text
    except (ValueError, OverflowError):
        return text
