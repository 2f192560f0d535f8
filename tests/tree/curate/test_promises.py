"""What somebody said they would do, and by when."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules.promises import propose
from tests.tree.curate.spoken import chat, mail, note, session, talk


def test_a_promise_has_a_promiser_a_day_and_what_it_is_about() -> None:
    turns = chat(("Anna", "Can you send me the invoice for the roof?"),
                 ("Ben", "Sure, I'll send it by Friday."))  # fmt: skip
    [found] = propose(turns)
    assert found.body == "Ben will send the invoice for the roof by 13 March 2026."
    assert (found.kind, found.subject, found.valid_until) == ("promise", "Ben", "2026-03-13")
    assert [source.quote for source in found.sources] == [
        "I'll send it by Friday.", "Can you send me the invoice for the roof?",
    ]  # fmt: skip
    assert "Anna" in found.mentions


@pytest.mark.parametrize(
    ("text", "body", "due"),
    [
        ("I'll pay you the 40 euros tomorrow.", "Anna will pay Ben the 40 euros on 11 March 2026.",
         "2026-03-11"),
        ("I will ask Jonas about the wood on Saturday.",
         "Anna will ask Jonas about the wood on 14 March 2026.", "2026-03-14"),
        ("I promise I'll have the report ready by Thursday.",
         "Anna will have the report ready by 12 March 2026.", "2026-03-12"),
        ("Clara promised to return the drill by 20 March.",
         "Clara promised to return the drill by 20 March 2026.", "2026-03-20"),
        ("Will send the minutes tomorrow.", "Anna will send the minutes on 11 March 2026.",
         "2026-03-11"),
        ("You'll have the numbers by Wednesday.", "Ben will have the numbers by 11 March 2026.",
         "2026-03-11"),
        ("I'll transfer the deposit by the 15th.",
         "Anna will transfer the deposit by 15 March 2026.", "2026-03-15"),
        ("Tom said he would bring the projector on Friday.",
         "Tom said he would bring the projector on 13 March 2026.", "2026-03-13"),
        ("I'll send you the recipes.", "Anna will send Ben the recipes.", ""),
    ],
)  # fmt: skip
def test_promises_of_conversations(text: str, body: str, due: str) -> None:
    [found] = propose(talk(text))
    assert (found.body, found.valid_until) == (body, due)


def test_promises_of_mails_lie_ahead() -> None:
    [found] = propose(mail("The rent stays. I will have the stairwell painted in June."))
    assert found.body == "Petra Lindqvist will have the stairwell painted in June 2026."
    assert (found.valid_until, found.origin) == ("2026-06-30", "other")


def test_action_items_of_minutes() -> None:
    items = note("- Ben: book the venue by 14 March", "- Venue: nice", heading=("Action items",))
    [found] = propose(items)
    assert (found.subject, found.valid_until) == ("Ben", "2026-03-14")


def test_the_same_promise_is_one() -> None:
    text = "I'll send the contract to Petra on Friday."
    assert len(propose(talk(text, text))) == 1


def test_other_languages() -> None:
    [found] = propose(talk("Ich schicke dir die Fotos bis Freitag."))
    assert (found.body, found.valid_until) == (
        "Ich schicke dir die Fotos bis Freitag.",
        "2026-03-13",
    )
    assert not propose(talk("Ich schicke dir vielleicht die Fotos bis Freitag."))


@pytest.mark.parametrize(
    "text",
    [
        "I'll be there on Friday.",
        "I'll let you know.",
        "I'll check it out.",
        "I'll send it by Friday.",  # what, nobody knows
        "I'll probably send the photos tomorrow.",
        "If you like I'll bring the drill on Sunday.",
        "I'll bring the drill on Sunday if it is dry.",
        "I won't send the report by Friday.",
        "I might call the bank on Monday.",
        "I'll never give you up.",
        "Will I send the report by Friday?",
        "I'll see you on Saturday.",
        "I'm going to watch the match tomorrow.",
        'He sang "I\'ll bring you flowers tomorrow" all day.',
        "I'll text you later!",
        "I promised to be more careful in the future.",
        "I'll make sure to enjoy the view tomorrow.",
        "I should call the bank on Monday.",
        "I'll share more pictures.",
        "You'll have a great time by Friday.",
        "Will you send the minutes tomorrow",
    ],
)
def test_what_is_no_promise(text: str) -> None:
    assert not propose(talk(text))


def test_nothing_of_assistants_nor_what_is_said_to_them() -> None:
    turns = session(("assistant", "I'll send the report to Petra on Friday."),
                    ("user", "Then I'll give you the details tomorrow."))  # fmt: skip
    assert not propose(turns)


def test_nothing_from_nobody() -> None:
    assert not propose(note("I will call the bank on Monday."))


def test_time_is_linear_in_hostile_text() -> None:
    assert propose(talk("I'll send it and " * 60_000)) == []
    assert propose(talk("the " * 50_000, "I'll send it by Friday")) == []
