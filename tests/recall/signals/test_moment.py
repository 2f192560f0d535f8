"""Units of the days that a question asks about, by their date or by what they say."""

from __future__ import annotations

from datetime import datetime

import pytest

from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.signals.moment import moment
from cairn.core.records import Chunk, Span

NOW = datetime(2024, 5, 10)


def unit(when: str, text: str = "We painted the fence.") -> Chunk:
    span = Span(0, len(text), "t", 1, 1)
    return Chunk(
        "c", "d", "chat:x/1", 0, "chat", "Talk", (), "", text, span, (), when, "Anna", "other", "",
    )  # fmt: skip


def values(question: str, *units: Chunk) -> list[float] | None:
    column = moment(analyze(question, NOW), units)
    return None if column is None else [round(value, 3) for value in column.tolist()]


def test_what_is_dated_within_the_range_is_meant() -> None:
    found = values(
        "What did Anna do in June 2023?",
        unit("2023-06-01T09:00:00+00:00"), unit("2023-06-30"), unit("2024-06-15"), unit(""),
        unit("June"),
    )  # fmt: skip
    assert found == [1, 1, 0, 0, 0]


def test_it_falls_off_slowly_after_and_quickly_before() -> None:
    found = values(
        "What did Anna do on 10 June 2023?", unit("2023-06-10"), unit("2023-06-11"),
        unit("2023-06-20"), unit("2023-06-09"), unit("2023-05-31"),
    )  # fmt: skip
    assert found is not None
    assert found[0] == 1 > found[1] > found[3] > found[2] > found[4] > 0


@pytest.mark.parametrize(
    ("when", "text", "is_meant"),
    [
        ("2023-09-02", "We painted the fence last June.", True),
        ("2024-03-01", "That was in June 2023, I think.", True),
        ("2023-08-12", "I fell off the ladder two months ago.", True),
        ("2023-07-12", "Back then, on June 3rd, it rained.", True),
        ("2023-05-30", "We start in two days, on 2023-06-01.", True),
        ("2023-09-02", "We painted the fence last week.", False),
        ("2024-03-01", "That was in June 2022, I think.", False),
        ("2023-12-31", "It was a good year, all of 2023.", False),
    ],
)
def test_what_speaks_of_the_days_is_meant(when: str, text: str, *, is_meant: bool) -> None:
    found = values("What did Anna do in June 2023?", unit(when, text))
    assert (found == [1]) == is_meant


def test_yesterday_is_counted_from_the_day_it_was_said() -> None:
    found = values(
        "What did Anna do on 7 May 2023?", unit("2023-05-08", "I went there yesterday."),
        unit("2023-05-10", "I went there yesterday."),
    )  # fmt: skip
    assert found is not None
    assert found[0] == 1 > found[1]


def test_an_open_range_reaches_to_the_beginning() -> None:
    assert values("what did we buy before March 2023", unit("1999-01-01"), unit("2023-02-28")) == [
        1,
        1,
    ]


@pytest.mark.parametrize("question", ["What did Anna do?", "What did Anna do every Friday?"])
def test_without_a_time_it_says_nothing(question: str) -> None:
    assert values(question, unit("2023-06-01")) is None


def test_where_nothing_is_dated_it_says_nothing() -> None:
    assert values("What did Anna do in June 2023?", unit("")) is None
