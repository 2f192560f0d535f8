"""What a question's channels found → its units in order, each with what speaks for it.

Called by the search. Scores are added up, not ranks: with a few hundred units at hand, how much
better one is than the next says more than how many are before it. Each part is 1 for the best unit,
so that parts compare; what they are worth is in `Worth`. Rarity is judged among what was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cairn.core.recall.units import passage_id
from cairn.core.recall.words import counted
from cairn.core.records import Chunk

Column = NDArray[np.float64]
_SATURATION, _BY_LENGTH = 1.2, 0.75
"""BM25's constants, as the index has them."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What each part of a unit's score is worth."""

    words: float = 1.0
    """Of words in all, against `near`."""
    own: float = 0.5
    """Of a unit's own words, against those of the passage that it stands in."""
    near: float = 1.0
    beside: Mapping[str, float] = field(default_factory=dict)
    """Of each further part, such as `speaker`, by its name."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Units in their order, and the parts of their scores side by side with them."""

    units: tuple[Chunk, ...]
    total: Column
    parts: dict[str, Column]


def score(
    units: Sequence[Chunk],
    weights: Mapping[str, float],
    passages: Mapping[str, float],
    near: Column | None,
    beside: Mapping[str, Column],
    worth: Worth,
) -> Scored:
    """`weights` are those of the question's stems, `passages` scores of whole passages by their
    words, `near` cosines of the units; None while there are no vectors."""
    around = np.array([passages.get(passage_id(unit.id), 0.0) for unit in units])
    own = own_words(units, weights)
    words = _to_best(worth.own * _to_best(own) + (1 - worth.own) * _to_best(around))
    parts = {"own words": own, "words": around}
    if near is None:
        total = words
    else:
        parts["vector"] = near
        share = worth.words + worth.near
        total = (worth.words * words + worth.near * _to_best(near)) / share
    for name, column in beside.items():
        parts[name] = column
        total = total + worth.beside.get(name, 0.0) * column
    total = np.round(total, 9)  # the last bits depend on how many units there are
    order = sorted(range(len(units)), key=lambda at: (-total[at], units[at].id))
    return Scored(
        tuple(units[at] for at in order),
        total[order],
        {name: column[order] for name, column in parts.items()},
    )


def own_words(units: Sequence[Chunk], weights: Mapping[str, float]) -> Column:
    """BM25 of each unit's own words; a turn is short among turns, a passage among passages."""
    counted = [_count(unit.search_text) for unit in units]
    lengths = np.array([size for _, size in counted], dtype=np.float64)
    is_turn = np.array([unit.id != passage_id(unit.id) for unit in units], dtype=bool)
    usual = np.ones(len(units))
    for same in (is_turn, ~is_turn):
        if same.any():
            usual[same] = max(1.0, lengths[same].mean())
    norm = _SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * lengths / usual)
    total = np.zeros(len(units))
    for stem, weight in weights.items():
        times = np.array([counts[stem] for counts, _ in counted], dtype=np.float64)
        total += weight * times * (_SATURATION + 1) / (times + norm)
    return total


@lru_cache(maxsize=8192)
def _count(text: str) -> tuple[Counter[str], int]:
    counts = counted(text)
    return counts, counts.total()


def _to_best(column: Column) -> Column:
    """1 for the best, 0 for what says nothing."""
    best = float(column.max(initial=0.0))
    return np.clip(column / best, 0.0, 1.0) if best > 0 else np.zeros(len(column))
