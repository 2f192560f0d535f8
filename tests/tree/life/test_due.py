"""What is promised and asked, by its day."""

from __future__ import annotations

import pytest

from cairn.core.records import Entry
from cairn.core.tree.life.due import owed
from tests.tree.life.rows import entry

TODAY = "2026-05-10"


def promise(id: str, until: str = "", **fields: object) -> Entry:
    return entry(id, kind="promise", valid_until=until, **fields)


def states(*entries: Entry, today: str = TODAY) -> list[tuple[str, str, int]]:
    return [(one.entry.id, one.state, one.days) for one in owed(entries, today)]


def test_the_longest_overdue_comes_first_and_what_has_no_day_is_open() -> None:
    found = states(
        promise("far", "2026-09-01"), promise("none"), promise("late", "2026-05-08"),
        promise("soon", "2026-05-14"), promise("later", "2026-04-01"), promise("today", TODAY),
    )  # fmt: skip
    assert found == [
        ("later", "overdue", -39), ("late", "overdue", -2), ("today", "due", 0),
        ("soon", "due", 4), ("none", "open", 0), ("far", "open", 114),
    ]  # fmt: skip


def test_a_day_lasts_until_its_end_wherever_the_user_is() -> None:
    due = promise("a", "2026-05-10")
    assert states(due, today="2026-05-10T23:59:00-11:00")[0][1] == "due"
    assert states(due, today="2026-05-11T00:01:00+13:00")[0][1] == "overdue"
    at_five = promise("b", "2026-05-10T17:00:00+02:00")
    assert states(at_five)[0][1:] == ("due", 0)


def test_a_month_is_due_at_its_end() -> None:
    assert states(promise("a", "2026-05")) == [("a", "open", 21)]
    assert states(promise("a", "2026-02"), today="2026-02-27") == [("a", "due", 1)]
    assert states(promise("a", "2025"), today="2026-01-01") == [("a", "overdue", -1)]


def test_what_is_settled_or_dropped_is_not_told() -> None:
    assert states(promise("a", TODAY, tags=("Done",)), promise("b", "2025-12-01")) == []
    assert states(entry("c", kind="fact", valid_until=TODAY)) == []
    assert owed([promise("d", TODAY)], TODAY, superseded={"d"}) == ()


def test_a_question_is_owed_an_answer_and_others_promises_are_theirs() -> None:
    told = "Ana will send you the plan."
    found = owed(
        [
            entry("q", kind="question"), promise("others", origin="other", body="You will pay."),
            promise("told", body=told), promise("mine", body="You will send Ana the plan."),
            promise("named", body="Kim will call."),
        ],
        TODAY, names=("Kim Berg", "Kim"),
    )  # fmt: skip
    assert {one.entry.id for one in found if one.is_mine} == {"q", "mine", "named"}
    assert len(found) == 5


@pytest.mark.parametrize("odd", ["soon", "0000-01-01", "2026-02-30", "\x00", "9" * 99])
def test_a_day_that_does_not_exist_is_no_day(odd: str) -> None:
    assert states(promise("a", odd)) == [("a", "open", 0)]
    assert owed([promise("a", TODAY)], odd)[0].state == "open"


def test_the_ends_of_the_calendar_are_days_too() -> None:
    assert states(promise("a", "9999-12-31"))[0][1] == "open"
    assert states(promise("a", "9999-12-31T23:59:59-23:00"))[0][1] == "open"
    assert states(promise("a", "0001-01-01T00:00:00+23:00")) == []
