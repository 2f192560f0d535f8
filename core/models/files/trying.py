"""A model file → whether it really runs here, and how fast, found out in a throwaway process.

Asked before a model is accepted, and for benchmarks. Whatever a file does to that process, the
caller gets `Tried` or an `Unavailable` that says what to do next.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cairn.core.errors import CairnError, Unavailable
from cairn.core.home import write_atomic
from cairn.core.models.fit.machine import Machine, Speeds, look
from cairn.core.models.plan import Plan
from cairn.core.process import Child, ChildDied, TooSlow

_ENVIRONMENT = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
_START_S = 60.0
_SLOWEST_READ = 30e6
"""Bytes a second: a disk slower than this is taken for one that hangs."""
_MEASURE_S = 60.0
_SPEEDS = ("memory", "disk", "compute")
_HINT = "choose another file; `cairn model recommend` has models that work here"


@dataclass(frozen=True, slots=True)
class Tried:
    load_s: float
    read_speed: float
    """Tokens a second of what it is asked."""
    speed: float
    """Tokens a second of what it writes."""
    memory: int
    """The most bytes its process had in memory, those of the file among them."""
    dimensions: int


class Trying:
    def __init__(self, logs: Path, cache: Path) -> None:
        self._log = logs / "trying.log"
        self._cache = cache
        self._kept = cache / "machine.json"

    def run(
        self, path: Path, chosen: Plan, *, thorough: bool = False, read: int = 16,
        written: int = 2, longest_s: float = 0.0, kernels: Collection[str] | None = None,
    ) -> Tried:  # fmt: skip
        """Load it as planned and take a few steps; `thorough` looks at every weight, and `kernels`
        are the types of those that ours multiply.
        """
        deadline_s = longest_s or _START_S + (1 + thorough) * chosen.need / _SLOWEST_READ
        asked = {
            "op": "try", "path": str(path), "plan": asdict(chosen), "thorough": thorough,
            "read": read, "written": written,
            "kernels": kernels if kernels is None else sorted(kernels),
        }  # fmt: skip
        try:
            return Tried(**self._ask(asked, deadline_s, str(path)))
        except ChildDied as error:
            raise Unavailable(
                f"{path.name} can't be used: llama.cpp falls over it, which it did in a process of "
                f"its own", _HINT,
            ) from error  # fmt: skip
        except TooSlow as error:
            raise Unavailable(
                f"{path.name} can't be used: after {deadline_s:.0f} s it still did not run", _HINT
            ) from error

    def machine(self, *, measured: bool = True) -> Machine:
        """As it is now, with its speeds; `measured` takes a second to find them out if need be."""
        known = self._known()
        calm = os.getloadavg()[0] < (os.cpu_count() or 1) / 2
        # What was measured while others were at work says too little of the machine.
        if not measured or (known and (known.calm or not calm)):
            return look(known)
        asked = {
            "op": "measure", "folder": str(self._cache), "threads": look().cores, "calm": calm,
        }  # fmt: skip
        try:
            speeds = Speeds(**self._ask(asked, _MEASURE_S))
        except CairnError:
            return look(known)
        write_atomic(self._kept, json.dumps({**asdict(speeds), "of": _name()}) + "\n")
        return look(speeds)

    def _known(self) -> Speeds | None:
        try:
            known = json.loads(self._kept.read_text("utf-8"))
            if known.pop("of") != _name():
                return None
            memory, disk, compute = (float(known[name]) for name in _SPEEDS)
            return Speeds(memory, disk, compute, bool(known["calm"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _ask(self, asked: dict[str, Any], deadline_s: float, *model: str) -> dict[str, Any]:
        module = "cairn.core.models.files.trying_worker"
        child = Child(module, self._log, arguments=model, env=_ENVIRONMENT)
        try:
            reply = child.request(asked, deadline_s=deadline_s).header
        finally:
            child.close()
        if "error" in reply:
            raise Unavailable(str(reply["error"]), str(reply["hint"]))
        return {name: value for name, value in reply.items() if name != "id"}


def _name() -> str:
    """Of the machine: a home may be copied to another."""
    return f"{platform.node()} {platform.machine()} {os.cpu_count()}"
