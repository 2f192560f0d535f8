"""Faults brought about on purpose: is anything lost, doubled or not to be found afterwards?

`python -m tests.bench.faults [--points 1000] [--seed 1] [--only KIND …] [--json PATH|-]`

Processes are killed at calls to the system, spread over all that take part when cairn takes files
in, curates, compacts, forgets, rebuilds and migrates; or the disk is full from there on, a call
fails, or writes are cut short. Then files of the home are damaged. After each the home is used
again and compared with a model of what had been accepted. Linux and a C compiler are needed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.common import say, write_json
from tests.bench.faults import calls, damage

_DAMAGE = "damage"
_FEWER = 4
"""For so many points one file is damaged."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=[*calls.KINDS, _DAMAGE])
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, calls.nursery(Path(folder)) as made:
        kinds = options.only or [*calls.KINDS, _DAMAGE]
        by_call = [kind for kind in kinds if kind != _DAMAGE]
        tallies = calls.run(made, options.points, options.seed, by_call)
        if _DAMAGE in kinds:
            tallies[_DAMAGE] = damage.run(made, options.points // _FEWER, options.seed)
    figures = {kind: tally.figures for kind, tally in tallies.items()}
    for kind, told in figures.items():
        say(f"{kind:12} {told['survived']} of {told['injected']} survived")
    write_json(figures, options.json)
    sys.exit(any(told["faults"] for told in figures.values()))


if __name__ == "__main__":
    main()
