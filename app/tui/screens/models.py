"""The models that can write answers: which is in use, which fit this machine; choose one or none.

Opened by Sources. What `cairn model list` and `recommend` say; nothing is fetched without a yes.
"""

from __future__ import annotations

from textual import on
from textual.content import Content

from cairn.app.tui import door, modelling, text
from cairn.app.tui.screens.choosing import Choosing
from cairn.app.tui.widgets.rows import Rows
from cairn.core.errors import CairnError


class Models(Choosing):
    def __init__(self) -> None:
        words = Content.styled("measuring this machine …", text.QUIET)
        super().__init__("Which model writes answers?", words, [])
        self._about: dict[str, Content] = {}
        self._machine = Content("")

    def on_mount(self) -> None:
        super().on_mount()
        self.add_class("models")
        door.work(self, self._fetch(), group="models")

    async def _fetch(self) -> None:
        try:
            found = await modelling.listed()
        except CairnError as error:
            self.tell(Content.styled(text.line(error.message), "$error"))
            return
        made = modelling.rows(found)
        self._about = {row.id: about for row, about in made}
        self._machine = modelling.machine(found)
        self.offer([row for row, _ in made], modelling.used(found))

    @on(Rows.Moved)
    def _moved(self, moved: Rows.Moved) -> None:
        about = self._about.get(moved.row.id, Content(""))
        self.tell(Content("\n").join([about, self._machine]))
