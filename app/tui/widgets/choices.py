"""A list of which several may be taken, each with a box before it; a click takes it as well.

Shown by the first run and wherever conversations are added. What the boxes stand for is held by
whoever fills it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message

from cairn.app.tui import text
from cairn.app.tui.widgets.rows import Row, Rows


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    left: Content
    right: Content = Content("")  # noqa: RUF009
    taken: bool = False
    barred: bool = False
    """It is shown, but can't be taken."""


class Choices(Rows):
    class Changed(Message):
        pass

    def __init__(self, id: str, *, single: bool = False) -> None:
        super().__init__(id)
        self.single = single
        """Only one can be taken, and one always is."""
        self._choices: list[Choice] = []

    @property
    def taken(self) -> list[str]:
        return [each.id for each in self._choices if each.taken]

    def put(self, choices: Sequence[Choice], at: str = "") -> None:
        self._choices = list(choices)
        rows = [self._row(each) for each in self._choices]
        self.fill(rows, at)

    def toggle(self) -> None:
        self._turn(self.at)

    @on(Rows.Chosen)
    def _clicked(self, chosen: Rows.Chosen) -> None:
        chosen.stop()
        self._turn(chosen.row.id)

    def _turn(self, id: str) -> None:
        turned = []
        for each in self._choices:
            taken = each.taken
            if each.id == id and not each.barred:
                taken = True if self.single else not taken
            elif self.single:
                taken = False
            turned.append(Choice(each.id, each.left, each.right, taken, each.barred))
        if any(each.taken for each in turned) or not self.single:
            self.put(turned)
            self.post_message(self.Changed())

    def _row(self, choice: Choice) -> Row:
        marks = ("(•)", "( )") if self.single else ("[x]", "[ ]")
        mark = marks[0] if choice.taken else "   " if choice.barred else marks[1]
        style = "bold $primary" if choice.taken else text.FAINT
        return Row(choice.id, Content.assemble((f" {mark} ", style), choice.left), choice.right)
