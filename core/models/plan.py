"""The one memory planner: a model's shape and the machine as it is now → `Plan`.

Asked by the generator's process before it loads, and by whoever recommends a model. The invariant:
a plan that fits leaves the machine its reserve, and others what they were promised, so that
loading never drives it into swapping.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from cairn.core.errors import CairnError, Unavailable
from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.fit.machine import Machine, look
from cairn.core.models.fit.promised import Promised
from cairn.core.models.fit.shape import Shape, shape_of

Loaded = TypeVar("Loaded")
WINDOW = 8192
"""Tokens of context that are planned for where there is room."""
_AMPLE, _LEAST_WINDOW = 4096, 2048
_BATCH = 256
_CACHES = {"f16": 2.0, "q8_0": 34 / 32}
"""How a token's numbers are kept in the context, and what one takes in bytes."""
_OVERHEAD = 64 << 20
# Of what the small embedder gets through in a batch of tokens, the wide layers of a large model do
# so much more, and a single token so much less, as it shares the unpacking with no other.
_TOGETHER, _ALONE = 2.5, 0.7
_LAYER_S = 25e-6
_PACKED = 0.45
"""Of its pace a model keeps so much while its context is packed."""
EVIDENCE, ANSWER = 1500, 200
"""Tokens of a usual question with what was found for it, and of its answer."""
_HINT = "close some programs, or take a smaller one: `cairn model recommend` says what fits"


@dataclass(frozen=True, slots=True)
class Plan:
    window: int
    """Tokens of context; 0 if it does not fit."""
    cache: str
    """`f16` or `q8_0`."""
    threads: int
    batch: int
    need: int
    """Bytes of memory, all in all."""
    free: int
    """Bytes that may be used, the machine's reserve already taken off."""
    speed: float
    """Tokens a second that it is expected to write; 0 where the machine was not measured."""
    read_speed: float
    """Tokens a second of a question and its evidence."""
    load_s: float
    reason: str = ""
    """Why it does not fit, in words."""

    @property
    def fits(self) -> bool:
        return self.window > 0

    @property
    def answer_s(self) -> float:
        """How long somebody waits for a usual answer; 0 where that is not known."""
        if not self.speed or not self.read_speed:
            return 0.0
        return EVIDENCE / self.read_speed + ANSWER / self.speed

    def refusal(self) -> CairnError:
        return Unavailable(self.reason, _HINT)


def plan(shape: Shape, machine: Machine, *, threads: int = 0, window: int = WINDOW) -> Plan:
    """The largest context of at most `window` tokens that fits, exact before packed."""
    free = max(0, machine.free - machine.reserve)
    threads = threads or machine.cores
    most = min(window, shape.window or window)
    need = 0
    for tokens, cache in _choices(shape, most):
        need = _need(shape, tokens, cache)
        if need <= free:
            return _planned(shape, machine, tokens, cache, threads, need, free)
    short = _planned(shape, machine, 0, "f16", threads, need, free)
    reason = (
        f"the model needs {_size(need)} of memory, and {_size(free)} can be used now"
        if need <= machine.total - machine.reserve
        else f"the model needs {_size(need)} of memory, more than this machine has for it"
    )
    return Plan(
        0, short.cache, threads, _BATCH, need, free, short.speed, short.read_speed, short.load_s,
        reason,
    )  # fmt: skip


def plan_file(path: Path, *, threads: int = 0, window: int = WINDOW) -> Plan:
    """For a model that is about to be loaded; `Unavailable` if the machine has no room for it."""
    return _fitting(shape_of(read_header(path)), 0, threads, window)


def load_as_planned(
    path: Path, promised: Promised, load: Callable[[Plan], Loaded], *, threads: int = 0
) -> Loaded:
    """As planned with what others were promised set aside; nobody else plans until it is loaded."""
    with promised.turn() as others:
        shape = shape_of(read_header(path))
        chosen = _fitting(shape, others, threads, WINDOW)
        loaded = load(chosen)
        promised.note(chosen.need - shape.size)
        return loaded


def _fitting(shape: Shape, others: int, threads: int, window: int) -> Plan:
    machine = look()
    machine = replace(machine, free=max(0, machine.free - others))
    chosen = plan(shape, machine, threads=threads, window=window)
    if not chosen.fits:
        raise chosen.refusal()
    return chosen


def _choices(shape: Shape, most: int) -> list[tuple[int, str]]:
    """Contexts, the best first; one is packed before it gets too small for a conversation."""
    sizes = [most]
    while sizes[-1] // 2 >= _LEAST_WINDOW:
        sizes.append(sizes[-1] // 2)
    choices = []
    ample, small = (
        [size for size in sizes if (size >= _AMPLE) is wanted] for wanted in (True, False)
    )
    for group in (ample, small):
        choices += [(size, "f16") for size in group]
        choices += [(size, "q8_0") for size in group[-1:] if shape.divisible]
    return choices


def _need(shape: Shape, window: int, cache: str) -> int:
    context = shape.cached * window * _CACHES[cache]
    batch = min(_BATCH, window)
    # The largest of what is in the making at once: a layer's inner state, or scores of all words.
    work = 4 * batch * (
        max(shape.vocabulary, 3 * shape.hidden) + 8 * shape.width + shape.heads * window // 2
    )  # fmt: skip
    return round(shape.size + context + work + _OVERHEAD)


def _planned(
    shape: Shape, machine: Machine, window: int, cache: str, threads: int, need: int, free: int
) -> Plan:
    speeds = machine.speeds
    share = min(1.0, threads / max(1, machine.cores)) * (1.0 if cache == "f16" else _PACKED)
    speed = read_speed = load_s = 0.0
    if speeds.memory and speeds.compute:
        # Half of a full context is read for each token, on average.
        context = shape.cached * window * _CACHES[cache] / 2
        by_memory = (shape.active_size + context) / speeds.memory
        by_compute = shape.active_weights / (speeds.compute * share * _ALONE)
        speed = 1 / (max(by_memory, by_compute) + shape.layers * _LAYER_S)
        read_speed = speeds.compute * share * _TOGETHER / max(1, shape.active_weights)
    if speeds.disk:
        load_s = shape.size / speeds.disk
    return Plan(window, cache, threads, _BATCH, need, free, speed, read_speed, load_s)


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6))} MB"
