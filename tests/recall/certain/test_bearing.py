"""Near turns speak for an answer, and turns of another time than is asked about against it."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from cairn.core.recall.certain.bearing import USUAL, by_time, by_turns
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.scoring import Scored
from cairn.core.recall.signals.moment import moment
from cairn.core.recall.units import Units
from cairn.core.records import Chunk, Kind, Span

NOW = datetime(2026, 6, 1)


def turn(text: str, when: str = "2025-03-04T10:00:00", kind: Kind = "chat") -> Chunk:
    return Chunk(
        f"c-{text}", "d", "chat:x/1", 0, kind, "Talk", (), "", text,
        Span(0, len(text), "t", 1, 1), (), when, "Anna", "other", "",
    )  # fmt: skip


def scored(question: str, *chunks: Chunk, cosine: float | None = 0.5) -> Scored:
    units = Units.of(chunks)
    column = moment(analyze(question, NOW), units)
    parts = {} if column is None else {"moment": column}
    if cosine is not None:
        parts["vector"] = np.full(len(units), cosine)
    return Scored(units, np.ones(len(units)), parts, {}, {})


def test_turns_that_are_near_speak_for_an_answer_and_far_ones_against_it() -> None:
    said = [turn("I bought a kayak."), turn("It is red.")]
    assert by_turns(scored("kayak", *said, cosine=USUAL + 0.1)) > 0.3
    assert by_turns(scored("kayak", *said, cosine=USUAL - 0.1)) < -0.3


def test_nothing_is_said_without_vectors_or_where_a_note_comes_first() -> None:
    assert by_turns(scored("kayak", turn("I bought a kayak."), cosine=None)) == 0.0
    entry = turn("Anna has a kayak.", kind="entry")
    assert by_turns(scored("kayak", entry, turn("I bought a kayak."), cosine=0.1)) < 0.0
    note = turn("The kayak is red.", kind="note")
    assert by_turns(scored("kayak", note, turn("I bought a kayak."), cosine=0.1)) == 0.0
    assert by_turns(scored("kayak", cosine=0.1)) == 0.0


@pytest.mark.parametrize(
    ("question", "text", "is_other"),
    [
        ("what did Anna buy in March 2025?", "I bought a kayak.", False),
        ("what did Anna buy in 2025?", "I bought a kayak.", False),
        ("what did Anna buy in July 2024?", "I bought a kayak.", True),
        ("what did Anna buy in July 2024?", "I bought a kayak in July 2024.", False),
        ("what is the budget for 2024?", "The 2024 budget is small.", False),
        ("what did Anna buy four years ago?", "I bought a kayak.", False),
        ("what did Anna buy?", "I bought a kayak.", False),
    ],
)
def test_a_year_that_is_asked_for_and_never_spoken_of_speaks_against_an_answer(
    question: str, text: str, *, is_other: bool
) -> None:
    found = scored(question, turn(text))
    assert (by_time(analyze(question, NOW), found) < 0) is is_other


def test_what_bears_no_date_or_is_no_turn_may_be_of_any_time() -> None:
    question = "what did Anna buy in July 2024?"
    for chunk in (turn("I bought a kayak.", when=""), turn("I bought a kayak.", kind="note")):
        assert by_time(analyze(question, NOW), scored(question, chunk)) == 0.0
