"""The bookmarks that browsers and link collections export → one block each, under its folders.

Called by `page.py` for pages that say they are such a file. A bookmark is its title, address,
description and tags, with the day it was added; a citation names the line where it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cairn.core.extract.dates import find_date, find_time
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.source import Source, clean, clip, unify_newlines
from cairn.core.extract.web.html_scan import Tag, Text, scan
from cairn.core.records import Document

_ATTRIBUTES = frozenset(("a", "h3"))
_ENDS = frozenset(("dt", "dl", "hr", "h1", "h3", "a", "html", "body"))
_MOST_DEPTH = 100
_ADDRESS_CHARS = 2000
_MICROSECONDS = re.compile(r"(\d{10})\d{6}")


@dataclass(slots=True)
class _Item:
    """A bookmark, a folder's name or description, or the page's heading, as it is gathered."""

    form: str
    """`a`, `h1`, `h3` or `dd`."""
    line: int
    depth: int
    tag: Tag | None = None
    title: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def read_bookmarks(source: Source, html: str, note: str) -> Document:
    pieces = Pieces("L", source.max_chars)
    title = heading = ""
    for item in _items(html):
        words = clip(clean("".join(item.title)))
        if item.form == "title":
            title = title or words
        elif item.form == "h1":
            heading = heading or words
            if words != title:
                pieces.at(item.line)
                pieces.paragraph(words)
        else:
            pieces.at(item.line)
            _write(pieces, item, words)
    properties = Properties(title or heading or source.stem, "", find_date(source.name))
    return pieces.document(source, "web", properties, note=note)


def _write(pieces: Pieces, item: _Item, words: str) -> None:
    pieces.end(item.depth)
    if item.form == "h3":
        pieces.heading(item.depth, words)
        pieces.paragraph(_folded(item.said))
        return
    tag = item.tag or Tag("a", closes=False)
    tags = ", ".join(filter(None, (part.strip() for part in tag.value("tags").split(","))))
    rows = (
        words,
        clip(tag.value("href"), _ADDRESS_CHARS),
        _folded(item.said) or clean(tag.value("description")).strip(),
        clean(f"Tags: {tags}") if tags else "",
    )
    pieces.paragraph("\n".join(filter(None, rows)), when=_added(tag))


def _items(html: str) -> Iterator[_Item]:
    """What the page lists, in order; descriptions belong to what stands before them."""
    item: _Item | None = None
    into: list[str] = []
    depth = 0
    line = 1
    for token in scan(html, _ATTRIBUTES):
        if isinstance(token, Text):
            into.append(token.text)
            line = token.line
            continue
        opens = not token.closes
        if token.name in ("a", "h1", "h3", "title"):
            if opens:
                if item:
                    yield item
                item = _Item(token.name, line, depth, token)
            into = item.title if item and opens else []
        elif token.name == "dd":
            into = item.said if item and opens else []
        elif token.name == "dl":
            depth = min(max(depth + (1 if opens else -1), 0), _MOST_DEPTH)
        if token.name in ("dt", "dl", "hr"):
            into = []
    if item:
        yield item


def _folded(said: list[str]) -> str:
    rows = (row.rstrip() for row in clean(unify_newlines("".join(said))).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()


def _added(tag: Tag) -> str:
    value = tag.value("add_date") or tag.value("time_added") or tag.value("last_modified")
    if found := _MICROSECONDS.fullmatch(value.strip()):
        value = found[1]
    return find_time(value) or find_date(value.replace("/", " "))
