"""Habits are stated with figures and evidence, or not at all; odd sessions are named."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cairn.core.records import Event
from cairn.core.traces.habits import Habit, find_habits
from cairn.core.traces.outline import Outline, bare_name, outlines
from cairn.core.traces.sessions import episodes
from cairn.core.traces.unusual import Deviation, find_deviations
from tests.traces.calendars import BERLIN, sitting, trace

MONDAY = datetime(2026, 3, 2)


def on(day: int, clock: str) -> str:
    return f"{MONDAY + timedelta(days=day):%Y-%m-%d} {clock}"


def workday(day: int) -> int:
    """The so-manieth weekday after the first Monday."""
    return day // 5 * 7 + day % 5


def facts(traces: list[Event], zone: ZoneInfo = BERLIN) -> list[Outline]:
    return outlines(episodes(traces).sessions, zone)


def habits(traces: list[Event]) -> dict[str, Habit]:
    return {habit.name: habit for habit in find_habits(facts(traces))}


def evenings(count: int) -> list[Event]:
    """On weekdays at 19:00, half an hour in one folder, four small saves."""
    names = ("house/lease.md", "house/lease.md", "house/plan.md", "house/lease.md")
    return [
        item
        for day in range(count)
        for item in sitting(on(workday(day), "19:00"), *names, every=10 - day % 3, delta=80)
    ]


def odd(traces: list[Event]) -> list[Deviation]:
    return list(find_deviations(facts(traces)))


def test_four_sessions_or_two_days_state_nothing() -> None:
    assert habits(evenings(4)) == {}
    same_day = [
        item
        for day in (0, 1)
        for hour in (8, 10, 12, 14)
        for item in sitting(on(day, f"{hour:02d}:00"), "a.md", "b.md")
    ]
    assert habits(same_day) == {}
    assert habits(evenings(5))


def test_a_steady_worker_is_described() -> None:
    found = habits(evenings(10))
    assert found["time of day"].statement == "you work mostly in the evening (evening 100%)"
    assert found["week"].statement.startswith("you work mostly on weekdays (0 of 10 sessions")
    assert found["session length"].statement == "a session of yours typically lasts 27 min"
    assert found["steps"].statement == "you edit in small steps: a save typically changes 80 B"
    assert found["focus"].statement.startswith("you stay in one folder for long (0%")
    assert found["revisiting"].value == 1.0
    assert found["returning"].value == 1.0
    assert found["deleting"].statement == "you never delete files (none in 10 sessions)"
    assert not {"versions", "inbox"} & found.keys()


def test_a_habit_shows_its_evidence() -> None:
    habit = habits(evenings(10))["revisiting"]
    assert (habit.sessions, habit.days, habit.since) == (10, 10, "2026-03-02")
    assert [example.uri for example in habit.examples] == ["file:~/house/lease.md"] * 3
    assert habit.examples[0].at == "2026-03-13T18:00:00.000+00:00"  # the newest first


def test_only_sessions_that_bear_on_a_habit_count_for_it() -> None:
    single = [trace(on(day, "09:00"), "changed", "a.md") for day in range(6)]
    found = habits(single + evenings(4))
    assert found["time of day"].sessions == 10
    assert not {"session length", "revisiting", "focus"} & found.keys()


def test_the_time_of_day_is_that_of_the_wall_on_both_sides_of_a_clock_change() -> None:
    around = [
        item for day in range(20, 34) for item in sitting(on(day, "21:50"), "a.md", "b.md", every=1)
    ]
    assert {item.hour for item in facts(around)} == {21 + 50 / 60}
    assert habits(around)["time of day"].value == 1.0
    tokyo = find_habits(facts(around, ZoneInfo("Asia/Tokyo")))
    assert "mostly in the morning" in tokyo[0].statement


def test_who_works_at_any_time_has_no_fixed_one() -> None:
    traces = [
        item
        for day in range(12)
        for item in sitting(on(day, ("08:00", "13:00", "18:00", "23:00")[day % 4]), "a.md", "b.md")
    ]
    found = habits(traces)
    assert found["time of day"].statement == (
        "you work at no fixed time of day (morning 25%, afternoon 25%, evening 25%, night 25%)"
    )
    assert "on weekdays and at weekends" in found["week"].statement


def test_who_switches_folders_and_saves_often_in_large_steps_is_told_so() -> None:
    names = ("a/x.md", "b/y.md") * 5
    traces = [
        item for day in range(6) for item in sitting(on(day, "10:00"), *names, every=2, delta=5000)
    ]
    found = habits(traces)
    assert found["focus"].statement.startswith("you switch between folders often (100%")
    assert found["saving"].statement == "you save often: typically 5 times a file, 10 a session"
    assert found["steps"].statement.startswith("you edit in large steps")


def test_versions_by_copy_are_a_habit() -> None:
    traces = evenings(6)
    for day, name in enumerate(("plan v2.md", "lease_final.md", "Plan (1).md", "lease-v3.md")):
        traces.append(trace(on(day, "19:05"), "added", f"house/{name}"))
    traces.append(trace(on(4, "19:05"), "added", "house/poem.md"))
    traces.append(trace(on(7, "19:05"), "added", "house/chapter v2.md"))  # the only one of its name
    found = habits(traces)
    habit = found["versions"]
    assert habit.statement.endswith("(4 of 6 new files)")
    assert habit.examples[0].uri == "file:~/house/lease-v3.md"


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Plan v2.md", "plan"),
        ("plan_final_v2 (3).docx", "plan"),
        ("plan-copy.md", "plan"),
        ("marshmallow.md", "marshmallow"),
        ("lev2.md", "lev2"),
        ("final.md", "final"),
        ("v2.md", "v2"),
        ("notes 2026.md", "notes 2026"),
        ("_" * 5000 + "v", "_" * 79 + "v"),
    ],
)
def test_marks_of_versions_are_told_from_names(name: str, bare: str) -> None:
    assert bare_name(f"file:~/{name}") == bare


@pytest.mark.parametrize(("cleared", "words"), [(6, "tidy (6 of 6"), (0, "where they come in")])
def test_an_inbox_is_kept_tidy_or_is_not(cleared: int, words: str) -> None:
    traces = evenings(6)
    for day in range(6):
        traces.append(trace(on(workday(day), "19:02"), "added", f"Downloads/{day}.pdf"))
        if day < cleared:
            moved = trace(
                on(workday(day), "19:08"), "moved", f"house/{day}.pdf", was=f"Downloads/{day}.pdf"
            )
            traces.append(moved)
    assert words in habits(traces)["inbox"].statement


def test_deleting_and_moving_are_counted_in_sessions() -> None:
    traces = evenings(10)
    traces += [trace(on(workday(day), "19:03"), "deleted", f"old{day}.md") for day in range(5)]
    traces += [trace(on(0, "19:04"), "moved", "b/x.md", was="a/x.md")]
    found = habits(traces)
    assert found["deleting"].statement == "you often delete files (5 files in 5 of 10 sessions)"
    assert found["moving"].statement == (
        "you rarely move or rename files (1 file in 1 of 10 sessions)"
    )


def test_an_arrival_is_no_habit() -> None:
    arrivals = [
        trace(on(day, f"10:00:0{n % 8}"), "added", f"src/{day}/{n}.py")
        for day in range(8)
        for n in range(60)
    ]
    assert habits(arrivals) == {}


def test_habits_do_not_depend_on_the_order_of_events() -> None:
    traces = evenings(12)
    mixed = traces.copy()
    random.Random(5).shuffle(mixed)
    assert find_habits(facts(mixed)) == find_habits(facts(traces))
    assert odd(mixed) == odd(traces)


# -- what is unusual


def test_work_at_three_in_the_night_is_flagged() -> None:
    (found,) = odd([*evenings(14), *sitting(on(15, "03:00"), "house/lease.md")])
    assert found.statement == "worked at 03:00 (mostly you work in the evening)"
    assert (found.name, found.value, found.at) == ("hour", 3.0, "2026-03-17T02:00:00.000+00:00")
    assert found.score >= 3.5


def test_an_hour_later_than_usual_is_not_flagged() -> None:
    assert odd([*evenings(14), *sitting(on(15, "20:15"), "house/lease.md")]) == []


def test_nothing_is_unusual_among_nine_sessions() -> None:
    assert odd([*evenings(8), *sitting(on(15, "03:00"), "house/lease.md")]) == []
    assert odd([*evenings(9), *sitting(on(15, "03:00"), "house/lease.md")])


def test_mornings_are_not_unusual_for_who_works_mornings_and_evenings() -> None:
    mornings = [
        item for day in range(4) for item in sitting(on(workday(day), "07:00"), "a.md", "b.md")
    ]
    assert odd(evenings(14) + mornings) == []


def test_midnight_is_near_eleven() -> None:
    late = [
        item
        for day in range(12)
        for item in sitting(on(day, ("23:00", "23:30", "00:10")[day % 3]), "a.md", every=1)
    ]
    assert odd([*late, *sitting(on(13, "01:00"), "a.md")]) == []
    assert [item.name for item in odd([*late, *sitting(on(13, "11:00"), "a.md")])] == ["hour"]


def test_a_long_session_is_flagged_and_a_somewhat_longer_one_is_not() -> None:
    long = sitting(on(15, "17:00"), *["house/lease.md"] * 14, every=25)
    (found,) = odd(evenings(14) + long)
    assert found.statement == "worked for 5 h 25 min (typically 27 min)"
    longer = sitting(on(15, "19:00"), *["house/lease.md"] * 3, every=20)
    assert odd(evenings(14) + longer) == []


def test_many_deletions_are_flagged() -> None:
    deleted = [trace(on(15, f"19:{n:02d}"), "deleted", f"old{n}.md") for n in range(7)]
    (found,) = odd(evenings(14) + deleted)
    assert found.statement == "deleted 7 files (typically none)"
