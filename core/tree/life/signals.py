"""Notes of what happens to entries → the table `signals`: used, kept, vouched for, confirmed.

The engine writes here in batches after answers and operations; `ageing` reads. These live in the
journal and never in the Markdown, so that reading an entry changes no file. Every note can be
repeated after a crash: a day counts once, and what is confirmed is counted from the sources.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, get_args

from cairn.core.journal import Journal
from cairn.core.records import Source
from cairn.core.tree.life.constants import MOST_DAYS
from cairn.core.tree.life.witness import Witness, from_json, independent, several_of, to_json

Maturity = Literal["draft", "validated", "core"]
MATURITIES: tuple[Maturity, ...] = get_args(Maturity)
NoteKind = Literal["used", "kept", "vouched", "touched"]
"""An answer cited it; the user opened that citation; the user wrote, edited or accepted it; it was
changed or brought back from the archive, which says nothing about whether it is true."""
COLUMNS = (
    "entry", "importance", "uses", "used", "kept", "kept_on", "vouched", "confirmed", "maturity",
    "since", "touched",
)  # fmt: skip
_EVERY = f"SELECT {', '.join(COLUMNS)} FROM signals"
_NOTES: dict[NoteKind, str] = {
    "used": "uses = min(uses + (substr(used, 1, 10) != substr(:at, 1, 10)), :most), used = :at,",
    "kept": "kept = min(kept + (substr(kept_on, 1, 10) != substr(:at, 1, 10)), :most), "
    "kept_on = :at,",
    "vouched": "vouched = 1,",
    "touched": "",
}
_INHERITED = (
    "importance = max(importance, :importance), uses = max(uses, :uses), used = max(used, :used), "
    "kept = max(kept, :kept), kept_on = max(kept_on, :kept_on), vouched = max(vouched, :vouched), "
    "touched = max(touched, :touched)"
)


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of one entry's life. Times are ISO texts, and empty where there was none."""

    entry: str
    importance: float = 0.5
    uses: int = 0
    """Days on which an answer cited it."""
    used: str = ""
    kept: int = 0
    """Days on which the user opened such a citation."""
    kept_on: str = ""
    vouched: int = 0
    confirmed: tuple[Witness, ...] = ()
    """Its sources, as far as they count for independence; empty where there is but one."""
    maturity: Maturity = "draft"
    since: str = ""
    """When it came to this maturity."""
    touched: str = ""
    """When anything of this, or the entry itself, was last noted: what its age is counted from."""


@dataclass(frozen=True, slots=True)
class Note:
    kind: NoteKind
    entry: str


@dataclass(frozen=True, slots=True)
class Life:
    """The signals of all entries. Methods that change them take part in a transaction `db`."""

    journal: Journal

    def get(self, entry: str) -> Signals | None:
        rows = self.journal.read(f"{_EVERY} WHERE entry = ?", entry)
        return signals_of(rows[0]) if rows else None

    def all(self) -> dict[str, Signals]:
        return {each.entry: each for each in map(signals_of, self.journal.read(_EVERY))}

    def begin(
        self, importance: Mapping[str, float], at: str, db: sqlite3.Connection | None = None
    ) -> None:
        """New entries and how much each matters; of one that is known nothing changes."""
        sql = "INSERT OR IGNORE INTO signals(entry, importance, since, touched) VALUES (?, ?, ?, ?)"
        rows = [(entry, bounded(value), at, at) for entry, value in importance.items()]
        with self._writing(db) as within:
            within.executemany(sql, rows)

    def note(self, notes: Iterable[Note], at: str, db: sqlite3.Connection | None = None) -> None:
        """What happened at one time, say to all that an answer cited. Unknown entries are passed
        over, so that a late note brings nothing forgotten back."""
        with self._writing(db) as within:
            for kind, entry in dict.fromkeys((each.kind, each.entry) for each in notes):
                sql = f"UPDATE signals SET {_NOTES[kind]} touched = :at WHERE entry = :entry"
                within.execute(sql, {"at": at, "entry": entry, "most": MOST_DAYS})

    def confirm(
        self,
        sources: Mapping[str, Iterable[Source]],
        at: str,
        db: sqlite3.Connection | None = None,
    ) -> list[str]:
        """All sources that entries now have; those entries for which they count as others than
        before. Fewer are taken back, and only more make an entry younger."""
        changed = []
        with self._writing(db) as within:
            for entry, given in sources.items():
                row = within.execute("SELECT confirmed FROM signals WHERE entry = ?", (entry,))
                known = row.fetchone()
                found = several_of(given)
                if known is None or found == (before := from_json(str(known[0]))):
                    continue
                changed.append(entry)
                grew = independent(found) > max(1, independent(before))
                sql = "UPDATE signals SET confirmed = ?, touched = CASE ? WHEN 1 THEN ? ELSE "
                values = (to_json(found), int(grew), at, entry)
                within.execute(sql + "touched END WHERE entry = ?", values)
        return changed

    def inherit(
        self, heir: str, merged: Iterable[str], db: sqlite3.Connection | None = None
    ) -> None:
        """Give an entry what those had that were merged into it or that it replaces; theirs stays,
        for the day the merge is undone."""
        with self._writing(db) as within:
            for entry in merged:
                cursor = within.execute(f"{_EVERY} WHERE entry = ?", (entry,))
                if row := cursor.fetchone():
                    values = dict(zip(COLUMNS, row, strict=True)) | {"heir": heir}
                    sql = f"UPDATE signals SET {_INHERITED} WHERE entry = :heir"
                    within.execute(sql, values)

    def drop(self, entries: Iterable[str], db: sqlite3.Connection | None = None) -> None:
        """Of entries that are forgotten."""
        with self._writing(db) as within:
            rows = [(entry,) for entry in entries]
            within.executemany("DELETE FROM signals WHERE entry = ?", rows)

    @contextmanager
    def _writing(self, db: sqlite3.Connection | None) -> Iterator[sqlite3.Connection]:
        if db is not None:
            yield db
            return
        with self.journal.write() as own:
            yield own


def signals_of(row: tuple[object, ...]) -> Signals:
    """A row of the table in the order of COLUMNS, with sense in place of what has none."""
    entry, importance, uses, used, kept, kept_on, vouched, confirmed, maturity, since, touched = row
    return Signals(
        str(entry),
        bounded(importance),
        _count(uses),
        str(used),
        _count(kept),
        str(kept_on),
        _count(vouched),
        from_json(str(confirmed)),
        next((known for known in MATURITIES if known == maturity), "draft"),
        str(since),
        str(touched),
    )


def bounded(value: object) -> float:
    """A share of 1; of what is no number, the middle."""
    if not isinstance(value, int | float) or value != value:
        return 0.5
    return float(min(1.0, max(0.0, value)))


def _count(value: object) -> int:
    return min(MOST_DAYS, max(0, value)) if isinstance(value, int) else 0
