"""“Are you sure?”: what a deed comes to, before it is done; without a deed, what it came to."""

from __future__ import annotations

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Static

from cairn.app.tui import keys, text
from cairn.app.tui.shell import Shell


class Sure(ModalScreen[bool], inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("sure", "screen")

    def __init__(self, title: str, body: Content, yes: str = "", no: str = "leave it") -> None:
        """`yes` and `no` say what these come to; without `yes` there is nothing to decide."""
        super().__init__()
        self._title = title
        self._body = body
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue sure") as box:
            box.border_title = self._title
            with VerticalScroll(classes="sure-body", can_focus=True):
                yield Static(self._body)
            yield Static(self._answers(), classes="sure-answers")

    def on_mount(self) -> None:
        self.query_one(".sure-answers", Static).auto_links = False
        self.query_one(".sure-body").focus()

    def _answers(self) -> Content:
        offered = [("sure.yes", self._yes), ("sure.no", self._no)] if self._yes else [
            ("sure.no", "close")
        ]  # fmt: skip
        parts = []
        for id, words in offered:
            pressed = self.app.pressed(keys.BY_ID[id])
            part = Content.assemble((f" {pressed} ", "bold $primary"), (words, text.QUIET))
            parts.append(part.stylize(Style.from_meta({"@click": f"app.press('{id}')"})))
        return Content("   ").join(parts)

    def action_yes(self) -> None:
        if self._yes:
            self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)
