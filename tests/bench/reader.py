"""Does the reader find answers, and does it see when there is none?

`python -m tests.bench.reader --data DIR [--reader FILE] [--float FILE] [--every N]
[--json PATH|-]`, where DIR holds files in SQuAD's format, with questions that can't be answered.
Articles that its record says it was trained on are left out. Through the model worker, as the
product reads; EM and F1 as SQuAD scores them. `--float` is the same reader unquantized.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import string
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cairn import assets
from cairn.core.config import Models
from cairn.core.models.embedding import Embedding
from cairn.core.models.reading import Reading
from tests.bench.common import auroc, say, write_json

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_MARKS = str.maketrans("", "", string.punctuation)
_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    article: str
    paragraph: str
    answers: tuple[str, ...]
    """None of them when the paragraph doesn't answer it."""


@dataclass(frozen=True, slots=True)
class Answer:
    question: Question
    said: str
    """The best span, whether or not it would be given."""
    score: float
    spent_s: float

    def rate(self, measure: Callable[[str, str], float], *, always: bool = False) -> float:
        """By the best of the answers; silence is right where there is none."""
        given = self.said if always or self.score > 0 else ""
        return max((measure(gold, given) for gold in self.question.answers), default=not given)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, help="a GGUF file; the shipped one if not given")
    parser.add_argument("--float", type=Path, help="the same reader unquantized")
    parser.add_argument("--every", type=int, default=1, help="asks only every so many")
    parser.add_argument("--json")
    options = parser.parse_args()
    path = options.reader or assets.path("reader.gguf")
    record = json.loads(path.with_suffix(".json").read_text("utf-8"))["data"]
    seen = {*record["training"], *record["calibrating"]}
    questions = load(options.data, seen)[:: options.every]
    answers = ask(path, questions)
    figures = measure(answers)
    if options.float:
        figures |= _beside(answers, ask(options.float, questions))
    for name, value in figures.items():
        say(f"{name:24} {' to '.join(map(str, value)) if isinstance(value, list) else value}")
    write_json(figures, options.json)


