"""Documents that the rules have looked through → what a local model finds in them besides.

Driven when the machine is idle and mains-powered, within the minutes of a day that the user
allows. What the model wrote becomes an entry only after the checks that hold for all; what it did
is kept in numbers.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from cairn.core.config import Curate
from cairn.core.curation import Curation
from cairn.core.errors import CairnError, Unavailable
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.models.writing.generating import Generating
from cairn.core.tree.curate.model import ModelCurator, Told

_SPENT, _TOLD = "curate.spent", "curate.told"
_REQUEST_S = 600.0


class Considering:
    def __init__(
        self,
        journal: Journal,
        curation: Curation,
        generating: Generating,
        settings: Curate,
        clock: Callable[[], datetime],
    ) -> None:
        self._journal = journal
        self._curation = curation
        self._generating = generating
        self._settings = settings
        self._clock = clock
        self.trouble = ""

    @property
    def is_on(self) -> bool:
        return bool(self._settings.enabled and self._settings.model and self._generating.path)

    @property
    def waiting(self) -> int:
        rows = self._journal.read("SELECT count(*) FROM jobs WHERE kind = 'consider'")
        return int(str(rows[0][0]))

    @property
    def told(self) -> dict[str, int]:
        """What the model was asked and what came of it, since it was first asked."""
        found: dict[str, int] = json.loads(self._journal.get_meta(_TOLD, "{}"))
        return found

    @property
    def left_s(self) -> float:
        """Of today's minutes."""
        day, _, spent = self._journal.get_meta(_SPENT).partition(" ")
        used = float(spent) if day == self._day() else 0.0
        return self._settings.daily_minutes * 60 - used

    def round(self, index: Index, stop: Callable[[], bool]) -> bool:
        """Consider one document; whether there may be more to do now."""
        if not self.is_on or stop() or self.left_s <= 0:
            return False
        rows = self._journal.read(
            "SELECT key FROM jobs WHERE kind = 'consider' ORDER BY id LIMIT 1"
        )
        if not rows:
            return False
        uri = str(rows[0][0])
        started = time.monotonic()
        try:
            done = self._consider(uri, index, stop)
            self.trouble = ""
        except Unavailable as error:
            self.trouble = f"{error.message}; {error.hint}"
            return False
        except CairnError as error:  # this document is left to the rules
            self.trouble, done = error.message, True
        finally:
            self._spend(time.monotonic() - started)
        if done:
            with self._journal.write() as db:
                db.execute("DELETE FROM jobs WHERE kind = 'consider' AND key = ?", (uri,))
        return done

    def _consider(self, uri: str, index: Index, stop: Callable[[], bool]) -> bool:
        def is_over() -> bool:
            return stop() or self.left_s <= 0

        def generate(*arguments: object, **options: object) -> str:
            return self._generating.generate(*arguments, deadline_s=_REQUEST_S, **options)  # type: ignore[arg-type]

        utterances = self._curation.gather(uri, index)
        outcome = ModelCurator(generate, self._generating.fingerprint).propose(utterances, is_over)
        self._curation.file_all(uri, utterances, outcome.proposals)
        self._count(outcome.told)
        return not outcome.told.is_stopped and not stop()

    def _count(self, told: Told) -> None:
        sums = Counter(self.told)
        sums.update(
            documents=not told.is_stopped, sentences=told.sentences, asked=told.asked,
            kept=told.kept, invalid=told.invalid, refused=sum(told.refused.values()),
        )  # fmt: skip
        self._journal.set_meta(_TOLD, json.dumps(sums))

    def _spend(self, seconds: float) -> None:
        used = self._settings.daily_minutes * 60 - self.left_s + seconds
        self._journal.set_meta(_SPENT, f"{self._day()} {used:.1f}")

    def _day(self) -> str:
        return self._clock().astimezone().date().isoformat()
