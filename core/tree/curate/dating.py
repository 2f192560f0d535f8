"""A text → the days that it names, each with its place; and may a claim name such a day?

Called by support.py. What a phrase such as "last Tuesday" means is worked out in core/times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from cairn.core.times.phrases import find, placed, spell
from cairn.core.times.when import When


@dataclass(frozen=True, slots=True)
class Dated:
    """A phrase of a text, and what it means."""

    start: int
    end: int
    first: date
    last: date
    bound: str = ""
    """`since`, `until` and the like, which make something else of the day."""
    clock: str = ""
    repeats: str = ""
    """The phrase itself if it is no single date."""
    spelled: tuple[str, ...] = ()
    """How a claim may write it."""

    def covers(self, other: Dated) -> bool:
        """May a claim say this of what was said to be at the other time? Not more exactly."""
        if self.bound != other.bound or self.repeats != other.repeats:
            return False
        if self.clock not in ("", other.clock):
            return False
        if self.repeats or self.spelled == other.spelled:
            return True
        if self.bound == "since":
            return self.first == other.first
        if self.bound == "until":
            return self.last == other.last
        if self.bound in ("before", "after", "by"):
            return (self.first, self.last) == (other.first, other.last)
        return self.first <= other.first and other.last <= self.last

    def equals(self, other: Dated) -> bool:
        return self.covers(other) and (self.first, self.last) == (other.first, other.last)


def dated(text: str, said: str, language: str) -> list[Dated]:
    """What is counted from the day it was said needs that day, as an ISO time."""
    return [_dated(when) for when in find(text, _day(said), language)]


def retold(claim: str, named: list[Dated], said: str, language: str) -> tuple[list[Dated], str]:
    """The days of a claim about what was said, and the first phrase that nobody understands who
    doesn't know when it was said, such as "yesterday"."""
    told = list(_spelled(claim, named))
    fixed = [w for w in find(claim, None, language) if not _overlaps(w, told)]
    told += [_dated(when) for when in fixed]
    for when in find(claim, _day(said), language):
        if _overlaps(when, told):
            continue
        if not when.repeats:
            return told, when.text
        told.append(_dated(when))
    return sorted(told, key=lambda date: date.start), ""


def _spelled(claim: str, named: list[Dated]) -> Iterator[Dated]:
    """Days that are written as core/times writes them."""
    low, taken = claim.casefold(), 0
    for day in named:
        for name in sorted(day.spelled, key=len, reverse=True):
            start = low.find(name, taken)
            if start >= 0 and len(low) == len(claim) and _stands_alone(low, start, len(name)):
                yield replace(day, start=start, end=start + len(name))
                taken = start + len(name)
                break


def _stands_alone(text: str, start: int, size: int) -> bool:
    around = text[max(start - 1, 0) : start] + text[start + size : start + size + 1]
    return not any(char.isalnum() for char in around)


def _overlaps(when: When, told: list[Dated]) -> bool:
    return any(when.start < date.end and date.start < when.end for date in told)


def _dated(when: When) -> Dated:
    text = " ".join(when.text.casefold().split())
    spelled = () if when.repeats else (placed(when), spell(when))[: 1 if when.bound else 2]
    return Dated(
        when.start, when.end, when.first, when.last, when.bound, when.clock,
        text if when.repeats else "", tuple(name.casefold() for name in spelled),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
