"""Draws each screen of the terminal UI at 80×24 and 140×40, as SVG, from a made-up life.

`python -m tests.bench.screens [--to FOLDER] [--only NAME] [--readme]`

A screen is a function here that drives the app to where it is worth a picture. README shows three,
which `--readme` draws anew in docs/screens.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from cairn.app import client
from cairn.app.tui import themes
from cairn.app.tui.app import Cairn
from cairn.app.tui.screens.ask import Ask
from cairn.app.tui.screens.memory import Memory
from cairn.app.tui.screens.today import Today
from cairn.core.config import Tui
from tests.bench.common import say
from tests.tui.driving import NARROW, WIDE, Driver, typed, until
from tests.tui.driving import screen as shown

_QUESTIONS = ("When do we fly to Lisbon?", "What did we agree for the garden budget?")
Drive = Callable[[Cairn, Driver], Awaitable[None]]
_PICTURES = Path(__file__).parents[2] / "docs" / "screens"
_IN_README = ("ask", "memory", "today")
_FETCHED = re.compile(r',\s*url\("http[^)]*\) format\([^)]*\)')
"""Fonts that a picture would fetch from somewhere; the reader's own do."""
SCREENS: dict[str, Drive] = {}
_LIFE = {
    "garden.md": "# Garden\n\n## Budget\n\nWe agreed on 400 euros for the garden budget. The beds "
    "come first.\n\n## Plants\n\nFour tomatoes and runner beans along the fence.\n",
    "boiler.txt": "The boiler service cost 189 euros in November 2025.\nNext one is due in "
    "November 2026.\n",
    "trips/lisbon.md": "# Lisbon\n\nWe fly on 12 May 2026 with Ana and Ben.\n\n- hotel near Alfama"
    ", three nights\n- Ana books the train to Sintra\n",
    "mail/budget.eml": "From: Ana Silva <ana@example.org>\nTo: me@example.org\nDate: Sun, 19 Apr "
    "2026 18:02:11 +0200\nSubject: Garden budget\nMessage-ID: <1@example.org>\n\nWe agreed on 380 "
    "euros for the garden budget now, instead of the 400 from March.\n\nI will order the wood by "
    "30 June 2026.\n",
    "home/lease.md": "# Lease\n\nThe rent is 1,180 euros a month. The notice period is three "
    "months.\n\nThe landlord, Mr Okafor, wants to be called, not mailed.\n",
}  # fmt: skip


def screen(drive: Drive) -> Drive:
    SCREENS[drive.__name__.strip("_")] = drive
    return drive


@screen
async def _ask(app: Cairn, pilot: Driver) -> None:
    place = app.place
    assert isinstance(place, Ask)
    for number, question in enumerate(_QUESTIONS, start=1):
        await typed(pilot, question)
        await pilot.press("enter")
        await until(pilot, lambda: len(place.turns) == number)  # noqa: B023
        await until(pilot, lambda: not place.turns[-1].is_open)
    await pilot.pause(0.3)
    await app.run_action("source(1)", app.place)


@screen
async def _search(app: Cairn, pilot: Driver) -> None:
    await pilot.press("f3")
    await typed(pilot, "garden since:2020")
    await until(pilot, lambda: "found · " in shown(pilot))
    await pilot.press("enter")


@screen
async def _why(app: Cairn, pilot: Driver) -> None:
    await _search(app, pilot)
    await pilot.press("w")


@screen
async def _wrong(app: Cairn, pilot: Driver) -> None:
    await _ask(app, pilot)
    await pilot.press("minus")


@screen
async def _light(app: Cairn, pilot: Driver) -> None:
    app.theme = themes.LIGHT
    await _ask(app, pilot)


@screen
async def _memory(app: Cairn, pilot: Driver) -> None:
    place = await _tree(app, pilot)
    row = next(row for row in place.rows.rows if "380" in row.left.plain)
    place.rows.go(row.id)
    await until(pilot, lambda: place.page.view.entry and place.page.view.entry["id"] == row.id)
    await until(pilot, lambda: len(place.page.view.blocks) > 1)
    await pilot.press("enter", "down", "enter")
    await until(pilot, lambda: place.page.preview.query(".cited"))


