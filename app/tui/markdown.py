"""The Markdown of an entry → what a person reads of it: headings, lists, quotes, code, emphasis.

Used for entries, which are short. A link is shown as its words and where it leads; it does nothing.
What is not understood stays as it was written, and takes time in proportion to its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.content import Content

from cairn.app.tui import text

_HEADING = re.compile(r"(#{1,6}) +(.*)$")
_ITEM = re.compile(r"( *)(?:[-*+]|(\d{1,9}[.)])) +(\[[ xX]\] )?(.*)$")
_QUOTE = re.compile(r" {0,3}> ?(.*)$")
_RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_INLINE = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|(?P<strong>\*\*[^*\n]+\*\*|(?<!\w)__[^_\n]+__(?!\w))"
    r"|(?P<soft>\*[^*\s][^*\n]*\*|(?<!\w)_[^_\s][^_\n]*_(?!\w))"
    r"|(?P<struck>~~[^~\n]+~~)"
    r"|(?P<wiki>\[\[[^\[\]\n]+\]\])"
    r"|(?P<link>!?\[[^\[\]\n]+\]\([^()\s]+\))"
)


def read(source: str) -> Content:
    return Content("\n").join(list(_lines(text.safe(source))))


def _lines(source: str) -> Iterator[Content]:
    is_code = False
    for line in source.split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
        elif is_code:
            yield Content.styled(f"  {line}", "$secondary")
        else:
            yield _line(line)


def _line(line: str) -> Content:
    if found := _HEADING.match(line):
        return Content.styled(
            found[2].rstrip("# "), "bold $primary" if len(found[1]) < 3 else "bold"
        )
    if _RULE.match(line):
        return Content.styled("* * *", text.FAINT)
    if found := _QUOTE.match(line):
        return Content.assemble(("> ", text.FAINT), inline(found[1]).stylize_before(text.QUIET))
    if found := _ITEM.match(line):
        box = {"": "", "[ ] ": "☐ "}.get(found[3] or "", "☑ ")
        mark = found[2] or (box and box.strip()) or "•"
        return Content.assemble(found[1], (f"{mark} ", "$primary"), inline(found[4]))
    return inline(line)


def inline(line: str) -> Content:
    parts: list[Content] = []
    end = 0
    for found in _INLINE.finditer(line):
        parts.append(Content(line[end : found.start()]))
        parts.append(_shown(str(found.lastgroup), found[0]))
        end = found.end()
    return Content("").join([*parts, Content(line[end:])])


def _shown(kind: str, given: str) -> Content:
    if kind == "code":
        return Content.styled(given.strip("`"), "$secondary")
    if kind == "wiki":
        return Content.styled(given[2:-2].rpartition("|")[2], "$primary")
    if kind == "link":
        words, _, target = given.lstrip("!")[1:-1].partition("](")
        return Content.assemble((words, "underline"), (f" ({target})", text.FAINT))
    if kind == "soft":
        return Content.styled(given[1:-1], "italic")
    return Content.styled(given[2:-2], "bold" if kind == "strong" else "strike")
