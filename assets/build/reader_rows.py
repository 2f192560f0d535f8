"""Examples -> token ids with places, and batches of one length; used to train and to measure.

Invariant: ids are framed as the product frames them, [CLS] question [SEP] text [SEP].
Requires: tokenizers.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from reader_data import Article, Example
from source_wheel import Source
from tokenizers import Tokenizer

SEED = 20
MICRO_TOKENS = 1600
"""What one thread takes at a time: few enough to stay in its cache."""
_LONGEST = 256
_LONGEST_READ = 384
_LONGEST_ASKED = 48


@dataclass(frozen=True, slots=True)
class Row:
    ids: list[int]
    start: int
    end: int
    """Of the first and last token; 0 and 0 without an answer."""
    offsets: list[tuple[int, int]]
    first: int
    """The text's first token."""


class Rows:
    """Examples → token ids, as the product makes them: [CLS] question [SEP] text [SEP]."""

    def __init__(self, source: Source) -> None:
        self._tokenizer = Tokenizer.from_str(source.tokenizer_json)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.cls, self.sep = (source.vocabulary.index(mark) for mark in ("[CLS]", "[SEP]"))

    def make(self, examples: Sequence[Example], longest: int = _LONGEST) -> list[Row | None]:
        encode = self._tokenizer.encode_batch
        asked = encode([each.question for each in examples], add_special_tokens=False)
        texts = encode([each.text for each in examples], add_special_tokens=False)
        return [
            self._row(example, question.ids[:_LONGEST_ASKED], text.ids, text.offsets, longest)
            for example, question, text in zip(examples, asked, texts, strict=True)
        ]

    def _row(
        self, example: Example, question: list[int], ids: list[int],
        offsets: list[tuple[int, int]], longest: int,
    ) -> Row | None:  # fmt: skip
        first = len(question) + 2
        room = longest - first - 1
        ids, offsets = ids[:room], offsets[:room]
        start = end = 0
        if example.start >= 0:
            inside = [
                i for i, (a, b) in enumerate(offsets) if b > example.start and a < example.end
            ]
            if not inside or offsets[inside[-1]][1] < example.end:
                return None  # cut off
            start, end = first + inside[0], first + inside[-1]
        return Row([self.cls, *question, self.sep, *ids, self.sep], start, end, offsets, first)


def batches(rows: Sequence[Row], chance: random.Random) -> list[list[Row]]:
    """Rows of almost one length, cut to the shortest of them where that costs no answer."""
    ordered = sorted(rows, key=lambda row: (len(row.ids), chance.random()))
    made: list[list[Row]] = []
    while ordered:
        count = max(1, MICRO_TOKENS // len(ordered[-1].ids))
        taken, ordered = ordered[-count:], ordered[:-count]
        shortest = max(len(taken[0].ids), *(row.end + 1 for row in taken), 0)
        made.append([row for row in taken if len(row.ids) >= shortest])
        ordered += [row for row in taken if len(row.ids) < shortest]
    chance.shuffle(made)
    return made


def asked_of(
    rows: Rows, articles: Sequence[Article], most: int = 0
) -> tuple[list[Row], list[str], list[tuple[str, ...]]]:
    """Questions with their paragraphs and answers; at most so many, drawn by the seed."""
    asked = [
        (question, paragraph.text)
        for article in articles
        for paragraph in article.paragraphs
        for question in paragraph.questions
    ]
    if most:
        asked = random.Random(SEED).sample(asked, min(most, len(asked)))
    made = rows.make([Example(question.text, text) for question, text in asked], _LONGEST_READ)
    return (
        [row for row in made if row],
        [text for _, text in asked],
        [question.answers for question, _ in asked],
    )