@screen
async def _questions(app: Cairn, pilot: Driver) -> None:
    place = await _tree(app, pilot)
    await pilot.press("v")
    await until(pilot, lambda: place.questions.question)


@screen
async def _forget(app: Cairn, pilot: Driver) -> None:
    place = await _tree(app, pilot)
    place.rows.go(next(row.id for row in place.rows.rows if "380" in row.left.plain))
    await until(pilot, lambda: place.page.view.entry)
    await pilot.press("d")
    await until(pilot, lambda: len(app.screen_stack) > 1)


@screen
async def _log(app: Cairn, pilot: Driver) -> None:
    await _tree(app, pilot)
    await pilot.press("L")
    await until(pilot, lambda: len(app.screen_stack) > 1)


@screen
async def _today(app: Cairn, pilot: Driver) -> None:
    await pilot.press("f5")
    await until(pilot, lambda: isinstance(app.place, Today) and app.place.lead)


async def _tree(app: Cairn, pilot: Driver) -> Memory:
    await pilot.press("f4")
    await until(pilot, lambda: isinstance(app.place, Memory) and app.place.rows.rows)
    assert isinstance(app.place, Memory)
    return app.place


@screen
async def _sources(app: Cairn, pilot: Driver) -> None:
    await pilot.press("f6")
    await until(pilot, lambda: "found by meaning" in shown(pilot))
    await pilot.pause(1.0)


@screen
async def _models(app: Cairn, pilot: Driver) -> None:
    await _sources(app, pilot)
    await pilot.press("m")
    await until(pilot, lambda: "this machine" in shown(pilot), 60)


@screen
async def _not_read(app: Cairn, pilot: Driver) -> None:
    await _sources(app, pilot)
    await pilot.press("enter")
    await until(pilot, lambda: "damaged" in shown(pilot))


@screen
async def _first_run(app: Cairn, pilot: Driver) -> None:
    await app.run_action("set_up")
    await until(pilot, lambda: "2 folders" in shown(pilot))


@screen
async def _help(app: Cairn, pilot: Driver) -> None:
    await pilot.press("f1")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path("screens"))
    parser.add_argument("--only", choices=sorted(SCREENS))
    parser.add_argument("--readme", action="store_true", help="those that README shows")
    options = parser.parse_args()
    folder = _PICTURES if options.readme else options.to
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        os.environ.update(CAIRN_HOME=str(base / "home"), CAIRN_CONFIG=str(base / "none"), HOME=made)
        _live(base / "life")
        try:
            if options.readme:
                for name in _IN_README:
                    _draw(folder / f"{name}.svg", SCREENS[name], WIDE)
                return
            for name, drive in SCREENS.items():
                if options.only in (None, name):
                    for size in (NARROW, WIDE):
                        _draw(folder / f"{name}-{size[0]}x{size[1]}.svg", drive, size)
        finally:
            client.stop()


def _live(life: Path) -> None:
    for name, text in _LIFE.items():
        (life / name).parent.mkdir(parents=True, exist_ok=True)
        (life / name).write_text(text)
        os.utime(life / name, (time.time() - 86400, time.time() - 86400))
    (life / "scan.pdf").write_bytes(b"%PDF-1.4 the rest is missing")
    for folder in ("Documents", "Notes"):
        (life.parent / folder).mkdir()
        (life.parent / folder / "read me.md").write_text("Something to begin with.\n")
    client.call("add", {"path": str(life)})
    client.call("remember", {"text": "I will call Mr Okafor about the window by tomorrow"})


def _draw(path: Path, drive: Drive, size: tuple[int, int]) -> None:
    async def run() -> None:
        app = Cairn(Tui(theme="dark"))
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.latest.state is not None)
            await drive(app, pilot)
            await pilot.pause(1.0)
            path.write_text(_FETCHED.sub("", app.export_screenshot(title="cairn")))

    asyncio.run(run())
    say(str(path))


if __name__ == "__main__":
    main()
