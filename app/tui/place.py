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

    def holder(self, where: str) -> Widget:
        """What has the actions of one of `WHERES`, where it isn't the place itself."""
        return self

    def first(self) -> Widget | None:
        """What is in focus when somebody comes here for the first time."""
        return None

    def came(self) -> None:
        """Somebody has come here, for the first time or again."""


def opened(known: Known) -> Place:
    module = import_module(f"cairn.app.tui.screens.{known.module}")
    place = getattr(module, known.title)(id=known.name)
    assert isinstance(place, Place)
    return place
