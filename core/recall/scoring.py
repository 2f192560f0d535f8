"""What a question's channels found → its units in order, each with what speaks for it.

Called by the search. Scores are added up, not ranks: with a few hundred units at hand, how much
better one is than the next says more than how many are before it. Each part is 1 for the best unit,
so that parts compare; what they are worth is in `Worth`. Rarity is judged among what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cairn.core.recall.tally import Tally
from cairn.core.recall.units import Units, is_cut, passage_id
from cairn.core.records import Chunk

Column = NDArray[np.float64]
Echoes = Callable[[Sequence[Chunk], Column], Mapping[str, Column]]
"""What speaks for units because of what speaks for others; none hears another."""
_SATURATION, _BY_LENGTH = 1.2, 0.75
"""BM25's constants, as the index has them."""

BESIDE = {
    "asks": -0.2, "replies": 0.2, "told": 0.2,
    "speaker": 0.05, "own": 0.25, "moment": 0.15, "phrase": 0.4, "kept": 0.07,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worth:
    """What each part of a unit's score is worth."""

    words: float = 1.0
    """Of words in all, against `near`."""
    own: float = 0.5
    """Of a unit's own words, against those of the passage that it stands in."""
    near: float = 1.0
    beside: Mapping[str, float] = field(default_factory=lambda: BESIDE)
    """Of each further part, such as `speaker`, by its name."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Units in their order, and the parts of their scores side by side with them."""

    units: Units
    total: Column
    parts: dict[str, Column]
    worth: dict[str, float]
    """The most that each part can add to a total."""
    adds: dict[str, Column]
    """What each adds; together the total."""


def score(
    units: Sequence[Chunk],
    weights: Mapping[str, float],
    passages: Mapping[str, float],
    near: Column | None,
    beside: Mapping[str, Column],
    worth: Worth,
    echoes: Echoes = lambda units, spoken: {},
    tally: Tally | None = None,
) -> Scored:
    """`weights` are those of the question's stems, `passages` scores of whole passages by their
    words, `near` cosines of the units; None while there are no vectors."""
    units = Units.of(units)
    around = np.array([passages.get(passage_id(id), 0.0) for id in units.ids])
    own = own_words(units, weights, tally or Tally.of(weights, units))
    parts = {"own words": own, "words": around}
    likeness = {name: _to_best(column) for name, column in parts.items()}
    most = {"own words": worth.own, "words": 1 - worth.own}
    words = sum((most[name] * likeness[name] for name in most), np.zeros(len(units)))
    best = float(words.max(initial=0.0)) or 1.0
    share = 1.0 if near is None else worth.words / (worth.words + worth.near)
    most = {name: share * each / best for name, each in most.items()}
    if near is not None:
        parts["vector"], likeness["vector"] = near, _to_best(near)
        most["vector"] = 1 - share
    for name, column in beside.items():
        parts[name] = likeness[name] = column
        most[name] = worth.beside.get(name, 0.0)
    adds = {name: most[name] * likeness[name] for name in parts}
    total = sum(adds.values(), np.zeros(len(units)))
    speaking = sum((adds[name] for name in parts if most[name] > 0), np.zeros(len(units)))
    for name, column in echoes(units, _to_best(speaking)).items():
        parts[name], most[name] = column, worth.beside.get(name, 0.0)
        adds[name] = most[name] * column
        total = total + adds[name]
    total = np.round(total, 9)  # the last bits depend on how many units there are
    by_id = np.array(sorted(range(len(units)), key=units.ids.__getitem__), np.int64)
    order = by_id[np.argsort(-total[by_id], kind="stable")]
    return Scored(
        units.taken(order.tolist()),
        total[order],
        {name: column[order] for name, column in parts.items()},
        most,
        {name: column[order] for name, column in adds.items()},
    )


def own_words(units: Units, weights: Mapping[str, float], tally: Tally) -> Column:
    """BM25 of each unit's own words; a turn is short among turns, a passage among passages."""
    times, counts = tally.counts(units)
    lengths = counts.astype(np.float64)
    is_turn = np.array([is_cut(id) for id in units.ids], dtype=bool)
    usual = np.ones(len(units))
    for same in (is_turn, ~is_turn):
        if same.any():
            usual[same] = max(1.0, lengths[same].mean())
    norm = _SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * lengths / usual)
    total = np.zeros(len(units))
    for stem, weight in weights.items():
        total += weight * times[stem] * (_SATURATION + 1) / (times[stem] + norm)
    return total


def _to_best(column: Column) -> Column:
    """1 for the best, 0 for what says nothing."""
    best = float(column.max(initial=0.0))
    return np.clip(column / best, 0.0, 1.0) if best > 0 else np.zeros(len(column))
