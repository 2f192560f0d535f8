"""Rankings of units against the evidence → recall@10 and nDCG@10 with intervals, and TREC's format.

Called by the benchmarks of recall. The means are over conversations (where each question has a
memory of its own, over questions), `_micro` over questions, `_over_categories` over categories;
`_95` is the interval of questions drawn again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.common import say
from tests.bench.dialogue_sets import Question

CUT = 10
_DRAWS = 2000
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question and the turns or documents that were found for it, the best first."""

    part: str
    """The conversation or collection that was asked."""
    question: Question
    units: tuple[str, ...]
    ms: float

    @property
    def recall(self) -> float:
        return _recall(self.units, self.question.grades)

    @property
    def ndcg(self) -> float:
        return _ndcg(self.units, self.question.grades)

    @property
    def session_recall(self) -> float:
        return _recall(self._sittings, dict.fromkeys(self.question.sittings, 1))

    @property
    def session_ndcg(self) -> float:
        return _ndcg(self._sittings, dict.fromkeys(self.question.sittings, 1))

    @property
    def _sittings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(unit.rpartition(":")[0] for unit in self.units))


def _recall(found: Sequence[str], grades: Mapping[str, int]) -> float:
    return sum(id in grades for id in found[:CUT]) / len(grades)


def _ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    ideal = _gain(sorted(grades.values(), reverse=True)[:CUT])
    return _gain([grades.get(id, 0) for id in found[:CUT]]) / ideal


def _gain(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def summarize(ranked: Sequence[Ranked]) -> Figures:
    judged = [each for each in ranked if each.question.evidence]
    parts = {each.part for each in judged}
    is_one_each = len(parts) == len(judged)
    figures: Figures = {"n": len(judged)}
    for name in ("recall", "ndcg"):
        of_parts = _groups(judged, name, lambda each: "" if is_one_each else each.part)
        figures |= _means(f"{name}@{CUT}", of_parts)
        figures |= _means(f"{name}@{CUT}_micro", _groups(judged, name, lambda _: ""))
        kinds = _groups(judged, name, lambda each: each.question.category)
        figures |= _means(f"{name}@{CUT}_over_categories", kinds)
    figures |= _of_sittings(ranked)
    categories = sorted({each.question.category for each in ranked})
    figures["by_category"] = {
        category: _category([each for each in ranked if each.question.category == category])
        for category in categories
        if category
    }
    return figures


def means(ranked: Sequence[Ranked]) -> Figures:
    """Over conversations."""
    figures: Figures = {}
    for name in ("recall", "ndcg"):
        figures |= _means(f"{name}@{CUT}", _groups(ranked, name, lambda each: each.part))
    return figures


def differences(ranked: Sequence[Ranked], others: Sequence[Ranked]) -> Figures:
    """What the first have more than others of the same questions, in the same order."""
    figures: Figures = {}
    for name in ("recall", "ndcg"):
        pairs = [_groups(each, name, lambda each: each.part) for each in (ranked, others)]
        more = [mine - theirs for mine, theirs in zip(*pairs, strict=True)]
        figures |= _means(f"{name}@{CUT}_added", more)
    return figures


def _category(ranked: Sequence[Ranked]) -> Figures:
    judged = [each for each in ranked if each.question.evidence]
    figures: Figures = {"n": len(judged)}
    for name in ("recall", "ndcg"):
        figures |= _means(f"{name}@{CUT}", _groups(judged, name, lambda _: ""))
    return figures | _of_sittings(ranked)


def _of_sittings(ranked: Sequence[Ranked]) -> Figures:
    """Whether the sitting was found, whichever turn of it was."""
    judged = [each for each in ranked if each.question.sittings]
    figures: Figures = {}
    for name in ("session_recall", "session_ndcg"):
        figures |= _means(f"{name}@{CUT}", _groups(judged, name, lambda _: ""))
    return figures


def _groups(
    ranked: Iterable[Ranked], name: str, group: Callable[[Ranked], str]
) -> list[NDArray[np.float64]]:
    found: dict[str, list[float]] = {}
    for each in ranked:
        found.setdefault(group(each), []).append(getattr(each, name))
    return [np.asarray(values) for values in found.values()]


def _means(name: str, groups: Sequence[NDArray[np.float64]]) -> Figures:
    """The mean of the groups' means, and its interval when each group is drawn again."""
    if not groups:
        return {}
    chance = np.random.default_rng(1)
    drawn = np.mean(
        [values[chance.integers(len(values), size=(_DRAWS, len(values)))].mean(axis=1)
         for values in groups],
        axis=0,
    )  # fmt: skip
    low, high = np.quantile(drawn, (0.025, 0.975))
    mean = np.mean([values.mean() for values in groups])
    return {
        name: round(float(mean), 4),
        f"{name}_95": [round(float(low), 4), round(float(high), 4)],
    }


def tell(dataset: str, figures: Figures) -> None:
    """The table, for people."""
    for name, row in {dataset: figures, **figures["by_category"]}.items():
        cells = [
            f"{what} {100 * row[what]:5.1f} [{100 * row[f'{what}_95'][0]:.1f}, "
            f"{100 * row[f'{what}_95'][1]:.1f}]"
            for what in (f"{prefix}{name}@{CUT}" for prefix in ("", "session_")
                         for name in ("recall", "ndcg"))
            if what in row
        ]  # fmt: skip
        say(f"{name:25} {'  '.join(cells)}  n {row['n']}")
    for name, value in figures.items():
        if name != "by_category" and not name.endswith("_95"):
            say(f"  {name:25} {value}")


def trec(dataset: str, ranked: Ranked) -> Iterator[str]:
    """`query Q0 unit rank score tag`, where the score is only there to order."""
    where = f"{dataset}/{ranked.part}"
    for rank, id in enumerate(ranked.units, 1):
        score = len(ranked.units) - rank + 1
        yield f"{where}/{ranked.question.id} Q0 {where}/{id} {rank} {score} cairn\n"
