"""How fast does a model write and read by our kernels within llama.cpp, and by llama.cpp's own?

`python -m tests.bench.kernels_decode [--rounds N] [--threads 1,2] [--mix Q4_0,Q4_K_M] [--json -]`
on a dense model of a billion random weights: as it comes, repacked by llama.cpp, and ours, in turn.
One thread is timed by its processor's clock, so that others at work count for less. The rows of
tests.bench.kernels are these, with ratios and what was asked of them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.fit.kernels import settle
from cairn.core.models.fit.shape import shape_of
from cairn.native import lut
from tests.bench.common import say, write_json
from tests.bench.kernels import Alike, Row, row
from tests.bench.kernels_lut import huge
from tests.models.dense import ONE_BILLION, make_dense
from tests.models.running import Running, likeness
from tests.models.trained import tokens_of, train

ROOT = Path(__file__).parents[2]
_MIXES = ("Q4_0", "Q4_K_M")
# A thread that spins while it waits makes everything slower as soon as the cores are busy.
_QUIET = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
_LEARNED, _ASKED = 4000, 300
"""Bytes of text that a small model learns from, and that it is asked about."""
_STRETCH = 6
"""Tokens that are written at a time."""
_PROMPT, _BATCH = 256, 256
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


def rows(rounds: int = 6) -> Iterator[Row | Alike]:
    os.environ |= _QUIET
    with tempfile.TemporaryDirectory() as folder:
        types = _types(Path(folder))
        yield from trained(Path(folder), types)
        for mix in _MIXES:
            model = make_dense(Path(folder) / "m.gguf", mix, ONE_BILLION)
            ways = _ways(model, types)
            for way in ways.values():
                way.use(2)
            tokens = np.random.default_rng(3).integers(300, ways["stock"].words, _SAME).tolist()
            yield alike(f"scores of {mix}, a billion random weights", ways, tokens, _SAME_ALONE)
            for threads in (1, 2):
                yield from _rows(mix, _read_a_token(model), ways, threads, rounds)
            for way in ways.values():
                way.close()
            model.unlink()


def _rows(
    mix: str, size: int, ways: dict[str, Running], threads: int, rounds: int
) -> Iterator[Row]:
    for way in ways.values():
        way.use(threads)
    limit = memory_s(size, threads)
    for kind, times in zip(("write", "read"), _times(ways, threads, rounds), strict=True):
        medians = {way: statistics.median(taken) for way, taken in times.items()}
        better = min(("stock", "repacked"), key=lambda way: medians[way])
        count = 1 if kind == "write" else _PROMPT
        told = [f"{way} {count / taken:.1f}" for way, taken in medians.items()]
        if kind == "write":
            told.append(f"memory allows {1 / limit:.1f}")
        mine, theirs = ([1e3 * second / count for second in times[way]] for way in ("ours", better))
        yield row(
            f"{kind} a token, {mix}, {threads} thread{'s' * (threads > 1)}, against {better}",
            mine, theirs, 1 / 1.5 if kind == "write" else 1.0, "tokens/s: " + ", ".join(told),
        )  # fmt: skip


def _read_a_token(model: Path) -> int:
    return shape_of(read_header(model)).active_size


def memory_s(size: int, threads: int) -> float:
    """How long it takes to read so many bytes once."""
    parts = [huge(size // threads) for _ in range(threads)]
    for part in parts:
        part[::4096] = 1
    taken = []
    for _ in range(5):
        readers = [threading.Thread(target=lut.read, args=(part,)) for part in parts[1:]]
        started = time.perf_counter()
        for reader in readers:
            reader.start()
        lut.read(parts[0])
        for reader in readers:
            reader.join()
        taken.append(time.perf_counter() - started)
    return min(taken)


def trained(folder: Path, types: tuple[str, ...]) -> Iterator[Alike]:
    """A small model that has learned from this repository's texts, on others of them."""
    texts = b"\n".join(path.read_bytes() for path in sorted(ROOT.glob("docs/*.md")))
    for mix in _MIXES:
        model, loss = train(folder / "t.gguf", mix, texts[:_LEARNED])
        ways = _ways(model, types)
        held = tokens_of(texts[-_ASKED:])
        note = f"{loss:.2f} nats a byte"
        yield alike(f"scores of {mix}, a small model trained here", ways, held, 100, note)
        for way in ways.values():
            way.close()


def alike(
    what: str, ways: dict[str, Running], tokens: list[int], alone: int, note: str = ""
) -> Alike:
    scores = {name: way.all_scores(tokens, alone) for name, way in ways.items()}
    found, other = (likeness(scores["stock"], scores[name]) for name in ("ours", "repacked"))
    theirs = f"llama.cpp's own, repacked: {other.divergence:.1e}, {100 * other.agreed:.1f} %"
    return Alike(what, found.divergence, found.agreed, f"{note} {theirs}".strip())


def run(
    rounds: int = 6, mixes: tuple[str, ...] = _MIXES, threads: tuple[int, ...] = (1, 2)
) -> dict[str, Figures]:
    os.environ |= _QUIET
    with tempfile.TemporaryDirectory() as folder:
        types = _types(Path(folder))
        figures = {}
        for mix in mixes:
            model = make_dense(Path(folder) / "m.gguf", mix, ONE_BILLION)
            figures[mix] = _measure(model, types, rounds, threads)
            model.unlink()
    return figures


def _types(folder: Path) -> tuple[str, ...]:
    types = settle(folder / "kernels.json").types
    assert types is not None, "our kernels can't be used here"
    return types


def _ways(model: Path, types: tuple[str, ...]) -> dict[str, Running]:
    return {
        "stock": Running(model, None, batch=_BATCH),
        "repacked": Running(model, (), batch=_BATCH),
        "ours": Running(model, types, batch=_BATCH),
    }


def _measure(model: Path, types: tuple[str, ...], rounds: int, threads: tuple[int, ...]) -> Figures:
    ways = _ways(model, types)
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
    alone, together = _times(ways, threads, rounds)
    return {
        **_told(alone, 1, f"writes_{threads}"),
        **_told(together, _PROMPT, f"reads_{threads}"),
    }


def _times(
    ways: dict[str, Running], threads: int, rounds: int
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Seconds of each token that was written, and of each text that was read."""
    chance = np.random.default_rng(4)
    clock = time.thread_time if threads == 1 else time.perf_counter
    alone: dict[str, list[float]] = {name: [] for name in ways}
    together: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        tokens = chance.integers(300, ways["stock"].words, _PROMPT).tolist()
        for name, way in ways.items():
            way.forget()
            if number < 3:
                together[name].append(
                    sum(way.read(tokens[at : at + _BATCH], at=at, clock=clock)
                        for at in range(0, _PROMPT, _BATCH))
                )  # fmt: skip
                way.forget()
            way.read(tokens[:_STRETCH])
            for at in range(_STRETCH, 2 * _STRETCH):
                alone[name].append(way.read([tokens[at]], at=at, clock=clock))
    return alone, together


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
