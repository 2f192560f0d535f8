"""A list's level definitions and counters → the label in front of each item: `2.1`, `b)`, `-`.

Used by the reader of Word documents: labels are not in the text there, but people refer to them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from cairn.core.extract.xmltree import child, children

_BULLET = "-"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    format: str
    text: str
    start: int


class Numbering:
    """The lists of one document; `label` counts on with every call."""

    def __init__(self, root: Element | None) -> None:
        self._abstract = {
            node.get("w:abstractNumId", ""): _levels(node)
            for node in children(root, "w:abstractNum")
        }
        self._lists: dict[str, tuple[str, dict[int, Level]]] = {}
        for node in children(root, "w:num"):
            shared = _value(node, "w:abstractNumId")
            levels = dict(self._abstract.get(shared, {}))
            for override in children(node, "w:lvlOverride"):
                levels.update(_levels(override))
            self._lists[node.get("w:numId", "")] = (shared, levels)
        self._counts: dict[str, list[int]] = {}

    def label(self, list_id: str, level: int) -> str:
        """The label of the next item, "" when the list shows none."""
        if list_id not in self._lists or not 0 <= level < _MOST_LEVELS:
            return ""
        shared, levels = self._lists[list_id]
        counts = self._counts.setdefault(shared, [])
        while len(counts) <= level:
            counts.append(_start(levels, len(counts)) - (len(counts) == level))
        counts[level] += 1
        del counts[level + 1 :]
        kind = levels.get(level)
        if kind is None or kind.format == "none":
            return ""
        if kind.format == "bullet":
            return _BULLET
        return re.sub(
            r"%([1-9])", lambda found: _count(levels, counts, int(found[1]) - 1), kind.text[:40]
        ).strip()


def _levels(node: Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for level in children(node, "w:lvl"):
        number = as_int(level.get("w:ilvl", ""), 0)
        start = as_int(_value(level, "w:start"), 1)
        found[number] = Level(_value(level, "w:numFmt"), _value(level, "w:lvlText"), start)
    return found


def _value(node: Element, name: str) -> str:
    found = child(node, name)
    return found.get("w:val", "") if found is not None else ""


def as_int(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else otherwise


def _start(levels: dict[int, Level], at: int) -> int:
    return levels[at].start if at in levels else 1


def _count(levels: dict[int, Level], counts: list[int], at: int) -> str:
    number = counts[at] if at < len(counts) else _start(levels, at)
    return _spell(number, levels[at].format if at in levels else "decimal")


def _spell(number: int, form: str) -> str:
    if number < 1 or number > 3999:
        return str(number)
    if form.endswith("Letter"):
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif form.endswith("Roman"):
        text = ""
        for value, sign in _ROMAN:
            text += sign * (number // value)
            number %= value
    else:
        return f"{number:02d}" if form == "decimalZero" else str(number)
    return text.upper() if form.startswith("upper") else text
