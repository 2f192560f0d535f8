"""Rights to a part of the home, or to what is watched, taken away and given back.

Meanwhile every command says what it can't do, and nothing breaks; afterwards nothing is missing.
"""

from __future__ import annotations

import random
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.common import say
from tests.bench.faults.calls import Tally
from tests.bench.faults.lived import Lived, Ran, lived, somebody

PLACES = {
    "home": "home", "journal": "home/journal.db", "identity": "home/home.json",
    "tree": "home/tree", "index": "home/index", "run": "home/run", "logs": "home/logs",
    "cache": "home/cache", "folder": "life", "note": "life/zqnote1.md",
}  # fmt: skip
_NONE, _READ_ONLY = 0, 0o500
_BROKEN = ("Traceback", "something broke inside")


def run(base: Path, points: int, seed: int, places: Sequence[str] = tuple(PLACES)) -> Tally:
    chance, tally = random.Random(seed), Tally()
    base.chmod(0o755)
    for number in range(points):
        place = places[number % len(places)]
        mode = _NONE if number // len(places) % 2 == 0 else _READ_ONLY
        runs = chance.random() < 0.5
        what = f"{place} {mode:o} {'under the daemon' if runs else 'before it'}"
        with lived(base / f"rights{number}", user=somebody()) as life:
            wrong = list(_point(life, place, mode, tally, runs=runs))
        tally.injected += 1
        tally.faults += [f"{what} {number} -- {each}" for each in wrong]
        for each in wrong:
            say(f"{what} -- {each}")
    return tally


def _point(life: Lived, place: str, mode: int, tally: Tally, *, runs: bool) -> Iterator[str]:
    life("add", str(life.life))
    life.keep("zqkept0")
    if not runs:
        yield from life.stop()
    path = life.base / PLACES[place]
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(mode & before)
    try:
        for words in (["status"], ["search", "zqnote2"], ["add", str(life.life)], ["doctor"]):
            yield from _examined(words, life(*words), tally, place)
        yield from _examined(["remember"], life.keep("zqkept1"), tally, place)
    finally:
        path.chmod(before)
    life.write("zqlater")
    yield from life.differences()
    yield from life.stop()


def _examined(words: list[str], ran: Ran, tally: Tally, place: str) -> Iterator[str]:
    said = ran.out + ran.err
    if ran.code == 70 or any(each in said for each in _BROKEN):
        yield f"{words[0]} broke with {ran.code}: {ran.err[-300:]}"
    elif ran.code and words[0] != "doctor":
        tally.met[f"{place}: {words[0]} {ran.code}: {ran.err.strip()[:90]}"] += 1
        if not ran.err.strip() or ran.code not in (1, 2, 3, 4):
            yield f"{words[0]} ended with {ran.code} and said {ran.err!r}"
