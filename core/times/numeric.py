"""Dates, clock times and years in digits → nodes; called by the lexer for each run of digits.

`2026-05-12` has one reading. `12.5.2026` is day first, as everywhere that writes dots. `05/12/2026`
is day first except in English, where most write the month first; a region other than the US
(`en-GB`) or another date of the text that can only be day first says otherwise.
"""

from __future__ import annotations

import re
from datetime import date

from cairn.core.times import days
from cairn.core.times.nodes import Node, Stretch

_ISO = re.compile(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)")
_NUMERIC = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4}|\d\d)")
_YEAR_MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])")
_NUMBERS = re.compile(r"(\d\d?)[-–](\d\d?)")
_YEARS = re.compile(r"([12]\d{3})[-–]([12]\d{3}|\d\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
_DOTTED = re.compile(r"(\d\d?)\.(\d\d?)")
_SLASHED = re.compile(r"(?<![\d/])(\d\d?)/(\d\d?)/(?:\d{4}|\d\d)(?![\d/])")
_TURN = 50
"""Two digits below are years of this century, the others of the last."""
_YEARS_KNOWN = range(1000, 2200)


def day_first(text: str, language: str) -> bool:
    """Whether `05/12/2026` is the 5th of December."""
    for found in _SLASHED.finditer(text):
        if int(found[1]) > 12 >= int(found[2]):
            return True
        if int(found[2]) > 12 >= int(found[1]):
            return False
    base, _, region = language.lower().partition("-")
    return base not in ("en", "") or region not in ("", "us")


def read(digits: str, start: int, is_day_first: bool) -> Node | None:
    """The node that a run of digits, with the marks inside it, stands for."""
    end = start + len(digits)
    if digits.isdecimal():
        return _integer(digits, start, end)
    if found := _CLOCK.fullmatch(digits):
        return Node("clock", start, end, word=f"{int(found[1]):02}:{found[2]}")
    if found := _YEARS.fullmatch(digits):
        if found := _YEAR_MONTH.fullmatch(digits):
            return _loose_month(int(found[1]), int(found[2]), start, end)
        return _years(digits, start, end)
    if found := _NUMBERS.fullmatch(digits):
        return Node("numbers", start, end, number=int(found[1]) * 100 + int(found[2]))
    day = _date(digits, is_day_first)
    if day:
        stretch = Stretch(day, day, "day")
        return Node("fixed", start, end, stretch=stretch)
    if found := _DOTTED.fullmatch(digits):
        return Node("dotted", start, end, number=int(found[1]) * 100 + int(found[2]))
    return None


def _is_date(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= days.month(year, month)[1].day


def full_year(short: int) -> int:
    return short + (2000 if short < _TURN else 1900)


def _integer(digits: str, start: int, end: int) -> Node | None:
    if len(digits) > 4 or (len(digits) > 2 and digits[0] == "0"):
        return None
    number = int(digits)
    is_year = len(digits) == 4 and number in _YEARS_KNOWN
    return Node("year" if is_year else "number", start, end, number)


def _loose_month(year: int, month: int, start: int, end: int) -> Node:
    first, last = days.month(year, month)
    stretch = Stretch(first, last, "month", is_loose=True)
    return Node("loose", start, end, stretch=stretch)


def _years(digits: str, start: int, end: int) -> Node | None:
    first, last = int(digits[:4]), digits[5:]
    until = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    if not first < until or until not in _YEARS_KNOWN:
        return None
    stretch = Stretch(date(first, 1, 1), date(until, 12, 31), "span", is_loose=True)
    return Node("loose", start, end, stretch=stretch)


def _date(digits: str, is_day_first: bool) -> date | None:
    try:
        if found := _ISO.fullmatch(digits):
            return date(int(found[1]), int(found[3]), int(found[4]))
        if not (found := _NUMERIC.fullmatch(digits)):
            return None
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if len(found[4]) == 2:
            if found[2] != "/" and len(found[1]) + len(found[3]) < 4:
                return None  # 1.2.26 is as well a version
            if found[2] == "-" and _is_date(full_year(first), second, year):
                return None  # 25-04-03 begins with its day or its year
            year = full_year(year)
        is_month_first = found[2] == "/" and not is_day_first and first <= 12
        if is_month_first or second > 12 >= first:
            first, second = second, first
        return date(year, second, first)
    except ValueError:
        return None
