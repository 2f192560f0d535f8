"""What the journal keeps of a file and of the work on it, as the rest of the engine sees it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

JobKind = Literal["transcript", "glance", "file", "embed", "curate", "consider"]
"""Copy the new turns of a transcript; index a file's name and first lines; read it, or a part of a
conversation, and index its words; make the vectors that its passages lack; look for what is worth
an entry of the tree. The queue takes them in this order; `consider`, the model's turn to look, is
never ready by itself."""
FileState = Literal["indexed", "named", "skipped", "failed"]
"""`named`: its name is known and its text is not read, or not yet."""
Policy = Literal["full", "names", "never"]
"""How deep a folder is read: all, the names only, or not at all."""
_LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    kind: JobKind
    key: str
    event: int
    tries: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What became of one file when it was last read."""

    uri: str
    size: int
    mtime_ns: int
    state: FileState
    code: str = ""
    reason: str = ""
    chunks: int = 0
    vectors: int = 0
    """How many of the chunks have a vector; fewer than `chunks` while the embedder is down."""
    language: str = ""
    redacted: str = ""
    """Kinds of secrets that were left out, with their numbers; empty without any."""
    done: str = field(default="", compare=False)
    """When it was read; empty until the journal has it."""

    def is_of(self, status: os.stat_result) -> bool:
        """Is the file as it was when it was read, as far as can be told without reading it?

        Size and time can be put back; the system's own time of the last change can't.
        """
        same = (self.size, self.mtime_ns) == (status.st_size, modified_ns(status))
        try:
            return same and status.st_ctime <= datetime.fromisoformat(self.done).timestamp()
        except ValueError:
            return same

    @property
    def unread(self) -> FileRecord:
        """Of a file of which the index has nothing any more; a sweep finds that it differs."""
        return replace(self, state="named", code="waiting", chunks=0, vectors=0)

    @property
    def modified(self) -> str:
        """The day the file was last changed."""
        return day_of(self.mtime_ns)


def modified_ns(status: os.stat_result) -> int:
    """As far as the journal can count: a broken clock makes any time."""
    return max(-_LATEST, min(status.st_mtime_ns, _LATEST))


def day_of(mtime_ns: int) -> str:
    """Where the user is; empty for a day beyond reason."""
    try:
        return datetime.fromtimestamp(mtime_ns / 1e9).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return ""


@dataclass(frozen=True, slots=True)
class Counts:
    files: int
    indexed: int
    named: int
    skipped: int
    failed: int
    chunks: int
    vectors: int
    queued: int
    to_embed: int
    dead: int
    redacted: int
    """Files of which secrets were left out."""
    parts: int
    """Parts of conversations that are indexed."""
    conversations: int
    turns: int
