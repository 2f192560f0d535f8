"""A question of several parts or steps is taken apart, asked on and put together, in bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.answer.deliberate import Budget, deliberate
from cairn.core.answer.splitting import split
from cairn.core.conversing import converse, request
from cairn.core.engine import Engine
from cairn.core.records import Answer, Citation, Sentence, Span, Step

KNOWN = {
    "when does the lease end?": ("The lease ends on 31 May 2027.", "lease.md"),
    "how much does the lease cost?": ("The lease costs 900 euros a month.", "lease.md"),
    "who is Ben's landlord?": ("Ben's landlord is Marta Weiss.", "ben.md"),
    "what is the phone number of Marta Weiss?": ("Marta Weiss: 0151 234.", "phones.md"),
    "which plumber fixed the boiler?": ("Carlo Brandt fixed the boiler.", "boiler.md"),
    "what is the address of Carlo Brandt?": ("Carlo Brandt lives in Mill Lane 4.", "people.md"),
    "how much does the tent cost?": ("The tent cost 120 euros.", "shop.md"),
    "how much does the kayak cost?": ("The kayak cost 480 euros.", "shop.md"),
    "who repaired the roof?": ("It was repaired in spring.", "roof.md"),
}


class Memory:
    """Answers what it knows, word by word."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.now = 0.0
        self.slowness = 0.1

    def __call__(self, question: str) -> Answer:
        self.asked.append(question)
        self.now += self.slowness
        if question not in KNOWN:
            return Answer(question, (), (), 2, 0.1, abstained=True, reason="nothing matches")
        text, file = KNOWN[question]
        span = Span(0, len(text), "L", 1, 1)
        cited = Citation(1, f"file:/{file}", span, "", text, "", f"h:{text}")
        return Answer(question, (Sentence(text, (1,)),), (cited,), 2, 0.9)

    def answer(self, question: str, budget: Budget | None = None, stops: int = 99) -> Answer:
        return deliberate(
            question, self, lambda step: None, lambda: len(self.asked) >= stops,
            lambda: self.now, budget or Budget(),
        )  # fmt: skip


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("when does the lease end and how much does it cost?",
         ("when does the lease end?", "how much does the lease cost?")),
        ("Who fixed the boiler? And how much did he charge?",
         ("Who fixed the boiler?", "how much did he charge for the boiler?")),
        ("which is cheaper, the tent or the kayak?",
         ("how much does the tent cost?", "how much does the kayak cost?")),
        ("is Anna or Ben older?", ("how old is Anna?", "how old is Ben?")),
        ("what is the difference between the March and the April budget?",
         ("what about the March budget?", "what about the April budget?")),
        ("compare the old heater with the new one",
         ("what about the old heater?", "what about the new heater?")),
        ("when are Anna's, Ben's and Carla's birthdays?",
         ("when is Anna's birthday?", "when is Ben's birthday?", "when is Carla's birthday?")),
        ("birthdays of Anna, Ben, Carla",
         ("birthday of Anna?", "birthday of Ben?", "birthday of Carla?")),
        ("what are Anna's and Ben's hobbies?",
         ("what are Anna's hobbies?", "what are Ben's hobbies?")),
        ("which tax numbers do Anna and Ben have?",
         ("which tax numbers do Anna have?", "which tax numbers do Ben have?")),
        ("what do we know about the lease and the deposit?",
         ("what do we know about the lease?", "what do we know about the deposit?")),
        ("Wann endet der Vertrag und wie teuer ist das Zelt?", ()),
        ("when does the lease end?", ()),
        ("garden budget", ()),
        ("what did Ben say about the salt and pepper set?", ()),
    ],
)  # fmt: skip
def test_a_question_is_split_into_questions_that_stand_alone(
    question: str, parts: tuple[str, ...]
) -> None:
    assert split(question).parts == parts


@pytest.mark.parametrize(
    ("question", "first", "then"),
    [
        ("what is the phone number of Ben's landlord?", "who is Ben's landlord?",
         "what is the phone number of {}?"),
        ("what is the address of the plumber who fixed the boiler?",
         "which plumber fixed the boiler?", "what is the address of {}?"),
        ("when is the birthday of the person that sold us the car?", "who sold us the car?",
         "when is the birthday of {}?"),
        ("where does the plumber who fixed the boiler live?", "which plumber fixed the boiler?",
         "where does {} live?"),
    ],
)  # fmt: skip
def test_whoever_is_described_is_looked_for_first(question: str, first: str, then: str) -> None:
    bridge = split(question).bridge
    assert bridge is not None
    assert (bridge.first, bridge.then) == (first, then)


