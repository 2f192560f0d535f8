"""How fast a folder comes in: by name, by words, by meaning; and what a sweep of it costs later.

`python -m tests.bench.intake [--files 1000 5000 10000 50000] [--embed 1000] [--json PATH|-]`

For each size a folder of notes is listed, made findable by name, read by words and swept again;
at the first sizes up to `--embed` it is embedded too, and the estimate of the time left is compared
with what was left. Times are of this machine; rates per file between sizes are what to look at.
"""

from __future__ import annotations

import argparse
import random
import resource
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


def make_files(folder: Path, count: int) -> int:
    """Notes of one to five paragraphs in folders of a hundred; their bytes."""
    chance, size = random.Random(3), 0
    for number in range(count):
        place = folder / f"{number // 100:04}"
        place.mkdir(parents=True, exist_ok=True)
        paragraphs = (" ".join(chance.choices(_WORDS, k=40)) + "." for _ in range(1 + number % 5))
        text = f"# Note {number}\n\n" + "\n\n".join(paragraphs) + f"\n\nzq{number:06}x\n"
        (place / f"note-{number:06}.md").write_text(text)
        size += len(text)
    return size


def clock(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def run(base: Path, files: int, embed: bool) -> dict[str, object]:
    size = make_files(base / "life", files)
    engine = Engine(open_home(base / "home"), Config())
    try:
        listed = clock(lambda: engine.add(base / "life"))
        named = clock(lambda: engine.work(lambda: not engine.journal.pending("glance")))
        found = engine.search(f"note {files - 1:06}").evidence  # by its name, before it is read
        read = clock(lambda: engine.work(lambda: not engine.journal.pending()))
        counts = engine.journal.counts()
        result: dict[str, object] = {
            "files": files, "mb": round(size / 1e6, 1), "passages": counts.chunks,
            "accept_s": round(listed, 2), "by_name_s": round(named, 2),
            "by_name_files_per_s": round(files / (listed + named)),
            "found_by_name": bool(found), "by_words_s": round(read, 2),
            "by_words_passages_per_s": round(counts.chunks / read),
            "sweep_s": round(clock(engine.sweep), 2),
            "engine_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }  # fmt: skip
        if embed:
            result |= _embedded(engine, size, listed + named + read)
        return result
    finally:
        engine.close()


def _embedded(engine: Engine, size: int, before_s: float) -> dict[str, object]:
    """The rest of the way, with the estimate noted ten times a second."""
    notes: list[tuple[float, float]] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            now = engine.progress
            if now.stage == "embed" and now.eta_s is not None:
                notes.append((time.perf_counter(), now.eta_s))

    thread = threading.Thread(target=watch)
    thread.start()
    took = clock(engine.work)
    end = time.perf_counter()
    over.set()
    thread.join()
    # Against the whole time: at the very end any absolute error is a large part of what is left.
    errors = sorted(abs(eta - (end - at)) / took for at, eta in notes)
    passages = engine.journal.counts().chunks
    return {
        "by_meaning_s": round(took, 1), "embed_passages_per_s": round(passages / took),
        "whole_passages_per_s": round(passages / (took + before_s)),
        "whole_mb_per_s": round(size / 1e6 / (took + before_s), 3),
        "embed_share": round(took / (took + before_s), 3),
        "eta_error_median": round(errors[len(errors) // 2], 3) if errors else None,
        "eta_error_worst": round(errors[-1], 3) if errors else None,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=[1000, 5000, 10000, 50000])
    parser.add_argument("--embed", type=int, default=1000)
    parser.add_argument("--json")
    options = parser.parse_args()
    rows = []
    for files in options.files:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(run(Path(folder), files, files <= options.embed))
        say(str(rows[-1]))
    if options.json:
        write_json(options.json, {"rows": rows})


if __name__ == "__main__":
    main()
