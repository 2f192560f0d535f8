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

from cairn.core.config import Models
from cairn.core.errors import CairnError, Unavailable
from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.fit.machine import Machine, look
from cairn.core.models.fit.promised import Promised
from cairn.core.models.fit.shape import Shape, shape_of
from cairn.core.models.offload.choosing import SLOWEST, choose, expect, least
from cairn.core.models.offload.reads import guess, settle
from cairn.core.models.offload.split import Offload

Loaded = TypeVar("Loaded")
WINDOW = 8192
"""Tokens of context that are planned for where there is room."""
_AMPLE, _LEAST_WINDOW = 4096, 2048
_BATCH = 256
_CACHES = {"f16": 2.0, "q8_0": 34 / 32}
"""How a token's numbers are kept in the context, and what one takes in bytes."""
_OVERHEAD = 64 << 20
_PREFIXES, _PREFIX = 3, 512
"""What prompts begin with is kept in memory so many times, of about so many tokens."""
_POLITE = 0.5
_WORTH = 0.8
"""Of the speed that less context would give: so much is paid for more of it."""
# Of what the small embedder gets through in a batch of tokens, the wide layers of a large model do
# so much more, and a single token so much less, as it shares the unpacking with no other.
_TOGETHER, _ALONE = 2.5, 0.7
_LAYER_S = 25e-6
_BETWEEN = 1.3
"""Of the time that products by kernels take, a token takes so much with what lies between them."""
_PACKED = 0.45
"""Of its pace a model keeps so much while its context is packed."""
EVIDENCE, ANSWER = 1500, 200
"""Tokens of a usual question with what was found for it, and of its answer."""
_SETTING = "models.memory_gb"
_ALLOW = f"`cairn config set {_SETTING} 0` allows it all that is free, or take a smaller one"
_HINT = "close some programs, or take a smaller one: `cairn model recommend` says what fits"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the settings allow a model that writes."""

    offload: bool = False
    """May weights be read as they are needed, where memory can't hold them all?"""
    memory: int = 0
    """The most bytes that it may take; 0 for what is free."""
    disks: Path | None = None
    """The cache's file that says how fast disks are."""
    share: float = 1.0
    """Of what is free, where all of it would be taken."""

    @classmethod
    def by(cls, settings: Models, disks: Path | None, *, is_polite: bool = False) -> Allowed:
        """`is_polite` leaves half for a process that somebody waits for."""
        share = _POLITE if is_polite else 1.0
        return cls(settings.offload, round(settings.memory_gb * 1e9), disks, share)


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
    offload: Offload | None = None
    """What is read as it is needed; None where all weights stay in memory."""

    @property
    def runs(self) -> bool:
        return self.window > 0

    @property
    def fits(self) -> bool:
        return self.runs and self.offload is None

    @property
    def answer_s(self) -> float:
        """How long somebody waits for a usual answer; 0 where that is not known."""
        if not self.speed or not self.read_speed:
            return 0.0
        return EVIDENCE / self.read_speed + ANSWER / self.speed

    def refusal(self) -> CairnError:
        return Unavailable(self.reason, _ALLOW if _SETTING in self.reason else _HINT)


def plan(
    shape: Shape, machine: Machine, *, threads: int = 0, window: int = WINDOW,
    allowed: Allowed = Allowed(),
) -> Plan:  # fmt: skip
    """The largest context of at most `window` tokens that fits, exact before packed; if none does
    and it is `allowed`, with as many of the weights in memory as there is room for."""
    free = max(0, machine.free - machine.reserve)
    free = min(free, allowed.memory) if allowed.memory else free
    threads = threads or machine.cores
    most = min(window, shape.window or window)
    need = 0
    for tokens, cache in _choices(shape, most):
        need = _need(shape, tokens, cache)
        if need <= free:
            return _planned(shape, machine, tokens, cache, threads, need, free)
    room = round(free * allowed.share)
    partly = _partly(shape, machine, most, threads, room) if allowed.offload else None
    if partly and (not partly.speed or partly.speed >= SLOWEST):
        return partly
    short = _planned(shape, machine, 0, "f16", threads, need, free)
    return replace(short, reason=_reason(need, free, machine, allowed, partly))


def plan_file(
    path: Path, *, threads: int = 0, window: int = WINDOW, allowed: Allowed = Allowed()
) -> Plan:
    """For a model that is about to be loaded; `Unavailable` if the machine has no room for it."""
    return _running(shape_of(read_header(path)), path, 0, threads, window, allowed)


