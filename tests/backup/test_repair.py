"""What is damaged in a home is said, and mended without deleting anything; answers are back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.deep import mismatches
from cairn.core.engine import Engine
from cairn.core.errors import Unavailable
from cairn.core.home import open_home
from cairn.core.journal import Journal
from cairn.core.repair import Repair
from cairn.core.salvage import salvage
from tests.test_intake import read_all

PAGE = 4096


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A memory of some size, closed."""
    place = tmp_path_factory.mktemp("sound")
    life = place / "life"
    life.mkdir()
    (life / "boiler.txt").write_text("The boiler service cost 189 euros in November 2025.\n")
    for number in range(4):
        (life / f"n{number}.md").write_text(
            f"# Note {number}\n\nA heron was seen, time {number}.\n"
        )
    engine = Engine(open_home(place / "home"), Config())
    read_all(engine, life)
    engine.remember("The spare key is with Jonas.")
    engine.work()
    engine.compact()
    engine.close()
    return place / "home"


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "copy")
    return tmp_path / "copy"


def flip(path: Path, at: int, count: int = 64) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(bytes(255 - byte for byte in path.read_bytes()[at : at + count]))


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def largest(folder: Path, pattern: str) -> Path:
    return max(folder.rglob(pattern), key=lambda path: (path.stat().st_size, path.name))


def first(folder: Path, pattern: str) -> Path:
    return sorted(folder.rglob(pattern))[0]


def each_piece(home: Path, do: Callable[[Path], None]) -> None:
    """Some may be of versions that nobody reads any more."""
    pieces = list(home.glob("index/*/data/*.lance"))
    assert pieces
    for piece in pieces:
        do(piece)


