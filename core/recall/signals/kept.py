"""What was worth keeping: units that an entry of the tree rests on, whatever is asked.

One of recall's signals. Of what people say most is said in passing; a fact, a date or a decision
was taken down when the memory was curated, and questions are about these.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cairn.core.recall.entries.pointers import Pointers
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Column
from cairn.core.records import Chunk


def kept(pointers: Pointers, question: Question, units: Sequence[Chunk]) -> Column | None:
    column = np.array(pointers.are_kept(units), dtype=np.float64)
    return column if column.any() else None
