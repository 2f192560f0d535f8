"""Questions on dialogues → what a reader's spans and scores say, as `core/answer/fitted.py` has it.

`python -m tests.bench.answer_fit --data FILE|DIR [--dataset NAME] [--every N] [--homes DIR]
[--reader FILE] [--write]`. To be run with every new reader, whose scores have a scale of their own;
minutes. What is said of a dialogue is said with constants fitted on the others. Without `--write`
it only tells what it would write.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cairn.core.answer import fitted
from cairn.core.answer.compose import STRONG
from cairn.core.answer.spans import READ_MORE, find_spans
from cairn.core.answer.worth import Signs
from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.models.reading import Reading
from tests.bench.abstain import PARTS, Floats, logistic, questions
from tests.bench.answer_score import f1
from tests.bench.common import auroc, say
from tests.bench.dialogue_sets import DATASETS, Dialogue, load
from tests.bench.recall_memories import Chats, opened

_SORTS = ("absent", "swapped")
_SHARES = (0.9, 0.8)
"""Of the questions that have an answer, so many are answered where abstaining is judged."""
_NAMES = ("BIAS", "SCORE", "SHARE", "FITS", "TIME", "FURTHER")
_NONE = 1e-4
_MOST = (6.0, 10.0, 15.0, 25.0, 40.0)


@dataclass(frozen=True, slots=True)
class Tried:
    """A question, and the spans that were found for it."""

    dialogue: str
    sort: str
    """Known, absent or swapped."""
    relevance: float
    """In logits, of the best evidence."""
    signs: tuple[Signs, ...]
    scores: tuple[float, ...]
    """Their token F1; none where there is no answer, or not in so few words."""

    def best(self, most: float) -> float:
        """What the reader says of whether there is an answer."""
        return max((max(-most, min(most, each.score)) for each in self.signs), default=-most)

    def rows(self, most: float) -> Floats:
        return np.array([
            (1.0, max(-most, min(most, s.score)), s.share, s.fits, s.is_time, s.is_further)
            for s in self.signs
        ], dtype=float).reshape(-1, len(_NAMES))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--dataset", choices=DATASETS, default="locomo")
    parser.add_argument("--every", type=int, default=1, help="asks only every so many")
    parser.add_argument("--homes", type=Path, help="keeps the memories there, or uses those")
    parser.add_argument("--reader", type=Path, help="another than the one that ships with cairn")
    parser.add_argument("--write", action="store_true", help="into core/answer/fitted.py")
    options = parser.parse_args()
    dialogues = load(options.data, options.dataset)
    tried: list[Tried] = []
    for dialogue in dialogues:
        with opened(Chats(dialogue), options.homes) as (engine, _, _):
            reading = Reading(engine.embedding, options.reader)
            asked = list(questions(dialogue, dialogues))[:: options.every]
            tried += [_try(engine, dialogue, sort, text, reading) for sort, text in asked]
            path = reading.path
    brief = [each for each in tried if each.scores or (each.sort == "known" and not each.signs)]
    say(f"{len(brief)} questions; as it is now: F1 of the best span {_as_it_is(brief):.4f}")
    judged = {most: _left_out(brief, most) for most in _MOST}
    for most, score in judged.items():
        say(f"scores up to {most:4.0f}: on the dialogue left out {score:.4f}")
    best = max(judged, key=lambda most: judged[most])
    for line in _abstaining(tried, best):
        say(line)
    text = _spelled(
        hashlib.sha256(path.read_bytes()).hexdigest()[:16], best, _fitted(brief, best),
        _answers(tried, best),
    )  # fmt: skip
    say(text)
    if options.write:
        file = Path(fitted.__file__)
        head = file.read_text("utf-8").partition("READER = ")[0]
        file.write_text(head + text, "utf-8")


def _try(engine: Engine, dialogue: Dialogue, sort: str, text: str, reading: Reading) -> Tried:
    found = engine.asking.look(text, 10)
    if found.degraded:
        raise SystemExit(f"{dialogue.name}: {found.degraded}")
    best = max((item.relevance for item in found.evidence), default=0.0)
    best = min(max(best, _NONE), 1 - _NONE)
    least = Config().recall.min_relevance * STRONG
    evidence = [item for item in found.evidence if item.relevance >= least]
    spans = find_spans(found.question, evidence, reading.read, (READ_MORE,))
    gold = next((each.answer for each in dialogue.questions if each.text == text), "")
    scores = tuple(f1(gold, span.text) for span in spans)
    is_brief = sort == "known" and gold and found.question.kind != "when"
    return Tried(
        dialogue.name, sort, math.log(best / (1 - best)), tuple(span.signs for span in spans),
        scores if is_brief else (),
    )  # fmt: skip


def _as_it_is(tried: Sequence[Tried]) -> float:
    constants = np.array([getattr(fitted, name) for name in _NAMES])
    return statistics.mean(_picked(tried, fitted.MOST, constants))


def _left_out(tried: Sequence[Tried], most: float) -> float:
    names = {each.dialogue for each in tried}
    picked = []
    for name in names:
        constants = _fitted([each for each in tried if each.dialogue != name], most)
        picked += _picked([each for each in tried if each.dialogue == name], most, constants)
    return statistics.mean(picked)


def _picked(tried: Sequence[Tried], most: float, constants: Floats) -> list[float]:
    return [
        each.scores[int(np.argmax(each.rows(most) @ constants))] if each.signs else 0.0
        for each in tried
    ]


def _fitted(tried: Sequence[Tried], most: float) -> Floats:
    """Each question counts the same, however many spans there are."""
    rows = np.concatenate([each.rows(most) for each in tried])
    scores = np.array([score for each in tried for score in each.scores])
    shares = np.array([1 / len(each.signs) for each in tried for _ in each.signs])
    return logistic(rows, scores, shares / shares.sum())


def _abstaining(tried: Sequence[Tried], most: float) -> Iterator[str]:
    """How it is told what has no answer, with the reader and without."""
    alone = {each: each.relevance for each in tried}
    yield f"by relevance alone: {_told_apart(alone)}"
    names = {each.dialogue for each in tried}
    both: dict[Tried, float] = {}
    for name in names:
        level, answers = _answers([each for each in tried if each.dialogue != name], most)
        for each in tried:
            if each.dialogue == name:
                both[each] = each.relevance + level + answers * each.best(most)
    yield f"with the reader, on the dialogue left out: {_told_apart(both)}"


def _told_apart(said: Mapping[Tried, float]) -> str:
    known = np.array([value for each, value in said.items() if each.sort == "known"])
    shown = [f"answers {float((known >= 0).mean()):.3f}"]
    for sort in _SORTS:
        other = np.array([value for each, value in said.items() if each.sort == sort])
        at = (float((other < np.quantile(known, 1 - share)).mean()) for share in _SHARES)
        told = ", ".join(
            f"{value:.3f} at {share}" for value, share in zip(at, _SHARES, strict=True)
        )
        now = float((other < 0).mean())
        shown.append(f"{sort} AUROC {auroc(known, other):.3f}, abstains {now:.3f}, {told}")
    return "; ".join(shown)


def _answers(tried: Sequence[Tried], most: float) -> tuple[float, float]:
    """What is added to relevance: so much that as many questions are answered as without it."""
    sorts = [each.sort for each in tried]
    rows = np.array([(1.0, each.relevance, each.best(most)) for each in tried])
    is_known = np.array([sort == "known" for sort in sorts], dtype=float)
    weights = np.array([PARTS[sort] / sorts.count(sort) for sort in sorts])
    _, relevance, score = logistic(rows, is_known, weights)
    answers = max(0.0, float(score / relevance))
    known = rows[is_known > 0]
    share = float((known[:, 1] < 0).mean())
    return -float(np.quantile(known[:, 1] + answers * known[:, 2], share)), answers


def _spelled(reader: str, most: float, constants: Floats, answers: Sequence[float]) -> str:
    values = ", ".join(f"{value:.3f}" for value in constants)
    level, score = answers
    return (
        f'READER = "{reader}"\n"""What its sha256 begins with."""\nMOST = {most}\n'
        '"""A score further from 0 than this says no more."""\n'
        f"{', '.join(_NAMES)} = {values}\n"
        f"LEVEL, ANSWERS = {level:.3f}, {score:.4f}\n"
        '"""What the best score says of whether there is an answer at all, beside relevance."""\n'
    )


if __name__ == "__main__":
    main()
