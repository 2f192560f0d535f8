"""What was backed up comes back as it was: on an empty machine, elsewhere, from an export."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from cairn.core.backup.blocks import Damaged
from cairn.core.backup.store import Backups
from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import Busy, ConfigError, NotFound
from cairn.core.home import open_home
from cairn.core.restoring import restore
from cairn.core.uris import file_uri
from tests.backup.making import back_up
from tests.test_intake import read_all

QUESTIONS = (
    "What did the boiler service cost?", "When does the ferry leave?", "Where is the spare key?",
)  # fmt: skip
TURNS = (
    '{"format": "cairn-turns", "version": 1}\n'
    '{"conversation": "c1", "title": "Trip", "time": "2026-01-05T10:00:00+00:00", '
    '"author": "Ana", "origin": "other", "text": "The ferry to Hvar leaves at seven.", "id": "1"}\n'
)


@dataclass
class Kept:
    """A memory that was backed up and exported, and then lost with the files that it was of."""

    home: Path
    told: list[object]
    turns: list[tuple[object, ...]]
    backups: Path
    export: Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    place = tmp_path_factory.mktemp("kept")
    life = place / "life"
    life.mkdir()
    (life / "boiler.txt").write_text("The boiler service cost 189 euros in November 2025.\n")
    (life / "garden.md").write_text("# Garden\n\nWe agreed on 400 euros for the garden budget.\n")
    (place / "trip.turns.jsonl").write_text(TURNS)
    engine = Engine(open_home(place / "home"), Config())
    read_all(engine, life)
    engine.remember("The spare key is with Jonas.")
    engine.conversations.take_in(place / "trip.turns.jsonl", "", [])
    engine.work()
    engine.compact()
    before, turns = told(engine), turns_of(engine)
    back_up(engine, place / "bk")
    engine.keeping.export.write(place / "out")
    engine.close()
    shutil.rmtree(life)
    shutil.rmtree(place / "home")
    return Kept(place / "home", before, turns, place / "bk", place / "out")


def turns_of(engine: Engine) -> list[tuple[object, ...]]:
    return engine.journal.read("SELECT key, text, who, at FROM turns ORDER BY key")


def opened(home: Path) -> Engine:
    engine = Engine(open_home(home), Config())
    engine.sweep()
    engine.work()
    return engine


def told(engine: Engine) -> list[object]:
    """Ids, history, answers, what they cite and every score, wherever the home lies."""
    answers = [engine.ask(question) for question in QUESTIONS]
    found = [engine.search(question).evidence for question in QUESTIONS]
    return [
        [(each.entry, each.path, each.hash) for each in engine.tree.catalogue.all()],
        engine.tree.ledger.log(limit=100),
        [[asdict(sentence) for sentence in answer.sentences] for answer in answers],
        [[(c.hash, c.quote, c.span, c.entries) for c in a.citations] for a in answers],
        [[(e.chunk.id, e.score, e.relevance, e.snippet) for e in each] for each in found],
    ]


def test_on_an_empty_machine_it_gives_the_same_answers_ids_and_provenance(
    kept: Kept, tmp_path: Path
) -> None:
    done = restore(kept.backups, kept.home, tmp_path / "config.toml")
    again = opened(kept.home)
    held, counts = Backups(kept.backups).at().held, again.journal.counts()
    assert (held.turns, held.files, held.passages) == (counts.turns, counts.files, counts.chunks)
    assert turns_of(again)[: len(kept.turns)] == kept.turns
    assert told(again) == kept.told
    assert again.ask(QUESTIONS[0]).citations[0].state == "away"
    again.close()
    shutil.rmtree(kept.home)
    assert (done.entries, done.turns) == (held.entries, held.turns)


def test_in_another_place_it_gives_the_same_answers_and_nothing_names_the_old_one(
    kept: Kept, tmp_path: Path
) -> None:
    restore(kept.backups, tmp_path / "other" / "place", tmp_path / "config.toml")
    again = opened(tmp_path / "other" / "place")
    assert told(again) == kept.told
    assert again.ask(QUESTIONS[2]).citations[0].state == "ok"
    uris = [uri for _, uri, _ in again.index.table.places("true")]
    again.close()
    old = str(kept.home / "tree")
    assert uris and not [uri for uri in uris if old in uri]
    with closing(sqlite3.connect(again.home.journal)) as db:
        dumped = list(db.iterdump())
    assert [line for line in dumped if old in line] == []


def test_where_its_folder_holds_other_files_by_now_those_are_known(
    kept: Kept, tmp_path: Path
) -> None:
    life = kept.home.parent / "life"
    life.mkdir()
    (life / "boiler.txt").write_text("The boiler service cost 210 euros in November 2026.\n")
    (life / "attic.txt").write_text("The attic was insulated in June.\n")
    restore(kept.backups, kept.home, tmp_path / "config.toml")
    again = opened(kept.home)
    names = {Path(record.uri).name for record in again.journal.files(file_uri(life))}
    asked = [again.ask(question) for question in (QUESTIONS[0], "When was the attic insulated?")]
    key, turns, rows = again.ask(QUESTIONS[2]), turns_of(again), again.check()
    again.close()
    shutil.rmtree(kept.home)
    shutil.rmtree(life)
    assert names == {"boiler.txt", "attic.txt"}
    assert "210" in asked[0].short and "June" in asked[1].short
    assert "Jonas" in key.short
    assert set(kept.turns) <= set(turns)
    assert rows.rows == rows.chunks


def test_what_is_backed_up_while_files_are_read_is_whole(tmp_path: Path) -> None:
    life = tmp_path / "life"
    life.mkdir()
    for number in range(120):
        (life / f"n{number}.md").write_text(f"# Note {number}\n\nThe plum{number} tree is old.\n")
    engine = Engine(open_home(tmp_path / "home"), Config())
    engine.add(life)
    reading = threading.Thread(target=engine.work)
    reading.start()
    for number in range(3):
        back_up(engine, tmp_path / "bk")
        engine.remember(f"Thought {number} in between.")
    reading.join()
    engine.close()
    shutil.rmtree(tmp_path / "home")
    restore(tmp_path / "bk", tmp_path / "home", tmp_path / "config.toml")
    again = opened(tmp_path / "home")
    health, counts = again.check(), again.journal.counts()
    found = [again.search(f"plum{number}").evidence for number in (0, 60, 119)]
    again.close()
    assert (health.journal, health.rows) == ("ok", health.chunks)
    assert counts.indexed == 120 and not counts.dead
    assert all(each and "plum" in each[0].chunk.text for each in found)


def test_an_export_is_restored_too(kept: Kept, tmp_path: Path) -> None:
    done = restore(kept.export, tmp_path / "place", tmp_path / "config.toml")
    again = opened(tmp_path / "place")
    ids, history = (
        [(each.entry, each.path, each.hash) for each in again.tree.catalogue.all()],
        again.tree.ledger.log(limit=100),
    )
    assert [ids, history] == kept.told[:2]
    assert set(kept.turns) <= set(turns_of(again))
    assert "Jonas" in again.ask(QUESTIONS[2]).sentences[0].text
    assert again.journal.counts().chunks == again.index.table.count()
    again.close()
    assert (done.entries, done.made, done.is_forgotten) == (len(ids), "", True)


def test_a_home_that_holds_something_is_replaced_only_when_told_and_kept_beside(
    engine: Engine, tmp_path: Path
) -> None:
    back_up(engine, tmp_path / "bk")
    home, config = engine.home, tmp_path / "config.toml"
    (home.models / "mine.gguf").write_bytes(b"GGUF")
    engine.remember("The bassoon was sold.")
    with pytest.raises(Busy):
        restore(tmp_path / "bk", home.path, config, replace=True)
    engine.close()
    with pytest.raises(ConfigError, match="not empty"):
        restore(tmp_path / "bk", home.path, config)
    done = restore(tmp_path / "bk", home.path, config, replace=True)
    assert "bassoon" in "".join(path.name for path in Path(done.put_aside).rglob("*.md"))
    assert not [path for path in home.tree.rglob("*.md") if "bassoon" in path.name]
    assert (home.models / "mine.gguf").is_file()
    places = [path for path in home.path.rglob("*") if path.name != "mine.gguf"]
    assert not [path for path in places if path.lstat().st_mode & 0o077]


def test_a_damaged_backup_changes_nothing_and_the_one_before_it_can_be_restored(
    engine: Engine, tmp_path: Path
) -> None:
    first = back_up(engine, tmp_path / "bk")
    engine.remember("The bassoon was sold.")
    second = back_up(engine, tmp_path / "bk")
    mine = sorted(second.blocks - first.blocks)[0]
    path = tmp_path / "bk" / "blocks" / mine[:2] / mine
    path.write_bytes(path.read_bytes()[:-1] + b"\1")
    other, config = tmp_path / "other", tmp_path / "config.toml"
    with pytest.raises(Damaged, match="damaged"):
        restore(tmp_path / "bk", other, config)
    assert not [path for path in tmp_path.iterdir() if "other" in path.name]
    assert restore(tmp_path / "bk", other, config, at=first.made).made == first.made
    with pytest.raises(NotFound, match="as old"):
        restore(tmp_path / "bk", tmp_path / "third", config, at="2025-01-01T00:00:00.000+00:00")


def test_settings_come_along_and_never_over_those_that_are_here(
    engine: Engine, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[watch]\nquiet_s = 3.0\n")
    back_up(engine, tmp_path / "bk", config)
    engine.close()
    new = tmp_path / "new" / "config.toml"
    assert restore(tmp_path / "bk", tmp_path / "one", new).settings == str(new)
    assert new.read_text() == config.read_text() and new.stat().st_mode & 0o077 == 0
    assert restore(tmp_path / "bk", tmp_path / "two", new).settings == ""
    new.write_text("")
    assert restore(tmp_path / "bk", tmp_path / "three", new).settings == f"{new}.restored"
    assert new.read_text() == ""


def test_a_folder_that_is_neither_is_refused_before_anything_happens(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(NotFound, match="neither"):
        restore(tmp_path / "photos", tmp_path / "one", tmp_path / "config.toml")
    assert sorted(os.listdir(tmp_path)) == ["photos", "user"]


def test_a_home_behind_a_link_that_leads_nowhere_is_not_made_there(
    kept: Kept, tmp_path: Path
) -> None:
    link = tmp_path / "home-on-a-disk"
    link.symlink_to(tmp_path / "disk" / "home")
    with pytest.raises(ConfigError, match="leads nowhere"):
        restore(kept.backups, link, tmp_path / "config.toml")
    assert not (tmp_path / "disk").exists()
