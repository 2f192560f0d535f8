"""The conversations that lie on this machine: which of them may be read? Dismissed with those.

Opened by Sources. Until the yes only their names and numbers have been looked at.
"""

from __future__ import annotations

import os

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cairn.app.tui import chat_choices, door, keys, text
from cairn.app.tui.shell import Json, Shell
from cairn.app.tui.widgets.choices import Choices
from cairn.app.tui.widgets.hints import Hints
from cairn.app.tui.widgets.rows import Rows
from cairn.core.errors import CairnError

_NONE = "No conversations were found in the usual places. i takes in an export of some."


class Found(ModalScreen[list[Json]], inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("found", "screen")

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Json] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue found") as box:
            box.border_title = "Conversations on this machine"
            box.border_subtitle = "space chooses, enter reads the chosen, esc closes"
            words = "Nothing of them was read yet. What you choose is copied, without secrets."
            yield Static(Content(words), classes="choosing-body")
            yield Choices("found-rows")
            yield Static("", classes="path-note")
        yield Hints()

    def on_mount(self) -> None:
        self.choices.focus()
        self._say(Content.styled("looking, by names alone …", text.QUIET))
        door.work(self, self._look(), group="detect")

    async def _look(self) -> None:
        try:
            self._found = (await door.call("detect", {"env": dict(os.environ)}))["found"]
        except CairnError as error:
            self._say(Content.styled(text.line(f"{error.message}; {error.hint}"), "$error"))
            return
        self._say(Content("" if self._found else _NONE))
        self.choices.styles.height = max(1, min(len(self._found), self.app.size.height - 14))
        self.choices.put(chat_choices.choices(self._found, preset=False))

    def _say(self, words: Content) -> None:
        self.query_one(".path-note", Static).update(words)

    @property
    def choices(self) -> Choices:
        return self.query_one(Choices)

    def on_rows_moved(self, moved: Rows.Moved) -> None:
        about = chat_choices.about(self._found, moved.row.id)
        self._say(Content.styled(about, text.QUIET))

    def action_turn(self) -> None:
        self.choices.toggle()

    def action_take(self) -> None:
        self.dismiss(chat_choices.taken(self._found, self.choices.taken))

    def action_close(self) -> None:
        self.dismiss([])
