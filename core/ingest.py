"""The journal's queue → the index: read, chunk, embed, write, in batches.

Driven by the engine, in one thread at a time. The next batch is read while this one is embedded.
A job is closed only after its rows are committed, and rows are keyed by content, so whatever is
repeated after a crash changes nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from stat import S_ISREG

import numpy as np
from numpy.typing import NDArray

from cairn.core.chats.taking import Taking
from cairn.core.errors import CairnError, Unavailable, reason_of
from cairn.core.extract.card import card
from cairn.core.extract.reading import Reading
from cairn.core.fetch import Fetch, Outcome
from cairn.core.index import Index, Meaning, Replacement, reuse_meanings
from cairn.core.journal import FileRecord, Job, JobKind, Journal
from cairn.core.models.embedding import Embedding
from cairn.core.progress import Progress
from cairn.core.records import document_id
from cairn.core.rows import modified_ns
from cairn.core.uris import uri_path
from cairn.core.watch.folders import Folders

_WINDOW = 512
"""Jobs taken from the queue at once; later ones may be more urgent by then."""
_GLANCES = 2048
_PASSAGES_AT_ONCE, _LEAST_EMBEDDED = 400, 8
_BATCH, _MANY = 32, 128
"""Files in one commit, which takes as long as reading a dozen; many while only words are read."""
_FEW = 32
_LITTLE = 100_000
"""Up to so many files, and bytes of them, are embedded at once, in the same commit."""
_EMBED_AT_ONCE = 32_000
"""Characters in one request to the worker, about 8,000 tokens: a few seconds of work."""
_MOST_COMMITS = 100
_RETRY_S = 2.0
_UNKNOWN_COST = 4_000
_FILE_COST = 2_000
"""What a file costs besides its bytes, in bytes."""


class Stopped(Exception):
    """The user paused, or the process is leaving; unfinished jobs stay queued."""


class Ingest:
    def __init__(
        self,
        journal: Journal,
        reading: Reading,
        embedding: Embedding,
        folders: Folders,
        fetch: Fetch,
        taking: Taking,
    ) -> None:
        self._journal = journal
        self._reading = reading
        self._embedding = embedding
        self._folders = folders
        self._fetch = fetch
        self._taking = taking
        self.curate: Callable[[Job, Index], None] = lambda job, index: None
        """Makes entries of what a document says. The engine sets it."""
        self.withdraw: Callable[[str], None] = lambda uri: None
        """Takes back what was made of a document that is to be known no longer."""
        self.is_barred: Callable[[], bool] = lambda: False
        """Must nothing more be taken in, from this very moment? The engine sets it."""
        self._costs: dict[str, int] = {}
        self.progress = Progress()
        self._read = 0
        """Bytes of the transcript that is read just now."""
        self._commits = 0
        """Since the index was tidied up: each leaves pieces behind that slow down the next."""
        self.degraded = ""
        """Why vectors are missing, in words for the user; empty while all is well."""

    def expect(self, uri: str, size: int) -> None:
        """Tell what a queued file will cost, for an honest estimate."""
        self._costs[uri] = size + _FILE_COST

    def drain(
        self, index: Index, stop: Callable[[], bool], sparing: Callable[[], bool] = lambda: False
    ) -> int:
        """Work until the queue is empty or `stop()` says so; returns how many jobs were closed.

        Many files at once are made findable by their names first, then by their words, which takes
        a fiftieth of the time of embedding, and embedded after that. While `sparing()`, only what
        changes now is read.
        """
        closed = 0
        stage = None
        while not stop() and (jobs := self._next_jobs(sparing())):
            if jobs[0].kind != stage:
                stage = jobs[0].kind
                self.progress = self._plan(stage)
            plan = self.progress
            many = plan.total > _FEW or plan.cost_total > _LITTLE
            later = stage == "file" and many
            try:
                if stage == "transcript":
                    closed += self._take(jobs, stop)
                    continue
                if stage == "glance":
                    closed += self._glance(index, jobs)
                    continue
                if stage == "curate":
                    closed += self._curate(index, jobs, stop)
                    continue
                at_once = _MANY if later else len(jobs) if stage == "embed" else _BATCH
                for outcomes in self._read_ahead(jobs, at_once):
                    self._close(self._write(index, outcomes, stop, later), later)
                    closed += len(outcomes)
                    if stop():
                        return closed
            except Stopped:
                return closed
        return closed

    def _next_jobs(self, sparing: bool) -> list[Job]:
        """Files to read before files to embed, and few of the latter, as more may have changed."""
        jobs = self._journal.ready_jobs(_GLANCES, live_only=sparing)
        first = [job for job in jobs if job.kind == jobs[0].kind]
        if not first or first[0].kind in ("transcript", "glance"):
            return first
        return first[: self._files_to_embed() if first[0].kind == "embed" else _WINDOW]

    def _files_to_embed(self) -> int:
        """As many as have about so many passages as one commit should have."""
        counts = self._journal.counts()
        usual = counts.chunks / max(1, counts.indexed + counts.named + counts.parts)
        return max(_LEAST_EMBEDDED, min(_WINDOW, round(_PASSAGES_AT_ONCE / max(1.0, usual))))

    def _take(self, jobs: Sequence[Job], stop: Callable[[], bool]) -> int:
        """Copy the new turns of transcripts; one that is stopped half way stays queued."""
        closed = 0
        for job in jobs:
            self._read, self.progress.reading = 0, job.key
            try:
                if not self._taking.take(job, lambda: stop() or self.is_barred(), self._count):
                    break
            except Exception as error:  # a single transcript must not stop all indexing
                if not self._journal.postpone(job, reason_of(error), _RETRY_S):
                    self._taking.give_up(job, error)
                continue
            self._journal.finish([(job, None)])
            self.progress.advance(0, max(0, self._costs.pop(job.key, _UNKNOWN_COST) - self._read))
            closed += 1
        return closed

    def _count(self, turns: int, size: int) -> None:
        self._read += size
        self.progress.advance(turns, size)

    def _glance(self, index: Index, jobs: Sequence[Job]) -> int:
        """Make new files findable by their names and first lines, until they are read."""
        files, records, cards = [], {}, []
        for job in jobs:
            path = uri_path(job.key)
            with contextlib.suppress(OSError):
                status = path.lstat()
                known = self._journal.file(job.key)
                if not S_ISREG(status.st_mode) or known or not self._folders.is_watched(path):
                    continue
                size, mtime = status.st_size, modified_ns(status)
                records[job.key] = FileRecord(job.key, size, mtime, "named", "waiting", "", 1)
                if self._folders.policy(path) == "full":
                    files.append((path, job.key, size))
                else:
                    cards.append(card(path, job.key, size))
        try:
            cards += self._reading.glance(files) if files else []
        except CairnError:  # the file that breaks a glance is found out when it is read
            for _, uri, _ in files:
                del records[uri]
        if self.is_barred():
            raise Stopped
        cards = self._fetch.without_forgotten(cards)
        index.replace([Replacement(card.doc_id, (card,), (None,)) for card in cards], {})
        self._journal.finish((job, records.get(job.key)) for job in jobs)
        self.progress.advance(len(jobs), len(jobs))
        return len(jobs)

    def _curate(self, index: Index, jobs: Sequence[Job], stop: Callable[[], bool]) -> int:
        closed = 0
        for job in jobs:
            if stop() or self.is_barred():
                break
            try:
                self.curate(job, index)
            except Unavailable as error:  # such as a full disk: later, and nothing is lost
                self.degraded = f"{error.message}; {error.hint}"
                raise Stopped from error
            except Exception as error:  # one document must not keep the others from their entries
                self._journal.postpone(job, reason_of(error), _RETRY_S)
                continue
            if self.is_barred():
                break  # perhaps nothing of it could be kept: it is looked through again
            self._journal.finish([(job, None)])
            self.progress.advance(1, 1)
            closed += 1
        return closed

    def deepen(self, index: Index, uris: Sequence[str], at_once: Reading) -> int:
        """Read these files' words now, out of turn: somebody looks for what may be in them.

        A file that takes long keeps its place in the queue.
        """
        jobs = [job for uri in uris if (job := self._journal.job_for(uri))]
        outcomes = [self._fetch(job, at_once) for job in jobs]
        ready = [outcome for outcome in outcomes if not outcome.retry]
        if ready:
            self._close(self._write(index, ready, lambda: False, later=True), later=True)
        return len(ready)

    def _plan(self, stage: JobKind) -> Progress:
        if stage in ("glance", "curate"):
            waiting = self._journal.waiting(stage)
            return Progress(stage, total=waiting, cost_total=waiting)
        if stage == "embed":
            counts = self._journal.counts()
            missing = counts.chunks - counts.vectors
            return Progress(stage, total=missing, cost_total=missing)
        costs = [self._costs.get(uri, _UNKNOWN_COST) for uri in self._journal.pending(stage)]
        total = 0 if stage == "transcript" else len(costs)  # turns are counted as they come
        return Progress(stage, total=total, cost_total=sum(costs))

    def refill(
        self, index: Index, old: Index | None, stop: Callable[[], bool]
    ) -> list[FileRecord] | None:
        """Read every known file into an empty index; what became of them, or None if stopped.

        Neither queue nor records are touched: what changes meanwhile must still look changed to
        whichever index is in use then. Rows of a file that is out of reach are carried over; where
        they can't be read either, the file is queued.
        """
        records = list(self._journal.files())
        costs = sum(record.size + _FILE_COST for record in records)
        self.progress = Progress("file", total=len(records), cost_total=costs)
        jobs = [Job(0, "file", record.uri, 0, 0) for record in records]
        result: list[FileRecord] = []
        try:
            for outcomes in self._read_ahead(jobs, _BATCH):
                done = self._write(index, outcomes, stop, later=False)
                result += [record for outcome, record in done if record and not outcome.keep]
                known = [
                    self._journal.file(outcome.job.key) for outcome in outcomes if outcome.keep
                ]
                result += self._carry_over(index, old, [record for record in known if record])
                if stop():
                    return None
        except Stopped:
            return None
        return result

    def _carry_over(
        self, index: Index, old: Index | None, records: list[FileRecord]
    ) -> list[FileRecord]:
        """What is known of files that give nothing now, where that is less than before."""
        ids = [document_id(record.uri) for record in records]
        if old is None or not index.carry_over(old, ids):
            self._journal.requeue(record.uri for record in records)
            return [record.unread for record in records]
        is_same = old.fingerprint == index.fingerprint
        return [] if is_same else [replace(record, vectors=0) for record in records]

    def _read_ahead(self, jobs: Sequence[Job], size: int) -> Iterator[list[Outcome]]:
        if not jobs:
            return
        batches = [jobs[start : start + size] for start in range(0, len(jobs), size)]
        with ThreadPoolExecutor(1, "read-ahead") as pool:
            upcoming = pool.submit(self._read_all, batches[0])
            for following in [*batches[1:], None]:
                outcomes = upcoming.result()
                if following is not None:
                    upcoming = pool.submit(self._read_all, following)
                yield outcomes

    def _read_all(self, jobs: Sequence[Job]) -> list[Outcome]:
        outcomes = []
        for job in jobs:
            if self.is_barred():
                raise Stopped
            self.progress.reading = job.key
            outcomes.append(self._fetch(job))
        return outcomes

    def _write(
        self, index: Index, outcomes: list[Outcome], stop: Callable[[], bool], later: bool
    ) -> list[tuple[Outcome, FileRecord | None]]:
        """Bring the index in line with a batch, in one commit; unchanged files cost none."""
        if self.is_barred():
            raise Stopped
        before = index.table.stored(document_id(outcome.job.key) for outcome in outcomes)
        known = index.known_meanings(
            [chunk for outcome in outcomes if outcome.read for chunk in outcome.read.chunks], before
        )
        replacements, done = [], []
        for outcome in outcomes:
            doc_id = document_id(outcome.job.key)
            chunks = outcome.read.chunks if outcome.read else ()
            stored = before.get(doc_id, [])
            meanings = reuse_meanings(
                chunks,
                stored,
                lambda texts, starts: None if later else self._embed(texts, starts, index, stop),
                known,
            )
            replacement = Replacement(doc_id, chunks, meanings)
            if outcome.keep:
                done.append((outcome, outcome.record))
            else:
                if not replacement.equals(stored):
                    replacements.append(replacement)
                done.append((outcome, _with_vectors(outcome.record, meanings)))
            if outcome.job.kind == "file":
                self.progress.advance(1, self._costs.pop(outcome.job.key, _UNKNOWN_COST))
        index.replace(replacements, before)
        self._commits += bool(replacements)
        if self._commits >= _MOST_COMMITS:
            index.table.compact()
            self._commits = 0
        return done

    def _close(self, done: list[tuple[Outcome, FileRecord | None]], later: bool) -> None:
        finished = []
        for outcome, record in done:
            if not outcome.retry:
                if outcome.withdrawn and not self._let_go(outcome.job):
                    continue
                finished.append((outcome.job, record))
            elif not self._journal.postpone(outcome.job, outcome.retry, _RETRY_S) and record:
                self._journal.store_files([record])  # the job stays as a dead letter
        self._journal.finish(finished, embed_later=later)

    def _let_go(self, job: Job) -> bool:
        try:
            self.withdraw(job.key)
        except Unavailable:
            raise
        except Exception as error:  # an entry that can't be read must not stop all indexing
            self._journal.postpone(job, reason_of(error), _RETRY_S)
            return False
        return True

    def _embed(
        self,
        texts: list[str],
        starts: list[Sequence[int]],
        index: Index,
        stop: Callable[[], bool],
    ) -> list[NDArray[np.float32]] | None:
        """Vectors, or None while there is no embedder: the words are indexed all the same."""
        if self._embedding.fingerprint and index.fingerprint != self._embedding.fingerprint:
            self.degraded = "the index was made with another embedder; run `cairn rebuild`"
            return None
        vectors: list[NDArray[np.float32]] = []
        for batch in _batches(texts):
            if stop():
                raise Stopped
            done = len(vectors)
            try:
                vectors += self._embedding.embed_divided(batch, starts[done : done + len(batch)])
                if self.progress.stage == "embed":
                    self.progress.advance(len(batch), len(batch))
            except Unavailable as error:
                self.degraded = f"{error.message}; {error.hint}"
                return None
        self.degraded = ""
        return vectors


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _EMBED_AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    yield batch


def _with_vectors(
    record: FileRecord | None, meanings: Sequence[Meaning | None]
) -> FileRecord | None:
    embedded = sum(meaning is not None for meaning in meanings)
    return replace(record, vectors=embedded) if record else None
