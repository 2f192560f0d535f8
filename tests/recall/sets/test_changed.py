"""What changed since a day is told from the journal: what came of it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import NotFound
from cairn.core.home import open_home
from cairn.core.recall.sets.changed import Changes
from cairn.core.records import Event
from tests.told import chat, note

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
OLD = datetime(2026, 5, 1, tzinfo=UTC)
TALK = (
    ("2026-05-02T10:00:00+02:00", "user", "Shall we sell the boat?"),
    ("2026-05-19T10:00:00+02:00", "other", "I have asked the harbour master about the boat."),
    ("2026-05-19T23:30:00-05:00", "user", "Good, tell me what he says about it."),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Path]]:
    folder = tmp_path_factory.mktemp("changed")
    engine = Engine(open_home(folder / "home"), Config(), lambda: NOW)
    note(engine, folder / "notes" / "boat.md", "# Boat\n\nThe boat lies in the harbour.\n")
    note(engine, folder / "notes" / "car.md", "# Car\n\nThe car is blue.\n")
    note(engine, folder / "letters" / "bank.txt", "The bank wrote about the loan.\n")
    chat(engine, folder / "in", *TALK, name="harbour")
    engine.journal.delete_events()  # what happened is told below
    happened(engine, folder)
    yield engine, folder
    engine.close()


def happened(engine: Engine, folder: Path) -> None:
    def at(day: int, kind: str, name: str, was: str = "") -> Event:
        uri, before = f"file:{folder}/{name}", f"file:{folder}/{was}" if was else ""
        when = (OLD + timedelta(day - 1)).isoformat(timespec="milliseconds")
        return Event(kind, uri, when, was=before, size=10)  # type: ignore[arg-type]

    engine.journal.accept([
        at(3, "changed", "letters/bank.txt"),
        at(17, "changed", "notes/boat.md"), at(18, "changed", "notes/boat.md"),
        at(17, "added", "notes/draft.md"), at(18, "deleted", "notes/draft.md"),
        at(18, "moved", "notes/car.md", "letters/car.md"), at(19, "changed", "notes/car.md"),
        at(18, "deleted", "letters/old.txt"),
        at(19, "added", "notes/new.md"), at(19, "changed", "notes/new.md"),
    ])  # fmt: skip


def files(changes: Changes) -> list[tuple[str, str]]:
    return [(each.deed, each.uri.rpartition("/")[2]) for each in changes.files]


def test_what_came_of_files_is_told_the_newest_first(home: tuple[Engine, Path]) -> None:
    engine, _ = home
    changes = engine.asking.changes(NOW - timedelta(7), NOW)
    assert files(changes) == [
        ("moved", "car.md"), ("added", "new.md"), ("deleted", "old.txt"), ("changed", "boat.md"),
    ]  # fmt: skip
    assert changes.files[0].was.endswith("letters/car.md")
    assert changes.files[3].times == 2
    assert files(engine.asking.changes(OLD, NOW - timedelta(7))) == [("changed", "bank.txt")]
    assert not engine.asking.changes(OLD - timedelta(9), OLD)


def test_a_place_has_its_own_changes_also_those_that_left_it(home: tuple[Engine, Path]) -> None:
    engine, folder = home
    since = NOW - timedelta(7)
    letters = engine.asking.changes(since, NOW, "letters")
    assert files(letters) == [("moved", "car.md"), ("deleted", "old.txt")]
    assert engine.asking.changes(since, NOW, str(folder / "letters")) == letters
    assert not letters.chats
    with pytest.raises(NotFound):
        engine.asking.changes(since, NOW, "/no/such/place")


def test_new_turns_are_counted_by_when_they_were_said(home: tuple[Engine, Path]) -> None:
    engine, _ = home
    (talk,) = engine.asking.changes(NOW - timedelta(7), NOW).chats
    assert (talk.title, talk.turns, talk.first, talk.last) == ("Harbour", 2, 2, 3)
    (later,) = engine.asking.changes(datetime(2026, 5, 20, tzinfo=UTC), NOW, "harbour").chats
    assert (later.turns, later.first) == (1, 3)


def test_a_thought_is_a_new_entry_and_one_that_was_taken_back_is_none(tmp_path: Path) -> None:
    moments = iter(OLD + timedelta(minutes=n) for n in range(100_000))
    engine = Engine(open_home(tmp_path / "home"), Config(), lambda: next(moments))
    path, _ = engine.remember("The boiler code is kept by Ben.")
    engine.work()
    (entry,) = (each for each in engine.asking.changes(OLD, NOW).entries)
    assert entry.deed == "added" and path.stem in entry.path
    path.unlink()
    engine.sweep()
    engine.work()
    assert not engine.asking.changes(OLD, NOW).entries
    engine.close()


@pytest.mark.parametrize(
    ("question", "told", "not_told"),
    [
        ("what changed since Monday?", ["new.md", "car.md", "old.txt", "Harbour"], ["bank.txt"]),
        ("what changed in letters since the 1st of May?", ["bank.txt", "old.txt"], ["boat.md"]),
        ("what has changed in the notes folder since last week?", ["boat.md"], ["bank.txt"]),
        ("what is new in harbour", ["2 turns are new"], ["boat.md"]),
        ("what changed yesterday?", ["new.md", "car.md", "Harbour"], ["boat.md", "old.txt"]),
    ],
)
def test_a_question_for_changes_is_answered_from_the_journal(
    home: tuple[Engine, Path], question: str, told: list[str], not_told: list[str]
) -> None:
    answer = home[0].ask(question, NOW)
    text = " ".join(sentence.text for sentence in answer.sentences)
    assert not answer.abstained
    for name in told:
        assert name in text, text
    for name in not_told:
        assert name not in text, text
    assert all(citation.state == "ok" for citation in answer.citations)
    numbers = {number for sentence in answer.sentences for number in sentence.citations}
    assert numbers == {citation.number for citation in answer.citations}


def test_that_nothing_changed_is_an_answer(home: tuple[Engine, Path]) -> None:
    answer = home[0].ask("what changed in letters today?", NOW)
    assert [s.text for s in answer.sentences] == [
        "Since 20 May 2026: nothing has changed in letters"
    ]


def test_changes_of_what_is_no_place_are_left_to_the_search(home: tuple[Engine, Path]) -> None:
    answer = home[0].ask("what changed in the colour of the car since May?", NOW)
    assert not any("boat.md" in sentence.text for sentence in answer.sentences)
