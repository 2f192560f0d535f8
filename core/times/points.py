"""The rules for dates of the calendar: `12 May 2023`, `Friday the 13th`, `Easter`, `Q3 2025`.

Where no year is written, the tense of the clause chooses it, or else how near it is.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from cairn.core.times import days
from cairn.core.times.context import yearly
from cairn.core.times.counted import GRAINS, of_year, unit_towards
from cairn.core.times.nodes import NO_DATE, NO_YEAR, Grain, Node, Stretch
from cairn.core.times.rules import Found

_DAY = timedelta(days=1)
_ATTRIBUTE = re.compile(
    r" (?:tree|cake|card|carol|song|market|egg|bunny|basket|costume|movie|film|light|ornament|"
    r"decoration|jumper|sweater|party|present|gift|dinner|cookie|pudding|music|story|theme|"
    r"candy|stocking|wish)",
    re.IGNORECASE,
)
_OF_A_DECADE = re.compile(r"\bthe(?: early| late| mid)?[ -]$", re.IGNORECASE)
_JUST_NOW = 14
"""Days around a feast in which it is spoken of; else it is more often looked forward to."""
_NAMES_OF_PEOPLE = ("april", "may", "june", "august")


def full_date(found: Found) -> Stretch:
    month, number = found.one("month", "mon"), _day_number(found)
    try:
        day = date(found.one("year", "yy").number, month.number, number)
    except ValueError:  # 31 February 2020 is not the whole of February either
        return NO_DATE
    return Stretch(day, day, "day")


def _day_number(found: Found) -> int:
    node = found.one("number", "ordinal", "ordinal_word")
    if node.name == "ordinal_word" and found.nodes.index(node) + 1 < len(found.nodes):
        following = found.nodes[found.nodes.index(node) + 1]
        if following.name in ("month", "mon"):  # `a second May`
            raise LookupError("no day of a month")
    return node.number


def day_of_year(found: Found) -> Stretch:
    month = found.one("month", "mon")
    if found.has("dot") and found.context.language != "de":
        raise LookupError("a number in a list")
    if _is_verb(found, month) and found.nodes[-1] is not month and not found.has("ordinal"):
        raise LookupError("`may 5 people`")
    weekday = found.get("weekday", "wd")
    where = (month.number, _day_number(found))
    if where[1] > days.month(NO_YEAR, month.number)[1].day:
        return NO_DATE
    days_ = found.context.yearly(*where, found.tense, weekday.number if weekday else -1)
    return Stretch(*days_, "day", yearless=where)


def _is_verb(found: Found, month: Node) -> bool:
    return found.raw(month) in ("may", "march")


def month_of_year(found: Found) -> Stretch:
    if found.has("comma") and _is_verb(found, found.one("month", "mon")):
        raise LookupError("a sentence that ends in may")
    days_ = days.month(found.one("year", "yy").number, found.one("month", "mon").number)
    return Stretch(*days_, "month")


def month(found: Found) -> Stretch:
    node = found.nodes[-1]
    where = (node.number, 0)
    days_ = found.context.yearly(*where, found.tense)
    is_loose = node.name == "mon" or found.raw(node).casefold() in _NAMES_OF_PEOPLE
    return Stretch(*days_, "month", is_loose=is_loose, yearless=where)


def weekday(found: Found) -> Stretch:
    node = found.one("weekday", "wd")
    tense, said = found.tense, found.context.said
    is_today = not tense and node.number == said.weekday()  # `Have a good Sunday!`
    day = said if is_today else found.context.weekday(node.number, tense)
    return Stretch(day, day, "day", is_loose=node.name == "wd", is_bare=True)


def day_dot_month(found: Found) -> Stretch:
    """12.5. is a day in German only."""
    if found.context.language != "de":
        raise LookupError("a number")
    month_and_day = found.one("dotted").number
    where = (month_and_day % 100, month_and_day // 100)
    year = found.get("year")
    if year:
        return Stretch(*yearly(year.number, *where), "day")
    days_ = found.context.yearly(*where, found.tense)
    return Stretch(*days_, "day", yearless=where)


def weekday_the_nth(found: Found) -> Stretch:
    """Friday the 13th, Thursday 12th: the nearest day that is both."""
    day, number = found.one("ordinal").number, found.one("weekday", "wd").number
    said, towards = found.context.said, found.tense or 1
    near = [days.add_months(said.replace(day=1), n) for n in range(-14, 15)]
    fits = [
        each.replace(day=day)
        for each in near
        if day <= days.month(each.year, each.month)[1].day
        and each.replace(day=day).weekday() == number
        and (each.replace(day=day) - said).days * towards >= 0
    ]
    best = min(fits, key=lambda each: abs((each - said).days))
    return Stretch(best, best, "day")


def nth_of_month(found: Found) -> Stretch:
    """On the 12th."""
    number, said = found.one("ordinal").number, found.context.said
    is_since = found.has("since")
    towards = -1 if found.tense < 0 or is_since else 1
    for months in range(3):
        first = days.add_months(said.replace(day=1), months * towards)
        if number > days.month(first.year, first.month)[1].day:
            continue
        day = first.replace(day=number)
        if (day - said).days * towards >= 0 and is_since:
            return Stretch(day, said, "span", bound="since", anchor="day")
        if (day - said).days * towards >= 0:
            return Stretch(day, day, "day")
    raise LookupError("no such day")


def with_year(found: Found) -> Stretch:
    return of_year(found.one("season", "named_day"), found.one("year", "yy").number)


def named(found: Found) -> Stretch:
    node = found.one("named_day")
    if _ATTRIBUTE.match(found.context.text, node.end):
        raise LookupError("`Christmas tree`")
    return _yearly_named(found, node)


def _yearly_named(found: Found, node: Node) -> Stretch:
    context, towards = found.context, found.tense

    def in_year(year: int) -> days.Days:
        stretch = of_year(node, year)
        return stretch.first, stretch.last

    grain: Grain = "season" if node.name == "season" else "day"
    is_loose = node.name == "season"
    near = context.nearest(in_year, towards)
    if not towards and abs((near[0] - context.said).days) > _JUST_NOW:
        near = context.nearest(in_year, 1)
    return Stretch(*near, grain, is_loose=is_loose)


def season(found: Found) -> Stretch:
    if not found.tense:
        raise LookupError("every year's")
    return _yearly_named(found, found.one("season"))


def year(found: Found) -> Stretch:
    number = found.one("year").number
    unit = found.get("unit")
    if unit and unit.word != "year":
        raise LookupError("`day 2000`")
    is_loose = len(found.nodes) == 1
    return Stretch(*days.year(number), "year", is_loose=is_loose)


def decade(found: Found) -> Stretch:
    node = found.one("decade")
    before = found.context.text[max(0, node.start - 12) : node.start]
    if len(node.word) < 4 and node.word[0] != "'" and not _OF_A_DECADE.search(before):
        raise LookupError("an age")
    if len(node.word) == 5 and node.number < 2000 and not node.number % 100:
        return Stretch(date(node.number, 1, 1), date(node.number + 99, 12, 31), "span")
    first = node.number + (100 if node.number < 1930 and len(node.word) < 5 else 0)
    return Stretch(*days.decade(first), "span")


def quarter(found: Found) -> Stretch:
    number = found.one("quarter", "half_year", "nth_half", "ordinal", "ordinal_word").number
    year = found.get("year", "yy")
    if found.has("half_year", "half"):
        return Stretch(*days.half(found.one("year", "yy").number, number), "span")
    if year:
        return Stretch(*days.quarter(year.number, number), "span")
    days_ = found.context.nearest(lambda each: days.quarter(each, number), found.tense)
    return Stretch(*days_, "span")


def nth_of(found: Found) -> Stretch:
    """The first Monday in June 2023, the last week of May."""
    month = found.one("month", "mon").number
    written = found.get("year", "yy")
    if written:
        return _nth_in(found, days.month(written.number, month))

    def in_year(year: int) -> days.Days:
        nth = _nth_in(found, days.month(year, month))
        if nth is NO_DATE:
            raise ValueError("no such day in this year")
        return nth.first, nth.last

    days_ = found.context.nearest(in_year, found.tense)
    return Stretch(*days_, _grain_of(found.one("weekday", "wd", "unit")))


def nth_of_unit(found: Found) -> Stretch:
    """The last Friday of next month; of `the month` only where its tense allows this month's."""
    counted = found.one("weekday", "wd", "unit")
    behind = Found(found.nodes[found.nodes.index(counted) + 1 :], found.context)
    whole = behind.one("unit").word
    if whole not in ("month", "quarter", "year"):
        raise LookupError("nothing that has a first Monday")
    if counted.name == "unit" and not found.has("of", "in") and found.context.language != "de":
        raise LookupError("`last week this year`")
    if found.has("and"):  # the first and third Monday of the month
        return NO_DATE
    of = unit_towards(behind)
    nth = _nth_in(found, (of.first, of.last))
    is_named = behind.has("this", "last", "next", "past", "coming", "last_after", "next_after")
    is_other = (nth.last - found.context.said).days * (found.tense or 1) < 0
    return NO_DATE if is_other and not is_named else nth


