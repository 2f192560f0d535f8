"""The terminal UI driven as a person would: keys in, what is on the screen out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from cairn.app.tui.app import Cairn
from cairn.core.config import Tui

NARROW, WIDE = (80, 24), (140, 40)
Driver = Pilot[int | None]
Test = Callable[[Cairn, Driver], Awaitable[None]]


def driven(test: Test, size: tuple[int, int] = NARROW, settings: Tui | None = None) -> Cairn:
    """The app as the test has left it."""
    app = Cairn(settings)

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await test(app, pilot)

    asyncio.run(run())
    return app


async def until(pilot: Driver, true: Callable[[], object], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"it did not happen in time:\n{screen(pilot)}"
        await pilot.pause(0.02)


async def typed(pilot: Driver, text: str) -> None:
    await pilot.press(*[_KEYS.get(char, char) for char in text])


def screen(pilot: Driver) -> str:
    """What can be read on it, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def said(pilot: Driver) -> str:
    """What was told in the corner."""
    return "\n".join(each.message for each in pilot.app._notifications)


_KEYS = {
    " ": "space", "?": "question_mark", ".": "full_stop", ":": "colon", "/": "slash",
    "-": "minus", ",": "comma",
}  # fmt: skip
