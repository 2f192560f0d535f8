"""What the app is to its places and widgets: the engine's news, copying, opening, plain or not.

`app.py` has the app itself. `news` tells every few moments how the engine is, or why it can't be
reached; whoever shows it subscribes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from textual.app import App, SuspendNotSupported
from textual.signal import Signal

from cairn.app.tui import copying, door, keys, text
from cairn.core.config import Tui
from cairn.core.errors import CairnError

Json = dict[str, Any]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class News:
    state: Json | None = None
    """As `cairn status --json` has it; None until it is known, and while there is no daemon."""
    trouble: CairnError | None = None
    """Why there is none."""


class Shell(App[int], inherit_bindings=False):
    def __init__(self, settings: Tui) -> None:
        super().__init__()
        self.settings = settings
        self.plain = settings.plain
        """For screen readers: one column, no frames, nothing that changes while it is read."""
        self.news: Signal[News] = Signal(self, "news")
        self.latest = News()
        self.here = ""
        """The name of the place that is shown."""
        self.pulling = ""
        """How far a model is that is being fetched, in words."""

    def pressed(self, key: keys.Key, *, every: bool = False) -> str:
        """As a person presses it, with what the user has made of the keys."""
        return keys.shown(keys.keys_of(key, self._keymap), every=every, plain=self.plain)

    async def action_press(self, id: str) -> None:
        """A click on a key's name."""
        for active in self.screen.active_bindings.values():
            if active.binding.id == id:
                await self.run_action(active.binding.action, active.node)
                return

    def look(self) -> None:
        """Ask the engine how it is, now."""

    def copy(self, words: str, what: str) -> None:
        """To the clipboard, and say what it was."""
        if not words:
            return
        self.copy_to_clipboard(words)
        door.work(self, copying.hand_over(words), group="copy")
        self.say(f"copied {what}")

    def say(self, words: str) -> None:
        self.notify(text.safe(words), timeout=3, markup=False)

    def warn(self, error: CairnError) -> None:
        door.tell_error(self, error)

    def open_citation(self, citation: str) -> None:
        """In the editor or viewer that the user has for it, at the place."""
        door.work(self, self._open(citation), group="open")

    async def _open(self, citation: str) -> None:
        from cairn.app import opening

        planned = await door.do(lambda: opening.planned(citation))
        if not planned.in_terminal:
            await door.do(lambda: opening.start(planned))
            self.say(planned.note or f"opened with {os.path.basename(planned.command[0])}")
            return
        status = self.leave_to(lambda: opening.start(planned))
        if status:
            self.say(f"{os.path.basename(planned.command[0])} ended with status {status}")

    def leave_to(self, program: Callable[[], Result]) -> Result:
        """Give the terminal to a program until it ends."""
        try:
            with self.suspend():
                return program()
        except SuspendNotSupported:
            return program()
