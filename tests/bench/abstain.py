"""Does relevance tell questions that a memory can answer from questions that it can't?

`python -m tests.bench.abstain --data DIR [--dataset NAME] [--every N] [--homes DIR] [--fit]
[--json PATH|-]`. Each dialogue is asked its own questions, those of the others with the speakers'
names exchanged (absent), and what only the other one did (swapped): LoCoMo's category 5, else its
own questions with the other's name. `--fit` prints the constants of
core/recall/certain/ (relevance, bearing), each time fitted on three dialogues and checked on the
rest.
"""

from __future__ import annotations

import argparse
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.recall.certain.bearing import USUAL, is_of_other_time, nearness
from cairn.core.recall.certain.relevance import coverage, lead_of_subject
from cairn.core.recall.tally import stems_in
from tests.bench.common import auroc, say, write_json
from tests.bench.dialogue_sets import DATASETS, Dialogue, load
from tests.bench.recall_memories import Chats, opened

Floats = NDArray[np.float64]
_SWAPPED = "adversarial"
_FOREIGN = 60
"""Foreign questions asked to each dialogue, spread over the others."""
_DRAWS = 1000
PARTS = {"known": 0.5, "absent": 0.3, "swapped": 0.2}
"""What each sort of question counts when constants are fitted."""


