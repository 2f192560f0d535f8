"""A forgotten entry is gone: no byte of it is left in the home, and nothing brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import CairnError
from cairn.core.home import open_home
from cairn.core.records import Entry
from cairn.core.tree.graph.asked import Asked
from cairn.core.tree.plan import Step

WORD = "Zanzibarium"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(open_home(tmp_path / "home"), Config())
    yield engine
    engine.close()


def holding(home: Path, word: str) -> list[str]:
    """Files, by name or content, with this word in any spelling of its case."""
    needle = word.lower()
    return [
        path.relative_to(home).as_posix()
        for path in sorted(home.rglob("*"))
        if needle in path.name.lower()
        or (path.is_file() and needle.encode() in path.read_bytes().lower())
    ]


def person(engine: Engine, title: str) -> None:
    head = f"id: e_9\ntitle: {title}\nkind: person\naliases: [{title} Smith]"
    text = f"---\n{head}\n---\n{title} is a friend.\n"
    engine.tree.files.write(f"people/{title.lower()}.md", text)
    engine.memory.notice()
    engine.curation.life.begin({"e_9": 1.0}, engine.tree.now())
    engine.work()


def test_no_byte_of_a_forgotten_entry_is_left(engine: Engine) -> None:
    engine.remember("The spare key is with Jonas.")
    person(engine, WORD)
    person_file = engine.memory.find("e_9").path
    engine.memory.edit("e_9", engine.memory.kept("e_9").text.replace("friend", "good friend"))
    engine.memory.move("e_9", f"people/{WORD.lower()}s")
    engine.curation.reviews.ask(
        "core", "k", ("e_9",), (Step("promote", ("e_9",)),), f"is {WORD} right?", engine.tree.now()
    )
    engine.work()
    engine.upkeep.round()
    engine.curation.picture(Asked(WORD))
    engine.ask(f"Who is {WORD}?")
    home = engine.home.path
    assert person_file and len(holding(home, WORD)) > 4
    engine.apply(engine.plan_forget("e_9"))
    assert holding(home, WORD) == []
    assert not engine.curation.things.find(WORD)
    assert engine.curation.picture(Asked("Jonas")) is not None
    assert engine.tree.catalogue.count() == (1, 0)


@pytest.mark.parametrize("mode", ["paused", "private"])
def test_what_is_forgotten_is_gone_at_once_also_while_nothing_is_indexed(
    engine: Engine, mode: str
) -> None:
    person(engine, WORD)
    engine.pause(True) if mode == "paused" else engine.private.begin()
    engine.apply(engine.plan_forget("e_9"))
    assert holding(engine.home.path, WORD) == []


@pytest.mark.parametrize("at", range(4))
def test_an_interrupted_forgetting_is_completed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    person(engine, WORD)
    plan = engine.plan_forget("e_9")
    stops = (
        (engine.tree.files, "remove"), (engine.tree, "noted"),
        (engine.upkeep, "sum_up"), (engine.keeping.forgetting, "_renew"),
    )  # fmt: skip
    place, name = stops[at]

    def stop(*arguments: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(place, name, stop)
        with pytest.raises(SystemExit):
            engine.apply(plan)
    engine.memory.notice()
    engine.tend()
    assert holding(engine.home.path, WORD) == []
    with pytest.raises(CairnError):
        engine.plan_forget("e_9")


def test_it_is_not_proposed_again_in_any_words_it_ever_had(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "life").mkdir()
    page = tmp_path / "life" / "plan.md"
    page.write_text("# Garden\n\nWe decided to plant three Zanzibarium trees behind the house.\n")
    engine.add(tmp_path / "life")
    engine.work()
    made = [each.entry for each in engine.tree.catalogue.all()]
    assert made
    for entry in made:
        engine.memory.edit(entry.id, engine.memory.kept(entry.id).text.replace("three", "four"))
        engine.apply(engine.plan_forget(entry.id))
    (tmp_path / "life" / "copy.md").write_text(page.read_text())
    page.write_text(page.read_text() + "\nMore.\n")
    engine.sweep()
    engine.work()
    assert list(engine.tree.catalogue.all()) == []


def test_what_was_related_loses_the_relation_and_nothing_else(engine: Engine) -> None:
    person(engine, WORD)
    path, _ = engine.remember("The spare key is with Jonas.")
    key = engine.memory.find(str(path)).entry
    from cairn.core.tree import deeds

    engine.tree.commit([deeds.relate(engine.tree, key.id, "e_9", "mentions", "it does")])
    engine.apply(engine.plan_forget("e_9"))
    assert engine.memory.find(key.id).entry == replace(key, relations=())
    assert "mentions" not in path.read_text()
    assert isinstance(key, Entry)
