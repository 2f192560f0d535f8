"""How AsciiDoc, Textile and Muse spell headings, listings and list items.

Used by `syntax.py` only, by the same rules as the others there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cairn.core.extract.text.syntax import Heading, until

_ADOC_HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*)")
_ADOC_FENCE = re.compile(r"(-{4,}|\.{4,}|\+{4,}|/{4,}|`{3,})\s*$|`{3}\w{1,30}\s*$")
_ADOC_ITEM = re.compile(r"\s*(?:[*-]{1,5}|\.{1,5}|\d{1,9}\.|<\d{0,3}>)\s+\S")
_TEXTILE_HEADING = re.compile(r"h([1-6])(?:\([^()]{0,80}\)|\{[^{}]{0,80}\}|[<>=]{1,2})?\.\s+(\S.*)")
_TEXTILE_LISTING = re.compile(r"<(pre|notextile)\b", re.IGNORECASE)
_TEXTILE_ITEM = re.compile(r"[*#]{1,9}\s+\S")
_MUSE_HEADING = re.compile(r"(\*{1,5})\s+(\S.*)")
_MUSE_LISTING = re.compile(r"\s*<(example|verse|literal|src|biblio)\b", re.IGNORECASE)
_MUSE_ITEM = re.compile(r"\s+(?:-|\d{1,9}\.|[a-zA-Z]\.)\s+\S")


class Asciidoc:
    def heading(self, rows: Sequence[str], at: int) -> Heading | None:
        found = _ADOC_HEADING.match(rows[at])
        return Heading(len(found[1]), found[2].strip(), 1) if found else None

    def opens_listing(self, rows: Sequence[str], at: int) -> bool:
        return _ADOC_FENCE.match(rows[at]) is not None

    def listing(self, rows: Sequence[str], at: int) -> int:
        found = _ADOC_FENCE.match(rows[at])
        if not found:
            return at
        fence = found[1] or "```"
        ends = (n for n in range(at + 1, len(rows)) if rows[n].rstrip() == fence.rstrip())
        return next(ends, len(rows) - 1) + 1

    def is_item(self, row: str) -> bool:
        return _ADOC_ITEM.match(row) is not None


class Textile:
    def heading(self, rows: Sequence[str], at: int) -> Heading | None:
        found = _TEXTILE_HEADING.match(rows[at])
        return Heading(int(found[1]), found[2].strip(), 1) if found else None

    def opens_listing(self, rows: Sequence[str], at: int) -> bool:
        return _TEXTILE_LISTING.match(rows[at]) is not None

    def listing(self, rows: Sequence[str], at: int) -> int:
        found = _TEXTILE_LISTING.match(rows[at])
        return until(rows, at, f"</{found[1].lower()}>") if found else at

    def is_item(self, row: str) -> bool:
        return _TEXTILE_ITEM.match(row) is not None


class Muse:
    def heading(self, rows: Sequence[str], at: int) -> Heading | None:
        found = _MUSE_HEADING.match(rows[at])
        return Heading(len(found[1]), found[2].strip(), 1) if found else None

    def opens_listing(self, rows: Sequence[str], at: int) -> bool:
        return _MUSE_LISTING.match(rows[at]) is not None

    def listing(self, rows: Sequence[str], at: int) -> int:
        found = _MUSE_LISTING.match(rows[at])
        return until(rows, at, f"</{found[1].lower()}>") if found else at

    def is_item(self, row: str) -> bool:
        return _MUSE_ITEM.match(row) is not None
