"""How fast do models run that do not fit in memory: as they come, with the system advised, by us?

`python -m tests.bench.flash [--rounds N] [--ablate] [--json -]`: models of about 740 MB in a memory
group of their own, each way in a process of its own and in turn, with nothing of the file in memory
beforehand. Routing is said: `usual` is skewed and repeats itself, `uniform` is by chance alone.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cairn.core.models.offload.reads import PIECES, rate
from tests.bench.common import say, write_json
from tests.bench.memory_group import Group, forget, group
from tests.models.large import ABOUT_740_MB, make_large

ROOT = Path(__file__).parent.parent.parent
_TOKENS, _FEW = 64, 16
"""That are written; fewer where each takes a second."""
_PROMPT = 512
_UNLIMITED = 1 << 40
_QUIET = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
_LONGEST_S = 150
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    model: str
    way: str
    share: float
    """Of the model's size, that the group may use; 0 for no limit."""
    tokens: int = _TOKENS
    prompt: int = 1
    manner: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        memory = f"{self.share:g}" if self.share else "all"
        told = "".join(f" {name}={value:g}" for name, value in self.manner)
        return f"{self.model} {memory} {'prompt ' if self.prompt > 1 else ''}{self.way}{told}"


_WAYS = (
    *(
        Way(model, way, share, _FEW if way == "stock" and share else _TOKENS)
        for model in ("experts", "uniform")
        for share in (0.6, 0.35)
        for way in ("stock", "advice", "flash")
        if (model, way) != ("uniform", "stock")
    ),
    Way("experts", "stock", 0), Way("dense", "stock", 0),
    Way("dense", "stock", 0.5, _FEW), Way("dense", "flash", 0.5),
    Way("experts", "stock", 0.6, 1, _PROMPT), Way("experts", "flash", 0.6, 1, _PROMPT),
)  # fmt: skip
_TRIED: dict[str, tuple[Any, ...]] = {
    "readers": (1, 2, 4, 8, 16), "piece": (1 << 17, 1 << 18, 1 << 20, 4 << 20),
    "memory": (1, 8, 48, 400), "together": (False, True),
}  # fmt: skip
_ABLATIONS = (
    *(
        Way("experts", "flash", 0.6, manner=((name, value),))
        for name, values in _TRIED.items() for value in values
    ),
    *(Way("dense", "flash", 0.5, 24, manner=(("ring", ring),)) for ring in (2, 3, 6)),
    *(Way("dense", "flash", 0.5, 24, manner=(("readers", count),)) for count in (1, 4, 8, 16)),
    *(
        Way("experts", "flash", 0.6, 1, _PROMPT, (("ahead", ahead),))
        for ahead in (False, True)
    ),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--ablate", action="store_true")
    parser.add_argument("--only", default="", help="ways whose names have this in them")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json")
    options = parser.parse_args()
    ways = [way for way in (_ABLATIONS if options.ablate else _WAYS) if options.only in way.name]
    with group() as memory:
        if memory is None:
            say("no memory group can be made here: nothing is measured")
            return
        write_json(run(ways, options.rounds, options.threads, memory), options.json)


def run(ways: list[Way], rounds: int, threads: int, memory: Group) -> Found:
    found: dict[str, list[Found]] = {way.name: [] for way in ways}
    rates: list[float] = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("CAIRN_BENCH_DIR")) as folder:
        models = {
            name: make_large(Path(folder) / f"{name}.gguf", ABOUT_740_MB[name])
            for name in sorted({way.model for way in ways})
        }
        for _ in range(rounds):
            for way in ways:
                before = disk_rate(models[way.model])
                once = _once(way, models[way.model], threads, memory)
                rates.append(max(before, disk_rate(models[way.model])))
                found[way.name].append(once | {"rate": rates[-1]})
                say(_line(way, found[way.name][-1]))
    told = {way.name: _summed(way, found[way.name]) for way in ways}
    told["disk"] = {"bytes_s": statistics.median(rates), "least": min(rates), "most": max(rates)}
    for name, value in _compared(told).items():
        told[name] = value
        say(f"{name:44} {value}")
    return told


