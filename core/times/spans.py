"""The rules for what is counted from a date, and from one date to another.

`The week before 9 June`, `early May`, `Friday at 10`; `from 3 to 9 June`, `since March`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from cairn.core.times import days
from cairn.core.times.context import moved_to
from cairn.core.times.counted import away
from cairn.core.times.nodes import NO_YEAR, Bound, Stretch
from cairn.core.times.rules import Found, firm

_DAY = timedelta(days=1)
_BEFORE = ("before", "ago_first")
_BOUNDS: tuple[Bound, ...] = ("since", "until", "by", "before", "after")
_EVER_SINCE = frozenset("since ever_since seit seit_dem depuis depuis_le desde".split())
_THIRDS = {"early": 0, "beginof": 0, "mid": 1, "late": 2, "endof": 2}
_LATE = re.compile(r"\b(?:tonight|evening|afternoon|night)\b", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:mov|chang|resched|postpon|switch|shift|push|delay|verschob|verleg|verschieb|déplac|"
    r"report|cambi|aplaz)\w{0,9}\b[^.;\n]{0,24}$",
    re.IGNORECASE,
)
_THINGS = re.compile(r" (?:[a-z]+ )?[a-z]{3,}s\b")
_RATE_CHARS = 48
_RATED = re.compile(
    r"(?:\d[\d.,]*\s?(?:%|k\b)?|[$€£¥]|\b(?:once|twice|thrice|(?:euro|dollar|pound|franc|cent|buck|"
    r"crown|time|hour|visit|lesson|session|payment|instal?lment|meal|call|trip|shift|day|night|"
    r"kilo|litre|liter|mile)s?|franken|eur|usd|gbp|chf|yen|quid|kr|km|kwh|kg|"
    r"(?:\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten|a few|several)\s[^\W\d_]{2,20}))"
    r"(?:\s(?:each|only|net|gross|more|less|extra))?\s(?:an?\s)?$",
    re.IGNORECASE,
)
"""An amount, behind which "a month" is how often and not how long: 50 euros a month from June."""
_IN_PARTS = ("month", "year", "season", "week", "span")
_LONG = ("week", "month", "season", "year", "span")


def units_from(found: Found) -> Stretch:
    """Two days before Christmas, a week from Friday."""
    from_ = found.dates[0]
    if found.nodes[0].name == "a":
        _check_no_rate(found)
    if found.has(*_BEFORE):
        return away(found, from_.first, -1)
    return away(found, from_.last, 1)


def _check_no_rate(found: Found) -> None:
    start = found.nodes[0].start
    if _RATED.search(found.context.text[max(0, start - _RATE_CHARS) : start]):
        raise LookupError("how much or how often for each")


def unit_beside(found: Found) -> Stretch:
    """The week before 9 June: the seven days that end with the 8th. The weekend after Easter."""
    date_, unit = found.dates[0], found.one("unit").word
    _check_no_rate(found)
    is_before = found.has(*_BEFORE)
    if unit in ("weekend", "quarter", "decade", "hour", "minute"):
        if unit != "weekend":
            raise LookupError("unusual")
        step = -1 if is_before else 1
        saturday = days.weekday(date_.first if is_before else date_.last, 5, step)
        if is_before and saturday + _DAY >= date_.first:
            saturday -= 7 * _DAY
        return Stretch(saturday, saturday + _DAY, "weekend")
    if date_.grain not in ("day", "moment", "weekend"):  # the month before May 2023
        step = -1 if is_before else 1
        return Stretch(*days.around(days.shift(date_.first, unit, step), unit), _grain(unit))
    if is_before:
        return Stretch(days.shift(date_.first, unit, -1), date_.first - _DAY, _grain(unit, True))
    return Stretch(date_.last + _DAY, days.shift(date_.last, unit, 1), _grain(unit, True))


def _grain(unit: str, is_loose: bool = False) -> Literal["day", "week", "span", "month", "year"]:
    if unit in ("day", "week"):
        return "day" if unit == "day" else "week"
    if is_loose or unit not in ("month", "year"):
        return "span"
    return "month" if unit == "month" else "year"


def weekday_beside(found: Found) -> Stretch:
    """The Sunday before 25 May."""
    bare, date_ = found.dates
    if not bare.is_bare:
        raise LookupError("both are dates already")
    step = -1 if found.has(*_BEFORE) else 1
    day = days.weekday(date_.first if step < 0 else date_.last, bare.first.weekday(), step)
    return Stretch(day, day, "day")


def unit_of(found: Found) -> Stretch:
    """The week of 1 May."""
    unit, date_ = found.one("unit").word, found.dates[0]
    if date_.grain not in ("day", "moment") and unit != _grain(unit):
        raise LookupError("which of its weeks is not said")
    if unit == "weekend":
        return Stretch(*days.weekend(date_.first), "weekend")
    return Stretch(*days.around(date_.first, unit), _grain(unit))


def part_of(found: Found) -> Stretch:
    """Early May, the end of last year."""
    date_ = found.dates[0]
    if date_.grain not in _IN_PARTS or date_.bound or date_.is_vague:
        if date_.grain == "day" and found.has("early", "late") and not date_.is_loose:
            return firm(date_)
        raise LookupError("too short to have parts")
    return _third(found, (date_.first, date_.last))


def part_of_this(found: Found) -> Stretch:
    """The end of the month: of the one in which it was said."""
    unit = found.one("unit").word
    if unit not in ("week", "month", "quarter", "year"):
        raise LookupError("no part of the calendar")
    return _third(found, days.around(found.context.said, unit))


def _third(found: Found, whole: days.Days) -> Stretch:
    which = _THIRDS[found.one(*_THIRDS).name]
    return Stretch(*days.third(whole, which), "span", is_vague=True)


def weekday_and_date(found: Found) -> Stretch:
    """Friday, 12.5.2026; tomorrow, Saturday."""
    bare, date_ = sorted(found.dates, key=lambda each: not each.is_bare)
    if not bare.is_bare or date_.is_bare or date_.grain not in ("day", "moment"):
        raise LookupError("two dates")
    if bare.first.weekday() != date_.first.weekday():
        raise LookupError("two days")
    return date_


def with_clock(found: Found) -> Stretch:
    """Friday at 10; 3 pm on Friday."""
    date_ = found.dates[0]
    if date_.first != date_.last or date_.clock or date_.repeats:
        raise LookupError("no single day")
    clock = clock_of(found)
    phrase = found.context.text[found.nodes[0].start : found.nodes[-1].end]
    if "01" <= clock[:2] <= "11" and not found.has("ampm") and _LATE.search(phrase):
        clock = f"{int(clock[:2]) + 12}{clock[2:]}"
    return replace(firm(date_), grain="moment", clock=clock, is_adverb=False)


def clock_alone(found: Found) -> Stretch:
    said = found.context.said
    return Stretch(said, said, "moment", is_vague=True, clock=clock_of(found))


def clock_of(found: Found) -> str:
    half = found.get("ampm")
    node = found.get("clock")
    if node:
        hour, minute = int(node.word[:2]), node.word[3:]
    else:
        hour, minute = found.one("number").number, "00"
    if half and not 1 <= hour <= 12:
        raise LookupError("no such hour")
    if half:
        hour = hour % 12 + (12 if half.word == "pm" else 0)
    if hour > 23:
        raise LookupError("no such hour")
    return f"{hour:02}:{minute}"


def weekday_of_week(found: Found) -> Stretch:
    """Tuesday of next week."""
    bare, week = sorted(found.dates, key=lambda each: not each.is_bare)
    if not bare.is_bare or week.grain != "week":
        raise LookupError("no day of a week")
    day = days.week(week.first)[0] + bare.first.weekday() * _DAY
    return Stretch(day, day, "day")


def of_that_year(found: Found) -> Stretch:
    """In June last year."""
    date_, year = sorted(found.dates, key=lambda each: each.grain == "year")
    if not date_.yearless or year.grain != "year" or year.bound or date_.bound:
        raise LookupError("no part of a year")
    return firm(_move(date_, *moved_to(date_, year.first.year)))


def with_part(found: Found) -> Stretch:
    """Friday evening, the evening of 3 May."""
    date_ = found.dates[0]
    if date_.grain not in ("day", "moment"):
        raise LookupError("no single day")
    return firm(date_)


def in_it(found: Found) -> Stretch:
    """On 12 May, in 2022, at Easter: what makes a weak date certain."""
    date_ = found.dates[0]
    _refuse_sun(found, date_)
    is_long = date_.grain in ("month", "season", "year")
    if date_.is_adverb:
        raise LookupError("`on yesterday`")
    if found.has("in") and not is_long and date_.grain not in ("span", "week"):
        raise LookupError("nothing happens in a day")
    is_english = found.context.language == "en"
    if found.has("on", "at") and is_long and (date_.is_loose or is_english):
        raise LookupError("`on May`")
    if date_.grain == "year" and not date_.first.year % 100 and _is_count(found):
        raise LookupError("`in 2000 cases`")
    return firm(date_)


def _refuse_sun(found: Found, date_: Stretch) -> None:
    if found.has("the") and date_.is_loose and date_.is_bare:
        raise LookupError("`up to the Sun`")


def _is_count(found: Found) -> bool:
    return bool(_THINGS.match(found.context.text, found.nodes[-1].end))


def bounded(found: Found) -> Stretch:
    _refuse_sun(found, found.dates[0])
    date_ = firm(found.dates[0])
    bound: Bound = "since"
    for name in _BOUNDS:
        if found.has(name):
            bound = name
    if found.has("ago_first"):
        bound = "before"
    if date_.bound or date_.repeats or (date_.is_adverb and date_.is_vague):
        raise LookupError("no end of anything")
    if bound == "since":
        return _since(found, date_)
    if found.has("through"):
        return _until(found, date_, date_.last)
    if bound == "until":
        is_before = date_.grain in _LONG and not date_.is_vague
        return _until(found, date_, date_.first - _DAY if is_before else date_.last)
    return replace(date_, bound=bound)


def _since(found: Found, date_: Stretch) -> Stretch:
    day = found.context.day
    is_past = found.one("since").word in _EVER_SINCE if found.has("since") else False
    if day and date_.first > day and date_.yearless and is_past:
        date_ = _move(date_, *moved_to(date_, day.year - (date_.first.year >= day.year)))
    last = max(day or date_.last, date_.last)
    return Stretch(date_.first, last, "span", date_.is_vague, bound="since", anchor=date_.grain)


def _until(found: Found, date_: Stretch, last: date) -> Stretch:
    day = found.context.day
    first = day if day and day <= last else min(date_.first, last)
    # Where a guess ends is none: the end of May is the 31st.
    anchor = date_.grain if last < date_.first else "day"
    return Stretch(first, last, "span", bound="until", anchor=anchor)


def _move(date_: Stretch, first: date, last: date) -> Stretch:
    return replace(date_, first=first, last=last)


def from_to(found: Found) -> Stretch:
    """From 3 June to 9 July 2023: the first takes its year from the second."""
    one, other = found.undated
    start = found.nodes[0].start
    if _MOVED.search(found.context.text[max(0, start - 48) : start]):
        raise LookupError("two dates of which only the second still holds")
    if other.first.year == NO_YEAR:
        raise LookupError("nobody knows the year")
    if one.bound or other.bound or one.repeats or other.repeats:
        raise LookupError("no two dates")
    if one.yearless and not other.yearless and other.grain != "year":
        one = _move(one, *moved_to(one, other.first.year))
        if one.first > other.last:
            one = _move(one, *moved_to(one, other.first.year - 1))
    elif one.first > other.last and other.yearless:
        other = _move(other, *moved_to(other, one.first.year))
        if one.first > other.last:
            other = _move(other, *moved_to(other, one.first.year + 1))
    elif one.first > other.last and other.is_bare:
        day = days.weekday(one.first, other.first.weekday(), 1)
        other = _move(other, day, day)
    return Stretch(one.first, other.last, "span", one.is_vague or other.is_vague)


def days_of_month(found: Found) -> Stretch:
    """From 3 to 9 June 2023; June 3-9."""
    month = found.one("month", "mon").number
    first, last = _two_numbers(found)
    if not 1 <= first < last:
        raise LookupError("no range")
    year = found.get("year", "yy")
    if year:
        return Stretch(date(year.number, month, first), date(year.number, month, last), "span")
    begin, _ = found.context.yearly(month, first, found.tense)
    if begin.year == NO_YEAR:
        raise LookupError("nobody knows the year")
    return Stretch(begin, begin.replace(day=last), "span")


def _two_numbers(found: Found) -> tuple[int, int]:
    both = found.get("numbers")
    if both:
        return divmod(both.number, 100)
    first, last = [node for node in found.nodes if node.name in ("number", "ordinal")]
    return first.number, last.number
