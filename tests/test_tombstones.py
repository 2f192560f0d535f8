"""What is barred is known again whatever is done to it, and says nothing to whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.errors import Unavailable
from cairn.core.journal import Journal
from cairn.core.tombstones import KEY, Barring, Piece, Tombstones

SAID = "The spare key hangs behind the blue door."
PLACE = "file:~/notes/keys.md"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db")
    yield journal
    journal.close()


def barred(journal: Journal, **what: object) -> Tombstones:
    tombstones = Tombstones(journal)
    with journal.write() as db:
        tombstones.bury(db, "f_1", Barring(**what))  # type: ignore[arg-type]
    return tombstones


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        SAID.upper(),
        f"- {SAID}",
        f"Ana: {SAID}",
        f"> {SAID}",
        SAID.replace(" behind ", "\nbehind "),
        SAID.replace("spare", "spere"),
        SAID.replace("The", "Te"),
        SAID.replace("spare", "sp\u00adare").replace("behind", "be\u200bhind"),
        SAID.replace("door", "doors"),
        f"It rained. {SAID} It was late.",
    ],
)
def test_a_sentence_is_known_in_any_form(journal: Journal, text: str) -> None:
    left = barred(journal, said=[(PLACE, SAID)]).without(text, "file:~/elsewhere.md")
    assert "hangs" not in left.lower()
    assert ("It rained." in left) == ("It rained." in text)


@pytest.mark.parametrize(
    "text",
    ["The spare key hangs behind the red gate.", "The door is blue.", "Keys hang here and there."],
)
def test_what_says_something_else_stays(journal: Journal, text: str) -> None:
    assert barred(journal, said=[(PLACE, SAID)]).spans(text, PLACE) == []


def test_a_short_sentence_is_barred_only_where_it_stood(journal: Journal) -> None:
    tombstones = barred(journal, said=[(PLACE, "Milk and eggs.")])
    assert tombstones.without("Milk and eggs.", PLACE) == ""
    assert tombstones.without("Milk and eggs.", "file:~/b.md") == "Milk and eggs."


@pytest.mark.parametrize(
    "text",
    [
        "I am HIV positive.",
        "Krankenversicherungsnummer: A4711",
        "我的银行保险箱密码是四七一一请不要告诉任何人。",
        "鍵は石の下にある。",
    ],
)
def test_four_words_or_many_letters_are_known_anywhere(journal: Journal, text: str) -> None:
    assert barred(journal, said=[(PLACE, text)]).without(text, "file:~/b.md").strip("。") == ""


@pytest.mark.parametrize("text", ["Mon, 3 March 2026", "12, 30, 14, 2", "我很好。"])
def test_a_date_some_numbers_and_two_words_are_anybodys(journal: Journal, text: str) -> None:
    tombstones = barred(journal, said=[(PLACE, text)])
    assert tombstones.without(text, "file:~/b.md") == text
    assert tombstones.spans(text, PLACE)


def test_what_was_barred_as_a_short_sentence_stays_barred(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Piece, "is_telling", Piece.was_telling)
        tombstones = barred(journal, said=[(PLACE, "I am HIV positive.")])
    assert tombstones.without("I am HIV positive.", PLACE) == ""
    assert tombstones.spans("I am HIV positive.", "file:~/b.md") == []


def test_places_hold_what_is_in_them_until_they_are_lifted(journal: Journal) -> None:
    tombstones = barred(journal, places=["file:~/old"], turns=[("chat:x/y", "k")])
    assert tombstones.has_place("file:~/old/deep/a.md")
    assert tombstones.has_place("file:~/old/mail.eml!/plan.txt")
    assert not tombstones.has_place("file:~/older.md")
    assert tombstones.has_turn("chat:x/y", "k") and not tombstones.has_turn("chat:x/z", "k")
    with journal.write() as db:
        assert tombstones.lift(db, "f_1") == 2
    assert not tombstones.has_place("file:~/old/deep/a.md")


def test_digests_are_worth_nothing_without_the_secret(journal: Journal, tmp_path: Path) -> None:
    barred(journal, places=[PLACE], said=[(PLACE, SAID)], claims=["c"])
    key = tmp_path / KEY
    assert key.stat().st_mode & 0o777 == 0o600
    rows = journal.read("SELECT key, near FROM tombstones")
    (tmp_path / "other").mkdir()
    other = Journal(tmp_path / "other" / "journal.db")
    barred(other, places=[PLACE], said=[(PLACE, SAID)], claims=["c"])
    assert not set(rows) & set(other.read("SELECT key, near FROM tombstones"))
    other.close()
    key.unlink()
    with pytest.raises(Unavailable, match=KEY):
        Tombstones(journal).has_place(PLACE)
