"""Which ways to write a subject mean the same: only those that can mean nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.tree.curate.subjects import Subjects, same_attributes
from tests.tree.graph.life import Life


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


def same(life: Life, one: str, other: str, attribute: str = "address") -> bool:
    """Seen from either side, as it must be."""
    subjects = Subjects(life.things)
    mine = set(subjects.keys(one, attribute))
    theirs = set(subjects.keys(other, attribute))
    assert (f"{other}\x1f{attribute}".casefold() in mine) == (
        f"{one}\x1f{attribute}".casefold() in theirs
    )
    return f"{other}\x1f{attribute}".casefold() in mine


def test_a_first_name_is_the_only_one_who_bears_it(life: Life) -> None:
    life.says("chat:a", "Sofia")
    life.says("file:~/b.eml", "Sofia Lind <sofia.lind@life.example>")
    assert same(life, "Sofia", "Sofia Lind")
    assert same(life, "Sofia's sister", "Sofia Lind's sister")
    assert not same(life, "Sofia", "Sofia's sister")


def test_of_two_with_one_first_name_neither_is_meant(life: Life) -> None:
    life.says("chat:a", "Sofia")
    life.says("chat:b", "Sofia Lind")
    life.says("chat:c", "Sofia Berg")
    assert not same(life, "Sofia", "Sofia Lind")
    assert not same(life, "Sofia Berg", "Sofia Lind")


def test_a_surname_alone_is_nobodys_first_name(life: Life) -> None:
    life.says("chat:a", "Ida Atlas")
    assert not same(life, "Atlas", "Ida Atlas")
    assert not same(life, "atlas", "Ida Atlas")


def test_a_project_is_the_same_with_and_without_the_word(life: Life) -> None:
    assert same(life, "Project Atlas", "atlas") and same(life, "the Atlas project", "Atlas")
    assert not same(life, "Atlas", "Atlas Road")


def test_an_old_name_is_the_new_one(life: Life) -> None:
    life.says("chat:a", "Heron", "Skylark", kind="thing")
    assert not same(life, "heron", "skylark", "lead")
    life.entry("e_1", stated=("Heron", "name", "Skylark"))
    life.things.follow_entries()
    assert same(life, "heron", "skylark", "lead")


def test_a_doctor_is_reached_at_her_practice_and_lives_elsewhere(life: Life) -> None:
    life.says("chat:a", "Ms Adeyemi")
    assert same(life, "Ms Adeyemi", "Ms Adeyemi's practice", "phone")
    assert not same(life, "Ms Adeyemi", "Ms Adeyemi's practice", "address")
    assert not same(life, "Ms Adeyemi", "Ms Adeyemi's car", "phone")


def test_a_property_is_the_same_by_all_its_names() -> None:
    assert "phone" in same_attributes("Phone number") and "telefon" in same_attributes("phone")
    assert "mobile" not in same_attributes("phone")
    assert same_attributes("hourly rate") == ("hourly rate",)
    assert same_attributes("customer number") == ("customer number",)
    assert same_attributes("shoe colour of Tom") == ("shoe colour of Tom",)


def test_a_slip_of_the_pen_is_the_same_subject(life: Life) -> None:
    life.says("chat:a", "Katharina Winterfeld")
    life.says("chat:b", "Katharina Winterfled")
    assert same(life, "Katharina Winterfeld", "Katharina Winterfled")
