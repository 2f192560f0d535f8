"""One of several ways to go on: what it is about, and a row for each way, told by its id.

Opened wherever somebody has to choose; dismissed with the id, or with an empty one.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cairn.app.tui import keys, text
from cairn.app.tui.shell import Shell
from cairn.app.tui.widgets.rows import Row, Rows


class Choosing(ModalScreen[str], inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("offer", "screen")

    def __init__(self, title: str, body: Content, ways: Sequence[Row], at: str = "") -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._ways = ways
        self._at = at

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue choosing") as box:
            box.border_title = self._title
            box.border_subtitle = "enter takes it, esc closes"
            yield Static(self._body, classes="choosing-body")
            yield Rows("ways")

    def on_mount(self) -> None:
        self.offer(self._ways, self._at)
        self.ways.focus()

    @property
    def ways(self) -> Rows:
        return self.query_one(Rows)

    def tell(self, body: Content) -> None:
        self.query_one(".choosing-body", Static).update(body)

    def offer(self, ways: Sequence[Row], at: str = "") -> None:
        self.ways.styles.height = min(len(ways), max(3, self.app.size.height - 12))
        self.ways.fill(ways, at)

    @on(Rows.Chosen)
    def _chosen(self, chosen: Rows.Chosen) -> None:
        self.dismiss(chosen.row.id)

    def action_close(self) -> None:
        self.dismiss("")


def way(id: str, words: str, more: str = "") -> Row:
    right = Content.styled(f"{more} ", text.QUIET) if more else Content("")
    return Row(id, Content(f" {words}"), right)
