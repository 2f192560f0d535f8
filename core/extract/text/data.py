"""JSON, JSON lines and settings files → their own text, cut at records and sections.

Called by `extract`. Lines keep their numbers: `\\u` escapes are spelled out within a line, and only
lines too long to cite are laid out again, with every new row placed at the line it came from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from cairn.core.extract.dates import find_date
from cairn.core.extract.source import Lines, Source, clean, clip, decode, join_notes, limited
from cairn.core.extract.text.outline import absorb_ornaments
from cairn.core.extract.text.roam import find_graph, read_graph
from cairn.core.extract.text.syntax import indent_of
from cairn.core.records import Block, Document, Place

_LONG_LINE = 2000
_ROWS_PER_BLOCK = 15
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
)
_SECTION = re.compile(r"\s*\[+([^\[\]]{1,200})\]+")


def read_json(source: Source) -> Document:
    text, note = decode(source)
    if source.suffix == ".json" and (graph := find_graph(text)):
        return read_graph(source, graph, note)
    laid_out, places, lines, problem = _lay_out(source, text)
    starts_of = _records if source.suffix != ".json" else _elements
    blocks = list(_cut(lines, sorted({0, *starts_of(lines.rows)})))
    return Document(
        uri=source.uri,
        kind="data",
        title=source.stem,
        text=laid_out,
        places=places,
        blocks=tuple(absorb_ornaments(laid_out, blocks)),
        when=find_date(source.name),
        note=join_notes(note, problem),
    )


def read_config(source: Source) -> Document:
    text, note = decode(source)
    lines = Lines.of(text)
    return Document(
        uri=source.uri,
        kind="data",
        title=source.name,
        text=text,
        places=lines.places(),
        blocks=tuple(_sections(lines)),
        when=find_date(source.name),
        note=note,
    )


def _lay_out(source: Source, text: str) -> tuple[str, tuple[Place, ...], Lines, str]:
    """The text to keep, its places, its lines and what is wrong with it."""
    per_line = source.suffix != ".json"
    rows = text.split("\n")
    if not per_line and any(len(row) > _LONG_LINE for row in rows):
        pretty, problem = _pretty(text, source.max_chars)
        if pretty is not None:
            return pretty, (Place(0, "L", 1),), Lines.of(pretty), ""
        kept = Lines.of(_spell_out(text))
        return kept.text, kept.places(), kept, problem
    problem = "" if per_line else _pretty(text, source.max_chars, check_only=True)[1]
    pieces: list[str] = []
    bad = 0
    for row in rows:
        if per_line and row.strip():
            pretty, wrong = _pretty(row, source.max_chars, check_only=len(row) <= _LONG_LINE)
            bad += bool(wrong)
            pieces.append(_spell_out(row) if pretty is None else pretty)
        else:
            pieces.append(_spell_out(row))
    if bad:
        problem = f"{bad} lines are not valid JSON; read as plain text"
    kept = Lines.of(limited("\n".join(pieces), source.max_chars))
    return kept.text, _places_of(pieces), kept, problem


def _places_of(pieces: Sequence[str]) -> tuple[Place, ...]:
    places: list[Place] = []
    at = 0
    for number, piece in enumerate(pieces, 1):
        places.append(Place(at, "L", number))
        at += len(piece) + 1
    return tuple(places)


def _pretty(text: str, limit: int, check_only: bool = False) -> tuple[str | None, str]:
    """JSON with a row per value, or None and the reason; `check_only` returns no text at all."""
    try:
        value = json.loads(text)
        if check_only:
            return None, ""
        parts: list[str] = []
        size = 0
        for part in json.JSONEncoder(indent=1, ensure_ascii=False).iterencode(value):
            parts.append(part)
            size += len(part)
            if size > limit:  # indentation can outgrow the data
                return None, "too large to lay out; read as plain text"
    except json.JSONDecodeError:
        return None, "not valid JSON; read as plain text"
    except (RecursionError, MemoryError):
        return None, "nested too deeply for JSON; read as plain text"
    except ValueError:
        return None, "holds a number with too many digits; read as plain text"
    return clean("".join(parts)), ""


def _spell_out(text: str) -> str:
    """Write escaped letters as themselves, so that they can be found; the line stays a line."""
    return _ESCAPE.sub(_letter, text) if "\\u" in text else text


def _letter(found: re.Match[str]) -> str:
    escape = found[0]
    if not escape.startswith("\\u"):
        return escape
    try:
        letter: str = json.loads(f'"{escape}"')
    except ValueError:
        return escape
    return letter if letter.isprintable() and letter not in '"\\' else escape


def _elements(rows: Sequence[str]) -> Iterator[int]:
    """Rows where an element of the outermost list or object begins."""
    inner = next((indent_of(row) for row in rows[1:] if row.strip()), 0)
    for at, row in enumerate(rows):
        if row.strip() and indent_of(row) <= inner and row.lstrip()[0] not in "]})":
            yield at


def _records(rows: Sequence[str]) -> Iterator[int]:
    return (at for at, row in enumerate(rows) if row[:1] not in ("", " ", "]", "}"))


def _cut(lines: Lines, starts: Sequence[int]) -> Iterator[Block]:
    """Blocks from each start to the next, cut again where one is long."""
    for first, last in zip(starts, (*starts[1:], len(lines.rows)), strict=True):
        for at in range(first, last, _ROWS_PER_BLOCK):
            block = lines.block(at, min(at + _ROWS_PER_BLOCK, last))
            if lines.text[block.start : block.end].strip():
                yield block


def _sections(lines: Lines) -> Iterator[Block]:
    """A block per group of settings; `[section]` rows are headings."""
    heading: tuple[str, ...] = ()
    start: int | None = None
    for at, row in enumerate((*lines.rows, "")):
        found = _SECTION.match(row[:500])
        long = start is not None and at - start >= _ROWS_PER_BLOCK
        fresh = bool(row[:1].strip()) and row[0] not in "]})-"
        if start is not None and (not row.strip() or found or (long and fresh)):
            yield lines.block(start, at, heading)
            start = None
        if row.strip() and start is None:
            heading = (clip(found[1].strip().strip("\"'")),) if found else heading
            start = at
