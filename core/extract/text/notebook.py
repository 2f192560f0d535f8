"""A Jupyter notebook → its text and code, cell by cell, with the beginning of what each printed.

Called by `extract`. Cells are numbered as they stand in the file, empty ones included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from cairn.core.errors import ExtractError
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.source import Source, clean, clip, decode, unify_newlines
from cairn.core.records import Document

_OUTPUT_CHARS = 1000  # of one cell; a log or a printed table is not worth more
_MOST_CELLS = 20_000
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(\S.*)")
_ANSI = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")


def read_notebook(source: Source) -> Document:
    text, note = decode(source)
    try:
        book = json.loads(text)
    except ValueError:
        raise ExtractError("broken", "the notebook could not be read: it is damaged") from None
    pieces = Pieces("c", source.max_chars)
    for number, cell in enumerate(_cells(book), 1):
        pieces.at(number)
        _write(pieces, cell)
    meta = _dict(_dict(book).get("metadata"))
    authors = [clip(_joined(_dict(author).get("name"))) for author in _list(meta.get("authors"))]
    named = Properties(clip(_joined(meta.get("title"))), clip(", ".join(filter(None, authors))))
    return pieces.document(source, "code", named, note=note)


def _cells(book: Any) -> list[dict[str, Any]]:
    book = _dict(book)
    sheets = _list(book.get("worksheets"))  # as they were before 2015
    cells = _list(book.get("cells"))
    for sheet in sheets:
        cells = cells + _list(_dict(sheet).get("cells"))
    return [_dict(cell) for cell in cells[:_MOST_CELLS]]


def _write(pieces: Pieces, cell: dict[str, Any]) -> None:
    kind = cell.get("cell_type")
    text = _joined(cell.get("source", cell.get("input", "")))
    if kind == "heading":
        level = cell.get("level")
        pieces.heading(level if isinstance(level, int) and 1 <= level <= 6 else 1, text)
    elif kind == "markdown":
        _write_markdown(pieces, text)
    else:
        pieces.paragraph(text)
        if shown := "\n".join(_outputs(cell)).strip():
            more = "…" if len(shown) > _OUTPUT_CHARS else ""
            pieces.paragraph(shown[:_OUTPUT_CHARS].rstrip() + more, context="output")


def _write_markdown(pieces: Pieces, text: str) -> None:
    waiting: list[str] = []
    fenced = False
    for row in [*text.split("\n"), ""]:
        fenced ^= row.lstrip().startswith(("```", "~~~"))
        found = None if fenced else _HEADING.fullmatch(row[:1000].rstrip())
        if not fenced and (found or not row.strip()):
            pieces.paragraph("\n".join(waiting))
            waiting = []
        if found:
            pieces.heading(len(found[1]), found[2].rstrip("#"))
        elif row.strip() or fenced:
            waiting.append(row)
    pieces.paragraph("\n".join(waiting))


def _outputs(cell: dict[str, Any]) -> Iterator[str]:
    size = 0
    for output in map(_dict, _list(cell.get("outputs"))):
        data = _dict(output.get("data"))
        text = _joined(output.get("text") or data.get("text/markdown") or data.get("text/plain"))
        if output.get("output_type") in ("error", "pyerr"):
            text = f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}"
        text = _ANSI.sub("", text[: 4 * _OUTPUT_CHARS])
        if text.strip() and not text.startswith("<Figure"):
            yield text.rstrip()
            size += len(text)
            if size > _OUTPUT_CHARS:
                return


def _joined(value: Any) -> str:
    """Text as notebooks write it: one string, or a list of its lines."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return unify_newlines(clean(value)) if isinstance(value, str) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
