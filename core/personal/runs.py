"""Runs of the benchmark → the table `self_tests`, and what became better or worse between two.

A run is kept with the models and settings it was made with, and with ids in place of questions: no
text of the memory is in it. Only questions that were asked both times are compared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cairn.core.journal import Journal
from cairn.core.personal.cases import KINDS, CaseKind
from cairn.core.personal.trying import Outcome
from cairn.core.records import digest

_KEPT = 30
_COLUMNS = "id, at, fingerprint, made, outcomes, seconds"


@dataclass(frozen=True, slots=True)
class Run:
    id: int
    at: str
    fingerprint: str
    """Of `made`: equal where models and settings were."""
    made: Mapping[str, str]
    outcomes: Mapping[str, tuple[CaseKind, bool]]
    seconds: float

    def count(self, kind: CaseKind) -> tuple[int, int]:
        """How many were right, of how many."""
        found = [right for each, right in self.outcomes.values() if each == kind]
        return sum(found), len(found)


@dataclass(frozen=True, slots=True)
class Compared:
    before: Run
    changed: tuple[str, ...]
    """What was set otherwise then."""
    both: int
    """Questions that were asked both times."""
    right_before: int
    right_now: int
    better: tuple[str, ...]
    """Ids of questions."""
    worse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Runs:
    journal: Journal

    def keep(
        self, at: str, made: Mapping[str, str], outcomes: Sequence[Outcome], seconds: float
    ) -> Run:
        told = {each.case.id: [each.case.kind, each.right] for each in outcomes}
        row = (at, fingerprint(made), json.dumps(dict(made)), json.dumps(told), seconds)
        with self.journal.write() as db:
            sql = f"INSERT INTO self_tests({_COLUMNS.removeprefix('id, ')}) VALUES (?, ?, ?, ?, ?)"
            id = db.execute(sql, row).lastrowid or 0
            db.execute("DELETE FROM self_tests WHERE id <= ?", (id - _KEPT,))
        return self.get(id)

    def get(self, id: int) -> Run:
        return _read(self.journal.read(f"SELECT {_COLUMNS} FROM self_tests WHERE id = ?", id)[0])

    def all(self) -> list[Run]:
        """The latest first."""
        sql = f"SELECT {_COLUMNS} FROM self_tests ORDER BY id DESC"
        return [_read(row) for row in self.journal.read(sql)]

    def before(self, run: Run) -> Run | None:
        """The last one before it that was made otherwise; if there is none, the last one."""
        earlier = [each for each in self.all() if each.id < run.id]
        others = [each for each in earlier if each.fingerprint != run.fingerprint]
        return next(iter(others or earlier), None)


def fingerprint(made: Mapping[str, str]) -> str:
    return digest(*(part for pair in sorted(made.items()) for part in pair), size=8)


def compare(before: Run, now: Run) -> Compared:
    both = [id for id in now.outcomes if id in before.outcomes]
    then, since = ({id: run.outcomes[id][1] for id in both} for run in (before, now))
    names = sorted({*before.made, *now.made})
    return Compared(
        before,
        tuple(name for name in names if before.made.get(name) != now.made.get(name)),
        len(both), sum(then.values()), sum(since.values()),
        tuple(id for id in both if since[id] and not then[id]),
        tuple(id for id in both if then[id] and not since[id]),
    )  # fmt: skip


def _read(row: tuple[object, ...]) -> Run:
    id, at, mark, made, outcomes, seconds = row
    told = {
        case: (next(each for each in KINDS if each == kind), bool(right))
        for case, (kind, right) in json.loads(str(outcomes)).items()
    }
    return Run(
        int(str(id)), str(at), str(mark), json.loads(str(made)), told, float(str(seconds))
    )  # fmt: skip
