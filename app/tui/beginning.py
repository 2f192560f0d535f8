"""The three steps of the first run: folders, conversations, a model. Each looks, offers, and does.

Shown by `screens/first.py`, which does what was chosen in all of them once it has come to the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from textual.content import Content

from cairn.app import render
from cairn.app.tui import chat_choices, door, estimates, likely, modelling, sourcing, text
from cairn.app.tui.shell import Json, Shell
from cairn.app.tui.widgets.choices import Choice
from cairn.core.errors import CairnError

Tell = Callable[[], None]
"""Something has come in: draw it."""


class Step:
    title = ""
    words = ""
    looking = "looking …"
    single = False

    def __init__(self) -> None:
        self.choices: list[Choice] = []
        self.note = Content("")
        self.is_looking = True

    async def look(self, tell: Tell) -> None:
        """What there is to choose from; `tell` whenever there is more to show."""

    def keep(self, taken: list[str]) -> None:
        """What is chosen now."""
        self.choices = [
            Choice(each.id, each.left, each.right, each.id in taken, each.barred)
            for each in self.choices
        ]
        self.note = self.said()

    def skip(self) -> None:
        self.keep([])

    def said(self) -> Content:
        return Content("")

    def about(self, id: str) -> Content:
        return Content("")

    async def do(self, shell: Shell) -> None:
        """What was chosen."""

    @property
    def taken(self) -> list[str]:
        return [each.id for each in self.choices if each.taken]


class Folders(Step):
    title = "Which folders shall it know?"
    words = "Files are only ever read, and nothing leaves this machine."

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, Json | str] = {}

    async def look(self, tell: Tell) -> None:
        found = await door.do(likely.folders)
        self.choices = [self._choice(str(path), likely.is_taken(path)) for path in found]
        self.is_looking = False
        tell()
        for path in found:
            await self._count(str(path), tell)

    async def add(self, path: str, tell: Tell) -> None:
        self.choices = [each for each in self.choices if each.id != path]
        self.choices.append(self._choice(path, taken=True))
        tell()
        await self._count(path, tell)

    async def _count(self, path: str, tell: Tell) -> None:
        try:
            self._counts[path] = await door.call("preview", {"path": path, "policy": "names"})
        except CairnError as error:
            self._counts[path] = error.message
        self.choices = [
            self._choice(path, each.taken) if each.id == path else each for each in self.choices
        ]
        self.note = self.said()
        tell()

    def _choice(self, path: str, taken: bool) -> Choice:
        left = Content.styled(render.home_path(path), "bold")
        known = self._counts.get(path)
        if known is None:
            return Choice(path, left, Content.styled("counting … ", text.QUIET), taken)
        if isinstance(known, str):
            return Choice(path, left, Content.styled(f"{text.line(known)} ", "$warning"),
                          barred=True)  # fmt: skip
        took = estimates.about(known["files"], known["size"])
        told = f"{estimates.counted(known['files'], known['size'])}, {took} "
        return Choice(path, left, Content.styled(told, text.QUIET), taken)

    def said(self) -> Content:
        known = [self._counts.get(path) for path in self.taken]
        counts = [each for each in known if isinstance(each, dict)]
        if not self.taken:
            return Content.styled("none is chosen; a types another one", text.QUIET)
        files, size = (sum(each[name] for each in counts) for name in ("files", "size"))
        many = render.count(len(self.taken), "folder")
        return Content.assemble(
            (many, "bold"),
            f": {estimates.counted(files, size)}; {estimates.about(files, size)} to read, "
            "in the background",
        )

    async def do(self, shell: Shell) -> None:
        for path in self.taken:
            await sourcing.watch(path)


class Chats(Step):
    title = "Which conversations may it read?"
    words = "Nothing of them was read yet. What you choose is copied, without secrets."

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Json] = []

    async def look(self, tell: Tell) -> None:
        self._found = (await door.call("detect", {"env": dict(os.environ)}))["found"]
        self.choices = chat_choices.choices(self._found, preset=True)
        self.is_looking = False
        self.note = self.said()
        tell()

    def said(self) -> Content:
        if not self._found:
            words = "none were found in the usual places; `cairn import` takes exports at any time"
            return Content.styled(words, text.QUIET)
        if not self.taken:
            return Content.styled("none is chosen", text.QUIET)
        return Content.assemble((render.count(len(self.taken), "source"), "bold"), " will be read")

    def about(self, id: str) -> Content:
        return Content.styled(chat_choices.about(self._found, id), text.QUIET)

    async def do(self, shell: Shell) -> None:
        for each in chat_choices.taken(self._found, self.taken):
            await sourcing.follow(each)


class Model(Step):
    title = "Shall a model write the answers?"
    words = "None is fine: answers then quote your words. Sources changes it any time."
    looking = "looking for those that fit this machine …; enter begins without one"
    single = True

    def __init__(self) -> None:
        super().__init__()
        self._about: dict[str, Content] = {}
        self._was = modelling.NONE

    async def look(self, tell: Tell) -> None:
        found = await modelling.listed()
        made = modelling.rows(found)
        self._about = {row.id: about for row, about in made}
        self._was = modelling.used(found)
        self.choices = [Choice(row.id, row.left, row.right, row.id == self._was) for row, _ in made]
        self.is_looking = False
        self.note = modelling.machine(found)
        tell()

    def keep(self, taken: list[str]) -> None:
        note = self.note
        super().keep(taken)
        self.note = note

    def skip(self) -> None:
        self.keep([self._was])

    def about(self, id: str) -> Content:
        return self._about.get(id, Content(""))

    async def do(self, shell: Shell) -> None:
        for id in self.taken:
            if id != self._was:
                await modelling.take(shell, id)


def is_new(state: Json, sources: list[Json]) -> bool:
    """Is nothing of the user's configured?"""
    home = state["home"] + "/"
    return not sources and not any(not root["path"].startswith(home) for root in state["roots"])
