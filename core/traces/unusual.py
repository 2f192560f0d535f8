"""Outlines of sessions → the ones that differ strongly from the user's own habit, in words.

Used for `cairn day` and `cairn habits`. Judged by the median and the median deviation from it,
which one odd session can't move; nothing is said before there are enough sessions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log1p
from statistics import median

from cairn.core.traces.outline import Outline
from cairn.core.traces.telling import PARTS, count, part_of_day, tell_minutes

MIN_SESSIONS = 10
MIN_DAYS = 5
"""Sessions, and days that they are spread over, before anything is called unusual."""
STRONG = 3.5
"""So many robust standard deviations away from the median."""
_BASE = 400
"""Habits change: the latest sessions are the measure."""
_NORMAL = 1.4826
"""Median deviation → standard deviation, where values are spread in the usual way."""
_LEAST_HOURS = 3.0
"""Who begins two hours earlier or later than ever has done nothing odd."""
_LEAST_SPREAD = 0.4
"""Of logarithms: less than 1.5 times the usual is never far away."""


@dataclass(frozen=True, slots=True)
class Deviation:
    at: str
    """When the session began, in UTC."""
    name: str
    statement: str
    value: float
    usual: float
    score: float
    """Robust standard deviations from the usual."""


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    value: Callable[[Outline], float]
    least: float
    """Below this nothing is remarkable, however rare it is."""
    tell: Callable[[float, float], str]


def find_deviations(sessions: Sequence[Outline]) -> tuple[Deviation, ...]:
    """In order of time; of the latest sessions only, since these are the measure."""
    base = sessions[-_BASE:]
    if len(base) < MIN_SESSIONS or len({item.day for item in base}) < MIN_DAYS:
        return ()
    found = [*_odd_hours(base)]
    for measure in _MEASURES:
        found += _beyond(base, measure)
    return tuple(sorted(found, key=lambda item: (item.at, item.name)))


def _beyond(base: Sequence[Outline], measure: _Measure) -> list[Deviation]:
    values = [measure.value(item) for item in base]
    usual = median(values)
    scores = _scores([log1p(value) for value in values], _LEAST_SPREAD)
    return [
        Deviation(_at(item), measure.name, measure.tell(value, usual), round(value, 3),
                  round(usual, 3), round(score, 2))
        for item, value, score in zip(base, values, scores, strict=True)
        if score >= STRONG and value >= measure.least
    ]  # fmt: skip


def _odd_hours(base: Sequence[Outline]) -> list[Deviation]:
    """Sessions far from the hours of all others; who works mornings and evenings has two homes."""
    hours = [item.hour for item in base]
    away = _distances(hours, neighbours=max(2, len(hours) // 20))
    usual = median(away)
    scores = _scores(away, _LEAST_HOURS / 4)
    return [
        Deviation(_at(item), "hour", f"worked at {_clock(item.hour)} ({_rhythm(base)})",
                  round(item.hour, 3), round(usual, 3), round(score, 2))
        for item, distance, score in zip(base, away, scores, strict=True)
        if score >= STRONG and distance >= _LEAST_HOURS
    ]  # fmt: skip


def _scores(values: Sequence[float], least_spread: float) -> list[float]:
    middle = median(values)
    spread = max(_NORMAL * median(abs(value - middle) for value in values), least_spread)
    return [(value - middle) / spread for value in values]


def _distances(hours: Sequence[float], neighbours: int) -> list[float]:
    """For each hour how far away, around the clock, its so-manieth nearest other one is."""
    ring = sorted(hours)
    round_clock = [hour - 24 for hour in ring] + ring + [hour + 24 for hour in ring]
    found = []
    for hour in hours:
        middle = bisect_left(round_clock, hour, lo=len(ring), hi=2 * len(ring))
        near = round_clock[max(0, middle - neighbours) : middle + neighbours + 1]
        found.append(sorted(abs(other - hour) for other in near)[neighbours])
    return found


def _rhythm(base: Sequence[Outline]) -> str:
    shares = Counter(part_of_day(item.hour) for item in base)
    common = [part for part in PARTS if shares[part] >= 0.25 * len(base)]
    named = [f"{'at' if part == 'night' else 'in the'} {part}" for part in common]
    return f"mostly you work {' or '.join(named)}" if named else "you never worked near that hour"


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _at(item: Outline) -> str:
    return item.start.isoformat(timespec="milliseconds")


def _typically(amount: float) -> str:
    return f"typically {amount:.1f}".removesuffix(".0") if amount else "typically none"


_MEASURES = (
    _Measure("length", lambda item: item.minutes, 60, lambda value, usual:
             f"worked for {tell_minutes(value)} (typically {tell_minutes(usual)})"),
    _Measure("files", lambda item: item.files, 8, lambda value, usual:
             f"worked on {count(int(value), 'file')} ({_typically(usual)})"),
    _Measure("saving", lambda item: item.saves, 15, lambda value, usual:
             f"saved {count(int(value), 'time')} ({_typically(usual)})"),
    _Measure("deleting", lambda item: len(item.deleted), 5, lambda value, usual:
             f"deleted {count(int(value), 'file')} ({_typically(usual)})"),
    _Measure("moving", lambda item: len(item.moved), 5, lambda value, usual:
             f"moved or renamed {count(int(value), 'file')} ({_typically(usual)})"),
)  # fmt: skip
