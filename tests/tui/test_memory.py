from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from cairn.app.tui.app import Cairn
from cairn.app.tui.screens.log import Log
from cairn.app.tui.screens.memory import Memory
from cairn.app.tui.screens.sure import Sure
from cairn.app.tui.screens.wrong import Wrong
from cairn.app.tui.widgets.linked import Linked
from cairn.core.config import Tui
from tests.tui.conftest import Lived
from tests.tui.driving import NARROW, WIDE, Driver, driven, said, screen, typed, until
from tests.tui.remembered import HOSTILE, remembered, told

__all__ = ["remembered"]
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
PLUMBER = "call the plumber"


async def memory(app: Cairn, pilot: Driver) -> Memory:
    await pilot.press("f4")
    await until(pilot, lambda: isinstance(app.place, Memory) and app.place.rows.rows)
    assert isinstance(app.place, Memory)
    return app.place


async def at_entry(app: Cairn, pilot: Driver, title: str) -> Memory:
    """The cursor at an entry, and the entry beside it."""
    place = await memory(app, pilot)
    leaf = next(row for row in place.rows.rows if title in row.left.plain)
    place.rows.go(leaf.id)
    await until(pilot, lambda: place.entry and title in place.entry["title"])
    return place


def editor(folder: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """One that writes something else in place of some words."""
    program = folder / "editor.py"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n"
        f"path = Path(sys.argv[-1])\npath.write_text(path.read_text().replace({old!r}, {new!r}))\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(program))


# -- looking


@SIZES
def test_the_tree_and_the_entry_at_the_cursor_are_beside_each_other(
    remembered: Lived, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await at_entry(app, pilot, PLUMBER)
        await until(pilot, lambda: "borne out" in screen(pilot))
        shown = screen(pilot)
        assert "kept" in shown and "inbox" in shown and "promise" in shown
        await pilot.press("g")
        assert place.rows.cursor == 0

    driven(test, size)


def test_whoever_comes_sees_an_entry_at_once(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await memory(app, pilot)
        await until(pilot, lambda: place.entry)
        assert place.entry and place.rows.at == place.entry["id"]

    driven(test)


def test_folders_open_and_close_and_tell_how_much_is_in_them(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await memory(app, pilot)
        many = len(place.rows.rows)
        place.rows.go("/inbox")
        await pilot.press("left")
        await until(pilot, lambda: len(place.rows.rows) == many - 1)
        await until(pilot, lambda: "▸ inbox" in screen(pilot))
        await pilot.press("right")
        await until(pilot, lambda: len(place.rows.rows) == many)
        await pilot.press("enter")
        await until(pilot, lambda: len(place.rows.rows) == many - 1)
        await pilot.press("enter", "j", "left")
        await until(pilot, lambda: place.rows.at == "/inbox")

    driven(test)


def test_words_narrow_the_tree_down(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await memory(app, pilot)
        many = len(place.rows.rows)
        await pilot.press("slash")
        await typed(pilot, "budget")
        await until(pilot, lambda: 0 < len(place.rows.rows) < many)
        assert all("udget" in row.left.plain for row in place.rows.rows)
        await typed(pilot, "qqq")
        await until(pilot, lambda: "no entry has these words" in screen(pilot))
        await pilot.press("backspace", "backspace", "backspace", "enter")
        assert place.rows.has_focus
        await pilot.press("escape")
        await until(pilot, lambda: len(place.rows.rows) == many)
        assert place.rows.has_focus

    driven(test)


@SIZES
def test_a_source_is_previewed_below_the_entry(remembered: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await at_entry(app, pilot, "380 euros")
        await pilot.press("enter")
        await until(pilot, lambda: place.page.view.at == 0)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Hello David" in screen(pilot) or size == NARROW)
        await until(pilot, lambda: place.page.preview.shown is not None)
        await pilot.press("escape")
        assert not place.page.preview.display
        await pilot.press("escape")
        assert place.rows.has_focus

    driven(test, size)


def test_a_click_on_a_source_previews_it(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await at_entry(app, pilot, "380 euros")
        await until(pilot, lambda: "budget.eml" in screen(pilot))
        await pilot.click(place.page.view.query(Linked).first())
        await until(pilot, lambda: place.page.preview.display)

    driven(test, WIDE)


def test_a_click_on_a_row_of_the_tree_goes_there(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await memory(app, pilot)
        at = next(n for n, row in enumerate(place.rows.rows) if PLUMBER in row.left.plain)
        await pilot.click(place.rows, offset=(8, at))
        await until(pilot, lambda: place.entry and PLUMBER in place.entry["title"])

    driven(test)


def test_one_walks_along_what_replaced_what_and_back(remembered: Lived) -> None:
    told(remembered, "merge", *_ids(remembered, "380 euros", "400 euros"))

    async def test(app: Cairn, pilot: Driver) -> None:
        place = await at_entry(app, pilot, "380 euros")
        first = place.page.view.wanted
        await pilot.press("enter")
        links = [each for each in place.page.view.query(Linked)
                 if each.lead.kind == "entry" and each.lead.to != first]  # fmt: skip
        assert links, screen(pilot)
        links[0].focus()
        await pilot.press("enter")
        await until(pilot, lambda: place.entry and place.entry["id"] == links[0].lead.to)
        await until(pilot, lambda: place.page.view.has_focus_within)
        await pilot.press("backspace")
        await until(pilot, lambda: place.entry and place.entry["id"] == first)
        await until(pilot, lambda: place.page.view.has_focus_within)
        await pilot.press("left")
        assert place.rows.has_focus

    driven(test, WIDE)
    told(remembered, "tree", "undo", _last(remembered))


def test_somebody_without_an_entry_is_looked_for(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await at_entry(app, pilot, "380 euros")
        await until(pilot, lambda: place.page.view.query(Linked))
        names = [each for each in place.page.view.query(Linked) if each.lead.kind == "name"]
        assert names
        names[0].focus()
        await pilot.press("enter")
        await until(pilot, lambda: place.filter.display)
        assert "there is no entry of its own" in said(pilot)

    driven(test)


def test_markup_in_an_entry_stays_letters_and_links_do_nothing(remembered: Lived) -> None:
    path = Path(remembered.env["CAIRN_HOME"]) / "tree" / "odd.md"
    path.write_text(HOSTILE)

    async def test(app: Cairn, pilot: Driver) -> None:
        await memory(app, pilot)
        await until(pilot, lambda: "shouted" in screen(pilot))
        await at_entry(app, pilot, "shouted")
        await until(pilot, lambda: "one bold thing" in screen(pilot))
        shown = screen(pilot)
        assert "[bold]shouted[/bold]" in shown
        assert "A [red]heading[/red]" in shown
        assert "one bold thing with code" in shown
        assert "link (file:///etc/passwd)" in shown
        assert "\x1b" not in shown and "\u202e" not in shown

    driven(test, WIDE)
    path.unlink()


def test_an_entry_is_copied_with_its_sources(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await at_entry(app, pilot, "380 euros")
        await pilot.press("y")
        assert "[1]" in app.clipboard and "budget.eml" in app.clipboard
        await pilot.press("enter", "down", "y")
        assert "copied the source" in said(pilot)

    driven(test)


# -- changing


def test_what_the_editor_leaves_is_shown_and_can_be_taken_back(
    remembered: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "the plumber by", "the good plumber by")

    async def test(app: Cairn, pilot: Driver) -> None:
        place = await at_entry(app, pilot, PLUMBER)
        await pilot.press("e")
        await until(pilot, lambda: "good plumber" in screen(pilot))
        await pilot.press("h")
        await until(pilot, lambda: isinstance(app.screen, Log) and "+" in screen(pilot))
        await until(pilot, lambda: "updated by you" in screen(pilot))
        await until(pilot, lambda: "good plumber" in screen(pilot))
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, Sure))
        await until(pilot, lambda: "Taking it back changes" in screen(pilot))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Log))
        assert "good" in told(remembered, "tree", "show", place.page.view.wanted)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, Sure))
        await pilot.press("y")
        await until(pilot, lambda: "taken back" in said(pilot))
        await pilot.press("L")
        await until(pilot, lambda: "All changes" in screen(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "good plumber" not in screen(pilot))

    driven(test, WIDE)


def test_an_entry_goes_to_the_archive_and_comes_back(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await at_entry(app, pilot, PLUMBER)
        id = place.page.view.wanted
        await pilot.press("x")
        await until(pilot, lambda: place.entry and place.entry["archived"])
        await until(pilot, lambda: "archived" in screen(pilot))
        assert place.rows.at == id
        await pilot.press("x")
        await until(pilot, lambda: place.entry and not place.entry["archived"])

    driven(test)


def test_what_is_wrong_is_ended(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await at_entry(app, pilot, "380 euros")
        await pilot.press("minus")
        await until(pilot, lambda: isinstance(app.screen, Wrong) and "true until" in screen(pilot))
        await pilot.press("u")
        await typed(pilot, "2026-07-01")
        await pilot.press("enter")
        await until(pilot, lambda: place.entry and place.entry["valid_until"] == "2026-07-01")

    driven(test)
    told(remembered, "tree", "undo", _last(remembered))


def test_forgetting_shows_what_goes_then_does_it_then_says_what_went(remembered: Lived) -> None:
    remembered.run("remember", "My locker at the pool has the number 4711")

    async def test(app: Cairn, pilot: Driver) -> None:
        place = await memory(app, pilot)
        await until(pilot, lambda: "locker" in screen(pilot))
        await at_entry(app, pilot, "locker")
        id = place.page.view.wanted
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Sure))
        await until(pilot, lambda: "can’t be undone" in screen(pilot))
        assert "goes" in screen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Sure))
        assert place.entry and place.entry["id"] == id
        await pilot.press("delete")
        await until(pilot, lambda: isinstance(app.screen, Sure))
        await pilot.press("y")
        await until(pilot, lambda: "is erased" in screen(pilot))
        assert "locker" not in screen(pilot).split("Forgotten")[1].split("close")[0]
        await pilot.press("escape")
        await until(pilot, lambda: "locker" not in screen(pilot))

    driven(test)
    assert "4711" not in told(remembered, "tree")


# -- how things are


def test_a_daemon_that_is_gone_leaves_the_tree_to_be_looked_at(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await at_entry(app, pilot, PLUMBER)
        remembered.run("daemon", "stop")
        app.look()
        await until(pilot, lambda: "the daemon is gone" in screen(pilot))
        assert place.rows.rows and PLUMBER in screen(pilot)
        await pilot.press("f9")
        await until(pilot, lambda: app.latest.state is not None)

    driven(test)


@SIZES
def test_in_plain_mode_nothing_is_drawn_but_text(remembered: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await at_entry(app, pilot, PLUMBER)
        assert not set(screen(pilot)) & set("│╭╮╰╯─▎▏█▍")

    driven(test, size, Tui(plain=True))


@pytest.mark.parametrize("size", [(40, 10), (20, 5), (200, 60)])
def test_any_size_will_do(remembered: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await memory(app, pilot)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        await pilot.press("v")
        await pilot.pause()
        assert screen(pilot)

    driven(test)


def test_every_key_of_the_place_is_explained(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await memory(app, pilot)
        await pilot.press("f1")
        await until(pilot, lambda: "Keys in Memory" in screen(pilot))
        assert "narrow the tree down" in screen(pilot)

    driven(test, WIDE)


def _ids(lived: Lived, *titles: str) -> list[str]:
    rows = [line.split("\t") for line in told(lived, "tree").splitlines()]
    return [next(row[0] for row in rows if title in row[-1]) for title in titles]


def _last(lived: Lived) -> str:
    return told(lived, "tree", "log", "-n", "1").split()[0]
