"""ISO times in text → days on one line, as numbers that can be subtracted.

Used by everything that ages. Whatever stands in a journal or a file gives a number or None, never
an error: the years 1 and 9999, a month without a day, a date that does not exist.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from functools import lru_cache

_LONGEST = 40
_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)


def day_number(text: str, *, end: bool = False) -> float | None:
    """Days since the year 1 in UTC; with `end` the last moment of a bare day, month or year."""
    return _number(text, end) if len(text) <= _LONGEST else None


@lru_cache(maxsize=1 << 12)  # today is asked for with every entry
def _number(text: str, end: bool) -> float | None:
    if partial := _MONTH.fullmatch(text):
        return _of_partial(int(partial[1]), partial[2], end)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == 10:
        return float(moment.toordinal() + end)
    # Not astimezone: it fails at both ends of the calendar.
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    offset = moment.utcoffset()
    ahead = offset.total_seconds() if offset else 0.0
    return moment.toordinal() + (seconds - ahead) / 86400


def days_since(then: str, now: str) -> float | None:
    """Never below 0: a clock that was set back makes nothing younger than new."""
    first, last = day_number(then), day_number(now)
    return None if first is None or last is None else max(0.0, last - first)


def day_of(text: str) -> str:
    """`2026-03-02` of a time; empty for what names no day."""
    day = text[:10]
    return day if len(day) == 10 and day_number(day) is not None else ""


def _of_partial(year: int, month: str | None, end: bool) -> float | None:
    if not year or (month is not None and not 1 <= int(month) <= 12):
        return None
    first = date(year, int(month or 1), 1)
    if not end:
        return float(first.toordinal())
    last = int(month) if month else 12
    return float(date(year, last, monthrange(year, last)[1]).toordinal() + 1)
