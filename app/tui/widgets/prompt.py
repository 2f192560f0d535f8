"""Where a question is typed: grows with it, and goes back through those asked before.

Shown at the foot of Ask, which is told by `Asked`. Enter asks; what is pasted is cut to what can
be a question.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from cairn.app.tui import keys, text

LONGEST = 8_000
"""Letters of a question."""


class Prompt(TextArea):
    BINDINGS = keys.bindings("prompt")

    @dataclass
    class Asked(Message):
        question: str

    @dataclass
    class Older(Message):
        """Somebody looks for questions of before; they are fetched when it happens first."""

    @dataclass
    class TooLong(Message):
        letters: int

    def __init__(self, placeholder: str) -> None:
        super().__init__(
            id="prompt", placeholder=placeholder, soft_wrap=True, show_line_numbers=False,
            tab_behavior="focus", highlight_cursor_line=False, compact=True,
        )  # fmt: skip
        self.cursor_blink = False  # nothing is sent over a line while nobody does anything
        self._before: list[str] = []
        self._place = 0
        """How many questions back; 0 is what is being typed."""
        self._typed = ""

    def remember(self, questions: list[str]) -> None:
        """The oldest first; of what was asked twice the later one stays."""
        told = [*questions, *self._before]
        self._before = list(dict.fromkeys(reversed(told)))[::-1]

    def note(self, question: str) -> None:
        self._before = [*(each for each in self._before if each != question), question]

    @property
    def before(self) -> tuple[str, ...]:
        return tuple(self._before)

    def put(self, words: str) -> None:
        """In place of what is there, to be asked or changed."""
        self.load_text(words)
        self.move_cursor(self.document.end)

    # -- keys

    def action_submit(self) -> None:
        """Enter overtakes the letters that were typed just before it; here it goes behind them."""
        self.screen.call_later(self.call_later, self._submit)

    def _submit(self) -> None:
        question = text.safe(self.text).strip()
        if question:
            self._place, self._typed = 0, ""
            self.load_text("")
            self.post_message(self.Asked(question))

    def action_new_line(self) -> None:
        self.insert("\n")

    def action_older(self) -> None:
        if self.cursor_location[0] > 0 or not self.selection.is_empty:
            self.action_cursor_up()
            return
        if not self._place:
            self._typed = self.text
            self.post_message(self.Older())
        self._turn_to(self._place + 1)

    def action_newer(self) -> None:
        if self.cursor_location[0] < self.document.line_count - 1:
            self.action_cursor_down()
        elif self._place:
            self._turn_to(self._place - 1)

    def _turn_to(self, place: int) -> None:
        if not 0 <= place <= len(self._before):
            return
        self._place = place
        self.put(self._before[-place] if place else self._typed)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        room = max(0, LONGEST - len(self.text))
        letters = event.text[: room + 1]
        self.insert(text.safe(letters[:room]))
        if len(event.text) > room:
            self.post_message(self.TooLong(LONGEST))
