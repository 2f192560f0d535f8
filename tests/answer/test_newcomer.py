"""A folder of notes and mails, asked without a model that writes: plain answers, no odd ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.records import Answer

FAMILY = """# Family

## Doctor
- Mara is allergic to penicillin.
- Dr. Weiss, Hafenweg 7, 24103 Kiel, phone +49 431 552 110

## Birthdays
- Anna: 3 March 1988
- Carla: 22 October 2015
"""
HOUSE = """# House

## How to bleed a radiator
1. Turn off the heating and wait an hour.
2. Hold a cup under the valve.
3. Close the valve and check the pressure.

## Garden
We planted three trees:
- an apple tree
- a quince
- a sour cherry
"""
KAYAK = """# Kayak

Bought the kayak from Henrik Paulsen in May 2024 for 600 euros.

Sold the kayak to Jonas in September 2026, for 450 euros.
"""
MAIL = """From: Ben Olsen <ben.olsen@example.com>
To: Mara Keller <mara@example.com>
Subject: Summer trip
Date: Tue, 12 May 2026 10:12:00 +0200

Hi Mara!

I booked the cabin in Norway for two weeks, from 4 to 18 July. It costs 1,900 euros.
Can you bring the big tent? We take the ferry from Kiel.

Cheers,
Ben
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("small")
    for name, text in (("family.md", FAMILY), ("house.md", HOUSE), ("kayak.md", KAYAK)):
        (folder / name).write_text(text)
    (folder / "trip.eml").write_text(MAIL)
    engine = Engine(open_home(tmp_path_factory.mktemp("home") / "home"), Config())
    engine.add(Path(folder))
    engine.work()
    yield engine
    engine.close()


def told(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def test_all_steps_are_told(small: Engine) -> None:
    answer = small.ask("how do I bleed a radiator?")
    assert not answer.short
    assert told(answer)[0] == (
        "1. Turn off the heating and wait an hour. 2. Hold a cup under the valve. "
        "3. Close the valve and check the pressure."
    )


def test_a_list_of_things_is_told_whole(small: Engine) -> None:
    answer = small.ask("which trees did we plant?")
    assert answer.short == "an apple tree, a quince and a sour cherry"
    assert told(answer)[0].startswith("We planted three trees: an apple tree; a quince")


@pytest.mark.parametrize(
    "question",
    ["tell me about Ben", "tell me about the summer trip", "is Mara allergic to anything?"],
)
def test_no_header_greeting_or_heading_is_quoted(small: Engine, question: str) -> None:
    answer = small.ask(question)
    assert told(answer)
    for odd in ("From:", "Subject:", "Hi Mara", "Cheers", "#", "Can you"):
        assert not any(odd in text for text in told(answer))


def test_nothing_is_said_twice(small: Engine) -> None:
    texts = told(small.ask("how much does the cabin in Norway cost?"))
    assert not any(one in other for one in texts for other in texts if one != other)
    assert len(texts) == len(set(texts))


def test_the_birthday_of_one_is_not_that_of_another(small: Engine) -> None:
    assert small.ask("when is Carla's birthday?").short == "22 October 2015"
    assert "1988" not in " ".join(told(small.ask("when is Mara's birthday?")))


def test_a_purchase_is_answered_by_what_tells_of_it(small: Engine) -> None:
    assert told(small.ask("who bought the kayak?"))[0].startswith("Bought the kayak")
    sold = small.ask("who sold the kayak?")
    assert told(sold)[0].startswith("Sold the kayak")
    assert "Henrik" not in sold.short
    assert small.ask("when was the kayak sold?").short == "September 2026"


def test_where_something_is_written_is_told_by_the_sentence_alone(small: Engine) -> None:
    answer = small.ask("where does it say that Mara is allergic?")
    assert not answer.short and told(answer)[0] == "Mara is allergic to penicillin."


def test_the_address_of_somebody_is_told_by_its_form(small: Engine) -> None:
    assert small.ask("what is the doctor's address?").short == "Hafenweg 7, 24103 Kiel"


def test_what_is_noted_of_others_only_is_no_answer(small: Engine) -> None:
    assert small.ask("when is Peter's birthday?").abstained


def test_of_a_choice_only_what_there_is_to_choose_from_is_an_answer(small: Engine) -> None:
    assert not small.ask("did we plant a plum or a fig?").short
    assert "quince" in small.ask("did we plant a quince or a fig?").sentences[0].text
