"""Questions about the tree that wait for a person → what was decided.

Curators `ask`; `cairn review` shows what is `open` and the engine carries out the plan of what is
accepted. A question is asked once, whatever came of it. Nothing ever has to be answered: what
waits long or too far down the list lapses, which counts as neither yes nor no.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, get_args

from cairn.core.errors import NotFound
from cairn.core.journal import Journal
from cairn.core.records import digest
from cairn.core.tree.life.days import days_since
from cairn.core.tree.plan import Step, steps_from_json, steps_to_json

__all__ = [
    "LAPSES_AFTER",
    "MOST_OPEN",
    "REVIEW_KINDS",
    "STATES",
    "WEIGHTS",
    "Review",
    "ReviewKind",
    "Reviews",
    "State",
    "Step",
    "Verdict",
]

ReviewKind = Literal["merge", "supersede", "contradiction", "core", "conflict", "weak"]
REVIEW_KINDS: tuple[ReviewKind, ...] = get_args(ReviewKind)
State = Literal["open", "accepted", "edited", "rejected", "kept-both", "lapsed"]
STATES: tuple[State, ...] = get_args(State)
Verdict = Literal["accept", "edit", "reject", "keep-both"]
_STATE_OF: dict[Verdict, State] = {
    "accept": "accepted", "edit": "edited", "reject": "rejected", "keep-both": "kept-both",
}  # fmt: skip

WEIGHTS: Final[dict[ReviewKind, float]] = {
    "conflict": 3.0,  # a file of the user's is left out until it is settled
    "contradiction": 2.0, "supersede": 1.6,  # an answer may be wrong meanwhile
    "core": 1.0,
    "merge": 0.6, "weak": 0.2,  # untidy at worst
}  # fmt: skip
"""What matters most comes first; the most important entry concerned adds up to 1."""
MOST_OPEN: Final = 200
"""More than anybody looks through; beyond it the least important lapse."""
LAPSES_AFTER: Final = 180
"""Days. What was not worth an answer in half a year is not going to be. Conflicts stay: the file is
still there."""
_MOST_READ = 2000
_CASES = (f"WHEN '{kind}' THEN {weight}" for kind, weight in WEIGHTS.items())
_MATTERS = f"CASE kind {' '.join(_CASES)} ELSE 0 END"
_REASON = 500
_COLUMNS = "id, at, kind, key, entries, plan, reason, state, decided, operation"


@dataclass(frozen=True, slots=True)
class Review:
    id: int
    at: str
    kind: ReviewKind
    key: str
    """A digest: it keeps a question from being asked again and says nothing about it."""
    entries: tuple[str, ...]
    plan: tuple[Step, ...]
    reason: str
    state: State
    decided: str
    operation: int
    """Of the tree's history, by which it was carried out; 0 where none was needed."""


