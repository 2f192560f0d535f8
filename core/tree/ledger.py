"""Operations on the tree, as the journal keeps them: what changed in which file, why, by whom.

Written before the files are touched, closed after: what a crash left between is completed from
here. The texts before and after are the tree's history; secrets are not kept in them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from typing import Any, Literal

from cairn.core.errors import NotFound
from cairn.core.journal import Journal
from cairn.core.redact import redact

OperationType = Literal[
    "ADD", "UPDATE", "MERGE", "SUPERSEDE", "LINK", "ARCHIVE",
    "MOVE", "SPLIT", "EDIT", "DELETE", "UNDO", "RESTORE",
]  # fmt: skip
"""The curators' six; what people do besides: `EDIT` is a change found on disk; and how both are
taken back."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One file before and after; an empty path says that it was not there, or is no longer."""

    entry: str
    path_before: str
    before: str
    path_after: str
    after: str
    exact: bool = True
    """Are the texts what stood in the file? Secrets are left out of what is kept."""
    overtaken: bool = False
    """The user changed the file before this could be done, and has the last word."""


@dataclass(frozen=True, slots=True)
class Operation:
    id: int
    at: str
    type: OperationType
    author: str
    """`user`, `rules`, or `model:` and the model's fingerprint."""
    reason: str
    evidence: tuple[str, ...]
    """Addresses of what it rests on."""
    undoes: int
    undone_by: int
    edits: tuple[Edit, ...]

    @property
    def entries(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(edit.entry for edit in self.edits))


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation that is to be."""

    type: OperationType
    edits: tuple[Edit, ...]
    reason: str
    author: str = "user"
    evidence: tuple[str, ...] = ()
    undoes: int = 0


_MOST_SHOWN = 20
"""Edits of an operation that are told besides those of the entry that was asked about."""


class Ledger:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def operation(self, id: int) -> Operation:
        found = self._operations("WHERE id = ?", id)
        if not found:
            raise NotFound(f"there is no operation {id}", "`cairn tree log` lists them")
        return found[0]

    def unfinished(self) -> list[Operation]:
        """Accepted, and perhaps not done: a process was killed, or the disk was full."""
        return self._operations("WHERE state != 'applied' ORDER BY id")

    def log(self, entry: str = "", limit: int = 20, before: int = 0) -> list[Operation]:
        """The latest first, of one entry or of all. Of one that touched thousands of files, as
        when a tree was brought along, an entry's log has its own edits and the first few."""
        of_entry = "AND id IN (SELECT operation FROM changes WHERE entry = ?)" if entry else ""
        values = (before or 1 << 62, *((entry,) if entry else ()), limit)
        where = f"WHERE id < ? AND state = 'applied' {of_entry} ORDER BY id DESC LIMIT ?"
        return self._operations(where, *values, of=entry)

    def later(self, operation: int, entries: Iterable[str]) -> list[int]:
        """Operations after this one that touched any of these entries and still hold."""
        ids = list(dict.fromkeys(entries))
        marks = ", ".join("?" * len(ids))
        rows = self._journal.read(
            f"SELECT DISTINCT operation FROM changes JOIN operations ON id = operation "
            f"WHERE operation > ? AND entry IN ({marks}) AND undone_by = 0 AND type != 'UNDO' "
            "ORDER BY operation DESC",
            operation, *ids,
        )  # fmt: skip
        return [int(str(id)) for (id,) in rows]

    def users_latest(self) -> int:
        """The last thing that the user did and has not taken back; taking back is none."""
        sql = (
            "SELECT id FROM operations WHERE author = 'user' AND type != 'UNDO' AND undone_by = 0 "
            "AND state = 'applied' AND EXISTS (SELECT 1 FROM changes WHERE operation = id "
            "AND NOT overtaken) ORDER BY id DESC LIMIT 1"
        )
        for (id,) in self._journal.read(sql):
            return int(str(id))
        raise NotFound(
            "there is nothing of yours to take back",
            "`cairn tree log` lists all that was done, `cairn tree undo 41` takes one of it back",
        )

    def is_users(self, entry: str) -> bool:
        """Has the user written any of it? Then no curator changes it any more."""
        sql = (
            "SELECT 1 FROM changes JOIN operations ON id = operation WHERE entry = ? "
            "AND author = 'user' AND type IN ('ADD', 'UPDATE', 'EDIT') AND undone_by = 0 LIMIT 1"
        )
        return bool(self._journal.read(sql, entry))

    def placed(self) -> set[str]:
        """All entries that the user has moved by hand."""
        sql = (
            "SELECT DISTINCT entry FROM changes JOIN operations ON id = operation "
            "WHERE author = 'user' AND path_before != path_after AND undone_by = 0"
        )
        return {str(entry) for (entry,) in self._journal.read(sql)}

    def is_placed(self, entry: str) -> bool:
        """Has the user moved it by hand?"""
        sql = (
            "SELECT 1 FROM changes JOIN operations ON id = operation WHERE entry = ? "
            "AND author = 'user' AND path_before != path_after AND undone_by = 0 LIMIT 1"
        )
        return bool(self._journal.read(sql, entry))

    def latest(self, entry: str) -> Edit | None:
        """The last change of an entry that history knows."""
        sql = f"SELECT {_EDIT} FROM changes WHERE entry = ? AND NOT overtaken "
        sql += "ORDER BY operation DESC, ordinal DESC"
        rows = self._journal.read(f"{sql} LIMIT 1", entry)
        return _edit(rows[0]) if rows else None

    def as_of(self, moment: str) -> dict[str, Edit]:
        """The last change of every entry up to a moment (UTC): the tree as it was then."""
        sql = (
            f"SELECT {_EDIT} FROM changes JOIN (SELECT entry AS one, max(operation) AS last "
            "FROM changes JOIN operations ON id = operation WHERE at <= ? AND NOT overtaken "
            "GROUP BY entry) ON entry = one AND operation = last AND NOT overtaken "
            "ORDER BY entry, ordinal"
        )
        return {edit.entry: edit for edit in map(_edit, self._journal.read(sql, moment))}

    def _operations(self, where: str, *values: object, of: str = "") -> list[Operation]:
        columns = "id, at, type, author, reason, evidence, undoes, undone_by"
        sql = f"SELECT {columns} FROM operations {where}"
        return [self._operation(row, of) for row in self._journal.read(sql, *values)]

    def _operation(self, row: tuple[Any, ...], of: str) -> Operation:
        id, at, type, author, reason, evidence, undoes, undone_by = row
        sql = f"SELECT {_EDIT} FROM changes WHERE operation = ?"
        values: tuple[object, ...] = (id,)
        if of:
            sql += " AND ordinal IN (SELECT ordinal FROM changes WHERE entry = ? AND operation = ? "
            sql += "UNION SELECT ordinal FROM changes WHERE operation = ? AND ordinal < ?)"
            values = (id, of, id, id, _MOST_SHOWN)
        rows = self._journal.read(f"{sql} ORDER BY ordinal", *values)
        edits = tuple(_edit(each) for each in rows)
        return Operation(
            id, at, type, author, reason, tuple(json.loads(evidence)), undoes, undone_by, edits
        )


