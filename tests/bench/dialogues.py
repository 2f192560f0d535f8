"""Are the turns that answer a question found, in long dialogues that are imported as chats?

`python -m tests.bench.dialogues [--dataset locomo|realtalk|beam] [--data DIR] [--only CONVERSATION]
[--limit N] [--run FILE] [--json PATH|-]`

Each dialogue is a memory of its own. Passages unroll to their turns in rank order, cut at ten; what
cairn says of a sitting does not count. `recall@10` and `ndcg@10` are means over dialogues, `_micro`
over questions, `_over_categories` over categories; `_95` is the interval of questions drawn again.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.records import Span
from tests.bench.common import say, write_json
from tests.bench.dialogue_sets import DATASETS, Dialogue, Question, load

_CUT = 10
_ASKED = 50
"""Passages asked for, so that a run holds more than what is scored here."""
_DRAWS = 2000
Figures = dict[str, Any]
Unroll = Callable[[str, Span], list[str]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question and the turns that were found for it, the best first."""

    dialogue: str
    question: Question
    turns: tuple[str, ...]
    ms: float

    @property
    def recall(self) -> float:
        evidence = self.question.evidence
        return sum(id in evidence for id in self.turns[:_CUT]) / len(evidence)

    @property
    def ndcg(self) -> float:
        evidence = self.question.evidence
        gain = sum(
            1 / math.log2(rank + 1)
            for rank, id in enumerate(self.turns[:_CUT], 1)
            if id in evidence
        )
        ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(_CUT, len(evidence)) + 1))
        return gain / ideal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", choices=DATASETS, default="")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--only", default="", help="the name of one dialogue")
    parser.add_argument("--limit", type=int, help="questions asked of each dialogue")
    parser.add_argument("--run", type=Path, help="writes the rankings in TREC format")
    parser.add_argument("--json")
    options = parser.parse_args()
    dialogues = [each for each in load(options.data, options.dataset)
                 if options.only in ("", each.name)]  # fmt: skip
    if not dialogues:
        raise SystemExit(f"there is no such dialogue below {options.data}")
    figures: dict[str, Figures] = {}
    run: list[str] = []
    for dataset in dict.fromkeys(dialogue.dataset for dialogue in dialogues):
        same = [dialogue for dialogue in dialogues if dialogue.dataset == dataset]
        figures[dataset], ranked = _measure(dataset, same, options.limit)
        run += [line for each in ranked for line in _trec(dataset, each)]
    if options.run:
        options.run.write_text("".join(run), "utf-8")
    write_json(figures[options.dataset] if options.dataset else dict(figures), options.json)


def _measure(
    dataset: str, dialogues: Sequence[Dialogue], limit: int | None
) -> tuple[Figures, list[Ranked]]:
    ranked: list[Ranked] = []
    seconds = 0.0
    for dialogue in dialogues:
        with tempfile.TemporaryDirectory() as folder:
            took, found = _ask_all(dialogue, dialogue.questions[:limit], Path(folder))
        seconds += took
        ranked += found
        mean = float(np.mean([each.recall for each in found] or [0]))
        say(f"{dataset} {dialogue.name}: {len(dialogue.turns)} turns in {took:.0f} s, "
            f"{len(found)} questions, recall {mean:.3f}")  # fmt: skip
    turns = sum(len(dialogue.turns) for dialogue in dialogues)
    asked = [each for dialogue in dialogues for each in dialogue.questions[:limit]]
    figures = summarize(ranked) | {
        "questions_without_evidence": sum(not each.evidence for each in asked),
        "invalid_evidence_ids": sum(each.invalid for each in asked),
        "turns": turns,
        "turns_per_s": round(turns / seconds, 1),
        "search_p50_ms": round(float(np.median([each.ms for each in ranked] or [0])), 1),
    }
    if ranked:
        _tell(dataset, figures)
    return figures, ranked


