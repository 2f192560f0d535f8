"""Entries live through years of a calendar, a day at a time, with the constants as they ship."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from cairn.core.tree.life import constants
from cairn.core.tree.life.ageing import (
    Traits,
    behind_successors,
    evidence,
    fades,
    matured,
    prior,
    strength,
)
from cairn.core.tree.life.signals import Maturity, Signals
from cairn.core.tree.life.witness import witnesses
from tests.tree.life.rows import said

START = date(2026, 1, 1)


def on(day: int) -> str:
    return f"{START + timedelta(days=day)}T12:00:00+00:00"


@dataclass
class Lived:
    """An entry that lives: what `Life` would note of it and `settle` would make of it."""

    traits: Traits = field(default_factory=Traits)
    signals: Signals = field(
        default_factory=lambda: Signals("e_1", importance=0.4, since=on(0), touched=on(0))
    )
    faded: int | None = None
    steps: list[tuple[int, Maturity]] = field(default_factory=list)

    def use(self, day: int) -> None:
        known = self.signals
        self.signals = replace(known, uses=known.uses + 1, used=on(day), touched=on(day))

    def keep(self, day: int) -> None:
        self.use(day)
        self.signals = replace(self.signals, kept=self.signals.kept + 1, kept_on=on(day))

    def hear(self, day: int, *places: str) -> None:
        found = witnesses(said(place, on(n * 10)) for n, place in enumerate(places))
        self.signals = replace(self.signals, confirmed=found, touched=on(day))

    def live(self, days: range, doing: Callable[[int], None] = lambda day: None) -> Lived:
        for day in days:
            doing(day)
            now = matured(self.signals, on(day), self.traits)
            if now != self.signals.maturity:
                self.steps.append((day, now))
                self.signals = replace(self.signals, maturity=now, since=on(day))
            if self.faded is None and fades(self.signals, on(day), self.traits):
                self.faded = day
        return self


@pytest.mark.parametrize("importance", [0.1, 0.3, 0.5, 0.7, 1.0])
def test_one_unconfirmed_mention_fades_in_months(importance: float) -> None:
    lived = Lived()
    lived.signals = replace(lived.signals, importance=importance)
    lived.live(range(720))
    assert lived.faded is not None
    assert 90 <= lived.faded <= 365
    assert lived.steps == []


def test_weekly_use_survives_a_year_and_the_pause_after_it() -> None:
    lived = Lived()
    lived.live(range(365), lambda day: lived.use(day) if day % 7 == 0 else None)
    assert lived.faded is None
    assert strength(lived.signals, on(365)) > 0.9
    lived.live(range(365, 365 + 270))
    assert lived.faded is None
    lived.live(range(365 + 270, 365 * 5))
    assert lived.faded is not None  # but not for ever: nothing ever confirmed it


def test_use_once_a_quarter_is_enough_to_stay() -> None:
    lived = Lived()
    lived.live(range(3 * 365), lambda day: lived.use(day) if day % 91 == 0 else None)
    assert lived.faded is None


def test_a_day_is_not_an_hour() -> None:
    """What a peer with hours in place of days forgot overnight is as good as new."""
    fresh = Lived().signals
    assert strength(fresh, on(1)) > 0.98
    assert strength(fresh, on(7)) > 0.9
    assert 0.4 < strength(fresh, on(60)) < 0.6


def test_hits_alone_never_make_anything_validated() -> None:
    lived = Lived()
    lived.live(range(3 * 365), lambda day: [lived.use(day) for _ in range(20)] and None)
    assert lived.steps == []
    assert lived.signals.uses > 20_000
    assert evidence(lived.signals, on(3 * 365)) == 0


def test_citations_that_were_opened_validate_and_never_make_core() -> None:
    lived = Lived()
    lived.live(range(2 * 365), lambda day: lived.keep(day) if day % 3 == 0 else None)
    assert [step for _, step in lived.steps] == ["validated"]
    lived.live(range(2 * 365, 3 * 365))
    assert lived.steps[-1][1] == "draft"  # weak evidence grows old


def test_opening_what_no_answer_used_proves_nothing() -> None:
    opened = replace(Lived().signals, kept=50, kept_on=on(3))
    assert matured(opened, on(3)) == "draft"


def test_independent_sources_validate_then_make_core() -> None:
    lived = Lived()
    lived.hear(10, "chat:a/1", "file:~/b.md")
    lived.live(range(10, 100))
    assert lived.steps == [(10, "validated")]
    lived.hear(100, "chat:a/1", "file:~/b.md", "file:~/c.eml", "chat:d/2")
    lived.live(range(100, 200))
    assert lived.steps[1:] == [(100, "core")]


def test_nothing_becomes_core_within_a_month() -> None:
    lived = Lived(Traits(origin="user", author="user"))
    lived.hear(0, "chat:a/1", "file:~/b.md", "file:~/c.eml", "chat:d/2", "chat:e/2")
    lived.live(range(60))
    assert lived.steps == [(0, "validated"), (30, "core")]


def test_a_pause_of_years_does_not_wipe_out_what_was_core() -> None:
    lived = Lived()
    lived.hear(0, "chat:a/1", "file:~/b.md", "file:~/c.eml")
    lived.live(range(60), lambda day: lived.keep(day) if day % 10 == 0 else None)
    assert lived.signals.maturity == "core"
    lived.live(range(60, 60 + 10 * 365, 30))
    assert (lived.signals.maturity, lived.faded) == ("core", None)
    core = replace(lived.signals, touched=on(60))
    assert strength(core, on(60 + 365)) > 0.75


def test_core_rests_on_evidence_that_does_not_grow_old() -> None:
    """So that time alone can't unmake it: it would take more than opened citations can give."""
    lasting = constants.CORE_FROM - constants.MOST_KEPT
    steps = (constants.USER_WORD, constants.CONFIRMATION)
    sums = {a * steps[0] + b * steps[1] for a in (0, 1) for b in range(5)}
    assert min(each for each in sums if each >= lasting) >= constants.CORE_BELOW


