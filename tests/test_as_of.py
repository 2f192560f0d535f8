"""What was true then, what had been written down by then, and how a value came to be what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from tests.told import accept_all, chat, entries, note, told, values

RENT = (
    ("2026-01-08T18:05:00+01:00", "user", "My rent is 400 euros."),
    ("2026-04-08T18:05:00+02:00", "user", "My rent is 410 euros now."),
    ("2026-07-08T18:05:00+02:00", "user", "My rent is 380 euros now."),
)
ASKED = "How much is my rent?"


@pytest.fixture(scope="module", params=["pending", "accepted"])
def rent(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Three values, one after the other, before and after somebody has looked at them."""
    folder = tmp_path_factory.mktemp("rent")
    engine = Engine(open_home(folder / "home"), Config())
    chat(engine, folder / "in", *RENT)
    if request.param == "accepted":
        accept_all(engine)
        assert [until for _, _, until in values(engine)] == ["2026-04-08", "2026-07-08", ""]
    yield engine
    engine.close()


def test_the_newest_value_is_told_first_and_how_it_came_to_it(rent: Engine) -> None:
    answer = rent.ask(ASKED)
    assert "380" in answer.sentences[0].text
    assert answer.sentences[-1].text == (
        "In short, rent: 400 euros until 8 April 2026, then 410 euros until 8 July 2026, "
        "since then 380 euros."
    )
    assert len(set(answer.sentences[-1].citations)) == 3
    assert all(citation.state == "ok" and citation.entries for citation in answer.citations)


@pytest.mark.parametrize("which", ["as_of", "known_at"])
@pytest.mark.parametrize(
    ("moment", "value", "history"),
    [
        ("2026-01-08", "400", ""),
        ("2026-03-01", "400", ""),
        ("2026-04", "410", "400 euros until 8 April 2026, since then 410 euros"),
        ("2026-05-01", "410", "400 euros until 8 April 2026, since then 410 euros"),
        ("2026-07-08T23:00:00+02:00", "380", "since then 380 euros"),
        ("2026-07-08T10:00:00+00:00", "410", "since then 410 euros"),
    ],
)
def test_the_past_knows_nothing_of_the_future(
    rent: Engine, which: str, moment: str, value: str, history: str
) -> None:
    if "T10" in moment and which == "as_of":
        moment = "2026-07-07T10:00:00+00:00"  # a fact holds for the whole day on which it was said
    said = told(rent, ASKED, **{which: moment})
    assert value in said and history in said
    later = {"400": ("410", "380"), "410": ("380",), "380": ()}[value]
    assert not any(each in said for each in later)
    assert bool(history) == ("In short" in said)


def test_before_anything_was_said_nothing_is_known(rent: Engine) -> None:
    assert rent.ask(ASKED, as_of="2025-12-31").abstained
    assert rent.ask(ASKED, known_at="2026-01-07").abstained


def test_what_was_told_later_of_a_day_before_was_true_then(engine: Engine, tmp_path: Path) -> None:
    said = "My rent is 500 euros as of 1 February 2026."
    chat(engine, tmp_path / "in", ("2026-06-08T18:05:00+02:00", "user", said))
    (rent,) = entries(engine, "rent")
    assert rent.entry.valid_from == "2026-02-01"
    assert "500" in told(engine, ASKED, as_of="2026-03-01")
    assert engine.ask(ASKED, as_of="2026-01-31").abstained
    assert engine.ask(ASKED, known_at="2026-03-01").abstained


def test_a_note_without_a_date_is_as_old_as_its_file(engine: Engine, tmp_path: Path) -> None:
    note(engine, tmp_path / "life" / "garden.md", "The garden budget is 400 euros.\n", "2026-05-02")
    asked = "What is the garden budget?"
    assert engine.ask(asked, known_at="2026-05-01").abstained
    assert "400" in told(engine, asked, known_at="2026-05-02")


def test_a_plan_is_known_before_its_day_and_not_after_it_was_called_off_only(
    engine: Engine, tmp_path: Path
) -> None:
    said = "I will send the invoice to Ben by 20 May 2026."
    chat(engine, tmp_path / "in", ("2026-05-08T18:05:00+02:00", "user", said))
    for moment in ("2026-05-10", "2026-06-30"):
        assert "invoice" in told(engine, "When will I send the invoice?", as_of=moment)
    assert engine.ask("When will I send the invoice?", as_of="2026-05-07").abstained


def test_another_question_about_the_same_passage_gets_no_history(rent: Engine) -> None:
    assert "In short" not in told(rent, "Who spoke of euros?")


def test_values_of_the_same_day_are_told_as_they_are(engine: Engine, tmp_path: Path) -> None:
    at = "2026-01-08T18:05:00+01:00"
    chat(engine, tmp_path / "in", (at, "user", "My rent is 400 euros."),
         (at, "user", "My rent is 430 euros."))  # fmt: skip
    assert "In short" not in told(engine, ASKED)


def test_what_was_thrown_out_is_no_part_of_the_history(engine: Engine, tmp_path: Path) -> None:
    chat(engine, tmp_path / "in", *RENT)
    (middle,) = [each for each in entries(engine) if "410" in each.entry.value]
    engine.memory.throw_out([middle.entry.id])
    engine.work()
    said = told(engine, ASKED)
    assert "410" not in said and "400 euros until 8 July 2026, since then 380" in said
