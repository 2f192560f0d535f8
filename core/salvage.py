"""A damaged journal → a sound one with every row that can still be read.

Called by the repair. A table is read from its front until damage stops it, and from its end; where
rows are numbered, those between are asked for one by one. Nothing is made up: what can't be read is
gone, and the tables in which that was so are named. Tables that the file's own list no longer names
can't be found in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cairn.core.errors import Unavailable
from cairn.core.journal import Journal

_MOST_PROBED = 200_000
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Salvaged:
    rows: int
    broken: tuple[str, ...]
    """Tables of which not all can be read."""


def salvage(damaged: Path, fresh: Path) -> Salvaged:
    """Write what can be read of one into a new one."""
    Journal(fresh).close()
    rows, broken = 0, []
    with closing(sqlite3.connect(damaged)) as old, closing(sqlite3.connect(fresh)) as new:
        old.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        old.execute("PRAGMA writable_schema=ON")  # take what can be read of the list of tables
        layout = _layout(new)
        if not any(_columns(old, table) for table in layout):
            raise Unavailable(f"nothing can be read of {damaged}", "")
        for table, keys in layout.items():
            columns = [name for name in _columns(new, table) if name in _columns(old, table)]
            if not columns:
                broken.append(table)
                continue
            found, is_whole = _rows(old, table, columns, keys)
            marks = ", ".join("?" * len(columns))
            sql = f"INSERT OR IGNORE INTO {table}({', '.join(columns)}) VALUES ({marks})"
            with new:
                rows += sum(_put(new, sql, row) for row in found)
            if not is_whole:
                broken.append(table)
    return Salvaged(rows, tuple(broken))


def _put(db: sqlite3.Connection, sql: str, row: Row) -> int:
    try:
        return db.execute(sql, row).rowcount
    except (sqlite3.IntegrityError, UnicodeEncodeError):  # a row that damage has changed
        return 0


def _layout(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Every table with the columns of its key."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return {
        table: [str(row[1]) for row in sorted(_info(db, table), key=lambda row: row[5]) if row[5]]
        for (table,) in db.execute(f"{sql} ORDER BY name").fetchall()
    }


def _info(db: sqlite3.Connection, table: str) -> list[tuple[int, str, str, int, object, int]]:
    try:
        return db.execute(f"PRAGMA table_info({table})").fetchall()
    except sqlite3.DatabaseError:
        return []


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in _info(db, table)]


def _rows(
    db: sqlite3.Connection, table: str, columns: list[str], keys: list[str]
) -> tuple[list[Row], bool]:
    """What can be read, and whether that is all."""
    # Not by an index: that may be what is damaged, or may lead to other rows than it says.
    sql = f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED ORDER BY "
    front: list[Row] = []
    if _read(db.execute, sql + ", ".join(keys), front):
        return front, True
    back: list[Row] = []
    _read(db.execute, sql + ", ".join(f"{key} DESC" for key in keys), back)
    between = list(_between(db, table, columns, front, back)) if keys == ["id"] else []
    return [*front, *between, *back], False


def _read(execute: object, sql: str, rows: list[Row]) -> bool:
    """Row by row, so that what came before the damage is kept."""
    try:
        for row in execute(sql):  # type: ignore[operator]
            rows.append(row)
    except sqlite3.DatabaseError:
        return False
    return True


def _between(
    db: sqlite3.Connection, table: str, columns: list[str], front: list[Row], back: list[Row]
) -> Iterator[Row]:
    at = columns.index("id")
    first, last = (front[-1][at] if front else 0), (back[-1][at] if back else None)
    if not isinstance(first, int) or not isinstance(last, int):
        return
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?"
    for id in range(first + 1, min(last, first + _MOST_PROBED)):
        found: list[Row] = []
        _read(lambda text, id=id: db.execute(text, (id,)), sql, found)
        yield from found
