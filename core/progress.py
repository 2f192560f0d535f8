"""How far the indexing is, and an honest estimate of the time left."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from cairn.core.rows import JobKind

_GUESS_S = 1.0


@dataclass(slots=True)
class Progress:
    """How far the present stage is, in files to read or in passages to embed."""

    stage: JobKind = "file"
    done: int = 0
    total: int = 0
    cost_done: int = 0
    cost_total: int = 0
    """In bytes for files, since a big one takes longer; in passages for the embedder."""
    started: float = field(default_factory=time.monotonic)
    advanced: float = 0.0
    reading: str = ""
    """The address of what is being read now."""
    warm_up: int = 0
    """The cost of the first advance, in which processes start: it says nothing of the pace."""

    @property
    def eta_s(self) -> float | None:
        """From the pace up to the last advance, less the time since; None while it is a guess."""
        taken = self.advanced - self.started
        if self.cost_done >= self.cost_total or taken < _GUESS_S or self.cost_done == self.warm_up:
            return None
        left = taken / (self.cost_done - self.warm_up) * (self.cost_total - self.cost_done)
        return max(0.0, left - (time.monotonic() - self.advanced))

    def advance(self, count: int, cost: int) -> None:
        self.advanced = time.monotonic()
        if not self.done:
            self.started, self.warm_up = self.advanced, cost
        self.done += count
        self.cost_done += cost
        self.total = max(self.total, self.done)
        self.cost_total = max(self.cost_total, self.cost_done)
