"""Whole-process times of the ten most used commands, over an empty two-command typer app.

`python -m tests.bench.startup [--chunks 2000] [--runs 15] [--json PATH|-]`

Makes a home with about that many passages, then runs the empty app and each command in turn, so
that a machine that gets slower meanwhile slows both. The median of the pairwise ratios counts; what
the daemon works at a command (`status` asks it to count) is in it.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.common import say, write_json

EMPTY = """
import typer
app = typer.Typer()
@app.command()
def one() -> None:
    pass
@app.command()
def two() -> None:
    pass
app()
"""
COMMANDS = {
    "--help": ["--help"],
    "ask": ["ask", "what did we decide about the bakery invoice?"],
    "search": ["search", "garden", "budget", "invoice"],
    "show": ["show", "1"],
    "status": ["status"],
    "remember": ["remember", "the spare key is with Ben"],
    "add": ["add", "{life}"],
    "tree": ["tree"],
    "changes": ["changes"],
    "open": ["open", "--print", "1"],
}
"""By what they are called; `add` has nothing new to read."""
_WORDS = """garden lease boiler holiday budget school river letter bridge winter market engine
ticket window doctor kitchen paint invoice harvest music cable photo weather bakery""".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chunks", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = _measure(Path(folder), options.chunks, options.runs)
    write_json(figures, options.json)


def _measure(base: Path, chunks: int, runs: int) -> dict[str, float]:
    env = {**os.environ, "CAIRN_HOME": str(base / "home"), "CAIRN_CONFIG": str(base / "none.toml")}
    cairn = shutil.which("cairn", path=str(Path(sys.executable).parent)) or "cairn"
    (base / "empty.py").write_text(EMPTY)
    _make_notes(base / "life", chunks)
    say(f"indexing about {chunks} passages …")
    started = time.perf_counter()
    subprocess.run([cairn, "add", str(base / "life")], env=env, check=True, capture_output=True)
    say(f"  took {time.perf_counter() - started:.0f} s")
    empty = [sys.executable, str(base / "empty.py")]
    subprocess.run(
        [cairn, "remember", "The key is with Ben."], env=env, check=True, capture_output=True
    )
    figures: dict[str, float] = {}
    for name, arguments in COMMANDS.items():
        command = [cairn, *(word.format(life=base / "life") for word in arguments)]
        rival = [*empty, "--help" if name == "--help" else "one"]
        pairs = [(timed(command, env), timed(rival, env)) for _ in range(runs + 2)][2:]
        ratios = sorted(mine / theirs for mine, theirs in pairs)
        figures[name] = statistics.median(ratios)
        say(f"{name:10} {statistics.median(m for m, _ in pairs) * 1e3:6.0f} ms, empty app "
            f"{statistics.median(t for _, t in pairs) * 1e3:4.0f} ms, ratio "
            f"{figures[name]:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")  # fmt: skip
    subprocess.run([cairn, "daemon", "stop"], env=env, check=True, capture_output=True)
    return figures


def _make_notes(folder: Path, chunks: int) -> None:
    """Sections of one passage each, twenty to a file."""
    folder.mkdir()
    chance = random.Random(5)
    for number in range(chunks // 20):
        sections = [
            f"## Part {part}\n\n" + " ".join(chance.choices(_WORDS, k=40)) + ".\n"
            for part in range(20)
        ]
        (folder / f"note{number:05}.md").write_text(f"# Note {number}\n\n" + "\n".join(sections))


def timed(command: list[str], env: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
