"""What was forgotten stays so, whatever an older copy holds that takes the home's place."""

from __future__ import annotations

from pathlib import Path

from cairn.core.backup.snapshot import QUARANTINE
from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.restoring import Restored, restore
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
