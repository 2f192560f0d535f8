"""One row to type into: nothing blinks in it, and what is pasted stays one row, not too long.

Search and Memory have it above a list, to which enter or the arrow leads; dialogues have it too.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.message import Message
from textual.widgets import Input

from cairn.app.tui import keys, text


class Field(Input):
    LONGEST: ClassVar[int] = 1_000
    """Letters that are taken of what is pasted."""

    class Done(Message):
        """On to the list."""

    def __init__(self, placeholder: str = "", id: str | None = None, value: str = "") -> None:
        super().__init__(value, placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False  # nothing is sent over a line while nobody does anything

    def action_list(self) -> None:
        self.post_message(self.Done())

    def pasted(self, words: str) -> str:
        """What becomes of it."""
        return text.line(words)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(self.pasted(event.text[: self.LONGEST]), *self.selection)


class Query(Field):
    BINDINGS = keys.bindings("query")


class Filter(Field):
    BINDINGS = keys.bindings("filter")


class Covering(Field):
    BINDINGS = keys.bindings("covering")
    LONGEST = 4_096
    """It takes paths, too."""
