"""The body of an Evernote note (ENML) → its lines: paragraphs, list items, table rows, listings.

Called by `enex.py`. Check boxes are ☐ and ☑. What is encrypted is left out and counted; nothing
raises, for ENML is read by its tags as any web page is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cairn.core.extract.web.html_scan import Tag, scan

_ATTRIBUTES = frozenset(("ul", "ol", "li", "div", "en-todo"))
_LISTS = frozenset(("ul", "ol"))
_CELLS = frozenset(("td", "th"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LINES = frozenset("div center dd dt dl caption section article address".split())
_APART = frozenset("p blockquote hr en-note table".split())
_BREAKING = _LINES | _APART | _HEADINGS | _LISTS | {"br", "li", "pre"}
_OPEN, _DONE = "☐ ", "☑ "
_MOST_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    gap: str
    """What stands between it and the line before."""
    level: int = 0
    """Of a heading."""
    header: str = ""
    """The header row above a row of a table."""
    opens_table: bool = False
    """Whether it is such a header row."""


class Body:
    def __init__(self, enml: str) -> None:
        self._enml = enml
        self._words: list[str] = []
        self._blank = True
        self._mark = ""
        """What stands before the next line of a list."""
        self._lists: list[tuple[str, str]] = []
        """The check box or bullet of each open list, and its name."""
        self._numbers: list[int] = []
        self._level = 0
        self._cells: list[tuple[str, str]] | None = None
        """Tag and text of the cells of the open row before the one that is read."""
        self._cell = ""
        self._header = ""
        self._code = 0
        """How many elements are open from the listing on."""
        self._tasks = 0
        """The same from the place on where tasks stand, which are kept elsewhere."""
        self._in_secret = False
        self.secrets = 0
        """Encrypted passages so far."""

    def lines(self) -> Iterator[Line]:
        for token in scan(self._enml, _ATTRIBUTES):
            if isinstance(token, Tag):
                self._in_secret = token.name == "en-crypt" and not (token.closes or token.empty)
                self.secrets += token.name == "en-crypt" and not token.closes
                yield from self._take(token)
            elif not self._in_secret and not self._tasks:
                self._words.append(token.text)
        yield from self._end_row()
        yield from self._end_line()

    def _take(self, tag: Tag) -> Iterator[Line]:
        name = tag.name
        if self._tasks:
            self._tasks += _step(tag) if name == "div" else 0
        elif name == "en-todo" and not tag.closes:
            self._words.append(" " + (_DONE if tag.value("checked").lower() == "true" else _OPEN))
        elif self._code:
            yield from self._in_listing(tag)
        elif name in _CELLS or name in ("tr", "table"):
            yield from self._in_table(tag)
        elif self._cells is not None:
            self._words.append(" " if name in _BREAKING else "")
        elif name == "br":
            self._blank = self._blank or not "".join(self._words).strip()
            yield from self._end_line()
        elif name in _LISTS or name == "li":
            yield from self._end_line()
            self._in_list(tag)
        elif name in _HEADINGS:
            yield from self._end_line()
            self._level = 0 if tag.closes else int(name[1])
            self._blank = True
        elif name in _LINES or name in _APART or name == "pre":
            yield from self._end_line()
            self._blank = self._blank or name in _APART
            self._open_part(tag)

    def _open_part(self, tag: Tag) -> None:
        """A listing, or the place of tasks, of which only a hint at a newer version is written."""
        style = tag.value("style")
        if tag.closes or tag.empty:
            return
        if tag.name == "pre" or "en-codeblock:true" in style.replace(" ", ""):
            self._code, self._blank = 1, True
        elif "--en-task-group:true" in style.replace(" ", ""):
            self._tasks = 1

    def _in_listing(self, tag: Tag) -> Iterator[Line]:
        if tag.name in ("div", "pre"):
            self._code += _step(tag)
        if not self._code:
            rows = "".join(self._words).replace("\xa0", " ").split("\n")
            self._words = []
            yield from self._line("\n".join(row.rstrip() for row in rows).strip("\n"))
            self._blank = True
        elif tag.name == "br" or tag.name in _LINES or tag.name == "li":
            said = "".join(self._words[-1:])
            if tag.name == "br" or (said and not said.endswith("\n")):
                self._words.append("\n")

    def _in_table(self, tag: Tag) -> Iterator[Line]:
        if tag.name in _CELLS and not tag.closes:
            if self._cells is None:  # its row is not marked
                yield from self._end_line()
                self._cells = []
            self._end_cell()
            self._cell = tag.name
        elif tag.name not in _CELLS:
            yield from self._end_row()
            yield from self._end_line()
            if tag.name == "table":
                self._header, self._blank = "", True
            elif not tag.closes:
                self._cells = []

    def _end_cell(self) -> None:
        text = " ".join("".join(self._words).split())
        self._words = []
        if self._cells is not None and (self._cell or text):
            self._cells.append((self._cell, text))
        self._cell = ""

    def _end_row(self) -> Iterator[Line]:
        if self._cells is None:
            return
        self._end_cell()
        cells, self._cells = self._cells, None
        text = " | ".join(text for _, text in cells)
        if not any(text for _, text in cells):
            return
        opens = not self._header and len(cells) > 1 and all(name == "th" for name, _ in cells)
        yield Line(text, self._gap(), header=self._header, opens_table=opens)
        self._header = text if opens else self._header

    def _in_list(self, tag: Tag) -> None:
        if tag.name == "li":
            self._mark = "" if tag.closes else self._mark_of(tag)
        elif tag.closes:
            del self._lists[-1:], self._numbers[-1:]
            self._blank = self._blank or not self._lists
        elif not tag.empty:
            self._blank = self._blank or not self._lists
            ticked = "--en-todo:true" in tag.value("style").replace(" ", "")
            self._lists.append((_OPEN if ticked else "- ", tag.name))
            self._numbers.append(0)

    def _mark_of(self, tag: Tag) -> str:
        style = tag.value("style").replace(" ", "")
        if "--en-checked:true" in style:
            return _DONE
        if "--en-checked:false" in style:
            return _OPEN
        if not self._lists:
            return "- "
        mark, name = self._lists[-1]
        if name == "ol" and mark != _OPEN:
            self._numbers[-1] += 1
            return f"{self._numbers[-1]}. "
        return mark

    def _end_line(self) -> Iterator[Line]:
        text = " ".join("".join(self._words).split())
        self._words = []
        if text in (_OPEN.strip(), _DONE.strip()):
            return  # a box without words
        if text:
            mark = "" if text.startswith((_OPEN, _DONE)) else self._mark
            self._mark = ""
            yield from self._line(mark + text)

    def _line(self, text: str) -> Iterator[Line]:
        if text.strip():
            yield Line(text, self._gap(), level=self._level)

    def _gap(self) -> str:
        gap = "\n\n" if self._blank else "\n"
        self._blank = False
        return gap + "  " * min(max(len(self._lists) - 1, 0), _MOST_DEPTH)


def _step(tag: Tag) -> int:
    return -1 if tag.closes else 0 if tag.empty else 1
