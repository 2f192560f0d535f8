"""What stands there word for word: units that hold a phrase which the question quotes.

Put into `Beside` by asking. Case and line breaks don't count. Of several phrases, each counts for
its share.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Column
from cairn.core.recall.units import Units
from cairn.core.records import Chunk


def phrase(question: Question, units: Sequence[Chunk]) -> Column | None:
    wanted = [folded for each in question.phrases if (folded := _folded(each).strip(" .,;:!?"))]
    if not wanted:
        return None
    texts = [_folded(text) for text in Units.of(units).texts]
    column = np.array([sum(each in text for each in wanted) / len(wanted) for text in texts])
    return column if column.any() else None


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return " ".join(text.translate(_PLAIN).casefold().split())


_PLAIN = str.maketrans("’‘“”„«»", '\'\'"""""')
