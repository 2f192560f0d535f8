"""The tree is kept tidy as it grows, a little at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import CairnError
from cairn.core.home import open_home
from cairn.core.tree import deeds
from cairn.core.tree.ledger import Edit, Plan
from cairn.core.tree.markdown import render
from cairn.core.tree.place.split import TOO_MANY
from tests.tree.test_tree import entry


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(open_home(tmp_path / "home"), Config())
    yield engine
    engine.close()


def add(engine: Engine, *paths: str) -> None:
    plans = []
    for path in paths:
        made = entry(f"e_{path.rpartition('/')[2].removesuffix('.md')}", title=path)
        plans.append(Plan("ADD", (Edit(made.id, "", "", path, render(made)),), "said", "rules"))
    engine.tree.commit(plans)


def pages(engine: Engine) -> dict[str, str]:
    root = engine.home.tree
    return {
        path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("_context.md")
    }


def test_pages_kept_in_step_are_those_made_anew(engine: Engine) -> None:
    add(engine, "home/garden/1.md", "home/garden/beds/2.md", "work/3.md", "4.md")
    engine.upkeep.round()
    add(engine, "home/garden/5.md")
    engine.tree.commit([deeds.archive(engine.tree, ["e_3"], "old")])
    engine.tree.commit([deeds.move(engine.tree, "e_2", "play/toys")])
    engine.upkeep.round()
    kept = pages(engine)
    assert set(kept) == {
        "_context.md", "home/_context.md", "home/garden/_context.md", "play/_context.md",
        "play/toys/_context.md",
    }  # fmt: skip
    assert "3 entries in folders below" in kept["_context.md"] and "work" not in kept["_context.md"]
    for name in kept:
        (engine.home.tree / name).unlink()
    engine.upkeep._below = None
    engine.upkeep.sum_up(())
    assert pages(engine) == kept


def test_a_round_without_changes_reads_nothing_and_writes_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(engine, "home/1.md")
    engine.upkeep.round()
    monkeypatch.setattr(engine.upkeep, "sum_up", None)
    monkeypatch.setattr(engine.upkeep, "write_profile", None)
    engine.upkeep.round()


def test_what_changes_during_a_round_is_seen_by_the_next(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(engine, "home/1.md")
    real = engine.upkeep.sum_up

    def meanwhile(folders: set[str]) -> int:
        written = real(folders)
        add(engine, "work/2.md")
        return written

    with monkeypatch.context() as patch:
        patch.setattr(engine.upkeep, "sum_up", meanwhile)
        engine.upkeep.round()
    engine.upkeep.round()
    assert "work/_context.md" in pages(engine)


def test_a_file_under_the_users_hands_stops_no_round(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [f"home/{number}.md" for number in range(TOO_MANY + 1)]
    add(engine, *paths)
    (engine.home.tree / "home/0.md").write_text("---\ntitle: [\n")

    def busy(*arguments: object) -> None:
        raise CairnError("busy", "")

    monkeypatch.setattr(engine.tree, "text", busy)
    engine.upkeep.round()
    assert "home/_context.md" in pages(engine)


def test_successors_of_many_are_all_known(engine: Engine) -> None:
    add(engine, *(f"home/{number}.md" for number in range(500)), "home/new.md")
    engine.tree.commit([deeds.relate(engine.tree, "e_new", "e_499", "supersedes", "newer")])
    assert set(engine.tree.catalogue.successors(f"e_{n}" for n in range(500))) == {"e_499"}
