"""What was found, two rows for each: where and when, and the line of it that the words are in.

Shown by Search. A row that the user has gone to keeps the cursor while the list is renewed.
"""

from __future__ import annotations

from textual import events, getters
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from cairn.app import render
from cairn.app.tui import keys, marking, text
from cairn.app.tui.shell import Json, Shell

_HEAD = 4
_SPARE = 6
"""Columns that frame, scrollbar and padding take."""


class Hits(OptionList, inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("list")

    def __init__(self) -> None:
        super().__init__(id="hits", compact=True)
        self._hits: list[Json] = []
        self._words: tuple[str, ...] = ()
        self._is_moved = False
        """Has the user gone to the row that is highlighted?"""

    def fill(self, hits: list[Json], words: tuple[str, ...]) -> None:
        held = self.chosen if self._is_moved else None
        self._hits, self._words = hits, words
        addresses = [hit["address"] for hit in hits]
        at = addresses.index(held["address"]) if held and held["address"] in addresses else 0
        self._is_moved = bool(held) and at > 0
        self._draw(at)

    def _draw(self, at: int) -> None:
        width = max(20, self.size.width - _SPARE)
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options([Option(_rows(hit, self._words, width)) for hit in self._hits])
            self.highlighted = at if self._hits else None
        if self._hits:
            self.post_message(self.OptionHighlighted(self, self.get_option_at_index(at), at))

    @property
    def chosen(self) -> Json | None:
        at = self.highlighted
        return self._hits[at] if at is not None and at < len(self._hits) else None

    def on_resize(self, event: events.Resize) -> None:
        if self._hits:
            self._draw(self.highlighted or 0)

    def action_cursor_down(self) -> None:
        super().action_cursor_down()
        self._is_moved = True

    def action_cursor_up(self) -> None:
        super().action_cursor_up()
        self._is_moved = True


def _rows(hit: Json, words: tuple[str, ...], width: int) -> Content:
    day = text.line(hit["when"][:10] or hit["modified"])
    place = text.shortened(text.place(hit), width - _HEAD - len(day) - 2)
    head = Content.assemble(
        (f"{hit['rank']:>2}  ", "bold $primary"), (place, "$secondary"), (f"  {day}", text.FAINT)
    )
    said = hit["snippet"] + render.doubt(hit)
    line = marking.around(text.line(said), words, width - _HEAD)
    body = Content(" " * _HEAD) + marking.marked(Content(line), words)
    return Content("\n").join([head, body.truncate(width, ellipsis=True)])
