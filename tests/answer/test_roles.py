"""Who gave and who took is told right whichever side a sentence tells of."""

from __future__ import annotations

import pytest

from cairn.core.answer.roles import in_role, is_called, tells_role
from cairn.core.recall.question.analyze import analyze


@pytest.mark.parametrize(
    ("question", "sentence", "found", "told"),
    [
        ("who bought the kayak?", "Anna sold the kayak to Ben.", "Anna", "Ben"),
        ("who bought the kayak?", "Anna sold the kayak to Ben.", "Anna sold the kayak to Ben",
         "Ben"),
        ("who bought the kayak?", "Anna sold Ben the kayak.", "Anna", "Ben"),
        ("who bought the kayak?", "Anna sold the kayak for 300 euros.", "Anna", ""),
        ("who bought the kayak?", "The kayak was sold to Ben by Anna.", "Anna", "Ben"),
        ("who sold the kayak?", "Ben bought the kayak from Anna.", "Ben", "Anna"),
        ("who sold the kayak?", "Ben bought the kayak in May.", "Ben", ""),
        ("who did Anna buy the kayak from?", "Ben sold the kayak to Anna.", "Anna", "Ben"),
        ("who did Anna sell the kayak to?", "Ben bought the kayak from Anna.", "Anna", "Ben"),
        ("who borrowed the drill?", "I lent the drill to Carla last week.", "I", "I"),
        ("who borrowed the drill?", "Ben lent the drill to Carla Ruiz last week.", "Ben",
         "Carla Ruiz"),
        ("who lent Carla the drill?", "Carla has borrowed the drill from Ben.", "Carla", "Ben"),
        ("who received the contract?", "Mrs. Lindner sent the contract to Paul Roy on Monday.",
         "Mrs. Lindner", "Paul Roy"),
        ("who got the kayak?", "Anna sold the kayak to Ben.", "Anna", "Ben"),
        ("wer hat das Kajak gekauft?", "Anna hat das Kajak an Ben verkauft.", "Anna", "Ben"),
        ("wer hat das Kajak verkauft?", "Ben hat das Kajak von Anna gekauft.", "Ben", "Anna"),
    ],
)  # fmt: skip
def test_the_side_that_is_asked_for_is_named(
    question: str, sentence: str, found: str, told: str
) -> None:
    assert in_role(analyze(question), sentence, found) == told


@pytest.mark.parametrize(
    ("question", "sentence", "found"),
    [
        ("who bought the kayak?", "Ben bought the kayak from Anna.", "Ben"),
        ("who sold the kayak?", "Anna sold the kayak to Ben.", "Anna"),
        ("who bought the kayak?", "Anna lent the kayak to Ben.", "Anna"),
        ("who bought the kayak?", "Anna painted the kayak.", "Anna"),
        ("what did Ben buy?", "Anna sold the kayak to Ben.", "the kayak"),
        ("who bought the kayak?", "My sister sold the kayak to a neighbour.", "a neighbour"),
    ],
)
def test_what_is_right_or_no_such_deal_stays(question: str, sentence: str, found: str) -> None:
    assert in_role(analyze(question), sentence, found) == found


def test_a_sentence_of_the_other_side_counts_where_it_names_whom_is_asked_for() -> None:
    question = analyze("who bought the kayak?")
    assert tells_role(question, "Anna sold the kayak to Ben.")
    assert not tells_role(question, "Anna sold the kayak.")


@pytest.mark.parametrize(
    ("sentence", "name", "is_so"),
    [
        ("That's great, Anna!", "Anna", True), ("Yoga is a good start, Sam.", "Sam", True),
        ("Thanks, Anna", "Anna", True), ("We met Tom, Ben, Anna.", "Anna", False),
        ("It was my sister, Anna, who called.", "Anna", False), ("I met Anna.", "Anna", False),
        ("She lives in my home country, Sweden.", "Sweden", False),
    ],
)  # fmt: skip
def test_who_is_spoken_to_is_no_answer(sentence: str, name: str, *, is_so: bool) -> None:
    start = sentence.rindex(name)
    assert is_called(sentence, start, start + len(name), {"anna", "sam"}) is is_so
