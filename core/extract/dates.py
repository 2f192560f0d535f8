"""A heading, file name or header value → the ISO day or moment it names, "" if none is certain.

Only explicit dates are read. `12/25/2026` can mean one day only; `03/04/2026` could be two, so it
is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

_MONTH_NAMES = (  # English, German, Spanish, French; abbreviations are matched by their start
    "january januar enero janvier",
    "february februar febrero février fevrier",
    "march märz maerz marzo mars",
    "april abril avril",
    "may mai mayo",
    "june juni junio juin",
    "july juli julio juillet",
    "august agosto août aout",
    "september septiembre septembre sept",
    "october oktober octubre octobre",
    "november noviembre novembre",
    "december dezember diciembre décembre decembre",
)
_SHORT = "jan feb mar apr may jun jul aug sep oct nov dec mär okt dez ene abr ago dic fév avr déc"
_SHORT_NUMBERS = (*range(1, 13), 3, 10, 12, 1, 4, 8, 12, 2, 4, 12)
_MONTHS: dict[str, int] = {
    **dict(zip(_SHORT.split(), _SHORT_NUMBERS, strict=True)),
    **{name: n for n, names in enumerate(_MONTH_NAMES, 1) for name in names.split()},
}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![^\W_])\.?"
_YEAR = r"(1[89]\d\d|20\d\d)(?!\d)"
_YMD = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)([-/._])(\d\d?)\2(\d\d?)(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(19\d\d|20\d\d)(\d\d)(\d\d)(?=(?:[T_-]?\d{4}(?:\d\d)?)?(?!\d))")
_CJK = re.compile(r"(?<!\d)(\d{4})\s?年\s?(\d\d?)\s?月\s?(\d\d?)\s?日")
_DAY_MONTH = re.compile(
    rf"(?<![\d.])(\d\d?)(?:st|nd|rd|th|er|\.)?[ \-_]{{0,2}}(?:of |de )?{_MONTH}"
    rf"(?: de|,)?[ \-_]?{_YEAR}",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"(?<![^\W_]){_MONTH}[ \-_](\d\d?)(?:st|nd|rd|th)?,?[ \-_]{_YEAR}", re.IGNORECASE
)
_NUMERIC = re.compile(rf"(?<!\d)(\d\d?)([-/.])(\d\d?)\2{_YEAR}")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s?(Z|UTC|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"(\d{9,10}|\d{13})(?:\.\d+)?")
_DATE_WORDS = frozenset(_MONTHS) | frozenset(
    "of de mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday "
    "saturday sunday mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag "
    "sonntag lunes martes miércoles jueves viernes sábado domingo lundi mardi mercredi jeudi "
    "vendredi samedi dimanche".split()
)
_LEADING = re.compile(
    r"\s*(?:[-*+•]\s+)?(?:\[[ xX]\]\s+)?[\[(]?"
    r"((?:19|20)\d\d([-/.])\d\d?\2\d\d?)(?:[T ]\d\d?:\d\d(?::\d\d)?Z?)?[\])]?[\s:,–—-]+(?=\S)"
)
_LONGEST = 400  # a date is named early or not at all


def find_date(text: str) -> str:
    """The ISO date of the first form that is found and exists in the calendar, else ""."""
    text = text[:_LONGEST]
    for year, month, day in _candidates(text):
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            continue
    return ""


def find_time(text: str) -> str:
    """A whole value read as a moment: ISO 8601, seconds since 1970, or any form of `find_date`."""
    text = text.strip()[:_LONGEST]
    if found := _MOMENT.fullmatch(text):
        day, clock, zone = found.groups(default="")
        zone = "+00:00" if zone.upper() in ("Z", "UTC") else zone
        zone = f"{zone[:3]}:{zone[3:]}" if len(zone) == 5 else zone
        clock = clock if len(clock) == 8 else clock + ":00"
        try:
            return datetime.fromisoformat(f"{day}T{clock}{zone}").isoformat()
        except ValueError:
            return find_date(text)
    if found := _EPOCH.fullmatch(text):
        seconds = int(found[1]) // (1000 if len(found[1]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    return find_date(text)


def leading_date(line: str) -> str:
    """The day on which a line was written down, as in `2026-04-19 We agreed on 380 euros`. With the
    year first: `12 May 2026: dentist` is rather an appointment."""
    found = _LEADING.match(line[:_LONGEST])
    return find_date(found[1]) if found else ""


def is_only_date(line: str) -> bool:
    """Whether a line is nothing but a date, perhaps with its weekday: a diary's day line."""
    text = line.strip().strip("#*=-<>[]() :").strip()
    if not 6 <= len(text) <= 40 or not find_date(text):
        return False
    words = re.sub(r"[\d\W_]+|st\b|nd\b|rd\b|th\b", " ", text.lower()).split()
    return len(words) <= 3 and all(word in _DATE_WORDS for word in words)


def _month(name: str) -> int:
    return _MONTHS.get(name.casefold(), 0)  # ignoring case, "ı" matches "i" but names no month


def _candidates(text: str) -> Iterator[tuple[int, int, int]]:
    for found in _YMD.finditer(text):
        yield int(found[1]), int(found[3]), int(found[4])
    for found in _CJK.finditer(text):
        yield int(found[1]), int(found[2]), int(found[3])
    for found in _DAY_MONTH.finditer(text):
        yield int(found[3]), _month(found[2]), int(found[1])
    for found in _MONTH_DAY.finditer(text):
        yield int(found[3]), _month(found[1]), int(found[2])
    for found in _NUMERIC.finditer(text):
        a, b, year = int(found[1]), int(found[3]), int(found[4])
        if a > 12 or a == b:
            yield year, b, a
        elif b > 12:
            yield year, a, b
    for found in _COMPACT.finditer(text):
        yield int(found[1]), int(found[2]), int(found[3])
