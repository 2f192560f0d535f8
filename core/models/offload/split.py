"""Which of a model's weights stay in memory, and which are read as they are needed → `Offload`.

Part of a plan: the planner makes it, and `weights.py` loads by it. The invariant: all weights that
a group names take at most the group's budget of memory, however large they are on the disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

_NEURONS = 0.3
"""Of them, or of what is left, whichever is less: beyond what they need at least."""
Policy = Literal["experts", "dense", "sparse"]
"""What decides which of them are read: the router, the order of layers, the neurons that fire."""
WORDS, SCORES = "token_embd.weight", "output.weight"
_EXPERTS = re.compile(r"blk\.\d+\.ffn_(gate_up|gate|up|down)_exps\.weight")
_DENSE = re.compile(r"blk\.\d+\.(attn_(q|k|v|qkv|output)|ffn_(gate|up|down))\.weight")


@dataclass(frozen=True, slots=True)
class Group:
    """Tensors that are treated alike."""

    policy: Policy
    size: int
    """Of them in bytes, on the disk."""
    budget: int
    """Bytes of memory that they may take, with all that reading them takes; less than `size`."""


@dataclass(frozen=True, slots=True)
class Offload:
    groups: tuple[Group, ...]
    whole: int = 0
    """Bytes of all weights of the model, without a table of which only rows are read."""
    readers: int = 8
    """Reads at a time."""
    piece: int = 1 << 20
    """Bytes of the largest read."""

    @property
    def budget(self) -> int:
        return sum(group.budget for group in self.groups)

    @property
    def size(self) -> int:
        return sum(group.size for group in self.groups)

    @property
    def stays(self) -> int:
        """Bytes of weights that are in memory at a time."""
        return self.whole - self.size + self.budget


def loose(names: Iterable[str], policy: Policy) -> list[str]:
    """Of a model's weights those that need not be in memory all the time."""
    pattern = _EXPERTS if policy == "experts" else _DENSE
    return [name for name in names if pattern.fullmatch(name)]


def offload_from(fields: Mapping[str, Any] | None) -> Offload | None:
    """What was sent to another process as plain fields."""
    if fields is None:
        return None
    groups = tuple(Group(**group) for group in fields["groups"])
    return Offload(**{**fields, "groups": groups})


def neurons_share(least: int, size: int, dense: int, budget: int) -> int:
    """Of a budget, the bytes for neurons that were needed lately; the rest is for what is `dense`.

    Each byte of what is dense is needed for every word, and of the neurons, `size` bytes, only few
    are; but what is missing of them comes in small reads, of which a disk gives only so many.
    """
    left = max(0, budget - least)
    return min(budget, least + max(left - dense, round(_NEURONS * min(left, size))))
