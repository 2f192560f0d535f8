"""A question → ranked evidence.

Called by the engine for `search` and `ask`. Channels bring passages, which are taken apart into
units, a conversation into its turns; every unit is scored, and the tree has its say. The same
question on the same index gives the same list: every order is broken by id.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cairn.core.errors import Unavailable
from cairn.core.index import Index
from cairn.core.index.meaning import part_cosines
from cairn.core.recall.beside import NOTHING, Beside
from cairn.core.recall.certain.bearing import by_time, by_turns
from cairn.core.recall.certain.relevance import by_subject, coverage, relevance, weigh
from cairn.core.recall.entries.standing import Found, Known, Standing, stand
from cairn.core.recall.entries.thrown_out import without
from cairn.core.recall.narrow.allowed import Allowed
from cairn.core.recall.question.analyze import Question, analyze
from cairn.core.recall.scoring import Column, Scored, Worth, score
from cairn.core.recall.tally import Tally
from cairn.core.recall.units import Units, all_units, passage_id
from cairn.core.recall.unspaced import is_unspaced
from cairn.core.recall.words import WORD, stems
from cairn.core.records import Chunk, Evidence, Hit, Timing
from cairn.core.sentences import Quote, quotes

_POOL, _DEEPER = 50, 4
"""Passages taken from each channel; more where some will turn out to be of another time."""
_SHOWN = 10
_WORDS_COUNT, _FEW_WORDS = 1.25, 2
_WORDS_ALONE = 4.0
_ALL = 0.999
_NEAR = 0.25
"""Vectors further apart than this cosine have nothing to do with each other."""

Embed = Callable[[list[str]], NDArray[np.float32]]
Pairs = list[tuple[str, float]]
"""Ids of passages with a channel's own scores, the best first."""
Reach = Callable[[int], Pairs]
"""So many of what a channel finds, the best first."""


@dataclass(frozen=True, slots=True)
class Trail:
    """How results came about: for whoever asks why something is not among them."""

    reach: Mapping[str, Reach]
    """Each channel, by its name."""
    size: int
    """How many passages were taken from each."""
    pool: Pool
    weights: Mapping[str, float]
    scored: Scored
    ranked: tuple[str, ...]
    """Units in their order, before the tree had its say."""
    stood: tuple[str, ...]
    """And after, as far as they were looked at."""
    found: Found
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Results:
    question: Question
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    """Words of the question that no passage holds."""
    degraded: str
    timings: tuple[Timing, ...]
    trail: Trail | None = field(default=None, repr=False, compare=False)
    of_files: bool = False
    """Was a set of files asked for? Then each stands for its file."""

    @property
    def lacking(self) -> tuple[str, ...]:
        """Of `missing`, what a source would have to say: a day is said in many ways."""
        days = " ".join(when.text for when in self.question.times)
        said = {found[0].lower() for found in WORD.finditer(days)}
        return tuple(word for word in self.missing if word.lower() not in said)


class Stopwatch:
    """Collects how long each stage took."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.timings: list[Timing] = []

    def lap(self, stage: str) -> None:
        """What has two laps is told once."""
        moment = time.perf_counter()
        before = next((each for each in self.timings if each.stage == stage), None)
        ms = (moment - self._last) * 1000 + (before.ms if before else 0.0)
        self.timings = [each for each in self.timings if each is not before]
        self.timings.append(Timing(stage, round(ms, 2)))
        self._last = moment


@dataclass(frozen=True, slots=True)
class Pool:
    """The passages that the channels brought."""

    passages: dict[str, Chunk]
    channels: dict[str, Pairs]
    cosines: dict[str, float]
    """Of all passages that have a vector, and of their turns; empty without a question's."""

    def nearness(self, ids: Iterable[str]) -> Column:
        """Of units. A turn of which nothing is known is as near as its passage."""
        near = self.cosines
        return np.array(
            [near[id] if id in near else near.get(passage_id(id), 0.0) for id in ids]
        )  # fmt: skip

    def hits(self, wanted: Iterable[str]) -> dict[str, list[Hit]]:
        """Of each of these passages, as the channels have it."""
        found: dict[str, list[Hit]] = {id: [] for id in wanted}
        for name, pairs in self.channels.items():
            for rank, (id, value) in enumerate(pairs, start=1):
                if id in found:
                    found[id].append(Hit(name, rank, value))
        return found


