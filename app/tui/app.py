"""The terminal UI: five places between a row that says how things are and a row of keys.

Started by `cairn` on a terminal. Nothing but Textual is waited for before the first paint; the
engine is asked afterwards, and a daemon that can't be reached is a state that one key repairs.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Any

from textual import events
from textual.app import App, ComposeResult, SystemCommand
from textual.containers import Container
from textual.screen import Screen
from textual.widget import Widget

from cairn.app.tui import door, keys, place, places, themes
from cairn.app.tui.place import Place
from cairn.app.tui.shell import News, Shell
from cairn.app.tui.widgets.hints import Hints
from cairn.app.tui.widgets.notice import Notice
from cairn.app.tui.widgets.status import StatusRow
from cairn.core.config import Tui
from cairn.core.errors import CairnError, Unavailable

_BUSY_S, _CALM_S, _MOMENT_S = 1.0, 3.0, 0.4


class Main(Screen[None], inherit_bindings=False):
    BINDINGS = keys.bindings("screen")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """What reads a screen aloud goes where the terminal's cursor is."""
        self.app.cursor_position = event.widget.content_region.offset


class Cairn(Shell):
    CSS_PATH = "cairn.tcss"
    TITLE = "cairn"
    BINDINGS = keys.bindings("everywhere")

    def __init__(self, settings: Tui | None = None) -> None:
        super().__init__(settings or Tui())
        self.set_keymap(keys.remapped(self.settings.keys))
        for theme in themes.own():
            self.register_theme(theme)
        self.theme = themes.chosen(self.settings.theme, self.available_themes)
        if self.plain:
            self.animation_level = "none"
        self._focused: dict[str, Widget | None] = {}
        self._again = asyncio.Event()
        self.here = places.PLACES[0].name
        self.bug: Exception | None = None

    # -- the screen

    def get_default_screen(self) -> Screen[None]:
        return Main(id="main")

    def compose(self) -> ComposeResult:
        self.set_class(self.plain, "-plain")  # before there is anything that would be styled anew
        self._fit()
        yield StatusRow()
        yield Notice()
        with Container(id="places"):
            yield place.opened(places.PLACES[0])
        yield Hints()

    def on_mount(self) -> None:
        self._come(self.place)
        self.app_resume_signal.subscribe(self, self._resumed)
        self.call_after_refresh(self._begin)

    def _resumed(self, app: App[Any]) -> None:
        """The shell has written over everything meanwhile."""
        self.call_later(self.refresh, layout=True)

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        self.set_class(self.size.width < 100, "-narrow")
        self.set_class(self.size.height < 16, "-low")

    def _begin(self) -> None:
        self.watch(self, "theme", themes.keep, init=False)
        door.work(self, self._watch(), group="pulse")

    # -- places

    @property
    def place(self) -> Place:
        return self.screen_stack[0].query_one(f"#{self.here}", Place)

    async def action_go(self, name: str) -> None:
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        if name == self.here:
            return
        self._focused[self.here] = self.screen.focused
        self.place.display = False
        self.here = name
        found = self.screen.query(f"#places > #{name}")
        if not found:
            known = next(each for each in places.PLACES if each.name == name)
            await self.screen.query_one("#places").mount(place.opened(known))
        self.place.display = True
        self.screen.query_one(StatusRow).refresh()
        self._come(self.place)

    def _come(self, to: Place) -> None:
        before = self._focused.get(self.here)
        widget = before if before is not None and before.is_attached else to.first()
        if widget is not None:
            self.screen.set_focus(widget)  # at once: what is typed by now is meant for it
        to.came()

    # -- how the engine is

    async def _watch(self) -> None:
        """Tell how the engine is, again and again; the first look starts a daemon."""
        await self._look(starts=True)
        door.work(self, self._begin_with(again=False), group="first")
        while True:
            state = self.latest.state
            rest = _BUSY_S if state is None or state.get("busy") else _CALM_S
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._again.wait(), rest)
            self._again.clear()
            await self._look()

    async def _look(self, *, starts: bool = False) -> None:
        try:
            state = await (door.call if starts else door.call_running)("status")
            if state is None:  # one daemon may just have made room for another
                await asyncio.sleep(_MOMENT_S)
                state = await door.call_running("status")
            gone = Unavailable("the daemon is gone", "nothing is lost")
            self.latest = News(state, None if state else gone)
        except CairnError as error:
            self.latest = News(None, error)
        self.news.publish(self.latest)

    def look(self) -> None:
        self._again.set()

    def action_repair(self) -> None:
        door.work(self, self._repair(), group="repair")

    async def _repair(self) -> None:
        from cairn.app import client

        self.say("starting the daemon …")
        await door.do(client.stop)
        await self._look(starts=True)
        if self.latest.state:
            self.say("the daemon is running")

    def action_private(self) -> None:
        door.work(self, self._private(), group="private")

    async def _private(self) -> None:
        is_on = bool(self.latest.state and self.latest.state["private"])
        self.latest = News(await door.call("private", {"on": not is_on}))
        self.news.publish(self.latest)  # at once: whoever presses it again wants it the other way
        self.say(
            "private mode is over"
            if is_on
            else "private mode: nothing new is read until you end it, here or by cairn private off"
        )

    # -- the first run

    def action_set_up(self) -> None:
        door.work(self, self._begin_with(again=True), group="first")

    async def _begin_with(self, *, again: bool) -> None:
        from cairn.app.tui.screens import first

        if again or await first.is_wanted(self):
            await self.push_screen_wait(first.First())
            await self.action_go("ask")

    # -- commands

    async def action_quit(self) -> None:
        self.exit(0)

    async def action_find(self) -> None:
        await self.action_go("search")
        if widget := self.place.first():
            self.screen.set_focus(widget)

    def action_help(self) -> None:
        from cairn.app.tui.screens.help import Help

        if isinstance(self.screen, Help):
            return
        name = str(self.screen.title or self.here.title())
        self.push_screen(Help(name, getattr(self.screen, "WHERES", self.place.WHERES)))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """All that can be done here: the registry's words, each with its id and key."""
        for where in (*self.place.WHERES, "everywhere"):
            node = self if where == "everywhere" else self.place.holder(where)
            for key in keys.of(where):
                if key.action == "command_palette":
                    continue
                pressed = self.pressed(key)
                yield SystemCommand(
                    key.words, f"{key.id}  {pressed}".rstrip(),
                    lambda action=key.action, node=node: self.run_action(action, node),
                )  # fmt: skip

    def _handle_exception(self, error: Exception) -> None:
        """A bug ends the app with a line in the log and none of what was on the screen."""
        if self.is_headless:
            super()._handle_exception(error)
            return
        self.bug = self.bug or error
        self.exit(70)
