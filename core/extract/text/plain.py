"""Plain text → paragraphs; a log → one block per line.

Called by `extract` for .txt, .log and names like README. A line that is only a date dates the
paragraphs below it, as in a diary; a date at the start of a line dates that line.
"""

from __future__ import annotations

from collections.abc import Iterator

from cairn.core.extract.dates import find_date, is_only_date, leading_date
from cairn.core.extract.source import Lines, Source, decode, is_log
from cairn.core.extract.text.outline import absorb_ornaments
from cairn.core.records import Block, Document

_LOG_DATE_CHARS = 40


def read_plain(source: Source) -> Document:
    text, note = decode(source)
    lines = Lines.of(text)
    if is_log(source.name):
        blocks = list(_log_lines(lines))
    else:
        blocks = absorb_ornaments(text, list(_paragraphs(lines)))
    return Document(
        uri=source.uri,
        kind="note",
        title=source.stem,
        text=text,
        places=lines.places(),
        blocks=tuple(blocks),
        when=find_date(source.name),
        note=note,
    )


def groups(rows: tuple[str, ...], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Runs of rows between blank ones, as (first, after the last)."""
    start = first
    for at in range(first, last):
        if not rows[at].strip():
            if at > start:
                yield start, at
            start = at + 1
    if last > start:
        yield start, last


def _paragraphs(lines: Lines) -> Iterator[Block]:
    when = ""
    day_line: int | None = None
    for first, last in groups(lines.rows, 0, len(lines.rows)):
        start = first if day_line is None else day_line
        day_line = None
        if is_only_date(lines.rows[first]):
            if start < first:
                yield lines.block(start, first, when=when)
            when, start = find_date(lines.rows[first]), first
            if last == first + 1:
                day_line = first
                continue
        yield from _entries(lines, start, last, when)
    if day_line is not None:
        yield lines.block(day_line, day_line + 1, when=when)


def _entries(lines: Lines, first: int, last: int, when: str) -> Iterator[Block]:
    """A paragraph; where lines of it begin with a day each, what was written down on each."""
    start = first
    for at in range(first, last):
        day = "" if at == first and is_only_date(lines.rows[at]) else leading_date(lines.rows[at])
        if day:
            if at > start:
                yield lines.block(start, at, when=when)
            start, when = at, day
    yield lines.block(start, last, when=when)


def _log_lines(lines: Lines) -> Iterator[Block]:
    when = ""
    for at, row in enumerate(lines.rows):
        if row.strip():
            if not row[0].isspace():  # an indented line continues the entry above it
                when = find_date(row[:_LOG_DATE_CHARS]) or when
            yield lines.block(at, at + 1, when=when)
