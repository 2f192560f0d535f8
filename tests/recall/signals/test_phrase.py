"""A quoted phrase is found where it stands word for word."""

from __future__ import annotations

from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.signals.phrase import phrase
from cairn.core.records import Chunk, Span


def unit(text: str) -> Chunk:
    span = Span(0, len(text), "L", 1, 1)
    return Chunk(
        "c", "d", "file:/x.md", 0, "note", "N", (), "", text, span, (), "", "", "document", "",
    )  # fmt: skip


def values(question: str, *texts: str) -> list[float] | None:
    column = phrase(analyze(question), [unit(text) for text in texts])
    return None if column is None else column.tolist()


def test_case_lines_and_marks_do_not_count() -> None:
    found = values(
        "Who wrote “Cut once,  measure Twice”?", "Cut once,\nmeasure twice!", "He cut twice.",
        "measure twice, cut once",
    )  # fmt: skip
    assert found == [1, 0, 0]


def test_apostrophes_are_alike() -> None:
    assert values('did Anna read "Charlotte\'s Web"?', "I loved Charlotte’s Web.", "x") == [1, 0]


def test_of_several_phrases_each_counts_its_share() -> None:
    question = 'which note has "larch boards" and "two screws"?'
    assert values(question, "larch boards, two screws", "larch boards", "") == [1, 0.5, 0]


def test_without_quotes_or_without_a_find_it_says_nothing() -> None:
    assert values("who cut once", "cut once") is None
    assert values('who said "cut once"', "measure twice") is None
    assert values('who said "?!"', "?!") is None
