"""Arithmetic of the calendar for phrases: weeks, months, seasons, named days as ranges of dates.

Called by the grammar. Weeks begin on Monday; seasons are whole months of the northern half of the
world, and a winter belongs to the year in which it begins. ValueError and OverflowError are raised
where no such day exists, and mean that the phrase is no date.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

Days = tuple[date, date]
"""First and last day, both included."""

_DAY = timedelta(days=1)
_SEASON_BEGINS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_DAYS = {"minute": 0, "hour": 0, "day": 1, "week": 7, "weekend": 7, "fortnight": 14}


def month(year: int, number: int) -> Days:
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def year(number: int) -> Days:
    return date(number, 1, 1), date(number, 12, 31)


def week(day: date) -> Days:
    monday = day - day.weekday() * _DAY
    return monday, monday + 6 * _DAY


def weekend(day: date) -> Days:
    """The Saturday and Sunday that end the week of a day."""
    _, sunday = week(day)
    return sunday - _DAY, sunday


def season(year: int, name: str) -> Days:
    begins = date(year, _SEASON_BEGINS[name], 1)
    return begins, add_months(begins, 3) - _DAY


def quarter(year: int, number: int) -> Days:
    begins = date(year, 3 * number - 2, 1)
    return begins, add_months(begins, 3) - _DAY


def half(year: int, number: int) -> Days:
    begins = date(year, 6 * number - 5, 1)
    return begins, add_months(begins, 6) - _DAY


def decade(first: int) -> Days:
    return date(first, 1, 1), date(first + 9, 12, 31)


def add_months(day: date, count: int) -> date:
    """The same day some months on, or the last of that month if it is shorter."""
    years, number = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not 1 <= years <= 9999:
        raise OverflowError("no such year")
    return date(years, number + 1, min(day.day, calendar.monthrange(years, number + 1)[1]))


def shift(day: date, unit: str, count: int) -> date:
    if unit in _MONTHS:
        return add_months(day, _MONTHS[unit] * count)
    return day + timedelta(days=_DAYS[unit] * count)


def around(day: date, unit: str) -> Days:
    """The day's own week, month or year, or the day itself for units that are shorter."""
    if unit == "week":
        return week(day)
    if unit == "weekend":
        return weekend(day)
    if unit == "month":
        return month(day.year, day.month)
    if unit == "quarter":
        return quarter(day.year, (day.month + 2) // 3)
    if unit == "year":
        return year(day.year)
    if unit == "decade":
        return decade(day.year // 10 * 10)
    return day, day


def third(days: Days, which: int) -> Days:
    """The first, second or last third: of a month, from the 1st, the 11th and the 21st."""
    first, last = days
    size = (last - first).days + 1
    if first.day == 1 and 28 <= size <= 31:
        begins = [first + 10 * n * _DAY for n in range(3)]
    elif first.day == 1 and size > 80:  # whole months, so that a year falls into seasons
        months = round(size / 30.4)
        begins = [add_months(first, months * n // 3) for n in range(3)]
    else:
        begins = [first + size * n // 3 * _DAY for n in range(3)]
    return begins[which], last if which == 2 else begins[which + 1] - _DAY


def weekday(day: date, number: int, step: int) -> date:
    """The nearest such weekday after a day (step 1) or before it (-1), never the day itself."""
    away = (number - day.weekday()) * step % 7 or 7
    return day + step * away * _DAY


def nth_weekday(within: Days, number: int, nth: int) -> date:
    """The nth such weekday of a month or a year; -1 is the last."""
    first, last = within
    if nth < 0:
        return last - (last.weekday() - number) % 7 * _DAY
    day = first + (number - first.weekday()) % 7 * _DAY + 7 * (nth - 1) * _DAY
    if day > last:
        raise ValueError("no such weekday")
    return day


def easter(year: int) -> date:
    """Easter Sunday of the western churches: after the first full moon of spring."""
    golden = year % 19
    century = year // 100
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= moon // 28 * (1 - 29 // (moon + 1) * ((21 - golden) // 11))
    sunday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    return date(year, 3, 1) + timedelta(days=27 + moon - sunday)


def _fixed(month_: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month_, day)


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + days * _DAY


def _thanksgiving(year: int) -> date:
    return nth_weekday(month(year, 11), 3, 4)


NAMED: dict[str, Callable[[int], date]] = {
    "christmas": _fixed(12, 25),
    "christmas_eve": _fixed(12, 24),
    "boxing_day": _fixed(12, 26),
    "new_year_eve": _fixed(12, 31),
    "new_year": _fixed(1, 1),
    "epiphany": _fixed(1, 6),
    "valentine": _fixed(2, 14),
    "st_patrick": _fixed(3, 17),
    "independence_day": _fixed(7, 4),
    "halloween": _fixed(10, 31),
    "all_saints": _fixed(11, 1),
    "st_nicholas": _fixed(12, 6),
    "thanksgiving": _thanksgiving,
    "black_friday": lambda year: _thanksgiving(year) + _DAY,
    "good_friday": _from_easter(-2),
    "easter": _from_easter(0),
    "easter_monday": _from_easter(1),
    "ascension": _from_easter(39),
    "pentecost": _from_easter(49),
    "ash_wednesday": _from_easter(-46),
}
