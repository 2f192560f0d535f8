"""Today: what is due and what happened on a day or in its week, the text or entry of the row at the
cursor beside it. One goes from day to day, and from a row to its place.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from cairn.app.tui import days, door, keys, text
from cairn.app.tui.place import Place
from cairn.app.tui.shell import Json, News
from cairn.app.tui.widgets.linked import Linked
from cairn.app.tui.widgets.page import Page
from cairn.app.tui.widgets.preview import Shown
from cairn.app.tui.widgets.rows import Row, Rows
from cairn.app.tui.widgets.week import Week
from cairn.core.errors import CairnError


class Today(Place):
    WHERES = ("today", "page")
    BINDINGS = keys.bindings("today")

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.day = _today()
        self.is_week = False
        self._leads: dict[str, days.Lead] = {}
        self._notes: list[str] = []
        self._count = 0
        self._is_beside = True
        self._seen = _today()

    def compose(self) -> ComposeResult:
        yield Static("", id="day-head", classes="split-head")
        yield Week(id="week")
        with Horizontal(classes="beside"):
            with Vertical(classes="main"):
                yield Rows("day-rows")
            yield Page(classes="aside")

    def on_mount(self) -> None:
        self.page.display = False
        self._tell_day()
        self.app.news.subscribe(self, self._heard)

    def first(self) -> Widget:
        return self.rows

    def came(self) -> None:
        if self.day == self._seen != _today():  # it was left open over midnight
            self.day = _today()
        self._seen = _today()
        self.fetch()

    def holder(self, where: str) -> Widget:
        return self.page.view if where == "page" else self

    @property
    def rows(self) -> Rows:
        return self.query_one("#day-rows", Rows)

    @property
    def page(self) -> Page:
        return self.query_one(Page)

    # -- what happened

    def _heard(self, news: News) -> None:
        self._tell_day()
        state = news.state
        self.renew(state and (state["counts"], state["tree"]["entries"]))

    def fetch(self) -> None:
        self._tell_day()
        door.work(self, self._fetch(), group="day")

    async def _fetch(self) -> None:
        start, end = days.days_of(self.day, week=self.is_week)
        stretch = {"start": start.isoformat(), "end": end.isoformat()}
        last = (end - timedelta(1)).isoformat()
        self._notes = []
        told = {
            name: data
            for name, data in zip(("agenda", "day", "changes"), await asyncio.gather(
                self._ask("agenda", {**stretch, "today": _today().isoformat()}),
                self._ask("day", stretch),
                self._ask("changes", {"since": start.isoformat(), "until": last}),
            ), strict=True)
            if data is not None
        }  # fmt: skip
        found = days.items(told, start, end, _today())
        self._count = len(found)
        rows, self._leads = days.rows(found, week=self.is_week)
        self.rows.fill(rows or [*self._nothing()])
        self.page.display = bool(found) and self._is_beside
        self._tell_day()

    async def _ask(self, op: str, args: Json) -> Json | None:
        """None where it can't be told; why is said above the rows."""
        try:
            return await door.call(op, args)
        except CairnError as error:
            if error.message not in self._notes:
                self._notes.append(text.line(error.message))
            return None

    def _nothing(self) -> list[Row]:
        start, _ = days.days_of(self.day, week=self.is_week)
        if self._notes:
            lines = ["Nothing can be told of it now", *self._notes]
        elif start > _today():
            lines = ["Nothing is known of it yet", "What is due then, and events, stand here."]
        else:
            what = (
                "In this week nothing happened" if self.is_week else "Nothing happened on this day"
            )
            lines = [f"{what} that cairn knows of",
                     "It notes what changes in your folders and conversations from the day they",
                     "are added; nothing is noted in private mode."]  # fmt: skip
        return [Row("", Content(""), is_heading=True), *(
            Row("", Content.styled(f" {line}", "bold" if not number else text.QUIET),
                is_heading=True)
            for number, line in enumerate(lines)
        )]  # fmt: skip

    def _tell_day(self) -> None:
        start, end = days.days_of(self.day, week=self.is_week)
        named = f"{start:%A} {start.day} {start:%B %Y}"
        if self.is_week:
            last = end - timedelta(1)
            named = f"{start.day} {start:%B} to {last.day} {last:%B %Y}"
        parts = [Content.styled(named, "bold")]
        if near := _near(self.day) if not self.is_week else "":
            parts.append(Content.styled(near, text.QUIET))
        parts += [Content.styled(words, "bold $warning") for words in self._unseen(start, end)]
        self.query_one("#day-head", Static).update(Content.styled(" · ", text.FAINT).join(parts))
        self.query_one(Week).show(self.day, _today(), whole=self.is_week)

    def _unseen(self, start: date, end: date) -> list[str]:
        """Why something may be missing here."""
        state = self.app.latest.state
        told = list(self._notes) if self._count else []
        if state and start <= _today() < end:
            if state["private"]:
                told.append("private: nothing is noted now")
            elif state["paused"]:
                told.append("paused: what changes now is read later")
        return told

    # -- the row at the cursor

    @on(Rows.Moved)
    def _moved(self, moved: Rows.Moved) -> None:
        lead = self._leads.get(moved.row.id)
        if lead and self._is_beside:
            self.page.soon(lambda: self._show(lead))

    def _show(self, lead: days.Lead) -> None:
        if lead.address:
            self.page.show_text(Shown(lead.address, lead.address.partition("#")[2]))
        elif lead.entry:
            self.page.show_entry(lead.entry)
        else:
            self.page.say(Content.styled(lead.words, text.QUIET))

    @on(Rows.Chosen)
    def _chosen(self, chosen: Rows.Chosen) -> None:
        lead = self._leads.get(chosen.row.id)
        if lead and lead.entry:
            door.work(self, self._go_to(lead.entry), group="go")
        elif lead:
            self._is_beside = self.page.display = True
            self._show(lead)
            if lead.address:
                self.page.preview.query_one(".preview-text").focus()

    async def _go_to(self, id: str) -> None:
        from cairn.app.tui.screens.memory import Memory

        await self.app.run_action("go('memory')")
        self.app.screen.query_one(Memory).go_to(id)

    @on(Linked.Chosen)
    def _led(self, chosen: Linked.Chosen) -> None:
        lead = chosen.linked.lead
        if lead.kind == "source":
            self.app.open_citation(lead.item["address"])
        elif lead.kind == "entry" or self.page.view.entry:
            id = lead.to if lead.kind == "entry" else (self.page.view.entry or {})["id"]
            door.work(self, self._go_to(id), group="go")

    # -- keys

    @property
    def lead(self) -> days.Lead | None:
        return self._leads.get(self.rows.at)

    def _turn(self, to: int) -> None:
        try:
            self.day += timedelta(to * (7 if self.is_week else 1))
        except OverflowError:
            return
        self.rows.focus()
        self.fetch()

    def action_before(self) -> None:
        self._turn(-1)

    def action_after(self) -> None:
        self._turn(1)

    def action_today(self) -> None:
        self.day = _today()
        self.fetch()

    def action_week(self) -> None:
        self.is_week = not self.is_week
        self.fetch()

    @on(Week.Day)
    def _clicked(self, chosen: Week.Day) -> None:
        self.day, self.is_week = chosen.day, False
        self.fetch()

    def action_open(self) -> None:
        lead, source = self.lead, self.page.view.source
        if lead and lead.address:
            self.app.open_citation(lead.address)
        elif lead and lead.entry and source:
            self.app.open_citation(source["address"])

    def action_copy(self) -> None:
        if (row := self.rows.chosen) and self.lead:
            self.app.copy(" ".join(row.left.plain.split()), "the row")

    def action_side(self) -> None:
        self._is_beside = not self.page.display
        if self.page.has_focus_within:
            self.rows.focus()
        self.page.display = self._is_beside and bool(self._count)
        if self.lead and self._is_beside:
            self._show(self.lead)

    def action_back(self) -> None:
        self.rows.focus()


def _today() -> date:
    return datetime.now().astimezone().date()


def _near(day: date) -> str:
    days_ago = (_today() - day).days
    if abs(days_ago) <= 1:
        return {0: "today", 1: "yesterday", -1: "tomorrow"}[days_ago]
    return f"{days_ago} days ago" if days_ago > 0 else f"in {-days_ago} days"
