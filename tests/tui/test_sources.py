from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.app.tui import completing, coverage, estimates, footprint
from cairn.app.tui.app import Cairn
from cairn.app.tui.screens.choosing import Choosing
from cairn.app.tui.screens.covered import Covered
from cairn.app.tui.screens.found import Found
from cairn.app.tui.screens.models import Models
from cairn.app.tui.screens.offering import Offering
from cairn.app.tui.screens.paths import Paths
from cairn.app.tui.screens.sources import Sources
from cairn.app.tui.screens.sure import Sure
from cairn.app.tui.widgets.field import Covering
from cairn.core.config import Tui
from tests.tui.conftest import Lived
from tests.tui.driving import NARROW, WIDE, Driver, driven, said, screen, typed, until

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
TURN = {
    "type": "user", "uuid": "u1", "parentUuid": None, "sessionId": "s1", "cwd": "/x",
    "version": "2.0", "timestamp": "2026-03-01T10:00:00Z",
    "message": {"role": "user", "content": "Where is the lighthouse key?"},
}  # fmt: skip


@pytest.fixture(scope="module")
def base(home_of_module: Lived) -> Iterator[Path]:
    """More of a life: a file that can't be read, an empty folder, an agent's conversation."""
    base = home_of_module.life.parent
    (home_of_module.life / "broken.pdf").write_bytes(b"%PDF-1.4 but no more")
    (base / "letters").mkdir()
    (base / "letters" / "[b]ana[b].md").write_text("Ana writes about the lighthouse.\n")
    project = base / ".claude" / "projects" / "-x"
    project.mkdir(parents=True)
    (project / "s1.jsonl").write_text(json.dumps(TURN) + "\n")
    with contextlib.suppress(subprocess.CalledProcessError):  # its status tells what is broken
        home_of_module.run("add", str(home_of_module.life))
    yield base


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the session that runs the tests has set must not be found."""
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


async def come(app: Cairn, pilot: Driver) -> Sources:
    await until(pilot, lambda: app.latest.state is not None)
    await pilot.press("f6")
    await until(pilot, lambda: app.here == "sources")
    place = app.place
    assert isinstance(place, Sources)
    await until(pilot, lambda: place.rows.at)
    await until(pilot, lambda: app.screen.focused is place.rows)
    return place


@SIZES
def test_each_folder_tells_how_it_can_be_found(
    lived: Lived, base: Path, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await come(app, pilot)
        await until(pilot, lambda: "found by meaning" in screen(pilot))
        shown = screen(pilot)
        assert "~/life" in shown and "read in full" in shown
        assert "1  failed" in shown
        assert "of memory" in shown or "none; answers" in shown

    driven(test, size)


@SIZES
def test_what_was_not_read_is_listed_with_the_reason_and_opens(
    lived: Lived, base: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(Cairn, "open_citation", lambda app, address: opened.append(address))

    async def test(app: Cairn, pilot: Driver) -> None:
        await come(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Covered))
        await until(pilot, lambda: "broken.pdf" in screen(pilot))
        assert "damaged" in screen(pilot)
        await pilot.press("w")
        await until(pilot, lambda: "failed: " in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: opened)
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(app.screen.focused, Covering))
        await typed(pilot, "nothing")
        await until(pilot, lambda: "none of them" in screen(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Covered))

    driven(test, size)
    assert opened[0].endswith("broken.pdf")


def test_why_any_path_is_not_found_can_be_asked(lived: Lived, base: Path) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await come(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "broken.pdf" in screen(pilot))
        await pilot.press("slash")
        app.screen.query_one(Covering).value = str(base / "letters")
        await until(pilot, lambda: "none of them" in screen(pilot))
        await pilot.press("enter", "w")
        await until(pilot, lambda: "watched" in screen(pilot))

    driven(test, WIDE)


@SIZES
def test_a_folder_is_counted_before_it_is_read_and_can_be_removed(
    lived: Lived, base: Path, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await come(app, pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Paths))
        await until(pilot, lambda: "~/letters/" in screen(pilot))
        await typed(pilot, "let")
        await until(pilot, lambda: "~/life/" not in screen(pilot).split("Add which")[1])
        await pilot.press("tab")
        await until(pilot, lambda: app.screen.query_one("PathField").value == "~/letters/")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Offering))
        await until(pilot, lambda: "1 file" in screen(pilot))
        assert all("letters" not in root["path"] for root in (app.latest.state or {})["roots"])
        await pilot.press("down", "down", "enter")  # closer
        await until(pilot, lambda: "1 of 1 files can be read" in screen(pilot))
        await pilot.press("home", "enter")
        await until(pilot, lambda: "folder:" + str(base / "letters") in place._folders)
        assert place.rows.go("folder:" + str(base / "letters"))
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, Choosing))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "by names only" in screen(pilot))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Sure))
        await until(pilot, lambda: "the files themselves" in screen(pilot))
        await pilot.press("n")
        await until(pilot, lambda: not isinstance(app.screen, Sure))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Sure))
        await pilot.press("y")
        await until(pilot, lambda: "folder:" + str(base / "letters") not in place._folders)
        assert (base / "letters" / "[b]ana[b].md").exists()

    driven(test, size)


def test_a_folder_that_is_not_there_is_said_at_once(lived: Lived, base: Path) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await come(app, pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Paths))
        await typed(pilot, "nowhere")
        await until(pilot, lambda: "no folder begins like that" in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "there is no folder of this name" in screen(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Paths))

    driven(test)


@SIZES
def test_conversations_are_found_chosen_and_taken_out_again(
    lived: Lived, base: Path, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await come(app, pilot)
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Found))
        await until(pilot, lambda: "Claude Code" in screen(pilot) and "[ ]" in screen(pilot))
        await pilot.press("space")
        await until(pilot, lambda: "[x]" in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: place._chats)
        await until(pilot, lambda: "1 conversation" in screen(pilot))
        await pilot.press("end")
        await until(pilot, lambda: "followed: 1 conversation, 1 turn" in screen(pilot))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Choosing))
        await pilot.press("down", "enter")
        await until(pilot, lambda: not place._chats)
        await until(pilot, lambda: "left the memory" in said(pilot))

    driven(test, size)


def test_an_export_is_taken_in(lived: Lived, base: Path) -> None:
    (base / "talk.jsonl").write_text(json.dumps(TURN) + "\n")

    async def test(app: Cairn, pilot: Driver) -> None:
        place = await come(app, pilot)
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, Paths))
        await typed(pilot, "talk")
        await until(pilot, lambda: "~/talk.jsonl" in screen(pilot))
        await pilot.press("down", "enter")
        await until(pilot, lambda: place._chats)
        assert place.rows.go("chat:" + str(base / "talk.jsonl"))
        await until(pilot, lambda: "imported once" in screen(pilot))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Choosing))
        await pilot.press("down", "enter")
        await until(pilot, lambda: not place._chats)

    driven(test)


@SIZES
def test_indexing_pauses_and_goes_on(lived: Lived, base: Path, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await come(app, pilot)
        await pilot.press("P")
        await until(pilot, lambda: "paused; " in screen(pilot))
        await pilot.press("P")
        await until(pilot, lambda: "everything is up to date" in screen(pilot))

    driven(test, size)


@SIZES
def test_one_folder_pauses_and_goes_on(lived: Lived, base: Path, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await come(app, pilot)
        await pilot.press("p")
        await until(pilot, lambda: "paused: p goes on" in screen(pilot))
        assert (place._at() or {})["paused"]
        await pilot.press("p")
        await until(pilot, lambda: "paused: p goes on" not in screen(pilot))

    driven(test, size)


@SIZES
def test_models_are_told_and_none_is_fetched_without_a_yes(
    lived: Lived, base: Path, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await come(app, pilot)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, Models))
        await until(pilot, lambda: "this machine: " in screen(pilot), 60)
        assert "in use" in screen(pilot)
        await pilot.press("end")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Sure), 60)
        await until(pilot, lambda: "licence: " in screen(pilot))
        assert "MB" in screen(pilot)
        await pilot.press("n")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert not app.pulling

    driven(test, size)


def test_a_daemon_that_is_gone_is_a_state_here_too(lived: Lived, base: Path) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await come(app, pilot)
        lived.run("daemon", "stop")
        app.look()
        await until(pilot, lambda: screen(pilot).count("the daemon is gone") == 2)
        await pilot.press("f9")
        await until(pilot, lambda: "everything is up to date" in screen(pilot))

    driven(test)


def test_private_mode_fills_a_row(lived: Lived, base: Path) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await come(app, pilot)
        await app.run_action("private")
        await until(pilot, lambda: "private mode is on since" in screen(pilot))
        await app.run_action("private")
        await until(pilot, lambda: "private mode is on since" not in screen(pilot))

    driven(test)


def test_the_list_keeps_its_row_and_side_while_news_come(lived: Lived, base: Path) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await come(app, pilot)
        held = place.rows.at
        await pilot.press("ctrl+b")
        assert not place.page.display
        for _ in range(3):
            app.look()
            await pilot.pause(0.2)
        assert place.rows.at == held and app.screen.focused is place.rows
        assert not place.page.display
        await pilot.press("ctrl+b", "y")
        await until(pilot, lambda: "copied where it is" in said(pilot))
        assert app.clipboard == held.removeprefix("folder:")

    driven(test)


def test_in_plain_mode_only_text_is_drawn(lived: Lived, base: Path) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await come(app, pilot)
        await until(pilot, lambda: "found by meaning" in screen(pilot))
        assert not set(screen(pilot)) & set("│╭╮╰╯─▎▏█▍━")

    driven(test, WIDE, Tui(plain=True))


@pytest.mark.parametrize("size", [(40, 10), (200, 60)])
def test_any_size_will_do(lived: Lived, base: Path, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await pilot.resize_terminal(*size)
        await come(app, pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Paths))

    driven(test)


# -- what it is made of


def test_paths_are_completed_as_they_are_typed(tmp_path: Path) -> None:
    for name in ("Documents", "documents-old", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "doc.txt").write_text("x")
    begin = f"{tmp_path}/d"
    assert completing.completions(begin) == [f"{tmp_path}/Documents/", f"{tmp_path}/documents-old/"]
    assert f"{tmp_path}/doc.txt" in completing.completions(begin, files=True)
    assert completing.completions(f"{tmp_path}/.h") == [f"{tmp_path}/.hidden/"]
    assert completing.completions(f"{tmp_path}/nowhere/x") == []
    assert completing.common(begin, completing.completions(begin)) == f"{tmp_path}/Documents"
    assert completing.completions("\0") == []


def test_the_bar_shows_the_smallest_part_and_is_never_too_long() -> None:
    shares = [("a", 100_000, "red"), ("b", 1, "blue"), ("c", 0, "green")]
    drawn = coverage.bar(shares, 100_001, 12)
    assert drawn.cell_length == 12
    assert any("blue" in str(span.style) for span in drawn.spans)
    assert coverage.bar(shares, 0, 12).cell_length == 12


def test_memory_is_added_up_over_a_process_and_its_children() -> None:
    listing = "  1 0 100\n 10 1 2000\n 11 10 300\n 12 11 40\n 13 1 5000\nodd line\n"
    assert footprint.added_up(listing, 10) == 1024 * 2340
    assert footprint.added_up("", 10) == 0
    assert footprint.taken(os.getpid()) >= 0


def test_more_files_take_longer() -> None:
    assert estimates.about(3, 1000) == "a moment"
    assert estimates.about(2_000, 10_000_000) == "about a minute"
    assert "min" in estimates.about(20_000, 2_000_000_000)
    assert "h" in estimates.about(1_000_000, 10**12)
