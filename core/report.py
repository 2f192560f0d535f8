"""What the engine says of itself: the answers to `status` and to a health check."""

from __future__ import annotations

from dataclasses import dataclass

from cairn.core.journal import Counts, Policy


@dataclass(frozen=True, slots=True)
class FolderStatus:
    path: str
    files: int
    indexed: int
    skipped: int
    failed: int
    problem: str = ""
    policy: Policy = "full"
    named: int = 0
    """Known by name only, so far or for good."""
    redacted: int = 0
    """Of how many files secrets were left out."""
    embedded: int = 0
    """How many of those indexed are searchable by meaning."""
    changed: str = ""
    """The day of the newest change that has been seen."""
    paused: bool = False
    """Nothing new of it is read, by the user's wish."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a path is, or is not, in the memory."""

    path: str
    state: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PreviewedFile:
    path: str
    reason: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What adding a folder would come to."""

    path: str
    policy: Policy
    files: int
    size: int
    read: int
    passages: int
    skipped: tuple[PreviewedFile, ...]
    """Known by their names, but not read."""
    passed_over: tuple[PreviewedFile, ...]
    redacted: tuple[PreviewedFile, ...]
    kinds: tuple[tuple[str, int], ...]
    """What would be left out, and how often."""


@dataclass(frozen=True, slots=True)
class Health:
    """What must agree with each other: SQLite's verdict, and rows counted in three places."""

    journal: str
    chunks: int
    vectors: int
    rows: int
    hot: int
    way: str
    """How vectors are searched."""
    doubt: str
    """Why they are not searched faster, if they could be."""


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
    private: str
    """In words, empty when it is off."""
    resting: str
    """Why a backlog is not worked off now, in words."""
    effort_s: float
    """Processor seconds that indexing has taken today."""
    languages: tuple[tuple[str, int], ...] = ()
    """Of files in languages that the embedder does not know, the most frequent first."""
    tree_secrets: tuple[str, ...] = ()
    """Files of the tree in which a user has written a secret."""
