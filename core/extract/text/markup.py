"""Markdown, Org, reStructuredText, LaTeX and others → paragraphs, list items, table rows, listings.

Called by `extract`. One loop serves them all; `syntax.py` says how each spells a heading, a listing
and a list item. Every visible character below the front matter is in exactly one block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cairn.core.extract.dates import find_date, find_time, leading_date
from cairn.core.extract.source import Lines, Source, clip, decode
from cairn.core.extract.text.front import read_front_matter
from cairn.core.extract.text.outline import Outline, absorb_ornaments
from cairn.core.extract.text.syntax import Syntax, indent_of, syntax_of
from cairn.core.records import Block, Document

_RULE_CHARS = frozenset(" \t:|+-")
_TEX_TITLE = re.compile(r"\\title\{([^{}]{1,300})\}")
_ORG_KEYWORD = re.compile(r"#\+(title|date|author):\s*(\S.*)", re.IGNORECASE)
_FIELD = re.compile(r":(date|author|created|revdate|docdate|published):\s+(\S.*)", re.IGNORECASE)
_MUSE_KEYWORD = re.compile(r"#(title|date|author|pubdate)\s+(\S.*)", re.IGNORECASE)
_KEYWORDS = {
    ".org": _ORG_KEYWORD, ".rst": _FIELD, ".adoc": _FIELD, ".asciidoc": _FIELD,
    ".muse": _MUSE_KEYWORD,
}  # fmt: skip
_DATE_KEYS = ("date", "revdate", "docdate", "published", "pubdate", "created")
_REVISION = re.compile(r"v?\d[\w.]{0,20},\s*([^:]{6,60})")
_HEAD_ROWS = 50


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself before it begins."""

    title: str = ""
    when: str = ""
    who: str = ""


def read_markup(source: Source) -> Document:
    text, note = decode(source)
    front = read_front_matter(text) if source.suffix in (".md", ".markdown") else None
    lines = Lines.of(text)
    if front and any(row.strip() for row in lines.rows[front.lines :]):
        lines = Lines.of(text[lines.starts[front.lines] :], 1 + front.lines)
    about = _keywords(lines.rows, source.suffix)
    if front:
        about = About(front.title, front.when, front.who)
    title = about.title
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
        when=about.when or find_date(source.name),
        who=clip(about.who),
        note=note,
    )


def _keywords(rows: tuple[str, ...], suffix: str) -> About:
    """What lines such as `#+TITLE:`, `:Date:` or `#date` at the top say."""
    keyword = _KEYWORDS.get(suffix)
    if keyword is None:
        return About()
    values: dict[str, str] = {}
    for row in rows[:_HEAD_ROWS]:
        if found := keyword.match(row[:1000]):
            values.setdefault(found[1].lower(), found[2].strip().strip("<>[]"))
    if suffix in (".adoc", ".asciidoc") and rows[0].startswith("= "):
        # Below the title may stand the author, and below that `v1.0, 2026-03-02`.
        for row in rows[1:3]:
            if found := _REVISION.match(row[:200]):
                values.setdefault("revdate", found[1])
    dates = (find_time(values.get(key, "")) for key in _DATE_KEYS)
    when = next(filter(None, dates), "")
    return About(values.get("title", ""), when, values.get("author", ""))


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
            day = leading_date(rows[at])
            at = at + 1 if header else _end_of_piece(rows, at, syntax)
            block = outline.block(start, lines.starts[at] - 1, header)
            yield replace(block, when=day or block.when)
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
        or bool(leading_date(rows[at]))
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
