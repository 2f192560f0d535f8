"""What is promised without "I'll", and by others."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules.promises import propose
from tests.tree.curate.spoken import note, talk


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Promised Greta to mow the lawn by Friday.", "2026-03-13"),
        ("Told my sister I'd water the tomatoes before Sunday.", "2026-03-15"),
        ("I owe Paul the receipts, due by 20 March.", "2026-03-20"),
        ("Don't forget that I promised Greta to mow the lawn by Friday.", "2026-03-13"),
        ("By Friday I'll mow the lawn.", "2026-03-13"),
        ("I'll mow the lawn by Friday.", "2026-03-13"),
        ("Paul counts on me to carry the piano by Friday.", "2026-03-13"),
        ("Action: Greta to measure the fence by Friday.", "2026-03-13"),
        ("Greta brings the ladder by Friday.", "2026-03-13"),
        ("Greta will mow the lawn by Friday.", "2026-03-13"),
    ],
)
def test_by_a_day_in_a_note(text: str, due: str) -> None:
    [found] = propose(note(text))
    assert (found.kind, found.valid_until) == ("promise", due)


@pytest.mark.parametrize(
    "text",
    ["Let me mow the lawn by Friday.", "You'll get the plans by Friday.",
     "Leave the lawn to me, it is done by Friday.",
     "Ich kümmere mich um den Rasen bis zum 20. März."],
)  # fmt: skip
def test_to_somebody_who_is_there(text: str) -> None:
    assert [each.kind for each in propose(talk(text))] == ["promise"]


@pytest.mark.parametrize(
    "text",
    [
        "I can't promise to mow the lawn by Friday.",
        "I never said I'd mow the lawn by Friday.",
        "I won't be able to mow the lawn by Friday.",
        "Nobody promised to mow the lawn by Friday.",
        "Maybe I'll mow the lawn by Friday.",
        "If it is dry I'll mow the lawn by Friday.",
        "I'll be tired by Friday.",
        "The lawn will be long by Friday.",
        "Greta mows the lawn every Friday.",
        "Did Greta promise to mow the lawn by Friday?",
        "Imagine I'd promised to mow the lawn by Friday.",
        "We live by the sea until Friday.",
    ],
)
def test_what_is_no_pledge(text: str) -> None:
    assert not propose(talk(text))
    assert not propose(note(text))