def test_core_falls_when_its_sources_are_taken_back() -> None:
    lived = Lived()
    lived.hear(0, "chat:a/1", "file:~/b.md", "file:~/c.eml", "chat:d/2")
    lived.live(range(60))
    lived.hear(60, "chat:a/1", "file:~/b.md")
    lived.live(range(60, 90))
    assert lived.signals.maturity == "validated"
    lived.hear(90, "chat:a/1")
    lived.live(range(90, 100))
    assert [step for _, step in lived.steps] == ["validated", "core", "validated", "draft"]


def test_maturity_does_not_flap() -> None:
    """Lives of ten years with citations opened so seldom that it goes up and down: what was
    validated stays so for more than half a year at least."""
    fell = 0
    for seed in range(20):
        chance = random.Random(seed)
        opened = set(chance.sample(range(3650), chance.choice([9, 18, 36])))
        lived = Lived()
        for day in range(3650):
            if day in opened:
                lived.keep(day)
            lived.live(range(day, day + 1))
        risen = [day for day, step in lived.steps if step == "validated"]
        fallen = [day for day, step in lived.steps if step == "draft"]
        fell += len(fallen)
        assert all(down - up > 183 for up, down in zip(risen, fallen, strict=False))
    assert fell > 20


def test_between_two_steps_of_evidence_it_stays_as_it_was() -> None:
    """The same points, reached from below and from above."""
    kept = Signals("e", 0.5, 9, on(0), 9, on(0), touched=on(0), since=on(0))
    days = [day for day in range(400) if 0.5 <= evidence(kept, on(day)) < 1.0]
    assert len(days) > 100
    for day in days:
        for maturity in ("draft", "validated"):
            assert matured(replace(kept, maturity=maturity), on(day)) == maturity


def test_a_superseded_fact_never_outranks_its_successor() -> None:
    """Used every day for years, vouched for and core, against one of this morning."""
    old = Signals(
        "old", 1.0, 900, on(999), 900, on(999), 1, maturity="core", since=on(0), touched=on(1000)
    )
    new = Signals("new", 0.0, since=on(0), touched=on(0))
    superseded = Traits(superseded=True, valid_until=on(999))
    for day in range(0, 4000, 7):
        assert prior(old, on(day), superseded) < prior(new, on(day))
    assert behind_successors(["old", "x", "new", "y"], {"old": "new"}) == ["new", "old", "x", "y"]


