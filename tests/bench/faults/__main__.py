"""Faults brought about on purpose: is anything lost, doubled or not to be found afterwards?

`python -m tests.bench.faults [--points 1000] [--seed 1] [--only KIND …] [--json PATH|-]`

Processes are killed at calls to the system, spread over all that take part when cairn takes files
in, curates, compacts, forgets, rebuilds and migrates; or the disk is full from there on, a call
fails, writes are cut short, or the clock jumps by a year. Files of the home are damaged. A real
daemon's processes are killed or stopped, rights taken away, its model's process fails, and files
change by the thousand. After each the home is used again and compared with a model of what had been
accepted. Linux and a C compiler are needed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.common import say, write_json
from tests.bench.faults import burst, calls, damage, processes, rights, worker

_DAMAGE = "damage"
_FEWER = 4
"""For so many points one file is damaged."""
_LIVED: dict[str, tuple[Callable[[Path, int, int], calls.Tally], float]] = {
    "processes": (processes.run, 0.03),
    "rights": (rights.run, 0.04),
    "worker": (worker.run, 0.01),
    "burst": (burst.run, 10),
}
"""With real daemons, which takes seconds each; and how many of them for each point."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=[*calls.KINDS, _DAMAGE, *_LIVED])
    parser.add_argument("--json")
    options = parser.parse_args()
    kinds = options.only or [*calls.KINDS, _DAMAGE, *_LIVED]
    with tempfile.TemporaryDirectory() as folder:
        tallies = _run(Path(folder), kinds, options.points, options.seed)
    figures = {kind: tally.figures for kind, tally in tallies.items()}
    for kind, told in figures.items():
        say(f"{kind:12} {told['survived']} of {told['injected']} survived")
    write_json(figures, options.json)
    sys.exit(any(told["faults"] for told in figures.values()))


def _run(base: Path, kinds: Sequence[str], points: int, seed: int) -> dict[str, calls.Tally]:
    tallies: dict[str, calls.Tally] = {}
    of_calls = [kind for kind in kinds if kind in calls.KINDS]
    if of_calls or _DAMAGE in kinds:
        with calls.nursery(base) as made:
            tallies |= calls.run(made, points, seed, of_calls)
            if _DAMAGE in kinds:
                tallies[_DAMAGE] = damage.run(made, points // _FEWER, seed)
    for kind, (run, share) in _LIVED.items():
        if kind in kinds:
            tallies[kind] = run(base, max(1, round(points * share)), seed)
    return tallies


if __name__ == "__main__":
    main()