def load_as_planned(
    path: Path, promised: Promised, load: Callable[[Plan], Loaded], *, threads: int = 0,
    packed: bool = False, allowed: Allowed = Allowed(),
) -> Loaded:  # fmt: skip
    """As planned with what others were promised set aside; nobody else plans until it is loaded.

    Weights that are `packed` for kernels are this process's own, others the file's.
    """
    with promised.turn() as others:
        shape = shape_of(read_header(path))
        chosen = _running(shape, path, others, threads, WINDOW, allowed)
        loaded = load(chosen)
        shared = 0 if packed or chosen.offload else shape.size
        promised.note(chosen.need - shared)
        return loaded


def _running(
    shape: Shape, path: Path, others: int, threads: int, window: int, allowed: Allowed
) -> Plan:
    machine = look()
    machine = replace(machine, free=max(0, machine.free - others))
    chosen = plan(shape, machine, threads=threads, window=window, allowed=allowed)
    if chosen.offload and allowed.disks:
        machine = replace(machine, reads=settle(allowed.disks, path))
        chosen = plan(shape, machine, threads=threads, window=window, allowed=allowed)
    if not chosen.runs:
        raise chosen.refusal()
    return chosen


def _partly(shape: Shape, machine: Machine, most: int, threads: int, free: int) -> Plan | None:
    """With what its context leaves for weights; memory that holds context can't hold weights."""
    if not shape.loose or not shape.writes:
        return None
    found = []
    for tokens, cache in _choices(shape, min(most, _AMPLE)):
        prefixes = _PREFIXES * min(_PREFIX, tokens) * shape.cached * _CACHES[cache]
        rest = _need(shape, tokens, cache) - shape.loose - shape.looked_up + round(prefixes)
        if free - rest >= least(shape):
            offload = choose(shape, free - rest)
            need = rest + offload.budget
            # What is read as it is needed is multiplied by llama.cpp's own kernels.
            stock = replace(machine, rates=())
            whole = _planned(shape, stock, tokens, cache, threads, need, free)
            found.append(_slowed(shape, machine, whole, offload))
    fastest = max((each.speed for each in found), default=0.0)
    return next((each for each in found if each.speed >= _WORTH * fastest), None)


def _slowed(shape: Shape, machine: Machine, whole: Plan, offload: Offload) -> Plan:
    """What is expected of it as it reads, by what is expected were it all in memory."""
    reads = machine.reads if machine.reads.rate else guess(machine.speeds.disk)
    token_s = 1 / whole.speed if whole.speed else 0.0
    batch_s = whole.batch / whole.read_speed if whole.read_speed else 0.0
    pace = expect(shape, offload, reads, token_s, whole.batch, batch_s)
    return replace(
        whole, offload=offload, speed=pace.speed, read_speed=pace.read_speed,
        load_s=whole.load_s * (1 - offload.size / shape.size),
    )  # fmt: skip


def _reason(need: int, free: int, machine: Machine, allowed: Allowed, partly: Plan | None) -> str:
    if partly:
        return (
            f"the model needs {_size(need)} of memory, and {_size(free)} can be used now; read "
            f"from the disk as it is needed, it would write {partly.speed:.2f} tokens a second"
        )
    if allowed.memory and free == allowed.memory:
        return f"the model needs {_size(need)} of memory, and `{_SETTING}` allows it less"
    if need <= machine.total - machine.reserve:
        return f"the model needs {_size(need)} of memory, and {_size(free)} can be used now"
    return f"the model needs {_size(need)} of memory, more than this machine has for it"


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
        alone, together = _computing(shape, machine)
        speed = 1 / (max(by_memory, alone / share) + shape.layers * _LAYER_S)
        read_speed = share / max(together, 1e-9)
    if speeds.disk:
        load_s = shape.size / speeds.disk
    return Plan(window, cache, threads, _BATCH, need, free, speed, read_speed, load_s)


def _computing(shape: Shape, machine: Machine) -> tuple[float, float]:
    """Seconds for a token alone and for one of many, each type by what runs it here."""
    known = {rate.kind: rate for rate in machine.rates}
    alone = together = 0.0
    for name, weights in shape.kinds or ((shape.quantization, shape.active_weights),):
        rate = next((rate for kind, rate in known.items() if name.startswith(kind)), None)
        if rate and rate.alone and rate.together:
            alone += weights * rate.alone * _BETWEEN / machine.cores
            together += weights * rate.together * _BETWEEN / machine.cores
        else:
            alone += weights / (machine.speeds.compute * _ALONE)
            together += weights / (machine.speeds.compute * _TOGETHER)
    return alone, together


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6))} MB"
