"""A text → the values below a header such as `user,password`: the column holds secrets.

Called by `redact`, also for a row whose header is only in its context. Reads on from a header as
long as the rows have as many cells as it; the rows of a text are read once for each such header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cairn.core.redact.found import Found
from cairn.core.redact.judge import is_random, is_stand_in
from cairn.core.redact.labels import Label, label_of

_DELIMITERS = (",", ";", "\t", "|")
_HINTS = re.compile(
    rb"pass|pwd|secret|token|key|pin|cvv|cvc|wort|senha|contrase|pw|clave|wachtwoord|credential"
)
_MOST_HEADER = 2000
_CELL = {
    mark: re.compile(
        rf'[ ]*(?:"((?:[^"]|"")*+)"|([^{re.escape(mark)}\n]*))[ ]*({re.escape(mark)}|\n|\Z|)'
    )
    for mark in _DELIMITERS
}
_RULE = re.compile(r"[\s|:+-]+")
_NAME = re.compile(r"[^\W\d_][\w .()#/*'-]{0,39}|#|[*_]{2}[\w -]{1,36}[*_]{2}|")
_MORE_ROWS = 2
"""Rows of another shape that may interrupt a table."""

Cells = list[tuple[int, int]]


def find_columns(text: str, plain: bytes) -> Iterator[Found]:
    """Columns of every table in a text."""
    done = 0
    last = -1
    for hint in _HINTS.finditer(plain):
        if hint.start() < max(done, last):
            continue
        start = plain.rfind(b"\n", 0, hint.start()) + 1 if hint.start() else 0
        end = plain.find(b"\n", hint.start())
        end = end if end >= 0 else len(text)
        last = end
        if end - start > _MOST_HEADER:
            continue
        for mark in _DELIMITERS:
            if mark in text[start:end]:
                columns, width = _columns(text[start:end], mark)
                if columns and end < len(text):
                    found, done_here = _values(text, end + 1, mark, columns, width)
                    yield from found
                    done = max(done, done_here)
                    break


def find_in_row(header: str, text: str) -> Iterator[Found]:
    """Secrets of rows whose header stands elsewhere."""
    for mark in _DELIMITERS:
        if mark in header:
            columns, width = _columns(header, mark)
            if columns:
                yield from _values(text, 0, mark, columns, width)[0]
                return


def _columns(header: str, mark: str) -> tuple[dict[int, Label], int]:
    """Which columns hold secrets, by the names in a header; how many columns there are."""
    cells, _ = _row(header, 0, mark)
    names = [header[start:end].strip().strip("*_") for start, end in cells]
    if len(names) < 2 or not all(map(_is_name, names)):
        return {}, 0
    labels = {at: label_of(name) for at, name in enumerate(names)}
    return {at: label for at, label in labels.items() if label}, len(names)


def _is_name(name: str) -> bool:
    sentence = name.endswith(".") or name.startswith(("and ", "or "))
    return _NAME.fullmatch(name) is not None and name.count(" ") < 4 and not sentence


def _row(text: str, at: int, mark: str) -> tuple[Cells, int]:
    """The cells of the row at an offset, and where the next row begins."""
    cells: Cells = []
    pattern = _CELL[mark]
    while True:
        match = pattern.match(text, at)
        if match is None:
            return cells, len(text)
        group = 1 if match[1] is not None else 2
        cells.append(match.span(group))
        at = match.end()
        if match[3] != mark:
            return cells, at if match[3] == "\n" else max(_next_line(text, at), at)
        if len(cells) > 500:
            return cells, _next_line(text, at)


def _next_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end + 1 if end >= 0 else len(text)


def _values(
    text: str, at: int, mark: str, columns: dict[int, Label], width: int
) -> tuple[list[Found], int]:
    found: list[Found] = []
    misses = 0
    while at < len(text) and misses <= _MORE_ROWS:
        begin = at
        cells, at = _row(text, at, mark)
        row = text[begin:at].strip()
        if not row or _RULE.fullmatch(row):
            misses += not row
            continue
        if len(cells) != width:
            misses = _MORE_ROWS + 1 if len(cells) == 1 else misses + 1
            at = begin if len(cells) == 1 else at
            continue
        for column, label in columns.items():
            start, end = _trim(text, cells[column])
            if _fits(text[start:end], label, mark, text[start - 1 : start] == '"'):
                found.append(Found(start, end, label.kind))
    return found, at


def _trim(text: str, cell: Sequence[int]) -> tuple[int, int]:
    start, end = cell
    part = text[start:end]
    return start + len(part) - len(part.lstrip(" `*")), start + len(part.rstrip(" `*"))


def _fits(value: str, label: Label, mark: str, quoted: bool) -> bool:
    if is_stand_in(value):
        return False
    if label.strength == "digits":
        return re.fullmatch(r"\d{3,8}", value) is not None
    if label.strength == "token":
        return is_random(value)
    if label.strength == "weak" and not any(ch.isdigit() for ch in value):
        return False
    return len(value) >= 3 and (
        quoted or " " not in value or (mark != "," and value.count(" ") < 2)
    )
