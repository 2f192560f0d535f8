"""Sources: the folders and conversations that are watched, how far each is read, and what the
engine does now. What is known of the one in focus stands beside the list, or below it.
"""

from __future__ import annotations

import os

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from cairn.app.tui import coverage, door, keys, sourcing, text
from cairn.app.tui.place import Place
from cairn.app.tui.shell import Json, News
from cairn.app.tui.widgets.activity import Activity
from cairn.app.tui.widgets.rows import Row, Rows
from cairn.core.errors import CairnError

_NOTHING = Content.assemble(
    ("Nothing is watched yet", "bold"),
    ("\nAdd a folder of yours, or conversations that lie on this machine:\n\n", text.QUIET),
    ("  a", "bold $primary"), "  a folder\n", ("  c", "bold $primary"), "  conversations",
)  # fmt: skip
_WAITING = Content.styled("asking the engine …", text.QUIET)
_GONE = Content.styled("what is watched can’t be told without the daemon", text.QUIET)


class Sources(Place):
    WHERES = ("source",)
    BINDINGS = keys.bindings("source")

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._folders: dict[str, Json] = {}
        self._chats: dict[str, Json] = {}
        self._problems: dict[str, str] = {}
        self._is_fetching = False
        self._is_beside = True
        self._page = ""

    def compose(self) -> ComposeResult:
        yield Activity()
        with Horizontal(classes="beside"):
            with Vertical(classes="main"):
                yield Static(_WAITING, id="no-sources")
                yield Rows("source-rows")
            with VerticalScroll(classes="preview source-page", can_focus=True):
                yield Static("")

    def on_mount(self) -> None:
        self.app.news.subscribe(self, self._heard)
        self._heard(self.app.latest)

    def first(self) -> Widget:
        return self.rows

    @property
    def rows(self) -> Rows:
        return self.query_one(Rows)

    @property
    def page(self) -> VerticalScroll:
        return self.query_one(".source-page", VerticalScroll)

    def came(self) -> None:
        self.query_one(Activity).renew()
        self._heard(self.app.latest)
        self.app.look()

    # -- what is watched

    def _heard(self, news: News) -> None:
        if not self.display:
            return
        if news.state is None:
            if not self.rows.rows:
                self.query_one("#no-sources", Static).update(_GONE if news.trouble else _WAITING)
            return
        if not self._is_fetching:
            self._is_fetching = True
            door.work(self, self._fetch(news.state), group="sources")

    async def _fetch(self, state: Json) -> None:
        try:
            found = await door.call_running("sources")
        except CairnError:
            return  # the app tells that the daemon is gone
        finally:
            self._is_fetching = False
        if found is not None:
            self._fill(state, found["sources"])

    def _fill(self, state: Json, sources: list[Json]) -> None:
        self._folders = {f"folder:{root['path']}": root for root in coverage.folders(state)}
        self._chats = {f"chat:{source['path']}": source for source in sources}
        self._problems = state["watch_problems"]
        rows: list[Row] = []
        if self._folders:
            rows.append(coverage.heading("Folders"))
        for root in self._folders.values():
            rows.append(coverage.folder_row(root, self._problem(root), plain=self.app.plain))
        if self._chats:
            rows.append(coverage.heading("Conversations"))
        rows += [coverage.chat_row(source) for source in self._chats.values()]
        if coverage.drawn(rows) != coverage.drawn(self.rows.rows):
            self.rows.fill(rows)
        self.query_one("#no-sources", Static).update(_NOTHING)
        self.query_one("#no-sources").display = not rows
        self.page.display = bool(rows) and self._is_beside
        self._show()

    def _problem(self, root: Json) -> str:
        reason = self._problems.get(root["path"], "")
        return f"not watched live: {reason}" if reason else ""

    def _show(self) -> None:
        """The page of the row in focus; drawn anew only where it says something else."""
        id = self.rows.at
        if root := self._folders.get(id):
            page = coverage.folder_page(root, self._problem(root), plain=self.app.plain)
        elif source := self._chats.get(id):
            page = coverage.chat_page(source)
        else:
            page = Content("")
        if page.markup != self._page:
            self._page = page.markup
            self.page.query_one(Static).update(page)

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show()

    # -- keys

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        from cairn.app.tui.screens.covered import Covered

        if root := self._folders.get(self.rows.at):
            self.app.push_screen(Covered(root["path"]))
        elif source := self._chats.get(self.rows.at):
            self.app.push_screen(Covered(source["path"], source))

    def _at(self) -> Json | None:
        return self._folders.get(self.rows.at) or self._chats.get(self.rows.at)

    def action_add_folder(self) -> None:
        door.work(self, sourcing.add_folder(self.app), group="deed")

    def action_add_chats(self) -> None:
        door.work(self, sourcing.add_chats(self.app), group="deed")

    def action_import(self) -> None:
        door.work(self, sourcing.take_in(self.app), group="deed")

    def action_remove(self) -> None:
        if root := self._folders.get(self.rows.at):
            door.work(self, sourcing.remove_folder(self.app, root), group="deed")
        elif source := self._chats.get(self.rows.at):
            door.work(self, sourcing.remove_chats(self.app, source), group="deed")

    def action_depth(self) -> None:
        if root := self._folders.get(self.rows.at):
            door.work(self, sourcing.change_depth(self.app, root), group="deed")
        elif self._chats:
            self.app.say("how deep it is read can be chosen of a folder")

    def action_pause(self) -> None:
        if here := self._at():
            door.work(self, sourcing.pause(self.app, here), group="deed")

    def action_pause_all(self) -> None:
        door.work(self, sourcing.pause_all(self.app), group="deed")

    def action_model(self) -> None:
        door.work(self, sourcing.choose_model(self.app), group="deed")

    def action_open(self) -> None:
        if here := self._at():
            door.work(self, self._open(here["path"]), group="open")

    async def _open(self, path: str) -> None:
        from cairn.app import opening, programs

        opener = programs.system_opener()
        if not os.path.exists(path) or not opener:
            self.app.say("it is not there now" if opener else "no program here opens folders")
            return
        command = opening.Opening((*opener, path), in_terminal=False)
        await door.do(lambda: opening.start(command))

    def action_copy(self) -> None:
        if here := self._at():
            self.app.copy(here["path"], "where it is")

    def action_side(self) -> None:
        self._is_beside = not self.page.display
        if self.page.has_focus:
            self.rows.focus()
        self.page.display = self._is_beside and bool(self._folders or self._chats)
