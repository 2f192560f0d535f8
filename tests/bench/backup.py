"""How long a backup takes beside `cp -a`, how much a later one adds, and does all come back?

python -m tests.bench.backup [--documents 400] [--rounds 5] [--json PATH|-]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cairn.core.backup.snapshot import drop
from cairn.core.backup.store import Backups
from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.restoring import restore
from tests.bench.common import say, write_json

_QUESTIONS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["HOME"] = place
        os.environ["CAIRN_CONFIG"] = f"{place}/config.toml"
        figures = measured(Path(place), options.documents, options.rounds)
    for name, value in figures.items():
        say(f"{name.replace('_', ' ')}: {value}")
    write_json(figures, options.json)


def measured(place: Path, documents: int, rounds: int) -> dict[str, object]:
    engine = Engine(open_home(place / "home"), Config())
    life = place / "life"
    life.mkdir()
    for number in range(documents):
        _write(life, number)
    engine.add(life)
    while engine.waiting:
        engine.work()
    engine.compact()
    ratios, again = [], []
    for round in range(rounds):  # alternating, each of them new
        plain = _timed(lambda to=f"cp{round}": _copied(engine, place / to))
        ratios.append(_timed(lambda to=f"bk{round}": _backed_up(engine, place / to)) / plain)
        again.append(_timed(lambda to=f"bk{round}": _backed_up(engine, place / to)) / plain)
    whole = Backups(place / "bk0").size()
    _write(life, documents)
    engine.sweep()
    engine.work()
    engine.compact()
    added = _backed_up(engine, place / "bk0")
    before = _told(engine, documents)
    engine.close()
    came_back = 0
    for round in range(rounds):
        restore(place / "bk0", place / f"back{round}", place / "other.toml")
        other = Engine(open_home(place / f"back{round}"), Config())
        came_back += _told(other, documents) == before
        other.close()
    return {
        "documents": documents, "bytes": whole, "added_by_one_more_document": added,
        "over_cp": _spread(ratios), "unchanged_over_cp": _spread(again),
        "round_trips": f"{came_back} of {rounds} the same",
    }  # fmt: skip


def _write(life: Path, number: int) -> None:
    text = "\n\n".join(
        f"Paragraph {part} of note {number} says that the {part}th heron of year {1900 + number} "
        f"cost {number * 7 + part} euros and was seen near the pond {number}."
        for part in range(12)
    )
    (life / f"note-{number}.md").write_text(f"# Note {number}\n\n{text}\n")


def _told(engine: Engine, documents: int) -> list[object]:
    step = max(1, documents // _QUESTIONS)
    found = [engine.search(f"heron near the pond {n}", 10) for n in range(0, documents, step)]
    return [[(each.chunk.id, each.score) for each in results.evidence] for results in found]


def _copied(engine: Engine, target: Path) -> None:
    subprocess.run(["cp", "-a", str(engine.home.path), str(target)], check=True)
    subprocess.run(["sync", "-f", str(target)], check=True)  # a backup is on the disk, too
    shutil.rmtree(target)


def _backed_up(engine: Engine, folder: Path) -> int:
    backups = Backups(folder)
    snapshot = engine.snapshot()
    at = f"2026-01-01T00:00:00.{len(backups.made()):03}+00:00"
    with backups.held(snapshot.home):
        backups.make(snapshot, None, at, "", lambda done, of: None)
    drop(engine.home)
    return backups.written


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()
