"""Does the same question bring the same bytes: again, from a memory opened again, from one rebuilt?

Called by `recall --only same`. Twenty questions of a set (or of invented notes, if there is none)
are asked ten times in a row, ten times after the memory was closed and opened, and ten times after
its index was made anew. What is compared is what travels to the user, passages and answers, less
the times.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from cairn.app import wire
from cairn.core.answering import Manner
from cairn.core.engine import Engine
from cairn.core.recall.search import Results
from tests.bench.common import say
from tests.bench.dialogue_sets import Question
from tests.bench.document_sets import Collection, Paper
from tests.bench.recall_memories import Memory, Papers, opened
from tests.bench.recall_score import Figures

_QUESTIONS, _TIMES, _WAYS = 20, 10, 3
_SUBJECTS = "garden lease boiler holiday budget school river letter bridge winter".split()
_WHATS = "plan price date painter visit report photo invoice list repair".split()


def measure(memory: Memory | None, homes: Path | None = None) -> Figures:
    with tempfile.TemporaryDirectory() as scratch:
        chosen = memory or _invented()
        asked = [question.text for question in chosen.questions][:_QUESTIONS]
        kept = homes or Path(scratch)
        with opened(chosen, kept) as (engine, _, _):
            first = {text: _asked(engine, text) for text in asked}
        with opened(chosen, kept) as (engine, _, _):
            second = {text: _asked(engine, text) for text in asked}
            engine.rebuild()
            engine.work()
            third = {text: _asked(engine, text) for text in asked}
    again = sum(len(found) > _WAYS for each in (first, second, third) for found in each.values())
    reopened = sum(first[text] != second[text] for text in asked)
    rebuilt = sum(first[text] != third[text] for text in asked)
    say(f"{len(asked)} questions of {chosen.name}, {_TIMES} times each: {again} differ when asked "
        f"again, {reopened} after opening again, {rebuilt} after a rebuild")  # fmt: skip
    return {
        "questions": len(asked), "times": _TIMES, "differ_again": again,
        "differ_reopened": reopened, "differ_rebuilt": rebuilt,
        "identical": not (again or reopened or rebuilt),
    }  # fmt: skip


def _asked(engine: Engine, text: str) -> set[str]:
    """The search itself each time, what is kept of one, which may serve the next, and answers."""
    times = range(_TIMES)
    return {
        *(_bytes(engine, engine.asking.look(text), "found") for _ in times),
        *(_bytes(engine, engine.search(text), "kept") for _ in times),
        *(_answer(engine, text) for _ in times),
    }


def _bytes(engine: Engine, results: Results, how: str) -> str:
    found = wire.results(results, engine.finding.titles)
    return json.dumps({**found, "timings_ms": how}, ensure_ascii=False)


def _answer(engine: Engine, text: str) -> str:
    given = engine.ask(text, manner=Manner(trial=True))
    told = wire.answer(given, engine.finding.titles)
    return json.dumps({**told, "timings_ms": "asked"}, ensure_ascii=False)


def _invented() -> Papers:
    papers = tuple(
        Paper(f"{one}-{other}", f"The {other} of the {one}",
              f"We talked about the {one} and its {other}. It was {one} number {number}.")
        for number, (one, other) in enumerate((a, b) for a in _SUBJECTS for b in _WHATS)
    )  # fmt: skip
    asked = tuple(
        Question(paper.id, f"What about the {paper.title}?", "", (paper.id,), 0, "")
        for paper in papers[::4]
    )
    return Papers(Collection("invented", "test", papers, asked))
