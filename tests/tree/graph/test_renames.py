"""What an entry says is called otherwise now is one thing under both names."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.tree.graph.renames import renaming
from tests.tree.graph.life import Life


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


def renames(life: Life, *pairs: tuple[str, str]) -> None:
    for number, (old, new) in enumerate(pairs):
        life.entry(f"e_{number}", stated=(old, "name", new))
    life.things.follow_entries()


def names(life: Life) -> list[str]:
    return sorted(thing.name for thing in life.things.all())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Lena Vogt", "Lena Sandberg"), ("Heron", "Skylark"), ("Old Rowers", "Blue Oars"),
        ("Bank of Tyne", "Harbour Trust"), ("Acme Labs", "Acme Works"),
    ],
)  # fmt: skip
def test_a_name_in_place_of_a_name_renames(old: str, new: str) -> None:
    found = renaming(old, "name", new)
    assert found and (found.old, found.new) == (old, new)
    assert ("person" in found.kinds) == (old.split()[0] == new.split()[0])


@pytest.mark.parametrize(
    ("subject", "attribute", "value"),
    [
        ("family doctor", "name", "Dr. Weber"), ("my dog", "name", "Rex"), ("Lena", "name", "Mia"),
        ("Heron", "lead", "Dana"), ("Heron", "name", "the new one"), ("Heron", "name", "heron"),
        ("Dr. Weber", "name", "Dr. Kaya"), ("Heron", "name", "Dana"), ("Ana's cat", "name", "Eva"),
    ],
)  # fmt: skip
def test_what_only_has_a_name_is_not_renamed(subject: str, attribute: str, value: str) -> None:
    assert renaming(subject, attribute, value) is None


def test_both_names_are_one_and_the_new_one_is_shown(life: Life) -> None:
    life.says("chat:a", "Zephyr Choir", kind="thing")
    life.says("chat:b", "Harbour Voices", kind="thing")
    renames(life, ("Zephyr Choir", "Harbour Voices"))
    (choir,) = life.things.all()
    assert choir.name == "Harbour Voices"
    assert choir.spellings == ("Harbour Voices", "Zephyr Choir")
    assert life.things.find("Zephyr Choir") == [choir]


def test_a_married_name_is_the_same_person_and_another_lena_is_not(life: Life) -> None:
    life.says("chat:a", "Lena Vogt", "Lena")
    life.says("chat:b", "Lena Sandberg")
    life.says("chat:c", "Lena Brandt", "Lena")
    renames(life, ("Lena Vogt", "Lena Sandberg"))
    assert life.who("chat:a") == {"Lena Sandberg"} and life.who("chat:c") == {"Lena Brandt"}


def test_what_was_thrown_out_renames_no_more(life: Life) -> None:
    life.says("chat:a", "Heron", "Skylark", kind="project")
    before = life.rows()
    renames(life, ("Heron", "Skylark"))
    assert names(life) == ["Skylark"]
    life.entry("e_0", stated=("Heron", "name", "Skylark"), archived=1)
    life.things.follow_entries()
    assert life.rows() == before


def test_the_last_of_several_names_is_that_of_all(life: Life) -> None:
    life.says("chat:a", "Heron", "Skylark", "Meridian", kind="thing")
    renames(life, ("Heron", "Skylark"), ("Skylark", "Meridian"))
    assert names(life) == ["Meridian"]


def test_of_two_new_names_neither_counts_and_a_circle_ends(life: Life) -> None:
    life.says("chat:a", "Heron", "Skylark", "Meridian", kind="thing")
    renames(life, ("Heron", "Skylark"), ("Heron", "Meridian"))
    assert names(life) == ["Heron", "Meridian", "Skylark"]
    renames(life, ("Heron", "Skylark"), ("Skylark", "Heron"))
    assert names(life) == ["Heron", "Meridian", "Skylark"]


def test_what_the_user_says_of_a_name_goes_before(life: Life) -> None:
    life.says("chat:a", "Heron", kind="project")
    life.says("chat:b", "Kite", kind="project")
    life.entry("e_kite", "Kite", kind="project", aliases=["Heron"])
    renames(life, ("Heron", "Skylark"))
    assert life.who("chat:a") == {"Kite"}


def test_letters_with_strokes_are_no_difference(life: Life) -> None:
    life.says("chat:a", "Dr. Sørensen")
    life.says("chat:b", "Dr Sorensen")
    life.says("chat:c", "Łukasz Đorđević")
    life.says("chat:d", "Lukasz Dordevic")
    assert len(life.things.all()) == 2


def test_names_that_sound_alike_may_be_one_person(life: Life) -> None:
    life.says("chat:a", "Kathrin Weiss")
    life.says("chat:b", "Katrin Weiß")
    life.says("chat:c", "Weiss Kathrin")
    life.says("chat:d", "Karin Weiss", "Kathrin Vogel", "Katrin Weisser")
    (kathrin,) = life.things.find("Kathrin Weiss")
    assert {each.name for each in life.things.alike(kathrin)} == {"Katrin Weiß", "Weiss Kathrin"}


def test_who_is_named_beside_somebody_is_somebody_else(life: Life) -> None:
    life.says("chat:a", "Kathrin Weiss", "Katrin Weiss")
    (kathrin,) = life.things.find("Kathrin Weiss")
    assert life.things.alike(kathrin) == []
