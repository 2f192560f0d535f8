"""What fills the screen between its first and its last row; every place is one.

A subclass says in `compose` what it is made of, and in `WHERES` where its keys are: the actions
of those are its own methods. What happens to the engine comes in by `self.app.news`.
"""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from textual import getters
from textual.containers import Container
from textual.widget import Widget

from cairn.app.tui.places import Known
from cairn.app.tui.shell import Shell


class Place(Container):
    WHERES: ClassVar[tuple[str, ...]] = ()
    """As in the registry of keys; F1 and the command palette show them."""

    app = getters.app(Shell)

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._heard_of: object = None

    def holder(self, where: str) -> Widget:
        """What has the actions of one of `WHERES`, where it isn't the place itself."""
        return self

    def first(self) -> Widget | None:
        """What is in focus when somebody comes here for the first time."""
        return None

    def came(self) -> None:
        """Somebody has come here, for the first time or again."""

    def fetch(self) -> None:
        """Ask the engine for what is shown."""

    def renew(self, of_it: object) -> None:
        """`of_it`: what the news say of what is shown, None without a daemon. Where that is other
        than before, or the daemon is there again, it is fetched."""
        if of_it not in (None, self._heard_of) and self.app.here == self.id:
            self.fetch()
        self._heard_of = of_it


def opened(known: Known) -> Place:
    module = import_module(f"cairn.app.tui.screens.{known.module}")
    place = getattr(module, known.title)(id=known.name)
    assert isinstance(place, Place)
    return place
