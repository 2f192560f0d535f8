"""The dates of a WhatsApp export, which are written as the phone's language does, → ISO dates.

Nothing in the file says whether 10/08 is in October or in August: a look through all of it
decides, by numbers that are no month, by time that only goes forward, by what is likely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

Order = Literal["DMY", "MDY", "YMD"]
ORDERS: tuple[Order, ...] = ("DMY", "MDY", "YMD")
Numbers = tuple[str, str, str]
"""The three numbers of a date as they are written."""

_PM = frozenset(
    "pm 午後 오후 下午 傍晚 晚上 中午 م مساء بظ μμ ch ös odp du md ptg слоб หลังเที่ยง".split()
)
_AM = frozenset(
    "am 午前 오전 上午 凌晨 清晨 早上 ص صباحا قظ πμ sa öö dop de pd pg проб ก่อนเที่ยง".split()
)
_ASIAN = frozenset("午前 午後 오전 오후 上午 下午 凌晨 清晨 早上 中午 傍晚 晚上".split())
_BETWEEN = frozenset(("", "à", "às", "as", "at", "um", "kl", "klo", "o", "u", "ob", "الساعة"))
_CLEARLY = 5
"""Dates that span so many times less are the likely ones."""


@lru_cache(256)
def _word(text: str) -> str:
    return re.sub(r"[\s.,،]", "", text).casefold()


def is_time_word(before: str, after: str) -> bool:
    """Could these stand around a time? Otherwise it is no line of WhatsApp's."""
    first, last = _word(before), _word(after)
    return (first in _BETWEEN or first in _AM or first in _PM) and (
        not last or last in _AM or last in _PM
    )


def hour_of(hour: int, before: str, after: str) -> int:
    """The hour of the day, of 12 with a word beside it or of 24."""
    words = {_word(before), _word(after)}
    if words & _PM:
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 and words & _AM else hour


@lru_cache(4096)
def date_of(numbers: Numbers, order: Order) -> date | None:
    """None where there is no such day."""
    places = {name: int(number) for name, number in zip(order, numbers, strict=True)}
    year = places["Y"]
    if len(numbers[order.index("Y")]) not in (2, 4):
        return None
    try:
        if 1300 <= year < 1500:
            return _persian(year, places["M"], places["D"])
        # Thai exports count from the Buddha.
        year = year + 2000 if year < 100 else year - 543 if year > 2400 else year
        return date(year, places["M"], places["D"]) if 1970 <= year < 2200 else None
    except (ValueError, OverflowError):
        return None


def _persian(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    between = range(min(year, 1400), max(year, 1400))
    days = sum(365 + (each % 33 in (1, 5, 9, 13, 17, 22, 26, 30)) for each in between)
    days = (days if year >= 1400 else -days) + (month - 1) * 31 - max(0, month - 7) + day - 1
    return date(2021, 3, 21) + timedelta(days=days)


@dataclass(slots=True)
class _Try:
    """How well an order fits."""

    wrong: int = 0
    back: int = 0
    first: date = date.max
    last: date = date.min
    previous: date = date.min

    def see(self, day: date | None) -> None:
        if day is None:
            self.wrong += 1
            return
        self.back += day < self.previous
        self.previous = day
        self.first, self.last = min(self.first, day), max(self.last, day)

    @property
    def span(self) -> int:
        return max(0, (self.last - self.first).days)


@dataclass(slots=True)
class Dates:
    """The dates of one form in a file, from which their order is inferred."""

    count: int = 0
    separator: str = ""
    is_short: bool = False
    """Is a number below ten written without a zero, as in the United States?"""
    is_upper: bool = False
    is_asian: bool = False
    changes: int = 0
    _last: Numbers = ("", "", "")
    _tries: dict[Order, _Try] = field(default_factory=lambda: {o: _Try() for o in ORDERS})

    def see(self, numbers: Numbers, separator: str, before: str, after: str) -> None:
        self.count += 1
        if numbers == self._last:
            return
        self._last = numbers
        self.changes += 1
        self.separator = separator
        self.is_short |= len(numbers[0]) == 1 or len(numbers[1]) == 1
        self.is_upper |= after.strip() in ("AM", "PM")
        self.is_asian |= separator in "年년" or bool({_word(before), _word(after)} & _ASIAN)
        for order, attempt in self._tries.items():
            attempt.see(date_of(numbers, order))

    def order(self) -> tuple[Order, bool]:
        """The order, and whether that was no more than likely."""
        least = min((each.wrong, each.back) for each in self._tries.values())
        left = [o for o, each in self._tries.items() if (each.wrong, each.back) == least]
        if len(left) == 1:
            return left[0], False
        spans = sorted((self._tries[order].span, order) for order in left)
        if self.changes >= 3 and spans[0][0] * _CLEARLY <= spans[1][0]:
            return spans[0][1], False
        latest = date.today() + timedelta(days=2)
        past = [order for order in left if self._tries[order].last <= latest]
        likely = [order for order in self._likely() if order in (past or left)]
        is_decided = len(past) == 1 or self.separator in ".-年년" or self.is_asian
        is_same = len({(each.first, each.last) for each in map(self._tries.get, left) if each}) == 1
        return likely[0], not (is_decided or is_same)

    def _likely(self) -> tuple[Order, ...]:
        if self.is_asian:
            return ("YMD", "DMY", "MDY")
        if self.separator == "/" and self.is_short and self.is_upper:
            return ("MDY", "DMY", "YMD")
        return ORDERS
