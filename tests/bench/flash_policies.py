"""Which experts should stay in memory? Caches replayed on traces of routing, and what they come to.

`python -m tests.bench.flash_policies [--words N] [--json -]`: hits of each cache on a made model
as it runs, and on traces made by chance of models that no test machine holds (30B, 120B, 397B),
beside what others have published; tokens a second that the cost model expects on three disks.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cairn.core.models.offload.cost import USUAL as LOCALITY
from cairn.core.models.offload.cost import Work, cost
from cairn.core.models.offload.reads import Reads
from tests.bench.common import say, write_json
from tests.bench.flash_caches import Cache, Heat, Pinned, Recent, Trace, Window, best, replay
from tests.bench.flash_traces import CHANCE, FAMILIES, LOYAL, USUAL, Family, make_trace
from tests.models.dense import Size
from tests.models.large import Large, make_large
from tests.models.recording import Recording, reused
from tests.models.routes import UNIFORM, Routing
from tests.models.routes import USUAL as USUAL_ROUTING

_SHARES = (0.1, 0.2, 0.35, 0.6)
_ROUTER = Size(layers=12, width=512, hidden=64, vocabulary=4096, experts=64, used=8)
_DISKS = {"1.6 GB/s": 1.6e9, "3.5 GB/s": 3.5e9, "7 GB/s": 7e9}
_MEMORY_GB = {"30B-A3B": (4, 8, 12), "120B-A5B": (8, 16, 32), "397B-A17B": (16, 32, 64)}
_WAIT_S, _DRAM = 2e-5, 40e9
PUBLISHED = (
    "llama.cpp #27861: LRU of 64 experts a layer hits 67 %, of 128 81 %; a fixed list is useless",
    "BigMoeOnEdge: LRU is 12-23 points below Belady, the best other cache 3-5 points above LRU;",
    "  0 % below what one token takes; 38 % of a token's experts are those of the one before",
    "BigMoeOnEdge, Qwen3-30B-A3B on a laptop: 76 % to 92 % hits",
    "colibri, GLM-5.2 744B: 38-52 % hits; flash-moe, 397B-A17B: 4.4 tokens/s at some 12 GB/s",
)
Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=160)
    parser.add_argument("--json")
    options = parser.parse_args()
    figures = run(options.words)
    say(f"{'trace':28}{'share':>6}" + "".join(f"{name:>9}" for name in (*_CACHES, "belady")))
    for name, rows in figures["hits"].items():
        for share, row in rows.items():
            say(f"{name:28}{share:>6}" + "".join(f"{100 * hits:8.1f}%" for hits in row.values()))
    say("\npublished:\n" + "\n".join(PUBLISHED) + "\n")
    say(f"{'expected tokens/s':28}{'memory':>8}" + "".join(f"{disk:>10}" for disk in _DISKS))
    for name, rows in figures["expected"].items():
        for memory, row in rows.items():
            say(f"{name:28}{memory:>5} GB" + "".join(f"{speed:10.1f}" for speed in row.values()))
    write_json(figures, options.json)


def run(words: int = 160) -> Figures:
    traces = {**_recorded(words)}
    for name, family in FAMILIES.items():
        for kind, (popular, again) in (("chance", CHANCE), ("usual", USUAL), ("loyal", LOYAL)):
            traces[f"{name} {kind}"] = make_trace(family, words, popular, again)
    hits = {name: {share: _hits(trace, share) for share in _SHARES if _fills(trace, share)}
            for name, trace in traces.items()}  # fmt: skip
    return {
        "hits": hits,
        "reused": {name: reused(list(map(list, trace))) for name, trace in traces.items()},
        "expected": {name: _expected(family, _MEMORY_GB[name])
                     for name, family in FAMILIES.items()},
    }  # fmt: skip


_CACHES: dict[str, Callable[[int, Trace], Cache]] = {
    "lru": lambda slots, _: Recent(slots),
    "window 4": lambda slots, _: Window(slots, 4),
    "heat 4": lambda slots, _: Heat(slots, 4),
    "heat 16": lambda slots, _: Heat(slots, 16),
    "heat 48": lambda slots, _: Heat(slots, 48),
    "pinned": Pinned,
}


def _fills(trace: Trace, share: float) -> bool:
    """Are there words enough that a cache has to let go of something?"""
    taken = {(layer, each) for word in trace[: len(trace) // 2]
             for layer, units in enumerate(word) for each in units.tolist()}  # fmt: skip
    return len(taken) > _slots(trace, share)


def _slots(trace: Trace, share: float) -> int:
    experts = 1 + max(int(taken.max()) for word in trace for taken in word)
    return round(share * len(trace[0]) * experts)


def _hits(trace: Trace, share: float) -> dict[str, float]:
    """After half of it, which fills the caches."""
    slots, skip = _slots(trace, share), len(trace) // 2
    found = {name: replay(make(slots, trace), trace, skip) for name, make in _CACHES.items()}
    return {**found, "belady": best(slots, trace, skip)}


def _recorded(words: int) -> dict[str, Trace]:
    """Of made models, through llama.cpp."""
    found: dict[str, Trace] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, routing in (
            ("made, uniform", UNIFORM), ("made, usual", USUAL_ROUTING),
            ("made, loyal", Routing(skew=1.0, reuse=0.6)),
        ):  # fmt: skip
            path = make_large(Path(folder) / "m.gguf", Large("qwen3moe", _ROUTER, routing=routing))
            with Recording(path) as recording:
                recording.write([1, 300, 4000], words)
                found[name] = recording.taken()
    return found


def _expected(family: Family, memory: tuple[int, ...]) -> dict[int, dict[str, float]]:
    """With weights of so many GB in memory, on machines that compute as fast as memory is read."""
    size = family.gb * 1e9
    touched = size * family.used / family.experts
    compute_s = (touched + family.shared_gb * 1e9) / _DRAM
    work = Work("experts", size, touched, min(family.slice_mb / 3, 1.0) * 1e6, compute_s, LOCALITY)
    return {
        each: {
            name: 1 / cost(work, (each - family.shared_gb) * 1e9, Reads(_WAIT_S, rate)).token_s
            for name, rate in _DISKS.items()
        }
        for each in memory
    }


if __name__ == "__main__":
    main()
