"""Whose words they are: what somebody else wrote is no evidence of what the author says."""

from __future__ import annotations

import pytest

from cairn.core.records import Kind
from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules.documents import own_words
from tests.tree.curate.spoken import chat, mail, note, session


def texts(utterances: list[Utterance]) -> list[str]:
    return [each.text for each in own_words(utterances)]


def test_a_letter_without_its_head_greeting_and_signature() -> None:
    letter = mail(
        "Subject: Flat\nFrom: Petra Lindqvist <p@example.org>\nDate: Thu, 16 Apr 2026",
        "Dear Anna, dear David,",
        "the lease ends on 31 August 2027.\nThe rent stays.",
        "Kind regards\nPetra Lindqvist",
        "Lindqvist Homes\nPhone: 089 555 0102",
    )
    assert texts(letter) == ["the lease ends on 31 August 2027.\nThe rent stays."]


def test_thanks_at_the_beginning_end_no_letter() -> None:
    assert texts(mail("Thanks!", "The rent is 1,140 euros.", "Best,\nPetra"))[-1] == (
        "The rent is 1,140 euros."
    )


@pytest.mark.parametrize(
    "quoted",
    [
        "On Sun, Mar 1, 2026 at 6:20 PM Bob Stone <b@example.org> wrote:\n> Is 400 ok?",
        "-----Original Message-----\nFrom: Bob\nThe budget is 400.",
        "---------- Forwarded message ---------\nThe budget is 400.",
        "Am 1. März 2026 schrieb Bob Stone:\n> Sind 400 ok?",
    ],
)
def test_quoted_and_forwarded_mail(quoted: str) -> None:
    assert texts(mail("Yes, that is fine.", quoted, "The budget is 500.")) == ["Yes, that is fine."]


@pytest.mark.parametrize(
    "line",
    ["To unsubscribe, click here.", "View this email in your browser",
     "From: Shop <newsletter@shop.example>"],
)  # fmt: skip
def test_newsletters(line: str) -> None:
    assert not own_words(mail(line, "We decided to cut all prices."))


@pytest.mark.parametrize("kind", ["web", "code", "book", "data", "pdf", "table", "slides"])
def test_kinds_that_others_wrote(kind: Kind) -> None:
    assert not own_words(note("We decided to use Postgres.", kind=kind))


@pytest.mark.parametrize(
    "lines",
    [
        ("Permission is hereby granted, free of charge, to any person", "We agreed on it."),
        ("- 400 g flour", "- 200 ml milk", "- 42 g yeast"),
        ("Ingredients", "400 g flour", "Preheat the oven"),
        ("word " * 30_000,),
    ],
)
def test_licences_recipes_and_books(lines: tuple[str, ...]) -> None:
    assert not own_words(note(*lines))


def test_a_note_keeps_its_paragraphs_whole() -> None:
    block = (
        "# Garden\n\n## Budget\n\nWe set the budget at 550 euros for\nthis year and next.\n\nOk."
    )
    assert texts(note(block, title="Garden", heading=("Garden", "Budget"))) == [
        "We set the budget at 550 euros for this year and next.\n\nOk."
    ]


def test_lines_of_their_own_stay_so() -> None:
    block = "Phone: 089 555\nEmail: a@example.org\n- [ ] call\n1. first\n| a | b |"
    assert texts(note(block)) == [block]


def test_code_and_quotes_in_what_somebody_typed() -> None:
    typed = "Can you fix it?\n```\nwe agreed = on(400)\n```\n> quoted\nThanks, Ben knows."
    assert texts(session(("user", typed))) == ["Can you fix it?\n\nThanks, Ben knows."]


def test_pasted_text_is_left_out() -> None:
    typed = "Please check it, here's my draft:\n\nDear Sir, I promise to pay on Friday."
    assert texts(session(("user", typed))) == ["Please check it, here's my draft:"]
    assert not texts(session(("user", "x" * 7_000)))


def test_only_people_speak_for_themselves() -> None:
    turns = session(("user", "Hello there"), ("assistant", "We agreed."), ("$ ls", "a"))
    assert texts(turns) == ["Hello there"]


def test_names_before_the_words() -> None:
    assert texts(chat(("David", "David: Deal."), ("Anna", "ok"))) == ["Deal.", "ok"]


def test_documents_are_told_apart() -> None:
    other = [Utterance("file:~/b.md#L1", "We agreed on 400 for the beds.", kind="note")]
    assert texts([*note("GNU General Public License"), *other]) == [
        "We agreed on 400 for the beds."
    ]


def test_time_is_linear_in_hostile_text() -> None:
    own_words(note("> " * 100_000 + "\n" * 50_000))
    own_words(mail("On " + "a " * 60_000 + "wrote:\n" * 1_000))
    own_words(chat(("A", "here is my " * 60_000), ("B", "```\n" * 60_000)))
