"""Would a memory that tunes the worths of a score to itself find more? Beside today's worths.

`python -m tests.bench.recall_home [--dataset NAME] [--data DIR] [--only PART] [--homes DIR]
[--json PATH|-]`

Worths are fitted to questions that a memory makes of its own turns or documents, and judged on real
questions. `half` is the most to hope for: fitted to one half of the real questions of each memory,
judged on the other; `all` judges those it was fitted to.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from cairn.core.engine import Engine
from cairn.core.recall.certain.calibration import sample
from cairn.core.recall.certain.probes import Rarity, rare_sentence, rarity_in
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.units import all_units
from cairn.core.records import Chunk, Evidence
from tests.bench.common import say, write_json
from tests.bench.dialogue_sets import Question
from tests.bench.recall import load
from tests.bench.recall_fit import NOW, Asked, Worths, ask, fit
from tests.bench.recall_memories import Memory, Unroll, opened
from tests.bench.recall_score import Ranked, differences, means

_MADE = 100
"""Questions of each sort."""
_FEWEST, _MOST = 3, 6
"""Words of one."""
Ways = dict[str, Callable[[Asked], Worths]]


@dataclass(slots=True)
class Home:
    """What was asked of one memory."""

    real: list[Asked]
    made: dict[str, list[Asked]] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", default="")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--only", default="", help="a dialogue, or a table of judgements")
    parser.add_argument("--homes", type=Path, help="keeps the memories there, or uses those")
    parser.add_argument("--json")
    options = parser.parse_args()
    by_set: dict[str, list[Home]] = {}
    for memory in load(options.data, options.dataset, options.only):
        by_set.setdefault(memory.dataset, []).append(_home(memory, options.homes))
        say(f"{memory.dataset} {memory.name}: asked")
    figures = {name: _compare(homes) for name, homes in by_set.items()}
    for name, rows in figures.items():
        for way, row in rows.items():
            say(f"{name:9} {way:12} {row}")
    write_json(figures, options.json)


def _home(memory: Memory, folder: Path | None) -> Home:
    with opened(memory, folder) as (engine, unroll, _):
        asked = (ask(engine, unroll, memory, each) for each in memory.questions if each.evidence)
        home = Home([each for each in asked if each])
        for sort, question, without in _made(engine, unroll):
            made = home.made.setdefault(sort, [])
            if len(made) < _MADE and (one := ask(engine, unroll, memory, question, without)):
                made.append(one)
        return home


def _made(engine: Engine, unroll: Unroll) -> Iterator[tuple[str, Question, Sequence[str]]]:
    """A few words of a turn's rarest sentence; any few of its words; a question of somebody's,
    which the next turn replies to."""
    lot, rarity = Random(1), rarity_in(engine.index)
    units = all_units(sample(engine.index))
    by_place = {(unit.uri, unit.span.first): unit for unit in units}
    for unit in lot.sample(units, len(units)):
        own = unroll(cast(Evidence, SimpleNamespace(chunk=unit, at=unit.span)))
        if not own:
            continue
        for sort, text in _texts(unit, rarity, lot):
            yield sort, Question("", text, sort, tuple(own), 0, ""), ()
        said = unit.text.partition(": ")[2]
        reply = by_place.get((unit.uri, unit.span.first + 1))
        if unit.kind == "chat" and said.endswith("?") and reply:
            after = unroll(cast(Evidence, SimpleNamespace(chunk=reply, at=reply.span)))
            yield "replies", Question("", said, "replies", tuple(after), 0, ""), own


def _texts(unit: Chunk, rarity: Rarity, lot: Random) -> Iterator[tuple[str, str]]:
    probe = rare_sentence([unit], rarity)
    for sort, text in (("rare words", probe.text if probe else ""), ("any words", unit.text)):
        words = list(analyze(text.partition(": ")[2] or text).words)
        if len(words) >= _FEWEST:
            kept = sorted(lot.sample(range(len(words)), min(_MOST, (len(words) + 2) // 2)))
            yield sort, " ".join(words[at] for at in kept)


def _compare(homes: Sequence[Home]) -> dict[str, Any]:
    now = [each for home in homes for each in home.real]
    rows: dict[str, Any] = {"now": means(_judged(now, lambda _: NOW))}
    for sort in homes[0].made:
        rows[sort] = _beside(now, [(home.real, fit(home.made[sort])) for home in homes])
    every = [[each for sort in home.made for each in home.made[sort]] for home in homes]
    rows["all sorts"] = _beside(now, [
        (home.real, fit(made)) for home, made in zip(homes, every, strict=True)])  # fmt: skip
    halves = [_halves(home.real) for home in homes]
    rows["half"] = _beside(now, [
        pair for one, two in halves for pair in ((one, fit(two)), (two, fit(one)))])  # fmt: skip
    ones, twos = ([each for pair in halves for each in pair[at]] for at in (0, 1))
    rows["half of set"] = _beside(now, [(ones, fit(twos)), (twos, fit(ones))])
    rows["all"] = _beside(now, [(home.real, fit(home.real)) for home in homes])
    return rows


def _halves(asked: Sequence[Asked]) -> tuple[list[Asked], list[Asked]]:
    drawn = Random(2).sample(asked, len(asked))
    return drawn[::2], drawn[1::2]


def _beside(now: Sequence[Asked], pairs: Sequence[tuple[Sequence[Asked], Worths]]) -> Any:
    """What worths of their own add to what is found now, question by question."""
    own = {id(each): worths for asked, worths in pairs for each in asked}
    mine = _judged(now, lambda each: own[id(each)])
    return differences(mine, _judged(now, lambda _: NOW)) | {"worths": [each for _, each in pairs]}


def _judged(asked: Sequence[Asked], worths: Callable[[Asked], Worths]) -> list[Ranked]:
    return [Ranked(each.memory, each.question, tuple(each.ranked(worths(each))), 0.0)
            for each in asked]  # fmt: skip


if __name__ == "__main__":
    main()
