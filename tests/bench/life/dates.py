"""A day as somebody would name it on another day: "on Friday", "tomorrow", "on 14 June"."""

from __future__ import annotations

import random
from datetime import date, timedelta

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_TAGE = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_MONATE = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
).split()


def long_day(day: date, german: bool = False) -> str:
    return (
        f"{day.day}. {_MONATE[day.month - 1]}" if german else f"{day.day} {_MONTHS[day.month - 1]}"
    )


def on_when(said: date, day: date, chance: random.Random, german: bool = False) -> str:
    """With its preposition. A bare weekday is at most six days away."""
    away = (day - said).days
    if german:
        near = {0: "heute", 1: "morgen", -1: "gestern"}.get(away)
        if near:
            return near
        return f"am {_TAGE[day.weekday()]}" if 1 < away < 7 else f"am {long_day(day, True)}"
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(away)
    if near:
        return near
    name = _DAYS[day.weekday()]
    if 1 < away < 7:
        return chance.choice((f"on {name}", f"this {name}", f"on {name}, {_ordinal(day)}"))
    if -7 < away < -1:
        return chance.choice((f"on {name}", f"last {name}", f"{-away} days ago"))
    forms = [f"on {long_day(day)}", f"on {_MONTHS[day.month - 1]} {_ordinal(day, '')}"]
    if away in (14, 21):
        forms.append(f"in {('two', 'three')[away // 7 - 2]} weeks")
    if day.year != said.year:
        return f"on {long_day(day)} {day.year}"
    return chance.choice([*forms, f"on {day.day:02}.{day.month:02}.{day.year}"])


def by_when(said: date, day: date, chance: random.Random, german: bool = False) -> str:
    """What can stand behind "by"."""
    away = (day - said).days
    if german:
        name = _TAGE[day.weekday()]
        return "morgen" if away == 1 else name if away < 7 else f"zum {long_day(day, True)}"
    if away == 1:
        return "tomorrow"
    if (day + timedelta(1)).day == 1:
        return "the end of the month" if day.month == said.month else f"the end of {_month(day)}"
    name = _DAYS[day.weekday()]
    if away < 7:
        return chance.choice((name, f"{name} evening", f"this {name}"))
    return chance.choice((long_day(day), f"{_month(day)} {day.day}", f"{name}, {long_day(day)}"))


def _month(day: date) -> str:
    return _MONTHS[day.month - 1]


def _ordinal(day: date, article: str = "the ") -> str:
    ends = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
    return f"{article}{day.day}{ends.get(day.day, 'th')}"