def nth_of_year(found: Found) -> Stretch:
    """The first week of 2027."""
    return _nth_in(found, days.year(found.one("year", "yy").number))


def nth_of_nothing(found: Found) -> Stretch:
    """The first Monday, of what is not known: not the nearest Monday."""
    nth = found.get("ordinal", "ordinal_word")
    if nth and nth.number == 1 and found.has("before", "ago_first", "after"):
        raise LookupError("`the first Monday after Easter` is the Monday after it")
    return NO_DATE


def _nth_in(found: Found, within: days.Days) -> Stretch:
    counted = found.one("weekday", "wd", "unit")
    nth = found.nodes[found.nodes.index(counted) - 1]
    try:
        days_ = _nth_days(within, counted, -1 if nth.name.startswith("last") else nth.number)
    except ValueError:  # the fifth Monday in February 2026
        return NO_DATE
    return Stretch(*days_, _grain_of(counted))


def _nth_days(within: days.Days, counted: Node, number: int) -> days.Days:
    if counted.name != "unit":
        day = days.nth_weekday(within, counted.number, number)
        return day, day
    if counted.word == "weekend":
        saturday = days.nth_weekday(within, 5, number)
        return saturday, saturday + _DAY
    if counted.word == "week":
        return days.week(days.nth_weekday(within, 3, number))
    if counted.word != "day":
        raise LookupError("no part of a month")
    day = within[number < 0] + max(0, number - 1) * _DAY
    if day > within[1]:
        raise ValueError("no such day")
    return day, day


def _grain_of(counted: Node) -> Grain:
    return GRAINS[counted.word] if counted.name == "unit" else "day"
