"""A fault at the n-th call to the system, over every way in which cairn changes its home."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.bench.common import say
from tests.bench.faults.deeds import SCENARIOS
from tests.bench.faults.shim import How, build
from tests.bench.faults.world import Place, told

KINDS = {
    "kill": (How.KILL, How.TEAR),
    "full": (How.FULL,),
    "broken": (How.BROKEN, How.UNREADABLE),
    "short": (How.SHORT,),
    "clock": (How.BEHIND, How.AHEAD),
}
_SHARES = {"kill": 0.55, "full": 0.2, "broken": 0.17, "short": 0.03, "clock": 0.05}
"""Of the points."""


@dataclass(slots=True)
class Tally:
    """Of one kind of fault: how often, and what was wrong afterwards."""

    injected: int = 0
    faults: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    @property
    def figures(self) -> dict[str, Any]:
        wrong = len({fault.partition(" -- ")[0] for fault in self.faults})
        return {"injected": self.injected, "survived": self.injected - wrong,
                "faults": self.faults[:20], "met": dict(self.met)}  # fmt: skip


class Nursery:
    """Where processes are made that are to suffer."""

    def __init__(self, base: Path) -> None:
        self.place, self._kept = Place(base / "point"), base / "prepared"
        env = {**os.environ, "LD_PRELOAD": str(build(base)), "PYTHONWARNINGS": "ignore"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.faults.nursery"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env,
            cwd=Path(__file__).parents[3],
        )  # fmt: skip
        self.place.base.mkdir()

    def __call__(self, do: str, **more: Any) -> int:
        """The exit status of a process that does it; negative where a signal ended it."""
        assert self._process.stdin and self._process.stdout
        task = {"do": do, "base": str(self.place.base), **more}
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def prepare(self) -> None:
        status = self("prepare")
        assert status == 0, told(self.place)
        self.place.base.rename(self._kept)

    def begin(self) -> None:
        """The home as it was prepared, for another point."""
        shutil.rmtree(self.place.base, ignore_errors=True)
        shutil.copytree(self._kept, self.place.base, symlinks=True)

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def nursery(base: Path) -> Iterator[Nursery]:
    made = Nursery(base)
    try:
        made.prepare()
        yield made
    finally:
        made.close()


def run(
    made: Nursery,
    points: int,
    seed: int,
    kinds: Sequence[str],
    scenarios: Sequence[str] = tuple(SCENARIOS),
) -> dict[str, Tally]:
    chance = random.Random(seed)
    whole = sum(_SHARES[kind] for kind in kinds)
    counts = {scenario: _count(made, scenario) for scenario in scenarios if kinds}
    tallies = {kind: Tally() for kind in kinds}
    for kind, tally in tallies.items():
        ways = [(scenario, how) for scenario in scenarios for how in KINDS[kind]]
        each = max(1, round(points * _SHARES[kind] / whole / len(ways)))
        for scenario, how in ways:
            for number in _numbers(counts[scenario][how is How.UNREADABLE], each, chance):
                _point(made, tally, scenario, how, number)
        say(f"{kind}: {tally.injected} injected, {len(tally.faults)} wrong")
    return tallies


def _count(made: Nursery, scenario: str) -> tuple[int, int]:
    """How many calls there are to fail at; and without a fault nothing may be wrong."""
    made.begin()
    status = made("suffer", scenario=scenario, how=How.COUNT, number=0, goes_on=True)
    lines = told(made.place)
    assert status == 0 and not any({"error", "found"} & line.keys() for line in lines), lines
    line = next(line for line in lines if "writes" in line)
    return line["writes"], line["reads"]


def _numbers(total: int, points: int, chance: random.Random) -> list[int]:
    """Spread over all of the calls, one at random in each part."""
    if points >= total:
        return list(range(1, total + 1))
    edges = [total * part // points for part in range(points + 1)]
    return [chance.randrange(low + 1, high + 1) for low, high in pairwise(edges)]


def _point(made: Nursery, tally: Tally, scenario: str, how: How, number: int) -> None:
    made.begin()
    dies = how in (How.KILL, How.TEAR)
    goes_on = not dies and number % 2 == 0
    status = made("suffer", scenario=scenario, how=how, number=number, goes_on=goes_on)
    ended = "killed" if status == -9 else "hung" if status == -14 else f"status {status}"
    wrong = [] if status in ((0, -9) if dies else (0,)) else [f"the process ended: {ended}"]
    if not goes_on and made("examine"):
        wrong.append("it can't be opened again")
    lines = told(made.place)
    wrong += [line[kind] for line in lines for kind in ("bug", "found") if kind in line]
    tally.injected += 1
    tally.met.update(
        f"{line['error']}: {line['message'][:60]}" for line in lines if "error" in line
    )
    tally.faults += [f"{scenario} {how.name.lower()} {number} -- {each}" for each in wrong]
    for fault in tally.faults[-len(wrong) :] if wrong else ():
        say(fault)
