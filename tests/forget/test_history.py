"""What entries said once is forgotten with the rest, and what else they say stays theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import CairnError
from cairn.core.home import open_home
from cairn.core.uris import file_uri
from tests.forget.scenarios import World, holding

_WORDS = "words:zq lantern"
_PAGE = """---
id: e_h
title: House book
kind: fact
room: hall # mine
tags: [house, lamps]
---
The roof was mended in 2019 by Oskar.

A zq lantern stands by the gate.

The boiler needs service each May.
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    engine = Engine(open_home(tmp_path / "home"), Config())
    yield World(engine, tmp_path / "life")
    engine.close()


def edit(world: World, id: str, was: str, now: str) -> None:
    text = world.engine.memory.kept(id).text
    assert was in text
    world.engine.memory.edit(id, text.replace(was, now))
    world.settle()


def undo_all(engine: Engine) -> None:
    for (number,) in engine.journal.read("SELECT id FROM operations ORDER BY id DESC"):
        try:
            engine.memory.undo(int(str(number)))
        except CairnError:
            continue


def test_words_that_only_the_tree_or_its_history_says_are_gone(world: World) -> None:
    engine = world.engine
    said = "The zq lantern belongs to Ulrike from Bergen."
    edited = world.remember(said)
    edit(world, edited, said, "The lamp was sold.")
    deleted = engine.memory.find(world.remember("A zq lantern hangs in the cellar at home."))
    engine.tree.files.remove(deleted.path)
    engine.memory.notice()
    receipt = engine.apply(engine.plan_forget(_WORDS))
    assert receipt.proof and receipt.proof.looked_for and receipt.proof.hits == ()
    undo_all(engine)
    world.settle()
    for form in ("zq lantern", "zq-lantern", "Ulrike"):
        assert holding(engine, form) == []
    world.write("copy.md", f"# Copy\n\n{said}\n")
    engine.add(world.life)
    world.settle()
    assert holding(engine, "zq lantern") == []


@pytest.mark.parametrize(
    ("words", "said", "stays"),
    [
        ("密码", "我把保险箱密码写在书房的蓝色笔记本里。", "屋顶去年修好了。"),
        ("비밀번호", "금고 비밀번호는 파란 공책에 적어 두었다.", "지붕은 작년에 고쳤다."),
        ("รหัสผ่าน", "ฉันจดรหัสผ่านตู้เซฟไว้ในสมุดสีน้ำเงิน", "หลังคาซ่อมเมื่อปีที่แล้ว"),
    ],
)
def test_words_are_known_where_no_spaces_part_them(
    world: World, words: str, said: str, stays: str
) -> None:
    engine = world.engine
    world.write("safe.md", f"# Notes\n\n{said}\n\n{stays}\n")
    engine.add(world.life)
    world.settle()
    receipt = engine.apply(engine.plan_forget(f"words:{words}"))
    assert receipt.proof and receipt.proof.looked_for and receipt.proof.hits == ()
    assert holding(engine, words) == []
    assert holding(engine, stays) != []


def test_a_page_loses_the_sentence_and_keeps_what_else_it_says(world: World) -> None:
    engine = world.engine
    engine.tree.files.write("notes/house.md", _PAGE)
    engine.memory.notice()
    world.settle()
    plan = engine.plan_forget(_WORDS)
    assert (plan.going, plan.losing) == ((), ("House book",))
    receipt = engine.apply(plan)
    assert receipt.proof and receipt.proof.hits == ()
    left = engine.tree.files.read("notes/house.md")
    assert left == _PAGE.replace("A zq lantern stands by the gate.\n\n", "")


def test_a_file_is_gone_from_the_history_of_an_entry_that_left_it(world: World) -> None:
    engine = world.engine
    sentence = "We decided to plant three Zanzibarium trees behind the house."
    page = world.write("garden.md", f"# Garden\n\n{sentence}\n")
    engine.add(world.life)
    world.settle()
    (filed,) = engine.tree.catalogue.all()
    text = f"---\nid: {filed.entry.id}\ntitle: Lawn\nkind: decision\n---\nWe keep the lawn.\n"
    engine.memory.edit(filed.entry.id, text)
    world.settle()
    receipt = engine.apply(engine.plan_forget(str(page)))
    assert receipt.proof and receipt.proof.looked_for and receipt.proof.hits == ()
    assert "We keep the lawn." in engine.memory.kept(filed.entry.id).text
    undo_all(engine)
    assert holding(engine, "Zanzibarium") == []


def test_what_the_history_of_another_says_too_is_no_trace_of_a_file(world: World) -> None:
    engine = world.engine
    said = "The spare key lies under the third stone."
    page = world.write("key.md", f"# Key\n\n{said}\n\nThe zqgutter was cleaned on Monday.\n")
    engine.add(world.life)
    own = world.remember(said)
    world.settle()
    edit(world, own, said, "The key is lost.")
    receipt = engine.apply(engine.plan_forget(str(page)))
    assert receipt.proof and receipt.proof.hits == ()
    undo_all(engine)
    assert holding(engine, "zqgutter") == []


def test_an_entry_that_loses_a_source_loses_all_that_only_this_says(world: World) -> None:
    engine = world.engine
    gone, left = "Ben is zqill.", "Ben moved to Bergen in the spring of last year."
    for name, text in (("a.md", gone), ("b.md", left)):
        world.write(name, f"# Ben\n\n{text}\n")
    engine.add(world.life)
    world.settle()
    engine.tree.files.write(
        "people/ben.md",
        "---\nid: e_9\ntitle: Ben's health\nkind: fact\nsubject: Ben\nattribute: health\n"
        "value: zqill\naliases: [zqill Ben, Benjamin]\ntags: [zqill, friends]\nsources:\n"
        f'  - {{uri: "{file_uri(world.life / "a.md")}#L3", quote: "{gone}"}}\n'
        f'  - {{uri: "{file_uri(world.life / "b.md")}#L3", quote: "{left}"}}\n'
        f"---\n{gone} {left}\n",
    )
    engine.memory.notice()
    world.settle()
    receipt = engine.apply(engine.plan_forget(str(world.life / "a.md")))
    assert receipt.proof and receipt.proof.hits == ()
    entry = engine.memory.find("e_9").entry
    assert (entry.body, entry.value, entry.attribute, entry.subject) == (left, "", "", "Ben")
    assert (entry.aliases, entry.tags) == (("Benjamin",), ("friends",))
    assert holding(engine, "zqill") == []
