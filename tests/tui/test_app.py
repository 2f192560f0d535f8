from __future__ import annotations

import pytest

from cairn.app.tui import keys
from cairn.app.tui.app import Cairn
from cairn.app.tui.places import PLACES
from cairn.app.tui.widgets.hints import MOST, Hints
from cairn.core.config import Tui
from cairn.core.errors import ConfigError
from tests.tui.conftest import Lived
from tests.tui.driving import NARROW, WIDE, Driver, driven, said, screen, until

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


def test_every_key_is_known_by_one_name() -> None:
    ids = [key.id for key in keys.KEYS]
    assert len(set(ids)) == len(ids)
    assert all(key.words for key in keys.KEYS)


def test_no_two_keys_of_one_place_are_the_same() -> None:
    for where in {key.where for key in keys.KEYS}:
        pressed = [one for key in keys.of(where) for one in key.keys.split(",") if one]
        assert sorted(set(pressed)) == sorted(pressed), where


_ANSWERS = {"review", "sure", "wrong"}
"""Groups of keys that answer a question on the screen, which shows them."""
_ALIKE = (
    {"app.focus_next", "complete", "latest"},
    {"app.help", "close", "help"},
    {"add_folder", "type"},
    {"all", "log"},
    {"back", "close", "stop", "skip", "left", "before"},
    {"filter", "find"},
    {"forget", "remove"},
    {"history", "close"},
    {"next", "cursor_down", "list", "newer", "down"},
    {"previous", "cursor_up", "older", "up"},
    {"next", "show", "select", "list", "submit", "look", "take"},
    {"page_down"},
    {"page_up"},
    {"right", "after"},
    {"top", "first"},
    {"end", "last"},
    {"why", "close"},
)
"""Actions that are one and the same to a person: what has been opened by a key is closed by it."""


def test_a_key_means_the_same_in_every_place() -> None:
    meant: dict[str, set[str]] = {}
    for key in keys.KEYS:
        for pressed in key.keys.split(",") if key.keys and key.where not in _ANSWERS else ():
            meant.setdefault(pressed, set()).add(key.action)
    several = {pressed: deeds for pressed, deeds in meant.items() if len(deeds) > 1}
    assert {
        pressed: deeds
        for pressed, deeds in several.items()
        if not any(deeds <= alike for alike in _ALIKE)
    } == {}


def test_keys_that_terminals_and_multiplexers_need_are_left_to_them() -> None:
    pressed = {one for key in keys.KEYS for one in key.keys.split(",")}
    assert not pressed & {"ctrl+s", "ctrl+h", "ctrl+m", "ctrl+i", "ctrl+a", "ctrl+o"}


@SIZES
def test_the_first_row_says_what_is_indexed(lived: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await until(pilot, lambda: "up to date" in screen(pilot))
        first, *_, last = screen(pilot).split("\n")
        assert "passages" in first and "Ask" in first
        assert "quit" in last

    driven(test, size)


def test_the_last_row_has_few_keys_and_all_work_here(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        offered = app.query_one(Hints).offered()
        assert 3 <= len(offered) <= MOST
        active = {each.binding.id for each in app.screen.active_bindings.values()}
        assert {key.id for key, _ in offered} <= active

    driven(test)


@SIZES
def test_help_lists_the_keys_of_the_place_and_closes(lived: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await pilot.press("f1")
        await until(pilot, lambda: "Keys in Ask" in screen(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Keys in Ask" not in screen(pilot))

    driven(test, size)


def test_a_key_can_be_another_one(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await pilot.press("f8")
        await until(pilot, lambda: "Keys in Ask" in screen(pilot))

    driven(test, settings=Tui(keys="app.help=f8"))


def test_a_key_that_is_unknown_is_named() -> None:
    with pytest.raises(ConfigError, match="halp") as told:
        Cairn(Tui(keys="app.halp=f8"))
    assert "app.help" in told.value.hint


def test_every_command_is_in_the_palette(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        offered = {command.title for command in app.get_system_commands(app.screen)}
        wheres = (*app.place.WHERES, "everywhere")
        words = {key.words for where in wheres for key in keys.of(where)}
        assert words - offered <= {keys.BY_ID["app.palette"].words}

    driven(test)


def test_private_mode_is_seen_at_once(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await until(pilot, lambda: app.latest.state is not None)
        await app.run_action("private")
        await until(pilot, lambda: "PRIVATE" in screen(pilot).split("\n")[0])
        await app.run_action("private")
        await until(pilot, lambda: "PRIVATE" not in screen(pilot).split("\n")[0])

    driven(test)


def test_a_daemon_that_was_killed_is_a_state_and_a_key_starts_it(lived: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await until(pilot, lambda: app.latest.state is not None)
        lived.run("daemon", "stop")
        app.look()
        await until(pilot, lambda: "the daemon is gone" in screen(pilot))
        assert "F9" in screen(pilot)
        await pilot.press("f9")
        await until(pilot, lambda: app.latest.state is not None)
        await until(pilot, lambda: "the daemon is gone" not in screen(pilot))
        assert "the daemon is running" in said(pilot)

    driven(test)


@pytest.mark.parametrize("size", [(40, 10), (20, 5), (200, 60)])
def test_any_size_will_do(lived: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert screen(pilot)
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: "Ask" in screen(pilot))

    driven(test)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast", "terminal"])
def test_each_theme_draws(lived: Lived, theme: str) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        assert app.theme == f"cairn-{theme}"
        await until(pilot, lambda: "Ask" in screen(pilot))

    driven(test, settings=Tui(theme=theme))


def test_the_colours_that_were_chosen_are_kept(lived: Lived) -> None:
    async def choose(app: Cairn, pilot: Driver) -> None:
        await until(pilot, lambda: app.latest.state is not None)
        app.theme = "cairn-light"
        await pilot.pause()

    driven(choose)
    assert Cairn().theme == "cairn-light"


def test_places_are_numbered_in_order() -> None:
    assert [each.number for each in PLACES] == sorted({each.number for each in PLACES})
