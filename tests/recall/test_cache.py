"""What was just asked is answered from memory, and never after anything has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.recall.cache import Asked, Kept
from cairn.core.recall.entries.pointers import When
from cairn.core.recall.narrow.filters import EVERYTHING, read_filters
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.search import Results
from cairn.core.records import Timing

ASKED = Asked.at("2026-03-08T14:31:00", "boiler", 10, When(), EVERYTHING)
EMPTY = Results(analyze("boiler"), (), (), "", (Timing("lexical", 1.0),))


class Search:
    """Counts how often it is called."""

    def __init__(self, results: Results = EMPTY) -> None:
        self.results = results
        self.times = 0

    def __call__(self) -> Results:
        self.times += 1
        return self.results


@pytest.mark.parametrize("minute", ["14:30", "14:44"])
def test_the_same_is_not_searched_twice(minute: str) -> None:
    kept, search = Kept(), Search()
    first = kept.get(ASKED, 1, search)
    asked = Asked.at(f"2026-03-08T{minute}:59", "boiler", 10, When(), EVERYTHING)
    again = kept.get(asked, 1, search)
    assert search.times == 1
    assert replace(again, timings=()) == replace(first, timings=())
    assert [timing.stage for timing in again.timings] == ["known"]  # not how long it took then


@pytest.mark.parametrize(
    "other",
    [
        Asked.at("2026-03-08T14:45:00", "boiler", 10, When(), EVERYTHING),
        Asked.at("2026-03-09T14:31:00", "boiler", 10, When(), EVERYTHING),
        replace(ASKED, text="Boiler"),
        replace(ASKED, limit=11),
        replace(ASKED, when=When(as_of="2026")),
        replace(ASKED, filters=read_filters(kind="note")),
    ],
)
def test_what_differs_in_anything_is_searched(other: Asked) -> None:
    kept, search = Kept(), Search()
    kept.get(ASKED, 1, search)
    kept.get(other, 1, search)
    assert search.times == 2


def test_a_change_drops_all_that_was_kept() -> None:
    kept, search = Kept(), Search()
    kept.get(ASKED, 1, search)
    kept.get(replace(ASKED, text="lease"), 2, search)
    assert len(kept) == 1
    kept.get(ASKED, 2, search)
    assert search.times == 3


def test_what_changed_during_a_search_is_searched_again() -> None:
    kept, search = Kept(), Search()

    def meanwhile() -> Results:
        kept.get(replace(ASKED, text="lease"), 2, search)
        return EMPTY

    kept.get(ASKED, 1, meanwhile)
    kept.get(ASKED, 2, search)
    assert search.times == 2


def test_what_could_not_be_searched_whole_is_not_kept() -> None:
    kept, search = Kept(), Search(replace(EMPTY, degraded="there is no embedder"))
    kept.get(ASKED, 1, search)
    kept.get(ASKED, 1, search)
    assert search.times == 2


def test_few_are_kept() -> None:
    kept = Kept()
    for number in range(1000):
        kept.get(replace(ASKED, text=str(number)), 1, Search())
    assert len(kept) < 100


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "boiler.md").write_text("The boiler was repaired by Otto.\n", "utf-8")
    engine = Engine.open(tmp_path / "home", Config())
    try:
        engine.add(tmp_path / "notes")
        engine.work()
        yield engine
    finally:
        engine.close()


def found(engine: Engine, question: str = "Who repaired the boiler?") -> tuple[str, bool]:
    """What is found, and whether it was known."""
    results = engine.search(question)
    is_known = results.timings[0].stage == "known"
    return "\n".join(item.chunk.text for item in results.evidence), is_known


def test_whatever_is_written_is_found_at_once(engine: Engine, tmp_path: Path) -> None:
    text, _ = found(engine)
    assert found(engine) == (text, True)
    note = tmp_path / "notes" / "boiler.md"
    note.write_text("The boiler was repaired by Ida.\n", "utf-8")
    engine.note_changes([note])
    engine.work()
    text, is_known = found(engine)
    assert "Ida" in text and "Otto" not in text and not is_known
    engine.compact()
    assert not found(engine)[1]
    note.unlink()
    engine.note_changes([note])
    engine.work()
    assert found(engine)[0] == ""


def test_what_the_tree_does_is_told_at_once(engine: Engine) -> None:
    found(engine)
    assert found(engine)[1]
    engine.remember("The boiler makes noises again.")
    assert not found(engine)[1]
    engine.work()
    assert "noises" in found(engine, "boiler noises")[0]
    found(engine)
    assert found(engine)[1]
    engine.pause(True)
    assert not found(engine)[1]


def test_another_day_is_another_question(engine: Engine) -> None:
    now = datetime(2026, 3, 8, 23, 59, tzinfo=UTC)
    engine.clock = lambda: now
    question = "What was repaired last week?"
    found(engine, question)
    assert found(engine, question)[1]
    now += timedelta(minutes=2)
    assert not found(engine, question)[1]
