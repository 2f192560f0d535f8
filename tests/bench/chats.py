"""How fast conversations come in, and in how much memory: into the journal, by words, by meaning.

`python -m tests.bench.chats [--turns 25000 100000] [--export-mb 1000] [--json PATH|-]`

Each size is a home of its own, filled from one turns.jsonl of conversations of 500 turns; then a
ChatGPT export of so many megabytes is streamed. Memory is that of the engine and of the extractor,
at each quarter of the way: flat means that a larger import takes no more.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from tests.bench.common import say, write_json

_WORDS = (
    "garden lease boiler holiday budget school river letter bridge winter market engine".split()
)
_PER_CONVERSATION = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, nargs="*", default=[25_000, 100_000])
    parser.add_argument("--export-mb", type=int, default=0)
    parser.add_argument("--embed-s", type=float, default=20)
    parser.add_argument("--json")
    options = parser.parse_args()
    figures: dict[str, object] = {}
    for count in options.turns:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "all.turns.jsonl"
            write_turns(path, count)
            figures[f"turns_{count}"] = run(Path(folder) / "home", path, options.embed_s)
    if options.export_mb:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "conversations.json"
            write_export(path, options.export_mb)
            figures[f"export_{options.export_mb}_mb"] = run(Path(folder) / "home", path, 0)
    write_json(figures, options.json)


def write_turns(path: Path, count: int) -> None:
    chance = random.Random(5)
    with path.open("w") as file:
        for number in range(count):
            conversation, place = divmod(number, _PER_CONVERSATION)
            minute = (number * 7) % (60 * 24 * 300)
            day, rest = divmod(minute, 60 * 24)
            hour = f"{rest // 60:02}:{rest % 60:02}"
            record = {
                "conversation": f"c{conversation}", "title": f"About {_WORDS[conversation % 12]}",
                "id": str(place), "author": ("Anna", "")[place % 2],
                "origin": ("user", "assistant")[place % 2], "text": _said(chance, number),
                "time": f"2026-{1 + day // 28:02}-{1 + day % 28:02}T{hour}:00Z",
            }  # fmt: skip
            file.write(json.dumps(record) + "\n")


def write_export(path: Path, megabytes: int) -> None:
    """As ChatGPT writes it: all of it one line of JSON."""
    chance, number = random.Random(5), 0
    with path.open("w") as file:
        file.write("[")
        while file.tell() < megabytes * 1_000_000:
            nodes = {"root": {"id": "root", "message": None, "parent": None, "children": ["n0"]}}
            for place in range(100):
                nodes[f"n{place}"] = {
                    "id": f"n{place}", "parent": f"n{place - 1}" if place else "root",
                    "children": [f"n{place + 1}"] if place < 99 else [],
                    "message": {
                        "id": f"m{number}-{place}", "create_time": 1_700_000_000 + number * 60,
                        "author": {"role": ("user", "assistant")[place % 2], "name": None},
                        "content": {"content_type": "text", "parts": [_said(chance, number) * 4]},
                        "metadata": {"model_slug": "x" * 40, "padding": "y" * 300},
                    },
                }  # fmt: skip
            whole = {
                "id": f"c{number}", "title": f"Chat {number}", "create_time": 1_700_000_000,
                "update_time": 1_700_000_000 + number, "current_node": "n99", "mapping": nodes,
            }  # fmt: skip
            file.write(("," if number else "") + json.dumps(whole))
            number += 1
        file.write("]")


def _said(chance: random.Random, number: int) -> str:
    return " ".join(chance.choices(_WORDS, k=25)) + f" zq{number:06}x."


class Memory:
    """Samples what the engine and its extractor hold, and keeps the highest of each quarter."""

    def __init__(self, engine: Engine, share: Callable[[], float]) -> None:
        self._engine = engine
        self._share = share
        self._over = threading.Event()
        self.engine_mb, self.extractor_mb = [0.0] * 4, [0.0] * 4
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self) -> None:
        while not self._over.wait(0.1):
            quarter = min(3, int(self._share() * 4))
            self.engine_mb[quarter] = max(self.engine_mb[quarter], _rss_mb("self"))
            if pid := self._engine.reading.pid:
                held = self.extractor_mb[quarter]
                self.extractor_mb[quarter] = max(held, _rss_mb(str(pid)))

    def stop(self) -> dict[str, list[int]]:
        self._over.set()
        self._thread.join()
        return {
            "engine_mb_by_quarter": [round(value) for value in self.engine_mb],
            "extractor_mb_by_quarter": [round(value) for value in self.extractor_mb],
        }


def _rss_mb(pid: str) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * 4096 / 1e6


def run(home: Path, path: Path, embed_s: float) -> dict[str, object]:
    engine = Engine(open_home(home), Config())
    try:
        return _measure(engine, path, embed_s)
    finally:
        engine.close()


def _measure(engine: Engine, path: Path, embed_s: float) -> dict[str, object]:
    journal, size = engine.journal, path.stat().st_size
    expected = size / 1000  # only for the quarters

    started = time.perf_counter()
    memory = Memory(engine, lambda: journal.counts().turns / max(1.0, expected))
    engine.conversations.take_in(path)
    expected = _turns_of(path)
    engine.work(lambda: not journal.waiting("transcript"))
    taken_s, held = time.perf_counter() - started, memory.stop()
    turns = journal.counts().turns

    if not embed_s:  # an export is here for the memory that streaming it takes
        return _told({
            "turns": turns, "mb": round(size / 1e6), "into_journal_s": round(taken_s, 1),
            "into_journal_turns_per_s": round(turns / taken_s), "journal_memory": held,
        })  # fmt: skip
    parts = journal.waiting("file")
    memory = Memory(engine, lambda: 1 - journal.waiting("file") / max(1, parts))
    started = time.perf_counter()
    engine.work(lambda: not journal.waiting("file"))
    words_s, held_by_words = time.perf_counter() - started, memory.stop()
    counts = journal.counts()

    deadline = time.monotonic() + embed_s
    started = time.perf_counter()
    engine.work(lambda: time.monotonic() > deadline)
    per_s = journal.counts().vectors / (time.perf_counter() - started)

    started = time.perf_counter()
    engine.conversations.take_in(path)
    engine.work(lambda: not journal.waiting("transcript"))
    again_s = time.perf_counter() - started
    assert journal.counts().turns == turns
    return _told({
        "turns": turns, "conversations": counts.conversations, "mb": round(size / 1e6),
        "passages": counts.chunks, "into_journal_turns_per_s": round(turns / taken_s),
        "into_journal_s": round(taken_s, 1), "journal_memory": held,
        "words_turns_per_s": round(turns / words_s), "words_memory": held_by_words,
        "embedded_passages_per_s": round(per_s), "same_again_s": round(again_s, 1),
        "journal_mb": round((engine.home.journal.stat().st_size) / 1e6),
    })  # fmt: skip


def _told(result: dict[str, object]) -> dict[str, object]:
    for name, value in result.items():
        say(f"{name:28} {value}")
    return result


def _turns_of(path: Path) -> float:
    """Known beforehand for turns.jsonl; guessed from the size of an export."""
    if path.suffix == ".jsonl":
        with path.open("rb") as file:
            return float(sum(1 for _ in file))
    return path.stat().st_size / 1400


if __name__ == "__main__":
    main()
