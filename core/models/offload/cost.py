"""What a token costs when weights are read as they are needed → `Cost`: bytes, waiting, seconds.

Used by the planner before anything is loaded, and held against measurements by a benchmark. It
knows of a model only what `Work` says. Invariant: more memory, a faster disk or a faster processor
never makes a token cost more.
"""

from __future__ import annotations

from dataclasses import dataclass

from cairn.core.models.offload.reads import Reads
from cairn.core.models.offload.split import Policy

CHANCE, USUAL = 1.0, 2.1
"""How much of its kind a cache finds again: as little as by chance, and as with usual models."""
_OVERLAP: dict[Policy, float] = {"experts": 0.15, "dense": 0.95, "sparse": 0.15}
"""Of the shorter of reading and computing, how much goes on at the same time. Which experts a layer
takes is known when it begins; which matrices come next is always known."""
_READ_COST_S = 0.06e-9
"""Of each byte read, in time of the processor."""


@dataclass(frozen=True, slots=True)
class Work:
    policy: Policy
    size: float
    """Bytes of the weights that need not be in memory all the time."""
    touched: float
    """Bytes of them that one token needs."""
    piece: float
    """Bytes that are read at a time, at one place."""
    compute_s: float
    """For a token, were all weights in memory; 0 where that is not known."""
    locality: float = USUAL
    ring: float = 0.0
    """Bytes of memory through which passes what does not stay."""


@dataclass(frozen=True, slots=True)
class Cost:
    hits: float
    """Share of what a token needs that is in memory already."""
    read: float
    """Bytes, for each token."""
    io_s: float
    """For the disk alone."""
    token_s: float
    """0 where the disk was not measured."""
    floor_s: float
    """Were reading and computing wholly at the same time: none can be faster with these reads."""


def cost(work: Work, budget: float, reads: Reads) -> Cost:
    """Of one token that is written, with so many bytes of memory for such weights."""
    hits = _hits(work, budget)
    read = work.touched * (1 - hits)
    if not reads.rate:
        return Cost(hits, read, 0.0, 0.0, 0.0)
    io_s = reads.seconds(read, work.piece)
    compute_s = work.compute_s + read * _READ_COST_S
    together = _OVERLAP[work.policy] * min(io_s, compute_s)
    return Cost(hits, read, io_s, io_s + compute_s - together, max(io_s, work.compute_s))


def batch_cost(work: Work, budget: float, reads: Reads, tokens: int, compute_s: float) -> float:
    """Seconds for so many tokens of a prompt, read together: all is needed, and once for all."""
    needed = work.size * (1 - (1 - min(1.0, work.touched / work.size)) ** tokens)
    read = needed * (1 - min(1.0, budget / work.size))
    io_s = reads.seconds(read, work.piece)
    return max(io_s, compute_s) + (1 - _OVERLAP["dense"]) * min(io_s, compute_s)


def _hits(work: Work, budget: float) -> float:
    if budget >= work.size:
        return 1.0
    share = max(0.0, budget - work.ring) / work.size
    if work.policy == "dense":  # what stays is used once for each token, and the rest never found
        return share
    return float(1 - (1 - share) ** work.locality)
