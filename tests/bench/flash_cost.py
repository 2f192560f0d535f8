"""Does a token cost what the cost model says? Models read as they are needed, beside what it says.

`python -m tests.bench.flash_cost [--tokens N] [--threads N] [--json -]` makes models of 740 MB. How
fast the disk is and how long a token takes in memory are measured apart, as the planner knows them;
"by its own" takes both from the run itself, which holds on a busy machine too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.fit.shape import Shape, shape_of
from cairn.core.models.offload.choosing import choose, least, work_of
from cairn.core.models.offload.cost import CHANCE, USUAL, cost
from cairn.core.models.offload.opening import open_store
from cairn.core.models.offload.reads import Reads, measure
from cairn.native import flash
from tests.bench.common import say, write_json
from tests.models.large import ABOUT_740_MB, make_large
from tests.models.running import Running

_MODELS = {"experts": USUAL, "uniform": CHANCE, "dense": USUAL}
_SHARES = (0.3, 0.5, 0.7)
_FILLING = 32
"""Tokens before any are timed."""
_WITHIN = 1.3
_MB = 1e6
Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=40)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--models", default=",".join(_MODELS))
    parser.add_argument("--json")
    options = parser.parse_args()
    figures = run(options.tokens, options.threads, tuple(options.models.split(",")))
    titles = ("ms/token", "expected", "ratio", "by its own", "MB read", "expected", "ratio")
    say(f"{'':14}" + "".join(f"{title:>11}" for title in titles))
    for name, each in figures["runs"].items():
        told = ("ms", "expected_ms", "ratio", "own_ratio", "mb", "expected_mb", "mb_ratio")
        say(f"{name:14}" + "".join(f"{each[title]:11.2f}" for title in told))
    say(f"within 30 %: {figures['within']} of {len(figures['runs'])}")
    write_json(figures, options.json)


def run(tokens: int = 40, threads: int = 2, models: tuple[str, ...] = tuple(_MODELS)) -> Figures:
    # A thread that spins while it waits makes everything slower as soon as the cores are busy.
    os.environ |= {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
    runs: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in models:
            path = make_large(Path(folder) / "m.gguf", ABOUT_740_MB[name])
            os.sync()
            for share in _SHARES:
                runs[f"{name} {share}"] = _compare(path, share, _MODELS[name], tokens, threads)
            path.unlink()
    right = [each for each in runs.values() if 1 / _WITHIN < each["ratio"] < _WITHIN]
    return {"runs": runs, "within": len(right)}


def _compare(path: Path, share: float, locality: float, tokens: int, threads: int) -> Figures:
    shape = shape_of(read_header(path))
    # Both before and after, as others may be at work meanwhile.
    disks, compute = [measure(path)], [_in_memory(path, threads, tokens // 2)]
    offload = choose(shape, max(least(shape), round(share * shape.loose)))
    if reason := flash.attach():
        raise SystemExit(f"nothing can be read as it is needed here: {reason}")
    store = open_store(read_header(path), offload)
    model = Running(path, None, store=store)
    model.use(threads)
    _write(model, 0, _FILLING)
    begun = store.statistics()
    times = _write(model, _FILLING, tokens)
    told = store.statistics()
    model.close()
    disks += [measure(path) for _ in range(2)]
    compute.append(_in_memory(path, threads, tokens // 2))
    reads = min(disks, key=lambda each: each.seconds(_MB, _MB / 4))
    expected = _expected(shape, offload.budget, reads, min(compute), locality)
    measured_s, read = _usual(times), (told.read_bytes - begun.read_bytes) / tokens
    waited_s = (told.waited_s - begun.waited_s) / tokens
    reading_s = (told.read_s - begun.read_s) / tokens
    # What the run itself says of disk and processor: others at work don't spoil that.
    mean_s = statistics.mean(times)
    own = _expected(
        shape, offload.budget, Reads(0.0, read / max(reading_s, 1e-9)),
        max(0.0, mean_s - waited_s), locality,
    )  # fmt: skip
    return {
        "ms": 1e3 * measured_s, "expected_ms": 1e3 * expected[0],
        "ratio": measured_s / expected[0], "own_ratio": mean_s / own[0],
        "mb": read / 1e6, "expected_mb": expected[1] / 1e6,
        "mb_ratio": read / max(1.0, expected[1]), "compute_ms": 1e3 * min(compute),
        "disk": [reads.wait_s, reads.rate], "floor_ms": 1e3 * expected[2],
        "waited_ms": 1e3 * waited_s, "reading_ms": 1e3 * reading_s,
    }  # fmt: skip


def _expected(
    shape: Shape, budget: int, reads: Reads, token_s: float, locality: float
) -> tuple[float, float, float]:
    """Seconds and bytes for a token, and the seconds that no way of reading could go below."""
    found = cost(work_of(shape, token_s, locality), budget, reads)
    return found.token_s, found.read, found.floor_s


def _in_memory(path: Path, threads: int, tokens: int) -> float:
    """Seconds for a token, by llama.cpp alone."""
    model = Running(path, None)
    model.use(threads)
    _write(model, 0, 4)
    found = _usual(_write(model, 4, tokens))
    model.close()
    return found


def _usual(times: list[float]) -> float:
    """Of most tokens, were nobody else at work: the better third where somebody is."""
    is_calm = os.getloadavg()[0] < 2 * (os.cpu_count() or 1)
    return statistics.median(times) if is_calm else statistics.quantiles(times, n=10)[2]


def _write(model: Running, at: int, count: int) -> list[float]:
    """Seconds of each; the likeliest words, as a text goes on."""
    token, times = (int(model.scores().argmax()) if at else 4000), []
    for place in range(at, at + count):
        started = time.perf_counter()
        model.read([token], at=place)
        times.append(time.perf_counter() - started)
        token = int(model.scores().argmax())
    return times


if __name__ == "__main__":
    main()
