"""A `When` → words for a person, words for a sentence, and the ISO form for front matter."""

from __future__ import annotations

from datetime import date, timedelta

from cairn.core.times import days
from cairn.core.times.nodes import Grain
from cairn.core.times.when import When

_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}
_THIRDS = ("early ", "mid-", "late ")
_DAY = timedelta(days=1)
_ON = ("day", "moment")


def spell(when: When) -> str:
    """`7 May 2023`, `the week of 1 May 2023`, `summer 2022`, `3 to 9 June 2023`."""
    first, last = when.first, when.last
    if when.repeats:
        return " ".join(when.text.split())
    if when.grain == "moment" and when.clock:
        return f"{_day(first)} at {when.clock}"
    if when.grain in _ON and first == last:
        return _day(first)
    if when.grain in ("week", "weekend"):
        return f"the {when.grain} of {_day(first)}"
    if when.grain in ("month", "year", "season"):
        return _whole(first, when.grain)
    return _vague(first, last) if when.is_vague else _span(first, last)


def placed(when: When) -> str:
    """The same as it stands in a sentence: `on 7 May 2023`, `in May 2023`, `by 12 May 2023`."""
    spelled = spell(when)
    if when.repeats:
        return spelled
    if when.bound == "since":
        return f"since {_whole(when.first, when.anchor)}"
    if when.bound == "until":
        is_day = when.anchor in (*_ON, "weekend", "span")
        return f"until {_whole(when.last if is_day else when.last + _DAY, when.anchor)}"
    if when.bound:
        return f"{when.bound} {spelled}"
    if when.grain in _ON:
        return f"on {spelled}"
    if when.grain == "span" and when.is_vague and spelled.startswith("around"):
        return spelled
    if when.grain == "span" and " to " in spelled:
        return f"from {spelled}"
    return f"on {spelled}" if when.grain == "weekend" else f"in {spelled}"


def iso(when: When) -> str:
    """`2023-05-07`, `2023-05` for a month, `2022` for a year; `first/last` for what has no name."""
    first, last = when.first, when.last
    if when.grain == "month":
        return first.isoformat()[:7]
    if when.grain == "year":
        return first.isoformat()[:4]
    if when.grain == "moment" and when.clock:
        return f"{first.isoformat()}T{when.clock}"
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def _whole(first: date, grain: Grain) -> str:
    """The month, season or year that begins on a day."""
    if grain == "month":
        return _month(first)
    if grain == "season":
        return f"{_SEASONS[first.month]} {_season_year(first)}"
    return str(first.year) if grain == "year" else _day(first)


def _day(day: date) -> str:
    return f"{day.day} {_month(day)}"


def _month(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.year}"


def _season_year(first: date) -> str:
    """A winter has two years."""
    return f"{first.year}/{(first.year + 1) % 100:02}" if first.month == 12 else str(first.year)


def _vague(first: date, last: date) -> str:
    for which, name in enumerate(_THIRDS):
        if days.third(days.month(first.year, first.month), which) == (first, last):
            return name + _month(first)
        if days.third(days.year(first.year), which) == (first, last):
            return f"{name}{first.year}"
    size = (last - first).days
    if size > 500:
        return f"around {first.year} to {last.year}"
    if size <= 20:
        return f"around {_span(first, last)}"
    return f"around {_months(first, last)}"


def _months(first: date, last: date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return _month(first)
    if first.year != last.year:
        return f"{_month(first)} to {_month(last)}"
    return f"{_MONTHS[first.month - 1]} to {_month(last)}"


def _span(first: date, last: date) -> str:
    if first == last:
        return _day(first)
    whole_years = (first.day, first.month, last.day, last.month) == (1, 1, 31, 12)
    if whole_years and first.year % 10 == 0 and last.year == first.year + 9:
        return f"the {first.year}s"
    if whole_years:
        return f"{first.year} to {last.year}" if first.year != last.year else str(first.year)
    if first.day == 1 and last == days.month(last.year, last.month)[1]:
        return _months(first, last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_day(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} to {_day(last)}"
    return f"{_day(first)} to {_day(last)}"
