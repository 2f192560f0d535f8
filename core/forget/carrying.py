"""What a home that is replaced has forgotten → the home that takes its place forgets it, too.

Called by restoring while the new one lies beside the old one, of which nothing is changed. What
was forgotten is barred in the new one, and erased from it once it is in place; what has left no
tombstone, such as questions to cairn, goes at once if the old one no longer has it. A journal that
is damaged says what can be read of it, and it is told where that may not be all.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.formats import OWN
from cairn.core.errors import Unavailable
from cairn.core.forget.rows import blank_events, blank_own, drop_digests
from cairn.core.home import identity
from cairn.core.journal import Journal
from cairn.core.salvage import salvage
from cairn.core.tombstones import KEY, RESTORED, Tombstones

_JOURNAL = "journal.db"
_OWN = "FROM turns JOIN conversations ON conversations.id = conversation WHERE kind = ?"
_Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    is_news: bool = False
    """Is there something to forget again?"""
    is_whole: bool = True
    """Is all known that was forgotten?"""
    is_same: bool = False
    """Were they of the same memory?"""


@dataclass(frozen=True, slots=True)
class _Was:
    """What the old journal says."""

    barred: list[_Row]
    told: list[_Row]
    own: Collection[_Row]
    """Where and when each question to cairn, and each answer, was said that is there still."""
    kept: dict[str, Collection[_Row]]
    """Keys of judgements and of digests of what was quoted."""
    blank: list[_Row]
    """Numbers and times of events of which nothing else is kept."""


def carry(home: Path, fresh: Path, of: str, beside: Path) -> Carried:
    """`of` is the id of the home that the new one was made of, if that is known. Another memory's
    tombstones say nothing here."""
    mine, theirs, id = _key(home), _key(fresh), identity(home)
    is_other = bool(id and of) and id != of
    if is_other or not (mine or (theirs and (home / _JOURNAL).is_file())):
        return Carried()
    if mine and theirs and mine != theirs:
        return Carried(is_whole=False)
    was, is_whole = _look(home / _JOURNAL, beside)
    if was is None:
        return Carried(is_whole=False)
    journal = Journal(fresh / _JOURNAL)
    try:
        news = Tombstones(journal).take(was.barred, was.told)
        if news:
            _lose(journal, was)
            news += json.loads(journal.get_meta(RESTORED) or "[]")
            journal.set_meta(RESTORED, json.dumps(news))
            journal.shrink()
    finally:
        journal.close()
    if not theirs:
        shutil.copy2(home / KEY, fresh / KEY)
    return Carried(bool(news), is_whole, is_same=True)


def _key(home: Path) -> bytes:
    try:
        return (home / KEY).read_bytes()
    except OSError:
        return b""


def _look(journal: Path, beside: Path) -> tuple[_Was | None, bool]:
    """What it says, and whether that is all."""
    try:
        return _read(journal), True
    except sqlite3.Error:
        pass
    copy, fresh = beside / "damaged.db", beside / "salvaged.db"
    try:
        for end in ("", "-wal"):
            if (path := journal.with_name(journal.name + end)).is_file():
                shutil.copyfile(path, copy.with_name(copy.name + end))
        if not copy.is_file():
            return None, False
        broken = salvage(copy, fresh).broken
        return _read(fresh), {"tombstones", "forgotten"}.isdisjoint(broken)
    except (sqlite3.Error, Unavailable):
        return None, False


def _read(journal: Path) -> _Was:
    with closing(sqlite3.connect(f"{journal.as_uri()}?mode=ro", uri=True)) as db:

        def rows(sql: str, *values: str) -> list[_Row]:
            return db.execute(sql, values).fetchall()

        return _Was(
            rows("SELECT kind, key, forgotten, near FROM tombstones"),
            rows("SELECT id, at, what, state, copies, proof, lifted FROM forgotten"),
            set(rows(f"SELECT uri, number, at {_OWN} AND text != ''", OWN.kind)),
            {
                "feedback": set(rows("SELECT id FROM feedback")),
                "quoted": set(rows("SELECT hash FROM quoted")),
            },
            rows("SELECT id, at FROM events WHERE uri = ''"),
        )


def _lose(journal: Journal, was: _Was) -> None:
    """What the old home had erased, of what no tombstone tells."""
    sql = f"SELECT uri, number, turns.at, conversation {_OWN} AND text != ''"
    own = [
        (int(str(conversation)), int(str(number)))
        for uri, number, at, conversation in journal.read(sql, OWN.kind)
        if (uri, number, at) not in was.own
    ]
    with journal.write() as db:
        blank_own(db, own)
        drop_digests(db)
        for (table, keys), column in zip(was.kept.items(), ("id", "hash"), strict=True):
            gone = set(db.execute(f"SELECT {column} FROM {table}")) - set(keys)
            db.executemany(f"DELETE FROM {table} WHERE {column} = ?", gone)
        blank_events(db, was.blank)
