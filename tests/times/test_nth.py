"""The first Monday, the last Friday, and what no day can be told of; counted from a Sunday."""

from __future__ import annotations

from datetime import date

import pytest

from cairn.core.times.phrases import When, find, iso

SUNDAY = date(2026, 11, 22)


def only(text: str, language: str = "en") -> When:
    found = find(text, SUNDAY, language)
    assert len(found) == 1, [when.text for when in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("we meet on the last Friday of next month", "en", "2026-12-25"),
        ("the first Monday of next month", "en", "2026-12-07"),
        ("the last Friday of the month", "en", "2026-11-27"),
        ("the last Sunday of this month", "en", "2026-11-29"),
        ("the last Friday of last year", "en", "2025-12-26"),
        ("the last Friday of 2027", "en", "2027-12-31"),
        ("on the last day of this month", "en", "2026-11-30"),
        ("the first week of next month", "en", "2026-11-30/2026-12-06"),
        ("am letzten Freitag des Monats", "de", "2026-11-27"),
        ("am ersten Montag des nächsten Monats", "de", "2026-12-07"),
        ("le dernier vendredi du mois", "fr", "2026-11-27"),
        ("le premier lundi du mois prochain", "fr", "2026-12-07"),
        ("el último viernes del mes", "es", "2026-11-27"),
        ("el primer lunes del próximo mes", "es", "2026-12-07"),
        ("le dernier vendredi", "fr", "2026-11-20"),
        ("el pasado viernes", "es", "2026-11-20"),
        ("the first Monday after Easter", "en", "2027-03-29"),
    ],
)
def test_the_nth_weekday_is_of_the_month_that_is_named(
    text: str, language: str, expected: str
) -> None:
    assert iso(only(text, language)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the first Monday of the month",
        "we met on the last Friday of the month",
        "the first Monday of a month",
        "the first and third Monday of the month",
        "the fifth Monday in February 2026",
        "the 31st day of February 2026",
        "on the first Monday",
        "the last Friday of it",
        "am ersten Montag",
        "1.5 years ago",
        "1½ years ago",
        "25-04-03",
        "24-12-01",
    ],
)
def test_what_cannot_be_told_is_no_date_at_all(text: str) -> None:
    assert find(text, SUNDAY, "de" if text.startswith("am") else "en") == []


def test_no_week_has_a_last_friday_of_its_own() -> None:
    assert iso(only("the last Friday of next week")) == "2026-11-23/2026-11-29"
    assert iso(find("last week this month", SUNDAY)[0]) == "2026-11-09/2026-11-15"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("48 hours ago", "2026-11-20"),
        ("in 36 hours", "2026-11-23/2026-11-24"),
        ("3 hours ago", "2026-11-22"),
        ("in the last 48 hours", "2026-11-20/2026-11-22"),
        ("since the 3rd", "2026-11-03/2026-11-22"),
        ("31-12-99", "1999-12-31"),
    ],
)
def test_hours_move_days_and_since_looks_back(text: str, expected: str) -> None:
    assert iso(only(text)) == expected
