"""Questions are asked once, in the order of what matters, and need no answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from cairn.core.errors import NotFound
from cairn.core.journal import Journal
from cairn.core.tree.life.signals import Life
from cairn.core.tree.review import (
    LAPSES_AFTER,
    MOST_OPEN,
    REVIEW_KINDS,
    Review,
    ReviewKind,
    Reviews,
    State,
    Step,
    Verdict,
)

PLAN = (Step("supersede", ("e_old", "e_new"), {"until": "2026-07-01"}),)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Reviews]:
    journal = Journal(tmp_path / "journal.db")
    yield Reviews(journal)
    journal.close()


def on(day: int) -> str:
    return f"{date(2026, 1, 1) + timedelta(days=day)}T12:00:00.000+00:00"


def ask(
    queue: Reviews, key: str, kind: ReviewKind = "supersede", entry: str = "", day: int = 0
) -> int:
    ids = (entry or f"e_{key}",)
    return queue.ask(kind, key, ids, (Step("archive", ids),), "two amounts for one thing", on(day))


def keys(reviews: list[Review]) -> list[str]:
    return [review.entries[0].removeprefix("e_") for review in reviews]


def test_a_question_is_kept_with_its_plan(queue: Reviews) -> None:
    number = queue.ask("supersede", "k", ["e_old", "e_new"], PLAN, "newer\n amount \ud800", on(0))
    (found,) = queue.open()
    assert found == queue.get(number)
    assert (found.kind, found.entries, found.plan) == ("supersede", ("e_old", "e_new"), PLAN)
    assert (found.reason, found.state, found.at) == ("newer amount ?", "open", on(0))
    assert queue.count() == 1


@pytest.mark.parametrize("verdict", ["accept", "edit", "reject", "keep-both", None])
def test_it_is_asked_once_whatever_came_of_it(queue: Reviews, verdict: Verdict | None) -> None:
    number = ask(queue, "a")
    if verdict:
        queue.decide(number, verdict, on(1))
    assert ask(queue, "a", day=900) == 0
    assert queue.was_asked("supersede", "a")
    assert not queue.was_asked("merge", "a")
    assert ask(queue, "a", "merge") > 0
    assert queue.was_rejected("supersede", "a") is (verdict in ("reject", "keep-both"))


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("accept", "accepted"), ("edit", "edited"), ("reject", "rejected"),
     ("keep-both", "kept-both")],
)  # fmt: skip
def test_an_answer_is_noted_with_the_operation(
    queue: Reviews, verdict: Verdict, state: State
) -> None:
    number = ask(queue, "a")
    decided = queue.decide(number, verdict, on(3), operation=7)
    assert (decided.state, decided.decided, decided.operation) == (state, on(3), 7)
    assert queue.open() == []
    assert queue.of_operation(7) == decided
    with pytest.raises(NotFound, match="does not wait for an answer"):
        queue.decide(number, "accept", on(4), operation=8)
    assert queue.get(number) == decided


def test_what_is_undone_waits_again(queue: Reviews) -> None:
    number = ask(queue, "a")
    queue.decide(number, "accept", on(3), operation=7)
    again = queue.reopen(number, on(400))
    assert (again.state, again.decided, again.operation, again.at) == ("open", "", 0, on(400))
    assert keys(queue.open()) == ["a"]
    assert queue.of_operation(7) is None
    assert queue.tidy(on(401)) == 0


def test_numbers_that_do_not_exist_are_named(queue: Reviews) -> None:
    for call in (lambda: queue.get(9), lambda: queue.decide(9, "accept", on(0)),
                 lambda: queue.reopen(9, on(0))):  # fmt: skip
        with pytest.raises(NotFound, match="no question 9"):
            call()


def test_what_matters_most_comes_first(queue: Reviews) -> None:
    for kind in reversed(REVIEW_KINDS):
        ask(queue, kind, kind)
    assert keys(queue.open()) == [
        "conflict", "contradiction", "supersede", "core", "merge", "weak",
    ]  # fmt: skip


def test_among_equals_the_important_entry_comes_first_then_the_older_question(
    queue: Reviews,
) -> None:
    Life(queue.journal).begin({"e_big": 0.9, "e_small": 0.1}, on(0))
    for key in ("small", "first", "second", "big"):
        ask(queue, key)
    assert keys(queue.open()) == ["big", "first", "second", "small"]


def test_the_queue_stays_short_and_the_least_important_lapse(queue: Reviews) -> None:
    for number in range(MOST_OPEN * 2):
        ask(queue, str(number), "weak" if number % 4 else "contradiction")
        assert queue.count() <= MOST_OPEN
    assert len(queue.open()) == MOST_OPEN
    queue.tidy(on(0))
    (left,) = queue.journal.read("SELECT count(*) FROM reviews WHERE state = 'open'")[0]
    assert left == MOST_OPEN
    assert sum(review.kind == "contradiction" for review in queue.open()) == MOST_OPEN // 2


def test_what_nobody_answers_lapses_and_was_neither_yes_nor_no(queue: Reviews) -> None:
    number = ask(queue, "a")
    ask(queue, "file", "conflict")
    assert queue.tidy(on(LAPSES_AFTER)) == 0
    assert queue.tidy(on(LAPSES_AFTER + 2)) == 1
    assert keys(queue.open()) == ["file"]
    assert queue.get(number).state == "lapsed"
    assert not queue.was_rejected("supersede", "a")
    assert ask(queue, "a") == 0
    assert queue.decide(number, "accept", on(300), 5).state == "accepted"


def test_a_clock_set_back_or_absurd_lapses_nothing(queue: Reviews) -> None:
    number = ask(queue, "a", day=500)
    for now in (on(0), "", "yesterday", "0001-01-01"):
        assert queue.tidy(now) == 0
    with queue.journal.write() as db:
        db.execute("UPDATE reviews SET at = 'long ago'")
    assert queue.tidy(on(900)) == 0
    assert queue.get(number).state == "open"


def test_what_has_become_moot_lapses(queue: Reviews) -> None:
    number = ask(queue, "a")
    done = ask(queue, "b")
    queue.decide(done, "reject", on(1))
    queue.lapse([number, done, 99], on(2))
    assert [queue.get(each).state for each in (number, done)] == ["lapsed", "rejected"]


def test_questions_about_an_entry_are_found_in_their_plans_too(queue: Reviews) -> None:
    queue.ask("weak", "k1", (), (Step("archive", ("e_1",)),), "", on(0))
    queue.ask("weak", "k2", ("e_1",), (), "", on(0))
    queue.ask("weak", "k3", ("e_11",), (), "e_1", on(0))
    queue.ask("weak", "k4", ("straße",), (), "", on(0))
    assert [review.id for review in queue.about("e_1")] == [2, 1]
    assert [review.id for review in queue.about("straße")] == [4]


def test_forgetting_takes_every_word_and_leaves_that_it_was_asked(queue: Reviews) -> None:
    payload = {"title": "Secret garden", "sources": [{"uri": "file:~/s.md#L1", "quote": "secret"}]}
    queue.ask("weak", "secret key", (), (Step("add", (), payload),), "the secret", on(0))
    queue.ask("merge", "secret pair", ("e_1", "e_2"), (), "secret", on(0))
    other = queue.ask("merge", "other", ("e_12",), (), "stays", on(0))
    near = queue.ask(
        "weak", "near", (), (Step("add", (), {"sources": [{"uri": "file:~/s.mdx"}]}),), "", on(0)
    )
    queue.decide(2, "accept", on(1), 4)
    assert queue.forget(["e_1"], ["file:~/s.md"]) == 2
    rows = str(queue.journal.read("SELECT * FROM reviews WHERE id <= 2"))
    assert "secret" not in rows.casefold()
    assert "e_1" not in rows
    assert {review.id for review in queue.open()} == {other, near}
    assert queue.was_asked("weak", "secret key")
    with pytest.raises(NotFound, match="nothing is left"):
        queue.get(1)


def test_changes_join_a_transaction_and_are_taken_back_with_it(queue: Reviews) -> None:
    number = ask(queue, "a")
    with pytest.raises(RuntimeError), queue.journal.write() as db:
        queue.decide(number, "accept", on(1), 3, db)
        queue.ask("weak", "b", ("e_b",), (), "", on(1), db)
        raise RuntimeError
    assert queue.get(number).state == "open"
    assert not queue.was_asked("weak", "b")


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'murder'",
        "state = 'open', plan = '[[\"erase\", [\"a\"], {}]]'",
        "entries = '{\"a\": 1}'",
        "entries = '[[[['",
        "entries = '[1, null]'",
        "plan = x'ff00'",
        "entries = '[]', plan = '[]'",
    ],
)
def test_a_strangers_row_is_passed_over(queue: Reviews, change: str) -> None:
    ask(queue, "good")
    number = ask(queue, "bad")
    with queue.journal.write() as db:
        db.execute(f"UPDATE reviews SET {change} WHERE id = ?", (number,))
    assert keys(queue.open()) == ["good"]
    assert queue.about("e_bad") == []
    with pytest.raises(NotFound):
        queue.get(number)
    queue.tidy(on(1))
    assert queue.count() == 1
