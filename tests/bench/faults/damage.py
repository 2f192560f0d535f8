"""Files of the home that were cut off or had bits flipped while nobody looked.

Whatever is damaged, cairn says so in words with the next command, or goes on; a process never ends
by it. What is derived is whole again after `rebuild`, and what a person wrote is in the history.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cairn.core.engine import Engine
from cairn.core.errors import CairnError
from tests.bench.common import say
from tests.bench.faults.calls import Nursery, Tally
from tests.bench.faults.deeds import opened
from tests.bench.faults.world import Place, Teller, differences, told

PLACES = {
    "journal": "journal.db",
    "home": "home.json",
    "rows": "index/*.lance/data/*",
    "manifests": "index/*.lance/_versions/*",
    "words": "index/*.lance/_indices/**/*",
    "shelf": "index/*.shelf",
    "entries": "tree/**/*.md",
}
_DERIVED = ("rows", "manifests", "words", "shelf")


def run(made: Nursery, points: int, seed: int) -> Tally:
    chance, tally = random.Random(seed), Tally()
    for number in range(points):
        kind = list(PLACES)[number % len(PLACES)]
        made.begin()
        files = sorted(path for path in made.place.home.glob(PLACES[kind]) if path.is_file())
        what = harm(chance.choice(files), chance)
        status = made("endure", damaged=kind)
        lines = told(made.place)
        wrong = [] if status == 0 else [f"the process ended: {status}"]
        wrong += [line[key] for line in lines for key in ("bug", "found") if key in line]
        tally.injected += 1
        tally.met.update(f"{kind}: {line['error']}" for line in lines if "error" in line)
        tally.met.update(f"{kind}: not noticed" for line in lines if "unnoticed" in line)
        tally.faults += [f"{kind} {what} -- {each}" for each in wrong]
        for each in wrong:
            say(f"{kind} {what} -- {each}")
    return tally


def harm(file: Path, chance: random.Random) -> str:
    """Cut it off, or flip up to eight bits; what was done."""
    data = bytearray(file.read_bytes())
    if chance.random() < 0.4 or not data:
        size = chance.choice((0, len(data) // 2, max(0, len(data) - 1)))
        file.write_bytes(data[:size])
        return f"{file.name} cut to {size} of {len(data)}"
    bits = [chance.randrange(8 * len(data)) for _ in range(chance.randrange(1, 9))]
    for bit in bits:
        data[bit // 8] ^= 1 << bit % 8
    file.write_bytes(data)
    return f"{file.name} bits {bits} flipped"


def endure(place: Place, damaged: str, tell: Teller) -> None:
    """Use what is there, have it mended as the hints say, and look whether all is there again."""
    try:
        engine = opened(place)
    except CairnError as error:
        _note(tell, error)
        return
    fine = sum(_try(tell, lambda step=step: step(engine)) for step in _USE) == len(_USE)
    if damaged in _DERIVED:
        before = list(differences(engine, place)) if fine else []
        if before:
            tell(unnoticed=before[:3])
        if not engine.rebuild():
            tell(found="it can't be rebuilt")
        for found in differences(engine, place):
            tell(found=found)
    elif damaged == "entries":
        for found in _history(engine):
            tell(found=found)
    _try(tell, engine.close)


def _try(tell: Teller, step: Callable[[], Any]) -> bool:
    try:
        step()
    except CairnError as error:
        _note(tell, error)
        return False
    return True


def _note(tell: Teller, error: CairnError) -> None:
    tell(error=type(error).__name__, message=error.message, hint=error.hint)
    if not error.hint:
        tell(found=f"no next step is told: {error.message}")


def _history(engine: Engine) -> Iterator[str]:
    for number in range(4):
        sql = "SELECT count(*) FROM changes WHERE after LIKE ?"
        if not engine.journal.read(sql, f"%zqkept{number}%")[0][0]:
            yield f"not in the history: zqkept{number}"


_USE: tuple[Callable[[Engine], Any], ...] = (
    lambda engine: engine.search("zqnote5"),
    lambda engine: engine.ask("what is the garden budget of n5?"),
    lambda engine: engine.status(),
    lambda engine: engine.check(),
    lambda engine: engine.sweep(),
    lambda engine: engine.work(),
    lambda engine: engine.upkeep.round(),
    lambda engine: engine.memory.troubles(),
    lambda engine: engine.compact(),
)
