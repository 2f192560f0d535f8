"""Maturities settle once a day from the tree's tables, and little fades at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from cairn.core.journal import Journal
from cairn.core.records import Relation
from cairn.core.tree.life.constants import MOST_FADING
from cairn.core.tree.life.settling import Change, Settled, is_due, settle
from cairn.core.tree.life.signals import Life, Note
from tests.tree.life.rows import entry, keep, said

START = date(2026, 1, 1)
FOUR = tuple(said(f"chat:{n}/1", f"2025-01-0{n}") for n in (1, 2, 3, 4))


def on(day: int) -> str:
    return f"{START + timedelta(days=day)}T12:00:00.000+00:00"


def daily(journal: Journal, days: range) -> list[Settled]:
    return [settle(journal, on(day)) for day in days]


def test_an_entry_that_nobody_began_is_begun(journal: Journal) -> None:
    keep(journal, entry("e_1", kind="decision"))
    settle(journal, on(0))
    found = Life(journal).get("e_1")
    assert found
    assert (found.importance, found.touched) == (0.7, on(0))


def test_what_two_sources_say_is_validated_and_falls_when_one_is_gone(journal: Journal) -> None:
    first = entry("e_1", sources=FOUR[:2])
    keep(journal, first)
    assert settle(journal, on(0)).changes == (Change("e_1", "draft", "validated"),)
    assert settle(journal, on(1)).changes == ()
    keep(journal, replace(first, sources=FOUR[:1]))
    assert settle(journal, on(2)).changes == (Change("e_1", "validated", "draft"),)


def test_a_models_fact_waits_for_the_users_word(journal: Journal) -> None:
    keep(journal, entry("e_1", author="model:77", sources=FOUR))
    settled = daily(journal, range(40))
    assert [change.now for each in settled for change in each.changes] == ["validated"]
    assert settled[20].awaiting == ()
    assert settled[35].awaiting == ("e_1",)
    Life(journal).note([Note("vouched", "e_1")], on(40))
    assert settle(journal, on(40)).changes == (Change("e_1", "validated", "core"),)


def test_one_mention_is_offered_for_the_archive_after_months(journal: Journal) -> None:
    keep(journal, entry("e_1"), entry("e_2"), entry("mine", author="user"))
    life = Life(journal)
    first = 0
    for day in range(400):
        if day % 7 == 0:
            life.note([Note("used", "e_2")], on(day))
        settled = settle(journal, on(day))
        if settled.fading and not first:
            first = day
            assert settled.fading == ("e_1",)
    assert 90 < first < 365
    keep(journal, entry("e_1"), archived=True)
    assert settle(journal, on(401)).fading == ()


def test_the_superseded_fades_first(journal: Journal) -> None:
    new = entry("new", relations=(Relation("supersedes", "old"),))
    keep(journal, entry("old"), new)
    fading = [settled.fading for settled in daily(journal, range(0, 400, 10)) if settled.fading]
    assert fading[0] == ("old",)
    assert fading[-1] == ("old", "new")
    keep(journal, new, archived=True)
    assert settle(journal, on(391)).fading == ("old",)


def test_only_the_weakest_are_offered_at_a_time(journal: Journal) -> None:
    keep(journal, *(entry(f"e_{n}") for n in range(MOST_FADING + 40)))
    Life(journal).begin({f"e_{n}": n / 1000 for n in range(MOST_FADING + 40)}, on(0))
    fading = daily(journal, range(0, 401, 40))[-1].fading
    assert len(fading) == MOST_FADING
    assert fading[0] == "e_0"


def test_after_a_long_pause_nothing_fades_at_once(journal: Journal) -> None:
    keep(journal, entry("e_1"))
    settle(journal, on(0))
    assert settle(journal, on(800)).fading == ()
    assert [settled.fading for settled in daily(journal, range(801, 829))] == [()] * 28
    assert settle(journal, on(831)).fading == ("e_1",)


def test_a_clock_that_jumps_ahead_and_back_costs_nothing(journal: Journal) -> None:
    keep(journal, entry("e_1"), entry("e_2", sources=FOUR[:2]))
    settle(journal, on(0))
    life = Life(journal)
    assert settle(journal, "2099-01-01T00:00:00+00:00").fading == ()
    life.note([Note("used", "e_1")], "2099-01-01T00:00:00+00:00")
    assert settle(journal, on(1)).fading == ()
    found = life.get("e_1")
    assert found
    assert found.touched == on(1)  # else it would stay young until 2099
    assert settle(journal, "yesterday").fading == ()
    assert any(settled.fading for settled in daily(journal, range(2, 400)))


def test_a_day_is_settled_once(journal: Journal) -> None:
    assert is_due(journal, on(0))
    settle(journal, on(0))
    assert not is_due(journal, on(0))
    assert is_due(journal, on(1))


def test_an_entry_can_not_supersede_itself_out_of_sight(journal: Journal) -> None:
    ring = (
        entry("a", relations=(Relation("supersedes", "a"), Relation("supersedes", "b"))),
        entry("b", relations=(Relation("supersedes", "a"),)),
    )
    keep(journal, *ring)
    assert settle(journal, on(0)) == Settled((), (), ())
