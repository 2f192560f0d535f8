"""The row that Search is typed into; enter or the arrow leads to what was found."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input

from cairn.app.tui import keys, text

LONGEST = 1_000


class Query(Input):
    BINDINGS = keys.bindings("query")

    class Done(Message):
        pass

    def __init__(self) -> None:
        super().__init__(
            id="query", placeholder="Search for anything …", compact=True, select_on_focus=False
        )
        self.cursor_blink = False  # nothing is sent over a line while nobody does anything

    def action_list(self) -> None:
        self.post_message(self.Done())

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(text.line(event.text[:LONGEST]))
