"""A time as people write it, for `--as-of` and the like."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cairn.app.moments import first_day, on_day, parse_day, parse_moment
from cairn.core.errors import ConfigError

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-01", "2026-03-01"), ("2026-02", "2026-02-28"), ("2025", "2025-12-31"),
        ("yesterday", "2026-11-20"), ("last March", "2026-03-31"), ("March 2025", "2025-03-31"),
        ("last  Tuesday", "2026-11-17"), ("monday", "2026-11-16"), ("July", "2026-07-31"),
        ("3 May 2025", "2025-05-03"),
    ],
)  # fmt: skip
def test_a_month_or_year_means_its_last_day(text: str, day: str) -> None:
    assert parse_day(text, TODAY) == day


def test_since_a_month_or_year_means_its_first_day() -> None:
    given = ("2026-02", "2025", "2026-03-01", "March 2025", "2026-03-01T18:00", "")
    first = ("2026-02-01", "2025-01-01", "2026-03-01", "2025-03-01", "2026-03-01", "")
    assert tuple(map(first_day, given)) == first
    with pytest.raises(ConfigError, match="not a time"):
        first_day("now and then")


def test_a_time_of_day_keeps_its_zone() -> None:
    assert parse_day("2026-03-01T18:00+02:00", TODAY) == "2026-03-01T18:00:00+02:00"
    assert datetime.fromisoformat(parse_day("2026-03-01 18:00", TODAY)).tzinfo


@pytest.mark.parametrize(
    "text", ["", "now and then", "2026-13", "2026-02-30", "every Friday", "the rent in March"]
)
def test_what_is_not_understood_as_a_whole_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="not a time"):
        parse_day(text, TODAY)


def test_a_day_lasts_to_its_end_and_today_until_now() -> None:
    now = datetime(2026, 11, 21, 9, tzinfo=UTC).astimezone()
    assert parse_moment("today", now) == now
    end = parse_moment("2026-03-01", now)
    assert (end.day, end.hour, end.minute) == (1, 23, 59) and end.tzinfo
    assert on_day("") == ""
