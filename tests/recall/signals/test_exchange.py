"""A question among people speaks against itself, and for what is answered behind it."""

from __future__ import annotations

import numpy as np
import pytest

from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.signals.exchange import asks, replies
from cairn.core.records import Chunk, Kind, Origin, Span

QUESTION = analyze("Where does Ben keep the tent?")


def turn(
    number: int,
    who: str,
    text: str,
    origin: Origin = "other",
    kind: Kind = "chat",
    uri: str = "chat:signal/1",
) -> Chunk:
    span = Span(0, len(text), "t", number, number)
    said = f"{who}: {text}" if who else text
    return Chunk(
        f"c.{number}", "d", uri, 0, kind, "Talk", (), "", said, span, ((0, number),), "", who,
        origin, "",
    )  # fmt: skip


def shares(*units: Chunk) -> list[float] | None:
    column = asks(QUESTION, units)
    return None if column is None else column.round(2).tolist()


def heard(*pairs: tuple[Chunk, float]) -> list[float] | None:
    units, spoken = [unit for unit, _ in pairs], np.array([value for _, value in pairs])
    column = replies(QUESTION, units, spoken)
    return None if column is None else np.cbrt(column).round(6).tolist()


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Where is the tent?", 1.0), ("Where is the tent?!", 1.0), ("帐篷在哪里？", 1.0),
        ("Where?\nIt rains.", 0.44), ("It is in the attic", 0.0), ("Tents. Who needs them", 0.0),
        ("", 0.0), ("???", 1.0),
    ],
)  # fmt: skip
def test_how_much_of_a_turn_is_questions(text: str, share: float) -> None:
    asked = turn(9, "Ana", "Really?")
    column = shares(turn(1, "Ana", text), asked)
    assert column is not None
    assert column[0] == pytest.approx(share, abs=0.1)


def test_only_people_ask_each_other() -> None:
    text = "Where is the tent?"
    assert shares(
        turn(1, "me", text, "user"), turn(2, "me", text), turn(3, "Claude", text, "assistant"),
        turn(4, "", text, "document", "note"), turn(5, "Ana", text),
    ) == [0, 0, 0, 0, 1]  # fmt: skip


def test_without_questions_there_is_nothing_to_say() -> None:
    assert shares(turn(1, "Ana", "It is in the attic.")) is None
    assert heard((turn(1, "Ana", "Hello."), 1.0), (turn(2, "Ben", "Hello."), 0.5)) is None


@pytest.mark.parametrize(
    "question", ["What did Ana ask Ben?", "Which question was asked?", "Was hat Ana gefragt?"]
)
def test_questions_are_wanted_where_somebody_asks_for_them(question: str) -> None:
    assert asks(analyze(question), [turn(1, "Ana", "Where is the tent?")]) is None


def test_the_answer_gets_what_speaks_for_the_question() -> None:
    assert heard(
        (turn(1, "Ana", "Where is the tent?"), 0.9),
        (turn(2, "Ben", "In the attic."), 0.1),
        (turn(3, "Ben", "Behind the boxes."), 0.1),
        (turn(4, "Ana", "Thanks."), 0.2),
    ) == [0, 0.9, 0.9, 0]


def test_a_statement_is_no_question_to_reply_to() -> None:
    assert heard(
        (turn(1, "Ana", "Where is the tent?"), 0.9),
        (turn(2, "Ana", "I need it."), 0.4),
        (turn(3, "Ben", "In the attic."), 0.1),
    ) is None  # fmt: skip


def test_a_reply_belongs_to_its_conversation_and_comes_soon() -> None:
    asked = turn(1, "Ana", "Where is the tent?")
    elsewhere = turn(2, "Ben", "In the attic.", uri="chat:signal/2")
    assert heard((asked, 0.9), (elsewhere, 0.1)) is None
    assert heard((asked, 0.9), (turn(3, "Ben", "In the attic."), 0.1)) is None
    going_on = [(turn(number, "Ben", "And so on."), 0.1) for number in range(2, 9)]
    assert heard((asked, 0.9), *going_on) == [0, 0.9, 0.9, 0.9, 0.9, 0, 0, 0]


def test_a_long_turn_in_pieces_is_one_question() -> None:
    pieces = [turn(1, "Ana", text) for text in ("The tent.", "Where is it?", "Any idea?")]
    answer = turn(2, "Ben", "In the attic.")
    found = heard((answer, 0.1), *zip(pieces, (0.9, 0.5, 0.6), strict=True))
    assert found == [0.6, 0, 0, 0]


def test_an_assistant_is_asked_about_nothing_that_it_knows() -> None:
    assert heard(
        (turn(1, "me", "Where is my tent?", "user"), 0.9),
        (turn(2, "Claude", "I can't know that.", "assistant"), 0.1),
    ) is None  # fmt: skip


def test_order_does_not_matter() -> None:
    turns = [(turn(1, "Ana", "Where?"), 0.9), (turn(2, "Ben", "There."), 0.2)]
    forward, backward = heard(*turns), heard(*turns[::-1])
    assert forward is not None
    assert backward == forward[::-1]


def test_huge_turns_do_no_harm() -> None:
    texts = ("a" * 2_000_000, "?." * 500_000, "a: " * 500_000, "\n" * 1_000_000)
    column = shares(*(turn(number, "Ana", text) for number, text in enumerate(texts, 1)))
    assert column is None or len(column) == len(texts)
