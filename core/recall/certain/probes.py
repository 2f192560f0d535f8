"""Passages → the sentence that nothing else says so: a question that only they should answer.

Called for `findability`, and wherever a home is to be tried with questions of its own. The same
passages in the same index give the same sentence. How rare a word is, is judged by a bounded
share of the index, picked by ids, which are as good as drawn by lot and stay the same.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cairn.core.index import Index
from cairn.core.recall.words import each_word, stems
from cairn.core.records import Chunk
from cairn.core.sentences import Quote, quotes

_MOST_TEXTS = 4000
_MOST_PASSAGES = 24
"""Of one document, evenly spread: its sentences are looked at to find the rarest."""
_LONGEST = 240
_TELLING = 6
"""Words of a sentence that say how rare it is."""
_ENOUGH_WORDS = 4


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much a word tells, by how few passages hold it."""

    holders: Counter[str]
    total: int

    def of(self, stem: str) -> float:
        return math.log((self.total + 1) / (self.holders[stem] + 0.5))


def rarity(texts: Iterable[str]) -> Rarity:
    holders: Counter[str] = Counter()
    total = 0
    for text in texts:
        holders.update(stems(text))
        total += 1
    return Rarity(holders, total)


def rarity_in(index: Index) -> Rarity:
    return rarity(index.table.some_texts(_MOST_TEXTS))


@dataclass(frozen=True, slots=True)
class Probe:
    """A sentence to search for, and where it stands."""

    quote: Quote
    text: str
    """The sentence, cut at a word where it is very long."""
    words: int
    """How many different words it has, numbers left out."""

    @property
    def is_short(self) -> bool:
        return self.words < _ENOUGH_WORDS


def rare_sentence(passages: Sequence[Chunk], rarity: Rarity) -> Probe | None:
    """Of a few words at least, if there is one such; None where there are no words at all."""
    step = max(1, math.ceil(len(passages) / _MOST_PASSAGES))
    found = [_probe(quote) for each in passages[::step] for quote in quotes(each)]
    usable = [probe for probe in found if probe.text and not probe.quote.is_heading] or found
    usable = [probe for probe in usable if any(map(str.isalnum, probe.text))]
    # The first of those that are equally rare.
    return max(
        usable, key=lambda probe: (not probe.is_short, _rareness(probe, rarity)), default=None
    )


def _probe(quote: Quote) -> Probe:
    text = quote.text if len(quote.text) <= _LONGEST else _cut(quote.text)
    words = {stem for word, stem in each_word(text) if not word.isdigit()}
    return Probe(quote, text, len(words))


def _cut(text: str) -> str:
    head, space, _ = text[:_LONGEST].rpartition(" ")
    return head if space else text[:_LONGEST]


def _rareness(probe: Probe, rarity: Rarity) -> float:
    weights = sorted((rarity.of(stem) for stem in stems(probe.text)), reverse=True)
    return round(sum(weights[:_TELLING]), 6)