def _once(way: Way, model: Path, threads: int, memory: Group) -> Found:
    size = model.stat().st_size
    limit = round(size * way.share) if way.share else _UNLIMITED
    forget(model)
    memory.limit(limit)
    wanted = {
        "model": str(model), "way": way.way, "limit": limit, "threads": threads,
        "tokens": way.tokens, "prompt": way.prompt, "manner": dict(way.manner),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.flash_way", json.dumps(wanted)], cwd=ROOT,
        preexec_fn=memory.enter, env={**os.environ, **_QUIET}, capture_output=True, text=True,
        check=False, timeout=_LONGEST_S,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{way.name}: {done.returncode} {done.stderr[-2000:]}")
    found: Found = json.loads(done.stdout)
    return found


def _line(way: Way, found: Found) -> str:
    line = f"{way.name:44} {1 / statistics.median(found['token_s']):7.2f} tok/s"
    line += f"  load {found['load_s']:.2f} s  prompt {found['prompt_s']:.2f} s"
    line += f"  disk {found['disk'] / 1e6:6.0f} MB at up to {found['rate'] / 1e9:.2f} GB/s"
    if way.way == "flash":
        told, tokens = found["of_tokens"], way.tokens
        line += (
            f"  a token: {told['read_bytes'] / tokens / 1e6:.1f} MB in"
            f" {1e3 * told['read_s'] / tokens:.1f} ms, waited"
            f" {1e3 * told['waited_s'] / tokens:.1f} ms; resident"
            f" {found['flash']['resident'] / 1e6:.0f} of {found['allowed'] / 1e6:.0f} MB"
        )
    return line


def _summed(way: Way, runs: list[Found]) -> Found:
    times = [taken for each in runs for taken in each["token_s"]]
    summed: Found = {
        "tokens_s": 1 / statistics.median(times), "best": 1 / min(times),
        "load_s": statistics.median(each["load_s"] for each in runs),
        "prompt_s": statistics.median(each["prompt_s"] for each in runs),
        "digest": runs[0]["digest"] if way.tokens == runs[0].get("written", way.tokens) else 0,
    }  # fmt: skip
    if way.way == "flash":
        of_tokens = [each["of_tokens"] for each in runs]
        count = way.tokens * len(runs)
        summed["disk_s"] = statistics.median(each["must"] / _best_rate(each) for each in runs)
        summed["read_bytes"] = sum(told["read_bytes"] for told in of_tokens) / count
        summed["waited_s"] = sum(told["waited_s"] for told in of_tokens) / count
        summed["resident"] = max(each["flash"]["resident"] for each in runs)
        summed["budget"] = min(each["allowed"] for each in runs)
    return summed


def _best_rate(found: Found) -> float:
    """Bytes a second that the disk gave: when tried out, or to the run while it was reading."""
    told = found["of_tokens"]
    return max(found["rate"], told["read_bytes"] / told["read_s"] if told["read_s"] else 0.0)


def _compared(told: Found) -> dict[str, str]:
    """How many times as fast as the rivals, and as what the disk alone would allow."""
    rows: dict[str, str] = {}
    for name, ours in told.items():
        if not name.endswith("flash"):
            continue
        base = name.removesuffix("flash")
        what = "prompt_s" if " prompt " in name else "tokens_s"
        for rival in (base + "stock", base + "advice", f"{name.split()[0]} all stock"):
            if rival not in told or (rival.endswith("all stock") and what == "prompt_s"):
                continue
            gain = ours[what] / told[rival][what]
            gain = 1 / gain if what == "prompt_s" else gain
            rows[f"{name} / {rival}"] = f"{gain:.2f}"
            rows[f"load of {name} / {rival}"] = f"{ours['load_s'] / told[rival]['load_s']:.2f}"
        if name.startswith("dense") and "dense all stock" in told:
            # What has no room in memory is read for each token, while another is computed.
            roof = 1 / max(ours["disk_s"], 1 / told["dense all stock"]["tokens_s"])
            rows[f"{name} / roofline of {roof:.2f} tok/s"] = f"{ours['tokens_s'] / roof:.2f}"
        if name.startswith("experts") and ours["tokens_s"] and base + "advice" in told:
            same = ours["digest"] == told[base + "advice"]["digest"]
            rows[f"{name} has the same scores"] = str(same)
    return rows


def disk_rate(file: Path) -> float:
    """Bytes a second that the disk gives to whoever only reads, past the cache."""
    return max(rate(file, piece) for piece in PIECES)


if __name__ == "__main__":
    main()
