"""Promises and questions of the tree → what is open, due soon and overdue, for Today's page.

What is done, answered or superseded is settled and not told; nor is what is overdue so long that
it was dropped. A promise is for the day in its `valid_until`, which lasts until its end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from cairn.core.records import Entry
from cairn.core.tree.life.constants import OVERDUE_FOR, SOON
from cairn.core.tree.life.days import day_number, day_of
from cairn.core.tree.life.whose import is_about_user

DueState = Literal["overdue", "due", "open"]
_ORDER: dict[DueState, int] = {"overdue": 0, "due": 1, "open": 2}
_SETTLED = frozenset(("done", "kept", "answered", "closed", "cancelled", "dropped"))


@dataclass(frozen=True, slots=True)
class Owed:
    entry: Entry
    state: DueState
    day: str
    """For which it is; empty where it is for no day."""
    days: int
    """Whole days until then, below 0 when overdue; 0 where it is for no day."""
    is_mine: bool
    """The user's to do, and not somebody else's."""


def owed(
    entries: Iterable[Entry],
    today: str,
    superseded: Collection[str] = frozenset(),
    names: Collection[str] = (),
) -> tuple[Owed, ...]:
    """The longest overdue first, then what is due first, then the newest.

    `today` is the user's own day, `superseded` has ids of entries that another took the place of,
    and `names` are the user's.
    """
    found = [
        one
        for entry in entries
        if entry.id not in superseded and (one := _owed(entry, today, names)) is not None
    ]
    found.sort(key=lambda one: (one.entry.created, one.entry.id), reverse=True)
    return tuple(sorted(found, key=lambda one: (_ORDER[one.state], one.days)))


def is_settled(entry: Entry) -> bool:
    return any(tag.casefold() in _SETTLED for tag in entry.tags)


def _owed(entry: Entry, today: str, names: Collection[str]) -> Owed | None:
    if entry.kind not in ("promise", "question") or is_settled(entry):
        return None
    asked = entry.kind == "question" and entry.origin == "user"
    mine = asked or is_about_user(entry, names)
    due = _last_day(entry.valid_until)
    now = day_number(day_of(today))
    if due is None or now is None:
        return Owed(entry, "open", "", 0, mine)
    left = int(due - now)
    if left < -OVERDUE_FOR:
        return None
    state: DueState = "overdue" if left < 0 else "due" if left <= SOON else "open"
    return Owed(entry, state, entry.valid_until[:10], left, mine)


def _last_day(until: str) -> float | None:
    """As it is written there: the day somebody named is that day wherever the user is now."""
    if day := day_of(until):
        return day_number(day)
    end = day_number(until, end=True)  # a month or a year
    return None if end is None else end - 1
