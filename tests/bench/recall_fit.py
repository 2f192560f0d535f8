"""What each part of a score is worth: fitted, judged on what it was not fitted on, and ablated.

`python -m tests.bench.recall_fit [--dataset NAME] [--data DIR] [--only PART] [--homes DIR]
[--limit N] [--every N] [--json PATH|-]`

Questions are asked through the engine, which tells the parts of every unit's score. Worths are
moved one at a time for as long as recall@10 + nDCG@10 gets better, over all memories but one, which
judges them. What the tree does to an order afterwards is left as it is.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from cairn.core.engine import Engine
from cairn.core.recall.scoring import BESIDE, Worth
from cairn.core.records import Evidence
from tests.bench.common import say, write_json
from tests.bench.dialogue_sets import Question
from tests.bench.recall import load
from tests.bench.recall_memories import Memory, Unroll, opened
from tests.bench.recall_score import CUT, Ranked

Column = NDArray[np.float64]
Worths = dict[str, float]
_USUAL = Worth()
NOW: Worths = {"near": 0.5, "own words": _USUAL.own, **BESIDE}
"""As they are: `near` is the share of meaning against words, the next that of a unit's own words
against its passage's."""
_STEPS = (-0.2, -0.1, -0.05, 0.05, 0.1, 0.2)
_LEAST = 0.0005


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the units that were found for it, and the parts of their scores."""

    memory: str
    question: Question
    ids: tuple[tuple[str, ...], ...]
    """Of each unit, what it stands for."""
    parts: dict[str, Column]

    def ranked(self, worths: Worths) -> list[str]:
        order = np.argsort(-np.round(self.total(worths), 9), kind="stable")
        found: dict[str, None] = {}
        for at in order:
            found.update(dict.fromkeys(self.ids[at]))
            if len(found) >= CUT:
                break
        return [*found][:CUT]

    def total(self, worths: Worths) -> Column:
        parts = self.parts
        own = worths["own words"]
        words = own * parts["own words"] + (1 - own) * parts["words"]
        words = words / (float(words.max(initial=0.0)) or 1.0)
        near = worths["near"] if "vector" in parts else 0.0
        total: Column = (1 - near) * words
        if near:
            total = total + near * parts["vector"]
        for name in BESIDE.keys() & parts.keys():
            total = total + worths[name] * parts[name]
        return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", default="")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--homes", type=Path, help="keeps the memories there, or uses those")
    parser.add_argument("--only", default="", help="a dialogue, or a table of judgements")
    parser.add_argument("--limit", type=int)
    parser.add_argument(
        "--every", type=int, default=1, help="of the questions, only one in so many"
    )
    parser.add_argument("--json")
    options = parser.parse_args()
    asked: list[Asked] = []
    for memory in load(options.data, options.dataset, options.only):
        asked += _ask(memory, options.homes, options.limit, options.every)
        say(f"{memory.dataset} {memory.name}: {len(asked)} questions in all")
    figures: dict[str, Any] = {"n": len(asked), "now": _told(asked, NOW)}
    figures["without"] = {
        name: _told(asked, NOW | {name: 0.0}) for name in NOW
    } | {"words": _told(asked, NOW | {"near": 1.0})}  # fmt: skip
    figures["fitted"] = fit(asked)
    figures["fitted_all"] = _told(asked, figures["fitted"])
    figures["out_of_sample"] = _out_of_sample(asked)
    for name, value in figures.items():
        say(f"{name:14} {value}")
    write_json(figures, options.json)


def _ask(memory: Memory, homes: Path | None, limit: int | None, every: int) -> list[Asked]:
    with opened(memory, homes) as (engine, unroll, _):
        questions = [each for each in memory.questions[:limit:every] if each.evidence]
        asked = [ask(engine, unroll, memory, question) for question in questions]
    told = [each for each in asked if each is not None]
    if len(told) < len(asked):
        raise SystemExit("the search does not tell how it came about")
    return told


def ask(
    engine: Engine, unroll: Unroll, memory: Memory, question: Question, without: Sequence[str] = ()
) -> Asked | None:
    """`without` are turns or documents that don't count. None for a list of files, say."""
    trail = engine.search(question.text, CUT).trail
    if trail is None:
        return None
    scored = trail.scored
    items = (SimpleNamespace(chunk=unit, at=unit.span) for unit in scored.units)
    ids = [tuple(unroll(cast(Evidence, item))) for item in items]
    kept = [at for at, unit in enumerate(scored.units)
            if unit.kind != "entry" and not set(ids[at]) & set(without)]  # fmt: skip
    parts = {name: _likeness(name, column)[kept] for name, column in scored.parts.items()}
    return Asked(f"{memory.dataset} {memory.name}", question,
                 tuple(ids[at] for at in kept), parts)  # fmt: skip


def _likeness(name: str, column: Column) -> Column:
    """1 for the best, as the search has it; signals are so already."""
    best = float(column.max(initial=0.0))
    if name in BESIDE:
        return column
    return np.clip(column / best, 0.0, 1.0) if best > 0 else np.zeros(len(column))


def fit(asked: Sequence[Asked], start: Worths = NOW) -> Worths:
    worths, best = dict(start), _goal(asked, start)
    is_better = True
    while is_better:
        is_better = False
        for name in worths:
            for step in _STEPS:
                tried = worths | {name: round(worths[name] + step, 3)}
                if name not in BESIDE and not 0 <= tried[name] <= 1:
                    continue
                goal = _goal(asked, tried)
                if goal > best + _LEAST:
                    worths, best, is_better = tried, goal, True
    return worths


def _out_of_sample(asked: Sequence[Asked]) -> dict[str, Any]:
    """Each memory judged with the worths that fit all others, and with those of today."""
    names = list(dict.fromkeys(each.memory for each in asked))
    found = {}
    for name in names if len(names) > 1 else ():
        worths = fit([each for each in asked if each.memory != name])
        own = [each for each in asked if each.memory == name]
        found[name] = {"now": _told(own, NOW), "fitted": _told(own, worths), "worths": worths}
    return found


def _goal(asked: Sequence[Asked], worths: Worths) -> float:
    return sum(_told(asked, worths).values())


def _told(asked: Sequence[Asked], worths: Worths) -> dict[str, float]:
    """Means over the memories' means."""
    by_memory: dict[str, list[tuple[float, float]]] = {}
    for each in asked:
        ranked = Ranked(each.memory, each.question, tuple(each.ranked(worths)), 0.0)
        by_memory.setdefault(each.memory, []).append((ranked.recall, ranked.ndcg))
    means = np.mean([np.mean(pairs, axis=0) for pairs in by_memory.values()], axis=0)
    return {f"recall@{CUT}": round(float(means[0]), 4), f"ndcg@{CUT}": round(float(means[1]), 4)}


if __name__ == "__main__":
    main()
