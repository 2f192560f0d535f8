"""How much indexing has worked today, and whether it should hold back now.

Asked by the engine before a backlog is worked off. What a person changes now is read all the same,
since that takes moments; a first index is what drains a battery.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from cairn.core.config import Watch
from cairn.core.journal import Journal
from cairn.core.power import on_battery

_KEY = "effort"
_LOOK_AGAIN_S = 30.0


class Effort:
    def __init__(
        self,
        settings: Watch,
        journal: Journal,
        clock: Callable[[], datetime],
        total_s: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._clock = clock
        self._total_s = total_s
        """Processor seconds since this process began."""
        self._counted_s = 0.0
        self._battery = False
        self._looked = -_LOOK_AGAIN_S

    @property
    def today_s(self) -> float:
        day, _, spent = self._journal.get_meta(_KEY).partition(" ")
        stored = float(spent) if day == self._day() else 0.0
        return stored + self._total_s() - self._counted_s

    def store(self) -> None:
        """Make today's sum durable; called after each piece of work."""
        total = self._total_s()
        if total - self._counted_s >= 0.1:
            self._journal.set_meta(_KEY, f"{self._day()} {self.today_s:.1f}")
            self._counted_s = total

    def holds_back(self) -> str:
        """Why a backlog has to wait, in words; empty when it need not."""
        minutes = self._settings.daily_minutes
        if minutes and self.today_s >= minutes * 60:
            return f"today's time for indexing, {minutes:g} min, is used up"
        if self._settings.pause_on_battery and self._on_battery():
            return "the machine runs on its battery"
        return ""

    def _on_battery(self) -> bool:
        if time.monotonic() - self._looked >= _LOOK_AGAIN_S:
            self._battery, self._looked = on_battery(), time.monotonic()
        return self._battery

    def _day(self) -> str:
        return self._clock().astimezone().date().isoformat()
