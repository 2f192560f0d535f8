"""What was answered against what should have been: SQuAD's exact match and token F1, and AUROC.

Used by train_reader.py while it trains; the product's own figures come from tests/bench/reader.py.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_ARTICLE = re.compile(r"\b(a|an|the)\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """The best span of a text, what it scored over silence, and what would have been right."""

    said: str
    margin: float
    doubt: float
    answers: tuple[str, ...]


def normal(text: str) -> str:
    text = "".join(char for char in text.lower() if char not in string.punctuation)
    return " ".join(_ARTICLE.sub(" ", text).split())


def f1(said: str, right: str) -> float:
    a, b = normal(said).split(), normal(right).split()
    if not a or not b:
        return float(a == b)
    shared = sum((Counter(a) & Counter(b)).values())
    return 2 * shared / (len(a) + len(b))


def best_f1(said: str, answers: Sequence[str]) -> float:
    return max((f1(said, answer) for answer in answers), default=float(not said))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    p, n = np.asarray(positive), np.asarray(negative)
    return float((p[:, None] > n[None]).mean() + 0.5 * (p[:, None] == n[None]).mean())


def overall(readings: Sequence[Reading], scores: Sequence[float], threshold: float) -> float:
    """Mean F1 with silence below the threshold."""
    return float(
        np.mean(
            [
                best_f1(each.said if score > threshold else "", each.answers)
                for each, score in zip(readings, scores, strict=True)
            ]
        )
    )


def best_threshold(readings: Sequence[Reading], scores: Sequence[float]) -> float:
    cuts = np.quantile(np.asarray(scores), np.linspace(0, 1, 81))
    return float(max(cuts, key=lambda cut: overall(readings, scores, float(cut))))


def report(readings: Sequence[Reading], weight: float, threshold: float) -> dict[str, float]:
    scores = [each.margin + weight * each.doubt for each in readings]
    known = [i for i, each in enumerate(readings) if each.answers]
    unknown = [i for i, each in enumerate(readings) if not each.answers]
    return {
        "f1": overall(readings, scores, threshold),
        "f1_answerable": float(
            np.mean([best_f1(readings[i].said, readings[i].answers) for i in known])
        ),
        "answered": float(np.mean([scores[i] > threshold for i in known])),
        "abstained": float(np.mean([scores[i] <= threshold for i in unknown])),
        "auroc": auroc([scores[i] for i in known], [scores[i] for i in unknown]),
        "auroc_margin": auroc(
            [readings[i].margin for i in known], [readings[i].margin for i in unknown]
        ),
        "auroc_doubt": auroc(
            [readings[i].doubt for i in known], [readings[i].doubt for i in unknown]
        ),
        "f1_best_threshold": overall(readings, scores, best_threshold(readings, scores)),
        "n": len(readings),
    }
