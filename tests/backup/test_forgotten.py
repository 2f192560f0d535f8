"""What was forgotten stays so, whatever an older copy holds that takes the home's place."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cairn.app.backing_up import tell_restored
from cairn.core.backup.snapshot import QUARANTINE
from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.forget.scope import Between
from cairn.core.home import open_home
from cairn.core.restoring import Restored, restore
from cairn.core.tombstones import KEY
from cairn.core.uris import file_uri
from tests.backup.making import back_up
from tests.forget.scenarios import holding
from tests.test_intake import read_all


def lived(home: Path, life: Path) -> Engine:
    life.mkdir()
    (life / "boat.md").write_text(
        "# Boat\n\nThe quarrelwick harbour wants 90 euros a night.\n\nThe mast is new.\n"
    )
    engine = Engine(open_home(home), Config())
    read_all(engine, life)
    engine.remember("The quarrelwick harbour master is called Ines.")
    return engine


def test_a_backup_from_before_brings_nothing_back(tmp_path: Path) -> None:
    engine = lived(tmp_path / "home", tmp_path / "life")
    back_up(engine, tmp_path / "bk")
    engine.apply(engine.plan_forget("words:quarrelwick harbour"))
    engine.close()
    restore(tmp_path / "bk", tmp_path / "home", tmp_path / "config.toml", replace=True)
    again = Engine(open_home(tmp_path / "home"), Config())
    assert holding(again, "quarrelwick") == []
    assert "The mast is new." in again.search("Which mast is new?").evidence[0].chunk.text
    assert len(again.keeping.forgetting.receipts()) == 2  # the first, and what was restored
    plan = again.plan_forget("words:mast is new")
    assert any("before you restored another" in each for each in plan.stays)
    again.close()


def brought_back(engine: Engine, tmp_path: Path) -> tuple[Engine, Restored]:
    engine.close()
    home = tmp_path / "home"
    done = restore(tmp_path / "bk", home, tmp_path / "config.toml", replace=True)
    return Engine(open_home(home), Config()), done


def test_what_was_said_again_before_the_backup_is_there_after_it(
    engine: Engine, tmp_path: Path
) -> None:
    said = "The spare key of the summer house lies below the blue stone."
    forgotten = engine.remember(said)[0]
    engine.apply(engine.plan_forget(engine.memory.find(str(forgotten)).entry.id))
    engine.remember(said)
    engine.remember("The quarrelwick harbour master is called Ines.")
    back_up(engine, tmp_path / "bk")
    engine.apply(engine.plan_forget("words:quarrelwick harbour"))
    again, done = brought_back(engine, tmp_path)
    titles = [each.entry.title for each in again.tree.catalogue.all()]
    again.close()
    assert titles == [said] and done.entries == 1


def test_what_was_let_in_again_since_the_backup_stays_let_in(tmp_path: Path) -> None:
    engine = lived(tmp_path / "home", tmp_path / "life")
    place = tmp_path / "life" / "boat.md"
    id = engine.apply(engine.plan_forget(str(place))).id
    back_up(engine, tmp_path / "bk")
    engine.keeping.forgetting.lift(id)
    again, _ = brought_back(engine, tmp_path)
    forgetting = again.keeping.forgetting
    assert forgetting.receipt(id).lifted
    assert not forgetting.tombstones.has_place(file_uri(place))
    again.close()


def asked(engine: Engine) -> list[str]:
    return [text for (text,) in engine.journal.read("SELECT text FROM turns WHERE text != ''")]


@pytest.mark.parametrize("is_by_time", [False, True])
def test_questions_about_what_was_forgotten_stay_erased(
    engine: Engine, tmp_path: Path, is_by_time: bool
) -> None:
    clinic = engine.remember("The zanzibarium clinic is in Harbour Street.")[0]
    engine.ask("Where is the zanzibarium clinic?")
    back_up(engine, tmp_path / "bk")
    if is_by_time:
        ever = Between("2000-01-01T00:00:00.000+00:00", "2100-01-01T00:00:00.000+00:00")
        engine.apply(engine.plan_forget("", ever))
    else:
        engine.apply(engine.plan_forget(engine.memory.find(str(clinic)).entry.id))
    engine.ask("When does the ferry leave?")
    again, done = brought_back(engine, tmp_path)
    left = [holding(again, "zanzibarium"), asked(again)]
    named = again.journal.read("SELECT 1 FROM events WHERE uri != ''")
    again.close()
    assert left == [[], []] and done.is_forgotten
    assert not (is_by_time and named)


def test_other_questions_and_those_of_another_memory_come_back(tmp_path: Path) -> None:
    engine = lived(tmp_path / "home", tmp_path / "life")
    engine.ask("Where is the mast?")
    back_up(engine, tmp_path / "bk")
    engine.apply(engine.plan_forget("words:quarrelwick harbour"))
    again, _ = brought_back(engine, tmp_path)
    assert "Where is the mast?" in asked(again)
    again.close()
    shutil.rmtree(tmp_path / "home")
    engine = lived(tmp_path / "home", tmp_path / "other")
    engine.apply(engine.plan_forget("words:quarrelwick harbour"))
    again, done = brought_back(engine, tmp_path)
    assert "Where is the mast?" in asked(again) and holding(again, "quarrelwick")
    assert done.is_forgotten
    again.close()


@pytest.mark.parametrize("broken", ["turns", "tombstones", ""])
def test_what_a_damaged_journal_says_stays_forgotten_and_where_it_says_nothing_it_is_told(
    tmp_path: Path, broken: str
) -> None:
    engine = lived(tmp_path / "home", tmp_path / "life")
    back_up(engine, tmp_path / "bk")
    engine.apply(engine.plan_forget("words:quarrelwick harbour"))
    engine.close()
    break_page(tmp_path / "home" / "journal.db", broken)
    again, done = brought_back(engine, tmp_path)
    back = holding(again, "quarrelwick")
    again.close()
    assert done.is_forgotten == (broken == "turns")
    assert not (back and done.is_forgotten)


def break_page(journal: Path, table: str) -> None:
    """The first of a table, or of all."""
    with closing(sqlite3.connect(journal)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((size,),) = db.execute("PRAGMA page_size")
        sql = "SELECT max(rootpage) FROM sqlite_master WHERE type = 'table' AND name = ?"
        page = db.execute(sql, (table,)).fetchone()[0] or 1
    with journal.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))


def test_a_key_that_is_another_is_told(tmp_path: Path) -> None:
    engine = lived(tmp_path / "home", tmp_path / "life")
    engine.apply(engine.plan_forget("words:quarrelwick harbour"))
    back_up(engine, tmp_path / "bk")
    (tmp_path / "home" / KEY).write_text("00" * 32)
    again, done = brought_back(engine, tmp_path)
    again.close()
    assert not done.is_forgotten


def test_a_backup_brings_its_key_to_a_home_that_has_lost_it(tmp_path: Path) -> None:
    engine = lived(tmp_path / "home", tmp_path / "life")
    engine.apply(engine.plan_forget("words:the mast is new"))
    back_up(engine, tmp_path / "bk")
    engine.apply(engine.plan_forget("words:quarrelwick harbour"))
    (tmp_path / "home" / KEY).unlink()
    again, done = brought_back(engine, tmp_path)
    assert done.is_forgotten and holding(again, "quarrelwick") == []
    again.close()


def test_an_export_does_not_keep_out_what_was_forgotten_which_is_told(tmp_path: Path) -> None:
    engine = lived(tmp_path / "home", tmp_path / "life")
    engine.apply(engine.plan_forget("words:quarrelwick harbour"))
    engine.keeping.export.write(tmp_path / "out")
    engine.close()
    out, config = tmp_path / "out", tmp_path / "config.toml"
    assert not restore(out, tmp_path / "elsewhere", config).is_forgotten
    assert restore(out, tmp_path / "home", config, replace=True).is_forgotten
    again = Engine(open_home(tmp_path / "home"), Config())
    read_all(again, tmp_path / "life")
    assert holding(again, "quarrelwick") == []
    again.close()


@pytest.mark.parametrize("made", ["2026-03-02T18:20:00.000+00:00", ""])
def test_what_may_be_here_again_is_told_with_the_next_command(
    made: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = {
        "entries": 2, "turns": 0, "made": made, "put_aside": "/mem.before", "settings": "",
        "unconfirmed": [], "models": [], "models_left": ["big.gguf"], "is_forgotten": False,
    }  # fmt: skip
    tell_restored(data)
    told = capsys.readouterr().err
    assert "look for it with `cairn search`" in told and ("export" in told) == (not made)
    assert "still in /mem.before/models: big.gguf" in told
    tell_restored({**data, "models_left": [], "is_forgotten": True})
    assert "again" not in (told := capsys.readouterr().err) and "big.gguf" not in told


def test_copies_within_the_home_are_told_and_go(tmp_path: Path) -> None:
    engine = lived(tmp_path / "home", tmp_path / "life")
    engine.snapshot()
    aside = tmp_path / "home" / QUARANTINE / "2026-01-01"
    aside.mkdir(parents=True)
    (aside / "journal.db").write_text("The quarrelwick harbour wants 90 euros a night.")
    plan = engine.plan_forget("words:quarrelwick harbour")
    assert [each.detail for each in plan.copies if "earlier copies" in each.where] == [
        "snapshot, quarantine"
    ]
    engine.apply(plan)
    assert holding(engine, "quarrelwick") == []
    engine.close()
