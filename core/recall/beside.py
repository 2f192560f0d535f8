"""What recall goes by besides words and vectors: further channels and signals, by their names.

Put together by the engine's door to asking. A channel brings passages; a signal says of each unit,
from 0 to 1, how much something speaks for it; an echo says what speaks for a unit because of what
speaks for others. What they are worth stands in `scoring.Worth`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Column
from cairn.core.records import Chunk

Pairs = list[tuple[str, float]]
"""Ids of passages with a channel's own scores, the best first."""
Channel = Callable[[Question, int], Pairs]
"""No more than so many."""
Signal = Callable[[Question, Sequence[Chunk]], Column | None]
"""None where it has nothing to say of this question."""
Echo = Callable[[Question, Sequence[Chunk], Column], Column | None]
"""Like a signal; it also gets how much else speaks for each unit, 1 for the best."""


@dataclass(frozen=True, slots=True)
class Beside:
    now: datetime | None = None
    """When it is asked: what "last week" is counted from."""
    channels: Mapping[str, Channel] = field(default_factory=dict)
    signals: Mapping[str, Signal] = field(default_factory=dict)
    echoes: Mapping[str, Echo] = field(default_factory=dict)


NOTHING = Beside()