def load(folder: Path, seen: set[str]) -> list[Question]:
    """Of each file that has questions without an answer, those about articles never seen."""
    questions = []
    for path in sorted(folder.rglob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        articles = data.get("data") if isinstance(data, dict) else None
        found = [
            Question(asked["question"], article["title"], paragraph["context"], _gold(asked))
            for article in articles or ()
            for paragraph in article["paragraphs"]
            for asked in paragraph["qas"]
        ]
        if not all(question.answers for question in found):
            questions += [question for question in found if question.article not in seen]
    return questions


def _gold(asked: dict[str, Any]) -> tuple[str, ...]:
    if asked.get("is_impossible"):
        return ()
    return tuple(answer["text"] for answer in asked["answers"])


def ask(path: Path, questions: Sequence[Question]) -> list[Answer]:
    answers = []
    with tempfile.TemporaryDirectory() as logs:
        embedding = Embedding(Models(), Path(logs))
        reading = Reading(embedding, path)
        try:
            reading.read("ready?", ["yes"])
            for question in questions:
                began = time.perf_counter()
                (read,) = reading.read(question.text, [question.paragraph], 1)
                spent = time.perf_counter() - began
                best = read.spans[0] if read.spans else None
                said = question.paragraph[best.start : best.end] if best else ""
                answers.append(Answer(question, said, read.score, spent))
        finally:
            embedding.close()
    return answers


def measure(answers: Sequence[Answer]) -> dict[str, Any]:
    known = [each for each in answers if each.question.answers]
    unknown = [each for each in answers if not each.question.answers]
    every = np.array([each.rate(f1) for each in answers])
    return {
        "f1": _mean(every),
        "f1_95": _interval(every),
        "em": _mean([each.rate(is_exact) for each in answers]),
        "f1_answerable": _mean([each.rate(f1, always=True) for each in known]),
        "em_answerable": _mean([each.rate(is_exact, always=True) for each in known]),
        "f1_answerable_as_given": _mean([each.rate(f1) for each in known]),
        "auroc": round(auroc([a.score for a in known], [a.score for a in unknown]), 4),
        "answered": _mean([each.score > 0 for each in known]),
        "abstained": _mean([each.score <= 0 for each in unknown]),
        "f1_threshold_of_other_articles": _from_others(answers),
        "f1_best_threshold": _at(answers, _best_threshold(answers)),
        "answered_at_60_abstained": _answered_at(answers, 0.6),
        "read_ms_p50": round(1e3 * float(np.median([each.spent_s for each in answers])), 1),
        "f1_always_silent": round(len(unknown) / len(answers), 4),
        "n": len(answers),
        "n_answerable": len(known),
    }


def _best_threshold(answers: Sequence[Answer]) -> float:
    """Where F1 would be the highest."""
    ordered = sorted(answers, key=lambda each: -each.score)
    gains = [each.rate(f1, always=True) - (not each.question.answers) for each in ordered]
    sums = np.cumsum([0.0, *gains])
    scores = [math.inf, *(each.score for each in ordered)]
    # Questions of one score are answered together, or not at all.
    ends = [i for i, score in enumerate(scores) if scores[i + 1 : i + 2] != [score]]
    last = max(ends, key=lambda i: sums[i])
    return (scores[last] + scores[last + 1]) / 2 if 0 < last < len(answers) else scores[last] - 1


def _at(answers: Sequence[Answer], threshold: float) -> float:
    return _mean(_each_at(answers, threshold))


def _each_at(answers: Sequence[Answer], threshold: float) -> list[float]:
    return [
        each.rate(f1, always=True) if each.score > threshold else float(not each.question.answers)
        for each in answers
    ]


def _from_others(answers: Sequence[Answer]) -> float:
    """F1 of each article with the threshold that is best for all the others."""
    rates = []
    for article in {each.question.article: 0 for each in answers}:
        others = [each for each in answers if each.question.article != article]
        mine = [each for each in answers if each.question.article == article]
        rates += _each_at(mine, _best_threshold(others)) if others else []
    return _mean(rates) if rates else math.nan


def _answered_at(answers: Sequence[Answer], abstained: float) -> float:
    """The share answered that should be, with silence on so much of what can't be."""
    cut = float(np.quantile([a.score for a in answers if not a.question.answers], abstained))
    return _mean([a.score > cut for a in answers if a.question.answers])


def _beside(answers: Sequence[Answer], exact: Sequence[Answer]) -> dict[str, Any]:
    figures = {f"float_{name}": value for name, value in measure(exact).items()
               if name in ("f1", "f1_answerable", "auroc")}  # fmt: skip
    differences = np.array([a.rate(f1) - b.rate(f1) for a, b in zip(answers, exact, strict=True)])
    return figures | {
        "f1_less_float": _mean(differences),
        "f1_less_float_95": _interval(differences),
        "same_span": _mean([a.said == b.said for a, b in zip(answers, exact, strict=True)]),
    }


def _mean(values: Sequence[float] | np.ndarray[Any, Any]) -> float:
    return round(float(np.mean(values)), 4)


def _interval(values: np.ndarray[Any, Any]) -> list[float]:
    """Of nineteen in twenty draws of as many questions, with replacement."""
    draw = np.random.default_rng(0)
    means = [draw.choice(values, len(values)).mean() for _ in range(_DRAWS)]
    return [round(float(each), 4) for each in np.quantile(means, (0.025, 0.975))]


def _plain(text: str) -> list[str]:
    return _ARTICLES.sub(" ", text.lower().translate(_MARKS)).split()


def is_exact(gold: str, said: str) -> bool:
    return _plain(gold) == _plain(said)


def f1(gold: str, said: str) -> float:
    wanted, given = _plain(gold), _plain(said)
    shared = sum((Counter(wanted) & Counter(given)).values())
    return 2 * shared / (len(wanted) + len(given)) if shared else float(wanted == given)


if __name__ == "__main__":
    main()
