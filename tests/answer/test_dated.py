"""Questions about a stretch of time, or about what somebody wrote, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from tests.answer.test_newcomer import MAIL
from tests.told import entries, note, told

JOURNAL = """# Journal

## 2026-02-03

Called the plumber Rossi about the boiler. He comes on Friday.

## 2026-02-06

Rossi fixed the boiler. Paid 214 euros. It was cold.
"""
NOW = datetime(2026, 2, 8, 12, 0).astimezone()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("life")
    (folder / "journal.md").write_text(JOURNAL)
    (folder / "ben.eml").write_text(MAIL)
    engine = Engine(open_home(tmp_path_factory.mktemp("dated") / "home"), Config())
    engine.add(folder)
    engine.work()
    yield engine
    engine.close()


@pytest.mark.parametrize(
    "question",
    ["What happened on 6 February?", "what did I do on Friday", "Was war am 6. Februar 2026?",
     "was ist vorgestern passiert?", "qu'est-ce qui s'est passé le 6 février ?"],
)  # fmt: skip
def test_a_day_is_told_by_what_bears_its_date(lived: Engine, question: str) -> None:
    answer = lived.ask(question, NOW)
    assert [each.text for each in answer.sentences] == [
        "6 February 2026: Rossi fixed the boiler.", "Paid 214 euros."
    ]  # fmt: skip
    assert [each.when for each in answer.citations] == ["2026-02-06"] * 2


def test_a_week_is_told_day_by_day(lived: Engine) -> None:
    days = [each.text for each in lived.ask("what happened this week?", NOW).sentences]
    assert days[0] == "3 February 2026: Called the plumber Rossi about the boiler."
    assert days[2] == "6 February 2026: Rossi fixed the boiler."


@pytest.mark.parametrize(
    ("asked", "told"),
    [("on 7 February", "7 February 2026"), ("before May 2020", "30 April 2020 or earlier"),
     ("in March 2025", "1 March 2025 to 31 March 2025")],
)  # fmt: skip
def test_a_time_of_which_nothing_is_there(lived: Engine, asked: str, told: str) -> None:
    answer = lived.ask(f"what happened {asked}?", NOW)
    assert answer.abstained
    assert answer.reason == f"nothing in your memory bears a date of {told}"


def test_what_somebody_wrote(lived: Engine) -> None:
    assert [each.text for each in lived.ask("what did Ben Olsen write?", NOW).sentences] == [
        "12 May 2026: Subject: Summer trip",
        "I booked the cabin in Norway for two weeks, from 4 to 18 July.",
    ]
    assert lived.ask("what did Olga write?", NOW).abstained


def test_a_question_about_something_is_searched_for(lived: Engine) -> None:
    answer = lived.ask("what did Rossi fix on 6 February?", NOW)
    assert answer.short == "the boiler"


def test_what_was_called_wrong_is_not_told(engine: Engine, tmp_path: Path) -> None:
    said = "The garden budget is 550 euros."
    text = f"# Garden\n\n## 2026-03-08\n\n{said} It was hard to agree on.\n"
    note(engine, tmp_path / "life" / "garden.md", text)
    asked = "what happened on 8 March 2026?"
    assert said in told(engine, asked)
    engine.memory.throw_out([entries(engine, "550")[0].entry.id])
    assert told(engine, asked) == "8 March 2026: It was hard to agree on."
