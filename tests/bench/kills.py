"""kill -9 at random moments while a folder is indexed: what is lost, doubled, or needs a hand?

`python -m tests.bench.kills [--kills 50] [--files 500] [--seed 1] [--json PATH|-]`

Each round runs `cairn add` and kills the daemon, the model worker, the extractor or the command
itself after a random time. At the end one plain `cairn add` must finish, every file must be found
by a word that only it holds, and the journal, the table and the vectors must count the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from tests.bench.common import say, write_json

VICTIMS = ("daemon", "worker", "extractor", "command")
_WORDS = (
    "garden lease boiler holiday budget school river letter bridge winter market engine".split()
)


def make_files(folder: Path, count: int) -> None:
    """Small notes, each with a word of its own; every tenth is long enough for several passages."""
    folder.mkdir(parents=True)
    chance = random.Random(7)
    for number in range(count):
        lines = 60 if number % 10 == 0 else 3
        text = "\n\n".join(" ".join(chance.choices(_WORDS, k=20)) + "." for _ in range(lines))
        (folder / f"note{number:04}.md").write_text(
            f"# Note {number}\n\n{text}\n\nzq{number:04}x\n"
        )


def run_kills(base: Path, kills: int, files: int, seed: int) -> dict[str, object]:
    """Do it; the findings as figures, all zero but `kills` when nothing went wrong."""
    env = {**os.environ, "CAIRN_HOME": str(base / "home"), "CAIRN_CONFIG": str(base / "none.toml")}
    life = base / "life"
    make_files(life, files)
    chance = random.Random(seed)
    landed = dict.fromkeys(VICTIMS, 0)
    while sum(landed.values()) < kills:
        victim = VICTIMS[sum(landed.values()) % len(VICTIMS)]
        command = _cairn(env, "add", str(life))
        time.sleep(chance.uniform(0.05, 2.5))
        if _kill(victim, base / "home", command):
            landed[victim] += 1
        if command.poll() is None and victim == "command":
            command.kill()
        _end(command)
        if chance.random() < 0.3:  # something to do again
            file = life / f"note{chance.randrange(files):04}.md"
            file.write_text(file.read_text() + "\nAdded later.\n")
    last = _cairn(env, "add", str(life))
    last_code = last.wait(600)
    stop = _cairn(env, "daemon", "stop")
    stop.wait(60)
    return {**landed, "kills": kills, "last_add_exit": last_code, **_examine(base / "home", life)}


def _cairn(env: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "cairn.app", *arguments],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _end(command: subprocess.Popen[bytes]) -> None:
    """The command may go on with a new daemon; it is given a moment, not more."""
    try:
        command.wait(0.5)
    except subprocess.TimeoutExpired:
        command.kill()
        command.wait()


def _kill(victim: str, home: Path, command: subprocess.Popen[bytes]) -> bool:
    pid = command.pid if victim == "command" else _find(victim, home)
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _find(victim: str, home: Path) -> int | None:
    try:
        daemon = int(json.loads((home / "run" / "lock").read_text())["pid"])
        if victim == "daemon":
            return daemon
        module = {"worker": "models.worker", "extractor": "extract.child"}[victim]
        for task in Path(f"/proc/{daemon}/task").iterdir():
            for child in (task / "children").read_text().split():
                if module in Path(f"/proc/{child}/cmdline").read_text():
                    return int(child)
    except (OSError, ValueError, KeyError):
        return None
    return None


def _examine(home: Path, life: Path) -> dict[str, object]:
    engine = Engine(open_home(home), Config())
    try:
        health = engine.check()
        ids = engine.index.table._select(None, ["id"])["id"].to_pylist()
        lost = [
            file.name
            for file in sorted(life.iterdir())
            if not any(
                evidence.chunk.uri.endswith(file.name)
                for evidence in engine.search(f"zq{file.stem[4:]}x", 3).evidence
            )
        ]
        return {
            "files_lost": len(lost),
            "rows_doubled": len(ids) - len(set(ids)),
            "rows_off": abs(health.rows - health.chunks),
            "vectors_off": abs(health.hot - health.vectors) + health.chunks - health.vectors,
            "journal": health.journal,
            "queue_left": engine.waiting,
            "dead_letters": engine.journal.counts().dead,
        }
    finally:
        engine.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run_kills(Path(folder), options.kills, options.files, options.seed)
    for name, value in figures.items():
        say(f"{name:16} {value}")
    write_json(figures, options.json)


if __name__ == "__main__":
    main()
