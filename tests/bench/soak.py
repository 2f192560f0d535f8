"""The terminal UI kept open while files and a conversation change all the time: does anything grow?

`python -m tests.bench.soak [--minutes 5] [--files 400] [--json PATH|-]`

The UI is driven by Textual's Pilot from place to place beside a real daemon, and commands ask
meanwhile. Memory, the home's disk, processes and open files are sampled. Exit status 1 when one
of them grows in the second half, when journal, index and folder disagree in the end, when a turn of
a conversation is lost, or a log tells of a bug. A minute has as many changes as a busy day.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from cairn.app import client
from cairn.app.tui import door, footprint, kept
from cairn.app.tui.app import Cairn
from cairn.core.home import size_of
from tests.bench.common import say, write_json
from tests.bench.watching import Life, family
from tests.tui.driving import WIDE, Driver, typed, until

Json = dict[str, Any]
_WAVE, _WAVE_S, _SAMPLE_S = 120, 4.0, 5.0
_MAY_GROW = {"ui_mb": 2.0, "daemon_mb": 20.0, "disk_mb": 3.0, "logs_mb": 0.1, "open_files": 1.0}
"""By so much in a minute of the second half: what happened is remembered, and the index keeps some
versions a while."""
_PROCESSES = 5
"""The daemon, two that read files, one that embeds and one that finds answers."""
_LINE = (
    "{s:>5} s   UI {ui_mb:>5} MB   daemon {daemon_mb:>5} MB   disk {disk_mb:>5} MB   logs {logs_mb}"
    " MB   {processes} processes   {open_files:>3} files open   {queued:>4} of {events:>6} waiting"
)


class Stir(threading.Thread):
    """Files that are made, changed, renamed and deleted, and a conversation that goes on."""

    def __init__(self, life: Life, files: int, log: Path) -> None:
        super().__init__(daemon=True)
        self._life, self._files, self._log = life, files, log
        self._chance = random.Random(7)
        self.over = threading.Event()
        self.events = self.turns = self.questions = 0

    def run(self) -> None:
        while not self.over.wait(_WAVE_S):
            for _ in range(_WAVE):
                self._one(self._chance.randrange(self._files))
            self.speak()
            self._life.cairn("ask", f"what does note {self._chance.randrange(self._files)} say?")
            self.questions += 1

    def _one(self, number: int) -> None:
        path, turn = self._life.path(number), self._chance.random()
        aside = path.with_name(f"moved-{path.name}")
        self.events += 1
        if not path.exists() and aside.exists():
            aside.rename(path)
        elif not path.exists() or turn < 0.6:
            self._life.write(number, f"something new {turn}")
        elif turn < 0.8:
            path.unlink()
        else:
            path.rename(aside)

    def speak(self) -> None:
        self.turns += 1
        told = {
            "type": "user", "uuid": f"u{self.turns}", "sessionId": "s1", "cwd": "/x",
            "parentUuid": f"u{self.turns - 1}" if self.turns > 1 else None, "version": "2.0",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "message": {"role": "user", "content": f"Turn {self.turns} of the lighthouse"},
        }  # fmt: skip
        with self._log.open("a") as file:
            file.write(json.dumps(told) + "\n")


def own_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _walk(app: Cairn, pilot: Driver, step: int) -> None:
    """On to the next place, with something typed where something can be."""
    await pilot.press(("f2", "f3", "f6")[step % 3])
    if app.here == "search":
        app.place.query_one("#query").value = ""  # type: ignore[attr-defined]
        await typed(pilot, f"note says new {step}")
    elif app.here == "sources":
        await pilot.press("down", "up")
    await pilot.pause(0.5)


async def _keep_open(app: Cairn, pilot: Driver, stir: Stir, minutes: float) -> list[Json]:
    began, samples, step = time.monotonic(), [], 0
    while (at := time.monotonic() - began) < 60 * minutes:
        await _walk(app, pilot, step)
        step += 1
        if at >= len(samples) * _SAMPLE_S and app.latest.state:
            state = app.latest.state
            taken = await door.do(lambda: _taken(state["daemon"]["pid"]))  # noqa: B023
            queued, events = state["counts"]["queued"], stir.events
            sample = {"s": round(at), "ui_mb": round(own_mb(), 1), **taken}
            samples.append(sample | {"queued": queued, "events": events})
            if len(samples) % 6 == 1:
                say(_LINE.format(**samples[-1]))
    return samples


def _taken(pid: int) -> Json:
    home = Path(os.environ["CAIRN_HOME"])
    return {
        "daemon_mb": round(footprint.taken(pid) / 1e6, 1),
        "disk_mb": round(size_of(home) / 1e6, 1),
        "logs_mb": round(size_of(home / "logs") / 1e6, 3),
        "processes": len(family(pid)),
        "open_files": len(os.listdir(f"/proc/{pid}/fd")),
    }


def slope(samples: list[Json], name: str) -> float:
    """MB in a minute, over the second half, by least squares."""
    half = samples[len(samples) // 2 :]
    times, sizes = [each["s"] / 60 for each in half], [each[name] for each in half]
    mean, middle = sum(sizes) / len(sizes), sum(times) / len(times)
    spread = sum((time - middle) ** 2 for time in times)
    pairs = zip(times, sizes, strict=True)
    return sum((time - middle) * (size - mean) for time, size in pairs) / spread if spread else 0.0


async def _soak(life: Life, stir: Stir, minutes: float) -> tuple[list[Json], Json]:
    app = Cairn()
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: app.latest.state is not None)
        stir.start()
        try:
            samples = await _keep_open(app, pilot, stir, minutes)
        finally:
            stir.over.set()
        await door.do(stir.join)
        await door.do(life.settle)
        app.look()
        await until(pilot, lambda: not (app.latest.state or {"busy": True})["busy"], 60)
        return samples, dict(app.latest.state or {})


def run(base: Path, minutes: float, files: int) -> Json:
    life, log = Life(base, files), base / "chats" / "s1.jsonl"
    os.environ.update(life.env, HOME=str(base))
    life.env["HOME"] = str(base)
    log.parent.mkdir()
    stir = Stir(life, files, log)
    stir.speak()
    client.call("add", {"path": str(life.folder)})
    client.call("follow", {"path": str(log.parent), "kind": "claude-code"})
    kept.put("set_up", True)
    samples, state = asyncio.run(_soak(life, stir, minutes))
    logs = [path.read_text() for path in (base / "home" / "logs").glob("*.log")]
    return {
        "minutes": minutes, "events": stir.events, "samples": samples,
        **{f"{name}_per_min": round(slope(samples, name), 2) for name in _MAY_GROW},
        "questions": stir.questions, "processes": max(each["processes"] for each in samples),
        "turns": stir.turns + 2 * stir.questions, "turns_known": state["counts"]["turns"],
        "bugs": sum(text.count("Error at ") + text.count("Traceback") for text in logs),
        "after": life.differences(),
    }  # fmt: skip


def wrong(figures: Json) -> list[str]:
    after = {name: count for name, count in figures["after"].items() if name != "files" and count}
    return [
        *(f"{name} grows by {figures[f'{name}_per_min']} in a minute"
          for name, most in _MAY_GROW.items() if figures[f"{name}_per_min"] > most),
        *([f"there were {figures['processes']} processes"]
          if figures["processes"] > _PROCESSES else []),
        *([f"{figures['turns_known']} of {figures['turns']} turns are known"]
          if figures["turns_known"] != figures["turns"] else []),
        *([f"the logs tell of {figures['bugs']} bugs"] if figures["bugs"] else []),
        *([f"in the end they disagree: {after}"] if after else []),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            figures = run(Path(folder), options.minutes, options.files)
        finally:
            client.stop()
    say(json.dumps({name: value for name, value in figures.items() if name != "samples"}))
    write_json(figures, options.json)
    found = wrong(figures)
    for line in found:
        say(line)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
