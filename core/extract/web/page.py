"""An HTML page → its visible text: paragraphs under headings, table rows under their header row.

Called by `extract`, and by `mail.py` for mails that have no plain text. Each run of text keeps the
source line it begins on. Unclosed or nested tags cannot raise or recurse: there is no tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cairn.core.extract.dates import find_date, find_time
from cairn.core.extract.source import (
    Source,
    clean,
    clip,
    decode,
    decode_declared,
    join_notes,
    limited,
    unify_newlines,
)
from cairn.core.extract.text.outline import Outline, absorb_ornaments
from cairn.core.extract.web.hiding import Hiding, Seen
from cairn.core.extract.web.html_scan import Tag, Text, scan
from cairn.core.records import Block, Document, Place

_PARAGRAPHS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form header hgroup hr html legend li main menu nav ol option p pre "
    "section select summary table tbody tfoot thead tr ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CELLS = frozenset(("td", "th"))
_HIDDEN = frozenset(("template", "noscript", "svg", "nav"))  # a menu is the same on every page
_TIGHT = frozenset(("li", "tr", "dt", "dd", "option"))  # no blank line before these
_TABLE_PARTS = frozenset(("table", "tr", "tbody", "thead", "tfoot"))
_LINE_BREAK = "\v"  # white space of its own, which no page contains as text
_CELL_BREAK = " | "
_PIECES = re.compile(r"\s+|\S+")
_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})", re.IGNORECASE)
_DATE_NAMES = (
    "article:published_time", "date", "dc.date", "dc.date.issued", "dcterms.created",
    "dcterms.issued", "datepublished", "pubdate", "publishdate", "publish_date",
)  # fmt: skip
# A line of its own near the top that says when a page was published.
_PUBLISHED = re.compile(
    r"^(?:first |originally )?(?:published|posted|veröffentlicht|publié|publicado)"
    r"(?: (?:on|am|le|el))?:?\s+(\S.{4,60})$",
    re.IGNORECASE | re.MULTILINE,
)
_BOOKMARKS = re.compile(r"\s{0,100}<!DOCTYPE\s{1,20}NETSCAPE-Bookmark-file", re.IGNORECASE)
_TOP_CHARS = 5000


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows."""

    title: str
    heading: str
    when: str
    text: str
    places: tuple[Place, ...]
    blocks: tuple[Block, ...]


def read_web(source: Source) -> Document:
    html, note = decode_page(source)
    if _BOOKMARKS.match(html):
        from cairn.core.extract.web.bookmarks import read_bookmarks

        return read_bookmarks(source, html, note)
    page = read_page(html)
    return Document(
        uri=source.uri,
        kind="web",
        title=clip(page.title) or page.heading or source.stem,
        text=page.text,
        places=page.places,
        blocks=page.blocks,
        when=page.when or _published(page.text) or find_date(source.name),
        note=note,
    )


def _published(text: str) -> str:
    found = _PUBLISHED.search(text, 0, _TOP_CHARS)
    return find_time(found[1]) if found else ""


def read_page(html: str) -> Page:
    """The visible part of HTML source with "\n" line ends."""
    reader = _Reader(hides=True)
    reader.read(html)
    if reader.hid_too_much:  # an unclosed <noscript> would swallow the page
        reader = _Reader(hides=False)
        reader.read(html)
    return reader.page()


def decode_page(source: Source) -> tuple[str, str]:
    data = source.data
    found = _CHARSET.search(data[:4096])
    declared = found[1].decode("ascii", "replace") if found else ""
    # A page that is valid UTF-8 is UTF-8, whatever it says; a byte order mark decides anyway.
    if declared.lower() not in ("", "utf-8", "utf8") and b"\0" not in data:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            text = decode_declared(data, declared)
            if text is not None:
                damaged = "some characters could not be decoded" if "\ufffd" in text else ""
                text = limited(unify_newlines(clean(text)), source.max_chars * 2)
                return text, join_notes(damaged)
    return decode(source)


