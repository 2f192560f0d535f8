"""What was done to an entry, or to the whole tree: each change with what it changed, and undo.

Opened by Memory. Nothing is taken back before it was shown what that would change.
"""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cairn.app.tui import door, keys, telling, text
from cairn.app.tui.screens.sure import Sure
from cairn.app.tui.shell import Json, Shell
from cairn.app.tui.widgets.rows import Row, Rows
from cairn.core.errors import CairnError

_MOST = 200
_PAUSE_S = 0.08


class Log(ModalScreen[bool], inherit_bindings=False):
    """Dismissed with whether something was taken back."""

    app = getters.app(Shell)
    BINDINGS = keys.bindings("log", "screen")

    def __init__(self, entry: str, title: str, at: str = "") -> None:
        """`entry` is empty for the whole tree; `at` is the operation to begin with."""
        super().__init__()
        self._entry = entry
        self._title = title
        self._is_all = not entry
        self._at = at
        self._operations: dict[str, Json] = {}
        self._changed = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue log") as box:
            box.border_subtitle = "u takes back · L all changes · esc closes"
            yield Rows("log-rows")
            with VerticalScroll(classes="log-diff", can_focus=True):
                yield Static("")

    def on_mount(self) -> None:
        self.rows.focus()
        self._fetch()

    @property
    def rows(self) -> Rows:
        return self.query_one(Rows)

    def _fetch(self) -> None:
        box = self.query_one(".log", Vertical)
        box.border_title = text.line("All changes" if self._is_all else f"Changes of {self._title}")
        door.work(self, self._list(), group="log")

    async def _list(self) -> None:
        args = {"name": "" if self._is_all else self._entry, "limit": _MOST}
        try:
            found = (await door.call("tree_log", args))["operations"]
        except CairnError as error:
            self._say(telling.failure(error.message, error.hint))
            return
        self._operations = {str(each["id"]): each for each in found}
        self.rows.fill([self._row(each) for each in found], self._at)
        if not found:
            self._say(Content.styled("nothing has been done yet", text.QUIET))

    def _row(self, each: Json) -> Row:
        number = Content.styled(f"{each['id']:>4}  ", text.FAINT)
        return Row(str(each["id"]), number + telling.change(each, named=self._is_all))

    # -- what a change changed

    @on(Rows.Moved)
    def _moved(self, moved: Rows.Moved) -> None:
        self._at = moved.row.id
        door.work(self, self._show(int(moved.row.id)), group="diff")

    async def _show(self, id: int) -> None:
        import asyncio

        await asyncio.sleep(_PAUSE_S)
        try:
            told = await door.call("tree_diff", {"operation": id})
        except CairnError as error:
            self._say(telling.failure(error.message, error.hint))
            return
        self._say(telling.difference(told["diff"]))

    def _say(self, words: Content) -> None:
        page = self.query_one(".log-diff")
        page.query_one(Static).update(words)
        page.scroll_home(animate=False)

    # -- keys

    def action_undo(self) -> None:
        if operation := self._operations.get(self.rows.at):
            door.work(self, self._undo(operation), group="undo")

    async def _undo(self, operation: Json) -> None:
        id = operation["id"]
        would = await door.call("tree_undo", {"operation": id, "only_say": True})
        body = Content("\n").join([
            Content.assemble((telling.titles(operation), "bold")), telling.change(operation),
            Content(""), Content.styled("Taking it back changes:", text.QUIET),
            telling.difference(would["diff"]),
        ])  # fmt: skip
        if await self.app.push_screen_wait(Sure(f"Take back change {id}?", body, "take it back")):
            done = (await door.call("tree_undo", {"operation": id}))["operation"]
            self._changed = True
            self._at = str(done["id"])
            self.app.say(f"taken back; change {done['id']} can be taken back as well")
            self.app.look()
            await self._list()

    def action_all(self) -> None:
        if self._entry:
            self._is_all = not self._is_all
            self._fetch()

    def action_close(self) -> None:
        self.dismiss(self._changed)
