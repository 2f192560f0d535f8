"""Titles as a person would write them."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules import propose
from tests.tree.curate.spoken import chat, note


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("Next inspection is due in March 2027.", "Lift", "Lift inspection due March 2027"),
        ("Omar is allergic to shellfish.", "Notes", "Omar's allergy: shellfish"),
        ("Omar's birthday is on 9 June.", "Notes", "Omar's birthday: 9 June"),
        ("Our dentist is Dr. Ines Roth.", "Notes", "Dentist: Dr. Ines Roth"),
        ("The hedge is 2.10 m high.", "Notes", "Hedge: 2.10 m high"),
        ("Goal: 40 lengths in a row", "Swimming", "Swimming goal: 40 lengths in a row"),
        ("Her birthday is on 9 June 1990.", "Ines Roth", "Ines Roth's birthday: 9 June 1990"),
        ("To restart: pull the plug of the box, then wait for a minute and plug it in.", "Router",
         "Router: to restart"),
    ],
)  # fmt: skip
def test_titles(text: str, title: str, expected: str) -> None:
    [found] = propose(note(text, title=title))
    assert found.title == expected


@pytest.mark.parametrize("text", ["Her birthday: 9 June 1990", "His phone number is 0151 2345678."])
def test_a_pronoun_that_stands_for_nobody_known_is_no_entry(text: str) -> None:
    assert not propose(note(text, title="Family"))
    assert not propose(chat(("Ben", text), ("Anna", "Ok.")))


def test_whose_number_it_is_stands_in_the_title() -> None:
    [found] = propose(chat(("Ben", "My phone number is 0151 2345678."), ("Anna", "Ok.")))
    assert found.title == "Ben's phone number: 0151 2345678"


def test_nothing_begins_with_also() -> None:
    [found] = propose(chat(("Omar Haddad", "I also prefer calls before ten."), ("Anna", "Ok.")))
    assert found.title == "Omar Haddad prefers calls before ten"
