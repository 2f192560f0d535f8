"""Comma- and tab-separated files → a block per record, with the header row as its context.

Called by `extract`. The text stays the source's own; a record in quotes may take several lines.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from cairn.core.extract.dates import find_date, find_time
from cairn.core.extract.source import Lines, Source, decode, join_notes
from cairn.core.records import Block, Document

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 50
_MOST_LINES = 200  # a record longer than this has lost its closing quote
_NUMBER = re.compile(r"[-+(]?[$€£]?\s?\d[\d.,' ]*%?\)?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?")


def read_table(source: Source) -> Document:
    text, note = decode(source)
    lines = Lines.of(text)
    delimiter = "\t" if source.suffix == ".tsv" else _sniff(lines.rows)
    records = _records(lines.rows, delimiter)
    problem = ""
    if records is None:
        problem = "its quotes don't match; read line by line"
        records = [
            (at, at + 1, row.split(delimiter)) for at, row in enumerate(lines.rows) if row.strip()
        ]
    return Document(
        uri=source.uri,
        kind="table",
        title=source.stem,
        text=text,
        places=lines.places(),
        blocks=tuple(_blocks(lines, records)),
        when=find_date(source.name),
        note=join_notes(note, problem),
    )


def _sniff(rows: Sequence[str]) -> str:
    """The delimiter that gives the most columns that most records agree on.

    `csv.Sniffer` guesses letters as delimiters, and takes quadratic time on some input.
    """
    sample = [row[:5000] for row in rows[:_SAMPLE_ROWS] if row.strip()]
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        widths = [row.count(delimiter) for row in sample]
        common = max(set(widths), key=widths.count, default=0)
        score = widths.count(common) * common
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _records(rows: Sequence[str], delimiter: str) -> list[tuple[int, int, list[str]]] | None:
    """Each record's first row, the row after it, and its cells; None when quotes don't match."""
    csv.field_size_limit(
        2**31 - 1
    )  # the default would refuse a long cell; the file's size is limited
    reader = csv.reader((row + "\n" for row in rows), delimiter=delimiter)
    records: list[tuple[int, int, list[str]]] = []
    first = 0
    try:
        for cells in reader:
            if reader.line_num - first > _MOST_LINES:
                return None
            if any(rows[at].strip() for at in range(first, reader.line_num)):
                records.append((first, reader.line_num, cells))
            first = reader.line_num
    except csv.Error:
        return None
    return records


def _blocks(lines: Lines, records: Sequence[tuple[int, int, list[str]]]) -> Iterator[Block]:
    header = ""
    start: int | None = None
    if len(records) > 1 and is_header(records[0][2], records[1][2]):
        start, end, _ = records[0]
        header = " ".join("\n".join(lines.rows[start:end]).split())
        records = records[1:]  # the header opens the first record's block
    for first, last, cells in records:
        yield lines.block(
            first if start is None else start, last, context=header, when=day_of(cells)
        )
        start = None


def is_header(cells: Sequence[str], below: Sequence[str]) -> bool:
    """Names, not values: no cell is a number or date, and there is one for nearly each column."""
    named = [cell for cell in cells if cell.strip()]
    if len(named) * 2 < len(below) or any(len(cell) > 80 for cell in named):
        return False
    return not any(_NUMBER.fullmatch(cell.strip()) or find_time(cell) for cell in named)


def day_of(cells: Sequence[str]) -> str:
    for cell in cells:
        if len(cell) < 40 and _ISO.fullmatch(cell.strip()):
            return find_date(cell)
    return ""
