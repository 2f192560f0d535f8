"""The journal's file events → days, habits and files that are used together.

The engine's side of `core/traces`, which knows no journal: which stretch of time is looked at, by
whose clock, and what is deleted. With `watch.traces` off there is nothing to tell.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cairn.core.errors import Unavailable
from cairn.core.journal import Journal
from cairn.core.traces.diary import DayReport, HabitReport, report_day, report_habits
from cairn.core.traces.sessions import episodes
from cairn.core.traces.together import Together, companions, together
from cairn.core.uris import uri_path

_USUAL_DAYS = 90
"""Earlier days that tell what is usual."""
_HABIT_DAYS = 365
_COMPANION_DAYS = 180


class Behaviour:
    def __init__(self, journal: Journal, clock: Callable[[], datetime], is_on: bool) -> None:
        self._journal = journal
        self._clock = clock
        self._is_on = is_on
        self._pairs: tuple[Together, ...] = ()

    def day(self, start: date, end: date) -> DayReport:
        """What happened from `start` to before `end`."""
        self._check()
        events = self._journal.events(
            _midnight(start - timedelta(_USUAL_DAYS)), _midnight(end + timedelta(1))
        )
        return report_day(events, start, end, local_zone())

    def habits(self) -> HabitReport:
        self._check()
        events = self._journal.events(self._ago(_HABIT_DAYS), self._ago(-1))
        titles = {event.uri: uri_path(event.uri).stem for event in events}
        return report_habits(events, titles, local_zone())

    def learn(self) -> None:
        """Find out anew which files are used together; some seconds for a busy year."""
        if self._is_on:
            events = self._journal.events(self._ago(_COMPANION_DAYS), self._ago(-1))
            self._pairs = together(episodes(events).sessions)

    def companions(self, uri: str, limit: int = 3) -> tuple[Together, ...]:
        """Files that are used together with this one, the strongest first."""
        return companions(uri, self._pairs, limit)

    def forget(self) -> int:
        """Delete all that was noted; how many events."""
        self._pairs = ()
        return self._journal.delete_events()

    def _check(self) -> None:
        if not self._is_on:
            raise Unavailable(
                "cairn does not note what you work on, as you have set it",
                "`cairn config set watch.traces true` turns it on",
            )

    def _ago(self, days: int) -> datetime:
        return self._clock() - timedelta(days)


def local_zone() -> tzinfo:
    """The user's zone with its rules for summer time; a fixed offset where it has no name."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        target = os.path.realpath("/etc/localtime")
        name = target.partition("zoneinfo/")[2]
    try:
        if name and not Path(name).is_absolute():
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    return datetime.now().astimezone().tzinfo or UTC


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), local_zone())
