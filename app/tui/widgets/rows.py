"""A list of rows with a cursor, as long as it may be: only what is on the screen is drawn.

Shown by Memory, its log and its questions, and by Today. Whoever fills it keeps the order; a row
has an id, so that the cursor stays where it was when the list is renewed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, getters
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from cairn.app.tui import keys
from cairn.app.tui.shell import Shell

_NOTHING = Content("")
_ROOMY = 44
"""Columns below which what is on the right gives way to what is on the left."""


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    left: Content
    right: Content = _NOTHING
    """At the end of the row; what is on the left is cut for it."""
    is_heading: bool = False
    """The cursor passes over it."""


class Rows(ScrollView, can_focus=True, inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("list")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor", "rows--hover"}

    cursor: reactive[int] = reactive(-1, always_update=True)
    hovered: reactive[int] = reactive(-1)

    class Moved(Message):
        """The cursor is at another row, or that row is another one."""

        def __init__(self, rows: Rows, row: Row) -> None:
            super().__init__()
            self.rows = rows
            self.row = row

        @property
        def control(self) -> Rows:
            return self.rows

    class Chosen(Moved):
        """Enter, or a click."""

    def __init__(self, id: str, classes: str = "") -> None:
        super().__init__(id=id, classes=f"rows {classes}".strip())
        self._rows: Sequence[Row] = ()

    # -- what is in it

    def fill(self, rows: Iterable[Row], at: str = "") -> None:
        """`at` is the id of the row to go to; else the cursor stays at the row where it is."""
        held, before = at or self.at, self.cursor
        self._rows = tuple(rows)
        self.virtual_size = Size(0, len(self._rows))
        found = (
            next((n for n, row in enumerate(self._rows) if row.id == held), None) if held else None
        )
        self.cursor = self._possible(before if found is None else found, 1)
        self.refresh()

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    @property
    def chosen(self) -> Row | None:
        return self._rows[self.cursor] if 0 <= self.cursor < len(self._rows) else None

    @property
    def at(self) -> str:
        return self.chosen.id if self.chosen else ""

    def go(self, id: str) -> bool:
        for number, row in enumerate(self._rows):
            if row.id == id:
                self.cursor = number
                return True
        return False

    # -- the cursor

    def _possible(self, wanted: int, step: int) -> int:
        """The row that is wanted, or the next one that the cursor may be at."""
        last = len(self._rows) - 1
        wanted = max(0, min(wanted, last))
        for way in (step, -step):
            at = wanted
            while 0 <= at <= last:
                if not self._rows[at].is_heading:
                    return at
                at += way
        return -1

    def watch_cursor(self, before: int, now: int) -> None:
        if row := self.chosen:
            self._reveal(now)
            self.post_message(self.Moved(self, row))
        self.refresh()

    def _reveal(self, at: int) -> None:
        """The row, and the heading right above it."""
        first = at
        while first > 0 and self._rows[first - 1].is_heading:
            first -= 1
        region = Region(0, first, 1, at - first + 1)
        if region.height <= max(1, self.size.height):
            self.scroll_to_region(region, animate=False, force=True)

    def _step(self, steps: int) -> None:
        if self._rows:
            self.cursor = self._possible(self.cursor + steps, 1 if steps > 0 else -1)

    def action_cursor_down(self) -> None:
        self._step(1)

    def action_cursor_up(self) -> None:
        self._step(-1)

    def action_first(self) -> None:
        self._step(-len(self._rows))

    def action_last(self) -> None:
        self._step(len(self._rows))

    def action_page_down(self) -> None:
        self._step(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        self._step(-max(1, self.size.height - 1))

    def action_select(self) -> None:
        if row := self.chosen:
            self.post_message(self.Chosen(self, row))

    # -- the mouse

    def _under(self, event: events.MouseEvent) -> int:
        at = event.y + self.scroll_offset.y
        return at if at < len(self._rows) and not self._rows[at].is_heading else -1

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if (at := self._under(event)) >= 0:
            self.cursor = at
            self.action_select()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.hovered = self._under(event)

    def on_leave(self, event: events.Leave) -> None:
        self.hovered = -1

    # -- drawing

    def on_resize(self, event: events.Resize) -> None:
        if self.cursor >= 0:
            self._reveal(self.cursor)

    def render_line(self, y: int) -> Strip:
        at, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if at >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        marked = (
            "rows--cursor" if at == self.cursor else "rows--hover" if at == self.hovered else ""
        )
        style = self.get_visual_style(marked) if marked else self.visual_style
        line = _laid(self._rows[at], width, flowing=self.app.plain)
        strips = Visual.to_strips(self, line, width, 1, style)
        return strips[0].adjust_cell_length(width, style.rich_style)


def _laid(row: Row, width: int, *, flowing: bool) -> Content:
    """`flowing`: a screen reader should not have to wait for what is far on the right."""
    room = width - row.right.cell_length
    is_cut = width < _ROOMY and row.left.cell_length >= room and not row.is_heading
    if not row.right.plain or room < 8 or is_cut:
        return row.left.truncate(width, ellipsis=True)
    if flowing:
        left = row.left.truncate(room - 2, ellipsis=True)
        return Content("  ").join([left, row.right])
    left = row.left.truncate(room - 1, ellipsis=True)
    return Content("").join([left.pad_right(room - left.cell_length), row.right])
