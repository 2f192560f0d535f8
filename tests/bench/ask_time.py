"""How long `cairn ask` takes as a whole process, over an empty typer app in the same run.

`python -m tests.bench.ask_time [--chunks 10000] [--runs 40] [--home DIR] [--json PATH|-]`

Makes a memory of about that many passages (kept in `--home`), then asks questions of all kinds with
a warm daemon, each only once, in turn with the empty app, so that a machine that gets slower slows
both. No model writes. What each stage in the daemon took is told of further questions.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.bench.common import say, write_json
from tests.bench.startup import EMPTY, timed

_NAMES = "Anna Ben Carla David Emma Felix Greta Henry Ines Jonas Katja Lukas Mara Nils".split()
_PLACES = "Lyon Graz Leeds Turin Bergen Porto Gent Basel Malmo Split Krakow Bilbao".split()
_THINGS = (
    "boiler kayak roof piano fence oven tent bicycle sofa lawnmower printer dishwasher camera "
    "bookcase heater window ladder mattress violin trailer carpet greenhouse projector stove"
).split()
_WORKS = "service repair rental cleaning delivery inspection sale painting insurance move".split()
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_PARTS = 20
_WARM_UP = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--home", type=Path, help="keeps the memory there, or uses that one")
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = options.home or Path(folder)
        base.mkdir(parents=True, exist_ok=True)
        figures = _measure(base, options.chunks, options.runs)
    write_json(figures, options.json)


def _measure(base: Path, chunks: int, runs: int) -> dict[str, Any]:
    env = {**os.environ, "CAIRN_HOME": str(base / "home"), "CAIRN_CONFIG": str(base / "none.toml")}
    cairn = shutil.which("cairn", path=str(Path(sys.executable).parent)) or "cairn"
    (base / "empty.py").write_text(EMPTY)
    if not (base / "life").exists():
        _make_notes(base / "life", chunks)
        say(f"indexing about {chunks} passages …")
        subprocess.run([cairn, "add", str(base / "life")], env=env, check=True, capture_output=True)
    questions = _questions(2 * runs + _WARM_UP)
    empty = [sys.executable, str(base / "empty.py"), "one"]
    for question in questions[:_WARM_UP]:
        timed([cairn, "ask", question], env)
    measured = questions[_WARM_UP : _WARM_UP + runs]
    pairs = [(timed([cairn, "ask", each], env), timed(empty, env)) for each in measured]
    laps = _laps(cairn, env, questions[_WARM_UP + runs :])
    subprocess.run([cairn, "daemon", "stop"], env=env, check=True, capture_output=True)
    over = sorted(1e3 * (mine - theirs) for mine, theirs in pairs)
    figures: dict[str, Any] = {
        "ask_ms": round(1e3 * statistics.median(mine for mine, _ in pairs), 1),
        "empty_ms": round(1e3 * statistics.median(theirs for _, theirs in pairs), 1),
        "over_p50_ms": round(statistics.median(over), 1),
        "over_p95_ms": round(over[min(len(over) - 1, round(0.95 * len(over)))], 1),
        "over_least_ms": round(over[0], 1),
        **laps,
    }
    for name, value in figures.items():
        say(f"{name:16} {value}")
    return figures


def _laps(cairn: str, env: dict[str, str], questions: list[str]) -> dict[str, Any]:
    """Of each stage in the daemon the median, and how many questions were answered at all."""
    took: defaultdict[str, list[float]] = defaultdict(list)
    answered = 0
    for question in questions:
        done = subprocess.run(
            [cairn, "ask", "--json", question], env=env, capture_output=True, check=False
        )
        data = json.loads(done.stdout)["data"]
        answered += bool(data["answered"])
        for stage, ms in data["timings_ms"].items():
            took[stage].append(ms)
    medians = {name: round(statistics.median(times), 1) for name, times in took.items()}
    return {"stages_ms": medians, "answered": f"{answered} of {len(questions)}"}


def _facts() -> list[tuple[str, str, list[str]]]:
    """A heading, what is said under it, and what may be asked of it."""
    chance = random.Random(11)
    found = []
    for thing in _THINGS:
        for work in _WORKS:
            who, place = chance.choice(_NAMES), chance.choice(_PLACES)
            day, month, cost = (
                chance.randint(1, 28),
                chance.choice(_MONTHS),
                chance.randint(20, 900),
            )
            said = (
                f"{who} arranged the {thing} {work} in {place} on {day} {month} 2025. "
                f"The {thing} {work} cost {cost} euros."
            )
            asked = [
                f"how much did the {thing} {work} cost?",
                f"when was the {thing} {work}?",
                f"who arranged the {thing} {work}?",
                f"where was the {thing} {work}?",
                f"did {who} arrange the {thing} {work}?",
                f"what did we write about the {thing} {work}?",
            ]
            found.append((f"{thing.title()} {work}", said, asked))
    return found


def _questions(count: int) -> list[str]:
    """One of each fact, of each kind in turn."""
    facts = _facts()
    random.Random(12).shuffle(facts)
    return [facts[n % len(facts)][2][n % 6] for n in range(count)]


def _make_notes(folder: Path, chunks: int) -> None:
    """Sections of one passage each, twenty to a file; a fact is in one of some forty."""
    folder.mkdir()
    chance = random.Random(5)
    facts = _facts()
    chance.shuffle(facts)
    for number in range(chunks // _PARTS):
        sections = []
        for part in range(_PARTS):
            place = number * _PARTS + part
            step = max(1, chunks // len(facts))
            if place % step == 0 and place // step < len(facts):
                head, said, _ = facts[place // step]
                sections.append(f"## {head}\n\n{said} {_chatter(chance, 2)}\n")
            else:
                sections.append(f"## Part {part}\n\n{_chatter(chance, 4)}\n")
        (folder / f"note{number:05}.md").write_text(f"# Note {number}\n\n" + "\n".join(sections))


def _chatter(chance: random.Random, count: int) -> str:
    """Sentences that share words with the questions, and answer none."""
    return " ".join(
        f"{chance.choice(_NAMES)} looked at the {chance.choice(_THINGS)} in "
        f"{chance.choice(_PLACES)} and thought about a {chance.choice(_WORKS)} for "
        f"{chance.choice(_MONTHS)}."
        for _ in range(count)
    )


if __name__ == "__main__":
    main()
