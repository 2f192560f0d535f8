"""What stands beside a list for its row at the cursor: an entry, the text at a place, or a source's
text below the entry that rests on it. Shown by Memory and by Today.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from cairn.app.tui import door
from cairn.app.tui.shell import Json
from cairn.app.tui.widgets.entry_view import EntryView
from cairn.app.tui.widgets.preview import Preview, Shown

_PAUSE_S = 0.06
"""At a row, after which what it leads to is fetched."""


class Page(Vertical):
    def compose(self) -> ComposeResult:
        yield EntryView()
        yield Preview()

    def on_mount(self) -> None:
        self.preview.display = False

    @property
    def view(self) -> EntryView:
        return self.query_one(EntryView)

    @property
    def preview(self) -> Preview:
        return self.query_one(Preview)

    def soon(self, show: Callable[[], None]) -> None:
        """For a cursor that may only be passing by."""
        door.work(self, _rested(show), group="cursor")

    # -- one thing alone

    def show_entry(self, id: str, at: int = -1) -> None:
        """`at`: the block that is to be in focus then."""
        self.close_source()
        self.view.show(id, at)

    def show_text(self, shown: Shown) -> None:
        self.view.display, self.preview.display = False, True
        self.preview.show(shown)

    def say(self, words: Content) -> None:
        self.close_source()
        self.view.clear(words)

    # -- a source below its entry

    def open_source(self, source: Json) -> None:
        self.preview.display = True
        self.preview.show(Shown(source["address"], source["locator"], source["quote"]))

    def close_source(self) -> None:
        if self.preview.has_focus_within:
            self.view.enter()
        self.view.display, self.preview.display = True, False
        self.preview.clear()

    def on_descendant_focus(self) -> None:
        """What is open goes along with the source in focus."""
        lead = self.view.lead
        if lead and lead.kind == "source" and self.preview.display:
            self.open_source(lead.item)


async def _rested(show: Callable[[], None]) -> None:
    await asyncio.sleep(_PAUSE_S)
    show()