def search(
    index: Index,
    embed: Embed,
    text: str,
    limit: int,
    standing: Standing | None = None,
    beside: Beside = NOTHING,
    allowed: Allowed | None = None,
) -> Results:
    question = analyze(text, beside.now)
    watch = Stopwatch()
    size = max(_POOL, limit)
    if standing and not standing.is_of_now:
        size *= _DEEPER
    reach: dict[str, Reach] = {"lexical": partial(_match, index, question, allowed)}
    matching = _begin_match(index, question, allowed, size)  # while another process embeds
    degraded, query, cosines = "", None, dict[str, float]()
    try:
        query = embed([text])[0]
    except Unavailable as error:
        degraded = f"{error.message}; {error.hint}"
    watch.lap("embed")
    nearest: Pairs = []
    if query is not None:
        reach["vector"] = partial(_near, index, query, allowed)
        nearest = reach["vector"](size)
        watch.lap("vector")
        index.fetch(id for id, _ in nearest)  # while words are still looked up
        watch.lap("fetch")
    channels = {"lexical": matching.result()}
    watch.lap("lexical")
    if query is not None:
        channels["vector"] = nearest
        cosines = index.hot.cosines(query, [id for id, _ in channels["lexical"]])
        cosines |= dict(nearest)
    wanted = dict.fromkeys(id for pairs in channels.values() for id, _ in pairs)
    chunks, parts, stems_of = index.fetch(wanted)
    if query is not None:
        cosines |= part_cosines(query, chunks, parts)
    pool = Pool({chunk.id: chunk for chunk in chunks}, channels, cosines)
    watch.lap("fetch")
    # Rarity is judged among the word hits, so those are needed whatever the limit is.
    by_words = [pool.passages[id] for id, _ in channels["lexical"] if id in pool.passages]
    units = all_units(chunks)
    tally = Tally(question.stems, units, stems_of)
    weights, missing = weigh(question, by_words, tally)
    scored = _score(question, pool, units, weights, beside, allowed, tally)
    watch.lap("score")
    ranked = before = _passages_first(scored.units, weights, question.is_of_sittings)
    found = Found(Known(scored.units), lambda s: coverage(stems(s), weights))
    if standing:
        most = 2 * max(limit, _SHOWN) if standing.is_of_now else len(ranked)
        ranked = stand(ranked[:most], found, index, standing)
        watch.lap("tree")
    shift = by_subject(question, scored.units, scored.total, beside.subject)
    shift += by_turns(scored) + by_time(question, scored)
    evidence = _evidence(ranked[:limit], found, pool, scored, weights, shift, index, tally)
    if standing:
        wrong = standing.pointers.wrong([item.chunk for item in evidence])
        judge = partial(_judge, weights=weights, shift=shift, query=query, embed=embed)
        evidence = tuple(_marked(item, wrong.get(item.chunk.id, ()), judge) for item in evidence)
    watch.lap("judge")
    trail = Trail(
        reach, size, pool, weights, scored, tuple(before), tuple(ranked), found, standing
    )  # fmt: skip
    return Results(question, evidence, missing, degraded, tuple(watch.timings), trail)


def _match(index: Index, question: Question, allowed: Allowed | None, limit: int) -> Pairs:
    return _begin_match(index, question, allowed, limit).result()


def _begin_match(
    index: Index, question: Question, allowed: Allowed | None, limit: int
) -> Future[Pairs]:
    where = allowed.where if allowed else ""
    return index.begin_words(question.spaced, limit, " ".join(question.stems), where)


def _near(index: Index, query: NDArray[np.float32], allowed: Allowed | None, limit: int) -> Pairs:
    found = index.hot.search(query, limit, allowed.ids if allowed else None)
    return [hit for hit in found if hit[1] >= _NEAR]


def _score(
    question: Question,
    pool: Pool,
    units: Units,
    weights: dict[str, float],
    beside: Beside,
    allowed: Allowed | None,
    tally: Tally,
) -> Scored:
    if allowed:
        units = units.taken(at for at, unit in enumerate(units) if allowed.admits(unit))
    near = pool.nearness(units.ids) if pool.cosines else None
    # Who types a word or two wants these words; a longer question is about their meaning.
    words = _WORDS_COUNT if len(question.stems) <= _FEW_WORDS else 1.0
    if any(map(is_unspaced, question.words)):
        words = _WORDS_ALONE  # the embedder knows no such script
    measured = {name: signal(question, units) for name, signal in beside.signals.items()}
    said = {name: column for name, column in measured.items() if column is not None}

    def echoes(units: Sequence[Chunk], spoken: Column) -> dict[str, Column]:
        heard = {name: echo(question, units, spoken) for name, echo in beside.echoes.items()}
        return {name: column for name, column in heard.items() if column is not None}

    by_words = dict(pool.channels["lexical"])
    return score(units, weights, by_words, near, said, Worth(words), echoes, tally)


