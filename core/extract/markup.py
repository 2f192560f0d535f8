"""Markdown, Org, reStructuredText and LaTeX → paragraphs, list items, table rows and listings.

Called by `extract`. One loop serves all four; `syntax.py` says how each spells a heading, a listing
and a list item. Every visible character below the front matter is in exactly one block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cairn.core.extract.dates import find_date, find_time
from cairn.core.extract.front import read_front_matter
from cairn.core.extract.outline import Outline, absorb_ornaments
from cairn.core.extract.source import Lines, Source, clip, decode
from cairn.core.extract.syntax import Syntax, indent_of, syntax_of
from cairn.core.records import Block, Document

_RULE_CHARS = frozenset(" \t:|+-")
_TEX_TITLE = re.compile(r"\\title\{([^{}]{1,300})\}")
_KEYWORD = re.compile(r"#\+(title|date):\s*(\S.*)", re.IGNORECASE)


def read_markup(source: Source) -> Document:
    text, note = decode(source)
    front = read_front_matter(text) if source.suffix in (".md", ".markdown") else None
    lines = Lines.of(text)
    if front and any(row.strip() for row in lines.rows[front.lines :]):
        lines = Lines.of(text[lines.starts[front.lines] :], 1 + front.lines)
    title, when = _keywords(lines.rows) if source.suffix == ".org" else ("", "")
    if front:
        title, when = front.title, front.when
    if source.suffix == ".tex" and (found := _TEX_TITLE.search(text)):
        title = found[1]
    outline = Outline()
    blocks = list(_read_blocks(lines, syntax_of(source.suffix), outline))
    return Document(
        uri=source.uri,
        kind="note",
        title=clip(title) or outline.main_title or source.stem,
        text=lines.text,
        places=lines.places(),
        blocks=tuple(absorb_ornaments(lines.text, blocks)),
        when=when or find_date(source.name),
        note=note,
    )


def _keywords(rows: tuple[str, ...]) -> tuple[str, str]:
    """`#+TITLE:` and `#+DATE:` of an Org file."""
    values: dict[str, str] = {}
    for row in rows[:50]:
        if found := _KEYWORD.match(row[:1000]):
            values.setdefault(found[1].lower(), found[2].strip().strip("<>[]"))
    return values.get("title", ""), find_time(values.get("date", ""))


def _read_blocks(lines: Lines, syntax: Syntax, outline: Outline) -> Iterator[Block]:
    rows, header, at = lines.rows, "", 0
    while at < len(rows):
        start = lines.starts[at]
        if not rows[at].strip():
            header, at = "", at + 1
        elif heading := syntax.heading(rows, at):
            header, at = "", at + heading.rows
            left = outline.enter(heading.level, heading.title, start, lines.starts[at] - 1)
            if left:
                yield left
        elif not header and _starts_table(rows, at):
            header, at = rows[at].strip(), at + 2
            outline.hold(start, lines.starts[at] - 1)
        else:
            if not _is_row(rows[at]):
                header = ""
            at = at + 1 if header else _end_of_piece(rows, at, syntax)
            yield outline.block(start, lines.starts[at] - 1, header)
    if left := outline.close():
        yield left


def _is_row(row: str) -> bool:
    return "|" in row


def _starts_table(rows: tuple[str, ...], at: int) -> bool:
    """A row of cells over a ruled row, as Markdown and Org write it."""
    if at + 1 >= len(rows) or not _is_row(rows[at]):
        return False
    rule = rows[at + 1]
    return "|" in rule and "-" in rule and _RULE_CHARS.issuperset(rule)


def _end_of_piece(rows: tuple[str, ...], at: int, syntax: Syntax) -> int:
    """The row after the listing, list item or paragraph that begins at `at`."""
    whole = syntax.listing(rows, at)
    if whole > at:
        return whole
    if syntax.is_item(rows[at]):
        return _end_of_item(rows, at, syntax)
    end = at + 1
    while end < len(rows) and rows[end].strip() and not _interrupts(rows, end, syntax):
        end += 1
    return end


def _interrupts(rows: tuple[str, ...], at: int, syntax: Syntax) -> bool:
    return (
        syntax.is_item(rows[at])
        or syntax.opens_listing(rows, at)
        or syntax.heading(rows, at) is not None
        or _starts_table(rows, at)
    )


def _end_of_item(rows: tuple[str, ...], at: int, syntax: Syntax) -> int:
    """An item ends where text stands at its own depth again; what is nested belongs to it."""
    depth = indent_of(rows[at])
    end = at + 1
    while end < len(rows):
        if not rows[end].strip():
            after = end
            while after < len(rows) and not rows[after].strip():
                after += 1
            if after == len(rows) or indent_of(rows[after]) <= depth:
                return end
            end = after
        elif indent_of(rows[end]) <= depth and _interrupts(rows, end, syntax):
            return end
        end += 1
    return end
