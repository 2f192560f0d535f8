from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual import events

from cairn.app.tui import chips, marking, text
from cairn.app.tui.app import Cairn
from cairn.app.tui.screens.search import Search
from cairn.app.tui.screens.why import Why
from cairn.app.tui.widgets.field import Query
from cairn.app.tui.widgets.hits import Hits
from cairn.core.config import Tui
from tests.tui.conftest import Lived
from tests.tui.driving import NARROW, WIDE, Driver, driven, said, screen, typed, until

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


async def searched(app: Cairn, pilot: Driver, words: str) -> Search:
    await pilot.press("f3")
    await until(pilot, lambda: isinstance(app.screen.focused, Query))
    place = app.place
    assert isinstance(place, Search)
    await typed(pilot, words)
    return place


def test_what_is_typed_while_search_opens_is_looked_for(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        for key in ("f3", *"tomatoes"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: "Four tomatoes" in screen(pilot))
        place = app.place
        assert isinstance(place, Search) and place.field.value == "tomatoes"

    driven(test, WIDE)


@SIZES
def test_passages_come_while_one_types(lived: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await searched(app, pilot, "garden budget")
        await until(pilot, lambda: "garden.md:5" in screen(pilot))
        await until(pilot, lambda: "runner beans" in screen(pilot) or size == NARROW)
        assert "found · " in screen(pilot)

    driven(test, size)


def test_a_half_typed_word_finds_the_whole_one(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await searched(app, pilot, "tomat")
        await until(pilot, lambda: "for “tomatoes”" in screen(pilot))
        await until(pilot, lambda: "Four tomatoes" in screen(pilot))
        place.field.value = "tomat "
        await until(pilot, lambda: "for “tomatoes”" not in screen(pilot))

    driven(test, WIDE)


def test_a_half_typed_word_does_not_empty_the_list(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await searched(app, pilot, "garden budget")
        await until(pilot, lambda: "garden.md:5" in screen(pilot))
        await typed(pilot, " xqz")
        await until(pilot, lambda: "xqz" in screen(pilot))
        await pilot.pause(0.4)
        assert "garden.md:5" in screen(pilot)

    driven(test)


def test_the_row_somebody_is_on_keeps_the_cursor(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await searched(app, pilot, "garden")
        await until(pilot, lambda: len(place.hits.options) > 1)
        await pilot.press("down", "down")
        await until(pilot, lambda: place.hits.highlighted == 1)
        held = (place.hits.chosen or {})["address"]
        place.field.value = "garden beans"
        await until(pilot, lambda: "beans" in str(place.hits._words))
        assert (place.hits.chosen or {})["address"] == held

    driven(test)


@SIZES
def test_filters_are_typed_among_the_words(lived: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await searched(app, pilot, "the in:boiler.txt service")
        await until(pilot, lambda: "boiler.txt:1" in screen(pilot))
        assert "garden.md" not in screen(pilot)
        place.field.value = "garden kind:nonsense"
        await until(pilot, lambda: "is no kind of file" in screen(pilot))
        place.field.value = "garden when:blue"
        await until(pilot, lambda: "blue" in screen(pilot) and "not a time" in screen(pilot))
        place.field.value = "garden kind:note"
        await until(pilot, lambda: "garden.md" in screen(pilot))

    driven(test, size)


@SIZES
def test_keys_look_open_copy_and_explain(
    lived: Lived, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor = tmp_path / "vi"
    editor.write_text(f'#!/bin/sh\nprintf "%s " "$@" > {tmp_path}/given\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)

    async def test(app: Cairn, pilot: Driver) -> None:
        place = await searched(app, pilot, "garden budget")
        await until(pilot, lambda: "garden.md:5" in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen.focused, Hits))
        await pilot.press("y")
        await until(pilot, lambda: "copied the passage" in said(pilot))
        assert "garden.md:5" in app.clipboard
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Why))
        await until(pilot, lambda: "found by" in screen(pilot) and "meaning" in screen(pilot))
        await pilot.press("escape")
        await pilot.press("o")
        await until(pilot, lambda: (tmp_path / "given").exists())
        await pilot.press("enter")
        await until(pilot, lambda: place.preview.has_focus_within)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen.focused, Hits))
        await pilot.press("ctrl+b")
        assert not place.preview.display
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen.focused, Query))
        await pilot.press("escape")
        assert place.field.value == ""

    driven(test, size)
    assert (tmp_path / "given").read_text().startswith("+5 ")


def test_what_is_not_found_is_said(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await searched(app, pilot, "xqzzy")
        await until(pilot, lambda: "Nothing was found" in screen(pilot))

    driven(test)


def test_markup_in_files_and_words_stays_letters(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await searched(app, pilot, "")
        place.field.value = "lighthouse [b]keeper[/b]"
        await until(pilot, lambda: "[bold]lighthouse[/bold]" in screen(pilot))
        assert "\u202e" not in screen(pilot) and "\x1b" not in screen(pilot)

    driven(test, WIDE)


def test_what_is_pasted_is_one_line_of_a_length(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await searched(app, pilot, "")
        place.field.post_message(events.Paste("a\nb\x1b[31m " * 100_000))
        await until(pilot, lambda: place.field.value)
        assert len(place.field.value) <= 4 * Query.LONGEST
        assert "\n" not in place.field.value and "\x1b" not in place.field.value

    driven(test)


def test_places_keep_what_was_typed(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await searched(app, pilot, "garden")
        await pilot.press("f2")
        await until(pilot, lambda: app.here == "ask")
        await pilot.press("f3")
        await until(pilot, lambda: app.here == "search")
        assert app.place is place and place.field.value == "garden"
        await until(pilot, lambda: app.screen.focused is place.field)

    driven(test)


@pytest.mark.parametrize("size", [(40, 10), (30, 8)])
def test_a_small_window_still_searches(lived: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await pilot.resize_terminal(*size)
        place = await searched(app, pilot, "garden")
        await until(pilot, lambda: len(place.hits.options) > 0)
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: "garden.md" in screen(pilot))

    driven(test)


def test_in_plain_mode_only_text_is_drawn(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await searched(app, pilot, "garden budget")
        await until(pilot, lambda: "garden.md:5" in screen(pilot))
        await pilot.press("enter", "w")
        await until(pilot, lambda: "found by" in screen(pilot))
        assert not set(screen(pilot)) & set("│╭╮╰╯─▎▏█▍")

    driven(test, WIDE, Tui(plain=True))


# -- chips and marks


def test_chips_are_taken_out_of_the_words() -> None:
    found = chips.typed('what in:notes kind:mail type:pdf when:2026-03 from:"Ana Berger" we agreed')
    assert found.words == "what we agreed"
    assert found.filters["kind"] == "mail,pdf"
    assert (found.filters["since"], found.filters["until"]) == ("2026-03-01", "2026-03-31")
    assert found.filters["from"] == "Ana Berger"
    assert not found.problem


@pytest.mark.parametrize("words", ["see https://x.org", "note: this", "in:", "kind: mail", "a:b"])
def test_what_only_looks_like_a_chip_stays_a_word(words: str) -> None:
    assert chips.typed(words).filters == {}


def test_a_time_that_nobody_can_mean_is_a_problem_of_its_chip() -> None:
    found = chips.typed("garden since:blue")
    assert found.chips[0].problem and found.problem


def test_words_are_marked_with_their_endings() -> None:
    words = marking.words_of("The gardens budget")
    line = "Our garden has a Budget; the gardener is paid"
    marked = [line[begin:end] for begin, end in marking.places(line, words)]
    assert marked == ["garden", "Budget", "the", "gardener"]


def test_a_long_line_is_cut_around_the_first_word() -> None:
    line = "nothing of it " * 40 + "the lighthouse stands there " + "and more " * 40
    cut = marking.around(line, ("lighthouse",), 60)
    assert "lighthouse" in cut[:60] and cut.startswith("…")


def test_a_path_is_cut_in_front_whatever_its_length() -> None:
    cut = text.shortened("/" + "日本/" * 50_000 + "end.md:12", 20)
    assert cut.startswith("…") and cut.endswith("end.md:12")
    assert cell_len(cut) <= 20