@dataclass(frozen=True, slots=True)
class Reviews:
    """The queue. Methods that change it take part in a transaction `db`."""

    journal: Journal

    def ask(
        self,
        kind: ReviewKind,
        key: str,
        entries: Iterable[str],
        plan: tuple[Step, ...],
        reason: str,
        at: str,
        db: sqlite3.Connection | None = None,
    ) -> int:
        """The number of a new question; 0 where it was asked before, whatever was answered."""
        values = (
            at, kind, _key(kind, key), json.dumps(list(entries)), steps_to_json(plan),
            " ".join(reason.encode("utf-8", "replace").decode().split())[:_REASON],
        )  # fmt: skip
        with self._writing(db) as within:
            sql = "INSERT OR IGNORE INTO reviews(at, kind, key, entries, plan, reason) VALUES "
            cursor = within.execute(sql + "(?, ?, ?, ?, ?, ?)", values)
            number = (cursor.lastrowid or 0) if cursor.rowcount == 1 else 0
            if number and number % MOST_OPEN == 0:
                self.tidy(at, within)  # the queue stays short, also where nobody else tidies it
        return number

    def was_asked(self, kind: ReviewKind, key: str) -> bool:
        """Before work is put into a plan."""
        return bool(self.journal.read("SELECT 1 FROM reviews WHERE key = ?", _key(kind, key)))

    def was_rejected(self, kind: ReviewKind, key: str) -> bool:
        sql = "SELECT 1 FROM reviews WHERE key = ? AND state IN ('rejected', 'kept-both')"
        return bool(self.journal.read(sql, _key(kind, key)))

    def open(self) -> list[Review]:
        """What matters most first; of equals what was asked first."""
        return [review for _, review in self._ranked()][:MOST_OPEN]

    def count(self) -> int:
        """How many wait, as `open` would tell, for a status line."""
        rows = self.journal.read("SELECT count(*) FROM reviews WHERE state = 'open'")
        return min(MOST_OPEN, int(str(rows[0][0])))

    def get(self, id: int) -> Review:
        rows = self.journal.read(f"SELECT {_COLUMNS} FROM reviews WHERE id = ?", id)
        if not rows:
            raise NotFound(f"there is no question {id} to review", "see `cairn review`")
        review = _review(rows[0])
        if not review:
            raise NotFound(f"nothing is left to show of question {id}", "see `cairn review`")
        return review

    def waiting(self, id: int) -> Review:
        """One that can be answered, which it can be also after it has lapsed."""
        review = self.get(id)
        if review.state not in ("open", "lapsed"):
            raise NotFound(
                f"question {id} does not wait for an answer: it was {_told(review)}",
                f"`cairn review {id} --reopen` asks it again",
            )
        return review

    def about(self, entry: str) -> list[Review]:
        """All that concern an entry, decided or not, the newest first."""
        rows = self.journal.read(
            f"SELECT {_COLUMNS} FROM reviews WHERE instr(entries, ?) OR instr(plan, ?) "
            "ORDER BY id DESC LIMIT ?",
            *[json.dumps(entry)] * 2,
            _MOST_READ,
        )
        return [review for row in rows if (review := _review(row)) and _concerns(review, entry)]

    def of_operation(self, operation: int) -> Review | None:
        """The question that an operation answered, for when it is undone."""
        sql = f"SELECT {_COLUMNS} FROM reviews WHERE operation = ? AND operation != 0"
        rows = self.journal.read(sql, operation)
        return _review(rows[0]) if rows else None

    def decide(
        self,
        id: int,
        verdict: Verdict,
        at: str,
        operation: int = 0,
        db: sqlite3.Connection | None = None,
    ) -> Review:
        """Note an answer; what was carried out is named by `operation`."""
        with self._writing(db) as within:
            self.waiting(id)
            within.execute(
                "UPDATE reviews SET state = ?, decided = ?, operation = ? WHERE id = ?",
                (_STATE_OF[verdict], at, operation, id),
            )
            return self.get(id)

    def reopen(self, id: int, at: str, db: sqlite3.Connection | None = None) -> Review:
        """Ask again, as when the operation that carried it out is undone; it waits from now on."""
        with self._writing(db) as within:
            within.execute(
                "UPDATE reviews SET state = 'open', at = ?, decided = '', operation = 0 "
                "WHERE id = ?",
                (at, id),
            )
            return self.get(id)

    def lapse(self, ids: Iterable[int], at: str, db: sqlite3.Connection | None = None) -> None:
        """Questions that nobody has to answer any more, as their entries are gone or changed."""
        with self._writing(db) as within:
            within.executemany(
                "UPDATE reviews SET state = 'lapsed', decided = ? WHERE id = ? AND state = 'open'",
                [(at, id) for id in ids],
            )

    def tidy(self, at: str, db: sqlite3.Connection | None = None) -> int:
        """Let lapse what is too old, damaged, or too far down the list; how many that were."""
        with self._writing(db) as within:
            fresh = [
                review.id
                for _, review in self._ranked()
                if review.kind == "conflict" or (days_since(review.at, at) or 0) <= LAPSES_AFTER
            ]
            keep = set(fresh[:MOST_OPEN])
            rows = within.execute("SELECT id FROM reviews WHERE state = 'open'").fetchall()
            gone = [id for (id,) in rows if id not in keep]
            self.lapse(gone, at, within)
        return len(gone)

    def forget(
        self, entries: Iterable[str], uris: Iterable[str] = (), db: sqlite3.Connection | None = None
    ) -> int:
        """Take the words out of all that concern these entries, or quote these files and
        conversations; that they were asked stays."""
        parts = [json.dumps(entry) for entry in entries]
        parts += [json.dumps(uri)[1:-1] + after for uri in uris for after in ('"', "#", "!/")]
        sql = (
            "UPDATE reviews SET entries = '[]', plan = '[]', reason = '', "
            "state = CASE state WHEN 'open' THEN 'lapsed' ELSE state END "
            "WHERE instr(entries, ?) OR instr(plan, ?)"
        )
        with self._writing(db) as within:
            return sum(within.execute(sql, (part, part)).rowcount for part in parts)

    def _ranked(self) -> list[tuple[float, Review]]:
        rows = self.journal.read(
            f"SELECT {_COLUMNS}, coalesce((SELECT max(importance) FROM signals WHERE entry IN "
            "(SELECT value FROM json_each(CASE json_valid(entries) WHEN 1 THEN entries ELSE '[]' "
            "END))), 0.5) FROM reviews WHERE state = 'open' "
            f"ORDER BY {_MATTERS} DESC, id DESC LIMIT ?",
            _MOST_READ,
        )
        found = [(row[-1], review) for row in rows if (review := _review(row[:-1]))]
        weighed = [
            (WEIGHTS[review.kind] + (value if isinstance(value, float) else 0.5), review)
            for value, review in found
        ]
        return sorted(weighed, key=lambda pair: (-pair[0], pair[1].id))

    @contextmanager
    def _writing(self, db: sqlite3.Connection | None) -> Iterator[sqlite3.Connection]:
        if db is not None:
            yield db
            return
        with self.journal.write() as own:
            yield own


def _key(kind: ReviewKind, key: str) -> str:
    return digest(kind, key)


def _concerns(review: Review, entry: str) -> bool:
    return entry in review.entries or any(entry in step.entries for step in review.plan)


def _told(review: Review) -> str:
    day = f" on {review.decided[:10]}" if re.match(r"\d{4}-\d\d-\d\d", review.decided) else ""
    words = "answered with “keep both”" if review.state == "kept-both" else review.state
    return words + day


def _review(row: tuple[object, ...]) -> Review | None:
    """None for what was forgotten, or `ask` can't have written."""
    id, at, kind, key, entries, plan, reason, state, decided, operation = row
    known = next((each for each in REVIEW_KINDS if each == kind), None)
    now = next((each for each in STATES if each == state), None)
    steps = steps_from_json(str(plan))
    ids = _ids(str(entries))
    if known is None or now is None or steps is None or ids is None or not (ids or steps):
        return None
    number = operation if isinstance(operation, int) else 0
    return Review(
        int(str(id)), str(at), known, str(key), ids, steps, str(reason)[:_REASON], now,
        str(decided), number,
    )  # fmt: skip


def _ids(text: str) -> tuple[str, ...] | None:
    try:
        values = json.loads(text) if len(text) <= 10_000 else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return None
    return tuple(values)
