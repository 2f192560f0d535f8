"""What was found → how likely it answers the question, comparable between questions.

Called by the search. Made of raw features only: neither popularity nor age has a say, and weak
evidence is recognised as weak whatever its rank.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cairn.core.recall.question import Question
from cairn.core.recall.words import stems
from cairn.core.records import Chunk

# Fitted by `python -m tests.bench.abstain`: questions on their own against foreign conversations.
_BIAS, _COVERAGE, _COSINE = -3.55, 2.8, 5.2


def weigh(question: Question, pool: Sequence[Chunk]) -> tuple[dict[str, float], tuple[str, ...]]:
    """How much each stem of the question says, by its rarity among the word hits.

    A rare word pulls its passages into the pool, so a word that is in none of them is nowhere.
    """
    texts = [stems(chunk.search_text) for chunk in pool]
    weights: dict[str, float] = {}
    held: dict[str, bool] = {}
    for word, stem in zip(question.words, question.stems, strict=True):
        holders = sum(stem in text for text in texts)
        weights[stem] = math.log(1 + (len(texts) + 1) / (holders + 0.5))
        held[word] = held.get(word, False) or holders > 0
    return weights, tuple(word for word, found in held.items() if not found)


def coverage(stems_of_text: frozenset[str], weights: Mapping[str, float]) -> float:
    """Share of the question's weight that a text accounts for."""
    total = sum(weights.values())
    return sum(w for stem, w in weights.items() if stem in stems_of_text) / total if total else 0.0


def relevance(passage: Chunk, weights: Mapping[str, float], cosine: float | None) -> float:
    """`cosine` is that of the passage; without vectors it is judged by words alone."""
    covered = coverage(stems(passage.search_text), weights)
    near = covered / 2 if cosine is None else cosine
    return round(1 / (1 + math.exp(-(_BIAS + _COVERAGE * covered + _COSINE * near))), 4)
