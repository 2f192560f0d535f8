"""Native kernels against the libraries they stand in for: tables of medians, spreads and ratios.

Run from the repository root: python -m tests.bench.kernels [--only scan] [--json PATH|-]. Rival and
ours take turns in one process on the same vectors and threads, so a busy moment hits both; ratios
are of medians. Each family is a function of `FAMILIES` that yields rows as it gets to them.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.common import say, write_json

Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """A comparison; `must` is the ratio that was asked for, 0 where nothing was."""

    what: str
    ours_ms: float
    rival_ms: float
    ratio: float
    spread: float
    """Of the ratio: half of the distance between its quartiles over the rounds."""
    must: float
    note: str

    @property
    def is_met(self) -> bool:
        return not self.must or self.ratio <= self.must


def compare(
    what: str, ours: Call, rival: Call, rounds: int, must: float = 0.0, note: str = "",
    clock: Callable[[], int] = time.perf_counter_ns,
) -> Row:  # fmt: skip
    """Calls both in turns; a ratio below 1 says that ours is faster."""
    times: tuple[list[float], list[float]] = ([], [])
    for call in (ours, rival, ours, rival):
        call()
    for round in range(rounds):
        for which in (round % 2, 1 - round % 2):
            call = (ours, rival)[which]
            call()  # whoever went before has left the caches to himself
            start = clock()
            call()
            times[which].append((clock() - start) / 1e6)
    ratios = [mine / theirs for mine, theirs in zip(*times, strict=True)]
    low, _, high = statistics.quantiles(ratios, n=4)
    medians = statistics.median(times[0]), statistics.median(times[1])
    return Row(what, *medians, medians[0] / medians[1], (high - low) / 2, must, note)


def scan(cache: Path) -> Iterator[Row]:
    from tests.bench.kernels_scan import rows

    return rows(cache)


FAMILIES: Mapping[str, Callable[[Path], Iterator[Row]]] = {"scan": scan}
"""By name; each gets a folder where it may keep what takes long to make."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=FAMILIES, help="this family alone")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "cairn-bench")
    parser.add_argument("--json", metavar="PATH", help="also write JSON there; - for stdout only")
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[dict[str, object]]] = {}
    for name, family in FAMILIES.items():
        if args.only not in (None, name):
            continue
        for row in family(args.cache):
            found.setdefault(name, []).append(asdict(row) | {"met": row.is_met})
            asked = f"asked ≤ {row.must:g}×" if row.must else ""
            say(
                f"{'' if row.is_met else 'MISSED '}{row.what}: {row.ours_ms:.3f} ms against "
                f"{row.rival_ms:.3f}, {row.ratio:.2f}× ±{row.spread:.2f}  {asked}  {row.note}"
            )
    write_json(dict(found), args.json)


if __name__ == "__main__":
    main()
