"""Models whose neurons rest, with their packed file, held against the same ones in memory.

As a program, `python -m tests.models.sparse CASE MODEL SHARE`, tells as JSON what comes of it.
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
from cairn.core.models.offload.opening import packed_of
from cairn.core.models.offload.packed import find, path_of
from cairn.native import flash
from tests.models.running import Running

_TOGETHER, _FEW, _ALONE = 96, 5, 24
Told = dict[str, Any]


def open_sparse(path: Path, dense_share: float, neurons_share: float) -> flash.Store:
    """With so much of what is dense, and of the neurons beyond what they need at least."""
    reason = flash.attach()
    assert not reason, reason
    header = read_header(path)
    layout = find(header)
    assert layout is not None
    dense = sum(t.size for t in header.tensors if t.name not in layout.names)
    neurons = layout.least + int(layout.units_size * neurons_share)
    budget = flash.Budget(dense=int(dense * dense_share), neurons=neurons)
    shapes = {tensor.name: tensor.shape for tensor in header.tensors}
    packed = packed_of(header, layout)
    return flash.open_store(header.files, shapes, 1, budget, packed=packed)


def _read(model: Running, tokens: list[int]) -> list[Any]:
    """A long prompt, a short one, then word by word."""
    model.forget()
    found: list[Any] = []
    for begin, end in ((0, _TOGETHER), (_TOGETHER, _TOGETHER + _FEW)):
        model.read(tokens[begin:end], at=begin, all_scores=True)
        found += [model.scores(row) for row in range(end - begin)]
    for at in range(_TOGETHER + _FEW, len(tokens)):
        model.read([tokens[at]], at=at)
        found.append(model.scores())
    return found


def _tokens(model: Running, seed: int) -> list[int]:
    random = np.random.default_rng(seed)
    found: list[int] = random.integers(300, model.words, _TOGETHER + _FEW + _ALONE).tolist()
    return found


def exact(path: Path, share: float) -> Told:
    stock = Running(path, None)
    store = open_sparse(path, 0.8, share)
    ours = Running(path, None, store=store)
    same, most = {}, 0
    for threads in (1, 2):
        for model in (stock, ours):
            model.use(threads)
        tokens = _tokens(stock, threads)
        wanted, found = _read(stock, tokens), _read(ours, tokens)
        same[threads] = all(map(np.array_equal, wanted, found))
        most = max(most, store.statistics().resident)
    return {"same": same, "most": most, "trouble": store.trouble(), **asdict(store.statistics())}


def resized(path: Path, share: float) -> Told:
    stock = Running(path, None)
    store = open_sparse(path, 0.8, share)
    ours = Running(path, None, store=store)
    tokens = _tokens(stock, 3)
    wanted = _read(stock, tokens)
    layout = find(read_header(path))
    assert layout is not None
    steps = []
    dense = int(0.8 * sum(t.size for t in read_header(path).tensors if t.name not in layout.names))
    for more in (share, share / 8, share, 0.0):
        store.resize(
            flash.Budget(dense=dense, neurons=layout.least + int(layout.units_size * more))
        )
        same = all(map(np.array_equal, wanted, _read(ours, tokens)))
        now = store.statistics()
        steps.append({"same": same, "resident": now.resident, "budget": now.budget})
    return {"steps": steps, "trouble": store.trouble()}


def damaged(path: Path, share: float) -> Told:
    """Some bytes of neurons change while the model is in use."""
    store = open_sparse(path, 0.8, share)
    ours = Running(path, None, store=store)
    tokens = _tokens(ours, 4)
    side, layout = path_of(path), find(read_header(path))
    assert layout is not None
    with side.open("r+b") as file:
        file.seek(layout.layers[0].units)
        kept = file.read(layout.layers[0].unit_size)
        file.seek(layout.layers[0].units)
        file.write(bytes(byte ^ 1 for byte in kept))
    _read(ours, tokens)
    first = store.trouble()
    with side.open("r+b") as file:
        file.seek(layout.layers[0].units)
        file.write(kept)
    scores = _read(ours, tokens)
    stock = Running(path, None)
    healed = all(map(np.array_equal, _read(stock, tokens), scores))
    return {"first": first, "after": store.trouble(), "healed": healed}


_CASES: dict[str, Callable[[Path, float], Told]] = {
    case.__name__: case for case in (exact, resized, damaged)
}


if __name__ == "__main__":
    name, model, share = sys.argv[1:4]
    sys.stdout.write(json.dumps(_CASES[name](Path(model), float(share))) + "\n")
    sys.stdout.flush()
    os._exit(0)
