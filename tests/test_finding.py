"""Why something is not found: files, turns, entries, and documents that no sentence finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import ConfigError, NotFound
from cairn.core.home import open_home
from cairn.core.journal import FileRecord
from cairn.core.recall.entries.pointers import When
from cairn.core.recall.narrow.filters import read_filters
from cairn.core.uris import file_uri
from tests.told import accept_all, chat, entries, note

TURNS = (
    ("2026-01-08T18:05:00+01:00", "user", "My rent is 400 euros."),
    ("2026-01-08T18:06:00+01:00", "other", "That is a lot for such a small flat by the river."),
    ("2026-04-08T18:05:00+02:00", "user", "My rent is 410 euros now."),
)
CHAT = "chat:turns/family"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("finding")


@pytest.fixture(scope="module")
def engine(home: Path) -> Iterator[Engine]:
    engine = Engine(open_home(home / "home"), Config())
    chat(engine, home / "in", *TURNS)
    accept_all(engine)
    life = home / "life"
    note(engine, life / "garden.md", "# Garden\n\nWe agreed on 400 euros for the garden budget.\n")
    note(engine, life / "numbers.csv", "12,13\n14,15\n")
    note(engine, life / "locked.pdf", "%PDF-1.4 and nothing more")
    for number in range(12):
        note(engine, life / f"copy-{number:02}.txt", "The theodolite stood on a rusty tripod.\n")
    yield engine
    engine.close()


def test_a_file_is_told_by_what_became_of_it(engine: Engine, home: Path) -> None:
    life = home / "life"
    assert engine.finding.why_not(str(life / "garden.md")).explanation.state == "in memory"
    assert engine.finding.why_not(str(life / "locked.pdf")).explanation.state == "failed"
    assert engine.finding.why_not(str(life / "none.md")).explanation.state == "not there"
    assert engine.finding.why_not(str(life)).explanation.state == "in memory"


def test_a_file_without_vectors_is_found_by_its_words_only(engine: Engine, home: Path) -> None:
    path = home / "life" / "garden.md"
    record = engine.journal.file(file_uri(path))
    assert record
    fewer = FileRecord(record.uri, record.size, record.mtime_ns, "indexed", chunks=record.chunks)
    engine.journal.store_files([fewer])
    told = engine.finding.why_not(str(path)).explanation
    engine.journal.store_files([record])
    assert told.state == "by words"
    assert told.reason.endswith("which is found by words only, not by their meaning yet")


def test_a_turn_is_told_by_its_number(engine: Engine) -> None:
    assert engine.finding.why_not(f"{CHAT}#t2").explanation.state == "in memory"
    later = engine.finding.why_not(f"{CHAT}#t9").explanation
    assert later.state == "not there"
    assert later.reason.startswith("the conversation has 3 turns so far")
    gone = engine.finding.why_not("chat:whatsapp/nobody#t1").explanation
    assert gone.reason.startswith("there is no such conversation")


def test_an_entry_is_told_by_its_life(engine: Engine) -> None:
    older, newer = entries(engine, "rent")
    told = engine.finding.why_not(older.entry.id).explanation
    assert told.state == "superseded"
    assert f"“{newer.entry.title}”" in told.reason
    engine.memory.archive([older.entry.id])
    assert engine.finding.why_not(older.entry.id).explanation.state == "archived"
    engine.memory.bring_back(older.entry.id)
    engine.work()
    with pytest.raises(NotFound):
        engine.finding.why_not("e_nothing")


def test_a_question_finds_it_or_says_why_not(engine: Engine, home: Path) -> None:
    garden = str(home / "life" / "garden.md")
    asked = "what is the garden budget?"
    found = engine.finding.why_not(garden, asked).trace
    assert found and found.rank == 1
    assert {each.channel for each in found.met} >= {"lexical", "vector"}
    past = engine.finding.why_not(garden, asked, 10, When(known_at="2026-01-01")).trace
    assert past and past.step == "other time"
    chats = engine.finding.why_not(garden, asked, 10, When(), read_filters(kind="chat")).trace
    assert chats and chats.step == "filtered"


def test_an_entry_counts_as_found_where_it_leads(engine: Engine) -> None:
    newer = entries(engine, "rent")[-1]
    told = engine.finding.why_not(newer.entry.id, "How much is my rent?").trace
    assert told and told.rank
    assert told.address.startswith(f"{CHAT}#t")


def test_what_is_not_there_is_not_searched_for(engine: Engine, home: Path) -> None:
    garden = home / "life" / "garden.md"
    told = engine.finding.why_not(f"{file_uri(garden)}#L900", "garden budget")
    assert (told.explanation.state, told.trace) == ("not there", None)
    with pytest.raises(ConfigError):
        engine.finding.why_not(str(home / "life"), "garden budget")
    with pytest.raises(ConfigError):
        engine.finding.why_not("chat:nonsense")


def test_asking_why_changes_nothing(engine: Engine, home: Path) -> None:
    before = (engine.journal.counts(), engine.index.table.version)
    engine.finding.why_not(str(home / "life" / "garden.md"), "garden budget")
    list(engine.finding.findability(engine.finding.documents(None, 3)))
    assert (engine.journal.counts(), engine.index.table.version) == before


def test_the_parts_of_a_score_add_up_to_it(engine: Engine) -> None:
    for item in engine.search("garden budget of 400 euros").evidence:
        parts = [hit for hit in item.hits if not hit.rank]
        assert parts
        assert sum(hit.adds for hit in parts) == pytest.approx(item.score, abs=1e-3)
        assert all(abs(hit.adds) <= abs(hit.worth) + 1e-3 for hit in parts)


def test_every_document_is_tried_by_a_sentence_of_its_own(engine: Engine, home: Path) -> None:
    documents = engine.finding.documents(home / "life")
    tried = {Path(one.uri).name: one for one in engine.finding.findability(documents)}
    assert len(tried) == documents.all == 15
    assert tried["garden.md"].found
    assert tried["garden.md"].sentence == "We agreed on 400 euros for the garden budget."
    assert not tried["locked.pdf"].found
    assert tried["locked.pdf"].reason
    lost = [one for name, one in tried.items() if name.startswith("copy") and not one.found]
    assert len(lost) == 2
    assert all("the same stands in file:" in one.reason for one in lost)


def test_the_newest_are_tried_first_and_entries_not_at_all(engine: Engine, home: Path) -> None:
    note(engine, home / "life" / "new.md", "Petunias grow along the fence.", "2026-09-01")
    documents = engine.finding.documents(None, 1)
    assert [Path(each.uri).name for each in documents.tried] == ["new.md"]
    everything = engine.finding.documents()
    assert not [each for each in everything.tried if each.uri.startswith(engine.journal.tree)]
    assert everything.all == len(everything.tried) == 17  # with the conversation
    (engine.home.path.parent / "life" / "new.md").unlink()
    engine.sweep()
    engine.work()


def test_a_folder_that_nothing_is_known_of_is_named(engine: Engine, home: Path) -> None:
    with pytest.raises(NotFound):
        engine.finding.documents(home / "elsewhere")
