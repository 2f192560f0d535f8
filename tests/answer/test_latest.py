"""What holds now is told by the newest note that says so, not by the one that fits best."""

from __future__ import annotations

import pytest

from cairn.core.answer.latest import newest_first
from cairn.core.answer.spans import Spoken
from cairn.core.answer.worth import Signs
from cairn.core.recall.question.analyze import analyze
from cairn.core.records import Chunk, Kind, Span
from cairn.core.sentences import quotes


def told(text: str, when: str, answer: str, kind: Kind = "note") -> Spoken:
    chunk = Chunk(
        when, "d", f"file:/{when}", 0, kind, "Harbor", (), "", text,
        Span(0, len(text), "l", 1, 1), (), when, "", "", "",
    )  # fmt: skip
    return Spoken(answer, quotes(chunk)[0], Signs(3.0, 1.0, 0.0, is_time=False, is_further=False))


FIRST = told("Harbor has 14 customers.", "2025-05-16", "14")


@pytest.mark.parametrize(
    ("question", "text", "when", "kind", "first"),
    [
        ("how many customers does Harbor have?", "Harbor has 61 customers now.", "2026-01-20",
         "note", "61"),
        ("how many customers did Harbor have?", "Harbor has 61 customers now.", "2026-01-20",
         "note", "14"),
        ("how many customers does Harbor have in May 2025?", "Harbor has 61 customers now.",
         "2026-01-20", "note", "14"),
        ("how many customers does Harbor have?", "Harbor has 61 customers now.", "2024-01-20",
         "note", "14"),
        ("how many customers does Harbor have?", "We have 61 desks now.", "2026-01-20", "note",
         "14"),
        ("how many customers does Harbor have?", "Harbor wrote to 61 customers.", "2026-01-20",
         "note", "14"),
        ("how many customers does Harbor have?", "Harbor has 61 customers now.", "2026-01-20",
         "chat", "14"),
    ],
)  # fmt: skip
def test_a_later_note_of_a_change_comes_first(
    question: str, text: str, when: str, kind: Kind, first: str
) -> None:
    found = newest_first(analyze(question), [FIRST, told(text, when, "61", kind)])
    assert found[0].text == first and len(found) == 2


@pytest.mark.parametrize(
    ("question", "first", "other", "expected"),
    [
        ("what did we decide about the worktop?",
         "On 12 January 2026 we decided to take the granite worktop.",
         "We decided on 3 March 2026 to take the oak worktop.", "other"),
        ("what did we decide about the worktop?",
         "We decided on 3 March 2026 to take the oak worktop.",
         "On 12 January 2026 we decided to take the granite worktop.", "first"),
        ("which worktop did we choose?", "On 12 January 2026 we decided on the granite worktop.",
         "On 3 March 2026 we decided on the oak worktop.", "other"),
        ("what did we decide about the worktop?",
         "On 12 January 2026 we decided to take the granite worktop.",
         "On 3 March 2026 we decided to sell the table.", "first"),
        ("what did we decide about the release?",  # the days are those of the release
         "Decision: the release moves to 2 July 2026.",
         "Decision: the release moves to 18 August 2026.", "first"),
        ("what do we have as a worktop?",
         "On 12 January 2026 we decided to take the granite worktop.",
         "On 3 March 2026 we decided to take the oak worktop.", "first"),
    ],
)  # fmt: skip
def test_of_two_decisions_the_later_one_comes_first(
    question: str, first: str, other: str, expected: str
) -> None:
    both = [told(first, "2026-05-01", "first"), told(other, "2026-05-01", "other")]
    assert newest_first(analyze(question), both)[0].text == expected
