"""What was accepted, as plain sets of rare words, and whether an engine still has just that.

Every text of a faulted home has a word of its own. The victim tells what it begins and what was
confirmed to it; a deed that it began and that nobody confirmed may be done or not, but not half.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cairn.core.engine import Engine
from cairn.core.uris import file_uri

_ROUNDS, _PAUSE_S = 12, 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a point happens. The same path each time, as the journal names files by theirs."""

    base: Path

    @property
    def home(self) -> Path:
        return self.base / "home"

    @property
    def life(self) -> Path:
        return self.base / "life"

    @property
    def talk(self) -> Path:
        return self.base / "chats" / "talk.turns.jsonl"

    @property
    def told(self) -> Path:
        """Outside of the home: what the victim says is not lost with it."""
        return self.base / "told.jsonl"


@dataclass(slots=True)
class World:
    there: set[str] = field(default_factory=set)
    """Words of thoughts and turns."""
    gone: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    """No byte of these may be anywhere in the home."""
    doubts: list[Doubt] = field(default_factory=list)

    def begin(self, come: set[str], leave: set[str], forget: bool) -> None:
        self.doubts.append(Doubt(come, leave, forget))

    def confirm(self) -> None:
        done = self.doubts.pop()
        self.there = (self.there | done.come) - done.leave
        self.gone = (self.gone | done.leave) - done.come
        if done.forget:
            self.forgotten |= done.leave


@dataclass(frozen=True, slots=True)
class Doubt:
    come: set[str]
    leave: set[str]
    forget: bool


class Teller:
    """The victim's way to say what it does; each line is out before the next deed."""

    def __init__(self, place: Place) -> None:
        self._file = os.open(place.told, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __call__(self, **fields: Any) -> None:
        os.write(self._file, json.dumps(fields).encode() + b"\n")

    def begin(self, come: str = "", leave: str = "", *, forget: bool = False) -> None:
        self(begin=[come.split(), leave.split(), forget])

    def confirm(self) -> None:
        self(done=True)


def told(place: Place) -> list[dict[str, Any]]:
    with suppress(FileNotFoundError):
        return [json.loads(line) for line in place.told.read_text().splitlines()]
    return []


def world_of(place: Place) -> World:
    """After all that was told so far."""
    world = World()
    for line in told(place):
        if begun := line.get("begin"):
            world.begin(set(begun[0]), set(begun[1]), begun[2])
        elif "done" in line:
            world.confirm()
    return world


def differences(engine: Engine, place: Place) -> Iterator[str]:
    """What the engine has otherwise than it should, once all that was left to do is done."""
    yield from _settle(engine)
    world, files = world_of(place), list(_notes(place.life))
    table = engine.index.table
    rows = table._select(None, ["id", "uri", "search"]).to_pylist()
    texts = {row["id"]: row["search"] for row in rows}
    if len(texts) != len(rows):
        yield f"rows doubled: {len(rows) - len(texts)}"
    words = {path.read_text().split()[-1] for path in files}
    have = Counter(word for text in texts.values() for word in text.split() if word[:2] == "zq")

    def is_found(word: str) -> bool:
        hits = {id for id, _ in table.search_words(word, 5)}
        return any(word in texts.get(id, "") for id in hits)

    doubted = set[str]().union(*(doubt.come | doubt.leave for doubt in world.doubts))
    for word in sorted(words | world.there - doubted):
        if not have[word]:
            yield f"lost: {word}"
        elif not is_found(word):
            yield f"not to be found: {word}"
    for word in sorted(world.gone - world.there - words - doubted):
        if have[word]:
            yield f"still there: {word}"
    for doubt in world.doubts:
        yield from _half(doubt, {word for word in doubt.come | doubt.leave if have[word]})
    yield from _journal_and_index(engine, place, files, rows)
    yield from _twice(engine, world)
    yield from _bytes_left(place.home, world)


def _half(doubt: Doubt, have: set[str]) -> Iterator[str]:
    if have not in (doubt.come, doubt.leave):
        yield f"half done: {sorted(have)} of {sorted(doubt.come)} for {sorted(doubt.leave)}"


def _settle(engine: Engine) -> Iterator[str]:
    for _ in range(_ROUNDS):
        queued = engine.sweep()
        engine.work()
        engine.upkeep.round()
        engine.work()
        engine.compact()  # as the daemon does after a burst
        if not queued and not engine.waiting:
            break
        if engine.waiting:  # what could not be read is tried again after a moment
            time.sleep(_PAUSE_S)
    else:
        jobs = engine.journal.read("SELECT kind, key, tries, error FROM jobs")
        yield f"does not come to rest: {jobs}"


def _notes(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.md")) if not path.name.startswith("."))


def _journal_and_index(
    engine: Engine, place: Place, files: list[Path], rows: list[dict[str, Any]]
) -> Iterator[str]:
    health, counts = engine.check(), engine.journal.counts()
    if health.journal != "ok":
        yield f"journal: {health.journal}"
    if counts.dead:
        yield f"given up on: {counts.dead} jobs"
    if health.rows != health.chunks or len(rows) != health.rows:
        yield f"counts differ: {health.rows} rows, {health.chunks} passages"
    known = {record.uri for record in engine.journal.files(file_uri(place.life))}
    there = {file_uri(path) for path in files}
    if known != there:
        yield f"the journal's files: {sorted(known ^ there)}"
    if unfinished := engine.tree.ledger.unfinished():
        yield f"operations left open: {len(unfinished)}"
    mine = ("tree", "run", "logs", "cache", "index")
    left = [
        path.relative_to(place.home).as_posix()
        for path in place.home.rglob("*")
        if path.suffix == ".tmp" and path.relative_to(place.home).parts[0] in mine
    ]
    if left:
        yield f"files left behind: {left}"


def _twice(engine: Engine, world: World) -> Iterator[str]:
    """Turns and entries, each once."""
    turns = engine.journal.read("SELECT text FROM turns WHERE text LIKE '%zqturn%'")
    said = Counter(word for (text,) in turns for word in str(text).split() if "zqturn" in word)
    kept = Counter(
        word for filed in engine.tree.catalogue.all() for word in filed.entry.body.split()
        if word.startswith("zqkept")
    )  # fmt: skip
    for word, count in (said + kept).items():
        if count > 1:
            yield f"doubled: {word} {count} times"
    for word in world.there:
        if word.startswith("zqturn") and not said[word]:
            yield f"turn lost: {word}"


def _bytes_left(home: Path, world: World) -> Iterator[str]:
    if not world.forgotten:
        return
    for path in sorted(home.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            for word in world.forgotten:
                if word.encode() in data:
                    yield f"a byte is left of {word}: {path.relative_to(home)}"
