"""A queued transcript → its new turns in the archive, batch by batch.

Driven by the indexing, in one thread at a time. A batch is kept together with the state to go on
from, so a process killed anywhere reads some of it twice and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cairn.core.chats.archive import Archive
from cairn.core.chats.sources import Sources, TranscriptRecord, look
from cairn.core.chats.turn import State
from cairn.core.errors import ExtractError, Unavailable, reason_of
from cairn.core.extract.reading import Reading
from cairn.core.rows import Job
from cairn.core.uris import uri_path

_LEAST_ROOM = 200_000_000
"""Bytes that an import leaves free for everything else on the disk."""


class Taking:
    def __init__(
        self,
        archive: Archive,
        sources: Sources,
        reading: Reading,
        me: tuple[str, ...],
        is_barred: Callable[[], bool],
    ) -> None:
        """`me` are the user's names in every chat; a source may know more.

        While `is_barred()` nothing is kept, also of what has been read already.
        """
        self._archive = archive
        self._sources = sources
        self._reading = reading
        self._me = me
        self._is_barred = is_barred

    def take(
        self, job: Job, is_over: Callable[[], bool], count: Callable[[int, int], None]
    ) -> bool:
        """Read what is new in the job's transcript; false when it was stopped before its end.

        `count` hears of new turns, and of the bytes up to them where they are known. Raises
        what may pass, such as a crash of the extractor; trouble of the transcript's own is noted.
        """
        record = self._sources.transcript(job.key)
        if record is None:
            return True  # its source was removed meanwhile
        path = uri_path(job.key)
        seen = look(path)
        if not seen:
            return True  # its owner has deleted it; the turns are kept
        if not any(record.state.values()):  # it is read from its beginning
            self._sources.forget_reading(job.key)
        try:
            problem = self._read(record, path, is_over, count)
        except ExtractError as error:
            if error.code == "replaced":
                self._sources.forget_reading(job.key)  # what its state says may not be so
            if error.code in ("busy", "replaced"):
                raise  # another moment is better
            if error.code == "unknown-type" and self._is_among_others(record):
                self._sources.note_foreign(job.key, seen)
            else:
                self._sources.note_read(job.key, seen, error.message)
            return True
        if problem is None:
            return False
        self._sources.note_read(job.key, seen, problem)
        return True

    def _read(
        self,
        record: TranscriptRecord,
        path: Path,
        is_over: Callable[[], bool],
        count: Callable[[int, int], None],
    ) -> str | None:
        """What could not be read, "" when all was; None when it was stopped."""
        me = tuple(dict.fromkeys((*self._me, *self._sources.names_in(path))))
        state = dict(record.state)
        is_first, is_last, problem = True, False, ""
        while not is_last:
            if is_over():
                return None
            if self._reading.room < _LEAST_ROOM:
                raise Unavailable("the disk is almost full", "free some space")
            batch = self._reading.take(path, record.kind, state, me, go_on=not is_first)
            if batch.begins_anew:
                self._sources.forget_reading(record.uri)
            added = self._archive.store(
                record.uri, batch, urgent=bool(record.seen), is_barred=self._is_barred
            )
            if added is None:  # nothing is wanted at this moment, or this no more
                return None if self._is_barred() else ""
            count(added, max(0, _offset(batch.state) - _offset(state)))
            state = batch.state or state
            is_first, is_last, problem = False, batch.is_last, _summary(batch.problems)
        return problem

    def _is_among_others(self, record: TranscriptRecord) -> bool:
        """Does it just lie in a folder of which nobody said what is in it?"""
        source = self._sources.source(record.source)
        return not record.kind and source is not None and source.uri != record.uri

    def give_up(self, job: Job, error: Exception) -> None:
        """It failed too often: say so, and wait for it to change.

        What was not its own fault, such as a full disk, is tried again at the next sweep.
        """
        seen = "" if isinstance(error, Unavailable) else look(uri_path(job.key))
        self._sources.note_read(job.key, seen, reason_of(error))


def _offset(state: State | None) -> int:
    """How far a log was read."""
    reader = (state or {}).get("")
    return int(reader.get("offset", 0)) if isinstance(reader, dict) else 0


def _summary(problems: list[list[str]]) -> str:
    """The first of what could not be read, and how many more there are."""
    if not problems:
        return ""
    first = ": ".join(filter(None, problems[0]))
    return first + (f"; and {len(problems) - 1} more" if len(problems) > 1 else "")
