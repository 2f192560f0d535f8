"""The rules for what is counted from the day it was said: `yesterday`, `last Tuesday`, `next May`.

`Two weeks ago` is the week of that day, as few say it of one day; `a few weeks ago` is a guess.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from cairn.core.times import days
from cairn.core.times.nodes import NO_DATE, Bound, Grain, Node, Stretch
from cairn.core.times.rules import Found

_DAY = timedelta(days=1)
GRAINS: dict[str, Grain] = {
    "minute": "moment", "hour": "moment", "day": "day", "week": "week", "fortnight": "week",
    "weekend": "weekend", "month": "month", "quarter": "span", "year": "year", "decade": "span",
}  # fmt: skip
_OF_A_DAY = {"hour": 24, "minute": 24 * 60}
_FRACTION = re.compile(r"[\d½¼¾⅓⅔⅛]\s*$")
_FEW, _COUPLE, _SEVERAL = (2, 5), (1, 3), (3, 7)
_BOUNDS: tuple[Bound, ...] = ("since", "until", "by", "before", "after")


def amount(found: Found) -> tuple[int, int]:
    """The least and the greatest count that an amount such as `a few` may mean."""
    if found.has("few"):
        return _FEW
    if found.has("couple"):
        return _COUPLE
    if found.has("several"):
        return _SEVERAL
    if both := found.get("numbers"):
        return divmod(both.number, 100)
    node = found.get("number")
    return (node.number, node.number) if node else (1, 1)


def _unit_and_amount(found: Found) -> tuple[str, int, int]:
    """Hours that make a day or more are counted as days: 36 hours are one or two."""
    unit = found.one("unit", "units").word
    low, high = amount(found)
    if unit in _OF_A_DAY and high >= _OF_A_DAY[unit]:
        return "day", low // _OF_A_DAY[unit], -(-high // _OF_A_DAY[unit])
    return unit, low, high


def away(found: Found, from_: date, step: int) -> Stretch:
    """So many units before (step -1) or after a day, as wide as the unit."""
    unit, low, high = _unit_and_amount(found)
    if found.has("half"):
        if unit not in ("year", "decade"):
            raise LookupError("half of a unit that has no months")
        return _around(days.add_months(from_, step * (6 if unit == "year" else 60)), "month")
    if unit == "year" and low == high == 1:  # said of what is remembered to the month
        month = days.month(*_month_of(days.shift(from_, unit, step)))
        return Stretch(*month, "month", is_vague=True)
    if low == high:
        return _around(days.shift(from_, unit, step * low), unit)
    ends = sorted(days.shift(from_, unit, step * count) for count in (low, high))
    return Stretch(ends[0], ends[1], "span", is_vague=True)


def _month_of(day: date) -> tuple[int, int]:
    return day.year, day.month


def _around(day: date, unit: str) -> Stretch:
    return Stretch(*days.around(day, "week" if unit == "fortnight" else unit), GRAINS[unit])


def dayword(found: Found) -> Stretch:
    day = found.context.said + found.one("dayword").number * _DAY
    return Stretch(day, day, "day", is_adverb=len(found.nodes) == 1)


def this_part(found: Found) -> Stretch:
    day = found.context.said - (_DAY if found.has("last", "last_after") else 0 * _DAY)
    return Stretch(day, day, "day")


def ago(found: Found) -> Stretch:
    return replace(away(found, found.context.said, -1), is_adverb=True)


def hence(found: Found) -> Stretch:
    return replace(away(found, found.context.said, 1), is_adverb=True)


def in_some_time(found: Found) -> Stretch:
    if found.tense < 0:
        raise LookupError("how long something took")
    return hence(found)


def units_ago(found: Found) -> Stretch:
    """Weeks ago."""
    start = found.nodes[0].start
    if _FRACTION.search(found.context.text[max(0, start - 3) : start]):  # 1.5 years ago
        return NO_DATE
    unit, said = found.one("units").word, found.context.said
    first, last = days.shift(said, unit, -10), days.shift(said, unit, -2)
    return Stretch(first, last, "span", is_vague=True)


def vague(found: Found) -> Stretch:
    said = found.context.said
    number = found.one("vague").number
    return Stretch(said + number * _DAY, said, "span", is_vague=True, is_adverb=True)


def rolling(found: Found) -> Stretch:
    """The last three weeks: up to the day it was said, however weeks begin."""
    said = found.context.said
    unit, low, high = _unit_and_amount(found)
    if found.has("units") and not found.has("few", "couple", "several", "number", "numbers"):
        low, high = _FEW
    is_vague = low != high
    if found.has("last", "past", "last_after"):
        return Stretch(days.shift(said, unit, -high), said, "span", is_vague=is_vague)
    return Stretch(said, days.shift(said, unit, high), "span", is_vague=is_vague)


def told(found: Found) -> Stretch:
    """`The next day` is counted from what was told before; its days are dropped at the end."""
    if found.context.language != "en":
        raise LookupError("an article says nothing")
    return NO_DATE


def unit_towards(found: Found) -> Stretch:
    unit, said = found.one("unit").word, found.context.said
    if unit in ("day", "hour", "minute", "fortnight"):
        raise LookupError("no part of the calendar")
    step = _step(found)
    if unit == "weekend" and not step and found.tense < 0 and said.weekday() < 3:
        step = -1  # "what I did this weekend", on a Monday
    return _around(days.shift(_start(said, unit), unit, step), unit)


def beyond(found: Found) -> Stretch:
    """The week after next, the summer before last."""
    said, step = found.context.said, -1 if found.has("last") else 1
    node = found.one("unit", "season", "weekday")
    if node.name == "weekday":
        day = days.weekday(said, node.number, step) + step * 7 * _DAY
        return Stretch(day, day, "day")
    if node.name == "unit":
        if node.word in ("day", "hour", "minute", "fortnight"):
            raise LookupError("no part of the calendar")
        return _around(days.shift(_start(said, node.word), node.word, 2 * step), node.word)
    near = [of_year(node, said.year + n) for n in range(-3, 4)]
    if step < 0:
        return [each for each in near if each.last < said][-2]
    return [each for each in near if each.first > said][1]


def weekdays_ago(found: Found) -> Stretch:
    """Two Fridays ago."""
    low, high = amount(found)
    if low != high or found.one("weekdays").word in ("day", "weekend"):
        raise LookupError("not counted")
    said = found.context.said
    day = days.weekday(said, found.one("weekdays").number, -1) - 7 * (low - 1) * _DAY
    return Stretch(day, day, "day")


def year_and_half_ago(found: Found) -> Stretch:
    if found.one("unit", "units").word != "year":
        raise LookupError("not counted")
    months = 12 * amount(found)[0] + 6
    return _around(days.add_months(found.context.said, -months), "month")


def _start(day: date, unit: str) -> date:
    return days.around(day, unit)[0] if unit != "weekend" else day


def _step(found: Found) -> int:
    if found.has("last", "last_after", "past"):
        return -1
    return 1 if found.has("next", "next_after", "coming") else 0


def weekday_towards(found: Found) -> Stretch:
    number, said, step = (
        found.one("weekday", "wd", "weekdays").number,
        found.context.said,
        _step(found),
    )
    if step < 0:
        day = days.weekday(said, number, -1)
    elif found.has("next") and found.context.language == "en":
        day = days.week(said + 7 * _DAY)[0] + number * _DAY
    elif step > 0:
        day = days.weekday(said, number, 1)
    else:
        day = days.week(said)[0] + number * _DAY
        if day < said and found.tense >= 0:
            day += 7 * _DAY
    return Stretch(day, day, "day")


def yearly_towards(found: Found) -> Stretch:
    """Last summer, next May, this Christmas."""
    said, step = found.context.said, _step(found)
    node = found.one("season", "month", "mon", "named_day")
    near = [of_year(node, said.year + n) for n in (-2, -1, 0, 1, 2)]
    if step < 0:
        stretch = max((each for each in near if each.last < said), key=lambda each: each.last)
    elif step > 0:
        stretch = min((each for each in near if each.first > said), key=lambda each: each.first)
    else:
        now = [each for each in near if each.first <= said <= each.last]
        stretch = now[0] if now else _this(found, node)
    return stretch


def _this(found: Found, node: Node) -> Stretch:
    """This summer is this year's, except in a January that looks back, or a December ahead."""
    context, tense = found.context, found.tense
    stretch = of_year(node, context.said.year)
    if tense < 0 and stretch.first > context.said:
        return of_year(node, context.said.year - 1)
    if tense > 0 and stretch.last < context.said:
        return of_year(node, context.said.year + 1)
    return stretch


def of_year(node: Node, year: int) -> Stretch:
    if node.name == "season":
        return Stretch(*days.season(year, node.word), "season")
    if node.name == "named_day":
        day = days.NAMED[node.word](year)
        return Stretch(day, day, "day")
    return Stretch(*days.month(year, node.number), "month")


def on_weekends(found: Found) -> Stretch:
    if found.one("units").word != "weekend":
        raise LookupError("days, weeks or months of nothing")
    return every(found)


def the_weekend(found: Found) -> Stretch:
    """At the weekend: of this week, or the one that has just been."""
    if found.one("unit").word != "weekend":
        raise LookupError("which one is not said")
    bounds = [bound for bound in _BOUNDS if found.has(bound)]
    return replace(unit_towards(found), bound=bounds[0] if bounds else "")


def every(found: Found) -> Stretch:
    unit = found.get("unit", "units")
    if unit and unit.word == "minute":
        raise LookupError("a way of speaking")
    said = found.context.said
    return Stretch(said, said, "day", repeats=True)
