"""What of a folder or a source was not read, each with the reason: it opens, and says why not.

Opened by Sources; narrowed while one types. A path that is not in the list can be typed too, to
ask why it is not found.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cairn.app import render
from cairn.app.tui import completing, coverage, door, keys, text
from cairn.app.tui.shell import Json, Shell
from cairn.app.tui.widgets.field import Covering
from cairn.app.tui.widgets.rows import Row, Rows
from cairn.core.errors import CairnError

_STYLES = {"failed": "$error", "skipped": text.QUIET, "indexed": "$warning"}
_WORDS = {"indexed": "note", "skipped": "by name"}


@dataclass(frozen=True, slots=True)
class Missed:
    address: str
    path: str
    state: str
    reason: str


class Covered(ModalScreen[None], inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("covered", "screen")

    def __init__(self, root: str, source: Json | None = None) -> None:
        """`source` is of conversations, which knows its problems already."""
        super().__init__()
        self._root = root
        self._source = source
        self._missed: list[Missed] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue covered") as box:
            box.border_title = f"Not read of {render.home_path(self._root)}"
            box.border_subtitle = "enter opens it, w says why, / narrows it down, esc closes"
            yield Covering("part of a name or a reason, or a path")
            yield Rows("missed")
            yield Static("", classes="path-note")

    def on_mount(self) -> None:
        self.rows.focus()
        door.work(self, self._fetch(), group="missed")

    @property
    def rows(self) -> Rows:
        return self.query_one(Rows)

    async def _fetch(self) -> None:
        self._say(Content.styled("looking …", text.QUIET))
        if self._source:
            self._missed = [_of_chats(uri, reason) for uri, reason in self._source["problems"]]
        else:
            try:
                found = await door.call("failed")
            except CairnError as error:
                self._say(Content.styled(text.line(error.message), "$error"))
                return
            missed = [_of_file(each) for each in found["files"] if self._holds(each["path"])]
            self._missed = sorted(missed, key=lambda each: each.state == "indexed")
        self._list("")

    def _holds(self, path: str) -> bool:
        return path == self._root or path.startswith(self._root.rstrip("/") + "/")

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        self._list(changed.value)

    @on(Covering.Done)
    def _narrowed(self) -> None:
        self.rows.focus()

    def _list(self, typed: str) -> None:
        words = typed.casefold().split()
        left = [
            each for each in self._missed
            if all(word in f"{each.path} {each.reason}".casefold() for word in words)
        ]  # fmt: skip
        self.rows.styles.height = max(3, min(len(self._missed), self.app.size.height - 14))
        self.rows.fill([self._row(each) for each in left])
        if left:
            self._say(Content.styled(f"{coverage.number(len(left))} listed", text.QUIET))
        elif typed:
            self._say(Content.styled("none of them; w asks about this path", text.QUIET))
        else:
            self._say(Content.styled("every file of it was read", "$success"))

    def _row(self, missed: Missed) -> Row:
        path = missed.path
        if self._holds(path) and path != self._root:
            path = path[len(self._root.rstrip("/")) + 1 :]
        state = _WORDS.get(missed.state, missed.state)
        left = Content.assemble((f" {state}".ljust(9), _STYLES.get(missed.state, "")),
                                render.home_path(path))  # fmt: skip
        return Row(missed.address, left, Content.styled(f"{text.line(missed.reason)} ", text.QUIET))

    def _say(self, words: Content) -> None:
        self.query_one(".path-note", Static).update(words)

    # -- keys

    def _at(self) -> Missed | None:
        return next((each for each in self._missed if each.address == self.rows.at), None)

    @on(Rows.Moved)
    def _moved(self) -> None:
        if missed := self._at():
            self._say(Content(text.line(missed.reason)))

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        if missed := self._at():
            self.app.open_citation(missed.address)

    def action_filter(self) -> None:
        self.query_one(Covering).focus()

    def action_why(self) -> None:
        missed, typed = self._at(), self.query_one(Covering).value
        target = missed.path if missed else completing.meant(typed) if typed else self._root
        door.work(self, self._why(target), group="why")

    async def _why(self, target: str) -> None:
        told = await door.call("why_not", {"target": target})
        self._say(Content.assemble(
            (f"{text.line(told['state'])}: ", "bold"), text.line(told["reason"]),
            (f"\n{text.line(told['hint'])}" if told["hint"] else "", text.QUIET),
        ))  # fmt: skip

    def action_close(self) -> None:
        self.dismiss()


def _of_file(file: Json) -> Missed:
    return Missed(file["uri"], file["path"], file["state"], file["reason"])


def _of_chats(uri: str, reason: str) -> Missed:
    path = text.line(uri.removeprefix("file:").removeprefix("//"))
    return Missed(uri, path, "failed", reason)
