"""A model and questions -> what it would say, and how good that is; used while it trains.

Requires: torch, numpy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from reader_data import Split
from reader_model import Reader
from reader_rows import Row, Rows, asked_of
from reader_scores import Reading, best_threshold, report
from torch.nn import functional as F

_SPAN = 30
"""The longest answer, in tokens."""
_SUBSET = 400


def read(model: Reader, rows: Sequence[Row], texts: Sequence[str],
         answers: Sequence[tuple[str, ...]]) -> list[Reading]:  # fmt: skip
    readings = []
    for row, text, right in zip(rows, texts, answers, strict=True):
        with torch.inference_mode():
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = model.states(torch.tensor([row.ids]))
            scores = F.linear(states[0].float(), model.head.weight, model.head.bias).numpy()
        starts, ends = scores[row.first : -1, 0], scores[row.first : -1, 1]
        pairs = starts[:, None] + ends[None, :]
        allowed = np.triu(np.ones_like(pairs), 0) - np.triu(np.ones_like(pairs), _SPAN)
        pairs = np.where(allowed > 0, pairs, -1e9)
        a, b = np.unravel_index(int(pairs.argmax()), pairs.shape)
        said = text[row.offsets[a][0] : row.offsets[b][1]]
        silence = float(scores[0, 0] + scores[0, 1])
        readings.append(Reading(said, float(pairs[a, b]) - silence, float(scores[0, 2]), right))
    return readings


class Trial:
    """Questions to measure checkpoints with, and the threshold from articles apart."""

    def __init__(self, rows: Rows, parts: Split) -> None:
        self._validating = asked_of(rows, parts.validating, _SUBSET)
        self._calibrating = asked_of(rows, parts.calibrating, _SUBSET // 3)

    def measure(self, model: Reader) -> dict[str, float]:
        model.eval()
        tuned = read(model, *self._calibrating)
        weight = max((0.0, 0.5, 1.0, 2.0), key=lambda w: report(tuned, w, 0.0)["auroc"])
        scores = [each.margin + weight * each.doubt for each in tuned]
        figures = report(read(model, *self._validating), weight, best_threshold(tuned, scores))
        model.train()
        return {"weight": weight, **{key: round(value, 4) for key, value in figures.items()}}
