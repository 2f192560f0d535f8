"""Thousands of files written, touched, renamed and deleted in seconds while a daemon watches.

The queue holds no more than there are names; what is there in the end is found, and nothing else.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.uris import file_uri
from tests.bench.common import say
from tests.bench.faults.calls import Tally
from tests.bench.faults.lived import Lived, lived, wait_for

_KINDS = ("write", "change", "touch", "rename", "delete")
_WEIGHTS = (5, 2, 2, 2, 3)
_CALM = 4
"""Looks at the queue one after the other that find it empty."""


class Folder:
    """What was done to it, and which words should be there."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self._path, self._chance = path, chance
        self.words = {each.name: each.stem for each in path.glob("*.md")}
        self.gone: set[str] = set()
        self.names = set(self.words)

    def event(self, number: int) -> None:
        (kind,) = self._chance.choices(_KINDS, _WEIGHTS)
        if kind == "write" or not self.words:
            self._write(f"n{number}.md", f"zqnew{number}")
            return
        name = self._chance.choice(list(self.words))
        if kind == "touch":
            os.utime(self._path / name)
        elif kind == "change":
            self.gone.add(self.words[name])
            self._write(name, f"zqagain{number}")
        else:
            word = self.words.pop(name)
            if kind == "delete":
                (self._path / name).unlink()
                self.gone.add(word)
            else:
                self.names.add(f"m{number}.md")
                self.words[f"m{number}.md"] = word
                (self._path / name).rename(self._path / f"m{number}.md")

    def _write(self, name: str, word: str) -> None:
        (self._path / name).write_text(f"# A note\n\nThe garden budget of {word} is 400 euros.\n")
        self.words[name] = word
        self.names.add(name)


def run(base: Path, events: int, seed: int) -> Tally:
    """One burst of so many events."""
    tally = Tally(injected=1)
    with lived(base / "burst") as life:
        wrong = list(_burst(life, events, random.Random(seed), tally))
    tally.faults = [f"{events} events -- {each}" for each in wrong]
    for each in tally.faults:
        say(each)
    return tally


def _burst(life: Lived, events: int, chance: random.Random, tally: Tally) -> Iterator[str]:
    life("add", str(life.life))
    folder, started = Folder(life.life, chance), time.perf_counter()
    for number in range(events):
        folder.event(number)
    took = time.perf_counter() - started
    queued = life.json("status")["counts"]["queued"]
    tally.met[f"{took:.1f} s; {queued} queued for {len(folder.names)} names"] = 1
    if queued > len(folder.names):
        yield f"{queued} jobs for {len(folder.names)} names"
    calm = 0

    def is_calm() -> bool:
        nonlocal calm
        time.sleep(0.5)
        calm = calm + 1 if life.rests() else 0
        return calm >= _CALM

    if not wait_for(is_calm, 60 + events / 10):
        yield "does not come to rest"
    if left := life.stop():
        yield f"left behind: {left}"
    yield from _compared(life, folder)


def _compared(life: Lived, folder: Folder) -> Iterator[str]:
    engine = Engine(open_home(life.home), Config())
    try:
        rows = engine.index.table._select(None, ["uri", "search"]).to_pylist()
        mine = [row["search"] for row in rows if row["uri"].startswith(file_uri(life.life))]
        have = Counter(word for text in mine for word in text.split() if word.startswith("zq"))
        there = set(folder.words.values())
        if lost := there - have.keys():
            yield f"not to be found: {len(lost)} words, such as {min(lost)}"
        if extra := folder.gone & have.keys():
            yield f"still there: {len(extra)} words, such as {min(extra)}"
        if twice := [word for word in there if have[word] > 1]:
            yield f"there twice: {len(twice)} words, such as {min(twice)}"
        if unseen := engine.sweep():
            yield f"{unseen} changes were not noticed"
        health = engine.check()
        if health.rows != health.chunks or health.journal != "ok":
            yield f"{health.rows} rows for {health.chunks} passages, journal {health.journal}"
    finally:
        engine.close()
