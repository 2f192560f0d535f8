"""How fast does a model write and read by our kernels within llama.cpp, and by llama.cpp's own?

`python -m tests.bench.kernels_decode [--rounds N] [--threads 1,2] [--mix Q4_0,Q4_K_M] [--json -]`
on a dense model of a billion random weights: as it comes, repacked by llama.cpp, and ours, in turn.
One thread is timed by its processor's clock, so that others at work count for less.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from cairn.core.models.fit.kernels import settle
from tests.bench.common import say, write_json
from tests.models.dense import ONE_BILLION, make_dense
from tests.models.running import Running, likeness

_MIXES = ("Q4_0", "Q4_K_M")
_STRETCH = 6
"""Tokens that are written at a time."""
_PROMPT, _BATCH = 512, 256
_SAME, _SAME_ALONE = 96, 48
"""Tokens of which the scores are compared, and how many of them are read one by one."""
Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--mix", default=",".join(_MIXES))
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--json")
    options = parser.parse_args()
    threads = tuple(map(int, options.threads.split(",")))
    figures = run(options.rounds, tuple(options.mix.split(",")), threads)
    for mix, found in figures.items():
        for name, value in found.items():
            say(f"{mix:8} {name:44} {value}")
    write_json(figures, options.json)


def run(
    rounds: int = 6, mixes: tuple[str, ...] = _MIXES, threads: tuple[int, ...] = (1, 2)
) -> dict[str, Figures]:
    # A thread that spins while it waits makes everything slower as soon as the cores are busy.
    os.environ |= {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
    with tempfile.TemporaryDirectory() as folder:
        types = settle(Path(folder) / "kernels.json").types
        assert types is not None, "our kernels can't be used here"
        figures = {}
        for mix in mixes:
            model = make_dense(Path(folder) / "m.gguf", mix, ONE_BILLION)
            figures[mix] = _measure(model, types, rounds, threads)
            model.unlink()
    return figures


def _measure(model: Path, types: tuple[str, ...], rounds: int, threads: tuple[int, ...]) -> Figures:
    ways = {
        "stock": Running(model, None, batch=_BATCH),
        "repacked": Running(model, (), batch=_BATCH),
        "ours": Running(model, types, batch=_BATCH),
    }
    figures: Figures = {"types": ", ".join(types), **_likeness(ways)}
    for count in threads:
        for way in ways.values():
            way.use(count)
        figures |= _pace(ways, count, rounds)
    for way in ways.values():
        way.close()
    return figures


def _likeness(ways: dict[str, Running]) -> Figures:
    for way in ways.values():
        way.use(2)
    tokens = np.random.default_rng(3).integers(300, ways["stock"].words, _SAME).tolist()
    scores = {name: way.all_scores(tokens, _SAME_ALONE) for name, way in ways.items()}
    alone = ways["stock"].all_scores(tokens, _SAME - 1)
    found = {
        "ours_from_stock": likeness(scores["stock"], scores["ours"]),
        "repacked_from_stock": likeness(scores["stock"], scores["repacked"]),
        "stock_from_itself_one_by_one": likeness(scores["stock"], alone),
    }
    return {
        name: f"divergence {each.divergence:.1e}, same word {100 * each.agreed:.1f} %"
        for name, each in found.items()
    }


def _pace(ways: dict[str, Running], threads: int, rounds: int) -> Figures:
    chance = np.random.default_rng(4)
    clock = time.thread_time if threads == 1 else time.perf_counter
    alone: dict[str, list[float]] = {name: [] for name in ways}
    together: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        tokens = chance.integers(300, ways["stock"].words, _PROMPT).tolist()
        for name, way in ways.items():
            way.forget()
            if number % 3 == 0:
                together[name].append(
                    sum(way.read(tokens[at : at + _BATCH], at=at, clock=clock)
                        for at in range(0, _PROMPT, _BATCH))
                )  # fmt: skip
                way.forget()
            way.read(tokens[:_STRETCH])
            for at in range(_STRETCH, 2 * _STRETCH):
                alone[name].append(way.read([tokens[at]], at=at, clock=clock))
    return {
        **_told(alone, 1, f"writes_{threads}"),
        **_told(together, _PROMPT, f"reads_{threads}"),
    }


def _told(times: dict[str, list[float]], tokens: int, name: str) -> Figures:
    """Tokens a second, at the median; how many times as fast as the better of llama.cpp's ways."""
    medians = {way: statistics.median(taken) for way, taken in times.items()}
    least = {way: min(taken) for way, taken in times.items()}
    told: Figures = {f"{name}_{way}": round(tokens / taken, 2) for way, taken in medians.items()}
    for measure, taken in (("median", medians), ("best", least)):
        better = min(taken["stock"], taken["repacked"])
        told[f"{name}_gain_{measure}"] = round(better / taken["ours"], 3)
    return told


if __name__ == "__main__":
    main()
