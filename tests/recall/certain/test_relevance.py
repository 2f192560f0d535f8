"""Relevance tells what answers a question from what is about somebody or something else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cairn.core.recall.certain.relevance import (
    by_subject,
    coverage,
    lead_of_subject,
    relevance,
)
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.signals.speaker import make_subject
from cairn.core.recall.words import stems
from cairn.core.records import Chunk, Kind, Span


def said(who: str, text: str, kind: Kind = "chat", number: int = 1) -> Chunk:
    span = Span(0, len(text), "t", number, number)
    return Chunk(
        f"c{number}", "d", "chat:x/1", 0, kind, "Talk", (), "",
        f"{who}: {text}" if kind == "chat" else text, span, (), "", who, "other", "",
    )  # fmt: skip


ANNA = said("Anna", "I bought a red kayak in May.")
BEN = said("Ben", "That is great, Anna! My bicycle is still broken.", number=2)
WEIGHTS = {"anna": 1.0, "ben": 1.0, "buy": 1.0, "kayak": 2.0, "bicycl": 2.0}


def lead(question: str, *units: Chunk, me: str = "", **other_names: str) -> float | None:
    """Of units that are found by the words they have in common with the question."""
    asked = analyze(question)
    subject = make_subject(lambda: [me], lambda name: [*filter(None, [other_names.get(name)])])
    weights = dict.fromkeys(stems(" ".join(asked.words)) - stems(" ".join(asked.names)), 1.0)
    texts = [u.text.partition(": ")[2] if u.kind == "chat" else u.text for u in units]
    found = [
        (coverage(stems(text), weights), unit.id, unit)
        for text, unit in zip(texts, units, strict=True)
    ]
    found.sort(key=lambda each: (-each[0], each[1]))
    scores = np.array([score for score, _, _ in found])
    return lead_of_subject(asked, [unit for _, _, unit in found], scores, subject)


def fit(question: str, *units: Chunk, me: str = "", **other_names: str) -> float:
    found = lead(question, *units, me=me, **other_names)
    assert found is not None
    return found


def test_words_of_the_one_who_is_asked_about_speak_for_an_answer() -> None:
    assert fit("What did Anna say of her kayak?", ANNA, BEN) > 0.3


def test_words_of_somebody_else_speak_against_it() -> None:
    assert fit("What did Ben say of his kayak?", ANNA, BEN) < -0.3


@pytest.mark.parametrize(
    "question",
    [
        "Who has a kayak?",
        "Did Carla buy a kayak?",
        "Did Anna and Ben buy a kayak?",
    ],
)
def test_a_question_of_nobody_or_of_several_is_not_judged_by_who_speaks(question: str) -> None:
    assert lead(question, ANNA, BEN) is None
    assert lead(question) is None


def test_a_question_of_ones_own_is_about_the_user() -> None:
    assert fit("What did I say of my kayak?", ANNA, BEN, me="anna") > 0.3
    assert fit("What did I say of my kayak?", ANNA, BEN, me="ben") < -0.3
    mine = said("me", "I bought a red kayak in May.", number=3)
    assert fit("What did I say of my kayak?", BEN, mine) > 0.3
    assert lead("What did I say of my kayak?", ANNA, BEN) is None
    assert fit("What did Ben say of my kayak?", ANNA, BEN, me="anna") < -0.3


def test_a_word_for_the_user_is_no_name_in_what_others_say() -> None:
    told = said("Ben", "To me the kayak looks fine.", number=3)
    mine = said("me", "My bicycle is broken.", number=4)
    assert fit("Do I have a kayak?", told, mine) < 0


def test_where_only_the_user_speaks_with_an_assistant_there_is_nobody_to_compare_with() -> None:
    mine = said("me", "I have a boat.", number=3)
    reply = replace(said("Claude", "Your kayak is a fine boat.", number=4), origin="assistant")
    assert lead("Is my kayak a boat?", mine, reply) is None
    assert fit("Is my kayak a boat?", mine, reply, BEN) > 0


def test_what_the_assistant_gave_is_not_for_the_user_to_say() -> None:
    mine = said("me", "Thank you for the kayak plan.", number=3)
    reply = replace(said("Claude", "Here it is.", number=4), origin="assistant")
    assert lead("What kayak plan did you give me?", mine, reply) is None


def test_somebody_is_asked_about_by_another_name() -> None:
    assert fit("What did Nanni say of her kayak?", ANNA, BEN, Nanni="Anna") > 0.3
    assert lead("What did Nanni say of her kayak?", ANNA, BEN) is None


def test_what_another_tells_of_somebody_is_about_them() -> None:
    told = said("Carla", "By the way, Ben has sold his kayak.", number=3)
    assert fit("Has Ben sold his kayak?", ANNA, BEN, told) > 0
    assert fit("Has Ben sold his kayak?", ANNA, BEN, replace(told, kind="note")) > 0


@pytest.mark.parametrize(
    "text", ["Look at my kayak, Ben!", "Ben, look at my kayak.", "Hey Ben look at my kayak."]
)
def test_what_is_said_to_somebody_is_not_about_them(text: str) -> None:
    assert fit("Does Ben have a kayak?", said("Anna", text), BEN) < 0


def test_what_cairn_says_of_a_sitting_is_about_nobody() -> None:
    sitting = said("", "Anna, Ben and Carla spoke about a kayak.", "episode", 3)
    assert fit("Does Ben have a kayak?", ANNA, BEN, sitting) == fit(
        "Does Ben have a kayak?", ANNA, BEN
    )


def test_where_something_was_found_first_that_nobody_says_it_does_not_matter_who_speaks() -> None:
    note = said("", "The kayak of May: red.", "note", 3)
    assert lead("Does Ben have a kayak that is red in May?", BEN, ANNA, note) is not None
    assert lead("Is the kayak that Ben has red?", BEN, note) is None


def test_who_speaks_moves_an_answer_by_a_bounded_amount() -> None:
    question = analyze("Does Ben have a kayak?")
    shift = by_subject(question, [ANNA, BEN], np.array([1.0, 0.0]))
    assert shift == by_subject(question, [ANNA, BEN], np.array([1.0, 0.3])) < -2
    before, after = (relevance(ANNA, WEIGHTS, 0.6, by) for by in (0.0, shift))
    assert before > after > 0
    assert by_subject(question, [BEN, ANNA], np.array([1.0, 0.2])) > 1


def test_more_words_and_nearer_vectors_make_it_more_relevant() -> None:
    poor, rich = {"kayak": 1.0, "mountain": 3.0}, {"kayak": 3.0, "mountain": 1.0}
    assert relevance(ANNA, poor, 0.4) < relevance(ANNA, rich, 0.4) < relevance(ANNA, rich, 0.6)
    assert relevance(ANNA, poor, None) < 0.5 < relevance(ANNA, {"kayak": 1.0}, None)


def test_a_question_without_weight_is_covered_by_nothing() -> None:
    assert coverage(frozenset(("kayak",)), {}) == 0
