"""`the day before that`, `two weeks later`, `then`, `that month` → the days that are meant.

Called by `resolve`. They are counted from the day that the earlier answer tells, or that the
earlier question was about; without one nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from cairn.core.answer.following.referents import Earlier, day
from cairn.core.times.phrases import Grain, When, placed

_UNITS: dict[str, Grain] = {"day": "day", "week": "week", "month": "month", "year": "year"}
_NUMBERS = {
    word: at
    for at, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
} | {"a": 1}
_COUNT = rf"\d{{1,3}}|{'|'.join(_NUMBERS)}"
_UNITS_NAMED = "day|week|month|year"
_UNIT = rf"(?P<unit>{_UNITS_NAMED})s?"
_OF_THAT = r"(?: (?:that|then|it|this))?"
_BESIDE = re.compile(
    rf"\b(?:on |in )?the (?:very )?{_UNIT} (?P<way>before|after){_OF_THAT}"
    r"(?=$|[ ,?](?!the\b|we\b|I\b))",
    re.IGNORECASE,
)
_APART = re.compile(
    rf"\b(?P<n>{_COUNT}) {_UNIT} (?:(?P<way>before|after|prior)(?: (?:that|then|it))?(?=$|[,?])"
    r"|(?P<by>later|earlier)\b)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    rf"\b(?:on |in )?the (?P<way>next|following|previous|preceding) {_UNIT}\b", re.IGNORECASE
)
_SAME = re.compile(
    rf"\b(?:on |in |during |at )?(?:that|the same) (?:very )?(?:{_UNIT}"
    r"|time|morning|afternoon|evening|night|weekend)\b",
    re.IGNORECASE,
)  # fmt: skip
_THEN = re.compile(
    r"\b(?P<since>since|until|before|after|by) then\b|\b(?:back |just )?then$", re.IGNORECASE
)


def at_the_time(text: str, earlier: Earlier, now: date | None) -> str:
    """The text with such words replaced by days; as it is where there are none."""
    if not any(each.search(text) for each in (_BESIDE, _APART, _NEXT, _SAME, _THEN)):
        return text
    known = day(earlier, now)
    if known is None:
        return text
    text = _BESIDE.sub(lambda m: _moved(m[0], known, _way(m["way"]), 1, m["unit"]), text)
    text = _APART.sub(lambda m: _apart(m, known), text)
    text = _NEXT.sub(lambda m: _moved(m[0], known, _way(m["way"]), 1, m["unit"]), text)
    text = _SAME.sub(lambda m: _whole(known, m["unit"] or ""), text)
    return _THEN.sub(lambda m: _since(known, m["since"] or ""), text)


def _way(word: str) -> int:
    return -1 if word.casefold() in ("before", "previous", "preceding", "earlier", "prior") else 1


def _apart(match: re.Match[str], known: When) -> str:
    number = match["n"]
    count = int(number) if number.isdigit() else _NUMBERS[number.casefold()]
    return _moved(match[0], known, _way(match["way"] or match["by"]), count, match["unit"])


def _moved(said: str, known: When, way: int, count: int, unit: str) -> str:
    base = known.first if way < 0 else known.last
    grain = _UNITS[unit.casefold()]
    try:
        moved = _steps(grain)(base, way * count)
        return placed(_stretch(moved, grain))
    except (OverflowError, ValueError):
        return said


def _steps(grain: Grain) -> Callable[[date, int], date]:
    if grain in ("day", "week"):
        return lambda base, count: base + timedelta(count * (7 if grain == "week" else 1))

    def by_months(base: date, count: int) -> date:
        months = base.year * 12 + base.month - 1 + count * (12 if grain == "year" else 1)
        return date(months // 12, months % 12 + 1, min(base.day, 28))

    return by_months


def _stretch(at: date, grain: Grain) -> When:
    if grain == "week":
        first = at - timedelta(at.weekday())
        return When(0, 0, "", first, first + timedelta(6), "week")
    if grain == "month":
        first = at.replace(day=1)
        last = (first + timedelta(31)).replace(day=1) - timedelta(1)
        return When(0, 0, "", first, last, "month")
    if grain == "year":
        return When(0, 0, "", at.replace(month=1, day=1), at.replace(month=12, day=31), "year")
    return When(0, 0, "", at, at, "day")


def _whole(known: When, unit: str) -> str:
    grain = _UNITS.get(unit.casefold())
    if grain is None or (grain == "day" and known.first != known.last):
        return placed(replace(known, bound=""))
    return placed(_stretch(known.first, grain))


def _since(known: When, word: str) -> str:
    told = placed(replace(known, bound=""))
    if not word:
        return told
    return f"{word} {told.removeprefix('on ').removeprefix('in ')}"
