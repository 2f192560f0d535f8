"""How fast is a model whose neurons rest, in half its memory: as it comes, streamed, or packed?

`python -m tests.bench.flash_neurons [--rounds N] [--only TEXT] [--json -]`: models of about 710 MB
without gates (nemotron, squared ReLU), of whose neurons 90 % or 97 % rest, by chance (`uniform`) or
mostly the same (`skewed`); ways in turn, each in a process and a memory group of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cairn.core.models.files.gguf_header import Header, read_header
from cairn.core.models.offload.opening import packed_of
from cairn.core.models.offload.packed import Layout, find
from cairn.core.models.offload.packing import pack
from cairn.core.models.offload.split import neurons_share
from cairn.core.models.weights import load
from cairn.native import flash
from tests.bench.common import say, write_json
from tests.bench.flash_way import _MARGIN, anonymous, open_budget, read, read_bytes, write
from tests.bench.memory_group import Group, forget, group
from tests.models.large import NEURONS, Large, make_large
from tests.models.routes import UNIFORM, Routing

ROOT = Path(__file__).parent.parent.parent
_PAGE = 4096
_WINDOW, _BATCH = 256, 128
_TOKENS, _FEW, _WARM = 64, 12, 16
_UNLIMITED = 1 << 40
_LONGEST_S = 150
_QUIET = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
_SKEWED = Routing(skew=1.5)
MODELS = {
    f"{name} {100 * resting:.0f}%": Large("nemotron", NEURONS, "Q4_0", routing, resting)
    for resting in (0.9, 0.97)
    for name, routing in (("uniform", UNIFORM), ("skewed", _SKEWED))
}
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    way: str
    share: float
    tokens: int = _TOKENS


_WAYS = (
    Way("stock", 0.5, _FEW), Way("dense", 0.5), Way("packed", 0.5), Way("dense", 0.75),
    Way("packed", 0.75), Way("stock", 0),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="", help="models whose names have this in them")
    parser.add_argument("--ways", default="", help="ways whose names have this in them")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        sys.stdout.write(json.dumps(one(json.loads(options.one))) + "\n")
        sys.stdout.flush()
        os._exit(0)
    with group() as memory:
        if memory is None:
            say("no memory group can be made here: nothing is measured")
            return
        found: Found = {}
        for name in (name for name in MODELS if options.only in name):
            ways = [way for way in _WAYS if options.ways in way.way]
            found |= run(name, ways, options.rounds, options.threads, memory)
        write_json(found, options.json)


def run(name: str, ways: list[Way], rounds: int, threads: int, memory: Group) -> Found:
    runs: dict[str, list[Found]] = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("CAIRN_BENCH_DIR")) as folder:
        model = make_large(Path(folder) / "m.gguf", MODELS[name])
        started = time.perf_counter()
        side = pack(model)
        say(f"{name}: packed in {time.perf_counter() - started:.1f} s, {_mb(side.stat().st_size)}")
        for _ in range(rounds):
            for way in ways:
                found = _once(way, model, side, threads, memory)
                label = f"{name} {way.share or 'all'} {way.way}"
                runs.setdefault(label, []).append(found)
                say(_line(label, way, found))
    told: Found = {label: _summed(each) for label, each in runs.items()}
    for label, ours in list(told.items()):
        base = label.removesuffix("packed")
        for rival in (base + "stock", base + "dense", f"{name} all stock"):
            if label == base or rival not in told:
                continue
            gain = round(ours["tokens_s"] / told[rival]["tokens_s"], 2)
            told[f"{label} / {rival}"] = gain
            line = f"{label + ' / ' + rival:50} {gain}"
            if ours["tokens"] == told[rival]["tokens"]:
                line += f", the same scores: {ours['digest'] == told[rival]['digest']}"
            say(line)
    return told


def _once(way: Way, model: Path, side: Path, threads: int, memory: Group) -> Found:
    limit = round(model.stat().st_size * way.share) if way.share else _UNLIMITED
    forget(model)
    forget(side)
    memory.limit(limit)
    wanted = {"model": str(model), "limit": limit, "threads": threads, **asdict(way)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.flash_neurons", "--one", json.dumps(wanted)],
        cwd=ROOT, preexec_fn=memory.enter, env={**os.environ, **_QUIET}, capture_output=True,
        text=True, check=False, timeout=_LONGEST_S,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{way.way}: {done.returncode} {done.stderr[-2000:]}")
    found: Found = json.loads(done.stdout)
    return found


def one(wanted: Found) -> Found:
    path = Path(wanted["model"])
    header, before = read_header(path), anonymous()
    budget, store = wanted["limit"] - before - _MARGIN, None
    if wanted["way"] != "stock":
        reason = flash.attach()
        assert not reason, reason
        layout = find(header) if wanted["way"] == "packed" else None
        store = _sparse(header, layout, budget) if layout else open_budget(header, budget, {})
    started = time.perf_counter()
    api, model = load(path, "models.generator", store=store)
    load_s = time.perf_counter() - started
    parameters = api.llama_context_default_params()
    parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = _WINDOW, _BATCH, _BATCH
    parameters.n_threads = parameters.n_threads_batch = wanted["threads"]
    context = api.llama_init_from_model(model, parameters)
    words = int(api.llama_vocab_n_tokens(api.llama_model_get_vocab(model)))
    prompt_s = read(api, context, 1, words)
    warm = _WARM if wanted["tokens"] > _WARM else 2
    write(api, context, 1, warm, words)
    then = asdict(store.statistics()) if store else {}
    times, scores = write(api, context, 1, wanted["tokens"], words)
    found: Found = {"load_s": load_s, "prompt_s": prompt_s, "token_s": times, "disk": read_bytes()}
    found["digest"] = float(scores.astype(float).sum())
    if store:
        assert not store.trouble()
        now = asdict(store.statistics())
        assert now["resident"] <= now["budget"] <= budget, (now, budget)
        found["flash"] = now
        found["of_token"] = {k: (now[k] - then[k]) / wanted["tokens"] for k in now}
        found["anonymous"] = anonymous() - before
    return found


def _sparse(header: Header, layout: Layout, budget: int) -> flash.Store:
    fixed = sum(
        tensor.size + 2 * _PAGE
        for tensor in header.tensors
        if len(tensor.shape) < 2 or tensor.name == "output.weight"
    )
    dense = sum(t.size for t in header.tensors if ".ffn_up" in t.name or ".attn_" in t.name)
    left = budget - fixed
    neurons = neurons_share(layout.least, layout.units_size, dense, left)
    shapes = {tensor.name: tensor.shape for tensor in header.tensors}
    wanted = flash.Budget(dense=left - neurons, neurons=neurons)
    return flash.open_store(
        header.files, shapes, 1, wanted, flash.Manner(), packed_of(header, layout)
    )


def _line(label: str, way: Way, found: Found) -> str:
    line = f"{label:30} {1 / statistics.median(found['token_s']):7.2f} tok/s"
    line += f"  load {found['load_s']:.2f} s  disk {_mb(found['disk'])}"
    if told := found.get("of_token"):
        share = told["misses"] / max(1, told["hits"] + told["misses"])
        line += (
            f"  a token: {_mb(told['read_bytes'])} in {told['reads']:.0f} reads,"
            f" {1e3 * told['read_s']:.0f} ms, waited {1e3 * told['waited_s']:.0f} ms,"
            f" missed {100 * share:.0f} %; resident {_mb(found['flash']['resident'])}"
        )
    return line


def _summed(runs: list[Found]) -> Found:
    times = [taken for each in runs for taken in each["token_s"]]
    summed: Found = {"tokens_s": 1 / statistics.median(times), "digest": runs[0]["digest"]}
    summed["tokens"] = len(runs[0]["token_s"])
    summed["load_s"] = statistics.median(each["load_s"] for each in runs)
    if "flash" in runs[0]:
        names = ("read_bytes", "reads", "read_s", "waited_s")
        summed |= {k: statistics.mean(each["of_token"][k] for each in runs) for k in names}
        summed["resident"] = max(each["flash"]["resident"] for each in runs)
    return summed


def _mb(count: float) -> str:
    return f"{count / 1e6:.0f} MB"


if __name__ == "__main__":
    main()
