"""The row into which Memory's tree is narrowed down; enter or the arrow leads to what is left."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input

from cairn.app.tui import keys, text

_LONGEST = 200


class Filter(Input):
    BINDINGS = keys.bindings("filter")

    class Done(Message):
        pass

    def __init__(self) -> None:
        super().__init__(
            id="filter", placeholder="words of a title, a folder or a kind", compact=True,
            select_on_focus=False,
        )  # fmt: skip
        self.cursor_blink = False  # nothing is sent over a line while nobody does anything

    def action_list(self) -> None:
        self.post_message(self.Done())

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(text.line(event.text[:_LONGEST]))