def _ask_all(
    dialogue: Dialogue, questions: Sequence[Question], folder: Path
) -> tuple[float, list[Ranked]]:
    """Import into an empty memory, as `cairn import` does, and ask; the seconds of the import."""
    file = dialogue.write(folder / dialogue.name)
    engine = Engine.open(folder / "home", Config())
    try:
        started = time.perf_counter()
        _take_in(engine, file)
        engine.compact()
        seconds = time.perf_counter() - started
        _check(engine, dialogue, file)
        latest = dialogue.turns[-1].when.replace(tzinfo=UTC) + timedelta(hours=1)
        engine.clock = lambda: latest
        unroll = _unroller(engine, dialogue)
        answerable = [question for question in questions if question.evidence]
        return seconds, [_ask(engine, dialogue, each, unroll) for each in answerable]
    finally:
        engine.close()


def _take_in(engine: Engine, file: Path) -> None:
    engine.conversations.take_in(file)
    engine.work()


def _check(engine: Engine, dialogue: Dialogue, file: Path) -> None:
    """Every turn is kept, and importing again adds none."""
    for times in ("once", "twice"):
        kept = engine.conversations.state_of(file).turns
        if kept != len(dialogue.turns) or engine.journal.pending():
            raise SystemExit(
                f"{dialogue.name}: {kept} of {len(dialogue.turns)} turns, imported {times}"
            )
        _take_in(engine, file)


def _unroller(engine: Engine, dialogue: Dialogue) -> Unroll:
    """A place in a conversation → the ids of its turns; `line` tells which turn of the file each
    number is."""
    ids = {
        (conversation.uri, turn.number): dialogue.turns[turn.line - 1].id
        for conversation in engine.conversations.archive.conversations()
        for turn in engine.conversations.turns(conversation.uri, 1, conversation.turns)
    }

    def unroll(place: str, span: Span) -> list[str]:
        uri = place.partition("!/")[0]
        return [ids[uri, number] for number in range(span.first, span.last + 1)]

    return unroll


def _ask(engine: Engine, dialogue: Dialogue, question: Question, unroll: Unroll) -> Ranked:
    started = time.perf_counter()
    found = engine.search(question.text, _ASKED)
    ms = (time.perf_counter() - started) * 1000
    if found.degraded:
        raise SystemExit(f"{dialogue.name}: {found.degraded}")
    said = [item for item in found.evidence if item.chunk.kind != "episode"]
    turns = dict.fromkeys(id for item in said for id in unroll(item.chunk.uri, item.at))
    return Ranked(dialogue.name, question, tuple(turns), ms)


def summarize(ranked: Sequence[Ranked]) -> Figures:
    figures: Figures = {"n": len(ranked)}
    for name in ("recall", "ndcg"):
        figures |= _means(f"{name}@{_CUT}", _groups(ranked, name, lambda each: each.dialogue))
        figures |= _means(f"{name}@{_CUT}_micro", _groups(ranked, name, lambda _: ""))
        kinds = _groups(ranked, name, lambda each: each.question.category)
        figures |= _means(f"{name}@{_CUT}_over_categories", kinds)
    categories = sorted({each.question.category for each in ranked})
    figures["by_category"] = {
        category: _category([each for each in ranked if each.question.category == category])
        for category in categories
    }
    return figures


def _category(ranked: Sequence[Ranked]) -> Figures:
    figures: Figures = {"n": len(ranked)}
    for name in ("recall", "ndcg"):
        figures |= _means(f"{name}@{_CUT}", _groups(ranked, name, lambda _: ""))
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


def _tell(dataset: str, figures: Figures) -> None:
    rows = {dataset: figures, **figures["by_category"]}
    for name, row in rows.items():
        cells = [
            f"{what} {100 * row[what]:5.1f} [{100 * row[f'{what}_95'][0]:.1f}, "
            f"{100 * row[f'{what}_95'][1]:.1f}]"
            for what in (f"recall@{_CUT}", f"ndcg@{_CUT}")
        ]
        say(f"{name:25} {'  '.join(cells)}  n {row['n']}")
    for name, value in figures.items():
        if name != "by_category" and not name.endswith("_95"):
            say(f"  {name:25} {value}")


def _trec(dataset: str, ranked: Ranked) -> Iterator[str]:
    """`query Q0 turn rank score tag`, where the score is only there to order."""
    where = f"{dataset}/{ranked.dialogue}"
    for rank, id in enumerate(ranked.turns, 1):
        score = len(ranked.turns) - rank + 1
        yield f"{where}/{ranked.question.id} Q0 {where}/{id} {rank} {score} cairn\n"


if __name__ == "__main__":
    main()