def test_each_part_is_answered_with_its_own_source(memory: Memory) -> None:
    answer = memory.answer("when does the lease end and how much does it cost?")
    assert [each.text for each in answer.sentences] == [
        "The lease ends on 31 May 2027.", "The lease costs 900 euros a month."
    ]  # fmt: skip
    assert [each.citations for each in answer.sentences] == [(1,), (2,)]
    assert [each.number for each in answer.citations] == [1, 2]
    assert answer.tier == 5 and not answer.abstained
    assert [step.found for step in answer.steps] == [True, True]


def test_a_second_step_asks_with_what_the_first_has_found(memory: Memory) -> None:
    answer = memory.answer("what is the phone number of Ben's landlord?")
    assert memory.asked == ["who is Ben's landlord?", "what is the phone number of Marta Weiss?"]
    assert [each.text for each in answer.sentences] == [
        "Ben's landlord is Marta Weiss.", "Marta Weiss: 0151 234."
    ]  # fmt: skip


def test_what_is_lacking_is_told(memory: Memory) -> None:
    answer = memory.answer("when does the lease end and who signed the lease?")
    assert [each.text for each in answer.sentences] == ["The lease ends on 31 May 2027."]
    assert "nothing was found for “who signed the lease?”" in answer.degraded
    assert [(step.text, step.found) for step in answer.steps] == [
        ("when does the lease end?", True), ("who signed the lease?", False)
    ]  # fmt: skip


def test_where_no_name_is_told_the_whole_is_asked_instead(memory: Memory) -> None:
    question = "what is the address of the person who repaired the roof?"
    answer = memory.answer(question)
    assert memory.asked == ["who repaired the roof?", question]
    assert answer.abstained
    assert answer.steps[0].lacking == "no name was told"


def test_one_sentence_that_covers_all_ends_it_at_once(memory: Memory) -> None:
    question = "what do we know about the lease and the deposit?"
    KNOWN[question] = ("The lease has a deposit of 1800 euros.", "lease.md")
    try:
        answer = memory.answer(question)
    finally:
        del KNOWN[question]
    assert memory.asked == [question]
    assert len(answer.sentences) == 1 and answer.tier == 2


def test_a_plain_question_is_asked_once(memory: Memory) -> None:
    answer = memory.answer("when does the lease end?")
    assert memory.asked == ["when does the lease end?"]
    assert answer.tier == 2


def test_nothing_found_is_not_in_the_memory(memory: Memory) -> None:
    answer = memory.answer("when is Tom's wedding and who pays for it?")
    assert answer.abstained and answer.reason == "nothing matches"
    assert len(answer.steps) == 2


def test_it_stops_when_it_is_told_to_with_what_it_has(memory: Memory) -> None:
    answer = memory.answer("when does the lease end and how much does it cost?", stops=1)
    assert memory.asked == ["when does the lease end?"]
    assert [each.text for each in answer.sentences] == ["The lease ends on 31 May 2027."]
    assert "you stopped it" in answer.degraded


def test_it_stops_on_its_budget_of_steps_and_of_time(memory: Memory) -> None:
    question = "when does the lease end and how much does it cost and where is it and who has it?"
    assert len(memory.answer(question, Budget(steps=2)).steps) == 2
    slow = Memory()
    slow.slowness = 9.0
    answer = slow.answer(question, Budget(steps=99, seconds=20.0))
    assert len(answer.steps) == 3
    assert "the time for it was over" in answer.degraded


def test_a_source_that_several_parts_rest_on_is_cited_once(memory: Memory) -> None:
    answer = memory.answer("when does the lease end and when does the lease end?")
    assert len(answer.citations) == 1 and len(answer.sentences) == 1


def test_each_step_is_told_before_it_is_taken(memory: Memory) -> None:
    told: list[Step] = []
    deliberate(
        "when does the lease end and how much does it cost?", memory, told.append, lambda: False,
        lambda: 0.0,
    )  # fmt: skip
    assert [step.text for step in told] == memory.asked


def test_it_is_one_answer_of_the_conversation(engine: Engine, life: Path) -> None:
    engine.add(life)
    engine.work()
    question = "what did we agree on for the garden budget and how much was the boiler service?"
    reply = converse(engine.asking, request(question, {}, thinks=True))
    texts = " ".join(each.text for each in reply.answer.sentences)
    assert "400 euros" in texts and "189 euros" in texts
    assert {each.title for each in reply.answer.citations} >= {"Garden"}
    (given,) = engine.asking.session.latest()
    assert given.exchange.question == question
    (asked,) = engine.own.latest(9)
    assert asked.question == question


@pytest.mark.parametrize(
    "text", ["", "and", "and when and when", "or " * 90, "which is, or?", "is or", "x vs", "of who",
             "the of the who that which who of " * 9]
)  # fmt: skip
def test_nothing_that_is_typed_breaks_it(text: str, memory: Memory) -> None:
    assert memory.answer(text or "?").abstained
