"""Entries of the tree that a question finds → the turns and passages that they rest on.

One of recall's signals. An entry says in whole words who, what and when, where a turn says "I" and
"yesterday"; what speaks for the entry speaks for its sources as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cairn.core.recall.entries.pointers import Pointers
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Column
from cairn.core.recall.units import Units
from cairn.core.records import Chunk

_MOST = 20
"""Entries that are looked up, the best: others would add little."""


def by_entries(
    pointers: Pointers, question: Question, units: Sequence[Chunk], spoken: Column
) -> Column | None:
    """`spoken` is what speaks for each unit itself."""
    units = Units.of(units)
    entries = [at for at, whole in enumerate(units.wholes) if whole.kind == "entry"]
    if not entries:
        return None
    best = sorted(entries, key=lambda at: (-spoken[at], units.ids[at]))[:_MOST]
    found = np.zeros(len(units))
    for entry, source in pointers.at_hand([units[at] for at in best], units):
        found[source] = max(found[source], spoken[best[entry]])
    return found if found.any() else None
