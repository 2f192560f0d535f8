"""How Markdown, Org, reStructuredText and LaTeX spell headings, listings and list items.

Used by `markup.py` only, which gets AsciiDoc, Textile and Muse from here too. Each question looks
at one row and at most two after it, except for the end of a listing, so that reading stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_BULLET = re.compile(r"\s*(?:[-*+•]|\d{1,9}[.)]|#\.)\s+\S")
_ORG_BULLET = re.compile(r"\s*(?:[-+]|\s\*|\d{1,9}[.)])\s+\S")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ORG_BEGIN = re.compile(r"\s*#\+begin_(\w+)", re.IGNORECASE)
_TEX_BEGIN = re.compile(r"\s*\\begin\{(verbatim|lstlisting|minted|equation|align|tabular)(\*?)\}")
_TEX_HEADING = re.compile(r"\s*\\(part|chapter|section|subsection|subsubsection|paragraph)\*?\{")
_TEX_LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph")
_RST_RULE = re.compile(r"([=\-~^\"'`#*+.:_<>])\1+")


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    title: str
    rows: int


class Syntax(Protocol):
    def heading(self, rows: Sequence[str], at: int) -> Heading | None:
        """The heading that begins at a row."""

    def opens_listing(self, rows: Sequence[str], at: int) -> bool:
        """Whether a piece that must stay whole begins at a row."""

    def listing(self, rows: Sequence[str], at: int) -> int:
        """The row after the listing that begins at a row; the same row when none does."""

    def is_item(self, row: str) -> bool:
        """Whether a row begins a list item."""


def syntax_of(suffix: str) -> Syntax:
    from cairn.core.extract.text import syntax_wiki

    match suffix:
        case ".adoc" | ".asciidoc":
            return syntax_wiki.Asciidoc()
        case ".textile":
            return syntax_wiki.Textile()
        case ".muse":
            return syntax_wiki.Muse()
        case ".org":
            return Org()
        case ".rst":
            return Rst()
        case ".tex":
            return Tex()
    return Markdown()


def indent_of(row: str) -> int:
    return len(row) - len(row.lstrip())


class Markdown:
    def heading(self, rows: Sequence[str], at: int) -> Heading | None:
        row = rows[at]
        body = row.lstrip(" ")
        if len(row) - len(body) > 3:
            return None
        if body.startswith("#"):
            title = body.lstrip("#")
            level = len(body) - len(title)
            if level <= 6 and title[:1] in ("", " ", "\t"):
                return Heading(level, _unmark(title.strip().rstrip("#")), 1)
            return None
        if at + 1 < len(rows) and len(row) < 500 and not self.is_item(row) and body[:1] != ">":
            rule = rows[at + 1].rstrip()
            if len(rule) >= 2 and not rule.strip("="):
                return Heading(1, _unmark(body), 2)
            if len(rule) >= 3 and not rule.strip("-") and body.strip("-* _"):
                return Heading(2, _unmark(body), 2)
        return None

    def opens_listing(self, rows: Sequence[str], at: int) -> bool:
        return _FENCE.match(rows[at]) is not None

    def listing(self, rows: Sequence[str], at: int) -> int:
        found = _FENCE.match(rows[at])
        if not found:
            return at
        fence = found[1]
        for end in range(at + 1, len(rows)):
            row = rows[end].strip()
            if row.startswith(fence) and not row.strip(fence[0]):
                return end + 1
        return len(rows)

    def is_item(self, row: str) -> bool:
        return _BULLET.match(row) is not None


class Org:
    def heading(self, rows: Sequence[str], at: int) -> Heading | None:
        title = rows[at].lstrip("*")
        level = len(rows[at]) - len(title)
        return Heading(level, title.strip(), 1) if level and title[:1] == " " else None

    def opens_listing(self, rows: Sequence[str], at: int) -> bool:
        return _ORG_BEGIN.match(rows[at]) is not None

    def listing(self, rows: Sequence[str], at: int) -> int:
        found = _ORG_BEGIN.match(rows[at])
        return until(rows, at, f"#+end_{found[1]}".lower()) if found else at

    def is_item(self, row: str) -> bool:
        return _ORG_BULLET.match(row) is not None


class Rst:
    def __init__(self) -> None:
        self._styles: list[str] = []

    def heading(self, rows: Sequence[str], at: int) -> Heading | None:
        row = rows[at]
        if len(row) > 500 or row[:1].isspace() or at + 1 >= len(rows):
            return None
        if _RST_RULE.fullmatch(row.rstrip()):
            over = (
                at + 2 < len(rows)
                and rows[at + 1].strip()
                and rows[at + 2].rstrip() == row.rstrip()
            )
            return Heading(self._level(row[0] * 2), rows[at + 1].strip(), 3) if over else None
        rule = rows[at + 1].rstrip()
        if len(rule) >= max(3, len(row.rstrip())) and _RST_RULE.fullmatch(rule):
            return Heading(self._level(rule[0]), row.strip(), 2)
        return None

    def opens_listing(self, rows: Sequence[str], at: int) -> bool:
        return rows[at].startswith(".. ")

    def listing(self, rows: Sequence[str], at: int) -> int:
        """A directive, or a paragraph that ends in `::`, with the deeper rows below it."""
        end = at + 1
        if not self.opens_listing(rows, at):
            if self.is_item(rows[at]) or rows[at][:1].isspace():
                return at
            while end < len(rows) and rows[end].strip() and self.heading(rows, end) is None:
                end += 1
            if not rows[end - 1].rstrip().endswith("::"):
                return at
        last = end
        while end < len(rows) and (not rows[end].strip() or rows[end][0].isspace()):
            end += 1
            last = end if rows[end - 1].strip() else last
        return last

    def is_item(self, row: str) -> bool:
        return _BULLET.match(row) is not None

    def _level(self, style: str) -> int:
        """Levels are named by the order in which their underlines appear."""
        if style not in self._styles:
            self._styles.append(style)
        return self._styles.index(style) + 1


class Tex:
    def heading(self, rows: Sequence[str], at: int) -> Heading | None:
        found = _TEX_HEADING.match(rows[at])
        if not found:
            return None
        title = rows[at][found.end() : found.end() + 500].partition("}")[0]
        return Heading(_TEX_LEVELS.index(found[1]) + 1, title, 1)

    def opens_listing(self, rows: Sequence[str], at: int) -> bool:
        return _TEX_BEGIN.match(rows[at]) is not None

    def listing(self, rows: Sequence[str], at: int) -> int:
        found = _TEX_BEGIN.match(rows[at])
        return until(rows, at, f"\\end{{{found[1]}{found[2]}}}") if found else at

    def is_item(self, row: str) -> bool:
        return row.lstrip().startswith("\\item")


def until(rows: Sequence[str], at: int, closing: str) -> int:
    """The row after the closing one; unclosed, it runs to the end, which keeps this linear."""
    for end in range(at, len(rows)):
        if closing in rows[end].lower():
            return end + 1
    return len(rows)


def _unmark(title: str) -> str:
    """A heading without the emphasis marks around it."""
    return title.strip().strip("*_").strip()
