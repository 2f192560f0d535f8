"""A source of an answer as one row: its number, where it is, of which day, whether it changed.

Shown below each answer. It has the focus one at a time; Ask does what its keys say.
"""

from __future__ import annotations

from textual import events, getters
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from cairn.app.tui import text
from cairn.app.tui.shell import Json, Shell

STATES = {"ok": "", "changed": "changed since", "gone": "no longer there",
          "away": "can’t be reached now"}  # fmt: skip


class Cited(Widget, can_focus=True):
    app = getters.app(Shell)

    class Chosen(Message):
        def __init__(self, cited: Cited) -> None:
            super().__init__()
            self.cited = cited

    def __init__(self, citation: Json) -> None:
        super().__init__(classes="block")
        self.citation = citation

    @property
    def address(self) -> str:
        return str(self.citation["address"])

    def words(self) -> str:
        """To be copied: the quote, and where it is from."""
        return f"{self.citation['quote']}\n{text.place(self.citation)}"

    def render(self) -> Content:
        citation, width = self.citation, self.content_size.width
        day = text.line(citation["when"][:10] or citation["modified"])
        state = STATES[citation["state"]]
        right = Content.assemble(
            (f"  {state}" if state else "", "$warning"), (f"  {day}", text.QUIET)
        )
        head = f"{citation['number']:>2}  "
        place = text.shortened(text.place(citation), width - len(head) - right.cell_length)
        left = Content.assemble((head, "bold $primary"), (place, "$secondary"))
        gap = Content(" " * max(0, width - left.cell_length - right.cell_length))
        return Content("").join([left, right if self.app.plain else gap + right])

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()
        self.post_message(self.Chosen(self))
