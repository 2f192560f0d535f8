"""A queued transcript → its new turns in the archive, batch by batch.

Driven by the indexing, in one thread at a time. A batch is kept together with the state to go on
from, so a process killed anywhere reads some of it twice and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from cairn.core.chats.archive import Archive
from cairn.core.chats.sources import Sources, look
from cairn.core.errors import CairnError, ExtractError
from cairn.core.extract.reading import Reading
from cairn.core.rows import Job
from cairn.core.uris import uri_path


class Taking:
    def __init__(
        self, archive: Archive, sources: Sources, reading: Reading, me: tuple[str, ...]
    ) -> None:
        """`me` are the user's names in every chat; a source may know more."""
        self._archive = archive
        self._sources = sources
        self._reading = reading
        self._me = me

    def take(self, job: Job, is_over: Callable[[], bool], count: Callable[[int], None]) -> bool:
        """Read what is new in the job's transcript; false when it was stopped before its end.

        `count` hears of new turns. Raises what may pass, such as a crash of the
        extractor; trouble of the transcript's own is noted.
        """
        record = self._sources.transcript(job.key)
        if record is None:
            return True  # its source was removed meanwhile
        path = uri_path(job.key)
        seen = look(path)
        if not seen:
            return True  # its owner has deleted it; the turns are kept
        source = self._sources.source(record.source)
        me = (*self._me, *(source.me if source else ()))
        state, problem = dict(record.state), ""
        if not any(state.values()):  # it is read from its beginning
            self._sources.forget_reading(job.key)
        try:
            is_first, is_last = True, False
            while not is_last:
                if is_over():
                    return False
                batch = self._reading.take(path, record.kind, state, me, go_on=not is_first)
                count(self._archive.store(job.key, batch, urgent=bool(record.seen)))
                state = batch.state or state
                is_first, is_last = False, batch.is_last
        except ExtractError as error:
            if error.code == "replaced":
                self._sources.forget_reading(job.key)  # what its state says may not be so
            if error.code in ("busy", "replaced"):
                raise  # another moment is better
            problem = error.message
        self._sources.note_read(job.key, seen, problem)
        return True

    def give_up(self, job: Job, error: CairnError) -> None:
        """It failed too often: say so, and wait for it to change."""
        self._sources.note_read(job.key, look(uri_path(job.key)), error.message)
