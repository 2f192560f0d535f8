"""Turns of whom a question asks about are told from those of others."""

from __future__ import annotations

import pytest

from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.signals.speaker import make, make_own, make_subject
from cairn.core.records import Chunk, Kind, Origin, Span


def turn(who: str, origin: Origin = "other", kind: Kind = "chat", number: int = 1) -> Chunk:
    span = Span(0, 9, "t", number, number)
    return Chunk(
        f"c{number}", "d", "chat:x/1", 0, kind, "Talk", (), "", "some text", span, (), "", who,
        origin, "",
    )  # fmt: skip


ANNA, BEN = turn("Anna Berger"), turn("Ben")
MINE, CLAUDE, TOOL = turn("me", "user"), turn("Claude", "assistant"), turn("", "tool")
NOTE, MAIL = turn("", "document", "note"), turn("Anna Berger", "other", "mail")


def values(question: str, units: list[Chunk], **known: object) -> list[float] | None:
    column = make(**known)(analyze(question), units)  # type: ignore[arg-type]
    return None if column is None else column.tolist()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Anna say about the trip?", [1, 0, 0]),
        ("What did Anna Berger say about the trip?", [1, 0, 0]),
        ("what did anna say about the trip", [1, 0, 0]),
        ("What did Ben tell Anna?", [0, 1, 0]),
        ("What did Berlin look like to Ben?", [0, 1, 0]),
        ("What did Anna Meier say?", None),
        ("What did Carla say?", None),
        ("What was said about the trip?", None),
    ],
)
def test_the_first_who_is_named_speaks(question: str, expected: list[float] | None) -> None:
    assert values(question, [ANNA, BEN, NOTE]) == expected


def test_only_turns_have_a_speaker() -> None:
    assert values("What did Anna say?", [ANNA, MAIL, turn("Anna Berger, Ben")]) == [1, 0, 0]


def test_another_name_is_known() -> None:
    known = {"Nanni": ["Anna Berger", "Nanni"]}
    found = values("What did Nanni say?", [ANNA, BEN], spellings=lambda name: known.get(name, ()))
    assert found == [1, 0]


def test_a_question_of_ones_own_is_answered_by_oneself() -> None:
    assert values("What is my rent?", [ANNA, MINE]) == [0, 1]
    assert values("What is my rent?", [ANNA, BEN], me=lambda: ["ben"]) == [0, 1]
    assert values("What did Anna say of my rent?", [ANNA, MINE]) == [1, 0]
    assert values("What is the rent?", [ANNA, MINE]) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When is my appointment?", [1, 0, 0, 1]),
        ("Can you tell me how much rent I pay?", [1, 0, 0, 1]),
        ("When is the appointment?", None),
        ("What did you recommend for my budget?", None),
        ("What was your advice about my budget?", None),
        ("What did Claude say of my budget?", None),
    ],
)
def test_what_an_assistant_says_tells_nothing_of_the_user(
    question: str, expected: list[float] | None
) -> None:
    column = make_own()(analyze(question), [MINE, CLAUDE, TOOL, NOTE])
    assert (None if column is None else column.tolist()) == expected


def test_turns_cut_from_an_exchange_are_told_apart_by_their_names() -> None:
    cut = [turn("me", "other"), turn("Claude", "other"), turn("Anna", "other")]
    column = make_own()(analyze("When is my appointment?"), cut)
    assert column is not None
    assert column.tolist() == [1, 0, 1]


def test_among_people_and_documents_it_says_nothing() -> None:
    assert make_own()(analyze("When is my appointment?"), [ANNA, BEN, NOTE, MAIL]) is None


def subject(question: str, *speakers: str, me: str = "") -> set[str]:
    return set(make_subject(lambda: [me])(analyze(question), set(speakers)))


def test_a_question_is_about_one_person_or_about_nobody() -> None:
    assert subject("What did Anna say?", "Anna Berger", "Ben") == {"Anna Berger"}
    assert subject("What did Anna tell Ben?", "Anna Berger", "Ben") == set()
    assert subject("What did Anna say?", "Anna Berger", "Anna Meier") == set()
    assert subject("What was said?", "Anna", "me") == set()


def test_the_user_is_one_person_under_all_names() -> None:
    assert subject("What is my rent?", "me", "Ana", "Ben", me="ana") == {"me", "Ana"}
    assert subject("What did Ben say of my rent?", "me", "Ana", "Ben", me="ana") == {"Ben"}
    assert subject("What did you recommend to me?", "me", "Claude") == set()
