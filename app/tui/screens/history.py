"""The questions asked before, narrowed while one types; the chosen one goes to the prompt."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from cairn.app.tui import keys, text
from cairn.app.tui.shell import Shell
from cairn.app.tui.widgets.field import Field

_MOST = 200


class History(ModalScreen[str], inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("history", "screen")

    def __init__(self, questions: tuple[str, ...]) -> None:
        super().__init__()
        self._questions = list(reversed(questions))

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue") as box:
            box.border_title = "Asked before"
            box.border_subtitle = "enter takes it, esc closes"
            yield Field("words of the question")
            yield OptionList(compact=True)

    def on_mount(self) -> None:
        self._list("")

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        self._list(changed.value)

    def _list(self, typed: str) -> None:
        words = typed.casefold().split()
        found = [each for each in self._questions if all(one in each.casefold() for one in words)]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            Option(Content(text.line(each)), id=str(self._questions.index(each)))
            for each in found[:_MOST]
        )
        options.highlighted = 0 if found else None
        if not found:
            words_of_it = "no question with these words" if typed else "nothing was asked before"
            options.add_option(Option(Content.styled(words_of_it, text.QUIET), disabled=True))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def _selected(self, selected: OptionList.OptionSelected) -> None:
        self.dismiss(self._questions[int(selected.option_id or 0)])

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    def action_close(self) -> None:
        self.dismiss("")