def spoil_text(home: Path) -> None:
    """A letter of a text that the index keeps: nothing of the library's notices it."""
    text, spoilt = b"The boiler service cost", 0
    for path in home.glob("index/*/data/*.lance"):
        data = path.read_bytes()
        path.write_bytes(data.replace(text, text.replace(b"boiler", b"bouler")))
        spoilt += data.count(text)
    assert spoilt


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "the index's list is cut": (lambda home: cut(largest(home, "*.manifest")), "index"),
    "the index is gone": (lambda home: shutil.rmtree(home / "index"), ""),
    "the index's pieces are gone": (lambda home: each_piece(home, Path.unlink), "index"),
    "the index's pieces are cut": (lambda home: each_piece(home, cut), "index"),
    "a letter of a text is another": (lambda home: spoil_text(home), "index"),
    "the shelf is no database": (lambda home: flip(first(home, "*.shelf"), 0), "shelf"),
    "the identity is cut": (lambda home: cut(home / "home.json"), "identity"),
    "the list of models is cut": (lambda home: (home / "models/models.json").write_text("{") and
                                  None, "models"),
    "the journal can't be opened by its owner": (lambda home: (home / "journal.db").chmod(0),
                                                 "rights"),
    "the tree can't be looked into": (lambda home: (home / "tree").chmod(0), "rights"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_it_is_mended_nothing_is_deleted_and_answers_are_back(home: Path, damage: str) -> None:
    do, part = DAMAGES[damage]
    do(home)
    deeds = Repair(home, Config()).run()
    assert ({deed.part for deed in deeds} - {"quarantine"} == {part}) if part else deeds == []
    assert any(home.glob("quarantine/*/*")) == (part not in ("", "rights"))
    engine = Engine(open_home(home), Config())
    engine.sweep()
    _ = engine.index
    engine.work()
    assert "189" in engine.ask("What did the boiler service cost?").sentences[0].text
    assert "Jonas" in engine.ask("Where is the spare key?").sentences[0].text
    assert [each for each in mismatches(engine) if each.part != "shelf"] == []
    engine.close()


def test_a_sound_home_is_left_as_it_is(home: Path) -> None:
    assert Repair(home, Config()).run() == []
    assert not (home / "quarantine").exists()


def filled(path: Path) -> dict[str, int]:
    """A journal of many pages; how many rows of each table."""
    journal = Journal(path)
    with journal.write() as db:
        for number in range(3000):
            db.execute("INSERT INTO events(at, kind, uri) VALUES ('', 'added', ?)",
                       (f"file:/{number}-{'x' * 40}",))  # fmt: skip
            db.execute("INSERT INTO quoted VALUES (?, '')", (f"{number:05}{'y' * 40}",))
    journal.read("PRAGMA wal_checkpoint(TRUNCATE)")
    journal.close()
    return {"events": 3000, "quoted": 3000}


def rows(path: Path, table: str) -> set[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return set(db.execute(f"SELECT * FROM {table}"))


def pages_of(path: Path, mark: bytes) -> list[int]:
    data = path.read_bytes()
    return [at for at in range(0, len(data), PAGE) if data[at : at + PAGE].count(mark) > 20]


@pytest.mark.parametrize("mark", [b"x" * 40, b"y" * 40], ids=["numbered", "keyed"])
def test_all_but_the_damaged_pages_of_a_journal_is_saved(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "journal.db"
    counts = filled(path)
    table, other = ("events", "quoted") if mark[:1] == b"x" else ("quoted", "events")
    before = rows(path, table)
    pages = pages_of(path, mark)
    flip(path, pages[len(pages) // 2], PAGE)
    found = salvage(path, tmp_path / "fresh.db")
    after = rows(tmp_path / "fresh.db", table)
    assert found.broken == (table,)
    assert after < before and len(after) > counts[table] - 200
    assert len(rows(tmp_path / "fresh.db", other)) == counts[other]
    journal = Journal(tmp_path / "fresh.db")
    assert journal.check() == "ok"
    journal.close()


def test_a_damaged_list_of_tables_costs_those_alone_that_stood_there(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    counts = filled(path)
    data = path.read_bytes()
    flip(path, data.index(b"CREATE TABLE self_tests") // PAGE * PAGE, PAGE)
    found = salvage(path, tmp_path / "fresh.db")
    assert "self_tests" in found.broken and "events" not in found.broken
    assert len(rows(tmp_path / "fresh.db", "events")) == counts["events"]


def test_a_damaged_journal_is_replaced_by_what_can_be_read_of_it(home: Path) -> None:
    path = home / "journal.db"
    with closing(sqlite3.connect(path)) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name='events'").fetchone()
        kept = set(db.execute("SELECT id, type FROM operations"))
    flip(path, (page - 1) * PAGE, PAGE)
    with pytest.raises(Unavailable, match="damaged"):
        journal = Journal(path)
        try:
            verdict = journal.check()
        finally:
            journal.close()
        raise Unavailable(f"damaged: {verdict}")
    deeds = Repair(home, Config()).run()
    assert [deed.part for deed in deeds][:1] == ["journal"] and "events" in deeds[0].said
    engine = Engine(open_home(home), Config())
    engine.sweep()
    engine.work()
    assert {(o.id, o.type) for o in engine.tree.ledger.log(limit=100)} >= kept
    assert "189" in engine.ask("What did the boiler service cost?").sentences[0].text
    engine.close()


def test_without_all_that_was_forgotten_nothing_is_read_until_the_user_says_so(home: Path) -> None:
    path = home / "journal.db"
    with closing(sqlite3.connect(path)) as db:
        sql = "SELECT rootpage FROM sqlite_master WHERE name = 'tombstones'"
        (page,) = db.execute(sql).fetchone()
    flip(path, (page - 1) * PAGE, PAGE)
    deeds = Repair(home, Config()).run()
    assert [deed.part for deed in deeds] == ["journal", "forgotten", "quarantine"]
    assert "tombstones" in deeds[0].said and deeds[1].next == "cairn daemon resume"
    engine = Engine(open_home(home), Config())
    assert engine.paused and engine.resting
    engine.close()


def test_a_journal_of_which_nothing_can_be_read_says_to_restore_a_backup(home: Path) -> None:
    data = (home / "journal.db").read_bytes()
    (home / "journal.db").write_bytes(os.urandom(len(data)))
    with pytest.raises(Unavailable, match="nothing of it can be read") as caught:
        Repair(home, Config()).run()
    assert "cairn restore --replace" in caught.value.hint
    assert (home / "journal.db").stat().st_size == len(data)


def test_what_does_not_add_up_is_named_with_the_next_command(home: Path) -> None:
    engine = Engine(open_home(home), Config())
    _ = engine.index
    assert [each for each in mismatches(engine) if each.part != "shelf"] == []
    with engine.journal.write() as db:
        db.execute("UPDATE files SET chunks = chunks + 1 WHERE uri LIKE '%boiler%' AND chunks = 1")
    (engine.home.tree / "stray.md").write_text("A thought.\n")
    found = [each for each in mismatches(engine) if each.part != "shelf"]
    assert {each.part for each in found} == {"index", "tree"}
    assert all(each.next.startswith("cairn ") for each in found)
    engine.close()
