"""Lines for a terminal → lines that fit it, broken between words and indented below their start.

Called for what is told of entries, whose titles and quotes may be long. Styles and wide characters
are counted as a terminal shows them; a word that is wider than the line stays whole.
"""

from __future__ import annotations

import re
import unicodedata

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_NARROWEST = 24


def folded(rows: list[str], width: int) -> list[str]:
    return [line for row in rows for line in _fold(row, max(width, _NARROWEST))]


def _fold(row: str, width: int) -> list[str]:
    if columns(row) <= width:
        return [row]
    start = len(row) - len(row.lstrip(" "))
    hang = " " * min(start + 2, width // 2)
    lines, line, used = [], row[:start], start
    gap, is_empty = "", True
    for word in re.split(r"( +)", row[start:]):
        if not word or word.isspace():
            gap = word
            continue
        wide = columns(word)
        if not is_empty and used + len(gap) + wide > width:
            lines.append(line)
            line, used, gap = hang, len(hang), ""
        line, used = line + gap + word, used + len(gap) + wide
        gap, is_empty = "", False
    return [*lines, line]


def columns(text: str) -> int:
    """How many of a terminal it takes."""
    shown = _STYLE.sub("", text)
    return len(shown) if shown.isascii() else sum(map(_width, shown))


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
