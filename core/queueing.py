"""Jobs in the journal's queue, for everybody who queues them inside a transaction of their own.

Every queueing has a number of its own: a job that is being worked on is closed by its number, so
whatever was queued meanwhile for the same thing stays, and is worked off after it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from cairn.core.rows import JobKind


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def take_number(db: sqlite3.Connection) -> int:
    """For jobs that no file's event causes: tells a job from a later one for the same thing."""
    sql = "INSERT INTO events(at, kind, uri) VALUES (?, '', '')"
    return db.execute(sql, (now(),)).lastrowid or 0


def queue(
    db: sqlite3.Connection, kind: JobKind, key: str, event: int = 0, urgency: int = 0
) -> None:
    """Queue a job inside a transaction; one that waits already gets more urgent."""
    db.execute(
        "INSERT INTO jobs(kind, key, event, urgency) VALUES (?, ?, ?, ?) "
        "ON CONFLICT(kind, key) DO UPDATE SET event = excluded.event, state = 'ready', tries = 0, "
        "not_before = 0, error = '', urgency = urgency + excluded.urgency",
        (kind, key, event, urgency),
    )


def queue_all(db: sqlite3.Connection, kind: JobKind, keys: Iterable[str]) -> None:
    """Queue jobs that no file's event causes."""
    event = 0
    for key in keys:
        event = event or take_number(db)
        queue(db, kind, key, event)


def read_again(db: sqlite3.Connection, folders: Iterable[str]) -> None:
    """Let no file at or below these addresses be done with once its present reading ends."""
    for folder in folders:
        below = folder.rstrip("/") + "/"
        db.execute(
            "UPDATE jobs SET event = ? WHERE kind = 'file' AND (key = ? OR (key >= ? AND key < ?))",
            (take_number(db), folder, below, below + "\U0010ffff"),
        )
