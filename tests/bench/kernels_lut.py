"""Times products of low-bit matrices against ggml's own: stock and repacked, one column and many.

Run from the repository root: python -m tests.bench.kernels_lut [--json PATH|-] [--only TYPE]; the
rows of tests.bench.kernels are some of that, with ratios and what was asked of them.
All take turns within a round, over weights larger than the caches (--megabytes) or in the second-
level cache; one column is Gweights/s of the processor time of one thread, so that neighbours count
less, and the wall time of two threads. Bandwidth is what plain reading reaches in the same round.
"""

from __future__ import annotations

import argparse
import gc
import mmap
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cairn.native import lut
from tests.bench import kernels_ggml as ggml
from tests.bench.common import write_json
from tests.bench.kernels import Row, compare

COLS = 4096
CACHED_BYTES = 512 << 10
PREFILL_ROWS = 1024
PREFILL = (8, 128, 512)
REPACKED = ("q4_0", "q4_k", "q2_k")  # what ggml repacks on x86
ROWS_BYTES, ROUNDS = 320 << 20, 21
ASKED = {"q4_0": 1 / 2, "q2_k": 1 / 1.5, "tq2_0": 1 / 1.5}


@dataclass(frozen=True, slots=True)
class Rate:
    """Gweights/s (of one column) or GMAC/s (of many), and the spread of the rounds."""

    type: str
    case: str
    who: str
    median: float
    best: float
    lowest: float
    ratio: float  # of the medians: this to the better of ggml's two, or reading to reading


Run = Callable[[], None]


