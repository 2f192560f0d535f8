"""What recall goes by besides words and vectors: signals and echoes, by their names.

Put together by the engine's door to asking. A signal says of each unit that was found, from 0 to 1,
how much something speaks for it; an echo says what speaks for a unit because of what speaks for
others. What they are worth stands in `scoring.Worth`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Column
from cairn.core.records import Chunk

Signal = Callable[[Question, Sequence[Chunk]], Column | None]
"""None where it has nothing to say of this question."""
Echo = Callable[[Question, Sequence[Chunk], Column], Column | None]
"""Like a signal; it also gets how much else speaks for each unit, 1 for the best."""
Subject = Callable[[Question, AbstractSet[str]], frozenset[str]]
"""Whom of some speakers a question is about."""


def nobody(question: Question, speakers: AbstractSet[str]) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Beside:
    now: datetime | None = None
    """When it is asked: what "last week" is counted from."""
    signals: Mapping[str, Signal] = field(default_factory=dict)
    echoes: Mapping[str, Echo] = field(default_factory=dict)
    subject: Subject = nobody


NOTHING = Beside()