def test_a_chain_of_successors_stands_newest_first() -> None:
    after = {"a": "b", "b": "c", "c": "d"}
    assert behind_successors(["a", "x", "b", "d"], after) == ["d", "b", "a", "x"]
    assert behind_successors(["a", "b"], {"a": "b", "b": "a"}) in (["a", "b"], ["b", "a"])
    assert sorted(behind_successors(["b", "c", "a"], {"a": "a", "b": "c", "c": "b"})) == list("abc")
    assert behind_successors(["x", "y"], {"x": "not listed"}) == ["x", "y"]


def test_a_prior_is_a_tie_break_at_most() -> None:
    for touched, uses, value in ((on(0), 0, 0.0), (on(900), 10**6, 1.0), ("", 0, 5.0)):
        found = prior(Signals("e", value, uses, touched=touched), on(900))
        assert 0 < found <= constants.PRIOR_MOST


def test_what_the_user_wrote_or_vouched_for_never_fades() -> None:
    written = Lived(Traits(author="user")).live(range(0, 7300, 50))
    vouched = Lived()
    vouched.signals = replace(vouched.signals, vouched=1)
    vouched.live(range(0, 7300, 50))
    assert written.faded is vouched.faded is None
    assert written.signals.maturity == vouched.signals.maturity == "validated"


def test_two_assistants_that_agree_prove_nothing() -> None:
    lived = Lived(Traits(origin="assistant"))
    lived.hear(0, "chat:a/1", "chat:b/2", "chat:c/3", "chat:d/4")
    lived.live(range(100))
    assert lived.steps == []


def test_what_a_model_wrote_is_core_by_the_users_word_only() -> None:
    lived = Lived(Traits(origin="user", author="model:1f3a"))
    lived.hear(0, "chat:a/1", "file:~/b.md", "file:~/c.eml", "chat:d/2")
    lived.live(range(200))
    assert lived.signals.maturity == "validated"
    lived.signals = replace(lived.signals, vouched=1)
    assert lived.live(range(200, 201)).signals.maturity == "core"


def test_a_promise_for_next_year_waits_for_its_day() -> None:
    due = f"{START + timedelta(days=500)}"
    lived = Lived(Traits(kind="promise", valid_until=due)).live(range(500))
    assert lived.faded is None
    lived.live(range(500, 900))
    assert lived.faded is not None
    assert lived.faded > 500 + 90
    ended = Lived(Traits(valid_until=f"{START + timedelta(days=30)}")).live(range(400))
    assert ended.faded is not None
    assert ended.faded < (Lived().live(range(400)).faded or 0)


ABSURD = [
    "", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
    "0000-00-00", "2026-02-30", "yesterday", "2026", "2026-13", "9" * 50, "\x00", "1969-12-31",
]  # fmt: skip


@pytest.mark.parametrize("odd", ABSURD)
def test_absurd_dates_break_nothing(odd: str) -> None:
    for now in (on(5), *ABSURD):
        for kind in ("fact", "promise"):
            signals = Signals("e", 0.5, 3, odd, 3, odd, 0, since=odd, touched=odd)
            traits = Traits(kind=kind, valid_until=odd)
            for maturity in ("draft", "validated", "core"):
                known = replace(signals, maturity=maturity)
                assert 0 <= strength(known, now, traits) <= 1
                assert 0 <= prior(known, now, traits) <= constants.PRIOR_MOST
                assert matured(known, now, traits) in ("draft", "validated", "core")
                assert fades(known, now, traits) in (True, False)


def test_a_clock_that_was_set_back_makes_nothing_old() -> None:
    lived = Lived()
    lived.use(400)
    assert strength(lived.signals, on(0)) == strength(lived.signals, on(400)) == 1.0
    assert not fades(lived.signals, on(0))


def test_an_end_in_the_year_9999_keeps_nothing() -> None:
    for kind in ("fact", "promise"):
        assert Lived(Traits(kind=kind, valid_until="9999-12-31")).live(range(400)).faded is not None