def huge(size: int) -> NDArray[np.uint8]:
    """Memory on large pages, as the device of native/ggml asks for too."""
    room = mmap.mmap(-1, size + (2 << 20), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        room.madvise(mmap.MADV_HUGEPAGE)
    whole = np.frombuffer(room, dtype=np.uint8)
    start = -whole.ctypes.data % (2 << 20)
    return whole[start : start + size]


def ours(kind: int, blocks: NDArray[np.uint8], rows: int, x: NDArray[np.float32]) -> lut.Packed:
    small = lut.pack(kind, rows, x.shape[1], blocks)
    packed = huge(small.bytes.nbytes)
    packed[:] = small.bytes
    return lut.Packed(kind, rows, x.shape[1], packed)


def our_run(packed: lut.Packed, x: NDArray[np.float32], threads: int = 1, times: int = 1) -> Run:
    """Quantizes and multiplies, as ggml's node does, in as many threads."""
    level = lut.levels(packed.kind)[-1]
    y = np.zeros((len(x), packed.rows), dtype=np.float32)
    step = -(-packed.rows // threads // 16) * 16
    starts = range(0, packed.rows, step)

    def run() -> None:
        def part(start: int) -> None:
            lut.run(level, packed, x, y, start, min(start + step, packed.rows), times)

        others = [threading.Thread(target=part, args=(start,)) for start in starts[1:]]
        for other in others:
            other.start()
        part(0)
        for other in others:
            other.join()

    return run


def reading(packed: lut.Packed) -> Run:
    def run() -> None:
        lut.read(packed.bytes)

    return run


def timed(runs: dict[str, Run], rounds: int, clock: Callable[[], float]) -> dict[str, list[float]]:
    spent: dict[str, list[float]] = {who: [] for who in runs}
    for run in runs.values():
        run()
    for _ in range(rounds):
        for who, run in runs.items():
            start = clock()
            run()
            spent[who].append(clock() - start)
    return spent


def repeated(run: Run, times: int) -> Run:
    def many() -> None:
        for _ in range(times):
            run()

    return many


def rates(
    name: str, case: str, spent: dict[str, list[float]], work: dict[str, float]
) -> list[Rate]:
    medians = {who: work[who] / statistics.median(times) / 1e9 for who, times in spent.items()}
    rival = max((rate for who, rate in medians.items() if who.startswith("ggml")), default=0.0)
    return [
        Rate(
            name,
            case,
            who,
            medians[who],
            work[who] / min(times) / 1e9,
            work[who] / max(times) / 1e9,
            medians[who] / rival if who == "ours" and rival else 1.0,
        )
        for who, times in spent.items()
    ]


def one_column(name: str, size: int, case: str, rounds: int, threads: int) -> list[Rate]:
    """Rows whose file takes `size` bytes times one column: decoding."""
    random = np.random.default_rng(0)
    kind = lut.TYPES[name]
    base = ggml.quantized(kind, random.standard_normal((128, COLS)).astype(np.float32))
    copies = max(1, size // base.nbytes)
    blocks, rows = np.tile(base, copies), 128 * copies
    x = random.standard_normal((1, COLS)).astype(np.float32)
    packed = ours(kind, blocks, rows, x)
    theirs = {"ggml": ggml.Product(kind, blocks, rows, x, False, threads)}
    if name in REPACKED:
        theirs["ggml repacked"] = ggml.Product(kind, blocks, rows, x, True, threads)
    del blocks
    times = 1 if size > (64 << 20) else 100
    runs: dict[str, Run] = {"ours": our_run(packed, x, threads, times)}
    runs |= {who: repeated(product.run, times) for who, product in theirs.items()}
    if times == 1 and threads == 1:
        runs["reading (GB/s)"] = reading(packed)
    work = dict.fromkeys(runs, float(rows * COLS * times))
    work["reading (GB/s)"] = float(packed.bytes.nbytes)
    clock = time.thread_time if threads == 1 else time.perf_counter
    spent = timed(runs, rounds, clock)
    for product in theirs.values():
        product.free()
    found = rates(name, case, spent, work)
    del packed, runs
    gc.collect()
    return found


def many_columns(name: str, count: int, rounds: int) -> list[Rate]:
    """A matrix of some rows times `count` columns: prefill."""
    random = np.random.default_rng(0)
    kind = lut.TYPES[name]
    blocks = ggml.quantized(kind, random.standard_normal((PREFILL_ROWS, COLS)).astype(np.float32))
    x = random.standard_normal((count, COLS)).astype(np.float32)
    theirs = {"ggml": ggml.Product(kind, blocks, PREFILL_ROWS, x, False, 1)}
    if name in REPACKED:
        theirs["ggml repacked"] = ggml.Product(kind, blocks, PREFILL_ROWS, x, True, 1)
    times = max(1, 16 // count)
    packed = ours(kind, blocks, PREFILL_ROWS, x)
    runs: dict[str, Run] = {"ours": our_run(packed, x, times=times)}
    runs |= {who: repeated(product.run, times) for who, product in theirs.items()}
    work = dict.fromkeys(runs, float(PREFILL_ROWS * COLS * count * times))
    spent = timed(runs, rounds, time.thread_time)
    for product in theirs.values():
        product.free()
    return rates(name, f"{count} columns", spent, work)


def rows() -> Iterator[Row]:
    """A column times weights from memory: each of ggml's ways, and what reading alone takes."""
    for name in ("q4_0", "q4_k", "q6_k", "q2_k", "tq2_0"):
        for threads in (1, 2) if name == "q4_0" else (1,):
            yield from rows_of(name, threads)


def rows_of(name: str, threads: int) -> Iterator[Row]:
    kind, chance = lut.TYPES[name], np.random.default_rng(0)
    base = ggml.quantized(kind, chance.standard_normal((128, COLS)).astype(np.float32))
    copies = ROWS_BYTES // base.nbytes
    blocks, height = np.tile(base, copies), 128 * copies
    x = chance.standard_normal((1, COLS)).astype(np.float32)
    packed = ours(kind, blocks, height, x)
    mine = our_run(packed, x, threads)
    clock = time.thread_time_ns if threads == 1 else time.perf_counter_ns
    what = f"{name} times a column, from memory, {threads} thread{'s' * (threads > 1)}"
    for repack in (True, False) if name in REPACKED else (False,):
        theirs = ggml.Product(kind, blocks, height, x, repack, threads)
        # What was asked is a gain on the better of ggml's ways.
        asked = ASKED.get(name, 0.0) if threads == 1 and repack == (name in REPACKED) else 0.0
        rival = f"{what}, against ggml{' repacked' * repack}"
        found = compare(rival, mine, theirs.run, ROUNDS, asked, clock=clock)
        theirs.free()
        yield replace(found, note=f"{height * COLS / found.ours_ms / 1e6:.1f} Gweights/s")
    if threads == 1:
        plain = compare(f"{what}, against reading", mine, reading(packed), ROUNDS, clock=clock)
        yield replace(plain, note=f"{packed.bytes.nbytes / plain.rival_ms / 1e6:.1f} GB/s read")


def run(names: list[str], megabytes: int, rounds: int) -> list[Rate]:
    found: list[Rate] = []
    for name in names:
        found += one_column(name, megabytes << 20, "memory, 1 thread", rounds, 1)
        found += one_column(name, megabytes << 20, "memory, 2 threads", rounds, 2)
        found += one_column(name, CACHED_BYTES, "cache, 1 thread", rounds, 1)
        for count in PREFILL:
            found += many_columns(name, count, max(3, rounds // 2))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=sorted(lut.TYPES), help="these types")
    parser.add_argument("--megabytes", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", metavar="PATH", help="also write JSON there; - for stdout only")
    args = parser.parse_args()
    names = args.only or [name for name, kind in lut.TYPES.items() if lut.levels(kind)]
    found = run(names, args.megabytes, args.rounds)
    write_json({"rates": [asdict(rate) for rate in found]}, args.json)
    if args.json == "-":
        return
    for rate in found:
        print(
            f"{rate.type:>6}  {rate.case:<18} {rate.who:<15} {rate.median:7.1f}"
            f"  ({rate.lowest:.1f} to {rate.best:.1f})"
            + (f"  {rate.ratio:5.2f} x ggml" if rate.who == "ours" else "")
        )


if __name__ == "__main__":
    main()
