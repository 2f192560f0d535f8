"""What a victim does: each scenario is a way in which cairn changes its home."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from cairn.core.config import Config, Models
from cairn.core.engine import Engine
from cairn.core.errors import Busy
from cairn.core.home import open_home
from cairn.core.schema import MIGRATIONS
from cairn.core.uris import file_uri
from tests.bench.faults.world import Place, Teller

_OLD_SCHEMA = 2
_PATIENCE_S, _TICK_S = 60.0, 0.02


def opened(place: Place) -> Engine:
    """By words alone: a point then takes a fraction of a second. An extractor that was being made
    when its parent was killed holds the lock until it has closed what it inherited."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return Engine(open_home(place.home), words_only(place))
        except Busy:
            if time.monotonic() > deadline:
                raise
            time.sleep(_TICK_S)


def words_only(place: Place) -> Config:
    return Config(models=Models(embedder=str(place.base / "none.gguf")))


def prepare(place: Place, tell: Teller) -> None:
    """A home that has been lived in: everything of which there is something to lose."""
    place.life.mkdir()
    place.talk.parent.mkdir()
    for number in range(8):
        write(place.life / f"n{number}.md", f"zqnote{number}")
    speak(place.talk, "zqturn0 zqturn1 zqturn2 zqturn3")
    engine = opened(place)
    try:
        engine.add(place.life)
        engine.conversations.follow(place.talk)
        engine.work()
        for number in range(4):
            remember(engine, tell, f"zqkept{number}")
        engine.sweep()
        engine.work()
        write(place.life / "n0.md", "zqnote0again")
        (place.life / "n1.md").unlink()
        engine.sweep()
        engine.work()
        engine.upkeep.round()
        engine.work()
        tell.begin("zqturn0 zqturn1 zqturn2 zqturn3")
        tell.confirm()
    finally:
        engine.close()


def write(path: Path, word: str) -> None:
    path.write_text(f"# {path.stem}\n\nThe garden budget of {path.stem} is 400 euros.\n\n{word}\n")


def speak(path: Path, words: str) -> None:
    with path.open("a") as file:
        for word in words.split():
            turn = {"conversation": "c1", "author": "Ana", "origin": "user", "id": word,
                    "text": f"We said {word} today.", "time": "2026-03-01T10:00:00Z"}  # fmt: skip
            file.write(json.dumps(turn) + "\n")


def remember(engine: Engine, tell: Teller, word: str) -> None:
    tell.begin(word)
    engine.remember(f"What I keep is\n{word}\nand no more.")
    tell.confirm()


def named(engine: Engine, word: str) -> str:
    """The id of the entry that holds a word."""
    all_filed = engine.tree.catalogue.all()
    return next(filed.entry.id for filed in all_filed if word in filed.entry.body.split())


# -- before the faults: what the user did, which no fault of ours touches


def changed_files(place: Place) -> None:
    for number in range(20, 24):
        write(place.life / f"n{number}.md", f"zqnote{number}")
    write(place.life / "n2.md", "zqnote2again")
    (place.life / "n3.md").unlink()
    (place.life / "n4.md").rename(place.life / "moved4.md")
    speak(place.talk, "zqturn4 zqturn5 zqturn6")


def two_files(place: Place) -> None:
    write(place.life / "n30.md", "zqnote30")
    (place.life / "n2.md").unlink()


def old_journal(place: Place) -> None:
    """As an early cairn has left it: what was added, and nothing of what has come since."""
    place.told.unlink()  # thoughts and turns were not kept then
    for path in place.home.glob("journal.db*"):
        path.unlink()
    shutil.rmtree(place.home / "index")
    shutil.rmtree(place.home / "tree")
    journal = sqlite3.connect(place.home / "journal.db", isolation_level=None)
    for number, script in enumerate(MIGRATIONS[:_OLD_SCHEMA], start=1):
        journal.executescript(f"BEGIN; {script} PRAGMA user_version={number}; COMMIT;")
    uri = file_uri(place.life)
    journal.execute("INSERT INTO roots(uri, added) VALUES (?, '2026-01-01')", (uri,))
    journal.close()


def nothing(place: Place) -> None:
    pass


# -- under fault


def take_in(engine: Engine, tell: Teller) -> None:
    engine.sweep()
    tell.begin("zqturn4 zqturn5 zqturn6")
    engine.work()
    tell.confirm()
    engine.upkeep.round()


def change_entries(engine: Engine, tell: Teller) -> None:
    remember(engine, tell, "zqkept10")
    first, second = named(engine, "zqkept0"), named(engine, "zqkept1")
    tell.begin("zqkept0again", "zqkept0")
    text = engine.memory.kept(first).text
    done = engine.memory.edit(first, text.replace("zqkept0", "zqkept0again"))
    tell.confirm()
    tell.begin()
    engine.memory.move(second, "home/garden")
    tell.confirm()
    engine.work()
    tell.begin("zqkept0", "zqkept0again")
    engine.memory.undo(done.id)
    tell.confirm()
    tell.begin()
    engine.memory.merge([second, named(engine, "zqkept2")])
    tell.confirm()
    engine.work()
    engine.upkeep.round()
    engine.work()


def compact(engine: Engine, tell: Teller) -> None:
    engine.sweep()
    engine.work()
    engine.compact()


def forget(engine: Engine, tell: Teller) -> None:
    plan = engine.plan_forget(named(engine, "zqkept3"))
    tell.begin("", "zqkept3", forget=True)
    engine.apply(plan)
    tell.confirm()
    engine.work()


def rebuild(engine: Engine, tell: Teller) -> None:
    engine.rebuild()


def look(engine: Engine, tell: Teller) -> None:
    """What only reads also writes a little; and opening, recovering and migrating are here."""
    engine.sweep()
    engine.work()
    engine.ask("what is the garden budget of n5?")


SCENARIOS: dict[str, tuple[Callable[[Place], None], Callable[[Engine, Teller], None]]] = {
    "ingest": (changed_files, take_in),
    "curation": (nothing, change_entries),
    "compaction": (two_files, compact),
    "forget": (nothing, forget),
    "rebuild": (two_files, rebuild),
    "migration": (old_journal, look),
}
