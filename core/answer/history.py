"""An answer's citations → the entries that rest on them, and what was true before, told in a line.

Called after an answer is composed. "Until 8 March 2026 550 euros, then 400, since 19 April 380":
every value keeps its own source, so both what holds and what held can be opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from cairn.core.answer.compose import spell_date
from cairn.core.records import Answer, Chunk, Citation, Sentence, normalize
from cairn.core.sentences import quotes
from cairn.core.tree.catalogue import Filed

_MOST_VALUES = 5


def with_entries(answer: Answer, entries: Sequence[Filed]) -> Answer:
    """Each citation with the ids of the entries that rest on the same words."""
    return replace(
        answer,
        citations=tuple(
            replace(citation, entries=tuple(_resting(citation, entries)))
            for citation in answer.citations
        ),
    )


def _resting(citation: Citation, entries: Sequence[Filed]) -> list[str]:
    said = normalize(citation.quote)
    return [
        filed.entry.id
        for filed in entries
        for source in filed.entry.sources
        if source.uri.partition("#")[0] == citation.uri
        and (normalize(source.quote) in said or said in normalize(source.quote))
    ][:5]


def values_of(chain: Sequence[Filed]) -> list[Filed]:
    """The entries that tell of a new value, the oldest first; what repeats one tells nothing."""
    told: list[Filed] = []
    for filed in chain:
        if filed.entry.value and (not told or told[-1].entry.value != filed.entry.value):
            told.append(filed)
    return told[-_MOST_VALUES:] if len({each.entry.value for each in told}) > 1 else []


def tell(answer: Answer, told: Sequence[Filed], passages: Mapping[str, list[Chunk]]) -> Answer:
    """The answer with one sentence more, that says which value held until when."""
    citations = list(answer.citations)
    numbers = []
    for filed in told:
        citation = _citation(filed, passages.get(filed.entry.id, ()), len(citations) + 1)
        if citation is None:
            return answer  # what can't be opened is not claimed
        known = next(
            (c for c in citations if (c.uri, c.hash) == (citation.uri, citation.hash)), None
        )
        if known is None:
            citations.append(citation)
        numbers.append((known or citation).number)
    sentence = Sentence(_line(told), tuple(dict.fromkeys(numbers)))
    return replace(answer, sentences=(*answer.sentences, sentence), citations=tuple(citations))


def _line(told: Sequence[Filed]) -> str:
    entry = told[-1].entry
    name = f"{entry.subject} {entry.attribute}".strip()
    parts = [f"{before.entry.value} until {_day(after)}" for before, after in pairwise(told)]
    return f"In short, {name}: {', then '.join(parts)}, since then {entry.value}."


def _day(filed: Filed) -> str:
    when = filed.entry.valid_from or filed.entry.created
    return spell_date(when) or when[:10]


def _citation(filed: Filed, passages: Sequence[Chunk], number: int) -> Citation | None:
    """The whole sentence that an entry's quote stands in."""
    wanted = [normalize(source.quote) for source in filed.entry.sources if source.quote]
    for chunk in passages:
        for quote in quotes(chunk):
            text = normalize(chunk.text[quote.start : quote.end])
            if any(said in text or text in said for said in wanted):
                return Citation(
                    number, chunk.uri, quote.span, chunk.title, quote.text, chunk.when, quote.hash,
                    entries=(filed.entry.id,),
                )  # fmt: skip
    return None
