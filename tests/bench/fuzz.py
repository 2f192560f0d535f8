"""Coverage-guided fuzzing of every parser of ours: `python -m tests.bench.fuzz --minutes 10`.

`--parser NAME` takes one alone, `--data FOLDER` adds real files to begin with, `--keep FOLDER`
keeps each input that broke something. A parser runs in a process of its own, so that a crash of
native code is counted like any other.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.fuzz_targets import TARGETS

_SLACK_S = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    parser: str
    inputs: int
    edges: int
    """Steps from line to line that were seen."""
    faults: tuple[str, ...]
    """Where each different one arose."""


def fuzz(name: str, seconds: float, data: Path | None, keep: Path | None, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        asked = {"name": name, "seconds": seconds, "data": str(data or ""), "seed": seed}
        command = [sys.executable, "-m", "tests.bench.fuzz_child", folder, json.dumps(asked)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=seconds + _SLACK_S, check=False
            )
            died = f"ended with status {done.returncode}" if done.returncode else ""
        except subprocess.TimeoutExpired:
            died = "hung, where Python could not stop it"
        told = _told(Path(folder) / "report.json")
        faults = dict(told.get("faults", {}))
        if died:
            faults[died] = (Path(folder) / "now").read_bytes().hex()
    for number, broke in enumerate(faults.values()):
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{name.replace(' ', '-')}-{number}").write_bytes(bytes.fromhex(broke))
    return Outcome(name, told.get("inputs", 0), told.get("edges", 0), tuple(faults))


def _told(report: Path) -> dict[str, Any]:
    return dict(json.loads(report.read_text())) if report.exists() else {}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0, help="for all parsers together")
    options.add_argument("--parser", choices=sorted(TARGETS))
    options.add_argument("--data", type=Path)
    options.add_argument("--keep", type=Path)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", default="")
    chosen = options.parse_args()
    names = [chosen.parser] if chosen.parser else list(TARGETS)
    seconds = 60 * chosen.minutes / len(names)
    found = []
    for name in names:
        outcome = fuzz(name, seconds, chosen.data, chosen.keep, chosen.seed)
        found.append(outcome)
        told = f"{outcome.inputs:7} inputs {outcome.edges:6} edges  {len(outcome.faults)} faults"
        print(f"{name:18} {told}", *outcome.faults, sep="\n    ", flush=True)
    if chosen.json:
        text = json.dumps([asdict(each) for each in found], indent=1)
        sys.stdout.write(text) if chosen.json == "-" else Path(chosen.json).write_text(text)
    sys.exit(any(outcome.faults for outcome in found))


if __name__ == "__main__":
    main()
