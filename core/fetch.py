"""A job → what reading its file, or its part of a conversation, came to.

Called by the indexing. Whatever a path turns out to be, the outcome says what the journal and the
index should hold of it from now on; only a fault that may pass is to be tried again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from cairn.core.chats.addresses import is_chat
from cairn.core.chats.parts import Parts
from cairn.core.chats.sources import READ_AS_CHAT, Sources
from cairn.core.cleared import cleared
from cairn.core.errors import DISK, CairnError, ExtractError, reason_of
from cairn.core.extract.reading import Read, Reading
from cairn.core.journal import MAX_TRIES, FileRecord, FileState, Job, Journal
from cairn.core.records import Chunk
from cairn.core.rows import modified_ns
from cairn.core.tombstones import Tombstones
from cairn.core.uris import uri_path
from cairn.core.watch.folders import Folders

_AT_ONCE_S = 2.0
"""What somebody who asks waits for one file."""
_LESS = "what you have had forgotten is left out of it"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading one job's file came to; `retry` when the fault may pass."""

    job: Job
    record: FileRecord | None
    read: Read | None = None
    retry: str = ""
    keep: bool = False
    """Leave what the index has of it: nothing certain could be found out."""
    withdrawn: bool = False
    """It is to be known no longer, whether or not it is still there."""


class Fetch:
    def __init__(
        self,
        journal: Journal,
        reading: Reading,
        folders: Folders,
        parts: Parts,
        sources: Sources,
    ) -> None:
        self._journal = journal
        self._reading = reading
        self._folders = folders
        self._parts = parts
        self._sources = sources
        self._tombstones = Tombstones(journal)

    def __call__(self, job: Job, at_once: Reading | None = None) -> Outcome:
        return self._part(job, at_once) if is_chat(job.key) else self._file(job, at_once)

    def _part(self, job: Job, at_once: Reading | None) -> Outcome:
        try:
            record, read = self._parts.read(job.key, at_once or self._reading)
        except Exception as error:  # a single conversation must not stop all indexing
            failed = FileRecord(job.key, 0, 0, "failed", "crashed", reason_of(error))
            return self._again(job, failed, Read(()))
        return Outcome(job, record, read, withdrawn=not self._parts.is_known(job.key))

    def _again(self, job: Job, failed: FileRecord, read: Read) -> Outcome:
        """To be tried once more; after the last try its failure is what is known of it."""
        last_try = job.tries + 1 >= MAX_TRIES
        return Outcome(job, failed, read, retry=failed.reason, keep=not last_try)

    def _file(self, job: Job, at_once: Reading | None) -> Outcome:
        path = uri_path(job.key)
        if not self._folders.is_watched(path):
            return Outcome(job, None, withdrawn=True)
        try:
            # Before reading: a change while it is read shows at the next sweep.
            status = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return self._missing(job, path)
        except OSError as error:
            reason = error.strerror or "can't be looked at"
            return Outcome(job, FileRecord(job.key, 0, 0, "failed", "no-permission", reason))
        if not S_ISREG(status.st_mode):
            # A folder was listed while it could not be looked into; pipes and devices stay shut.
            return Outcome(job, None) if S_ISDIR(status.st_mode) else self._shut(job, status)
        size, mtime = status.st_size, modified_ns(status)
        by_name = Read((self._reading.card(path, job.key, size),))
        if self._folders.policy(path) == "names":
            named = FileRecord(job.key, size, mtime, "named", "names-only", chunks=1)
            return Outcome(job, named, by_name)
        if self._sources.is_read(job.key):
            reason = "its conversations are read, see `cairn sources`"
            known = FileRecord(job.key, size, mtime, "skipped", READ_AS_CHAT, reason, 1)
            return Outcome(job, known, by_name)
        try:
            read = (
                at_once.read(path, job.key, _AT_ONCE_S)
                if at_once
                else self._reading.read(path, job.key)
            )
        except ExtractError as error:
            if error.code == "vanished":
                return self._missing(job, path)
            state: FileState = "skipped" if error.skipped else "failed"
            record = FileRecord(job.key, size, mtime, state, error.code, error.message, 1)
            if error.code == DISK:
                return self._again(job, record, by_name)
            return Outcome(job, record, by_name)
        except CairnError as error:
            failed = FileRecord(job.key, size, mtime, "failed", "crashed", error.message, 1)
            return self._again(job, failed, by_name)
        read = self._allowed(read)
        secrets = ", ".join(f"{kind} ×{n}" if n > 1 else kind for kind, n in read.redacted)
        record = FileRecord(
            job.key, size, mtime, "indexed", "", read.note, len(read.chunks),
            language=read.language, redacted=secrets,
        )  # fmt: skip
        return Outcome(job, record, read)

    def _allowed(self, read: Read) -> Read:
        chunks = tuple(self.without_forgotten(read.chunks))
        return read if chunks == read.chunks else replace(read, chunks=chunks, note=_LESS)

    def without_forgotten(self, chunks: Iterable[Chunk]) -> list[Chunk]:
        """What stands in the tree is the user's own word, and stays."""
        found: list[Chunk] = []
        for chunk in chunks:
            is_own = self._folders.is_of_the_tree(uri_path(chunk.uri))
            found += [chunk] if is_own else cleared([chunk], self._tombstones)
        return found

    def _shut(self, job: Job, status: os.stat_result) -> Outcome:
        reason = "it is not a regular file"
        return Outcome(
            job, FileRecord(job.key, 0, modified_ns(status), "skipped", "not-a-file", reason)
        )

    def _missing(self, job: Job, path: Path) -> Outcome:
        """A file that was in the index has been deleted; one that never was, came and went."""
        known = self._journal.file(job.key)
        if not self._folders.is_reachable(path):
            if known and self._folders.policy(path) == "names":
                # Its text must leave all the same.
                record = FileRecord(
                    job.key, known.size, known.mtime_ns, "named", "names-only", "", 1
                )
                by_name = Read((self._reading.card(path, job.key, known.size),))
                return Outcome(job, record, by_name)
            return Outcome(job, known, keep=True)  # with its disk; a sweep compares it some day
        if known is not None:
            return Outcome(job, None)
        reason = "it was gone before it could be read"
        return Outcome(job, FileRecord(job.key, 0, 0, "failed", "vanished", reason))
