"""One way of running a model in so much memory, timed in a process of its own; see `flash.py`.

`python -m tests.bench.flash_way JSON` prints what came of it as JSON.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from cairn.core.models.files.gguf_header import Header, read_header
from cairn.core.models.offload.advising import Advice
from cairn.core.models.offload.opening import open_store
from cairn.core.models.offload.split import Group, Offload, Policy
from cairn.core.models.weights import load
from cairn.native import flash

_WINDOW, _BATCH = 768, 256
_PAGE = 4096
_LOOSE: dict[Policy, str] = {
    "experts": r"ffn_(gate_up|gate|up|down)_exps\.weight$",
    "dense": r"^blk\.\d+\.(attn_(q|k|v|qkv|output)|ffn_(gate|up|down))\.weight$",
}
"""Weights that need not stay."""
_MARGIN = 56 << 20
"""Of what a limit leaves, for llama.cpp's working memory and what Python may still take."""


def main() -> None:
    wanted = json.loads(sys.argv[1])
    found = run(wanted)
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)


def run(wanted: dict[str, Any]) -> dict[str, Any]:
    path = Path(wanted["model"])
    header = read_header(path)
    store = None
    before = anonymous()
    if wanted["way"] == "flash":
        budget = wanted["limit"] - before - _MARGIN
        reason = flash.attach()
        assert not reason, reason
        store = open_budget(header, budget, wanted.get("manner", {}))
    started = time.perf_counter()
    api, model = load(path, "models.generator", store=store)
    load_s = time.perf_counter() - started
    parameters = api.llama_context_default_params()
    parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = _WINDOW, _BATCH, _BATCH
    parameters.n_threads = parameters.n_threads_batch = wanted["threads"]
    advice = Advice(api, header) if wanted["way"] == "advice" else None
    if advice is not None:
        parameters.cb_eval = advice.callback
    context = api.llama_init_from_model(model, parameters)
    words = int(api.llama_vocab_n_tokens(api.llama_model_get_vocab(model)))
    found: dict[str, Any] = {"load_s": load_s}
    found["prompt_s"] = read(api, context, wanted["prompt"], words)
    before_tokens = asdict(store.statistics()) if store else {}
    times, scores = write(api, context, wanted["prompt"], wanted["tokens"], words)
    found |= {"token_s": times, "digest": float(np.float64(scores.astype(np.float64).sum()))}
    found |= {"anonymous": anonymous() - before, "disk": read_bytes()}
    if store:
        assert not store.trouble()
        now = asdict(store.statistics())
        assert now["resident"] <= now["budget"] <= budget, now
        found |= {"flash": now, "of_tokens": {k: now[k] - before_tokens[k] for k in now}}
        found |= {"allowed": budget, "must": max(0, whole(header) - budget)}
    return found


def open_budget(header: Header, budget: int, manner: dict[str, Any]) -> flash.Store:
    """What need not stay gets what is left by the rest, of which words are only looked up."""
    policy: Policy = "experts" if header.own("expert_count") else "dense"
    pattern = _LOOSE[policy]
    fixed = sum(
        tensor.size + 2 * _PAGE
        for tensor in header.tensors
        if not re.search(pattern, tensor.name) and tensor.name != "token_embd.weight"
    )
    size = sum(tensor.size for tensor in header.tensors if re.search(pattern, tensor.name))
    offload = Offload((Group(policy, size, budget - fixed),))
    return open_store(header, offload, flash.Manner(**manner))


def whole(header: Header) -> int:
    """Bytes of all weights but a table of which rows are read."""
    return sum(tensor.size for tensor in header.tensors if tensor.name != "token_embd.weight")


def read(api: Any, context: Any, count: int, words: int) -> float:
    tokens = np.random.default_rng(5).integers(300, words, max(count, 1)).tolist()
    started = time.perf_counter()
    for at in range(0, len(tokens), _BATCH):
        decode(api, context, tokens[at : at + _BATCH])
    return time.perf_counter() - started


def write(
    api: Any, context: Any, after: int, count: int, words: int
) -> tuple[list[float], np.ndarray[Any, Any]]:
    times, scores = [], logits(api, context, words)
    for _ in range(count):
        token = int(scores.argmax())
        started = time.perf_counter()
        decode(api, context, [token])
        times.append(time.perf_counter() - started)
        scores = logits(api, context, words)
    return times, scores


def decode(api: Any, context: Any, tokens: list[int]) -> None:
    array = (api.llama_token * len(tokens))(*tokens)
    assert api.llama_decode(context, api.llama_batch_get_one(array, len(tokens))) == 0


def logits(api: Any, context: Any, words: int) -> np.ndarray[Any, Any]:
    pointer = api.llama_get_logits_ith(context, -1)
    return np.ctypeslib.as_array(pointer, shape=(words,)).copy()


def anonymous() -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) << 10
    return 0


def read_bytes() -> int:
    for line in Path("/proc/self/io").read_text("ascii").splitlines():
        if line.startswith("read_bytes:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    main()
