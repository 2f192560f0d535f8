"""Source code → a block per definition, under its qualified name, and blocks for the rest.

Called by `extract`. Python is cut along its syntax tree; other languages at definitions and blank
lines in the first column, which needs no parser and is never wrong by more than a boundary.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence

from cairn.core.extract.dates import find_date
from cairn.core.extract.source import Lines, Source, clip, decode
from cairn.core.extract.text import groups
from cairn.core.records import Document

_LONG_CLASS = 40  # rows; a longer class is cut into its methods
_MOST_PARSED = 1_000_000  # characters; a syntax tree takes a hundred times the memory of its text
_WORDS = (
    "export default public private protected internal static final abstract async inline extern "
    "pub unsafe override open data sealed virtual constexpr local"
)
_DEFINITION = re.compile(
    rf"(?:(?:{'|'.join(_WORDS.split())})\s+){{0,6}}"
    r"(?:class|function|func|fn|def|struct|enum|interface|trait|impl|module|object|protocol|"
    r"namespace|type|sub|create\s+(?:or\s+replace\s+)?(?:table|view|function|procedure|index))\s+"
    r"(?:if\s+not\s+exists\s+)?[\"'`]?([\w.:]{1,100})",
    re.IGNORECASE,
)
_CLOSERS = (")", "]", "}", "end", "#endif", "*/", "{")


def read_code(source: Source) -> Document:
    text, note = decode(source)
    lines = Lines.of(text)
    pieces = list(_python_pieces(lines)) if source.suffix in (".py", ".pyi") else []
    blocks = [
        lines.block(first, last, (clip(name),) if name else ())
        for first, last, name in pieces or _pieces_by_shape(lines.rows)
    ]
    return Document(
        uri=source.uri,
        kind="code",
        title=source.name if source.suffix else source.stem,
        text=text,
        places=lines.places(),
        blocks=tuple(blocks),
        when=find_date(source.name),
        note=note,
    )


def _python_pieces(lines: Lines) -> Iterator[tuple[int, int, str]]:
    if len(lines.text) > _MOST_PARSED:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in somebody else's strings
            tree = ast.parse(lines.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    yield from _cover(lines.rows, tree.body, 0, len(lines.rows), "")


def _cover(
    rows: Sequence[str], body: Sequence[ast.stmt], first: int, last: int, owner: str
) -> Iterator[tuple[int, int, str]]:
    """Pieces from `first` to `last` without a gap; what is not in a definition is the owner's."""
    at = first
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        start = max(at, _first_row(rows, node))
        end = min(last, node.end_lineno or node.lineno)
        if start >= end:
            continue
        yield from _between(rows, at, start, owner)
        name = f"{owner}.{node.name}" if owner else node.name
        if isinstance(node, ast.ClassDef) and end - start > _LONG_CLASS:
            yield from _cover(rows, node.body, start, end, name)
        else:
            yield start, end, name
        at = end
    yield from _between(rows, at, last, owner)


def _first_row(
    rows: Sequence[str], node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
) -> int:
    """Where a definition begins, with its decorators and the comment on top of it."""
    at = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
    while at > 0 and rows[at - 1].lstrip().startswith("#"):
        at -= 1
    return at


def _between(
    rows: Sequence[str], first: int, last: int, owner: str
) -> Iterator[tuple[int, int, str]]:
    for start, end in groups(tuple(rows), first, last):
        yield start, end, owner


def _pieces_by_shape(rows: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Cut before a row in the first column that follows a blank row, a closer or a definition."""
    start, name = -1, ""
    for at, row in enumerate(rows):
        if not row.strip():
            continue
        found = _DEFINITION.match(row)
        before = rows[at - 1].strip() if at else ""
        fresh = not row[0].isspace() and not row.startswith(_CLOSERS)
        if start < 0 or (fresh and (not before or (found and before.startswith(_CLOSERS)))):
            if start >= 0:
                yield start, at, name
            start, name = at, ""
        if found and not name:
            name = found[1]
    if start >= 0:
        yield start, _after_last_visible(rows), name


def _after_last_visible(rows: Sequence[str]) -> int:
    last = len(rows)
    while last > 0 and not rows[last - 1].strip():
        last -= 1
    return last
