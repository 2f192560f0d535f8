"""A question → ranked evidence: word search and vector search, fused by rank.

Called by the engine for `search` and `ask`. The same question on the same index gives the same
list: every order is broken by chunk id. Ranks order the list; `relevance` is raw, so that weak
evidence is recognised as weak.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cairn.core.errors import Unavailable
from cairn.core.index import Index
from cairn.core.recall.standing import Found, Standing, stand
from cairn.core.recall.unspaced import is_unspaced
from cairn.core.recall.words import Question, analyze, stems
from cairn.core.records import Chunk, Evidence, Hit, Timing
from cairn.core.sentences import quotes

_POOL, _DEEPER = 50, 4
"""Hits taken from each channel; more where some will turn out to be of another time."""
_SHOWN = 10
_RRF_K = 60
_WORDS_COUNT, _FEW_WORDS = 1.25, 2
_WORDS_ALONE = 4.0
_ALL = 0.999
_NEAR = 0.25
"""Vectors further apart than this cosine have nothing to do with each other."""
# Fitted by `python -m tests.bench.abstain`: questions on their own against foreign conversations.
_BIAS, _COVERAGE, _COSINE = -3.55, 2.8, 5.2

Embed = Callable[[list[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Results:
    question: Question
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    """Words of the question that no passage holds."""
    degraded: str
    timings: tuple[Timing, ...]


class Stopwatch:
    """Collects how long each stage took."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.timings: list[Timing] = []

    def lap(self, stage: str) -> None:
        moment = time.perf_counter()
        self.timings.append(Timing(stage, round((moment - self._last) * 1000, 2)))
        self._last = moment


def search(
    index: Index, embed: Embed, text: str, limit: int, standing: Standing | None = None
) -> Results:
    question = analyze(text)
    watch = Stopwatch()
    pool = max(_POOL, limit)
    if standing and not standing.is_of_now:
        pool *= _DEEPER
    lexical = _match(index, question, pool)
    watch.lap("lexical")
    degraded, vector = "", []
    try:
        query = embed([text])[0]
        watch.lap("embed")
        near = index.hot.search(query, pool)
        vector = [hit for hit in near if hit[1] >= _NEAR]
        watch.lap("vector")
    except Unavailable as error:
        degraded = f"{error.message}; {error.hint}"
    # Who types a word or two wants these words; a longer question is about their meaning.
    worth = _WORDS_COUNT if len(question.stems) <= _FEW_WORDS else 1.0
    if any(map(is_unspaced, question.words)):
        worth = _WORDS_ALONE  # the embedder knows no such script
    order, hits = _fuse(lexical, vector, worth)
    # Rarity is judged among the word hits, so those are needed whatever the limit is.
    chunks = {chunk.id: chunk for chunk in index.table.fetch(order)}
    watch.lap("fetch")
    weights, missing = weigh(question, [chunks[id] for id, _ in lexical if id in chunks])
    known = [id for id in order if id in chunks]
    ranked = _passages_first(known, chunks, weights, question.is_of_sittings)
    found = Found(chunks, hits, lambda said: coverage(stems(said), weights))
    if standing:
        most = 2 * max(limit, _SHOWN) if standing.is_of_now else len(ranked)
        ranked = stand(ranked[:most], found, index, standing)
        watch.lap("tree")
    evidence = tuple(
        replace(
            _judge(chunks[id], rank, hits[id], weights, worth),
            entries=tuple(filed.entry.id for filed in found.resting.get(id, ())),
        )
        for rank, id in enumerate(ranked[:limit], start=1)
    )
    watch.lap("judge")
    return Results(question, evidence, missing, degraded, tuple(watch.timings))


def _match(index: Index, question: Question, limit: int) -> list[tuple[str, float]]:
    return index.table.search_words(question.spaced, limit, " ".join(question.stems))


def _fuse(
    lexical: list[tuple[str, float]], vector: list[tuple[str, float]], worth: float
) -> tuple[list[str], dict[str, list[Hit]]]:
    hits: dict[str, list[Hit]] = {}
    for rank, (id, score) in enumerate(lexical, start=1):
        hits.setdefault(id, []).append(Hit("lexical", rank, score))
    for rank, (id, score) in enumerate(vector, start=1):
        hits.setdefault(id, []).append(Hit("vector", rank, score))
    fused = {id: sum(_share(hit, worth) for hit in of) for id, of in hits.items()}
    return sorted(fused, key=lambda id: (-fused[id], id)), hits


def _share(hit: Hit, worth: float) -> float:
    """What one channel's rank is worth; `worth` is that of a word's."""
    return (worth if hit.channel == "lexical" else 1.0) / (_RRF_K + hit.rank)


def _passages_first(
    order: list[str], chunks: dict[str, Chunk], weights: dict[str, float], of_sittings: bool
) -> list[str]:
    """A file that is known by its name only comes last, unless its name is what was asked for.

    Names are short, so word search takes a few shared words for a good match. What cairn says of a
    sitting stands first if sittings are what was asked for; else it gives its place to the best
    passage of its conversation.
    """
    best: dict[str, str] = {}
    for id in order:
        if chunks[id].kind == "chat":
            best.setdefault(chunks[id].uri, id)
    early, usual, late = [], [], []
    for id in order:
        chunk = chunks[id]
        if chunk.kind == "episode" and of_sittings:
            early.append(id)
        elif chunk.kind == "episode" and chunk.uri in best:
            usual.append(best[chunk.uri])
            late.append(id)
        elif chunk.kind == "file" and coverage(stems(chunk.search_text), weights) < _ALL:
            late.append(id)
        else:
            usual.append(id)
    return list(dict.fromkeys([*early, *usual, *late]))


def weigh(question: Question, pool: list[Chunk]) -> tuple[dict[str, float], tuple[str, ...]]:
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


def coverage(stems_of_text: frozenset[str], weights: dict[str, float]) -> float:
    """Share of the question's weight that a text accounts for."""
    total = sum(weights.values())
    return sum(w for stem, w in weights.items() if stem in stems_of_text) / total if total else 0.0


def _judge(
    chunk: Chunk, rank: int, hits: list[Hit], weights: dict[str, float], worth: float
) -> Evidence:
    covered = coverage(stems(chunk.search_text), weights)
    cosine = next((hit.score for hit in hits if hit.channel == "vector"), None)
    if cosine is None:  # outside the vector pool, or no vectors: judged by words alone
        cosine = covered / 2
    relevance = 1 / (1 + math.exp(-(_BIAS + _COVERAGE * covered + _COSINE * cosine)))
    # The first of the sentences that say most; a chunk is never empty.
    best = max(quotes(chunk), key=lambda quote: coverage(stems(quote.text), weights))
    fused = sum(_share(hit, worth) for hit in hits)
    return Evidence(chunk, rank, fused, round(relevance, 4), tuple(hits), best.text, best.span)
