"""A question is taken apart: times, quotes, and whether it is about whoever asks."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from cairn.core.recall.question.analyze import Question, analyze

NOW = datetime(2024, 5, 10, 18, 30, tzinfo=UTC)  # a Friday
LONGEST = 4000


def asked(text: str) -> Question:
    return analyze(text, NOW)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("What did Anna do last summer?", date(2023, 6, 1), date(2023, 8, 31)),
        ("What did we decide in May 2023?", date(2023, 5, 1), date(2023, 5, 31)),
        ("what was on 23.01.2024", date(2024, 1, 23), date(2024, 1, 23)),
        ("what did I write since Monday", date(2024, 5, 6), date(2024, 5, 10)),
        ("what happened two weeks before 11 August 2023?", date(2023, 7, 24), date(2023, 7, 30)),
        ("what did we pay before March 2023", date.min, date(2023, 2, 28)),
        ("what did we pay until March 2023", date.min, date(2023, 2, 28)),
        ("what did we pay by March 2023", date.min, date(2023, 3, 31)),
        ("what did Anna say after 3 May 2024", date(2024, 5, 4), date.max),
        ("Was haben wir letzten Sommer gemacht?", date(2023, 6, 1), date(2023, 8, 31)),
        ("Qu'est-ce que nous avons fait l'été dernier ?", date(2023, 6, 1), date(2023, 8, 31)),
        ("¿Qué hicimos el verano pasado?", date(2023, 6, 1), date(2023, 8, 31)),
    ],
)
def test_a_time_is_a_range_of_days(text: str, first: date, last: date) -> None:
    assert asked(text).ranges == ((first, last),)


@pytest.mark.parametrize(
    "text",
    [
        "What did we pack two weeks before the move?",
        "How long ago did I visit Rome?",
        "what do I do every Friday?",
        "how many times a day do I run",
        "what is my budget now",
        "When did Anna graduate?",
    ],
)
def test_what_names_no_day_is_no_time(text: str) -> None:
    assert asked(text).times == ()


def test_words_of_a_time_and_of_an_event_are_looked_for() -> None:
    assert "summer" in asked("What did Anna do last summer?").words
    assert "move" in asked("What did we pack two weeks before the move?").words


def test_without_a_clock_only_full_dates_are_times() -> None:
    assert analyze("What did Anna do last week?").times == ()
    assert analyze("What did Anna do on 3 May 2024?").ranges == ((date(2024, 5, 3),) * 2,)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ('who said "cut once, measure twice"', ("cut once, measure twice",)),
        ("Who wrote “we agreed on 400”?", ("we agreed on 400",)),
        ("Wer sagte „einmal schneiden“?", ("einmal schneiden",)),
        ("Qui a dit « coupe une fois » ?", ("coupe une fois",)),
        ('did "Ann" or "Ben" say "…"?', ("Ann", "Ben")),
        ("the dog's bowl and the cat's", ()),
        ('5" pipes', ()),
    ],
)
def test_what_is_quoted_is_a_phrase(text: str, phrases: tuple[str, ...]) -> None:
    assert asked(text).phrases == phrases


def test_quotes_say_nothing_of_who_asks() -> None:
    question = asked("Who wrote “I will not pay my rent”?")
    assert not question.is_own
    assert not question.negated


def test_the_parts_are_put_together() -> None:
    question = asked("Which files in the garden folder did I not change since Anna's visit?")
    assert question.kind == "files"
    assert question.language == "en"
    assert question.names == ("Anna",)
    assert question.hints.folders == ("garden",)
    assert question.is_own
    assert question.negated


@pytest.mark.parametrize(
    ("text", "of_sittings"),
    [
        ("When did we last talk about the boiler?", True),
        ("how often did I work on the parser", True),
        ("in which session? the conversation where I fixed the lock", True),
        ("When did Anna talk about the boiler?", False),
        ("we talk when", False),
        ("when did it break\nI asked", False),
    ],
)
def test_questions_for_sittings(text: str, of_sittings: bool) -> None:
    assert asked(text).is_of_sittings == of_sittings


@pytest.mark.parametrize(
    "piece",
    [
        "when i ", "when ", "who the A : ", "the ", "what a ", "“", '"', '" ', "« ", "~/", "a/",
        "Anna ", "Anna's ", "in the ", "in the a b c ", "which of my ", "how do ", ".pdf", "a.",
        "庭の", "every ", "may ", "1 ", "did did ", "what changed ", "email ", "is there ",
        "compare ", "- ", "\n",
    ],
)  # fmt: skip
def test_no_question_takes_long(piece: str) -> None:
    started = time.process_time()
    asked((piece * LONGEST)[:LONGEST])
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("summarize the summer trip", ("summer", "trip")),
        ("Please summarise everything about the garden", ("garden",)),
        ("give me a short summary of the school fair", ("school", "fair")),
        ("list everyone who helped at the fair", ("helped", "fair")),
        ("tell me about Ben", ("Ben",)),
        ("describe the boiler service", ("boiler", "service")),
        ("explain how to bleed a radiator", ("bleed", "radiator")),
        ("show me what Ben wrote about the ferry", ("Ben", "ferry")),
        ("what did Ben write about the ferry?", ("Ben", "ferry")),
        ("what do I need to pack for a tour?", ("pack", "tour")),
        ("What do we know of the canoe?", ("canoe",)),
        ("what is known about Ben?", ("Ben",)),
        ("summarize what we know about the boiler", ("boiler",)),
        ("is Mara allergic to anything?", ("Mara", "allergic")),
        ("what did Ben know about the canoe?", ("Ben", "know", "canoe")),
        ("what should I pack?", ("pack",)),
        ("nenne mir die Bäume", ("Bäume",)),
    ],
)
def test_what_is_to_be_done_with_an_answer_is_not_looked_for(
    text: str, words: tuple[str, ...]
) -> None:
    assert tuple(word for word in asked(text).words if word != "die") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wie hoch ist die Miete?", ("Miete",)),
        ("wie lange müssen die Linsen kochen?", ("Linsen", "kochen")),
        ("wo steht unser Zelt?", ("steht", "Zelt")),
        ("quand est la fête de notre école ?", ("fête", "école")),
        ("¿dónde está la llave de mi casa?", ("llave", "casa")),
        ("wie geht es dir?", ("geht", "dir")),
        ("how high is the rent?", ("high", "rent")),
    ],
)
def test_small_words_of_its_language_are_not_looked_for(text: str, words: tuple[str, ...]) -> None:
    assert asked(text).words == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("list", ("list",)),
        ("summarize", ("summarize",)),
        ("what is on the guest list?", ("guest", "list")),
        ("which books did Ben write?", ("books", "Ben", "write")),
        ("where is the summary of the lease?", ("summary", "lease")),
    ],
)
def test_the_same_words_are_looked_for_where_they_are_what_is_asked_about(
    text: str, words: tuple[str, ...]
) -> None:
    assert asked(text).words == words
