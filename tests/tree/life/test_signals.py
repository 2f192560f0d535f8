"""What is noted of entries, in a real journal."""

from __future__ import annotations

import pytest

from cairn.core.journal import Journal
from cairn.core.tree.life.signals import Life, Note, NoteKind, Signals
from cairn.core.tree.life.witness import independent
from tests.tree.life.rows import said

AT = "2026-03-01T10:00:00.000+00:00"


@pytest.fixture
def life(journal: Journal) -> Life:
    made = Life(journal)
    made.begin({"e_1": 0.4, "e_2": 0.9}, AT)
    return made


def note(life: Life, kind: NoteKind, at: str, *entries: str) -> None:
    life.note([Note(kind, each) for each in entries], at)


def known(life: Life, entry: str = "e_1") -> Signals:
    found = life.get(entry)
    assert found
    return found


def test_a_new_entry_is_a_draft_of_its_importance(life: Life) -> None:
    assert known(life) == Signals("e_1", 0.4, since=AT, touched=AT)
    assert life.get("e_9") is None
    assert set(life.all()) == {"e_1", "e_2"}


def test_beginning_again_changes_nothing(life: Life) -> None:
    note(life, "used", "2026-04-01T00:00:00+00:00", "e_1")
    before = life.all()
    life.begin({"e_1": 1.0}, "2026-05-01T00:00:00+00:00")
    assert life.all() == before


def test_a_day_counts_once_however_often_it_is_used(life: Life) -> None:
    for hour in range(10, 20):
        note(life, "used", f"2026-03-02T{hour}:00:00+00:00", "e_1", "e_1")
    note(life, "used", "2026-03-03T08:00:00+00:00", "e_1")
    found = known(life)
    assert (found.uses, found.used[:10], found.touched[:10]) == (2, "2026-03-03", "2026-03-03")
    assert known(life, "e_2").uses == 0


def test_opening_and_vouching_are_noted_apart(life: Life) -> None:
    note(life, "kept", "2026-03-02T08:00:00+00:00", "e_1")
    note(life, "vouched", "2026-03-04T08:00:00+00:00", "e_1")
    note(life, "vouched", "2026-03-05T08:00:00+00:00", "e_1")
    found = known(life)
    assert (found.kept, found.kept_on[:10], found.vouched, found.uses) == (1, "2026-03-02", 1, 0)


def test_being_changed_says_nothing_about_truth(life: Life) -> None:
    note(life, "touched", "2026-06-01T08:00:00+00:00", "e_1")
    assert known(life) == Signals("e_1", 0.4, since=AT, touched="2026-06-01T08:00:00+00:00")


def test_a_late_note_brings_nothing_forgotten_back(life: Life) -> None:
    life.drop(["e_1"])
    note(life, "used", AT, "e_1")
    life.confirm({"e_1": [said("chat:a/1", "2026-01-01"), said("chat:b/1", "2026-01-02")]}, AT)
    assert life.get("e_1") is None


def test_sources_are_counted_anew_and_only_more_make_younger(life: Life) -> None:
    two = [said("chat:a/1", "2026-01-01"), said("file:~/b.md", "2026-01-02")]
    assert life.confirm({"e_1": two, "e_2": two[:1]}, "2026-04-01") == ["e_1"]
    assert known(life).touched == "2026-04-01"
    assert independent(known(life).confirmed) == 2
    assert life.confirm({"e_1": two}, "2026-05-01") == []
    assert life.confirm({"e_1": two[:1]}, "2026-06-01") == ["e_1"]
    assert (known(life).confirmed, known(life).touched) == ((), "2026-04-01")


def test_an_heir_has_the_best_of_those_merged_into_it_once(life: Life) -> None:
    for day in (2, 3, 4):
        note(life, "used", f"2026-03-0{day}T08:00:00+00:00", "e_1")
    note(life, "kept", "2026-03-04T08:00:00+00:00", "e_1")
    note(life, "vouched", "2026-03-04T08:00:00+00:00", "e_1")
    for _ in range(2):
        life.inherit("e_2", ["e_1", "e_9"])
    heir = known(life, "e_2")
    assert (heir.importance, heir.uses, heir.kept, heir.vouched) == (0.9, 3, 1, 1)
    assert heir.maturity == "draft"
    assert known(life).uses == 3


def test_notes_join_a_transaction_and_are_taken_back_with_it(life: Life) -> None:
    before = life.all()
    with pytest.raises(RuntimeError), life.journal.write() as db:
        life.begin({"e_3": 0.5}, AT, db)
        life.note([Note("used", "e_1")], "2026-07-01", db)
        life.drop(["e_2"], db)
        raise RuntimeError
    assert life.all() == before


def test_a_strangers_rows_are_read_with_sense(life: Life) -> None:
    with life.journal.write() as db:
        db.execute(
            "UPDATE signals SET importance = 1e400, uses = -5, kept = 'many', vouched = x'00', "
            "confirmed = '[[', maturity = 'divine', since = 7, touched = x'ff' WHERE entry = 'e_1'"
        )
        db.execute("UPDATE signals SET importance = 'high' WHERE entry = 'e_2'")
    found = known(life)
    assert (found.importance, found.uses, found.kept, found.vouched) == (1.0, 0, 0, 0)
    assert (found.confirmed, found.maturity) == ((), "draft")
    assert known(life, "e_2").importance == 0.5
