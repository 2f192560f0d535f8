"""A question and its evidence → the answer in a few words, with the sentences it stands in.

Called by `compose` for questions that a name, an amount, a place or a list answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cairn.core.answer.formed import of_topic_first
from cairn.core.answer.latest import newest_first
from cairn.core.answer.saying import things_asked
from cairn.core.answer.spans import SURE, ReadSpans, Spoken, find_spans
from cairn.core.answer.worth import speaks_for
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.words import stems
from cairn.core.records import Evidence
from cairn.core.sentences import Quote

_LIST = 0.5
"""A further item of a list may be worth so much less than the best."""
_MOST_ITEMS = 4
_MOSTLY = 0.5
"""What was found is so much at least of an item of a list that names it and no more."""
_LEAST = -2.6
"""What is worth less is not even said as a guess."""


@dataclass(frozen=True, slots=True)
class Brief:
    text: str
    """Empty where no few words answer."""
    quotes: tuple[Quote, ...]
    """Where it stands, the best first."""
    is_read: bool = True
    """By the reader, rather than by rules."""
    is_guess: bool = False
    speaks: float = 0.0
    """In logits, for or against that the evidence answers at all."""


def brief(question: Question, evidence: Sequence[Evidence], read: ReadSpans) -> Brief:
    spans = find_spans(question, evidence, read)
    speaks = speaks_for([each.signs for each in spans])
    found = [each for each in spans if each.worth >= _LEAST]
    found = newest_first(question, of_topic_first(question, found))
    if not found:
        return Brief("", (), speaks=speaks)
    items = _items(found) if question.kind == "list" else found[:1]
    quotes = {(item.quote.chunk.id, item.quote.start): item.quote for item in items}
    text = _joined(_whole_list(question, found[0]))
    text = text or _joined([item.text for item in items])
    return Brief(text, tuple(quotes.values()), is_guess=found[0].worth < SURE, speaks=speaks)


def _whole_list(question: Question, item: Spoken) -> list[str]:
    """All things of the list that it is one of, where each of them is a thing in a few words."""
    if len(item.text) < _MOSTLY * len(item.quote.text):
        return []
    return [each.text.strip(" .;,") for each in things_asked(question, item.quote)]


def _joined(texts: Sequence[str]) -> str:
    if not texts:
        return ""
    *first, last = texts
    if any(" and " in text for text in texts):
        return ", ".join(texts)
    return f"{', '.join(first)} and {last}" if first else last


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
