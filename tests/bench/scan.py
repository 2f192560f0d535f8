"""Times the exact int8 scan at every level: rows x dims into milliseconds and a ratio to NumPy.

Run from the repository root: python -m tests.bench.scan [--json PATH|-]. The levels take turns
within each round, so a busy moment hits them all; the medians of the rounds are compared.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from cairn import native
from cairn.native import scan


@dataclass(frozen=True, slots=True)
class Timing:
    level: str
    median_ms: float
    fastest_ms: float
    ratio_to_numpy: float


def measure(rows: int, dim: int, k: int, rounds: int) -> list[Timing]:
    random = np.random.default_rng(0)
    codes, scales = native.quantize(random.standard_normal((rows, dim)).astype(np.float32))
    query = random.standard_normal(dim).astype(np.float32)
    spent: dict[str, list[float]] = {level: [] for level in native.levels()}
    held = {level: scan.Rows(dim, level) for level in spent}
    for tier in held.values():
        tier.append(codes, scales)
        tier.search(query, k, way="exact")  # warm-up
    for _ in range(rounds):
        for level, times in spent.items():
            start = time.perf_counter()
            held[level].search(query, k, way="exact")
            times.append((time.perf_counter() - start) * 1e3)
    medians = {level: statistics.median(times) for level, times in spent.items()}
    return [
        Timing(level, medians[level], min(times), medians["numpy"] / medians[level])
        for level, times in spent.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--dim", type=int, default=384)
    parser.add_argument("-k", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--json", metavar="PATH", help="also write JSON there; - for stdout only")
    args = parser.parse_args()
    timings = measure(args.rows, args.dim, args.k, args.rounds)
    if args.json:
        report = {
            "rows": args.rows,
            "dim": args.dim,
            "k": args.k,
            "rounds": args.rounds,
            "levels": [asdict(timing) for timing in timings],
        }
        text = json.dumps(report, indent=2) + "\n"
        if args.json == "-":
            sys.stdout.write(text)
            return
        Path(args.json).write_text(text, encoding="utf-8")
    print(f"{args.rows} rows x {args.dim}, top {args.k}, median of {args.rounds}")
    for timing in timings:
        print(
            f"{timing.level:>13}  {timing.median_ms:8.3f} ms"
            f"  (fastest {timing.fastest_ms:.3f})  {timing.ratio_to_numpy:6.1f} x numpy"
        )


if __name__ == "__main__":
    main()
