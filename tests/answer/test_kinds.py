"""Questions for all decisions, promises or open questions, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from cairn.core.answer.kinds import _sought
from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.recall.narrow.filters import Filters
from cairn.core.recall.question.analyze import analyze
from tests.told import chat, entries, note

KITCHEN = """# Kitchen

On 12 January 2026 we decided to take the granite worktop for 2,100 euros.
"""
MEETING = """# Meeting 4 May 2026

- Decision: the release moves to 18 June 2026.
- Tomas will write the migration guide by 20 May.
"""
NOW = datetime(2026, 6, 8, 12, 0).astimezone()
RELEASE = "4 May 2026: Decision: the release moves to 18 June 2026."
WORKTOP = "On 12 January 2026 we decided to take the granite worktop for 2,100 euros."
GUIDE = "4 May 2026: Tomas will write the migration guide by 20 May."


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("life")
    (folder / "kitchen.md").write_text(KITCHEN)
    (folder / "meeting.md").write_text(MEETING)
    engine = Engine(open_home(tmp_path_factory.mktemp("kinds") / "home"), Config())
    engine.add(folder)
    engine.work()
    yield engine
    engine.close()


def told(engine: Engine, question: str, filters: Filters | None = None) -> list[str]:
    answer = engine.asking.ask(question, NOW, filters=filters or Filters())
    assert answer.abstained or [each.citations for each in answer.sentences] == [
        (number,) for number in range(1, len(answer.citations) + 1)
    ]
    return [each.text for each in answer.sentences]


@pytest.mark.parametrize(
    "question",
    ["what did we decide, when, and where is it written?", "What have we decided so far?",
     "list all decisions", "which decisions did we make?", "decisions", "what was agreed on?",
     "Was haben wir beschlossen?", "welche Entscheidungen gibt es?", "qu'avons-nous décidé ?",
     "¿qué decidimos?"],
)  # fmt: skip
def test_all_decisions_are_told_the_latest_first(lived: Engine, question: str) -> None:
    assert told(lived, question) == [RELEASE, WORKTOP]


@pytest.mark.parametrize(
    ("question", "expected"),
    [("what did we decide in May?", [RELEASE]), ("which decisions did we make in 2025?", []),
     ("what did we decide on 12 January 2026?", [WORKTOP])],
)  # fmt: skip
def test_those_of_a_time(lived: Engine, question: str, expected: list[str]) -> None:
    assert told(lived, question) == expected


def test_those_of_one_file(lived: Engine) -> None:
    [life] = [root for root in lived.folders.roots if (root / "kitchen.md").exists()]
    narrowed = Filters(folder=str(life / "kitchen.md"))
    assert told(lived, "what did we decide?", narrowed) == [WORKTOP]


@pytest.mark.parametrize(
    "question",
    ["what did Tomas promise?", "which promises are still open?", "what has Tomas promised?",
     "was hat Tomas versprochen?"],
)  # fmt: skip
def test_promises_are_told_by_whoever_gave_them(lived: Engine, question: str) -> None:
    assert told(lived, question) == [GUIDE]


@pytest.mark.parametrize("question", ["what did Ana promise?", "what did I promise?"])
def test_promises_of_nobody_are_none(lived: Engine, question: str) -> None:
    assert told(lived, question) == []


def test_a_promise_is_told_with_whoever_gave_it(engine: Engine, tmp_path: Path) -> None:
    at = "2026-05-04T10:00:00+02:00"
    chat(
        engine, tmp_path / "chats", (at, "other", "I will bring the tent on Saturday."),
        (at, "user", "Great, and I will book the train on Friday."),
    )  # fmt: skip
    assert told(engine, "what did Ben promise?") == [
        "4 May 2026: Ben: I will bring the tent on Saturday."
    ]
    mine = told(engine, "what did I promise?")
    assert mine and "book the train" in mine[0] and "Ben" not in mine[0]


def test_decisions_of_one_person_are_not_those_of_all() -> None:
    assert _sought(analyze("which decisions did we make?"))
    assert _sought(analyze("which decisions did Tomas make?")) is None


def test_a_question_with_a_topic_is_searched_for(lived: Engine) -> None:
    answer = lived.ask("what did we decide about the worktop?", NOW)
    assert [each.text for each in answer.sentences] == [WORKTOP]


def test_a_decision_that_was_called_wrong_is_told_no_more(engine: Engine, tmp_path: Path) -> None:
    note(engine, tmp_path / "life" / "kitchen.md", KITCHEN)
    assert told(engine, "what did we decide?") == [WORKTOP]
    engine.memory.throw_out([entries(engine, "granite")[0].entry.id])
    assert told(engine, "what did we decide?") == []


def test_of_many_the_latest_are_told(engine: Engine, tmp_path: Path) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 11)]
    lines = [f"- {day}: We decided to hire designer {number}." for number, day in enumerate(days)]
    note(engine, tmp_path / "life" / "log.md", "# Log\n\n" + "\n".join(lines) + "\n")
    answer = engine.ask("what did we decide?", NOW)
    assert [each.text for each in answer.sentences] == [
        f"{day} March 2026: We decided to hire designer {19 + day}." for day in range(10, 2, -1)
    ]
    assert answer.degraded == "the latest 8; name a time or a topic to see others"


@pytest.mark.parametrize(
    "question", ["what did " + "a " * 1900, "what did we decide" + ", and" * 700 + " x",
                 "all " * 900 + "x", "list " + "the our " * 400 + "decisionx"],
)  # fmt: skip
def test_no_question_takes_long_to_be_understood(question: str) -> None:
    started = time.process_time()
    assert _sought(analyze(question)) is None
    assert time.process_time() - started < 2
