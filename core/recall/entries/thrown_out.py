"""Passages → which of their sentences a person has called wrong, and what else they say.

Found by `pointers`, judged by the search, left out by whoever makes an answer. The words still
stand in their source, so they are found and shown; but no answer says them. A source that was
edited since says something else, which nobody has called wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cairn.core.recall.around import Stretch
from cairn.core.recall.units import units_of
from cairn.core.records import Chunk, Evidence, normalize
from cairn.core.sentences import LEFT_OUT, Quote, quotes


def wrong_in(unit: Chunk, said: Iterable[str]) -> tuple[str, ...]:
    """Its sentences that say any of this, or are a part of it, as they stand there."""
    claims = [normalize(each) for each in said]
    return tuple(
        _raw(quote)
        for quote in (quotes(unit) if claims else ())
        for text in [normalize(_raw(quote))]
        if any(claim in text or text in claim for claim in claims)
    )


def without(chunk: Chunk, wrong: Sequence[str]) -> Chunk:
    """The passage with as much room where these sentences stood, so that all else has its place."""
    text = chunk.text
    for start, end in _places(chunk, frozenset(wrong)):
        text = text[:start] + LEFT_OUT * (end - start) + text[end:]
    return replace(chunk, text=text)


def sound(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """What is left to answer from: of a conversation turns, of anything else passages of which not
    all was thrown out."""
    return tuple(kept for each in evidence if (kept := _sound(each)))


def left(stretch: Stretch, wrong: Mapping[str, Sequence[str]]) -> Stretch | None:
    """The same for what stands around it, `wrong` by the ids of its passages."""
    pieces = (
        replace(each, chunk=without(each.chunk, wrong.get(each.chunk.id, ())))
        for each in stretch.pieces
    )
    said = tuple(each for each in pieces if each.text.strip())
    return replace(stretch, pieces=said) if said else None


def _sound(item: Evidence) -> Evidence | None:
    if not item.wrong:
        return item
    chunk = without(item.chunk, item.wrong)
    start = item.chunk.span.start
    if chunk.text[item.at.start - start : item.at.end - start].strip():
        return replace(item, chunk=chunk)
    meant = (unit for unit in units_of(chunk) if unit.span.first <= item.at.first <= unit.span.last)
    said = next((quote for unit in meant for quote in quotes(unit) if not quote.is_heading), None)
    return replace(item, chunk=chunk, snippet=said.text, at=said.span) if said else None


def _places(chunk: Chunk, wrong: frozenset[str]) -> Iterator[tuple[int, int]]:
    for unit in units_of(chunk):
        begin = unit.span.start - chunk.span.start
        for quote in quotes(unit):
            if _raw(quote) in wrong:
                yield begin + quote.start, begin + quote.end


def _raw(quote: Quote) -> str:
    return quote.chunk.text[quote.start : quote.end]
