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
