"""A model's shape and the memory that is left for its weights → `Offload`, and what to expect.

Part of the planner, for models that do not fit. Invariant: what is chosen can run within its
budget, so that a model is refused here rather than brought to a standstill later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cairn.core.models.fit.shape import Shape
from cairn.core.models.offload.cost import USUAL, Work, batch_cost, cost
from cairn.core.models.offload.reads import Reads
from cairn.core.models.offload.split import Group, Offload, Policy, neurons_share

SLOWEST = 0.3
"""Tokens a second below which a model is refused: nobody waits so long."""
_PIECE = 1 << 20
_MATRICES = 3
"""Of an expert."""
_MISSED = 0.1
"""Of all neurons so many bytes are read for a word, where most of them rest."""
_PASSING = 3
"""Large matrices that are on their way at a time."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Tokens a second; 0 where it is not known."""

    speed: float
    read_speed: float


def policy_of(shape: Shape) -> Policy:
    return "experts" if shape.experts else "dense"


def least(shape: Shape) -> int:
    """Bytes without which it would hardly move: a token's experts, or two of the matrices."""
    return round(_touched(shape)) if shape.experts else 2 * shape.largest + _ring(shape)


def choose(shape: Shape, budget: int) -> Offload:
    policy, whole = policy_of(shape), shape.size - shape.looked_up
    dense = shape.loose - shape.packed
    if shape.packed and budget - shape.packed_least >= min(dense, least(shape)):
        neurons = neurons_share(
            shape.packed_least, shape.packed, dense, budget - min(dense, least(shape))
        )
        groups = (Group("dense", dense, min(budget - neurons, dense)),
                  Group("sparse", shape.packed, neurons))  # fmt: skip
        return Offload(groups, whole)
    return Offload((Group(policy, shape.loose, min(budget, shape.loose)),), whole)


def expect(
    shape: Shape, offload: Offload, reads: Reads, token_s: float, tokens: int, batch_s: float
) -> Pace:
    """`token_s` and `batch_s` are what a token, and so many of a prompt, take to compute."""
    work, budget = work_of(shape, token_s), offload.budget
    for group in offload.groups:
        if group.policy == "sparse":  # few of those are read, beside all that is dense
            dense = work.size - group.size
            touched = dense + _MISSED * group.size
            work, budget = replace(work, size=dense, touched=touched), budget - group.budget
    one = cost(work, budget, reads)
    if not one.token_s or not token_s:
        return Pace(1 / one.token_s if one.token_s else 0.0, 0.0)
    batch = batch_cost(work, budget, reads, tokens, batch_s)
    return Pace(1 / one.token_s, tokens / batch)


def work_of(shape: Shape, token_s: float, locality: float = USUAL) -> Work:
    pieces = max(1, shape.layers * shape.experts * _MATRICES) if shape.experts else 1
    piece = min(_PIECE, shape.loose / pieces)
    ring = _ring(shape)
    return Work(policy_of(shape), shape.loose, _touched(shape), piece, token_s, locality, ring)


def _touched(shape: Shape) -> float:
    """Bytes of the loose weights that one token needs."""
    share = shape.used / shape.experts if shape.experts and shape.used else 1.0
    return shape.loose * min(1.0, share)


def _ring(shape: Shape) -> int:
    """Bytes of memory through which dense matrices pass."""
    if shape.experts:
        return 0
    return round(_PASSING * shape.hidden * shape.width * shape.size / shape.weights)
