"""The facade: the only door that front ends and tests use.

Opens a home as its single writer and offers what a person can do with a memory. Every call is
safe from any thread; indexing happens in `work`, which the daemon's pump (or a one-shot command)
drives. Every stage takes its clock from here.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cairn.core.answering import USUAL, Answering, Manner
from cairn.core.asking import Asking, Reach
from cairn.core.backup.snapshot import Snapshot, take, tidy
from cairn.core.behaviour import Behaviour
from cairn.core.capture import Capture
from cairn.core.citations import Citations
from cairn.core.config import Config, load_config
from cairn.core.conversations import Conversations
from cairn.core.effort import Effort
from cairn.core.errors import Unavailable
from cairn.core.extract.reading import Reading
from cairn.core.fetch import Fetch
from cairn.core.finding import Finding
from cairn.core.home import Home, Lock, clear_unfinished, home_path, open_home
from cairn.core.index import Index, drop_other_tables, next_table
from cairn.core.index.opening import TABLE, open_index
from cairn.core.ingest import Ingest
from cairn.core.journal import FileRecord, Journal, Policy
from cairn.core.keeping import Keeping
from cairn.core.locate import Target
from cairn.core.models.embedding import Embedding
from cairn.core.models.files.collection import Collection
from cairn.core.moving import follow
from cairn.core.overview import Overview, folder_status
from cairn.core.own import Own
from cairn.core.passage import Passage
from cairn.core.pausing import Pausing
from cairn.core.private import PrivateMode
from cairn.core.progress import Progress
from cairn.core.recall.entries.pointers import When
from cairn.core.recall.search import Results
from cairn.core.records import Answer, Origin
from cairn.core.report import Explanation, FolderStatus, Health, Preview, Status
from cairn.core.uris import file_uri, folder_uris, uri_path
from cairn.core.watch.folders import Folders
from cairn.core.watch.preview import preview

Clock = Callable[[], datetime]
_MAKE_ROOM_S = 1.0
PAUSED = "paused"


class Engine:
    def __init__(self, home: Home, config: Config, clock: Clock | None = None) -> None:
        self.home, self.config = home, config
        self.clock: Clock = clock or (lambda: datetime.now(UTC))
        self._lock = Lock(home)
        self._lock.acquire()
        clear_unfinished(home)
        try:
            self.journal = Journal(home.journal)
        except BaseException:
            self._lock.release()
            raise
        follow(self.journal, home.tree)
        self.reading = Reading(config.limits, home, "extractor", self.places)
        self.reading_now = Reading(config.limits, home, "extractor-now", self.places)
        """For somebody who waits: never behind a backlog."""
        self.embedding = Embedding(config.models, home.logs)
        self.models = Collection(home, config.models)
        self.folders = Folders(home, self.journal, config.watch)
        self.private = PrivateMode(self.journal, lambda: self.clock())
        self.effort = Effort(config.watch, self.journal, lambda: self.clock(),
                             lambda: self.reading.spent_s + self.embedding.spent_s)  # fmt: skip
        self.conversations = Conversations(self.journal, config.chats, self.reading, self.private)
        self.own = Own(self.conversations.archive, config.chats, self.private, lambda: self.clock())
        self.ingest = Ingest(self.journal, self.reading, self.embedding, self.folders,
                             Fetch(self.journal, self.reading, self.folders,
                                   self.conversations.parts, self.conversations.sources),
                             self.conversations.taking)  # fmt: skip
        self.ingest.is_barred = lambda: self.private.is_on
        self.conversations.sources.expect = self.ingest.expect
        self.journal.notes_events = config.watch.traces
        self.capture = Capture(home, self.journal, self.folders, self.private,
                               lambda: self.clock(), self.ingest.expect)  # fmt: skip
        self.citations = Citations(self.journal, self.folders, self.reading_now,
                                   self.conversations, lambda: self.index)  # fmt: skip
        self.keeping = Keeping(home, config, self.journal, self.conversations, self.private,
                               lambda: self.clock(), self.capture.note_changes, self._alone,
                               self._renew, self.folders.look_again,
                               lambda: self.index)  # fmt: skip
        self.tree, self.memory = self.keeping.tree, self.keeping.memory
        self.plan_forget = self.keeping.forgetting.plan
        self.apply = self.keeping.forgetting.apply
        self.curation, self.upkeep = self.keeping.curation, self.keeping.upkeep
        self.ingest.curate, self.ingest.withdraw = self.curation.take, self.curation.let_go
        self.behaviour = Behaviour(self.journal, lambda: self.clock(), config.watch.traces)
        self.asking = Asking(
            self.journal, config.recall, self.behaviour, self.citations, self.own, self.private,
            Reach(lambda: self.index, self._embed_question, self._at_once, lambda: self.resting,
                  self.tree.now, lambda: self.conversations.names,
                  Answering(home, config.models, config.recall.min_relevance, self.embedding)),
            self.keeping.pointers, self.curation.life,
        )  # fmt: skip
        self.finding = Finding(self.journal, self.folders, self.conversations, self.memory,
                               self.asking, lambda: self.index, lambda: self.resting)  # fmt: skip
        self.pausing = Pausing(self.journal, self.folders, self.conversations.sources, self.capture)
        self._overview = Overview(self.folders, self.journal, home.tree, self.pausing.is_paused)
        self._index: Index | None = None
        self._index_lock = threading.RLock()
        self._work_lock = threading.Lock()
        self._count_lock = threading.Lock()
        self._wanted = 0
        """How many callers wait for `work` to make room."""

    @classmethod
    def open(cls, path: Path | None = None, config: Config | None = None) -> Engine:
        os.umask(0o077)  # whatever a library creates in the home is private too
        return cls(open_home(path or home_path()), config or load_config())

    def close(self) -> None:
        self.asking.close()
        self.keeping.close()
        self.embedding.close()
        self.reading.close()
        self.reading_now.close()
        self.journal.close()
        self._lock.release()

    @property
    def is_lost(self) -> bool:
        return self._lock.is_lost

    # -- what is watched

    def add(self, path: Path, policy: Policy | None = None) -> int:
        """Register a folder or file and queue what is new in it; returns how many files that is."""
        self.pausing.let_go(path)
        return self.capture.add(path, policy)

    def remove(self, path: Path) -> int:
        """Stop watching a folder and queue the withdrawal of what only it brought in."""
        self.pausing.let_go(path)
        count = self.capture.remove(path)
        for prefix in folder_uris(Path(os.path.realpath(path))):
            for uri in self.tree.catalogue.containers(prefix):
                if not self.folders.is_watched(uri_path(uri)):
                    self.curation.let_go(uri)
        return count

    def sweep(self, paths: Iterable[Path] | None = None) -> int:
        """Compare folders, and conversations, with what is known and queue the differences."""
        if paths is None:
            self.memory.notice()
            return self.capture.sweep() + self.conversations.sweep()
        return self.capture.sweep(paths)

    def note_changes(self, paths: Iterable[Path]) -> int:
        """Queue what differs at paths that the system reported, files or whole folders."""
        changed = list(paths)
        self.memory.notice([path for path in changed if path.is_relative_to(self.home.tree)])
        return self.capture.note_changes(changed) + self.conversations.note_changes(changed)

    def places(self) -> list[Path]:
        """Folders and files that may be read, also those that are not followed any more."""
        return [*self.folders.roots, *(each.path for each in self.conversations.sources.all())]

    @property
    def watched(self) -> list[Path]:
        """Folders and files of which the system is to report changes."""
        return [*self.folders.roots, *self.conversations.sources.roots]

    def is_watched(self, path: Path, is_folder: bool) -> bool:
        sources = self.conversations.sources
        return self.folders.is_watched(path, is_folder) or sources.is_watched(path, is_folder)

    def remember(self, text: str, origin: Origin = "user") -> tuple[Path, tuple[str, ...]]:
        """Write a thought into the inbox and queue it; the kinds of secrets that were left out."""
        return self.memory.remember(text, origin)

    def preview(self, path: Path, policy: Policy, tell: Callable[[int, int], None]) -> Preview:
        """What adding a folder would come to; nothing is stored."""
        alone = Reading(self.config.limits, self.home, "extractor-preview", lambda: [path])
        with closing(alone) as reading:
            return preview(path, policy, self.folders, reading, tell)

    def why_not(self, path: Path) -> Explanation:
        """Why a path is, or is not, in the memory."""
        return self.finding.of_path(path)

    @property
    def resting(self) -> str:
        """Why what is queued is not worked off now, in words; empty when it is."""
        if self.private.is_on:
            return self.private.words
        return "indexing is paused" if self.paused else self.effort.holds_back()

    # -- indexing

    def work(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Index what is queued; returns how many jobs were closed."""

        def is_over() -> bool:
            return stop() or self._wanted > 0 or self.paused or self.private.is_on

        self.keeping.forgetting.complete()
        with self._work_lock:
            try:
                return self.ingest.drain(
                    self.index, is_over, lambda: bool(self.effort.holds_back())
                )
            finally:
                self.effort.store()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nothing is indexed meanwhile; `work` comes to an early end, its queue is kept."""
        with self._count_lock:
            self._wanted += 1
        try:
            with self._work_lock:
                yield
        finally:
            with self._count_lock:
                self._wanted -= 1

    def is_pending(self, path: Path) -> bool:
        return file_uri(path) in self.journal.pending()

    def compact(self) -> None:
        with self._alone():
            self.index.compact()
        tidy(self.home)

    def snapshot(self) -> Snapshot:
        """A still copy of all there is, beside it, for a backup to be made of."""
        with self._alone(), self.tree.lock:
            return take(self.home, self.journal, self._index_uri, self.index.table.name)

    def _renew(self, change: Callable[[Index], None]) -> None:
        """Change the index, and keep what stays in new files: deleted text lingers in old ones."""
        change(self.index)
        self._index = self.index.renewed()
        self.journal.set_meta(TABLE, self._index.table.name)
        drop_other_tables(self._index_uri, self._index.table.name)
        self.asking.let_go()

    def tend(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """See to the tree while nothing is queued; whether there may be more to do at once."""
        if self.private.is_on or self.paused or stop():
            return False
        self.upkeep.round()
        self.asking.trial.round(lambda: stop() or bool(self.waiting or self.effort.holds_back()))
        return not self.effort.holds_back() and self.keeping.considering.round(
            self.index, lambda: stop() or self.waiting > 0 or self.private.is_on
        )

    def heal(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Make up for vectors that were missed while there was no embedder; how many files."""
        uris = self.journal.without_vectors()
        if not uris or not self.embedding.is_ready():
            return 0
        if self._is_foreign() and len(self.index.hot) == 0:
            self.rebuild(stop)  # the table was begun without a model and bears no model's name
        elif not self._is_foreign():
            self.journal.requeue(uris, "embed")
        return len(uris)

    def _is_foreign(self) -> bool:
        """Are the index's vectors those of another model than the present one?"""
        return self.index.fingerprint != self.embedding.fingerprint

    def rebuild(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """Make the index anew beside the old one, which serves until the new one is complete."""
        self.private.refuse("no file is read now")
        with self._alone():
            fresh = Index(self._index_uri, next_table(self._index_uri, self.embedding.fingerprint))
            records = self.ingest.refill(fresh, self._index_if_sound(), stop)
            if records is not None:
                fresh.table.compact()
                fresh.reload()
                self.journal.store_files(records, {TABLE: fresh.table.name})
                self._index = fresh
            drop_other_tables(self._index_uri, self.journal.get_meta(TABLE))
            return records is not None

    def _index_if_sound(self) -> Index | None:
        """The present index, unless it is what the rebuild is to repair."""
        try:
            return self.index
        except Unavailable:
            return None

    @property
    def waiting(self) -> int:
        """Jobs that are queued."""
        return self.journal.waiting()

    @property
    def progress(self) -> Progress:
        return self.ingest.progress

    @property
    def paused(self) -> bool:
        return self.journal.get_meta(PAUSED) == "yes"

    def pause(self, paused: bool) -> None:
        self.journal.set_meta(PAUSED, "yes" if paused else "no")

    # -- asking

    def search(self, text: str, limit: int = 10) -> Results:
        return self.asking.search(text, limit)

    def ask(
        self, question: str, now: datetime | None = None, as_of: str = "", known_at: str = "",
        manner: Manner = USUAL,
    ) -> Answer:  # fmt: skip
        """A cited answer: of what is true now, or was `as_of` a day, as far as `known_at` one."""
        return self.asking.ask(question, now, When(as_of, known_at), manner=manner)

    def _at_once(self, uris: Sequence[str]) -> bool:
        """Read these files' words now: somebody looks for what may be in them."""
        with self._count_lock:
            self._wanted += 1  # `work` makes room at its next batch
        try:
            if not self._work_lock.acquire(timeout=_MAKE_ROOM_S):
                return False
            try:
                return self.ingest.deepen(self.index, uris, self.reading_now) > 0
            finally:
                self._work_lock.release()
        finally:
            with self._count_lock:
                self._wanted -= 1

    def passage(self, target: Target, context: int, *, kept_only: bool = False) -> Passage:
        return self.citations.passage(target, context, kept_only=kept_only)

    # -- looking inside

    def status(self) -> Status:
        told = self._overview.now()
        return Status(
            home=str(self.home.path), counts=told.counts, roots=told.folders, paused=self.paused,
            degraded=self.ingest.degraded or self.embedding.trouble, resting=self.resting,
            worker_pid=self.embedding.pid, worker_restarts=self.embedding.restarts,
            private=self.private.words, index=self.journal.get_meta(TABLE),
            effort_s=self.effort.today_s, tree_secrets=told.tree_secrets, languages=told.languages,
        )  # fmt: skip

    def folder(self, path: Path) -> FolderStatus:
        """What became of the files of a folder."""
        return folder_status(self.folders, self.journal, Path(os.path.realpath(path)))

    def troubled(self) -> list[FileRecord]:
        return self.journal.troubled()

    def check(self) -> Health:
        counts = self.journal.counts()
        return Health(
            self.journal.check(), counts.chunks, counts.vectors,
            self.index.table.count(), len(self.index.hot), self.index.hot.way, self.index.hot.doubt,
        )  # fmt: skip

    def warm_up(self) -> None:
        """Open the index and load the model, so that the first question need not wait."""
        _ = self.index
        self.embedding.is_ready()

    @property
    def index(self) -> Index:
        with self._index_lock:
            if self._index is None:
                self._index = self._open_index()
            return self._index

    @property
    def _index_uri(self) -> str:
        return self.config.index.uri or str(self.home.index)

    def _open_index(self) -> Index:
        return open_index(self._index_uri, self.journal, self.embedding.fingerprint)

    def _embed_question(self, texts: list[str]) -> NDArray[np.float32]:
        if self.embedding.fingerprint and self._is_foreign():
            raise Unavailable("the index was made with another embedder",
                              "run `cairn rebuild` to search by meaning again")  # fmt: skip
        return self.embedding.embed(texts, urgent=True)
