"""What the user says of an answer, good or bad → the table `feedback`.

Called by `conversing` and by whoever shows an entry; the personal benchmark reads it. One word for
a question with its sources: twice is once, the opposite replaces it. Nothing is ranked by it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from cairn.core.answer.session import Cite, Given, Words, from_json, to_json
from cairn.core.journal import Journal
from cairn.core.records import digest
from cairn.core.redact import redact

Verdict = Literal["good", "bad"]
_COLUMNS = "id, at, verdict, question, cites, beside"


@dataclass(frozen=True, slots=True)
class Judged:
    id: str
    at: str
    verdict: Verdict
    question: str
    cites: tuple[Cite, ...]
    beside: Words

    @property
    def entries(self) -> frozenset[str]:
        return frozenset(id for cite in self.cites for id in cite.entries)


@dataclass(frozen=True, slots=True)
class Feedback:
    journal: Journal

    def say(self, verdict: Verdict, given: Given, at: str) -> tuple[Judged, bool]:
        """And whether that is anything new."""
        judged = _judged(verdict, given, at)
        known = self._known(judged.id)
        if known and known.verdict == verdict:
            return known, False
        row = (
            judged.id, at, verdict, judged.question, to_json(judged.cites),
            json.dumps(dict(judged.beside)),
        )  # fmt: skip
        with self.journal.write() as db:
            db.execute("INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?)", row)
        return judged, True

    def take_back(self, given: Given) -> bool:
        """Whether anything had been said."""
        id = _judged("good", given, "").id
        with self.journal.write() as db:
            return db.execute("DELETE FROM feedback WHERE id = ?", (id,)).rowcount > 0

    def all(self) -> list[Judged]:
        """The oldest first."""
        rows = self.journal.read(f"SELECT {_COLUMNS} FROM feedback ORDER BY at, id")
        return [_read(row) for row in rows]

    def of_entry(self, entry: str) -> list[Judged]:
        """What was said of answers that cited it, the latest first."""
        sql = f"SELECT {_COLUMNS} FROM feedback WHERE instr(cites, ?) ORDER BY at DESC, id"
        found = [_read(row) for row in self.journal.read(sql, json.dumps(entry))]
        return [each for each in found if entry in each.entries]

    def _known(self, id: str) -> Judged | None:
        rows = self.journal.read(f"SELECT {_COLUMNS} FROM feedback WHERE id = ?", id)
        return _read(rows[0]) if rows else None


def _judged(verdict: Verdict, given: Given, at: str) -> Judged:
    question = redact(given.exchange.question).text
    said = " ".join(question.casefold().split())
    id = digest(said, *sorted(cite.hash for cite in given.cites), size=8)
    return Judged(id, at, verdict, question, given.cites, given.beside)


def _read(row: tuple[object, ...]) -> Judged:
    id, at, verdict, question, cites, beside = map(str, row)
    is_good: Verdict = "good" if verdict == "good" else "bad"
    return Judged(id, at, is_good, question, from_json(cites), tuple(json.loads(beside).items()))
