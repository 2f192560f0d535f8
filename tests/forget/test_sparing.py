"""What others say too stays with them, and is told from what goes by words alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.forget.passing import Said, Sentences
from cairn.core.forget.scope import Between
from cairn.core.home import open_home
from cairn.core.locate import parse_address
from cairn.core.tombstones import pieces
from tests.forget.scenarios import World, holding

_BOTH = "We meet at the northern gate on Friday."
_FEBRUARY = Between("2026-02-01T00:00:00.000+00:00", "2026-03-01T00:00:00.000+00:00")


@pytest.mark.parametrize(
    "text",
    [
        "The key is under the stone. Or is it?",
        "It is on the way to us as of now.\nYes.",
        "Ann: Der Schlüssel hängt dort.\nBo: GROẞE Straße 12…",
        "Cafe\u0301 ﬁsh costs ½ of it™, as ever.",
        "2. a_b_c\n- [x] done",
        "鍵は石の下にある。そうですか？",
    ],
)
def test_no_text_is_passed_over_that_says_a_sentence(text: str) -> None:
    said = Said("file:~/a.md", f"a.md\n{text}", "", "", told=text)
    found = pieces(text)
    assert found
    for each in found:
        assert Sentences([each.plain]).may_be_in(said, said.words)
    assert not Sentences(["nobody says this here"]).may_be_in(said, said.words)
    assert not Sentences([]).may_be_in(said, said.words)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    engine = Engine(open_home(tmp_path / "home"), Config())
    yield World(engine, tmp_path / "life")
    engine.close()


@pytest.mark.parametrize("selector", ["person:Ann", "chat"])
def test_what_another_turn_says_too_stays_there(world: World, selector: str) -> None:
    chat = world.chat(
        "gate",
        ("2026-02-01T10:00:00+00:00", "Ann", f"{_BOTH} Zanzibarium is what I call it."),
        ("2026-03-02T10:00:00+00:00", "Ben", _BOTH),
    )
    world.settle()
    named = (selector, None) if selector != "chat" else (chat, _FEBRUARY)
    receipt = world.engine.apply(world.engine.plan_forget(*named))
    assert receipt.proof and receipt.proof.hits == ()
    (left,) = world.engine.conversations.archive.turns(chat)
    assert (left.number, left.text) == (2, _BOTH)
    world.engine.conversations.take_in(world.transcript("gate"))
    (left,) = world.engine.conversations.archive.turns(chat)
    assert left.text == _BOTH


def test_a_sentence_that_wraps_leaves_no_word_behind() -> None:
    text = "The diagnosis from Doctor Zanzibar was\nhypertension with kowalski syndrome. And tea."
    said = Said("file:~/a.md", f"a.md\n{text}", "", "", told=text)
    gone = [each for each in pieces(text) if "tea" not in each.plain]
    assert said.without(gone).split() == ["a.md", "And", "tea."]


def test_a_broken_database_among_the_entries_keeps_no_proof_from_being_made(world: World) -> None:
    world.write("shed.md", "The zqlantern hangs in the shed behind the house.\n")
    world.settle()
    broken = world.engine.tree.files.root / "old.db"
    broken.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    receipt = world.engine.apply(world.engine.plan_forget(str(world.life / "shed.md")))
    assert receipt.proof and receipt.proof.hits == ()
    assert broken.exists()


def test_an_assistant_is_not_shown_what_was_forgotten_nor_what_came_in_private(
    world: World,
) -> None:
    path = world.write("shed.md", "The zqlantern hangs in the shed.\n\nThe door is green.\n")
    world.engine.add(world.life)
    world.settle()

    def shown() -> str:
        target = parse_address(str(path))
        pieces = world.engine.passage(target, 9, kept_only=True).pieces
        return "\n".join(each.text for each in pieces)

    assert "zqlantern" in shown()
    world.engine.apply(world.engine.plan_forget("words:zqlantern"))
    world.engine.private.begin(60)
    with path.open("a") as file:
        file.write("\nA zqsecret.\n")
    assert "green" in shown()
    assert "zqlantern" not in shown() and "zqsecret" not in shown()


def test_a_file_that_lies_where_a_forgotten_one_lay_before_stays(world: World) -> None:
    old = world.write("diary.md", "# Diary\n\nIn January I met zqulrike at the harbour.\n")
    world.engine.add(world.life)
    world.settle()
    moved = old.rename(old.with_name("diary-2025.md"))
    world.settle()
    world.write("diary.md", "# Diary\n\nIn June the zqpassport was renewed at the town hall.\n")
    world.settle()
    receipt = world.engine.apply(world.engine.plan_forget(str(moved)))
    assert receipt.proof and receipt.proof.hits == ()
    assert holding(world.engine, "zqulrike") == [] and holding(world.engine, "diary-2025") == []
    world.write("diary.md", old.read_text() + "\nIn July zqoskar was born.\n")
    world.settle()
    for word in ("zqpassport", "zqoskar"):
        assert holding(world.engine, word)


def test_a_file_of_the_same_form_is_no_copy(world: World) -> None:
    form = "# {}\n\nWhat I took and how I slept this night:\n\n{}\n\n{}\n"
    first = world.write("t1.md", form.format("Monday", "zqaspirin.", "Badly."))
    second = world.write("t2.md", form.format("Tuesday", "Xarelto 20.", "Well."))
    world.write("t3.md", first.read_text())
    world.engine.add(world.life)
    world.settle()
    plan = world.engine.plan_forget(str(first))
    assert [Path(each).name for each in plan.scope.places] == ["t1.md", "t3.md"]
    receipt = world.engine.apply(plan)
    assert receipt.proof and receipt.proof.hits == ()
    second.write_text(second.read_text() + "\nThe new doctor is zqlind from now on.\n")
    world.settle()
    assert holding(world.engine, "Xarelto") and holding(world.engine, "zqlind")
    assert holding(world.engine, "zqaspirin") == []


def test_a_copy_that_is_read_between_the_plan_and_the_word_goes_too(world: World) -> None:
    said = "Zqulrike paid nine hundred euros for the hotel."
    world.write("a.md", f"# T\n\n{said}\n\nThe garden needs compost.\n")
    world.engine.add(world.life)
    world.settle()
    plan = world.engine.plan_forget("words:nine hundred euros")
    world.write("b.md", f"# Other\n\n{said}\n\nThe train takes five hours.\n")
    world.settle()
    receipt = world.engine.apply(plan)
    assert receipt.id == plan.scope.id
    assert receipt.proof and receipt.proof.hits == ()
    assert holding(world.engine, "zqulrike") == []


def test_a_text_without_full_stops_is_known_when_it_is_cut_elsewhere(world: World) -> None:
    def told(count: int, of: str) -> str:
        return " ".join(f"{of}{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(count))

    common, secret = (
        told(40, "common"),
        "my tumour marker is at zqninety and nobody must know of it",
    )
    long = f"{told(190, 'before')} {common} {secret} {told(190, 'after')}"
    first = world.write("dictated.txt", long + "\n")
    other = world.write("other.txt", f"{told(90, 'else')} {common}\n")
    world.engine.add(world.life)
    world.settle()
    receipt = world.engine.apply(world.engine.plan_forget(str(first)))
    assert receipt.proof and receipt.proof.hits == ()
    world.write("later.txt", f"Dictated on Monday {told(30, 'lead')} {long}\n")
    other.write_text(other.read_text() + "\nA line more.\n")
    world.settle()
    for word in ("zqninety", "tumour", "beforeba", "afterba"):
        assert holding(world.engine, word) == []
    said = [row.chunk.text for row in world.engine.index.table.unread()]
    assert sum("commonau commonav commonaw" in text for text in said) == 2
