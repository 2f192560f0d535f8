"""A graph that Roam Research has exported (JSON) → its pages, each with its nested blocks as items.

Called by `data.py`, which asks by the shape of the data whether a file is one. References to blocks
show the block's words, tables their rows; a block's day is that of its daily page, or its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cairn.core.extract.dates import find_date, find_time
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.source import Source, clip
from cairn.core.records import Document

_SHAPE = re.compile(r"\s{0,100}\[\s{0,100}\{")
_LOOKED_AT = 20
_KEYS = ("uid", "create-time", "edit-time", "create-email", "edit-email")
_BOX = re.compile(r"\{\{(?:\[\[)?(TODO|DONE)(?:\]\])?\}\}\s{0,9}")
_ALIAS = re.compile(r"\[([^\[\]]{1,500})\]\(\(\(([\w-]{1,40})\)\)\)")
_EMBED = re.compile(
    r"\{\{(?:\[\[)?embed(?:-path|-children)?(?:\]\])?:\s{0,9}(.{1,300}?)\s{0,9}\}\}"
)
_REFERENCE = re.compile(r"\(\(([\w-]{1,40})\)\)")
_TABLE = re.compile(r"\s{0,9}\{\{(?:\[\[)?table(?:\]\])?\}\}\s{0,9}")
_QUOTED_CHARS = 200
_MOST_LEVEL = 100
_MOST_CELLS = 50


def find_graph(text: str) -> list[dict[str, Any]]:
    """The pages, or nothing where the data is not a graph of Roam's."""
    if not _SHAPE.match(text) or '"title"' not in text or '"string"' not in text:
        return []
    try:
        pages = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not all(isinstance(page, dict) and isinstance(page.get("title"), str) for page in pages):
        return []
    blocks = [block for page in pages for block in _children(page)[:1]][:_LOOKED_AT]
    known = all(any(key in block for key in _KEYS) for block in blocks)
    return pages if blocks and known and all("string" in block for block in blocks) else []


def read_graph(source: Source, pages: list[dict[str, Any]], note: str) -> Document:
    words = {uid: text for page in pages for uid, text in _strings(page)}
    pieces = Pieces("n", source.max_chars)
    for page in pages:
        title = page["title"]
        daily = find_date(title)
        pieces.heading(1, title, when=daily or _day(page))
        for item in _items(page):
            _write(pieces, item, daily, words)
    properties = Properties(source.stem, "", find_date(source.name))
    return pieces.document(source, "note", properties, note=note)


@dataclass(frozen=True, slots=True)
class _Item:
    block: dict[str, Any]
    level: int
    """Counted from 2 below the page."""
    depth: int
    """Below the page or the heading that it stands under."""
    cells: tuple[str, ...] = ()
    """Of a row of a table, which has no block of its own."""


def _write(pieces: Pieces, item: _Item, daily: str, words: dict[str, str]) -> None:
    when = daily or _day(item.block)
    pieces.end(item.level)
    if item.cells:
        pieces.row(" | ".join(_shown(cell, words) for cell in item.cells), when=when)
    elif item.block.get("heading"):
        pieces.heading(item.level, _shown(_string(item.block), words), when=when)
    else:
        text = _shown(_string(item.block), words)
        mark = "" if text.startswith(("☐ ", "☑ ", "```")) else "- "
        pieces.item(mark + text if text else "", item.depth, when=when)


def _items(page: dict[str, Any]) -> Iterator[_Item]:
    """The blocks of a page in reading order, without recursion."""
    waiting = [_Item(block, 2, 0) for block in reversed(_children(page))]
    while waiting:
        item = waiting.pop()
        if _TABLE.fullmatch(_string(item.block)):
            yield from (_Item(item.block, item.level, 0, cells) for cells in _rows(item.block))
            continue
        yield item
        depth = 0 if item.block.get("heading") else item.depth + 1
        level = min(item.level + 1, _MOST_LEVEL)
        waiting += [_Item(block, level, depth) for block in reversed(_children(item.block))]


def _rows(table: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """A cell's children are the cells to its right."""
    waiting: list[tuple[dict[str, Any], tuple[str, ...]]] = []
    waiting += [(block, ()) for block in reversed(_children(table))]
    while waiting:
        block, before = waiting.pop()
        cells = (*before, _string(block))
        below = _children(block) if len(cells) < _MOST_CELLS else []
        if not below:
            yield cells
        waiting += [(child, cells) for child in reversed(below)]


def _strings(page: dict[str, Any]) -> Iterator[tuple[str, str]]:
    waiting = _children(page)
    while waiting:
        block = waiting.pop()
        waiting += _children(block)
        if isinstance(uid := block.get("uid"), str):
            yield uid, clip(_BOX.sub("", _string(block)), _QUOTED_CHARS)


def _shown(text: str, words: dict[str, str]) -> str:
    """A block's text as Roam shows it: boxes, and the words of the blocks that it refers to."""
    text = _BOX.sub(lambda found: "☑ " if found[1] == "DONE" else "☐ ", text)
    text = _ALIAS.sub(r"\1", text)
    text = _EMBED.sub(r"\1", text)
    return _REFERENCE.sub(lambda found: words.get(found[1], found[0]), text).strip()


def _children(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = block.get("children")
    return [child for child in found if isinstance(child, dict)] if isinstance(found, list) else []


def _string(block: dict[str, Any]) -> str:
    text = block.get("string")
    return text if isinstance(text, str) else ""


def _day(block: dict[str, Any]) -> str:
    """Only the day: moments would part the blocks of one sitting."""
    for key in ("create-time", "edit-time"):
        if isinstance(moment := block.get(key), int):
            return find_time(str(moment))[:10]
    return ""
