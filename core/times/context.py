"""What a phrase is counted from: the day it was said, and the tense of its clause.

Made by `phrases.find` for one text; the grammar's rules ask it which year or which Friday is meant.
`LookupError` is raised where that can't be known, and means that the phrase is no date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from cairn.core.times import days
from cairn.core.times.nodes import NO_YEAR, Node, Stretch
from cairn.core.times.tense import Clauses

_YEARS_AWAY = 3


@dataclass(frozen=True, slots=True)
class Context:
    text: str
    day: date | None
    language: str
    clauses: Clauses
    _known: dict[tuple[int, ...], days.Days] = field(default_factory=dict)

    @property
    def said(self) -> date:
        if self.day is None:
            raise LookupError("nobody knows when this was said")
        return self.day

    def tense(self, nodes: list[Node]) -> int:
        return self.clauses.tense(nodes[0].start, nodes[-1].end)

    def weekday(self, number: int, towards: int) -> date:
        """The nearest such weekday in the past (-1) or, as where that is unclear, the future."""
        return days.weekday(self.said, number, towards or 1)

    def yearly(self, month: int, day: int, towards: int, weekday: int = -1) -> days.Days:
        """A month (day 0) or a day of the year that is meant; of no year if nothing tells it."""
        if self.day is None:
            return yearly(NO_YEAR, month, day)
        key = (month, day, towards, weekday)
        if key not in self._known:
            self._known[key] = self.nearest(
                lambda year: yearly(year, month, day), towards, weekday if weekday >= 0 else None
            )
        return self._known[key]

    def nearest(
        self, in_year: Callable[[int], days.Days], towards: int, weekday: int | None = None
    ) -> days.Days:
        """Which year's is meant of what comes once a year: by tense, else the nearest."""
        said = self.said
        found: list[days.Days] = []
        for year in range(said.year - _YEARS_AWAY, said.year + _YEARS_AWAY + 1):
            try:
                found.append(in_year(year))
            except ValueError:  # 29 February, or beyond the calendar
                continue
        if weekday is not None:
            found = [each for each in found if each[0].weekday() == weekday] or found
        if not found:
            raise LookupError("no such day")
        if towards < 0:
            found = [max(past)] if (past := [each for each in found if each[0] <= said]) else found
        if towards > 0:
            found = [min(due)] if (due := [each for each in found if each[1] >= said]) else found
        return min(found, key=lambda each: _distance(each, said))


def _distance(days_: days.Days, day: date) -> int:
    first, last = days_
    return max(0, (first - day).days, (day - last).days)


def yearly(year: int, month: int, day: int) -> days.Days:
    """A month of a year, or one day of it."""
    if not day:
        return days.month(year, month)
    return date(year, month, day), date(year, month, day)


def moved_to(stretch: Stretch, year: int) -> days.Days:
    assert stretch.yearless
    return yearly(year, *stretch.yearless)
