"""A row of an entry that leads somewhere: to a source, another entry, a question about it.

Shown by the entry's view, one at a time in focus; whoever holds the view does what its keys say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from cairn.app.tui.shell import Json

_INDENT = 3
Kind = Literal["source", "entry", "name", "question", "operation"]


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a row leads."""

    kind: Kind
    to: str
    """An address, an entry's id, a name, or a number."""
    item: Json
    """What is known of it."""


class Linked(Static, can_focus=True):
    class Chosen(Message):
        def __init__(self, linked: Linked) -> None:
            super().__init__()
            self.linked = linked

    def __init__(self, words: Content, lead: Lead) -> None:
        super().__init__("", classes="block linked")
        self.lead = lead
        self._words = words
        self._folded_to = 0

    def on_resize(self, event: events.Resize) -> None:
        if (width := self.content_size.width) != self._folded_to:
            self._folded_to = width
            self.update(_folded(self._words, width))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()
        self.post_message(self.Chosen(self))


def _folded(words: Content, width: int) -> Content:
    """Lines that go on begin where the words above them do."""
    lines: list[Content] = []
    for line in words.split(allow_blank=True):
        first, *rest = line.wrap(max(8, width)) or [Content("")]
        lines.append(first)
        if rest:
            left = Content(line.plain[len(first.plain) :].lstrip())
            cut = line[len(line.plain) - len(left.plain) :]
            lines += [Content(" " * _INDENT) + each for each in cut.wrap(max(8, width - _INDENT))]
    return Content("\n").join(lines)
