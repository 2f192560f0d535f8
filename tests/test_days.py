"""`cairn day` and `cairn habits`: the days that words mean, and the lines that are printed."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.app.days import day_lines, habit_lines, parse_day
from cairn.core.errors import ConfigError
from cairn.core.records import Event
from cairn.core.traces.diary import report_day, report_habits
from tests.traces.calendars import BERLIN, at, later, sitting, trace

TUESDAY = date(2026, 5, 5)


def as_json(report: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(asdict(report)))
    return data


def told(traces: list[Event], day: date = TUESDAY, days: int = 1) -> list[str]:
    return day_lines(as_json(report_day(traces, day, day + timedelta(days), BERLIN)))


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("today", "2026-05-05"),
        ("", "2026-05-05"),
        ("Yesterday", "2026-05-04"),
        ("tuesday", "2026-05-05"),
        ("last tuesday", "2026-04-28"),
        ("Last  Tuesday", "2026-04-28"),
        ("monday", "2026-05-04"),
        ("last monday", "2026-05-04"),
        ("wed", "2026-04-29"),
        ("3 days ago", "2026-05-02"),
        ("2026-05-03", "2026-05-03"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_words_for_days(text: str, start: str) -> None:
    day = date.fromisoformat(start)
    assert parse_day(text, TUESDAY) == (day, day + timedelta(1))


def test_weeks_begin_on_monday() -> None:
    assert parse_day("last week", TUESDAY) == (date(2026, 4, 27), date(2026, 5, 4))
    assert parse_day("this week", TUESDAY) == (date(2026, 5, 4), date(2026, 5, 11))


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "20260503",
        "03/04/2026",
        "someday",
        "last",
        "last today",
        "mo",
        "99999 days ago x",
    ],
)
def test_what_is_no_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_day(text, TUESDAY)
    assert "2026-05-03" in refused.value.hint


def test_a_day_to_come_is_refused() -> None:
    with pytest.raises(ConfigError, match="2026-05-06 is still to come"):
        parse_day("2026-05-06", TUESDAY)


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_is_refused(text: str) -> None:
    try:
        start, end = parse_day(text, TUESDAY)
    except ConfigError:
        return
    assert start <= TUESDAY
    assert start < end


def test_a_day_is_told_in_order_with_its_sources() -> None:
    traces = [
        *sitting("2026-05-04 10:00", "other.md", "other.md"),
        *sitting("2026-05-05 19:40", "lease.md", "lease.md", "budget.xlsx"),
        *[trace(later(at("2026-05-05 08:00"), n / 600), "added", f"src/{n}") for n in range(150)],
    ]
    assert told(traces) == [
        "2026-05-05: 1 session of work, 10 min",
        "  Tuesday morning, 08:00: arrival of 150 files in ~/src",
        "  Tuesday evening, 19:40–19:50: edited lease.md (2 saves, +100 B) and budget.xlsx (+50 B)",
    ]
    data = as_json(report_day(traces, TUESDAY, date(2026, 5, 6), BERLIN))
    arrival, work = data["lines"]
    assert work["sources"][0] == {
        "uri": "file:~/lease.md", "first": at("2026-05-05 19:40"), "last": at("2026-05-05 19:45"),
        "events": 2, "was": "",
    }  # fmt: skip
    assert (arrival["files"], len(arrival["sources"])) == (150, 100)


def test_a_session_over_midnight_is_told_on_both_days_and_timed_for_each() -> None:
    traces = sitting("2026-05-05 23:40", *["lease.md"] * 4, every=10)
    first = report_day(traces, TUESDAY, date(2026, 5, 6), BERLIN)
    second = report_day(traces, date(2026, 5, 6), date(2026, 5, 7), BERLIN)
    assert first.lines == second.lines
    assert (first.minutes, second.minutes) == (20, 10)
    assert report_day(traces, date(2026, 5, 7), date(2026, 5, 8), BERLIN).lines == ()


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_of_a_clock_change_is_shorter_or_longer(day: date, hours: int) -> None:
    start = at(f"{day} 00:00")
    all_day = [trace(later(start, 20 * n), "changed", f"{n}.md") for n in range(-9, 3 * 30)]
    report = report_day(all_day, day, day + timedelta(1), BERLIN)
    assert report.minutes == hours * 60


def test_a_day_without_work_says_so() -> None:
    assert told([]) == ["no file was touched on 2026-05-05"]
    assert told([], days=7) == ["no file was touched from 2026-05-05 to 2026-05-11"]


def test_a_log_is_named_apart_from_work() -> None:
    log = [trace(later(at("2026-05-04 00:00"), 10 * n), "changed", "run.log") for n in range(300)]
    assert told(log) == [
        "2026-05-05: no work on files",
        "  written by programs all day long, not counted as work: run.log",
    ]


def month() -> list[Event]:
    days = [TUESDAY - timedelta(n) for n in range(1, 25)]
    return [
        item
        for day in days
        for item in (
            sitting(f"{day} 19:00", "house/lease.md", "house/budget.xlsx", "house/lease.md")
            if day.day % 2
            else sitting(f"{day} 19:00", "poems/sea.md", "poems/sky.md")
        )
    ]


def test_what_is_unusual_stands_below_its_session() -> None:
    lines = told([*month(), *sitting("2026-05-05 03:00", "house/lease.md")])
    assert lines[1:] == [
        "  in the night to Tuesday, 03:00: edited lease.md (+50 B)",
        "    unusual for you: worked at 03:00 (mostly you work in the evening)",
    ]


def test_habits_are_printed_with_their_evidence() -> None:
    odd = sitting("2026-05-05 03:00", "house/lease.md")
    lines = habit_lines(as_json(report_habits([*month(), *odd], {}, BERLIN)))
    assert lines[0] == "seen in 25 sessions on 25 days since 2026-04-11:"
    at_time = lines.index("  time of day: you work mostly in the evening (evening 96%, night 4%)")
    assert lines[at_time + 1] == "    25 sessions on 25 days, since 2026-04-11"
    assert (
        "  in the night to Tuesday, 03:00: worked at 03:00 (mostly you work in the evening)"
        in lines
    )
    assert "  ~/house: budget, lease" in lines
    assert "  ~/poems/sea.md and ~/poems/sky.md (12 sessions)" in lines


def test_too_little_is_said_to_be_too_little() -> None:
    lines = habit_lines(as_json(report_habits(sitting("2026-05-05 10:00", "a"), {}, BERLIN)))
    assert lines == [
        "1 session of work on 1 day seen so far; habits are told from 5 sessions on 3 days"
    ]
    assert len(habit_lines(as_json(report_habits([], {}, BERLIN)))) == 1
