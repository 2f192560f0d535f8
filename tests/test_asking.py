"""A question is counted from the moment it is asked, and finds the same again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.records import Evidence

MARCH = datetime(2026, 3, 8, 12, tzinfo=UTC)
QUESTION = "Where is the tent kept?"
TALK = (
    ("Ben", "We went to the lake with the old tent and it rained all night."),
    ("Ana", "Oh no, that sounds wet."),
    ("Ana", "Where is the tent kept now?"),
    ("Ben", "Up in the attic, behind the boxes with the winter clothes."),
    ("Ana", "I bought a tent peg and tent poles in the tent shop."),
    ("Ben", "Great, see you on Sunday then."),
)


def talk(engine: Engine, folder: Path) -> None:
    folder.mkdir()
    rows = [
        {"conversation": "camping", "title": "Camping", "time": f"2026-03-01T18:0{number}:00",
         "author": who, "origin": "other", "text": text, "id": str(number)}
        for number, (who, text) in enumerate(TALK)
    ]  # fmt: skip
    path = folder / "camping.turns.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    engine.conversations.take_in(path)
    engine.work()


def found(engine: Engine) -> tuple[Evidence, ...]:
    return engine.asking.look(QUESTION).evidence


def part(evidence: Evidence, name: str) -> float:
    return next((hit.score for hit in evidence.hits if hit.channel == name), 0.0)


def test_days_are_counted_from_the_moment_that_is_given(engine: Engine) -> None:
    asked = engine.asking.look("What did I write yesterday?", now=MARCH).question
    assert asked.ranges == ((date(2026, 3, 7), date(2026, 3, 7)),)


def test_or_else_from_the_engines_clock(engine: Engine) -> None:
    engine.clock = lambda: MARCH
    asked = engine.asking.look("What did I write yesterday?").question
    assert asked.ranges == ((date(2026, 3, 7), date(2026, 3, 7)),)


def test_an_answer_is_found_by_the_question_before_it(engine: Engine, tmp_path: Path) -> None:
    talk(engine, tmp_path / "in")
    by_turn = {item.at.first: item for item in found(engine)}
    assert part(by_turn[4], "replies") > 0.3 > part(by_turn[5], "replies")
    assert part(by_turn[3], "asks") == 1.0
    assert by_turn[4].score > by_turn[6].score


def test_the_same_is_found_ten_times_and_by_another_engine(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    engine = Engine(home, Config(), clock=lambda: MARCH)
    talk(engine, tmp_path / "in")
    first = found(engine)
    assert first
    assert all(found(engine) == first for _ in range(9))
    engine.close()
    again = Engine(home, Config(), clock=lambda: MARCH)
    assert found(again) == first
    again.close()


def test_a_word_that_is_still_being_typed_finds_the_whole_one(
    engine: Engine, tmp_path: Path
) -> None:
    talk(engine, tmp_path / "in")
    found = engine.asking.search("winter clot", is_typing=True)
    assert found.question.text == "winter clothes"
    assert "winter clothes" in found.evidence[0].chunk.text
    for whole in ("tent pegs", "winter clothes"):
        usual = engine.asking.search(whole)
        assert engine.asking.search(whole, is_typing=True).evidence == usual.evidence
