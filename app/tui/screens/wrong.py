"""“This is wrong”: from an answer to the entry or the source behind it, to put it right.

Opened by Ask for the answer or the source in focus. It offers what `cairn bad` and `cairn wrong`
do; what was chosen is done here, and told.
"""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cairn.app.moments import on_day
from cairn.app.tui import door, editing, keys, text
from cairn.app.tui.shell import Json, Shell
from cairn.app.tui.widgets.field import Field
from cairn.core.errors import CairnError

_DEEDS = (
    ("x", "it is wrong: put it away, and never propose it again"),
    ("u", "it was true until …"),
    ("e", "correct it in your editor"),
)


class Wrong(ModalScreen[bool], inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("wrong", "screen")

    def __init__(self, question: str, address: str, *, is_answer: bool = True) -> None:
        """`question` as the engine has noted it; `address` is of the source, if it has one. Where
        it is no answer, these are the title and the id of an entry."""
        super().__init__()
        self._is_answer = is_answer
        self._question = question
        self._address = address
        self._entry = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue") as box:
            box.border_title = "What is wrong?"
            box.border_subtitle = "esc closes"
            yield Static(text.plain(self._question), classes="wrong-question")
            yield OptionList(compact=True)
            yield Field("2026-07-01, last March", id="until")

    def on_mount(self) -> None:
        self.query_one(Field).display = False
        options = self.query_one(OptionList)
        if self._is_answer:
            options.add_option(_option("b", "", "this answer is bad; note it"))
        if self._address and self._is_answer:
            options.add_option(
                _option("o", "", "its source is wrong; open it and correct it there")
            )
        if self._address:
            door.work(self, self._find_entries(), group="entries")
        options.highlighted = 0 if options.option_count else None
        options.focus()

    async def _find_entries(self) -> None:
        found = await door.call("wrong", {"target": self._address})
        options = self.query_one(OptionList)
        for entry in found["entries"]:
            if self._is_answer:
                title = Content.assemble("\n", (text.line(entry["title"]), "bold"))
                options.add_option(Option(title, disabled=True))
            options.add_options(_option(key, entry["id"], words) for key, words in _DEEDS)
        if not self._is_answer:
            options.highlighted = 0

    # -- choosing

    @on(OptionList.OptionSelected)
    def _selected(self, selected: OptionList.OptionSelected) -> None:
        key, _, entry = str(selected.option_id).partition(":")
        self._do(key, entry)

    def action_choose(self, key: str) -> None:
        """Of the entry in focus, or else of the first one."""
        options = self.query_one(OptionList)
        here = options.highlighted_option
        entry = str(here.id).partition(":")[2] if here else ""
        ids = [str(option.id) for option in options.options if not option.disabled]
        for id in (f"{key}:{entry}", *ids):
            if id in ids and id.partition(":")[0] == key:
                self._do(key, id.partition(":")[2])
                return

    def _do(self, key: str, entry: str) -> None:
        self._entry = entry
        if key == "u":
            field = self.query_one(Field)
            field.display = True
            field.focus()
        elif key == "o":
            self.dismiss(False)
            self.app.open_citation(self._address)
        else:
            task = {"b": self._bad, "x": self._put_away, "e": self._edit}[key]
            door.work(self, task(), group="deed")

    async def _bad(self) -> None:
        told = await judge("bad", self._question)
        self._done(told)

    async def _put_away(self) -> None:
        await door.call("tree_archive", {"names": [self._entry], "wrong": True})
        self._done("put away; it is not proposed again")

    async def _edit(self) -> None:
        self._done(await editing.edit_entry(self.app, self._entry))

    @on(Field.Submitted)
    def _until(self, given: Field.Submitted) -> None:
        try:
            day = on_day(given.value.strip())
        except CairnError as error:
            self.app.warn(error)
            return
        if day:
            door.work(self, self._end(day), group="deed")

    async def _end(self, day: str) -> None:
        await door.call("tree_end", {"name": self._entry, "until": day})
        self._done(f"it was true until {day}")

    def _done(self, words: str) -> None:
        self.app.say(words)
        self.app.look()
        self.dismiss(True)

    def action_close(self) -> None:
        self.dismiss(False)


def _option(key: str, entry: str, words: str) -> Option:
    return Option(Content.assemble((f" {key}  ", "bold $primary"), words), id=f"{key}:{entry}")


async def judge(verdict: str, question: str) -> str:
    """Note that an answer was good or bad; what was noted, in words."""
    asked: list[Json] = (await door.call("asked"))["asked"]
    ago = next((number for number, each in enumerate(reversed(asked), start=1)
                if each["question"] == question), 1)  # fmt: skip
    told = await door.call("feedback", {"verdict": verdict, "ago": ago})
    return f"noted as {verdict}{'' if told['changed'] else ' already'}"
