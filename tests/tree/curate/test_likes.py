"""Preferences that are said outright, and what only sounds like one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cairn.core.tree.curate.rules.likes import propose
from tests.tree.curate.spoken import note, session, talk


@pytest.mark.parametrize(
    "text",
    [
        "I prefer trains to planes.",
        "I can't bear loud chewing.",
        "I'm really not a fan of musicals.",
        "I'd rather walk than wait for a bus.",
        "I've gone off beetroot.",
        "I avoid motorways.",
        "I don't eat pork.",
        "I have a soft spot for old bridges.",
        "My favourite kind of soup is borscht.",
        "Nothing beats a cold shower after the sauna.",
        "No sugar for me, please.",
        "I take my tea with lemon.",
        "Ich mag Hafer lieber als Reis.",
        "Am liebsten esse ich Linsen.",
        "Ich kann Fahrstuhlmusik nicht leiden.",
    ],
)
def test_said_outright(text: str) -> None:
    [found] = propose(talk(text))
    assert found.kind == "preference" and found.sources[0].quote == text


@pytest.mark.parametrize("text", ["I love cold plums.", "I always cycle to the office."])
def test_what_is_loved_counts_where_it_is_written_down(text: str) -> None:
    assert propose(note(text))
    assert not propose(talk(text))


def test_a_standing_wish_to_a_program() -> None:
    assert propose(session(("user", "I want answers in German."), ("assistant", "Sure.")))
    assert not propose(session(("user", "I want a list of all users."), ("assistant", "Sure.")))


def test_how_somebody_takes_something_can_be_superseded() -> None:
    [found] = propose(talk("I take my tea with lemon, not milk."))
    assert (found.subject, found.attribute, found.value) == ("Anna", "tea", "with lemon")
    [found] = propose(talk("I no longer take my tea plain, I have it with milk these days."))
    assert (found.subject, found.attribute, found.value) == ("Anna", "tea", "with milk")
    assert found.body.startswith("Anna no longer takes Anna's tea plain")


@pytest.mark.parametrize(
    ("text", "value"),
    [("I'm vegetarian now.", "vegetarian"), ("I eat meat again since March.", "meat again")],
)
def test_what_somebody_eats_can_be_superseded(text: str, value: str) -> None:
    [found] = propose(talk(text))
    assert (found.subject, found.attribute, found.value) == ("Anna", "diet", value)


def test_what_somebody_ate_once_is_no_diet() -> None:
    assert not propose(talk("I ate meat again yesterday.", "I might eat meat again."))


@pytest.mark.parametrize(
    "text",
    [
        "I love it!",
        "I hate it when that happens.",
        "I like your new bike.",
        "I hate to say it.",
        "I would prefer that.",
        "I love this film!",
        "I don't like the idea of it.",
        "Maybe I prefer the blue one.",
        "Do you prefer tea?",
        "Some people prefer tea to coffee.",
        "Oh sure, I just love queueing at the post office.",
        "I never said that.",
        "I always forget his name.",
        "I prefer not to say.",
        "No changes for me.",
        "I'd rather wait until Monday.",
        "Ich mag dich.",
        '"I prefer the dark," said the captain.',
    ],
)
def test_what_is_no_preference(text: str) -> None:
    assert not propose(talk(text))
    assert not propose(note(text))


def test_what_the_user_wrote_down_is_the_users() -> None:
    [line] = note("I prefer rye bread over toast")
    [found] = propose([replace(line, origin="user", who="me")])
    assert (found.kind, found.subject) == ("preference", "me")
    assert found.body == "You prefer rye bread over toast."
