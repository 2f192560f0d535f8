"""Two whose names are nearly the same: a person says whether they are one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.journal import Journal
from cairn.core.tree import deeds
from cairn.core.tree.graph.found import Found
from cairn.core.tree.graph.store import Things
from cairn.core.tree.namesakes import ask_about
from cairn.core.tree.plan import Step
from cairn.core.tree.review import Review, Reviews
from cairn.core.tree.tree import Tree
from cairn.core.tree.undoing import undo_plan
from tests.tree.test_tree import Clock, add, entry


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    (tmp_path / "tree").mkdir()
    journal = Journal(tmp_path / "journal.db")
    yield Tree(tmp_path / "tree", journal, Clock())
    journal.close()


def page(tree: Tree, id: str, name: str) -> None:
    add(tree, replace(entry(id, name, f"{name} has a phone."), kind="person"))
    Things(tree.journal).follow_entries()


def asked(tree: Tree, *names: str) -> list[Review]:
    things = Things(tree.journal)
    for name in names:
        things.note(f"chat:{name}", [Found(name, "person", f"chat:{name}#t1")])
    reviews = Reviews(tree.journal)
    for _ in range(2):  # once, however often names are looked through
        ask_about(things.all(), things, tree.catalogue, reviews, tree.now())
    return reviews.open()


def test_a_yes_makes_them_one_and_is_taken_back(tree: Tree) -> None:
    page(tree, "e_1", "Katrin Weiß")
    (question,) = asked(tree, "Katrin Weiß", "Kathrin Weiss")
    assert (question.kind, question.entries) == ("merge", ("e_1",))
    assert question.reason == "“Katrin Weiß” and “Kathrin Weiss” may be the same person"
    (step,) = question.plan
    done = tree.commit([deeds.carry_out(tree, step, question.reason)])[0]
    things = Things(tree.journal)
    things.follow_entries()
    (katrin,) = things.all()
    assert (katrin.name, set(katrin.spellings)) == ("Katrin Weiß", {"Kathrin Weiss", "Katrin Weiß"})
    tree.commit([undo_plan(tree, done.id)])
    things.follow_entries()
    assert {each.name for each in things.all()} == {"Katrin Weiß", "Kathrin Weiss"}


def test_of_two_with_a_page_each_the_pages_are_to_become_one(tree: Tree) -> None:
    page(tree, "e_1", "Katrin Weiß")
    page(tree, "e_2", "Kathrin Weiss")
    (question,) = asked(tree, "Katrin Weiß", "Kathrin Weiss")
    assert [step.do for step in question.plan] == ["merge"]
    assert set(question.entries) == {"e_1", "e_2"}


def test_nothing_is_asked_where_nothing_rests_on_it(tree: Tree) -> None:
    assert asked(tree, "Katrin Weiß", "Kathrin Weiss") == []
    page(tree, "e_1", "Katrin Vogel")
    assert asked(tree, "Katrin Vogel", "Karin Vogel") == []


def test_a_name_is_added_once(tree: Tree) -> None:
    page(tree, "e_1", "Katrin Weiß")
    step = Step("alias", ("e_1",), {"name": "Kathrin Weiss"})
    tree.commit([deeds.carry_out(tree, step, "yes")])
    filed = tree.catalogue.get("e_1")
    assert filed and filed.entry.aliases == ("Kathrin Weiss",)
