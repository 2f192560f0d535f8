"""How fast this machine moves and computes → `Speeds`; in the throwaway process only.

A second's work, done once for a machine: memory by summing what no cache holds, the disk by reading
back what was just written and put out of the caches, computing by the shipped embedder.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import threading
import time
from pathlib import Path

import numpy as np

from cairn import assets
from cairn.core.models.fit.machine import Speeds, look

_MEMORY = 256 << 20
_DISK = 64 << 20
_PIECE = 1 << 20
_TRIES = 4
_SHARED = 1.5
"""How much more memory gives to all threads than to one: about, where it can't be measured."""
_TOKENS, _TOKEN = 512, 2000
"""How many make a text, and the first of them."""
_F_NOCACHE = 48
"""Of macOS: read past the caches."""


def measure(folder: Path, threads: int, calm: bool) -> Speeds:
    """`calm` says whether nobody else is at work now."""
    rates = _memory(threads)
    memory = sum(rates) if calm else min(sum(rates), _SHARED * max(rates))
    return Speeds(memory, _disk(folder), threads * _compute(), calm)


def _memory(threads: int) -> list[float]:
    """Of each thread; one that had to wait for a core met less traffic than it would."""
    size = min(_MEMORY, look().free // 8) // (8 * threads)
    parts = [np.ones(max(size, 1 << 16), np.uint64) for _ in range(threads)]
    rates = [0.0] * threads

    def read(number: int) -> None:
        for _ in range(_TRIES):
            started = time.thread_time()  # not a clock's: others may be at work as well
            parts[number].sum()
            elapsed = max(time.thread_time() - started, 1e-6)
            rates[number] = max(rates[number], parts[number].nbytes / elapsed)

    workers = [threading.Thread(target=read, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return rates


def _disk(folder: Path) -> float:
    path = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        with path.open("xb", buffering=0) as file:
            piece = os.urandom(_PIECE)
            for _ in range(_DISK // _PIECE):
                file.write(piece)
            os.fsync(file.fileno())
        with path.open("rb", buffering=0) as file:
            _bypass(file.fileno())
            started = time.perf_counter()
            while file.read(_PIECE):
                pass
            return _DISK / (time.perf_counter() - started)
    except OSError:
        return 0.0
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


def _bypass(descriptor: int) -> None:
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    elif sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, _F_NOCACHE, 1)


def _compute() -> float:
    """Of one thread: what several do together is told by nobody but an idle machine.

    By llama.cpp's own code, which is what runs the models that are planned for.
    """
    from cairn.core.models.files.gguf_header import read_header
    from cairn.core.models.states import open_model

    path = assets.path("embedder.gguf")
    weights = sum(
        tensor.weights for tensor in read_header(path).tensors if tensor.name.startswith("blk.")
    )
    _, _, states = open_model(path, "models.embedder", _TOKENS, "embedder", stock=True)
    states.set_threads(1)
    tokens = range(_TOKEN, _TOKEN + _TOKENS)
    best = 0.0
    for _ in range(_TRIES):
        started = time.thread_time()
        states.of([tokens])
        best = max(best, weights * len(tokens) / max(time.thread_time() - started, 1e-6))
    return best
