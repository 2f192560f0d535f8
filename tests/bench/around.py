"""How much of what answers a question is within a reader's few hundred tokens?

`python -m tests.bench.around --data DIR [--dataset NAME] [--every N] [--homes DIR] [--json PATH|-]`

Of what was found as many tokens as a reader or a generator takes: whole passages, turns alone, or
turns with what stands around them. Told are the share of the evidence in it and of the words of the
answers, and both for other settings of how much a step away counts.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from cairn.core.chunk import estimate_tokens
from cairn.core.index import Index
from cairn.core.recall import around
from cairn.core.records import Chunk, Evidence, Span
from tests.bench.common import say, write_json
from tests.bench.dialogue_sets import DATASETS, Question
from tests.bench.recall import load
from tests.bench.recall_memories import Unroll, opened

_BUDGETS = (384, 1500)
_RINGS = (1, 2, 3, 5, 8, 15)
_FOUND = 40
_UNANSWERABLE = "adversarial"
_NO_WORDS = frozenset(("a", "an", "the"))
Taken = list[tuple[Chunk, Span]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--dataset", choices=DATASETS, default="locomo")
    parser.add_argument("--every", type=int, default=1, help="asks only every so many")
    parser.add_argument("--homes", type=Path, help="keeps the memories there, or uses those")
    parser.add_argument("--json")
    options = parser.parse_args()
    shares: dict[str, list[tuple[float, float]]] = {}
    for memory in load(options.data, options.dataset):
        with opened(memory, options.homes) as (engine, unroll, _):
            for question in memory.questions[:: options.every]:
                if not question.evidence or question.category == _UNANSWERABLE:
                    continue
                found = engine.asking.look(question.text, _FOUND).evidence
                told = [item for item in found if item.chunk.kind == "chat"]
                for name, taken in _ways(told, engine.index):
                    shares.setdefault(name, []).append(_shares(question, taken, unroll))
    figures: dict[str, Any] = {}
    for name, values in shares.items():
        evidence, words = np.nanmean(np.array(values), axis=0)
        figures[name] = {"evidence": round(float(evidence), 4), "words": round(float(words), 4)}
        say(f"{name:28} evidence {100 * evidence:5.1f}  words {100 * words:5.1f}")
    figures["n"] = max(map(len, shares.values()), default=0)
    write_json(figures, options.json)


def _ways(found: Sequence[Evidence], index: Index) -> list[tuple[str, Taken]]:
    ways = []
    for budget in _BUDGETS:
        ways.append((f"{budget}: whole passages", _passages(found, budget)))
        ways.append((f"{budget}: turns alone", _around(found, index, budget, 0)))
        usual = around._RING
        for ring in sorted({*_RINGS, usual}):
            around._RING = ring
            mark = " (as it is)" if ring == usual else ""
            taken = _around(found, index, budget, around.MOST_STEPS)
            ways.append((f"{budget}: a step is {ring}{mark}", taken))
        around._RING = usual
    return ways


def _passages(found: Sequence[Evidence], budget: int) -> Taken:
    taken: dict[str, tuple[Chunk, Span]] = {}
    for item in found:
        cost = estimate_tokens(item.chunk.text)
        if item.chunk.id not in taken and cost <= budget:
            budget -= cost
            taken[item.chunk.id] = (item.chunk, item.chunk.span)
    return list(taken.values())


def _around(found: Sequence[Evidence], index: Index, budget: int, steps: int) -> Taken:
    stretches = around.expand(found, index, budget, steps=steps)
    return [(piece.chunk, piece.span) for stretch in stretches for piece in stretch.pieces]


def _shares(question: Question, taken: Taken, unroll: Unroll) -> tuple[float, float]:
    items = (SimpleNamespace(chunk=chunk, at=span) for chunk, span in taken)
    found = {id for item in items for id in unroll(cast(Evidence, item))}
    wanted, text = set(question.evidence), " ".join(_text(*each) for each in taken)
    words = _words(question.answer)
    share = len(words & _words(text)) / len(words) if words else float("nan")
    return len(wanted & found) / len(wanted), share


def _text(chunk: Chunk, span: Span) -> str:
    begin = chunk.span.start
    return chunk.text[span.start - begin : span.end - begin]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower())) - _NO_WORDS


if __name__ == "__main__":
    main()