@dataclass(frozen=True, slots=True)
class Asked:
    dialogue: str
    sort: str
    relevance: float
    """Of the best piece of evidence."""
    features: Floats
    """Of each piece: coverage and cosine."""
    lead: float | None
    """Of whom it is about."""
    near: float
    """How much nearer than usual its turns are."""
    is_late: bool
    """Is what was found of another time?"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--dataset", choices=DATASETS, default="locomo")
    parser.add_argument("--every", type=int, default=1, help="asks only every so many")
    parser.add_argument("--homes", type=Path, help="keeps the memories there, or uses those")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    dialogues = load(options.data, options.dataset)
    asked = [
        each
        for dialogue in dialogues
        for each in _ask_all(dialogue, dialogues, options.every, options.homes)
    ]
    figures = measure(asked, Config().recall.min_relevance)
    for name, value in figures.items():
        shown = " to ".join(f"{v:.3f}" for v in value) if isinstance(value, list) else f"{value:g}"
        say(f"{name:26} {shown}")
    if options.fit:
        _fit(asked)
    write_json(figures, options.json)


def measure(asked: Sequence[Asked], threshold: float) -> dict[str, float | list[float]]:
    said = {sort: _relevances(asked, sort) for sort in PARTS}
    figures: dict[str, float | list[float]] = {}
    for sort in ("absent", "swapped"):
        figures[f"auroc_{sort}"] = round(auroc(said["known"], said[sort]), 4)
        figures[f"auroc_{sort}_95"] = _interval(said["known"], said[sort])
    figures["answers_when_it_should"] = round(float((said["known"] >= threshold).mean()), 4)
    for sort in ("absent", "swapped"):
        figures[f"abstains_when_{sort}"] = round(float((said[sort] < threshold).mean()), 4)
    return figures | {f"n_{sort}": len(values) for sort, values in said.items()}


def _relevances(asked: Sequence[Asked], sort: str) -> Floats:
    return np.array([each.relevance for each in asked if each.sort == sort])


def _interval(positive: Floats, negative: Floats) -> list[float]:
    """Of nineteen in twenty draws of as many questions, with replacement."""
    draw = np.random.default_rng(0).choice
    found = [auroc(draw(positive, len(positive)), draw(negative, len(negative)))
             for _ in range(_DRAWS)]  # fmt: skip
    return [round(float(each), 4) for each in np.quantile(found, (0.025, 0.975))]


def _ask_all(
    dialogue: Dialogue, dialogues: Sequence[Dialogue], every: int, homes: Path | None
) -> list[Asked]:
    with opened(Chats(dialogue), homes) as (engine, _, _):
        asked = list(questions(dialogue, dialogues))[::every]
        return [_ask(engine, dialogue.name, sort, text) for sort, text in asked]


def questions(dialogue: Dialogue, dialogues: Sequence[Dialogue]) -> Iterator[tuple[str, str]]:
    own = [each.text for each in dialogue.questions if each.category != _SWAPPED]
    yield from (("known", text) for text in own)
    swapped = [each.text for each in dialogue.questions if each.category == _SWAPPED]
    names = _speakers(dialogue)
    if not swapped:
        swapped = [
            _renamed(text, names, names[::-1])
            for text in own
            if sum(name in text for name in names) == 1
        ]
    yield from (("swapped", text) for text in swapped)
    foreign = [
        _renamed(question.text, _speakers(other), names)
        for other in dialogues
        if other is not dialogue
        for question in other.questions
        if question.category != _SWAPPED
    ]
    yield from (("absent", text) for text in foreign[:: max(1, len(foreign) // _FOREIGN)])


def _speakers(dialogue: Dialogue) -> list[str]:
    """By the names that questions use."""
    authors = dict.fromkeys(turn.author for turn in dialogue.turns)
    return [author.split()[0].capitalize() for author in authors]


def _renamed(text: str, names: Sequence[str], others: Sequence[str]) -> str:
    exchanged = dict(zip(names, others, strict=True))
    return re.sub("|".join(map(re.escape, names)), lambda match: exchanged[match[0]], text)


def _ask(engine: Engine, dialogue: str, sort: str, text: str) -> Asked:
    results = engine.asking.look(text, 10)
    trail = results.trail
    assert trail and not results.degraded, results.degraded
    features = [
        (coverage(stems_in(item.chunk), trail.weights), trail.pool.cosines.get(item.chunk.id, 0.0))
        for item in results.evidence
    ]
    near = nearness(trail.scored)
    return Asked(
        dialogue, sort, max((item.relevance for item in results.evidence), default=0.0),
        np.array(features or [(0.0, 0.0)]),
        lead_of_subject(
            results.question, trail.scored.units, trail.scored.total, engine.asking.subject
        ),
        0.0 if near is None else near - USUAL, is_of_other_time(results.question, trail.scored),
    )  # fmt: skip


def _fit(asked: Sequence[Asked]) -> None:
    names = list(dict.fromkeys(each.dialogue for each in asked))
    for some in itertools.combinations(names, min(3, len(names))):
        mine = [each for each in asked if each.dialogue in some]
        rest = [each for each in asked if each.dialogue not in some]
        say(f"{_spelled(_fitted(mine))}: {_checked(rest, _fitted(mine))}")
    say(f"on all: {_spelled(_fitted(asked))}")


def _spelled(constants: Floats) -> str:
    names = ("bias", "coverage", "cosine", "asked", "lead", "near", "late")
    return " ".join(f"{name} {value:.2f}" for name, value in zip(names, constants, strict=True))


def _checked(asked: Sequence[Asked], constants: Floats) -> str:
    said = {
        sort: np.array([_logit(each, constants) for each in asked if each.sort == sort])
        for sort in PARTS
    }
    if not all(map(len, said.values())):
        return "nothing is left to check"
    shown = [f"{sort} {auroc(said['known'], said[sort]):.3f}" for sort in ("absent", "swapped")]
    return f"AUROC {', '.join(shown)}, answers {(said['known'] >= 0).mean():.2f}"


def _logit(each: Asked, constants: Floats) -> float:
    return float((_row(each, constants) * constants).sum())


def _row(each: Asked, constants: Floats) -> Floats:
    """With the piece of evidence that is best by these constants."""
    best = each.features[np.argmax(each.features @ constants[1:3])]
    is_asked = each.lead is not None
    return np.array([1.0, *best, is_asked, each.lead or 0.0, each.near, each.is_late])


def _fitted(asked: Sequence[Asked]) -> Floats:
    """By logistic regression on the best piece of evidence of each question, which depends on the
    constants: a few rounds."""
    constants = np.array([-3.5, 2.8, 5.2, 0.0, 0.0, 0.0, 0.0])
    sorts = [each.sort for each in asked]
    is_known = np.array([sort == "known" for sort in sorts], dtype=float)
    weights = np.array([PARTS[sort] / sorts.count(sort) for sort in sorts])
    for _ in range(5):
        rows = np.array([_row(each, constants) for each in asked])
        constants = logistic(rows, is_known, weights)
    return constants


def logistic(x: Floats, y: Floats, weights: Floats) -> Floats:
    """Newton's method, slightly held back towards zero."""
    found = np.zeros(x.shape[1])
    back = np.diag([0.0, *[1e-4] * (x.shape[1] - 1)])
    for _ in range(40):
        said = 1 / (1 + np.exp(-x @ found))
        slope = x.T @ (weights * (said - y)) + back @ found
        bend = (x * (weights * said * (1 - said))[:, None]).T @ x + back
        found = found - np.linalg.solve(bend, slope)
    return found


if __name__ == "__main__":
    main()
