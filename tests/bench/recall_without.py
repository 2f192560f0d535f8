"""What is each part of recall worth? Every question asked again without it, difference by question.

`python -m tests.bench.recall_without [--dataset NAME] [--data DIR] [--only PART] [--homes DIR]
[--every N] [--parts NAME ...] [--json PATH|-]`

The memories stay as they are: a part is left out of the search alone, which goes the whole way
otherwise. A difference is that of today's search to the one without, so what helps is above 0.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from unittest.mock import patch

from cairn.core.engine import Engine
from cairn.core.errors import Unavailable
from cairn.core.recall import search
from cairn.core.recall.entries.pointers import When
from cairn.core.recall.narrow.filters import EVERYTHING, Filters
from cairn.core.recall.scoring import BESIDE, Worth
from cairn.core.records import Chunk, Kind
from tests.bench.common import say, write_json
from tests.bench.recall import load
from tests.bench.recall_memories import ASKED, Memory, Unroll, opened
from tests.bench.recall_score import CUT, Figures, Ranked, differences, means

_TODAY = "today"
_ALL_BUT_ENTRIES: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "entry")
Without = Callable[[Engine, ExitStack], None]
"""Leaves a part out for as long as the stack is open."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", default="")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--only", default="", help="a dialogue, or a table of judgements")
    parser.add_argument("--homes", type=Path, help="keeps the memories there, or uses those")
    parser.add_argument("--every", type=int, default=1, help="of the questions, one in so many")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=[*PARTS])
    parser.add_argument("--json")
    options = parser.parse_args()
    ranked: dict[str, list[Ranked]] = {name: [] for name in (_TODAY, *options.parts)}
    for memory in load(options.data, options.dataset, options.only):
        with opened(memory, options.homes) as (engine, unroll, _):
            for name, found in ranked.items():
                found += _ask(engine, memory, unroll, name, options.every)
        say(f"{memory.dataset} {memory.name}: {len(ranked[_TODAY])} questions in all")
    if not ranked[_TODAY]:
        raise SystemExit(f"there is nothing to ask below {options.data}")
    figures: Figures = {"n": len(ranked[_TODAY]), _TODAY: means(ranked[_TODAY])}
    figures["without"] = {
        name: means(ranked[name]) | differences(ranked[_TODAY], ranked[name])
        for name in options.parts
    }
    _tell(figures)
    write_json(figures, options.json)


def _ask(engine: Engine, memory: Memory, unroll: Unroll, name: str, every: int) -> list[Ranked]:
    asked = [question for question in memory.questions[::every] if question.evidence]
    filters = Filters(kinds=_ALL_BUT_ENTRIES) if name == "entries" else EVERYTHING
    ranked = []
    with ExitStack() as stack:
        if name in PARTS:
            PARTS[name](engine, stack)
        for question in asked:
            found = engine.asking.find(question.text, ASKED, When(), filters).evidence
            units = dict.fromkeys(id for item in found for id in unroll(item))
            ranked.append(Ranked(memory.name, question, tuple(units), 0.0))
    return ranked


def _words(engine: Engine, stack: ExitStack) -> None:
    """Neither passages that words bring, nor what words say of a unit."""
    nothing: Future[list[Any]] = Future()
    nothing.set_result([])
    stack.enter_context(patch.object(search, "_begin_match", lambda *_: nothing))
    _worth(words=0.0)(engine, stack)


def _meaning(engine: Engine, stack: ExitStack) -> None:
    """As it is until a memory has vectors."""

    def refuse(texts: list[str]) -> Any:
        raise Unavailable("left out", "")

    stack.enter_context(
        patch.object(engine.asking, "_reach", replace(engine.asking._reach, embed=refuse))
    )


def _turn_vectors(engine: Engine, stack: ExitStack) -> None:
    """A turn is then as near as its passage."""
    stack.enter_context(patch.object(search, "part_cosines", lambda *_: {}))


def _worth(**changed: float) -> Without:
    scored = search.score

    def leave_out(engine: Engine, stack: ExitStack) -> None:
        def score(*given: Any) -> Any:
            return scored(
                *(replace(each, **changed) if isinstance(each, Worth) else each for each in given)
            )

        stack.enter_context(patch.object(search, "score", score))

    return leave_out


def _beside(name: str) -> Without:
    def leave_out(engine: Engine, stack: ExitStack) -> None:
        beside = engine.asking._beside
        fewer = replace(
            beside,
            signals={each: signal for each, signal in beside.signals.items() if each != name},
            echoes={each: echo for each, echo in beside.echoes.items() if each != name},
        )
        stack.enter_context(patch.object(engine.asking, "_beside", fewer))

    return leave_out


def _tree(engine: Engine, stack: ExitStack) -> None:
    """Entries stay where they are found, and what was superseded where it was."""
    stack.enter_context(patch.object(engine.asking, "standing", lambda *_: None))


def _passages_first(engine: Engine, stack: ExitStack) -> None:
    def as_scored(units: Sequence[Chunk], *_: Any) -> list[str]:
        return [unit.id for unit in units]

    stack.enter_context(patch.object(search, "_passages_first", as_scored))


def _nothing(engine: Engine, stack: ExitStack) -> None:
    """What is left out is said to the search itself."""


PARTS: dict[str, Without] = {
    "words": _words,
    "meaning": _meaning,
    "turn vectors": _turn_vectors,
    "own words": _worth(own=0.0),
    "passage's words": _worth(own=1.0),
    **{name: _beside(name) for name in BESIDE},
    "entries": _nothing,
    "tree's say": _tree,
    "passages first": _passages_first,
}


def _tell(figures: Figures) -> None:
    def cells(row: Figures, ends: str, sign: str) -> Iterator[str]:
        for name in (f"recall@{CUT}{ends}", f"ndcg@{CUT}{ends}"):
            low, high = (100 * value for value in row[f"{name}_95"])
            yield f"{100 * row[name]:{sign}.1f} [{low:{sign}.1f}, {high:{sign}.1f}]"

    say(f"| part | recall@{CUT} | nDCG@{CUT} | what it adds to recall | to nDCG |")
    say("| --- | --- | --- | --- | --- |")
    say(f"| {_TODAY} | {' | '.join(cells(figures[_TODAY], '', ''))} | | |")
    for name, row in figures["without"].items():
        alone = [f"{100 * row[each]:.1f}" for each in (f"recall@{CUT}", f"ndcg@{CUT}")]
        say(f"| without {name} | {' | '.join((*alone, *cells(row, '_added', '+')))} |")


if __name__ == "__main__":
    main()
