"""What is laughed at, sung or invented is not kept."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules import propose
from tests.tree.curate.spoken import note, talk


def test_a_decision_in_earnest_is_kept() -> None:
    assert propose(talk("We decided to sell the boat in spring."))


@pytest.mark.parametrize("laugh", ["haha", "lol", "😂", ";-)", "just kidding", "ha"])
def test_what_is_laughed_at_is_not(laugh: str) -> None:
    assert not propose(talk(f"We decided to sell the boat in spring, {laugh}"))


def test_a_laugh_in_the_sentence_after_next_does_not_count() -> None:
    said = "We decided to sell the boat in spring. Then it rained all day long. Haha."
    assert [each.kind for each in propose(talk(said))] == ["decision"]


@pytest.mark.parametrize("mark", ["[Chorus]", "Verse 2", "## Refrain", "(Bridge)"])
def test_songs(mark: str) -> None:
    song = f"{mark}\nWe decided to sell the boat\nMy birthday is tomorrow\nI live in Rome"
    assert not propose(note(song, title="untitled"))


def test_stories() -> None:
    chapter = "They agreed on the price for the horse."
    assert propose(note(chapter, title="Farm"))
    assert not propose(note("# Chapter 3", chapter, title="Farm"))
    talked = '"Take it," said Ole. "I will," whispered Marta.'
    assert not propose(note(talked, chapter, title="Farm"))


def test_a_list_of_short_lines_is_no_poem() -> None:
    lines = "- Call the bank\n- Decision: we sell the boat in spring\n- Milk"
    assert [each.kind for each in propose(note(lines))] == ["decision"]


def test_code_that_goes_over_several_passages_is_left_out() -> None:
    parts = ("```\nbudget: 1", "We agreed on 400 for the shed.", "```",
             "We agreed on 500 for the roof.")  # fmt: skip
    [found] = propose(note(*parts, title="House"))
    assert "500" in found.body
