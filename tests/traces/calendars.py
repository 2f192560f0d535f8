"""Hand-made calendars of file events for the tests of traces, habits and days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cairn.core.records import Event

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo = BERLIN) -> str:
    """`2026-05-05 19:40[:30]` on the wall, as a trace keeps it."""
    moment = datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")


def later(moment: str, minutes: float) -> str:
    new = datetime.fromisoformat(moment) + timedelta(minutes=minutes)
    return new.isoformat(timespec="milliseconds")


def trace(
    when: str,
    kind: Literal["added", "changed", "moved", "deleted"],
    name: str,
    was: str = "",
    delta: int = 0,
) -> Event:
    moment = when if when.endswith("+00:00") else at(when)
    return Event(kind, f"file:~/{name}", moment, f"file:~/{was}" if was else "", 1000, delta)


def sitting(when: str, *names: str, every: float = 5, delta: int = 50) -> list[Event]:
    """One save after the other, some minutes apart."""
    start = at(when)
    return [
        trace(later(start, every * n), "changed", name, delta=delta) for n, name in enumerate(names)
    ]
