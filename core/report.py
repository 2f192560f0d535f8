"""What the engine says of itself: the answers to `status` and to a health check."""

from __future__ import annotations

from dataclasses import dataclass

from cairn.core.journal import Counts


@dataclass(frozen=True, slots=True)
class FolderStatus:
    path: str
    files: int
    indexed: int
    skipped: int
    failed: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """What must agree with each other: SQLite's verdict, and rows counted in three places."""

    journal: str
    chunks: int
    vectors: int
    rows: int
    hot: int


@dataclass(frozen=True, slots=True)
class Status:
    home: str
    counts: Counts
    roots: tuple[FolderStatus, ...]
    paused: bool
    degraded: str
    index: str
    worker_pid: int | None
    worker_restarts: int
