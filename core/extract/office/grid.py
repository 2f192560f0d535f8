"""Rows of cells → one piece a row, with the header row as the context of those below it.

Called by the readers of formats with tables: the same look everywhere, `a | b | c`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cairn.core.extract.pieces import Pieces
from cairn.core.extract.source import clip
from cairn.core.extract.text.tables import day_of, is_header

_REPEATED_CHARS = 80
_CONTEXT_CHARS = 1000
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[str, ...]
    number: int = 0
    """The unit of the source, where rows have one."""
    is_header: bool = False
    remark: str = ""
    """What somebody noted beside the row."""

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell.strip())


def write_rows(pieces: Pieces, rows: Sequence[Row], above: str = "") -> str:
    """A table; returns the context of its rows: title rows and header rows.

    `above` is the context of rows that have no header of their own.
    """
    rows = [row for row in rows if row.filled or row.remark]
    heads = _count_heads(rows)
    shown = [render(row.cells) for row in rows[:heads]]
    context = clip(" / ".join(shown), _CONTEXT_CHARS) if heads else above
    for row in rows[:heads]:
        _at(pieces, row)
        pieces.hold(_text(row))
    for row in rows[heads:]:
        _at(pieces, row)
        pieces.row(_text(row), context, day_of(row.cells))
    return context


def render(cells: Sequence[str]) -> str:
    """A row on one line, without the empty cells at its end."""
    shown = [" ".join(cell.split()) for cell in cells]
    while shown and not shown[-1]:
        shown.pop()
    return " | ".join(shown)


def carry_down(above: Sequence[str], at: int) -> str:
    """What a cell merged with the one above it shows again, where that is short."""
    text = above[at] if at < len(above) else ""
    return text if len(text) <= _REPEATED_CHARS else ""


def _count_heads(rows: Sequence[Row]) -> int:
    """How many rows at the top are the table's title or header; never all of them."""
    last = len(rows) - 1
    wide = any(row.filled > 1 for row in rows)
    titles = 0
    while wide and titles < min(last, 5) and rows[titles].filled == 1:
        titles += 1
    heads = titles
    while heads < last and rows[heads].is_header:
        heads += 1
    if heads == titles and heads < last and rows[heads].filled > 1:
        heads += _count_names(rows[heads : heads + 3])
    return heads if heads > titles or (titles and rows[titles].filled > 1) else 0


def _count_names(rows: Sequence[Row]) -> int:
    """How many of the first rows name the columns of those below: none, one, or two."""
    first, second = _filled(rows[0]), _filled(rows[1])
    named = is_header(first, second) or _names_years(first)
    if len(first) < len(second) and len(rows) > 2:  # perhaps names over groups of columns
        below = is_header(second, _filled(rows[2])) and not is_header(_filled(rows[2]), [])
        return 2 if below and is_header(first, []) else int(named)
    return int(named)


def _names_years(cells: Sequence[str]) -> bool:
    """Years in order, after some word: `Country | 2023 | 2024`."""
    years = [cell.strip() for cell in cells[1:]]
    rising = years == sorted(set(years)) or years == sorted(set(years), reverse=True)
    return len(years) > 1 and rising and all(_YEAR.fullmatch(year) for year in years)


def _filled(row: Row) -> list[str]:
    return [cell for cell in row.cells if cell.strip()]


def _text(row: Row) -> str:
    return f"{render(row.cells)} {row.remark}".strip()


def _at(pieces: Pieces, row: Row) -> None:
    if row.number:
        pieces.at(row.number)
