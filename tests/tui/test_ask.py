from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from textual import events
from textual.content import Content
from textual.widgets import Input, Static

from cairn.app.tui.app import Cairn
from cairn.app.tui.screens.ask import Ask
from cairn.app.tui.screens.history import History
from cairn.app.tui.screens.wrong import Wrong
from cairn.app.tui.widgets.cited import Cited
from cairn.app.tui.widgets.prompt import LONGEST, Prompt
from cairn.app.tui.widgets.turn import Said
from cairn.app.tui.widgets.welcome import Example
from cairn.core.config import Tui
from tests.tui.conftest import Lived
from tests.tui.driving import NARROW, WIDE, Driver, driven, said, screen, typed, until

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
QUESTION = "What did we agree for the garden budget?"


def place(app: Cairn) -> Ask:
    found = app.place
    assert isinstance(found, Ask)
    return found


async def asked(app: Cairn, pilot: Driver, question: str = QUESTION) -> None:
    before = len(place(app).turns)
    place(app).prompt.put(question)
    await pilot.press("enter")
    await until(pilot, lambda: len(place(app).turns) > before)
    await until(pilot, lambda: not place(app).turns[-1].is_open)
    await pilot.pause()


@SIZES
def test_an_answer_comes_with_its_sources_tier_and_time(
    lived: Lived, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await typed(pilot, QUESTION)
        await pilot.press("enter")
        await until(pilot, lambda: "tier " in screen(pilot))
        shown = screen(pilot)
        assert "We agreed on 400 euros for the garden budget. [1]" in shown
        assert "garden.md:5" in shown and re.search(r"· \d+( ms|\.\d s)", shown)
        assert place(app).prompt.text == ""

    driven(test, size)


def test_enter_waits_for_the_letters_typed_before_it(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        for char in "budget":
            app.post_message(events.Key(char, char))
        app.post_message(events.Key("enter", "\r"))
        await until(pilot, lambda: place(app).turns)
        assert place(app).turns[-1].question == "budget"

    driven(test)


@SIZES
def test_a_source_is_previewed_with_the_sentence_marked(
    lived: Lived, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        await pilot.press("shift+tab")
        await until(pilot, lambda: isinstance(app.screen.focused, Cited))
        await pilot.press("enter")
        await until(pilot, lambda: "5  We agreed on 400" in screen(pilot))
        preview, conversation = place(app).preview.region, place(app).conversation.region
        if size == WIDE:
            assert preview.x >= conversation.right
        else:
            assert preview.y >= conversation.bottom
        (cited,) = place(app).preview.query(".cited").results(Static)
        assert isinstance(cited.content, Content)
        assert any("$primary" in str(span.style) for span in cited.content.spans)
        await pilot.press("escape")
        assert not place(app).preview.display
        await pilot.press("escape")
        assert isinstance(app.screen.focused, Prompt)

    driven(test, size)


def test_a_number_shows_that_source(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        await pilot.press("shift+tab", "1")
        await until(pilot, lambda: place(app).preview.display)
        assert isinstance(app.screen.focused, Cited)
        await pilot.press("ctrl+b")
        assert not place(app).preview.display
        await pilot.press("ctrl+b")
        assert place(app).preview.display

    driven(test)


def test_a_click_on_a_mark_shows_its_source(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        rows = screen(pilot).split("\n")
        y = next(at for at, row in enumerate(rows) if "[1]" in row)
        await pilot.click(offset=(rows[y].index("[1]") + 1, y))
        await until(pilot, lambda: "5  We agreed on 400" in screen(pilot))

    driven(test)


def test_arrows_and_letters_walk_through_answers_and_sources(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        await asked(app, pilot, "What did the boiler service cost?")
        await pilot.press("shift+tab", "g")
        await until(pilot, lambda: isinstance(app.screen.focused, Said))
        first = app.screen.focused
        for down, up in (("down", "up"), ("j", "k")):
            await pilot.press(down)
            await until(pilot, lambda: isinstance(app.screen.focused, Cited))
            await pilot.press(up)
            await until(pilot, lambda: app.screen.focused is first)
        await pilot.press("G")
        await until(pilot, lambda: app.screen.focused is place(app).turns[-1].sources[-1])
        await pilot.press("down")
        await until(pilot, lambda: isinstance(app.screen.focused, Prompt))
        await pilot.press("tab")
        await until(pilot, lambda: app.screen.focused is place(app).turns[-1].said)

    driven(test)


def test_what_is_copied_is_told(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        await pilot.press("shift+tab", "y")
        await until(pilot, lambda: "copied source 1" in said(pilot))
        assert app.clipboard.startswith("We agreed on 400 euros for the garden budget.")
        assert "garden.md:5" in app.clipboard
        await pilot.press("k", "y")
        await until(pilot, lambda: "copied the answer" in said(pilot))
        assert "[1]" in app.clipboard and "garden.md:5" in app.clipboard

    driven(test)


def test_a_source_opens_in_the_editor_at_its_line(
    lived: Lived, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor = tmp_path / "vi"
    editor.write_text(f'#!/bin/sh\nprintf "%s " "$@" > {tmp_path}/given\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)

    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        await pilot.press("shift+tab", "o")
        await until(pilot, lambda: (tmp_path / "given").exists())

    driven(test)
    assert (tmp_path / "given").read_text() == f"+5 {lived.life / 'garden.md'} "


def test_an_editor_that_is_missing_is_told_not_thrown(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "/no/such/editor")

    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        await pilot.press("shift+tab", "o")
        await until(pilot, lambda: "was not found" in said(pilot))

    driven(test)


def test_what_is_not_there_is_said_plainly(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot, "Which dentist did we choose for Mila?")
        assert "Not in your memory" in screen(pilot)
        await pilot.press("shift+tab")
        assert isinstance(app.screen.focused, Said)

    driven(test)


def test_a_question_may_lean_on_the_one_before(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot, "What did the boiler service cost?")
        await asked(app, pilot, "And when was it?")
        assert "understood as" in screen(pilot)
        await pilot.press("ctrl+n")
        await pilot.pause()
        assert place(app).turns == []
        await asked(app, pilot, "And when was it?")
        assert not (place(app).turns[-1].answer or {})["understood"]

    driven(test)


def test_questions_of_before_come_back(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        await asked(app, pilot, "What did the boiler service cost?")
        prompt = place(app).prompt
        await typed(pilot, "half")
        await pilot.press("up")
        assert prompt.text == "What did the boiler service cost?"
        await pilot.press("up")
        assert prompt.text == QUESTION
        await pilot.press("down", "down")
        assert prompt.text == "half"

    driven(test)


@SIZES
def test_one_of_all_questions_is_chosen_by_its_words(lived: Lived, size: tuple[int, int]) -> None:
    async def ask(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)

    async def test(app: Cairn, pilot: Driver) -> None:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, History))
        await typed(pilot, "garden bud")
        await until(pilot, lambda: QUESTION in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: place(app).prompt.text == QUESTION)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, History))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, History))

    driven(ask)
    driven(test, size)


def test_a_new_line_makes_the_prompt_grow(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        prompt = place(app).prompt
        before = prompt.size.height
        await pilot.press("a", "ctrl+j", "b")
        await pilot.pause()
        assert prompt.text == "a\nb"
        assert prompt.size.height == before + 1

    driven(test)


@SIZES
def test_examples_are_made_of_what_is_there_and_are_taken(
    lived: Lived, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await until(pilot, lambda: list(app.query(Example)))
        await until(pilot, lambda: "arden" in screen(pilot))
        await pilot.press("shift+tab")
        assert isinstance(app.screen.focused, Example)
        question = app.screen.focused.question
        await pilot.press("enter")
        await until(pilot, lambda: place(app).prompt.text == question)
        assert isinstance(app.screen.focused, Prompt)

    driven(test, size)


@SIZES
def test_a_wrong_answer_leads_to_what_can_be_done(lived: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        await pilot.press("shift+tab", "minus")
        await until(pilot, lambda: isinstance(app.screen, Wrong))
        await until(pilot, lambda: "this answer is bad" in screen(pilot))
        await pilot.press("b")
        await until(pilot, lambda: "noted as bad" in said(pilot))
        assert not isinstance(app.screen, Wrong)
        await pilot.press("plus")
        await until(pilot, lambda: "noted as good" in said(pilot))

    driven(test, size)


def test_an_entry_behind_a_wrong_answer_is_put_right(
    lived: Lived, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "\\nAlso the fence.\\n" >> "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)

    async def wrong(app: Cairn, pilot: Driver) -> None:
        place(app).turns[-1].sources[0].focus()
        await pilot.press("minus")
        await until(pilot, lambda: isinstance(app.screen, Wrong))
        await until(pilot, lambda: "put it away" in screen(pilot))

    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        await wrong(app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: "changed" in said(pilot))
        await wrong(app, pilot)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen.focused, Input))
        await typed(pilot, "nonsense")
        await pilot.press("enter")
        await until(pilot, lambda: "not a time" in said(pilot))
        assert isinstance(app.screen, Wrong)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Wrong))
        await wrong(app, pilot)
        await pilot.press("x")
        await until(pilot, lambda: "put away" in said(pilot))

    driven(test, WIDE)


def test_markup_and_hidden_letters_of_a_file_stay_letters(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot, "What did the lighthouse keeper write?")
        shown = screen(pilot)
        assert "[bold]lighthouse[/bold]" in shown
        assert "\\x1b[31mred\\x202etxt.exe" in shown
        assert "\u202e" not in shown and "\x1b" not in shown
        await pilot.press("shift+tab", "enter")
        await until(pilot, lambda: "[link=x]log" in screen(pilot))

    driven(test, WIDE)


def test_a_question_with_markup_stays_as_it_was_typed(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot, "what of [b]garden[/b] and [/nothing] and 日本語 and שלום?")
        shown = screen(pilot)
        assert "[b]garden[/b] and [/nothing]" in shown
        assert "日本語" in shown

    driven(test)


def test_a_million_letters_pasted_are_cut_to_a_question(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        prompt = place(app).prompt
        prompt.post_message(events.Paste("word \x1b[31m" * 125_000))
        await until(pilot, lambda: "letters" in said(pilot))
        assert len(prompt.text) <= 4 * LONGEST
        assert "\x1b" not in prompt.text
        await pilot.press("x")
        assert "x" in prompt.text

    driven(test)


def test_a_second_question_waits_for_the_first(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place(app).prompt.put(QUESTION)
        await pilot.press("enter")
        place(app).prompt.put("another one")
        place(app).prompt.action_submit()
        await pilot.pause()
        await until(pilot, lambda: not place(app).turns[-1].is_open)
        assert len(place(app).turns) <= 2

    driven(test)


def test_a_daemon_killed_during_a_conversation_costs_nothing(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot)
        pid = (app.latest.state or {})["daemon"]["pid"]
        os.kill(pid, 9)
        await asked(app, pilot, "What did the boiler service cost?")
        assert "189 euros" in screen(pilot)

    driven(test)


def test_in_plain_mode_nothing_is_drawn_but_text(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await asked(app, pilot, "What did the boiler service cost?")
        await pilot.press("shift+tab", "enter")
        await until(pilot, lambda: "1  The boiler service cost" in screen(pilot))
        assert not set(screen(pilot)) & set("│╭╮╰╯─▎▏█▍")

    driven(test, WIDE, Tui(plain=True))
