"""What was asked lately is known to the next question, after a restart as far as it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cairn.core.answering import Manner
from cairn.core.config import Chats, Config
from cairn.core.conversing import Reply, converse, judge, request
from cairn.core.engine import Engine
from cairn.core.errors import NotFound
from cairn.core.home import open_home
from cairn.core.recall.search import Results

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def wait(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def opened(tmp_path: Path, clock: Clock, *, own: bool = True) -> Engine:
    return Engine(open_home(tmp_path / "home"), Config(chats=Chats(own=own)), clock)


@pytest.fixture
def filled(tmp_path: Path, life: Path, clock: Clock) -> Iterator[Engine]:
    engine = opened(tmp_path, clock)
    engine.add(life)
    engine.work()
    yield engine
    engine.close()


def ask(engine: Engine, text: str, follows: str = "lately", **beside: str) -> Reply:
    return converse(engine.asking, request(text, beside, follows))  # type: ignore[arg-type]


def test_a_follow_up_is_understood_and_answered_as_what_it_means(
    filled: Engine, clock: Clock
) -> None:
    ask(filled, "how much did the boiler service cost?")
    clock.wait(1)
    answer = ask(filled, "and when was that?").answer
    assert answer.question == "and when was that?"
    assert answer.understood == "when was the boiler service?"
    assert answer.short == "November 2025"


def test_it_leans_on_nothing_unless_it_may(filled: Engine) -> None:
    ask(filled, "how much did the boiler service cost?")
    answer = ask(filled, "and when was that?", follows="").answer
    assert answer.understood == ""


def test_a_question_that_stands_alone_is_asked_as_it_is(filled: Engine) -> None:
    ask(filled, "how much did the boiler service cost?")
    answer = ask(filled, "what did we agree on for the garden budget?").answer
    assert (answer.understood, answer.question) == (
        "", "what did we agree on for the garden budget?"
    )  # fmt: skip


def test_a_question_for_all_decisions_leans_on_nothing(filled: Engine) -> None:
    ask(filled, "how much did the boiler service cost?")
    asked = "what did we decide, when, and where is it written?"
    assert ask(filled, asked).answer.understood == ""


def test_nothing_leans_on_a_question_that_was_asked_as_it_was_typed(
    filled: Engine, clock: Clock
) -> None:
    ask(filled, "how much did the boiler service cost?")
    reply = ask(filled, "and when was that?", follows="")
    clock.wait(1)
    if reply.answer.abstained:
        assert reply.would_mean == "when was the boiler service?"
    assert ask(filled, "who paid for it?").answer.understood == "who paid for the boiler service?"


def test_after_a_pause_only_who_says_so_goes_on(filled: Engine, clock: Clock) -> None:
    ask(filled, "how much did the boiler service cost?")
    clock.wait(45)
    assert ask(filled, "and when was that?").answer.understood == ""
    ask(filled, "how much did the boiler service cost?")
    clock.wait(60 * 48)
    answer = ask(filled, "and when was that?", follows="always").answer
    assert answer.understood == "when was the boiler service?"


def test_what_was_asked_by_a_clock_that_was_ahead_is_not_the_latest(
    filled: Engine, clock: Clock, tmp_path: Path
) -> None:
    ask(filled, "how much did the boiler service cost?")
    clock.wait(-365 * 24 * 60)
    assert ask(filled, "and when was that?").answer.understood == ""
    ask(filled, "what did we agree on for the garden budget?")
    before = [each.exchange.question for each in filled.asking.session.latest()]
    filled.close()
    engine = opened(tmp_path, clock)
    after = [each.exchange.question for each in engine.asking.session.latest()]
    engine.close()
    assert before[-1] == after[-1] == "what did we agree on for the garden budget?"


def test_what_was_said_beside_the_question_holds_on(
    filled: Engine, clock: Clock, life: Path
) -> None:
    ask(filled, "how much did the boiler service cost?", **{"in": str(life), "kind": "text,note"})
    clock.wait(1)
    reply = ask(filled, "and when was that?", kind="note")
    assert dict(reply.beside) == {"in": str(life), "kind": "note"}
    clock.wait(1)
    assert ask(filled, "what did we agree on for the garden budget?").beside == ()


def test_a_conversation_is_taken_up_after_a_restart(
    filled: Engine, clock: Clock, tmp_path: Path
) -> None:
    ask(filled, "how much did the boiler service cost?", kind="note,text,table")
    before = filled.asking.session.latest()
    filled.close()
    clock.wait(2)
    engine = opened(tmp_path, clock)
    (given,) = engine.asking.session.latest()
    assert given.cites == before[0].cites
    assert given.beside == before[0].beside
    answer = ask(engine, "and when was that?").answer
    assert answer.understood == "when was the boiler service?"
    assert [each.exchange.question for each in engine.asking.session.latest()] == [
        "how much did the boiler service cost?", "when was the boiler service?"
    ]  # fmt: skip
    engine.close()


def test_two_questions_of_one_second_with_one_answer_are_both_kept(filled: Engine) -> None:
    for text in ("how much did the boiler service cost?", "when was the boiler service?"):
        ask(filled, text)
    assert [(each.question, bool(each.answer)) for each in filled.own.latest(9)] == [
        ("how much did the boiler service cost?", True), ("when was the boiler service?", True)
    ]  # fmt: skip


def test_where_nothing_is_kept_it_ends_with_the_process(
    life: Path, tmp_path: Path, clock: Clock
) -> None:
    engine = opened(tmp_path, clock, own=False)
    engine.add(life)
    engine.work()
    ask(engine, "how much did the boiler service cost?")
    assert ask(engine, "and when was that?").answer.understood
    assert engine.journal.read("SELECT * FROM answered") == []
    engine.close()
    again = opened(tmp_path, clock, own=False)
    assert again.asking.session.latest() == []
    assert ask(again, "and when was that?", follows="always").answer.understood == ""
    again.close()


def test_in_private_mode_it_is_in_memory_alone(
    filled: Engine, tmp_path: Path, clock: Clock
) -> None:
    filled.private.begin()
    ask(filled, "how much did the boiler service cost?")
    assert ask(filled, "and when was that?").answer.understood
    filled.private.end()
    filled.close()
    engine = opened(tmp_path, clock)
    assert engine.asking.session.latest() == []
    assert engine.journal.read("SELECT * FROM answered") == []
    engine.close()


@pytest.mark.parametrize("lasts", [0, 600])
def test_what_was_asked_in_private_mode_is_leant_on_no_more_when_it_is_over(
    filled: Engine, clock: Clock, lasts: int
) -> None:
    ask(filled, "what did we agree on for the garden budget?")
    filled.private.begin(lasts)
    ask(filled, "how much did the boiler service cost?")
    assert len(filled.asking.session.latest()) == 2
    if lasts:
        clock.wait(11)
    else:
        filled.private.end()
    reply = ask(filled, "and when was that?")
    assert "boiler" not in reply.answer.understood
    assert "boiler" not in str([*filled.asking.session.latest(), *filled.asking.session.earlier()])
    kept = filled.journal.read("SELECT text FROM turns WHERE origin = 'user'")
    assert "garden" in str(kept) and "boiler" not in str(kept)
    with pytest.raises(NotFound):
        judge(filled.asking, filled.private, "bad", 3)


def test_what_is_answered_after_private_mode_was_asked_in_it(
    filled: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.private.begin(600)
    find = filled.asking.find

    def slowly(*given: Any) -> Results:
        clock.wait(11)
        return find(*given)

    monkeypatch.setattr(filled.asking, "find", slowly)
    assert ask(filled, "how much did the boiler service cost?").answer.sentences
    assert not filled.private.is_on
    assert filled.asking.session.latest() == []
    assert filled.journal.read("SELECT 1 FROM turns UNION SELECT 1 FROM answered") == []


def test_no_text_of_an_answer_is_kept_beside_the_conversation(filled: Engine) -> None:
    ask(filled, "what did we agree on for the garden budget?")
    (row,) = filled.journal.read("SELECT * FROM answered")
    assert "garden.md" in str(row)
    assert "400" not in str(row) and "budget" not in str(row)


def test_only_the_last_fifty_are_known(filled: Engine, clock: Clock) -> None:
    answer = ask(filled, "what did we agree on for the garden budget?").answer
    for number in range(60):
        clock.wait(0.1)
        from dataclasses import replace

        filled.asking.session.note(replace(answer, question=f"question {number}"))
    assert len(filled.asking.session.latest()) == 50
    assert len(filled.journal.read("SELECT * FROM answered")) <= 51


def test_a_conversation_is_what_came_without_a_pause(filled: Engine, clock: Clock) -> None:
    for text, minutes in (("garden budget", 40), ("boiler service", 5), ("runner beans", 1)):
        ask(filled, text)
        clock.wait(minutes)
    earlier = filled.asking.session.earlier()
    assert [each.question for each in earlier] == ["boiler service", "runner beans"]


def test_what_is_forgotten_is_forgotten_here_too(filled: Engine) -> None:
    ask(filled, "what did we agree on for the garden budget?")
    filled.asking.session.clear()
    known = {each.exchange.question for each in filled.asking.session.latest()}
    kept = {each.question for each in filled.own.latest(50)}
    assert known == kept  # what is left is what the kept conversation says


def test_what_an_assistant_asks_is_no_part_of_it(filled: Engine) -> None:
    ask(filled, "What did the boiler service cost?")
    quoted = "SELECT hash FROM quoted"
    before = filled.journal.read(quoted)
    wanted = request("how many tomatoes are there?", {})
    told = converse(filled.asking, wanted, Manner(aside=True)).answer
    assert "tomatoes" in str(told.sentences)
    assert [each.exchange.question for each in filled.asking.session.latest(5)] == [
        "What did the boiler service cost?"
    ]
    assert set(filled.journal.read(quoted)) > set(before)  # it is not learned from the assistant
