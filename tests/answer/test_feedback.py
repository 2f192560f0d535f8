"""What is said of an answer is kept once, shown where it belongs, and erased with what it is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.app import tree_operations
from cairn.core.conversing import converse, judge, request, take_back
from cairn.core.engine import Engine
from cairn.core.errors import NotFound, Unavailable
from cairn.core.records import Answer

QUESTION = "what did we agree on for the garden budget?"


@pytest.fixture
def filled(engine: Engine, life: Path) -> Engine:
    engine.add(life)
    engine.work()
    return engine


def ask(engine: Engine, text: str = QUESTION) -> Answer:
    return converse(engine.asking, request(text, {})).answer


def test_it_is_kept_with_the_sources_and_the_entries_that_were_cited(filled: Engine) -> None:
    answer = ask(filled)
    judged, is_new = judge(filled.asking, filled.private, "good")
    assert is_new and judged.question == QUESTION
    assert [cite.address for cite in judged.cites] == [each.address for each in answer.citations]
    assert judged.entries == {id for each in answer.citations for id in each.entries}
    assert filled.asking.feedback.all() == [judged]


def test_saying_it_twice_is_saying_it_once_and_the_opposite_replaces_it(filled: Engine) -> None:
    for verdict, is_new in (("good", True), ("good", False), ("bad", True), ("bad", False)):
        ask(filled)
        assert judge(filled.asking, filled.private, verdict)[1] is is_new  # type: ignore[arg-type]
        (kept,) = filled.asking.feedback.all()
        assert kept.verdict == verdict
    assert take_back(filled.asking)[1] is True
    assert take_back(filled.asking)[1] is False
    assert filled.asking.feedback.all() == []


def test_it_may_be_about_one_before_the_last(filled: Engine) -> None:
    ask(filled)
    ask(filled, "how much did the boiler service cost?")
    assert judge(filled.asking, filled.private, "bad", 2)[0].question == QUESTION
    with pytest.raises(NotFound, match="the last 2 are"):
        judge(filled.asking, filled.private, "bad", 3)


def test_before_any_answer_there_is_nothing_to_say_it_of(engine: Engine) -> None:
    with pytest.raises(NotFound):
        judge(engine.asking, engine.private, "good")


def test_in_private_mode_nothing_is_noted(filled: Engine) -> None:
    ask(filled)
    filled.private.begin()
    with pytest.raises(Unavailable):
        judge(filled.asking, filled.private, "good")
    filled.private.end()
    assert filled.asking.feedback.all() == []


def test_the_next_process_knows_what_the_last_answer_was(filled: Engine) -> None:
    ask(filled)
    config, home = filled.config, filled.home
    filled.close()
    again = Engine(home, config)
    try:
        judged, _ = judge(again.asking, again.private, "bad")
        assert judged.question == QUESTION and judged.cites
    finally:
        again.close()


def test_it_is_shown_on_the_entries_that_the_answer_cited(filled: Engine) -> None:
    answer = ask(filled)
    entries = [id for each in answer.citations for id in each.entries]
    assert entries
    judge(filled.asking, filled.private, "bad")
    data = tree_operations.run(filled, "tree_entry", {"name": entries[0]})
    assert [(each["verdict"], each["question"]) for each in data["feedback"]] == [("bad", QUESTION)]
    others = [id for id in filled.journal.read("SELECT id FROM entries") if id[0] not in entries]
    for (id,) in others:
        assert tree_operations.run(filled, "tree_entry", {"name": id})["feedback"] == []


def test_nothing_is_ranked_or_answered_otherwise_for_it(filled: Engine) -> None:
    before = ask(filled)
    found = [item.score for item in filled.asking.search(QUESTION).evidence]
    judge(filled.asking, filled.private, "bad")
    after = ask(filled)
    assert [each.text for each in after.sentences] == [each.text for each in before.sentences]
    assert [item.score for item in filled.asking.search(QUESTION).evidence] == found


def test_a_secret_in_a_question_is_not_kept(filled: Engine) -> None:
    ask(filled, "is my password: hunter2hunter2 for the garden budget?")
    judged, _ = judge(filled.asking, filled.private, "good")
    assert "hunter2" not in judged.question
    assert "hunter2" not in str(filled.journal.read("SELECT * FROM feedback"))


def test_forgetting_an_entry_erases_it(filled: Engine) -> None:
    answer = ask(filled)
    judge(filled.asking, filled.private, "good")
    ask(filled, "how much did the boiler service cost?")
    judge(filled.asking, filled.private, "good")
    entry = answer.citations[0].entries[0]
    plan = filled.plan_forget(entry)
    assert any(copy.where == "what you said of answers" for copy in plan.copies)
    filled.apply(plan)
    assert [each.question for each in filled.asking.feedback.all()] == [
        "how much did the boiler service cost?"
    ]
    assert entry not in str(filled.journal.read("SELECT cites FROM answered"))