def _passages_first(units: Units, weights: dict[str, float], of_sittings: bool) -> list[str]:
    """A file that is known by its name only comes last, unless its name is what was asked for.

    Names are short, so word search takes a few shared words for a good match. What cairn says of a
    sitting stands first if sittings are what was asked for; else it gives its place to the best
    passage of its conversation.
    """
    best: dict[str, str] = {}
    for id, whole in zip(units.ids, units.wholes, strict=True):
        if whole.kind == "chat":
            best.setdefault(whole.uri, id)
    early, usual, late = [], [], []
    for id, whole in zip(units.ids, units.wholes, strict=True):
        if whole.kind == "episode" and of_sittings:
            early.append(id)
        elif whole.kind == "episode" and whole.uri in best:
            usual.append(best[whole.uri])
            late.append(id)
        elif whole.kind == "file" and coverage(stems(whole.search_text), weights) < _ALL:
            late.append(id)
        else:
            usual.append(id)
    return list(dict.fromkeys([*early, *usual, *late]))


def _evidence(
    ranked: Sequence[str],
    found: Found,
    pool: Pool,
    scored: Scored,
    weights: dict[str, float],
    shift: float,
    index: Index,
    tally: Tally,
) -> tuple[Evidence, ...]:
    shown = list(map(passage_id, ranked))
    places, hits = scored.units.places, pool.hits(shown)
    absent = [id for id in shown if id not in pool.passages]
    passages = pool.passages | {chunk.id: chunk for chunk in index.fetch(absent).chunks}
    evidence = []
    for rank, id in enumerate(ranked, start=1):
        unit = found.chunks[id]
        passage = passages.get(passage_id(id), unit)
        # A source stands where the entry stood that leads to it, and for the same reasons.
        at = places.get(found.instead.get(id, id))
        parts = () if at is None else tuple(
            Hit(name, 0, round(float(column[at]), 4), round(scored.worth[name], 4),
                round(float(scored.adds[name][at]), 4))
            for name, column in scored.parts.items()
        )  # fmt: skip
        best = _best_sentence(unit, weights)
        evidence.append(
            Evidence(
                passage, rank, 0.0 if at is None else float(scored.total[at]),
                relevance(passage, weights, pool.cosines.get(passage.id), shift, tally),
                (*hits.get(passage.id, ()), *parts), best.text, best.span,
                entries=tuple(filed.entry.id for filed in found.resting.get(id, ())),
            )
        )  # fmt: skip
    return tuple(evidence)


def _marked(item: Evidence, wrong: tuple[str, ...], judge: Callable[[Chunk], float]) -> Evidence:
    """What was called wrong says nothing for the passage that it stands in."""
    if not wrong:
        return item
    return replace(item, wrong=wrong, relevance=judge(without(item.chunk, wrong)))


def _judge(
    passage: Chunk,
    weights: dict[str, float],
    shift: float,
    query: NDArray[np.float32] | None,
    embed: Embed,
) -> float:
    """The relevance of a passage that is not in the index as it is."""
    if not passage.text.strip():
        return 0.0
    cosine = None if query is None else float(embed([passage.embedding_text])[0] @ query)
    return relevance(passage, weights, cosine, shift)


def _best_sentence(unit: Chunk, weights: dict[str, float]) -> Quote:
    """The first of those that say most; a heading is shown as the title anyway."""
    sentences = quotes(unit)  # a chunk is never empty
    told = [sentence for sentence in sentences if not sentence.is_heading] or sentences
    if len(told) == 1:
        return told[0]
    says = {at: coverage(stems(sentence.text), weights) for at, sentence in enumerate(told)}
    more = {at: much for at, much in says.items() if much and not _is_title(told[at], unit)}
    best = more or says
    return told[max(best, key=best.__getitem__)]


def _is_title(sentence: Quote, unit: Chunk) -> bool:
    """The subject of a mail stands in its text, too."""
    label, title, rest = sentence.text.partition(unit.title or sentence.text)
    return bool(unit.title and title) and not rest and (not label or label.endswith(": "))
