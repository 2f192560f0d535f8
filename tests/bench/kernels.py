"""Native kernels against the libraries they stand in for: tables of medians, spreads and ratios.

Run from the repository root: python -m tests.bench.kernels [--only lut] [--json PATH|-]. Rival and
ours take turns in one process on the same data and threads, so a busy moment hits both; ratios
are of medians. Each family is a function of `FAMILIES` that yields rows as it gets to them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.common import say, write_json

Call = Callable[[], object]
_MOST_APART, _LEAST_AGREED = 1e-3, 0.995


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

    def __str__(self) -> str:
        asked = f"asked ≤ {self.must:.3g}×" if self.must else ""
        return (
            f"{self.what}: {self.ours_ms:.3f} ms against {self.rival_ms:.3f}, {self.ratio:.2f}× "
            f"±{self.spread:.2f}  {asked}  {self.note}"
        )


@dataclass(frozen=True, slots=True)
class Alike:
    """What comes out of a model by ours, beside what does by the library."""

    what: str
    divergence: float
    """The largest, of one's chances from the other's."""
    agreed: float
    """How often both find the same likeliest."""
    note: str = ""

    @property
    def is_met(self) -> bool:
        return self.divergence < _MOST_APART and self.agreed >= _LEAST_AGREED

    def __str__(self) -> str:
        return (
            f"{self.what}: divergence {self.divergence:.1e}, the same likeliest in "
            f"{100 * self.agreed:.1f} %  asked < {_MOST_APART:g} and ≥ {100 * _LEAST_AGREED:g} %  "
            f"{self.note}"
        )


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
    return row(what, *times, must, note)


def row(
    what: str, ours: Sequence[float], rival: Sequence[float], must: float = 0.0, note: str = ""
) -> Row:
    """Of milliseconds that were taken in turns."""
    ratios = [mine / theirs for mine, theirs in zip(ours, rival, strict=True)]
    low, _, high = statistics.quantiles(ratios, n=4)
    medians = statistics.median(ours), statistics.median(rival)
    return Row(what, *medians, medians[0] / medians[1], (high - low) / 2, must, note)


def scan(cache: Path) -> Iterator[Row]:
    from tests.bench.kernels_scan import rows

    return rows(cache)


def scan_million(cache: Path) -> Iterator[Row]:
    from tests.bench.kernels_scan import million_rows

    return million_rows(cache)


def encode(_: Path) -> Iterator[Row | Alike]:
    from tests.bench.kernels_encode import rows

    return rows()


def lut(_: Path) -> Iterator[Row]:
    from tests.bench.kernels_lut import rows

    return rows()


def decode(_: Path) -> Iterator[Row | Alike]:
    from tests.bench.kernels_decode import rows

    return rows()


Family = Callable[[Path], Iterator[Row | Alike]]
FAMILIES: Mapping[str, Family] = {
    "scan": scan, "scan-million": scan_million, "encode": encode, "lut": lut, "decode": decode,
}  # fmt: skip
"""By name; each gets a folder where it may keep what takes long to make."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=FAMILIES, help="this family alone")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "cairn-bench")
    parser.add_argument("--json", metavar="PATH", help="also write JSON there; - for stdout only")
    args = parser.parse_args()
    # A thread that spins while it waits makes everything slower as soon as the cores are busy.
    os.environ |= {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
    args.cache.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[dict[str, object]]] = {}
    for name, family in FAMILIES.items():
        if args.only and name not in args.only:
            continue
        started = time.perf_counter()
        for each in family(args.cache):
            found.setdefault(name, []).append(asdict(each) | {"met": each.is_met})
            say(f"{'' if each.is_met else 'MISSED '}{each}")
        say(f"{name} took {time.perf_counter() - started:.0f} s")
    write_json(dict(found), args.json)


if __name__ == "__main__":
    main()