class _Reader:
    """Collects text run by run; `_flush` turns what has gathered into a block."""

    def __init__(self, hides: bool) -> None:
        self._hides = hides
        self._hidden: list[str] = []
        self._hiding = Hiding()
        self._runs: list[Text] = []
        self._in_title = self._in_pre = False
        self._title: list[str] = []
        self._heading_level = 0
        self._row: list[str] | None = None
        """The cell tags of the table row being read."""
        self._headers: list[str] = []
        """The header row of each open table."""
        self._line = 1
        self._gap = ""
        """What goes between the last block and the next."""
        self._when = ""
        self._parts: list[str] = []
        self._size = 0
        self._places: list[Place] = []
        self._blocks: list[Block] = []
        self._outline = Outline()

    @property
    def hid_too_much(self) -> bool:
        return self._hides and (bool(self._hidden) or not self._blocks)

    def read(self, html: str) -> None:
        for token in scan(html):
            if isinstance(token, Tag):
                if self._hiding.take(token):
                    self._take_tag(token)
                elif token.name in _PARAGRAPHS:
                    self._break(_LINE_BREAK)
            elif self._in_title:
                self._title.append(token.text)
            elif not self._hidden and self._hiding.seen == Seen.ALL:
                self._runs.append(token)
                self._line = token.line
        self._flush()
        if left := self._outline.close():
            self._blocks.append(left)

    def page(self) -> Page:
        text = "".join(self._parts)
        blocks = tuple(absorb_ornaments(text, self._blocks))
        title = clean("".join(self._title))
        heading = self._outline.main_title
        return Page(title, heading, self._when, text, tuple(self._places), blocks)

    def _take_tag(self, tag: Tag) -> None:
        name = tag.name
        self._in_title = False
        if self._hides and name in _HIDDEN:
            self._hide(tag)
        elif self._hidden:
            return
        elif name == "title":
            self._in_title = not tag.closes and not self._title
        elif name in ("meta", "time"):
            self._date(tag)
        elif name == "br":
            self._break(_LINE_BREAK)
        elif name in _CELLS and not tag.closes:
            self._open_cell(name)
        elif name in _HEADINGS:
            self._flush()
            self._row = None
            self._heading_level = 0 if tag.closes else int(name[1])
        elif name in _PARAGRAPHS:
            self._begin_or_end(tag)

    def _hide(self, tag: Tag) -> None:
        if not tag.closes and not tag.empty:
            self._hidden.append(tag.name)
        elif self._hidden and self._hidden[-1] == tag.name:
            self._hidden.pop()

    def _date(self, tag: Tag) -> None:
        if tag.name == "time":
            value = tag.value("datetime")
        else:
            named = (tag.value("name") or tag.value("property") or tag.value("itemprop")).lower()
            value = tag.value("content") if named in _DATE_NAMES else ""
        if value and not self._when:
            self._when = find_time(value)

    def _begin_or_end(self, tag: Tag) -> None:
        """A tag whose content stands on lines of its own; within a cell that is a line break."""
        if self._row and tag.name not in _TABLE_PARTS:
            self._break(_LINE_BREAK)
            return
        self._flush()
        if self._size:
            self._gap = "\n" if tag.name in _TIGHT else "\n\n"
        if tag.name == "pre":
            self._in_pre = not tag.closes
        elif tag.name == "tr":
            self._row = None if tag.closes else []
        elif tag.name == "table":
            self._row = None
            if not tag.closes:
                self._headers.append("")
            elif self._headers:
                self._headers.pop()

    def _open_cell(self, name: str) -> None:
        if self._row is None:  # outside a row, or after a table within the cell before
            self._flush()
            self._row = []
        elif self._row:
            self._break(_CELL_BREAK)
        self._row.append(name)

    def _break(self, mark: str) -> None:
        in_table = mark == _CELL_BREAK and bool(self._headers and self._headers[-1])
        if self._runs or in_table:  # an empty first cell only matters below a header
            self._runs.append(Text(mark, self._line))

    def _flush(self) -> None:
        """Write the gathered runs as one block, white space folded unless it is meant."""
        runs, self._runs = self._runs, []
        words: list[str] = []
        start = self._size
        gap = ""
        for run in runs:
            for piece in _PIECES.findall(run.text):
                if piece.isspace():
                    gap += piece
                    continue
                lead = self._fold(gap) if words else self._gap
                start = start if words else self._size + len(lead)
                self._size += len(lead) + len(piece)
                if not self._places or self._places[-1].number != run.line:
                    self._places.append(Place(self._size - len(piece), "L", run.line))
                self._parts.append(lead)
                self._parts.append(piece)
                words.append(piece)
                gap = ""
        if words:
            self._finish(start, " ".join(words))
            self._gap = "\n\n"

    def _fold(self, gap: str) -> str:
        if self._in_pre:
            return gap.replace(_LINE_BREAK, "\n")
        return "\n" if _LINE_BREAK in gap else gap[:1] and " "

    def _finish(self, start: int, text: str) -> None:
        """Decide what the text since `start` was: a heading, a header row, a row, a paragraph."""
        header = self._headers[-1] if self._headers and self._row else ""
        if self._heading_level:
            left = self._outline.enter(self._heading_level, text, start, self._size)
            self._heading_level = 0
            if left:
                self._blocks.append(left)
        elif self._headers and not header and self._row and self._is_header_row():
            self._headers[-1] = text
            self._outline.hold(start, self._size)
        else:
            self._blocks.append(self._outline.block(start, self._size, header))

    def _is_header_row(self) -> bool:
        return self._row is not None and len(self._row) > 1 and set(self._row) == {"th"}
