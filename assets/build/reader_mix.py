"""Articles -> an endless, reproducible stream of examples in chunks, for each stage of training.

Used by train_reader.py. Invariant: a chunk depends on the seed, the stage and its label only, so a
resumed run goes on as it would have.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from reader_chats import made, told
from reader_data import Article, Example, Paragraph, Question, crop, locate, plain, sentences, words
from reader_negatives import (
    asked_of_another,
    exchanged,
    opposed,
    renamed,
    told_of_another,
)

CHUNK = 2048
_TRIES = 60


@dataclass(frozen=True, slots=True)
class Asked:
    article: Article
    paragraph: Paragraph
    question: Question


class Mix:
    def __init__(self, large: list[Article], doubtful: list[Article], seed: int) -> None:
        self._large, self._doubtful, self._seed = _asked(large), _asked(doubtful), seed

    def chunk(self, stage: str, label: str) -> list[Example]:
        chance = random.Random(f"{self._seed} {label}")
        shares = STAGES[stage]
        examples: list[Example] = []
        while len(examples) < CHUNK:
            (kind,) = chance.choices(list(shares), list(shares.values()))
            for _ in range(_TRIES):
                asked = chance.choice(self._doubtful if kind == "people" else self._large)
                parts = asked.article, asked.paragraph, asked.question
                example = MAKERS[kind](*parts, chance)
                if example is not None:
                    examples.append(_cut(example, chance))
                    if kind in _PAIRED and chance.random() < 0.5:
                        original = answered(*parts, chance)
                        examples += [_cut(original, chance)] if original else []
                    break
        return examples


def _asked(articles: list[Article]) -> list[Asked]:
    return [
        Asked(article, paragraph, question)
        for article in articles
        for paragraph in article.paragraphs
        for question in paragraph.questions
    ]


def _cut(example: Example, chance: random.Random) -> Example:
    return example if example.kind.startswith(("told", "made")) else crop(example, chance)


def answered(
    article: Article, paragraph: Paragraph, question: Question, chance: random.Random
) -> Example | None:
    del article
    return plain(question, paragraph, chance)


def elsewhere(
    article: Article, paragraph: Paragraph, question: Question, chance: random.Random
) -> Example | None:
    """The question put to another paragraph of the article that shares its words."""
    wanted = words(question.text)
    lowered = [answer.lower() for answer in question.answers]
    others = [
        (len(wanted & words(other.text)), chance.random(), other)
        for other in chance.sample(article.paragraphs, min(16, len(article.paragraphs)))
        if other is not paragraph and not any(answer in other.text.lower() for answer in lowered)
    ]
    if not others:
        return None
    return Example(question.text, max(others)[2].text, kind="elsewhere")


def without(
    article: Article, paragraph: Paragraph, question: Question, chance: random.Random
) -> Example | None:
    """The paragraph less the sentences that hold the answer."""
    del article, chance
    text, answer = paragraph.text, question.answers[0]
    if locate(question.text, text, answer) < 0:
        return None
    parts = [text[start:end] for start, end in sentences(text)]
    kept = [part for part in parts if answer.lower() not in part.lower()]
    if not kept or len(kept) == len(parts):
        return None
    return Example(question.text, "".join(kept), kind="without")


Maker = Callable[[Article, Paragraph, Question, random.Random], Example | None]
MAKERS: dict[str, Maker] = {
    "answered": answered,
    "people": answered,
    "elsewhere": elsewhere,
    "without": without,
    "asked_of_another": asked_of_another,
    "told_of_another": told_of_another,
    "opposed": opposed,
    "exchanged": exchanged,
    "renamed": renamed,
    "told": told,
    "made": made,
}
_PAIRED = ("asked_of_another", "told_of_another", "opposed", "exchanged")
STAGES: dict[str, dict[str, float]] = {
    "spans": {"answered": 0.64, "elsewhere": 0.18, "without": 0.08, "people": 0.10},
    "doubts": {
        "answered": 0.27, "renamed": 0.04, "elsewhere": 0.05, "without": 0.03,
        "asked_of_another": 0.07, "told_of_another": 0.07, "opposed": 0.07, "exchanged": 0.04,
        "people": 0.24, "told": 0.07, "made": 0.05,
    },
    "polish": {
        "answered": 0.27, "renamed": 0.03, "elsewhere": 0.04, "without": 0.03,
        "asked_of_another": 0.06, "told_of_another": 0.06, "opposed": 0.06, "exchanged": 0.03,
        "people": 0.31, "told": 0.06, "made": 0.05,
    },
}  # fmt: skip
