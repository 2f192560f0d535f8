"""Are questions about dialogues answered rightly, cited rightly, and left alone when need be?

`python -m tests.bench.answers --data FILE|DIR [--dataset NAME] [--every N] [--homes DIR]
[--only KIND] [--show] [--json PATH|-]`. LoCoMo's categories 1 to 4 have an answer; its category 5,
and the questions of other dialogues under this one's names, have none. Every answer comes from
`Engine.ask`, and what is scored is its short form where it has one.
"""

from __future__ import annotations

import argparse
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cairn.core.engine import Engine
from cairn.core.records import Answer
from tests.bench.abstain import questions as questions_of
from tests.bench.answer_cited import unsupported
from tests.bench.answer_score import f1, is_exact
from tests.bench.common import say, write_json
from tests.bench.dialogue_sets import DATASETS, Dialogue, load
from tests.bench.recall_memories import Chats, opened

_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Replied:
    dialogue: str
    sort: str
    """Known, absent or swapped."""
    category: str
    text: str
    gold: str
    answer: Answer
    ms: float
    faults: tuple[str, ...]
    """Sentences of which a cited place doesn't hold what they state."""

    @property
    def said(self) -> str:
        return "" if self.answer.abstained else said(self.answer)

    @property
    def f1(self) -> float:
        return f1(self.gold, self.said)


def said(answer: Answer) -> str:
    return answer.short or " ".join(sentence.text for sentence in answer.sentences)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--dataset", choices=DATASETS, default="locomo")
    parser.add_argument("--every", type=int, default=1, help="asks only every so many")
    parser.add_argument("--homes", type=Path, help="keeps the memories there, or uses those")
    parser.add_argument("--only", choices=("known", "absent", "swapped"))
    parser.add_argument("--show", action="store_true", help="prints each reply")
    parser.add_argument("--json")
    options = parser.parse_args()
    dialogues = load(options.data, options.dataset)
    replies: list[Replied] = []
    for dialogue in dialogues:
        with opened(Chats(dialogue), options.homes) as (engine, _, _):
            replies += _ask_all(engine, dialogue, dialogues, options.every, options.only)
    if options.show:
        for each in replies:
            say(f"{each.category:12} {each.f1:.2f} {each.text} | {each.gold} | {each.said}")
    figures = measure(replies)
    for name, value in figures.items():
        say(f"{name:26} {value}")
    write_json(figures, options.json)


def _ask_all(
    engine: Engine, dialogue: Dialogue, dialogues: Sequence[Dialogue], every: int, only: str | None
) -> list[Replied]:
    golds = {question.text: question for question in dialogue.questions}
    replies = []
    for sort, text in list(questions_of(dialogue, dialogues))[::every]:
        if only in (None, sort):
            gold = golds.get(text) if sort == "known" else None
            answer = engine.ask(text)
            if answer.degraded:
                raise SystemExit(f"{dialogue.name}: {answer.degraded}")
            replies.append(
                Replied(
                    dialogue.name, sort, gold.category if gold else sort, text,
                    gold.answer if gold else "", answer,
                    sum(timing.ms for timing in answer.timings), tuple(unsupported(engine, answer)),
                )
            )  # fmt: skip
    return replies


def measure(replies: Sequence[Replied]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    if known := [each for each in replies if each.sort == "known"]:
        scores = np.array([each.f1 for each in known])
        figures["f1"] = round(float(scores.mean()), 4)
        figures["f1_95"] = _interval(scores)
        figures["exact"] = round(statistics.mean(is_exact(r.gold, r.said) for r in known), 4)
        by_category = defaultdict(list)
        for each in known:
            by_category[each.category].append(each.f1)
        figures["by_category"] = {
            name: round(statistics.mean(values), 4) for name, values in sorted(by_category.items())
        }
        answered = [each.f1 for each in known if not each.answer.abstained]
        figures["f1_of_answered"] = round(statistics.mean(answered or [0.0]), 4)
    for sort in ("known", "absent", "swapped"):
        if asked := [each for each in replies if each.sort == sort]:
            share = statistics.mean(each.answer.abstained for each in asked)
            figures[f"abstained_{sort}"] = round(share, 4)
            figures[f"n_{sort}"] = len(asked)
    cited = [each for each in replies if not each.answer.abstained]
    sentences = sum(len(each.answer.sentences) for each in cited)
    faults = sum(len(each.faults) for each in cited)
    figures["sentences"] = sentences
    figures["cited_rightly"] = round(1 - faults / max(1, sentences), 4)
    figures["ms_p50"] = round(statistics.median(each.ms for each in replies), 1)
    figures["tiers"] = dict(sorted(Counter(each.answer.tier for each in cited).items()))
    return figures


def _interval(scores: np.ndarray[Any, Any]) -> list[float]:
    draw = np.random.default_rng(0).choice
    means = [draw(scores, len(scores)).mean() for _ in range(_DRAWS)]
    return [round(float(each), 4) for each in np.quantile(means, (0.025, 0.975))]


if __name__ == "__main__":
    main()
