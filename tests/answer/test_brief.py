"""What the reader finds becomes a short answer, a guess that is called so, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from cairn.core.answer import fitted
from cairn.core.answer.brief import Brief, brief
from cairn.core.answer.compose import compose
from cairn.core.answer.worth import Signs, fits, is_address, is_time, speaks_for, worth
from cairn.core.models.reading import Read, Span
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.search import Results
from cairn.core.records import Answer, Chunk, Evidence
from cairn.core.records import Span as Place

SIGNS = Signs(fitted.MOST / 2, 1.0, 0.0, is_time=False, is_further=False)


def turn(text: str, number: int = 1, who: str = "Anna") -> Evidence:
    text = f"{who}: {text}"
    chunk = Chunk(
        id=f"c{number}", doc_id="d", uri="chat:x/1", ordinal=0, kind="chat", title="Talk",
        heading=(), context="", text=text, span=Place(0, len(text), "t", number, number),
        places=(), when="2023-05-08T12:00:00", who=who, origin="other", hash="",
    )  # fmt: skip
    return Evidence(chunk, number, 2.0 / number, 0.9, (), text, chunk.span)


def answered(question: str, evidence: Sequence[Evidence], **scores: float) -> Brief:
    """By a reader that finds these words, each with its score; `_` stands for a space."""

    def read(asked: str, texts: Sequence[str], most: int) -> list[Read]:
        found = {words.replace("_", " "): score for words, score in scores.items()}
        return [
            Read(tuple(
                Span(text.index(words), text.index(words) + len(words), score)
                for words, score in sorted(found.items(), key=lambda each: -each[1])
                if words in text
            ))
            for text in texts
        ]  # fmt: skip

    return brief(analyze(question), evidence, read)


def asked(question: str, relevance: float, score: float) -> Answer:
    """Of one turn, in which a reader finds the kayak."""

    def read(text: str, texts: Sequence[str], most: int) -> list[Read]:
        return [
            Read((Span(each.index("a red"), each.index("kayak") + 5, score),)) for each in texts
        ]

    def embed(texts: list[str]) -> NDArray[np.float32]:
        return np.ones((len(texts), 1), np.float32)

    item = replace(turn("I bought a red kayak."), relevance=relevance)
    return compose(Results(analyze(question), (item,), (), "", ()), embed, 0.5, read)


def test_what_is_just_relevant_enough_is_answered_only_if_the_reader_agrees() -> None:
    question = "What did Anna buy?"
    found = asked(question, 0.5, fitted.MOST)
    assert (found.short, found.is_guess, found.abstained) == ("a red kayak", False, False)
    assert found.confidence > 0.5 > asked(question, 0.5, -fitted.MOST).confidence
    assert asked(question, 0.5, -fitted.MOST).abstained
    assert asked(question, 0.2, fitted.MOST).abstained
    assert not asked(question, 0.9, -fitted.MOST).abstained


def test_a_yes_or_no_is_left_to_the_sentence() -> None:
    found = asked("Did Anna buy a kayak?", 0.9, fitted.MOST)
    assert (found.short, found.sentences[0].text) == ("", "Anna: I bought a red kayak.")
    assert asked("Did Anna buy a kayak or a bicycle?", 0.9, fitted.MOST).short == "a red kayak"


def test_half_a_pair_of_marks_is_left_out() -> None:
    evidence = [turn('It is called "Red Kayak". I read it.')]
    assert answered("What is it called?", evidence, **{'Red_Kayak"': 15.0}).text == "Red Kayak"


def test_the_words_that_most_speaks_for_are_the_answer() -> None:
    evidence = [turn("I bought a red kayak."), turn("A green boat came by.", 2)]
    found = answered("What did Anna buy?", evidence, red_kayak=fitted.MOST, green_boat=1)
    assert (found.text, found.is_guess) == ("red kayak", False)
    assert [quote.text for quote in found.quotes] == ["Anna: I bought a red kayak."]


def test_what_little_speaks_for_is_a_guess_and_what_less_does_is_not_said() -> None:
    evidence = [turn("I bought a red kayak.")]
    sure = answered("What did Anna buy?", evidence, red_kayak=fitted.MOST)
    guess = answered("What did Anna buy?", [replace(evidence[0], score=2.0)], red_kayak=-2)
    none = answered("What did Anna buy?", evidence)
    assert not sure.is_guess
    assert guess.is_guess and guess.text == "red kayak"
    assert not none.text and not none.quotes
    assert none.speaks < guess.speaks < sure.speaks


def test_a_list_is_gathered_from_several_turns_and_says_nothing_twice() -> None:
    evidence = [turn("I play the violin and sing."), turn("My violin and my flute!", 2)]
    evidence = [replace(item, score=2.0) for item in evidence]
    top = fitted.MOST
    less = top - 0.45 / fitted.SCORE  # just enough, were it the best of its text
    found = answered("Which instruments does Anna play?", evidence, violin=top, flute=less)
    assert found.text == "violin"  # the second one of a text is worth less
    found = answered("Which instruments does Anna play?", evidence, the_violin=top, flute=less)
    assert found.text == "the violin and flute"
    assert len(found.quotes) == 2


def test_to_call_somebody_is_no_answer() -> None:
    evidence = [turn("Thanks, Ben! It was my sister.")]
    found = answered("What did Anna see?", evidence, **{"Thanks,_Ben": 15.0, "my_sister": 2.0})
    assert found.text == "my sister"


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("How often does Anna run?", "every Sunday", 1.0),
        ("How often does Anna run?", "the park", -1.0),
        ("How long was the trip?", "two weeks", 1.0),
        ("How long was the trip?", "red", -1.0),
        ("How long was the trip?", "12 guests", -1.0),
        ("How many guests came?", "a dozen", 1.0),
        ("How many guests came?", "the neighbours", -1.0),
        ("Who came?", "Carla", 0.5),
        ("Who came?", "a neighbour", 0.0),
        ("What came?", "a parcel", 0.0),
        ("Wie viele Gäste sind gekommen?", "vier", 1.0),
    ],
)
def test_it_speaks_for_words_that_they_are_what_is_asked_for(
    question: str, text: str, said: float
) -> None:
    assert fits(analyze(question), text) == said


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("how long were we there?", "94 euros a night", -1.0),
        ("how long were we there?", "two weeks", 1.0),
        ("how long is the warranty?", "every two months", -1.0),
        ("how long is the warranty?", "until 30 June 2028", 1.0),
        ("wie lange müssen die Linsen kochen?", "35 Minuten", 1.0),
        ("wie lange müssen die Linsen kochen?", "Linsen und Karotten", -1.0),
        ("who teaches Leo?", "the school on 12 August 2026", -0.5),
        ("wie oft läuft das?", "jede Nacht", 1.0),
        ("wie hoch ist die Miete?", "1.210 Euro", 1.0),
    ],
)
def test_a_length_is_no_price_and_german_ones_are_known(
    question: str, text: str, said: float
) -> None:
    assert fits(analyze(question), text) == said


def test_a_time_is_no_answer_to_what() -> None:
    chunk = turn("I saw her last Tuesday.").chunk
    assert is_time(analyze("What did Anna see?"), "last Tuesday", chunk)
    assert not is_time(analyze("What did Anna see?"), "her sister last Tuesday", chunk)
    assert not is_time(analyze("When did Anna see her?"), "last Tuesday", chunk)


def test_who_is_asked_for_may_be_answered_by_the_name_of_who_speaks() -> None:
    assert is_address(analyze("What did Anna buy?"), "Anna", "Anna")
    assert is_address(analyze("Who met Ben?"), "Ben", "Anna")
    assert not is_address(analyze("Who met Ben?"), "Anna", "Anna")
    assert is_address(analyze("Who met Ben?"), "Thanks, Anna", "Anna")
    assert not is_address(analyze("Who met Ben?"), "Thanks to Carla", "Anna")
    assert not is_address(analyze("Whom does Anna like?"), "Bach and Mozart", "Anna")


def test_every_sign_has_its_say_and_none_can_outdo_all_others() -> None:
    base = worth(SIGNS)
    assert worth(replace(SIGNS, score=fitted.MOST)) > base > worth(replace(SIGNS, score=-20))
    assert worth(replace(SIGNS, score=1e9)) == worth(replace(SIGNS, score=fitted.MOST))
    assert worth(replace(SIGNS, share=0.2)) < base
    assert worth(replace(SIGNS, fits=-1.0)) < base < worth(replace(SIGNS, fits=1.0))
    assert worth(replace(SIGNS, is_time=True)) < base
    assert worth(replace(SIGNS, is_further=True)) < base
    assert speaks_for([]) <= speaks_for([SIGNS])


def test_the_constants_belong_to_the_reader_that_ships() -> None:
    from hashlib import sha256

    from cairn import assets

    found = sha256(assets.path("reader.gguf").read_bytes()).hexdigest()
    assert found.startswith(fitted.READER), "run python -m tests.bench.answer_fit --write"
