"""What may stand as an answer does tell something, and a list is told as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cairn.core.answer.saying import (
    is_denied,
    is_of_other,
    is_opposed,
    is_step,
    listed_with,
    says_little,
    tells,
    things_asked,
    with_list,
)
from cairn.core.recall.question.analyze import analyze
from cairn.core.records import Chunk, Kind, Span
from cairn.core.sentences import Quote, quotes

STEPS = "# Bleed a radiator\n1. Turn off the heating.\n2. Hold a cup.\n3. Turn the key.\n\nDone."
THINGS = "We planted:\n- an apple tree\n- a quince\n\nThe hedge is old."

HOW = analyze("how do I bleed a radiator?")
WHICH = analyze("which trees did we plant?")
WHAT = analyze("what did we plant?")


def told(text: str, kind: Kind = "note", title: str = "T") -> list[Quote]:
    chunk = Chunk(
        id="c", doc_id="d", uri="file:/a", ordinal=0, kind=kind, title=title, heading=(),
        context="", text=text, span=Span(0, len(text), "L", 1, 1), places=(), when="", who="",
        origin="document", hash="",
    )  # fmt: skip
    return quotes(chunk)


@pytest.mark.parametrize(
    "text",
    [
        "Hi Mara!",
        "Hello Mara,",
        "Dear all,",
        "Liebe Mara,",
        "Cheers, Ben",
        "Kind regards, Ben Olsen",
        "See you soon, Carla",
        "Mara: Hi Carla!",
        "20/09/2026, 18:01 - Mara: Hi Carla!",
        "Mara: What did you make?",
        "From: Ben Olsen <ben@example.com>",
        "",
    ],
)
def test_what_says_nothing_is_no_answer(text: str) -> None:
    assert not any(map(tells, told(f"{text}\n\nIt rained.")[:-1]))


@pytest.mark.parametrize(
    "text",
    [
        "Hi Mara, the cabin is booked.",
        "Love is in the air.",
        "Thanks to Ben we have a cabin.",
        "Dear me, that was 300 euros.",
        "Mara: I made soup.",
        "Date: 3 March",
        "See you on Sunday at the fair.",
        "Subject: maths, with Mrs Weiss",
    ],
)
def test_what_says_something_may_answer(text: str) -> None:
    assert tells(told(text)[0])


def test_the_header_of_a_mail_is_no_answer() -> None:
    assert not tells(told("Subject: Summer trip\n\nWe go to Norway.", "mail")[0])
    assert not tells(told("# Doctor\nMara is allergic.")[0])


def test_the_name_below_a_letter_is_no_answer() -> None:
    text = "You can have the canoe for 450.\n\nHenrik"
    *_, canoe, name = [replace(each, chunk=replace(each.chunk, who="Henrik Berg"))
                       for each in told(text, "mail")]  # fmt: skip
    assert tells(canoe) and name.text == "Henrik" and not tells(name)


def test_a_step_is_told_with_all_others() -> None:
    heading, first, second, *_, last = told(STEPS)
    whole = with_list(HOW, second)
    assert whole.text == "1. Turn off the heating. 2. Hold a cup. 3. Turn the key."
    assert second.chunk.text[whole.start : whole.end].startswith("1. Turn off")
    assert second.chunk.text[whole.start : whole.end].endswith("the key.")
    assert is_step(HOW, second) and not is_step(WHAT, second)
    assert with_list(WHAT, second) == second
    assert with_list(analyze("how did Ben meet Anna?"), second) == second
    assert with_list(HOW, last) == last
    assert not listed_with(heading) and listed_with(first)[0] == first


def test_what_leads_to_a_list_is_told_with_it() -> None:
    lead, apple, quince, hedge = told(THINGS)
    whole = "We planted: an apple tree; a quince"
    assert with_list(HOW, lead).text == whole
    assert things_asked(WHICH, quince) == (apple, quince)
    assert with_list(WHICH, apple).text == whole
    assert with_list(WHICH, hedge) == hedge


def test_a_label_without_a_colon_leads_to_a_list_right_below_it() -> None:
    lead, *_ = told("Trees\n- an apple tree\n- a quince\n\nAll are young.", title="Garden")
    assert with_list(HOW, lead).text == "Trees: an apple tree; a quince"
    lead, *_ = told("It rained today\n\n- an apple tree\n- a quince", title="Garden")
    assert with_list(HOW, lead) == lead


def test_a_thing_that_its_list_is_named_after_is_told_with_all_others() -> None:
    _, apple, quince, _ = told(THINGS)
    assert things_asked(WHAT, quince) == (apple, quince)
    assert not things_asked(analyze("what colour is the quince we planted?"), quince)
    assert not things_asked(analyze("what did we paint?"), quince)
    assert not things_asked(analyze("when did we plant?"), quince)


@pytest.mark.parametrize(
    "text",
    [
        "- Mara is allergic to penicillin, which she learned as a child in 2019.\n- Ben is not.",
        "- Anna: 3 March\n- Ben: 17 July",
        "- only one",
    ],
)
def test_a_list_of_statements_is_none_of_things(text: str) -> None:
    first = told(text)[0]
    assert not things_asked(WHICH, first)
    assert with_list(WHICH, first) == first


def test_a_list_that_is_too_long_to_be_told_stays_a_sentence() -> None:
    text = "\n".join(f"- {'very ' * 30}long {n}" for n in range(20))
    first = told(text)[0]
    assert with_list(HOW, first) == first


def test_a_sale_is_no_purchase() -> None:
    bought, sold = told("We bought the kayak.")[0], told("Sold the kayak to Jonas.")[0]
    question = analyze("who bought the kayak?")
    assert is_opposed(question, sold) and not is_opposed(question, bought)
    assert not is_opposed(question, told("Bought it, then sold it.")[0])
    assert not is_opposed(analyze("was the kayak bought or sold?"), sold)


def test_what_is_noted_for_one_is_not_of_another() -> None:
    anna = told("Anna: 3 March 1988")[0]
    assert is_of_other(analyze("when is Mara's birthday?"), anna)
    assert not is_of_other(analyze("when is Anna's birthday?"), anna)
    assert not is_of_other(analyze("when is the birthday?"), anna)
    assert not is_of_other(
        analyze("when is Mara's birthday?"), told("Anna: 3 March", title="Mara")[0]
    )
    assert not is_of_other(analyze("when does Mara leave?"), told("Anna: Mara left.", "chat")[0])
    assert not is_of_other(analyze("where is Mara?"), told("Anna: I saw her at home.")[0])
    mine = told("Anna: my birthday is on 3 March.")[0]
    assert is_of_other(analyze("when is Mara's birthday?"), mine)
    assert not is_of_other(analyze("when is Anna's birthday?"), mine)
    for text in ("Anna: my sister Mara was born on 3 March.", "Anna: I gave him the drill."):
        assert not is_of_other(analyze("when was Mara born?"), told(text)[0])
    assert not is_of_other(analyze("who is Mara's sister?"), told("Anna: sister")[0])
    assert not is_of_other(analyze("when does Mara pay?"), told("Rent: on 3 March")[0])


@pytest.mark.parametrize(
    "text", ["Anna", "Anna.", "Ben Olsen.", "Cheers, Ben", "apple tree", "Hi Mara!", "Who paid?"]
)
def test_a_name_or_a_greeting_says_little(text: str) -> None:
    assert says_little(text)


@pytest.mark.parametrize(
    "text", ["Ben agreed.", "It costs 1,900 euros.", "Anna: 3 March 1988", "我们同意四百欧元。"]
)
def test_a_short_sentence_says_enough(text: str) -> None:
    assert not says_little(text)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("The meeting is not on 5 May 2026.", "5 May 2026"),
        ("The exam will not be on 4 May 2026.", "4 May 2026"),
        ("My doctor is not Dr. Weber.", "Dr. Weber"),
        ("The landlord is no longer Mr. Braun.", "Mr. Braun"),
        ("The rent isn't 900 euros.", "900 euros"),
        ("It doesn't cost 900 euros.", "900 euros"),
        ("Das Treffen ist nicht am 5. Mai 2026.", "am 5. Mai 2026"),
        ("Das Treffen findet am 5. Mai 2026 nicht statt.", "5. Mai 2026"),
        ("Mein Arzt ist nicht mehr Herr Braun.", "Herr Braun"),
        ("La réunion n'est pas le 5 mai 2026.", "5 mai 2026"),
        ("Le médecin n'est plus Mme Blanc.", "Mme Blanc"),
        ("La reunión no es el 5 de mayo de 2026.", "5 de mayo de 2026"),
    ],
)
def test_words_that_a_sentence_denies_are_no_answer(said: str, words: str) -> None:
    start = said.index(words)
    assert is_denied(WHAT, said, start, start + len(words))
    assert not is_denied(analyze("when is it not?"), said, start, start + len(words))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("The meeting is not on 5 May but on 6 May.", "6 May"),
        ("The meeting is on 5 May, not on 6 May.", "5 May"),
        ("The meeting is not until 5 May.", "5 May"),
        ("It is due no later than 5 May.", "5 May"),
        ("I haven't been to Rome since 2019.", "2019"),
        ("Not only Tom came.", "Tom"),
        ("Das Treffen ist am 5. Mai nicht am 6. Mai.", "5. Mai"),
    ],
)
def test_words_beside_what_is_denied_may_be(said: str, words: str) -> None:
    start = said.index(words)
    assert not is_denied(WHAT, said, start, start + len(words))
