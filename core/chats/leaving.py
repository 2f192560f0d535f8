"""Transcripts, or one conversation, that leave the memory → what goes with them, and the work.

Called inside a transaction of the journal by whoever removes a source. A turn that another
transcript has too stays, and is said to be from that one; numbers are never given twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cairn.core.chats.addresses import parts_of
from cairn.core.chats.archive import opening_of, span_of
from cairn.core.journal import queue, take_number


@dataclass(frozen=True, slots=True)
class Dropped:
    conversations: int = 0
    """Of which something left."""
    turns: int = 0


def drop_transcripts(db: sqlite3.Connection, transcripts: Collection[str]) -> Dropped:
    """Take out what only these brought."""
    leaving = frozenset(transcripts)
    ids: set[int] = set()
    for uri in leaving:
        sql = "SELECT conversation FROM brought WHERE transcript = ?"
        ids.update(id for (id,) in db.execute(sql, (uri,)))
        db.execute("DELETE FROM brought WHERE transcript = ?", (uri,))
    event = take_number(db)
    counts = [_drop_from(db, id, leaving, event) for id in sorted(ids)]
    return Dropped(sum(count > 0 for count in counts), sum(counts))


def drop_conversation(db: sqlite3.Connection, uri: str) -> Dropped:
    """Take all of it out."""
    sql = "SELECT id, highest FROM conversations WHERE uri = ?"
    id, highest = db.execute(sql, (uri,)).fetchone()
    count = db.execute("DELETE FROM turns WHERE conversation = ?", (id,)).rowcount
    _forget(db, id)
    _queue(db, uri, range(1, highest + 1), take_number(db))
    return Dropped(1, count)


def drop_turns(db: sqlite3.Connection, uri: str, numbers: Iterable[int]) -> int:
    """Take some out; what is left of the conversation is indexed anew."""
    row = db.execute("SELECT id, highest FROM conversations WHERE uri = ?", (uri,)).fetchone()
    if row is None:
        return 0
    id, highest = row
    count = 0
    for number in numbers:
        values = (id, number)
        sql = "DELETE FROM turns WHERE conversation = ? AND number = ?"
        count += db.execute(sql, values).rowcount
        db.execute("DELETE FROM copies WHERE conversation = ? AND number = ?", values)
    retell(db, id, uri, highest)
    return count


def retell(db: sqlite3.Connection, id: int, uri: str, highest: int) -> None:
    """Turns of a conversation have changed: so have how it begins and what is indexed of it."""
    _sum_up(db, id)
    _queue(db, uri, range(1, highest + 1), take_number(db))


def _drop_from(db: sqlite3.Connection, id: int, leaving: frozenset[str], event: int) -> int:
    """How many turns leave one conversation; it leaves with its last one."""
    sql = "SELECT uri, title, highest, opening FROM conversations WHERE id = ?"
    uri, title, highest, opening = db.execute(sql, (id,)).fetchone()
    rows = db.execute("SELECT number, source FROM turns WHERE conversation = ?", (id,)).fetchall()
    others = _copies(db, id, leaving)
    mine = [number for number, source in rows if source in leaving]
    gone = [number for number in mine if number not in others]
    if len(gone) == len(rows):
        db.execute("DELETE FROM turns WHERE conversation = ?", (id,))
        _forget(db, id)
        _queue(db, uri, range(1, highest + 1), event)
        return len(gone)
    for number in mine:
        if number in others:
            _hand_over(db, id, number, *others[number])
        else:
            sql = "DELETE FROM turns WHERE conversation = ? AND number = ?"
            db.execute(sql, (id, number))
    renamed = _sum_up(db, id) != opening and not title
    _queue(db, uri, range(1, highest + 1) if renamed else gone, event)
    return len(gone)


def _copies(db: sqlite3.Connection, id: int, leaving: frozenset[str]) -> dict[int, tuple[str, int]]:
    """Which turns another transcript has too, and where in it; those of the leaving ones go."""
    sql = "SELECT number, source, line FROM copies WHERE conversation = ? ORDER BY source"
    found: dict[int, tuple[str, int]] = {}
    for number, source, line in db.execute(sql, (id,)).fetchall():
        if source in leaving:
            sql = "DELETE FROM copies WHERE conversation = ? AND number = ? AND source = ?"
            db.execute(sql, (id, number, source))
        else:
            found.setdefault(number, (source, line))
    return found


def _hand_over(db: sqlite3.Connection, id: int, number: int, source: str, line: int) -> None:
    values = (id, number, source)
    sql = "DELETE FROM copies WHERE conversation = ? AND number = ? AND source = ?"
    db.execute(sql, values)
    sql = "UPDATE turns SET source = ?, line = ? WHERE conversation = ? AND number = ?"
    db.execute(sql, (source, line, id, number))
    sql = "UPDATE brought SET turns = turns + 1 WHERE transcript = ? AND conversation = ?"
    db.execute(sql, (source, id))


def _sum_up(db: sqlite3.Connection, id: int) -> str:
    """Say of a conversation what its remaining turns say; how it begins now."""
    sql = "SELECT origin, at, text FROM turns WHERE conversation = ? ORDER BY number"
    rows = db.execute(sql, (id,)).fetchall()
    begins = opening_of(text for origin, _, text in rows if origin in ("user", "other"))
    began, ended = span_of(at for _, at, _ in rows)
    sql = "UPDATE conversations SET turns = ?, began = ?, ended = ?, opening = ? WHERE id = ?"
    db.execute(sql, (len(rows), began, ended, begins, id))
    return begins


def _forget(db: sqlite3.Connection, id: int) -> None:
    db.execute("DELETE FROM copies WHERE conversation = ?", (id,))
    db.execute("DELETE FROM brought WHERE conversation = ?", (id,))
    db.execute("DELETE FROM conversations WHERE id = ?", (id,))


def _queue(db: sqlite3.Connection, uri: str, numbers: Iterable[int], event: int) -> None:
    for part in parts_of(uri, numbers):
        queue(db, "file", part, event)
