"""An answer made at length is given again to the same question in other words, and to no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cairn.core.answer.remembered import Embed, Remembered
from cairn.core.config import Models
from cairn.core.models.embedding import Embedding
from cairn.core.recall.question.analyze import analyze
from cairn.core.records import Answer, Citation, Sentence, Span

NOW = datetime(2026, 3, 8, 14, 30, tzinfo=UTC)
CITATION = Citation(1, "file:///a.md", Span(0, 5, "L", 1, 1), "a", "12 May", "", "hash")
ANSWER = Answer("", (Sentence("On 12 May.", (1,)),), (CITATION,), tier=4, confidence=0.9)

REWORDED = (
    ("When did Anna book the hotel?", "When was the hotel booked by Anna?", False),
    ("When did Anna book the hotel?", "when did anna book the hotel", True),
    ("What did Ben say about the boiler?", "What did Ben say of the boiler?", True),
    ("Where is the key of the shed?", "Where is the shed's key?", True),
    ("How much did the new boiler cost?", "How much did our new boiler cost?", False),
    ("How much did the new boiler cost?", "How much did the new boilers cost?", True),
    ("Who repaired the roof?", "Who repaired the roof", True),
    ("What did Anna tell Ben?", "What did Ben tell Anna?", False),
    ("When did Anna go camping in June?", "When did Anna go camping in July?", False),
    ("What did Ben keep from his family?", "What did Ben share with his family?", False),
    ("What helped Ben to sleep?", "What kept Ben from sleep?", False),
    ("When did Ben have an exam?", "When does Ben have an exam?", False),
    ("Did it snow before the move?", "Did it snow after the move?", False),
    ("Which paint is for the door?", "Which paint is not for the door?", False),
    ("How many cats has Ben?", "Which cats has Ben?", False),
    ("What costs 12 euros?", "What costs 21 euros?", False),
    ("Which car is Ben's least favourite?", "Which car is Ben's favourite?", False),
    ("What did I send to Ben?", "What did Ben send to me?", False),
)  # fmt: skip


@pytest.fixture(scope="module")
def embed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embed]:
    embedding = Embedding(Models(), tmp_path_factory.mktemp("logs"))
    yield lambda texts: embedding.embed(texts, urgent=True)
    embedding.close()


def _same(citation: Citation) -> Citation:
    return citation


def _kept(embed: Embed, text: str, answer: Answer = ANSWER) -> Remembered:
    remembered = Remembered(embed)
    remembered.keep(analyze(text), (), 1, NOW, answer)
    return remembered


@pytest.mark.parametrize(("first", "second", "is_same"), REWORDED)
def test_only_a_question_of_the_same_meaning_gets_it(
    embed: Embed, first: str, second: str, is_same: bool
) -> None:
    found = _kept(embed, first).find(analyze(second), (), 1, NOW, _same)
    assert (found == ANSWER) == is_same


def test_what_changed_since_drops_it(embed: Embed) -> None:
    question = analyze("Who repaired the roof?")
    remembered = _kept(embed, question.text)
    assert remembered.find(question, (), 1, NOW, _same)
    assert not remembered.find(question, ("kind", "mail"), 1, NOW, _same)
    assert not remembered.find(question, (), 2, NOW, _same)
    assert not remembered.find(question, (), 1, NOW, _same)  # nothing comes back


def test_a_source_that_no_longer_says_so_refuses_it(embed: Embed) -> None:
    question = analyze("Who repaired the roof?")
    remembered = _kept(embed, question.text)
    assert not remembered.find(question, (), 1, NOW, lambda each: replace(each, state="changed"))


@pytest.mark.parametrize(
    ("text", "minutes", "is_kept"),
    [
        ("Who repaired the roof?", 14, True),
        ("Who repaired the roof?", 24 * 60 - 1, True),
        ("Who repaired the roof?", 24 * 60, False),
        ("Who repaired the roof last week?", 14, True),
        ("Who repaired the roof last week?", 15, False),
        ("What is the current rent?", 15, False),
        ("Is there any mail of Ben's?", 15, False),
        ("Which files are about the roof?", 0, False),
        ("Who repaired the roof?", -1, False),  # the clock was put back
    ],
)
def test_it_lives_as_long_as_its_kind(embed: Embed, text: str, minutes: int, is_kept: bool) -> None:
    later = NOW + timedelta(minutes=minutes)
    found = _kept(embed, text).find(analyze(text), (), 1, later, _same)
    assert (found is not None) == is_kept


@pytest.mark.parametrize(
    "answer",
    [
        replace(ANSWER, tier=3),
        replace(ANSWER, abstained=True),
        replace(ANSWER, degraded="the model stopped half way"),
    ],
    ids=("cheap", "abstained", "degraded"),
)
def test_only_what_took_long_and_went_well_is_kept(embed: Embed, answer: Answer) -> None:
    question = analyze("Who repaired the roof?")
    assert not _kept(embed, question.text, answer).find(question, (), 1, NOW, _same)
