"""The places of the terminal UI, in the order of their keys. A place is added by one line here.

Read by the app, which imports a place when somebody goes there for the first time, and by the
registry of keys.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    number: int
    """Its key: the first place is at F2 and at alt+1."""
    name: str
    title: str
    module: str
    """Below `cairn.app.tui.screens`; it has a subclass of Place that is called as the title is."""


PLACES: tuple[Known, ...] = (
    Known(1, "ask", "Ask", "ask"),
    Known(2, "search", "Search", "search"),
    Known(3, "memory", "Memory", "memory"),
    Known(4, "today", "Today", "today"),
    Known(5, "sources", "Sources", "sources"),
)  # fmt: skip
