"""Where a path is typed: what it may become is listed below, tab completes it, enter takes it."""

from __future__ import annotations

import os

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cairn.app.tui import completing, door, keys, text
from cairn.app.tui.shell import Shell
from cairn.app.tui.widgets.field import Field
from cairn.app.tui.widgets.rows import Row, Rows


class PathField(Field):
    LONGEST = 4_096

    def pasted(self, words: str) -> str:
        return super().pasted(words).strip("'\"")  # as a shell or a file manager quotes it


class Paths(ModalScreen[str], inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("path", "screen")

    def __init__(self, title: str, *, files: bool = False) -> None:
        super().__init__()
        self._title = title
        self._files = files
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue paths") as box:
            box.border_title = self._title
            box.border_subtitle = "tab completes, enter takes it, esc closes"
            yield PathField(value="~/")
            yield Rows("completions")
            yield Static("", classes="path-note")

    def on_mount(self) -> None:
        self.rows.can_focus = False
        self.field.focus()

    @property
    def field(self) -> PathField:
        return self.query_one(PathField)

    @property
    def rows(self) -> Rows:
        return self.query_one(Rows)

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        door.work(self, self._list(changed.value), group="list")

    async def _list(self, typed: str) -> None:
        found = await door.do(lambda: completing.completions(typed, files=self._files))
        self._found = found
        self.rows.fill(Row(each, Content(f" {text.line(each)}")) for each in found)
        self.rows.cursor = -1
        what = "file or folder" if self._files else "folder"
        nothing = f"no {what} begins like that" if typed.strip() and not found else ""
        if not found and os.path.isdir(completing.meant(typed)):
            nothing = "enter takes this folder"
        self.query_one(".path-note", Static).update(Content.styled(nothing, text.QUIET))

    # -- keys

    def action_complete(self) -> None:
        """What is under the cursor, or else as far as all agree."""
        chosen = self.rows.at
        self._put(chosen or completing.common(self.field.value, self._found))

    def _put(self, words: str) -> None:
        self.field.value = words
        self.field.cursor_position = len(words)

    def action_down(self) -> None:
        if self.rows.cursor < 0:
            self.rows.cursor = 0 if self._found else -1
        else:
            self.rows.action_cursor_down()

    def action_up(self) -> None:
        """From the first one back to what is typed."""
        if self.rows.cursor <= 0:
            self.rows.cursor = -1
        else:
            self.rows.action_cursor_up()

    @on(Rows.Chosen)
    def _clicked(self, chosen: Rows.Chosen) -> None:
        self._put(chosen.row.id)
        self.field.focus()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        typed = self.rows.at or self.field.value
        if not typed.strip():
            return
        path = completing.meant(typed)
        if self._files and os.path.isdir(path) and self.rows.at:
            self._put(typed)  # further into it
        elif os.path.isdir(path) or (self._files and os.path.isfile(path)):
            self.dismiss(path)
        else:
            what = "no file or folder" if self._files else "no folder"
            told = Content.styled(f"there is {what} of this name", "$error")
            self.query_one(".path-note", Static).update(told)

    def action_close(self) -> None:
        self.dismiss("")
