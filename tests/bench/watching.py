"""The daemon over many files: what it takes when nothing happens, what a burst of changes loses.

`python -m tests.bench.watching [--files 50000] [--burst 10000] [--idle 60] [--json PATH|-]`

Small notes are indexed and left alone: processor time and memory of the daemon and its children.
Then a burst of writes, renames and deletions, once undisturbed and once with a kill -9 of the
daemon in the middle. Afterwards the journal, the index and the folder must name the same files,
each once, before and after a last sweep.
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
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.uris import uri_path
from tests.bench.common import say, write_json

Json = dict[str, Any]
_TICKS = os.sysconf("SC_CLK_TCK")


class Life:
    def __init__(self, base: Path, files: int) -> None:
        self.home, self.folder = base / "home", base / "life"
        self.env = {
            **os.environ, "CAIRN_HOME": str(self.home), "CAIRN_CONFIG": str(base / "none.toml"),
            "CAIRN_WATCH_QUIET_S": "1", "CAIRN_DAEMON_IDLE_EXIT_S": "100000",
        }  # fmt: skip
        for number in range(files):
            self.write(number, "at first")

    def path(self, number: int) -> Path:
        return self.folder / f"{number // 200:04}" / f"n{number:06}.md"

    def write(self, number: int, what: str) -> None:
        path = self.path(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Note {number} says {what}.\n")

    def cairn(self, *words: str) -> Json:
        json_too = [] if words == ("daemon", "stop") else ["--json"]
        command = [sys.executable, "-P", "-m", "cairn.app", *words, *json_too]
        done = subprocess.run(command, capture_output=True, text=True, env=self.env, check=False)
        return dict(json.loads(done.stdout)["data"]) if done.stdout and json_too else {}

    def settle(self) -> float:
        """Wait until nothing has been queued for a while; seconds."""
        started, calm = time.perf_counter(), 0
        while calm < 6:
            state = self.cairn("status")
            busy = state["counts"]["queued"] + state["counts"]["to_embed"] or state["busy"]
            calm = 0 if busy else calm + 1
            time.sleep(0.5)
        return time.perf_counter() - started

    def burst(self, count: int, chance: random.Random) -> None:
        """Writes, renames to and fro, deletions and new files, as fast as they go."""
        numbers = chance.sample(range(200_000), count)
        for number in numbers:
            path = self.path(number)
            if not path.exists() or chance.random() < 0.5:
                self.write(number, f"something new {chance.random()}")
            elif chance.random() < 0.5:
                path.unlink()
            else:
                path.rename(path.with_name(f"moved-{path.name}"))

    def differences(self) -> Json:
        """What journal, index and folder disagree about; all zero when all is well."""
        self.cairn("daemon", "stop")
        there = set(self.folder.rglob("*.md"))
        engine = Engine(open_home(self.home), Config())
        try:
            known = {uri_path(record.uri) for record in engine.folders.files(self.folder)}
            rows = [uri for _, uri, _ in engine.index.table.places("true")]
            held = Counter(
                uri_path(uri) for uri in rows if uri_path(uri).is_relative_to(self.folder)
            )
            stale = engine.sweep()
            health = engine.check()
        finally:
            engine.close()
        return {
            "files": len(there), "lost": len(there - known), "too_many": len(known - there),
            "not_in_index": len(there - held.keys()), "left_in_index": len(held.keys() - there),
            "doubled": sum(count > 1 for count in held.values()), "found_by_last_sweep": stale,
            "rows_against_passages": health.rows - health.chunks,
        }  # fmt: skip


def family(pid: int) -> set[int]:
    """A process and its children."""
    found = {pid}
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            found.update(map(int, (thread / "children").read_text().split()))
    return found


def usage(pid: int) -> tuple[float, float]:
    """Processor seconds and megabytes of a process and its children."""
    seconds = memory = 0.0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / _TICKS
        memory += int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return seconds, memory


def run(base: Path, files: int, burst: int, idle_s: float) -> Json:
    life, chance = Life(base, files), random.Random(5)
    life.cairn("add", str(life.folder))
    figures: Json = {"files": files, "settled_s": round(life.settle(), 1)}
    time.sleep(45)  # children that are not needed leave
    pid = int(life.cairn("status")["daemon"]["pid"])
    before, _ = usage(pid)
    time.sleep(idle_s)
    after, memory = usage(pid)
    own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    figures |= {
        "idle_cpu_share": round((after - before) / idle_s, 4),
        "daemon_rss_mb": round(own), "all_rss_mb": round(memory),
    }  # fmt: skip
    say(str(figures))
    life.burst(burst, chance)
    figures["burst_settled_s"] = round(life.settle(), 1)
    figures["after_burst"] = life.differences()
    say(str(figures))
    life.cairn("status")
    life.burst(burst // 2, chance)
    time.sleep(1.5)
    os.kill(int(life.cairn("status")["daemon"]["pid"]), signal.SIGKILL)
    life.burst(burst // 2, chance)
    life.cairn("status")
    life.settle()
    figures["after_kill"] = life.differences()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--burst", type=int, default=10_000)
    parser.add_argument("--idle", type=float, default=60)
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(Path(folder), options.files, options.burst, options.idle)
    say(json.dumps(figures, indent=1))
    if options.json:
        write_json(figures, options.json)


if __name__ == "__main__":
    main()
