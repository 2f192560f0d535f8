"""Private mode: nothing new is read, noted or remembered until it ends.

Asked by the engine before anything is captured. It is kept in the journal, so that a restart does
not end it; asking and searching go on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from cairn.core.errors import Unavailable
from cairn.core.journal import Journal

_KEY = "private"
_SLACK = timedelta(minutes=1)


class PrivateMode:
    def __init__(self, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._journal = journal
        self._clock = clock

    def begin(self, for_s: float = 0) -> None:
        """Until `end` is called, or for so long."""
        self._begin(timedelta(seconds=for_s))

    def _begin(self, length: timedelta) -> None:
        now = self._clock()
        until = (now + length).isoformat(timespec="seconds") if length else ""
        self._journal.set_meta(_KEY, f"{now.isoformat(timespec='seconds')} {until}")

    def end(self) -> None:
        self._journal.set_meta(_KEY, "")

    @property
    def is_on(self) -> bool:
        since, _, until = self._journal.get_meta(_KEY).partition(" ")
        if not until:
            return bool(since)
        now, began, ends = self._clock(), *map(datetime.fromisoformat, (since, until))
        if now < began - _SLACK:  # the clock was put back: for as long as was said, from here on
            self._begin(ends - began)
            return True
        return now < ends

    @property
    def words(self) -> str:
        """That it is on, since when and until when; empty when it is off."""
        if not self.is_on:
            return ""
        since, _, until = self._journal.get_meta(_KEY).partition(" ")
        text = f"private mode is on since {_local(since)}"
        return f"{text}, until {_local(until)}" if until else text

    def refuse(self, what: str) -> None:
        """Raise if it is on."""
        if self.is_on:
            raise Unavailable(f"{self.words}: {what}", "`cairn private off` ends it")


def _local(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
