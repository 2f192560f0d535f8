"""A question that leans on the one before it is understood; any other is left as it is."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cairn.core.answer.following.exchange import Exchange
from cairn.core.answer.following.resolve import follow
from cairn.core.recall.question.analyze import analyze
from tests.answer.following.pairs import ALONE, ENGLISH, OTHERS, SECOND, Pair

TODAY = date(2026, 11, 21)
EVERY = [*ENGLISH, *SECOND, *OTHERS]


def meaning(text: str) -> tuple[object, ...]:
    """What a search and an answer make of it: its kind, words, names and days."""
    asked = analyze(text, datetime(2026, 11, 21))
    return asked.kind, {*asked.stems}, {name.casefold() for name in asked.names}, asked.ranges


def is_right(pair: Pair) -> bool:
    return meaning(follow(pair.said, [pair.earlier], TODAY)) == meaning(pair.means)


@pytest.mark.parametrize("pairs", [ENGLISH, SECOND, OTHERS], ids=["english", "second", "others"])
def test_at_least_nineteen_of_twenty_are_understood(pairs: list[Pair]) -> None:
    wrong = [f"{pair.said} -> {follow(pair.said, [pair.earlier], TODAY)}"
             for pair in pairs if not is_right(pair)]  # fmt: skip
    assert len(wrong) <= len(pairs) // 20, wrong


def test_the_questions_would_not_be_understood_by_themselves() -> None:
    alone = [pair for pair in EVERY if meaning(pair.said) == meaning(pair.means)]
    assert len(alone) <= len(EVERY) // 20


def test_no_question_that_stands_alone_is_changed_whatever_was_asked_before() -> None:
    before = {pair.earlier for pair in EVERY}
    changed = [
        (exchange.question, said, meant)
        for said in ALONE
        for exchange in before
        if (meant := follow(said, [exchange], TODAY)) != said
    ]
    assert changed == []


def test_without_anything_before_it_a_question_is_left_as_it_is() -> None:
    assert all(follow(pair.said, [], TODAY) == pair.said for pair in EVERY)


def test_an_understood_question_is_understood_again_as_itself() -> None:
    """What was meant is what the next question leans on, so it must stand alone."""
    for pair in ENGLISH:
        meant = follow(pair.said, [pair.earlier], TODAY)
        other = Exchange("what does the gym cost?", "The gym costs 30 euros.")
        assert meaning(follow(meant, [other], TODAY)) == meaning(meant), (pair.said, meant)


def test_the_latest_exchange_that_fits_is_meant() -> None:
    first = Exchange("when does Anna's flight land?", "On 3 May 2026.", "3 May 2026")
    last = Exchange("how much did the boiler service cost?", "It cost 189 euros.")
    assert follow("who did it?", [first, last], TODAY) == "who did the boiler service?"
    assert follow("what is her phone number?", [first, last], TODAY) == (
        "what is Anna's phone number?"
    )


def test_days_are_counted_from_what_was_answered_then_from_what_was_asked() -> None:
    told = Exchange("when did Ben move?", "Ben moved on 2 May 2023.", "2 May 2023", "2023-06-01")
    asked = Exchange("what did I do on 4 June 2025?", "You painted the fence.", "", "2025-07-01")
    said = Exchange("who fixed the sink?", "Carlo fixed the sink.", "", "2025-07-09")
    unknown = Exchange("who fixed the sink?")
    question = "what did I write the day before that?"
    days = [follow(question, [each], TODAY) for each in (told, asked, said)]
    assert days == [
        "what did I write on 1 May 2023?",
        "what did I write on 3 June 2025?",
        "what did I write on 8 July 2025?",
    ]
    assert "2025" not in follow(question, [unknown], TODAY)


def test_whoever_has_a_known_name_is_not_taken_for_another() -> None:
    both = Exchange("did Ben tell Anna about the party?", "Ben told Anna about the party.")
    assert follow("what did she say?", [both], TODAY).startswith("what did Anna say")
    assert follow("what did he say?", [both], TODAY).startswith("what did Ben say")


@pytest.mark.parametrize(
    "text",
    ["", "   ", "?", "and", "and?", "it " * 40, "that\nit", "what about " + "x" * 500, "«»", "🙂?",
     "and " + "the " * 30, "who who who", "why why?", "’s", "about about about", "الخميس؟"],
)  # fmt: skip
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    for exchange in (
        Exchange("garden budget"), Exchange("?"), Exchange("who"), Exchange("x" * 5000),
        Exchange("did it?", "It did. " * 400, "yes", "not a day", "nor a time"),
        *{pair.earlier for pair in OTHERS},
    ):  # fmt: skip
        assert isinstance(follow(text, [exchange], TODAY), str)


def test_words_in_quotation_marks_are_nobodys_pronouns() -> None:
    earlier = Exchange("what did we decide about the garden budget?")
    question = 'who wrote "it was that one" in the chat?'
    assert follow(question, [earlier], TODAY) == question
