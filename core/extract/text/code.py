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
from cairn.core.extract.text.plain import groups
from cairn.core.extract.text.syntax import indent_of
from cairn.core.records import Document

_LONG_CLASS = 40  # rows; a longer class is cut into its methods
_MOST_PARSED = 1_000_000  # characters; a syntax tree takes a hundred times the memory of its text
_WORDS = (
    "export default public private protected internal static final abstract async inline extern "
    "pub unsafe override open data sealed virtual constexpr local"
)
_DEFINITION = re.compile(
    rf"(?:(?:{'|'.join(_WORDS.split())}|pub\([a-z: ]{{1,40}}\))\s+){{0,6}}"
    r"(?:class|function\*?|func|fn|def|struct|enum|union|interface|trait|impl|module|mod|object|"
    r"protocol|namespace|type|record|extension|sub|macro_rules!|"
    r"create\s+(?:or\s+replace\s+)?(?:table|view|function|procedure|index))"
    # What may stand before the name: a Go receiver, the parameters of a Rust impl.
    r"(?:\s+\([^()]{1,80}\)\s*|<[^<>]{1,80}>\s*|\s+)"
    r"(?:if\s+not\s+exists\s+)?[\"'`]?([\w.:]{1,100})(?:(?:<[^<>]{0,80}>)?\s+for\s+([\w.:]{1,100}))?",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(  # a function that JavaScript keeps in a constant
    r"(?:export\s+)?(?:default\s+)?(?:const|let|var)\s+([\w$]{1,100})\s*(?::[^=]{0,100})?=\s*"
    r"(?:async\s*)?(?:function\b|\([^()]{0,200}\)\s*(?::[^=]{0,100})?=>|[\w$]{1,50}\s*=>)"
)
_CALLABLE = re.compile(  # a C function, or a method: `int Garden::water(int n) {`
    r"(?:[\w:<>,&*\[\]?@.$]{1,100}\s+){0,8}[&*]{0,3}([\w:~$]{1,100})\s*\([^;=]{0,400}$"
)
_NOT_NAMES = frozenset(
    "if for while switch catch return else do try new throw sizeof assert".split()
)
_INDENTED = frozenset(  # languages whose classes hold their methods indented
    ".java .js .mjs .cjs .ts .tsx .jsx .cs .kt .kts .scala .swift .cpp .cc .cxx .hpp .hh .h .rs "
    ".php .rb .ex".split()
)
_CLOSERS = (")", "]", "}", "end", "#endif", "*/", "{")


def read_code(source: Source) -> Document:
    text, note = decode(source)
    lines = Lines.of(text)
    pieces = list(_python_pieces(lines)) if source.suffix in (".py", ".pyi") else []
    blocks = [
        lines.block(first, last, (clip(name),) if name else ())
        for first, last, name in pieces or _pieces_of(source.suffix, lines.rows)
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


def _pieces_of(suffix: str, rows: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The pieces by shape; a long class is cut once more, into its methods."""
    for first, last, name in _pieces_by_shape(rows, 0, len(rows), 0):
        if name and last - first > _LONG_CLASS and suffix in _INDENTED:
            yield from _members(rows, first, last, name)
        else:
            yield first, last, name


def _members(
    rows: Sequence[str], first: int, last: int, owner: str
) -> Iterator[tuple[int, int, str]]:
    inside = next((row for row in rows[first + 1 : last] if row[:1].isspace() and row.strip()), "")
    depth = indent_of(inside)
    for start, end, name in _pieces_by_shape(rows, first, last, depth):
        yield start, end, f"{owner}.{name}" if name and name != owner else owner


def _pieces_by_shape(
    rows: Sequence[str], first: int, last: int, depth: int
) -> Iterator[tuple[int, int, str]]:
    """Cut before a row at one depth that follows a blank row, a closer or a definition."""
    start, name = -1, ""
    for at in range(first, last):
        row = rows[at]
        if not row.strip():
            continue
        is_here = indent_of(row) == depth
        found = _defined(row[depth : depth + 1000], depth > 0) if is_here else ""
        before = rows[at - 1].strip() if at > first else ""
        fresh = is_here and not row.lstrip().startswith(_CLOSERS)
        if start < 0 or (fresh and (not before or (found and before.startswith(_CLOSERS)))):
            if start >= 0:
                yield start, at, name
            start, name = at, ""
        if found and not name:
            name = found
    if start >= 0:
        yield start, _after_last_visible(rows, last), name


def _defined(row: str, within: bool) -> str:
    """The name that a row defines, "" for none."""
    if found := _DEFINITION.match(row):
        return found[2] or found[1]
    if found := _ASSIGNED.match(row):
        return found[1]
    if (found := _CALLABLE.match(row)) and row.rstrip().endswith(("{", ")", ",", "(", "const")):
        names = row[: found.start(1)].split()
        if found[1] not in _NOT_NAMES and not _NOT_NAMES & set(names) and (names or within):
            return found[1]
    return ""


def _after_last_visible(rows: Sequence[str], last: int) -> int:
    while last > 0 and not rows[last - 1].strip():
        last -= 1
    return last
