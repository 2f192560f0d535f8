"""A dialogue or a collection → a memory that has taken it in, and what its evidence stands for.

Called by the benchmarks of recall. A dialogue comes in as `cairn import` would have it, a
collection as a watched folder; both are asked through the engine. What cairn says of a sitting
itself does not count.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Protocol

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.records import Evidence
from cairn.core.uris import container, file_uri
from tests.bench.dialogue_sets import Dialogue, Question
from tests.bench.document_sets import Collection
from tests.bench.recall_score import Ranked

ASKED = 50
"""Passages asked for, so that a run holds more than what is scored."""
_DONE = "done"
Unroll = Callable[[Evidence], list[str]]


class Memory(Protocol):
    """What can be taken in and asked."""

    @property
    def dataset(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def questions(self) -> tuple[Question, ...]: ...
    @property
    def size(self) -> int:
        """In turns or documents."""

    def take_in(self, engine: Engine, folder: Path) -> None:
        """Into an empty memory; `folder` is for the files."""

    def check(self, engine: Engine, folder: Path) -> None:
        """Is all of it there?"""

    def unroller(self, engine: Engine, folder: Path) -> Unroll: ...


@dataclass(frozen=True, slots=True)
class Chats:
    dialogue: Dialogue

    @property
    def dataset(self) -> str:
        return self.dialogue.dataset

    @property
    def name(self) -> str:
        return self.dialogue.name

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.dialogue.questions

    @property
    def size(self) -> int:
        return len(self.dialogue.turns)

    def take_in(self, engine: Engine, folder: Path) -> None:
        engine.conversations.take_in(self.dialogue.write(folder / self.name))
        engine.work()

    def check(self, engine: Engine, folder: Path) -> None:
        """Every turn is kept, and importing again adds none."""
        for times in ("once", "twice"):
            kept = engine.conversations.state_of(folder / self.name / "turns.jsonl").turns
            if kept != self.size or engine.journal.pending():
                raise SystemExit(f"{self.name}: {kept} of {self.size} turns, imported {times}")
            self.take_in(engine, folder)

    def unroller(self, engine: Engine, folder: Path) -> Unroll:
        """`line` tells which turn of the file each number of a conversation is."""
        latest = self.dialogue.now.replace(tzinfo=UTC)
        engine.clock = lambda: latest
        ids = {
            (conversation.uri, turn.number): self.dialogue.turns[turn.line - 1].id
            for conversation in engine.conversations.archive.conversations()
            for turn in engine.conversations.turns(conversation.uri, 1, conversation.turns)
        }

        def unroll(item: Evidence) -> list[str]:
            if item.chunk.kind != "chat":  # an episode, or an entry of which no turn is left
                return []
            uri = item.chunk.uri.partition("!/")[0]
            return [ids[uri, number] for number in range(item.at.first, item.at.last + 1)]

        return unroll


@dataclass(frozen=True, slots=True)
class Papers:
    collection: Collection

    @property
    def dataset(self) -> str:
        return self.collection.dataset

    @property
    def name(self) -> str:
        return self.collection.dataset

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.collection.questions

    @property
    def size(self) -> int:
        return len(self.collection.papers)

    def take_in(self, engine: Engine, folder: Path) -> None:
        self.collection.write(folder / "docs")
        engine.add(folder / "docs")
        engine.work()

    def check(self, engine: Engine, folder: Path) -> None:
        files = self.collection.write(folder / "docs")
        waiting = engine.journal.waiting()
        known = sum(engine.journal.file(file_uri(file)) is not None for file in files)
        if known != len(files) or waiting:
            raise SystemExit(f"{self.name}: {known} of {len(files)} files, {waiting} waiting")

    def unroller(self, engine: Engine, folder: Path) -> Unroll:
        ids = {file_uri(file): id for file, id in self.collection.write(folder / "docs").items()}

        def unroll(item: Evidence) -> list[str]:
            id = ids.get(container(item.chunk.uri))
            return [id] if id is not None else []  # else it is an entry that rests on nothing

        return unroll


def ask_all(
    memory: Memory, limit: int | None, homes: Path | None
) -> tuple[float | None, list[Ranked]]:
    """The seconds that taking in took, and the answers to all that can be answered."""
    with opened(memory, homes) as (engine, unroll, seconds):
        asked = [each for each in memory.questions[:limit] if each.evidence or each.sittings]
        return seconds, [_ask(engine, memory, each, unroll) for each in asked]


@contextmanager
def opened(
    memory: Memory, homes: Path | None = None
) -> Iterator[tuple[Engine, Unroll, float | None]]:
    """A memory that holds it all; the seconds are None if it did so before."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = homes / memory.dataset / memory.name if homes else Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        is_done = (folder / _DONE).exists()
        engine = Engine.open(folder / "home", Config())
        try:
            seconds = None if is_done else _fill(memory, engine, folder)
            yield engine, memory.unroller(engine, folder), seconds
        finally:
            engine.close()


def _fill(memory: Memory, engine: Engine, folder: Path) -> float:
    started = time.perf_counter()
    memory.take_in(engine, folder)
    engine.compact()
    seconds = time.perf_counter() - started
    memory.check(engine, folder)
    (folder / _DONE).touch()
    return seconds


def _ask(engine: Engine, memory: Memory, question: Question, unroll: Unroll) -> Ranked:
    started = time.perf_counter()
    found = engine.search(question.text, ASKED)
    ms = (time.perf_counter() - started) * 1000
    if found.degraded:
        raise SystemExit(f"{memory.name}: {found.degraded}")
    units = dict.fromkeys(id for item in found.evidence for id in unroll(item))
    return Ranked(memory.name, question, tuple(units), ms)
