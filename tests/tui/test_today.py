from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cairn.app.tui import days
from cairn.app.tui.app import Cairn
from cairn.app.tui.screens.memory import Memory
from cairn.app.tui.screens.today import Today
from cairn.app.tui.widgets.week import Week
from cairn.core.config import Tui
from tests.tui.conftest import Lived
from tests.tui.driving import NARROW, WIDE, Driver, driven, said, screen, until
from tests.tui.remembered import remembered

__all__ = ["remembered"]
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
SUNDAY = date(2026, 5, 3)


async def today(app: Cairn, pilot: Driver) -> Today:
    await pilot.press("f5")
    await until(pilot, lambda: isinstance(app.place, Today) and app.place.rows.rows)
    assert isinstance(app.place, Today)
    return app.place


def at(place: Today, words: str) -> None:
    place.rows.go(next(row.id for row in place.rows.rows if words in row.left.plain and row.id))


@SIZES
def test_a_day_tells_what_is_due_and_what_happened(
    remembered: Lived, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await today(app, pilot)
        found = "\n".join(row.left.plain for row in place.rows.rows)
        now = datetime.now().astimezone().date()
        assert f"{now:%A} {now.day} {now:%B %Y} · today" in screen(pilot)
        for words in ("due", "in 1 day", "call the plumber", "your memory", "files", "garden.md"):
            assert words in found
        await pilot.press("j", "k", "G")
        assert place.rows.cursor == len(place.rows.rows) - 1

    driven(test, size)


def test_one_goes_from_day_to_day_and_back_to_today(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await today(app, pilot)
        await pilot.press("left")
        await until(pilot, lambda: "yesterday" in screen(pilot))
        await until(pilot, lambda: "Nothing happened on this day" in screen(pilot))
        await pilot.press("left")
        await until(pilot, lambda: "2 days ago" in screen(pilot))
        await pilot.press("t")
        await until(pilot, lambda: " · today" in screen(pilot))
        await pilot.press("right")
        await until(pilot, lambda: "tomorrow" in screen(pilot))
        await until(pilot, lambda: "call the plumber" in screen(pilot))
        await pilot.press("right")
        await until(pilot, lambda: "Nothing is known of it yet" in screen(pilot))
        assert place.day > date.today()

    driven(test)


def test_a_week_has_its_days_one_below_the_other(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await today(app, pilot)
        await pilot.press("z")
        now = datetime.now().astimezone().date()
        await until(
            pilot,
            lambda: f"{now:%A} {now.day} {now:%B}" in screen(pilot) and " to " in screen(pilot),
        )
        await pilot.press("left")
        await until(pilot, lambda: "In this week nothing happened" in screen(pilot))
        assert place.day == now - timedelta(7)
        await pilot.press("z")
        await until(pilot, lambda: "7 days ago" in screen(pilot))

    driven(test)


def test_a_click_on_a_day_of_the_week_goes_there(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await today(app, pilot)
        await pilot.click(Week, offset=(3, 0))
        monday = place.day - timedelta(place.day.weekday())
        await until(pilot, lambda: place.day == monday)

    driven(test)


@SIZES
def test_a_file_is_previewed_and_an_entry_opened_in_memory(
    remembered: Lived, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await today(app, pilot)
        at(place, "garden.md  ~/life")
        await pilot.press("enter")
        await until(pilot, lambda: "Budget" in screen(pilot))
        assert place.page.preview.has_focus_within
        await pilot.press("escape")
        assert place.rows.has_focus
        await pilot.press("y")
        assert "garden.md" in app.clipboard
        at(place, "call the plumber")
        await until(pilot, lambda: place.page.view.entry is not None)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.place, Memory))
        await until(pilot, lambda: app.place.query_one("#outline").has_focus_within
                    or app.place.query_one(".entry").has_focus_within)  # fmt: skip
        await until(pilot, lambda: "plumber" in screen(pilot))

    driven(test, size)


def test_the_text_beside_the_list_can_be_put_away(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await today(app, pilot)
        await until(pilot, lambda: place.page.display)
        await pilot.press("ctrl+b")
        assert not place.page.display
        await pilot.press("down", "ctrl+b")
        assert place.page.display

    driven(test)


def test_private_mode_is_told_on_the_page_of_today(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await today(app, pilot)
        await app.run_action("private")
        await until(pilot, lambda: "nothing is noted now" in screen(pilot))
        await app.run_action("private")
        await until(pilot, lambda: "nothing is noted now" not in screen(pilot))

    driven(test)


def test_a_file_that_came_and_went_is_left_out(remembered: Lived) -> None:
    (remembered.life / "boiler.txt").unlink()
    remembered.run("add", str(remembered.life))

    async def test(app: Cairn, pilot: Driver) -> None:
        place = await today(app, pilot)
        await until(pilot, lambda: "garden.md" in screen(pilot) or place.rows.rows)
        assert "boiler.txt" not in "".join(
            r.id for r in place.rows.rows if r.id.startswith("files|")
        )
        assert not said(pilot)

    driven(test)


def test_in_plain_mode_nothing_is_drawn_but_text(remembered: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        place = await today(app, pilot)
        await until(pilot, lambda: place.page.display)
        assert not set(screen(pilot)) & set("│╭╮╰╯─▎▏█▍")

    driven(test, WIDE, Tui(plain=True))


# -- what is told → rows


def leaf(id: str, **more: object) -> dict[str, object]:
    return {"id": id, "title": f"title of {id}", "kind": "fact", **more}


def test_what_is_overdue_stands_on_the_page_of_today() -> None:
    due = leaf("a", state="overdue", day="2026-05-01", days=-2, mine=False)
    told = {"agenda": {"due": [due], "events": [], "said": []}}
    (item,) = days.items(told, SUNDAY, SUNDAY + timedelta(1), SUNDAY)
    assert (item.day, item.section) == (SUNDAY, "due")
    assert "2 days overdue" in item.words.plain
    assert item.right == "somebody else’s"


def test_an_event_of_several_days_stands_on_each_of_them() -> None:
    event = leaf("a", day="2026-05-01/2026-05-09")
    told = {"agenda": {"due": [], "events": [event], "said": []}}
    (item,) = days.items(told, SUNDAY, SUNDAY + timedelta(1), SUNDAY)
    assert (item.day, item.right) == (SUNDAY, "until 2026-05-09")


def test_a_week_is_from_monday_to_sunday() -> None:
    assert days.days_of(SUNDAY, week=True) == (date(2026, 4, 27), date(2026, 5, 4))
    assert days.days_of(SUNDAY, week=False) == (SUNDAY, date(2026, 5, 4))


def test_what_is_gone_leads_to_no_text() -> None:
    moment = datetime(2026, 5, 3, 12).astimezone().isoformat()
    gone = {"uri": "file:~/a.md", "path": "/a.md", "deed": "deleted", "at": moment, "was": "",
            "times": 1}  # fmt: skip
    told = {"changes": {"files": [gone], "entries": [], "conversations": []}}
    (item,) = days.items(told, SUNDAY, SUNDAY + timedelta(1), SUNDAY)
    assert not item.lead.address and "deleted" in item.lead.words
