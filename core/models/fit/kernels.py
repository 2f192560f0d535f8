"""Which of our kernels are worth it on this machine → `Kernels`; tried out once, and kept.

Asked by the generator's process before it loads, by benchmarks and by doctor. They are tried in a
throwaway process: where llama.cpp is not as they know it, all stays with llama.cpp. The invariant:
a type of weights is chosen only if a usual answer comes sooner with our kernel for it.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from cairn import native
from cairn.core.errors import CairnError
from cairn.core.home import write_atomic
from cairn.core.models.fit.machine import Rate
from cairn.core.models.plan import ANSWER, EVIDENCE
from cairn.native import ggml

KERNELS = "kernels.json"
"""In the home's cache."""
_LONGEST_S = 60.0
_TOO_LONG = "trying them took too long"
_WORTH, _SLOWEST = 0.98, 1.1
"""Of the time that llama.cpp takes: for an answer, and for what is read of it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds for one token's product with a weight, by ours and by llama.cpp's kernels."""

    alone: float
    their_alone: float
    together: float
    """Of many tokens at once."""
    their_together: float

    @property
    def gain(self) -> float:
        """How many times as fast a text is written."""
        return self.their_alone / self.alone if self.alone else 0.0

    @property
    def is_worth_it(self) -> bool:
        ours = EVIDENCE * self.together + ANSWER * self.alone
        theirs = EVIDENCE * self.their_together + ANSWER * self.their_alone
        return 0 < ours < _WORTH * theirs and self.together < _SLOWEST * self.their_together


@dataclass(frozen=True, slots=True)
class Kernels:
    reason: str = ""
    """Why there are none, in words."""
    paces: tuple[tuple[str, Pace], ...] = ()

    @property
    def types(self) -> tuple[str, ...] | None:
        """Of the weights that are ours to multiply; None where llama.cpp is to be left alone."""
        if self.reason:
            return None
        return tuple(kind for kind, pace in self.paces if pace.is_worth_it)

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Of each type by the kernel that it is left to, ours or llama.cpp's."""
        if self.reason:
            return ()
        return tuple(
            Rate(kind, pace.alone, pace.together)
            if pace.is_worth_it
            else Rate(kind, pace.their_alone, pace.their_together)
            for kind, pace in self.paces
        )


def settle(file: Path) -> Kernels:
    """What was found out about this machine; if need be, it takes a few seconds to do so."""
    found = settled(file)
    if found is None:
        found = _try()
        if found.reason == _TOO_LONG:
            return found  # others may have been at work
        held = {"of": _name(), "reason": found.reason,
                "paces": {kind: asdict(pace) for kind, pace in found.paces}}  # fmt: skip
        try:
            write_atomic(file, json.dumps(held) + "\n")
        except (OSError, CairnError):
            return found  # a full disk costs only time
    return found


def settled(file: Path) -> Kernels | None:
    """The same without trying anything; None where nothing was tried yet."""
    try:
        held = json.loads(file.read_text("utf-8"))
        if held["of"] != _name():
            return None
        return _read(held)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _read(held: dict[str, object]) -> Kernels:
    paces = held["paces"]
    if not isinstance(paces, dict):
        raise TypeError
    found = {kind: {name: float(value) for name, value in pace.items()}
             for kind, pace in paces.items()}  # fmt: skip
    return Kernels(str(held["reason"]), tuple((kind, Pace(**pace)) for kind, pace in found.items()))


def _try() -> Kernels:
    command = [sys.executable, "-m", "cairn.core.models.fit.kernels_worker"]
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, check=False, timeout=_LONGEST_S
        )
        return _read(json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return Kernels(_TOO_LONG)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Kernels("trying them failed, which it did in a process of its own")


def _name() -> str:
    """Of the machine and of what runs on it: a home may be copied to another."""
    build = importlib.metadata.version("llama-cpp-python")
    return (
        f"{platform.node()} {platform.machine()} {os.cpu_count()} {native.level()} {build} "
        f"{ggml.stamp()}"
    )
