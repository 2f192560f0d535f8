from __future__ import annotations

from pathlib import Path

import pytest

from cairn.app.tui.app import Cairn
from cairn.app.tui.screens.memory import Memory
from cairn.app.tui.widgets.questions import Questions
from tests.tui.conftest import Lived
from tests.tui.driving import NARROW, WIDE, Driver, driven, said, screen, until
from tests.tui.remembered import remembered
from tests.tui.test_memory import editor

__all__ = ["remembered"]
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


async def questions(app: Cairn, pilot: Driver) -> Questions:
    await pilot.press("f4")
    await until(pilot, lambda: isinstance(app.place, Memory) and app.place.rows.rows)
    assert isinstance(app.place, Memory)
    await until(pilot, lambda: "question" in screen(pilot))
    await pilot.press("v")
    queue = app.place.questions
    await until(pilot, lambda: queue.question is not None)
    return queue


@SIZES
def test_a_question_shows_both_sides_and_what_a_yes_does(
    remembered: Lived, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await questions(app, pilot)
        await until(pilot, lambda: "Which of these holds?" in screen(pilot))
        shown = screen(pilot)
        assert "older" in shown and "budget.eml" in shown
        assert "a accept" in shown.split("\n")[-1]
        await pilot.press("v")
        assert app.place.query_one("#browse").display

    driven(test, size)


@pytest.mark.parametrize(("key", "state"), [("r", "rejected"), ("b", "both are kept")])
def test_a_key_answers_and_another_takes_it_back(remembered: Lived, key: str, state: str) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        queue = await questions(app, pilot)
        many = len(queue.rows.rows)
        await pilot.press(key)
        await until(pilot, lambda: f"{state}; u takes it back" in said(pilot))
        await until(pilot, lambda: len(queue.rows.rows) < many)
        await pilot.press("u")
        await until(pilot, lambda: "asked again" in said(pilot))
        await until(pilot, lambda: len(queue.rows.rows) == many)

    driven(test)


def test_yes_is_carried_out_and_when_none_is_left_that_is_said(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        queue = await questions(app, pilot)
        while queue.rows.rows:
            many = len(queue.rows.rows)
            await pilot.press("a")
            await until(pilot, lambda: len(queue.rows.rows) < many)  # noqa: B023
        await until(pilot, lambda: "Nothing waits for you" in screen(pilot))
        while queue._answered:
            left = len(queue._answered)
            await pilot.press("u")
            await until(pilot, lambda: len(queue._answered) < left)  # noqa: B023
        await until(pilot, lambda: queue.rows.rows)
        await pilot.press("u")
        assert "nothing was answered here yet" in said(pilot)
        await pilot.press("escape")
        assert app.place.query_one("#browse").display

    driven(test)


def test_keys_of_an_entry_do_nothing_to_it_meanwhile(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await questions(app, pilot)
        await pilot.press("d", "x", "h", "minus")
        await pilot.pause(0.2)
        assert len(app.screen_stack) == 1

    driven(test)


def test_a_question_is_left_for_later(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        queue = await questions(app, pilot)
        many = len(queue.rows.rows)
        await pilot.press("s")
        assert len(queue.rows.rows) == many

    driven(test)


def test_the_newer_one_is_corrected(
    remembered: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "agreed on 400 euros", "agreed on 405 euros")

    async def test(app: Cairn, pilot: Driver) -> None:
        await questions(app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: "corrected; u takes it back" in said(pilot))

    driven(test)
    kept = Path(remembered.env["CAIRN_HOME"], "tree").rglob("*.md")
    assert any("405 euros" in path.read_text() for path in kept)