def accept(db: sqlite3.Connection, plan: Plan, at: str, state: str = "accepted") -> Operation:
    """Make an operation durable, inside a transaction."""
    sql = (
        "INSERT INTO operations(at, type, author, reason, evidence, undoes, state) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    evidence = json.dumps([redact(uri).text for uri in plan.evidence], ensure_ascii=False)
    reason = redact(plan.reason).text
    values = (at, plan.type, plan.author, reason, evidence, plan.undoes, state)
    id = db.execute(sql, values).lastrowid or 0
    kept = [_without_secrets(edit) for edit in plan.edits]
    db.executemany(
        f"INSERT INTO changes(operation, ordinal, {_EDIT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (id, number, edit.entry, edit.path_before, edit.before, edit.path_after, edit.after,
             int(edit.exact), int(edit.overtaken))
            for number, edit in enumerate(kept)
        ],
    )  # fmt: skip
    if plan.undoes:
        _revoke(db, plan.undoes, id)
    return Operation(
        id, at, plan.type, plan.author, reason, plan.evidence, plan.undoes, 0, plan.edits
    )


def _revoke(db: sqlite3.Connection, id: int, by: int) -> None:
    db.execute("UPDATE operations SET undone_by = ? WHERE id = ?", (by, id))
    if undone := _undoes(db, id):
        _revive(db, undone)


def _revive(db: sqlite3.Connection, id: int) -> None:
    """What an undone undo had taken back holds again."""
    db.execute("UPDATE operations SET undone_by = 0 WHERE id = ?", (id,))
    if undone := _undoes(db, id):
        _revoke(db, undone, id)


def _undoes(db: sqlite3.Connection, id: int) -> int:
    row = db.execute("SELECT undoes FROM operations WHERE id = ?", (id,)).fetchone()
    return int(row[0]) if row else 0


def close(db: sqlite3.Connection, operation: Operation) -> None:
    """It is done, but for what a user has overtaken; one of which nothing came never was."""
    if operation.edits and all(edit.overtaken for edit in operation.edits):
        db.execute("DELETE FROM changes WHERE operation = ?", (operation.id,))
        db.execute("DELETE FROM operations WHERE id = ?", (operation.id,))
        if operation.undoes:
            _revive(db, operation.undoes)
        return
    if operation.undoes and all(edit.overtaken for edit in operation.edits):
        _revive(db, operation.undoes)
    db.execute("UPDATE operations SET state = 'applied' WHERE id = ?", (operation.id,))
    for number, edit in enumerate(operation.edits):
        if edit.overtaken:
            sql = "UPDATE changes SET overtaken = 1 WHERE operation = ? AND ordinal = ?"
            db.execute(sql, (operation.id, number))


def is_exact(edit: Edit) -> bool:
    """Will history have the texts as they stand in the file?"""
    return not redact(edit.before).found and not redact(edit.after).found


def _without_secrets(edit: Edit) -> Edit:
    before, after = redact(edit.before), redact(edit.after)
    if not before.found and not after.found:
        return edit  # its `exact` is that of what history had before
    return replace(edit, before=before.text, after=after.text, exact=False)


_EDIT = "entry, path_before, before, path_after, after, exact, overtaken"


def _edit(row: Sequence[Any]) -> Edit:
    entry, path_before, before, path_after, after, exact, overtaken = row
    return Edit(entry, path_before, before, path_after, after, bool(exact), bool(overtaken))


def difference(edits: Iterable[Edit]) -> str:
    """Line by line, as in a patch."""
    lines: list[str] = []
    for edit in edits:
        if edit.path_before != edit.path_after and edit.path_before and edit.path_after:
            lines.append(f"{edit.path_before} → {edit.path_after}")
        lines += unified_diff(
            edit.before.splitlines(), edit.after.splitlines(),
            edit.path_before or "(not there)", edit.path_after or "(not there)", lineterm="",
        )  # fmt: skip
    return "\n".join(lines)
