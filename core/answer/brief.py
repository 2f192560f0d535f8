"""A question and its evidence → the answer in a few words, with the sentences it stands in.

Called by `compose` for questions that a name, an amount, a place or a list answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cairn.core.answer.spans import ReadSpans, Spoken, find_spans
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.words import stems
from cairn.core.records import Evidence
from cairn.core.sentences import Quote

_ONE = re.compile(r"\b(?:kind|type|sort) of\b", re.IGNORECASE)
"""Asks for one of its kind, unlike "kinds of"."""
_LIST = 3.0
"""A further item of a list may be worth so much less than the best."""
_MOST_ITEMS = 6


@dataclass(frozen=True, slots=True)
class Brief:
    text: str
    quotes: tuple[Quote, ...]
    """Where it stands, the best first."""
    is_read: bool = True
    """By the reader, rather than by rules."""


def brief(question: Question, evidence: Sequence[Evidence], read: ReadSpans) -> Brief | None:
    found = [each for each in find_spans(question, evidence, read) if each.score > 0]
    if not found:
        return None
    is_list = question.kind == "list" and not _ONE.search(question.text)
    items = _items(found) if is_list else found[:1]
    quotes = {(item.quote.chunk.id, item.quote.start): item.quote for item in items}
    return Brief(", ".join(item.text for item in items), tuple(quotes.values()))


def _items(found: Sequence[Spoken]) -> list[Spoken]:
    """Each says something that those before it have not."""
    items: list[Spoken] = []
    said: set[str] = set()
    for item in found:
        if len(items) == _MOST_ITEMS or item.worth < found[0].worth - _LIST:
            break
        words = stems(item.text)
        if not words <= said:
            items.append(item)
            said |= words
    return items
