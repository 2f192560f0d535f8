"""SQuAD-format files -> examples: a question, a window of text, and where in it the answer stands.

Used by train_reader.py. Invariant: the split of the 2.0 articles is fixed by title and seed, and no
article that validates is ever seen in training. The rebuilt files place an answer at its first
occurrence; `locate` chooses the one among words of the question.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LARGE = "train-v1.1.rebuilt.json"
DOUBTFUL = "dev-v2.0.first-half.json"
SPLIT_SEED = 7
_VALIDATING = 6
_CHARACTERS_PER_TOKEN = 4.3
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9])")
_COMMON = frozenset(
    "a an and are as at be been by did do does for from had has have he her his how in into is it "
    "its many much of on or s she that the their they this to was were what when where which who "
    "whom whose why with would".split()
)


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    answers: tuple[str, ...]
    """Empty when its paragraph does not answer it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Example:
    question: str
    text: str
    start: int = -1
    end: int = -1
    """Characters of the text; -1 when there is no answer."""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    training: list[Article]
    """Of the 2.0 set, with questions that people made unanswerable."""
    calibrating: list[Article]
    """Sets the threshold, and nothing else."""
    validating: list[Article]


def load(path: Path) -> list[Article]:
    articles = []
    for article in json.loads(path.read_text("utf-8"))["data"]:
        paragraphs = (
            Paragraph(
                paragraph["context"],
                tuple(
                    Question(each["question"].strip(), tuple(a["text"] for a in each["answers"]))
                    for each in paragraph["qas"]
                ),
            )
            for paragraph in article["paragraphs"]
        )
        articles.append(Article(article["title"], tuple(paragraphs)))
    return articles


def split(articles: Sequence[Article]) -> Split:
    ordered = sorted(articles, key=lambda article: article.title)
    random.Random(SPLIT_SEED).shuffle(ordered)
    validating, rest = ordered[:_VALIDATING], ordered[_VALIDATING:]
    return Split(rest[1:], rest[:1], validating)


def words(text: str) -> set[str]:
    """What tells one text from another, roughly stemmed."""
    return {word[:6] for word in _WORD.findall(text.lower()) if word not in _COMMON}


def locate(question: str, text: str, answer: str) -> int:
    """The occurrence of the answer that stands among most words of the question; -1 if none."""
    asked, best, found = words(question), (-1, 0), -1
    start = text.find(answer)
    while start >= 0:
        around = text[max(0, start - 120) : start + len(answer) + 120]
        # Whole words first: "12" is not answered by 1912.
        whole = not (text[max(0, start - 1) : start] + text[start + len(answer) :][:1]).strip(
            " .,;:!?()[]'\"-–—”“’%$£€/"
        )
        score = (int(whole), len(asked & words(around)))
        if score > best:
            best, found = score, start
        start = text.find(answer, start + 1)
    return found


def sentences(text: str) -> list[tuple[int, int]]:
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    return [(start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def sentence_at(parts: Sequence[tuple[int, int]], place: int) -> int:
    return next((i for i, (_, end) in enumerate(parts) if place < end), len(parts) - 1)


def likeliest(question: str, text: str, parts: Sequence[tuple[int, int]]) -> int:
    """The sentence with most words of the question."""
    asked = words(question)
    shared = [len(asked & words(text[start:end])) for start, end in parts]
    return shared.index(max(shared))


def crop(example: Example, chance: random.Random) -> Example:
    """A window of whole sentences around the answer, or around what looks most like it.

    Lengths are drawn alike with and without an answer, so that they tell nothing.
    """
    room = 230 if chance.random() < 0.2 else chance.randint(40, 125)
    limit = int(room * _CHARACTERS_PER_TOKEN)
    if len(example.text) <= limit:
        return example
    parts = sentences(example.text)
    if example.start >= 0:
        first, last = (sentence_at(parts, place) for place in (example.start, example.end - 1))
    else:
        first = last = likeliest(example.question, example.text, parts)
    while True:
        room_left = limit - (parts[last][1] - parts[first][0])
        before = first > 0 and parts[first][0] - parts[first - 1][0] <= room_left
        after = last + 1 < len(parts) and parts[last + 1][1] - parts[last][1] <= room_left
        if not before and not after:
            break
        if before and (not after or chance.random() < 0.5):
            first -= 1
        else:
            last += 1
    start, end = parts[first][0], parts[last][1]
    moved = -1 if example.start < 0 else example.start - start
    ending = -1 if example.start < 0 else example.end - start
    return Example(example.question, example.text[start:end].rstrip(), moved, ending, example.kind)


def plain(question: Question, paragraph: Paragraph, chance: random.Random) -> Example | None:
    """As people asked it, answered or not."""
    if not question.answers:
        return Example(question.text, paragraph.text, kind="asked")
    answer = chance.choice(question.answers)
    start = locate(question.text, paragraph.text, answer)
    if start < 0:
        return None
    return Example(question.text, paragraph.text, start, start + len(answer), "answered")
