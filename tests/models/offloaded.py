"""Models whose weights are read as they are needed, held against the same ones in memory.

As a program, `python -m tests.models.offloaded CASE MODEL SHARE`, tells as JSON what comes of it;
apart from whoever asks, since what goes wrong here ends a process.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from cairn.core.models.files.gguf_header import read_header
from cairn.native import flash
from tests.models.running import Running, resident

_TOGETHER, _ALONE = 320, 12
Told = dict[str, Any]


def budget_of(path: Path, share: float) -> flash.Budget:
    """Of the weights that need not stay; what is dense beside experts is little."""
    sizes = {tensor.name: tensor.size for tensor in read_header(path).tensors}
    experts = sum(size for name, size in sizes.items() if "_exps." in name)
    dense = sum(sizes.values()) - experts
    return flash.Budget(int(experts * share), int(dense * (0.8 if experts else share)))


def open_store(path: Path, budget: flash.Budget, **manner: Any) -> flash.Store:
    reason = flash.attach()
    assert not reason, reason
    header = read_header(path)
    shapes = {tensor.name: tensor.shape for tensor in header.tensors}
    used = int(header.own("expert_used_count") or 1)  # type: ignore[arg-type]
    return flash.open_store(header.files, shapes, used, budget, flash.Manner(**manner))


def _tokens(model: Running, seed: int) -> list[int]:
    found: list[int] = (
        np.random.default_rng(seed).integers(300, model.words, _TOGETHER + _ALONE).tolist()
    )
    return found


def _same(ones: list[Any], others: list[Any]) -> bool:
    return all(map(np.array_equal, ones, others))


def _read_in_parts(model: Running, tokens: list[int]) -> list[Any]:
    """A long prompt in two batches, then word by word."""
    model.forget()
    found = []
    for begin, end in ((0, 256), (256, _TOGETHER)):
        model.read(tokens[begin:end], at=begin, all_scores=True)
        found += [model.scores(row) for row in range(end - begin)]
    for at in range(_TOGETHER, len(tokens)):
        model.read([tokens[at]], at=at)
        found.append(model.scores())
    return found


def exact(path: Path, share: float) -> Told:
    stock = Running(path, None)
    store = open_store(path, budget_of(path, share))
    ours = Running(path, None, store=store)
    same, most, told = {}, 0, store.statistics()
    for threads in (1, 2):
        for model in (stock, ours):
            model.use(threads)
        tokens = _tokens(stock, threads)
        same[threads] = _same(_read_in_parts(stock, tokens), _read_in_parts(ours, tokens))
        told = store.statistics()
        most = max(most, told.resident)
    ours.close()
    return {"same": same, "most": most, "trouble": store.trouble(), **asdict(told)}


def memory(path: Path, share: float) -> Told:
    """What the process takes for the weights, and what is left of that when they are closed."""
    Running(path, None, window=64, batch=16).close()
    store = open_store(path, budget_of(path, share))
    before = resident()
    ours = Running(path, None, window=64, batch=16, store=store)
    for at in range(24):
        ours.read([300 + 7 * at], at=at)
    after, told = resident(), store.statistics()
    ours.close()
    return {"took": after - before, "left": resident() - before, "budget": told.budget,
            "resident": told.resident, "closed": store.statistics().resident}  # fmt: skip


def resized(path: Path, share: float) -> Told:
    stock = Running(path, None)
    store = open_store(path, budget_of(path, share))
    ours = Running(path, None, store=store)
    tokens = _tokens(stock, 3)
    wanted = _read_in_parts(stock, tokens)
    steps = []
    for factor in (1.0, 0.5, 1.0, 0.6):
        store.resize(budget_of(path, share * factor))
        same = _same(wanted, _read_in_parts(ours, tokens))
        now = store.statistics()
        steps.append({"same": same, "resident": now.resident, "budget": now.budget})
    return {"steps": steps}


def cut(path: Path, share: float) -> Told:
    store = open_store(path, budget_of(path, share))
    ours = Running(path, None, store=store)
    tokens = _tokens(ours, 4)
    _read_in_parts(ours, tokens)
    before = store.trouble()
    whole = path.read_bytes()
    os.truncate(path, len(whole) // 3)
    _read_in_parts(ours, tokens)
    first = store.trouble()
    ours.forget()
    ours.read(tokens[:3])
    again = store.trouble()
    path.write_bytes(whole)  # the same file, whole again
    scores = _read_in_parts(ours, tokens)
    after = store.trouble()
    stock = Running(path, None)
    healed = _same(_read_in_parts(stock, tokens), scores)
    return {"before": before, "first": first, "again": again, "after": after, "healed": healed}


def removed(path: Path, share: float) -> Told:
    stock = Running(path, None)
    store = open_store(path, budget_of(path, share))
    ours = Running(path, None, store=store)
    tokens = _tokens(ours, 5)
    path.unlink()
    same = _same(_read_in_parts(stock, tokens), _read_in_parts(ours, tokens))
    return {"same": same, "trouble": store.trouble()}


def two(path: Path, share: float) -> Told:
    """At once and one after another."""
    stock = Running(path, None)
    tokens = _tokens(stock, 6)
    wanted = _read_in_parts(stock, tokens)
    one, other = (
        Running(path, None, store=open_store(path, budget_of(path, share))) for _ in range(2)
    )  # fmt: skip
    same = [_same(wanted, _read_in_parts(model, tokens)) for model in (one, other, one)]
    one.close()
    same.append(_same(wanted, _read_in_parts(other, tokens)))
    other.close()
    last = Running(path, None, store=open_store(path, budget_of(path, share)))
    same.append(_same(wanted, _read_in_parts(last, tokens)))
    return {"same": same}


def small(path: Path, share: float) -> Told:
    try:
        open_store(path, budget_of(path, share))
    except flash.Refused as error:
        return {"refused": str(error)}
    return {"refused": ""}


_CASES: dict[str, Callable[[Path, float], Told]] = {
    case.__name__: case for case in (exact, memory, resized, cut, removed, two, small)
}


if __name__ == "__main__":
    name, model, share = sys.argv[1:4]
    sys.stdout.write(json.dumps(_CASES[name](Path(model), float(share))) + "\n")
    sys.stdout.flush()
    os._exit(0)
