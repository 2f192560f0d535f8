"""The days of a week in a row, the one that is shown among them; a click goes to another.

Shown by Today above what happened.
"""

from __future__ import annotations

from datetime import date, timedelta

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from cairn.app.tui import text


class Week(Static):
    class Day(Message):
        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def on_mount(self) -> None:
        self.auto_links = False

    def show(self, day: date, today: date, *, whole: bool) -> None:
        monday = day - timedelta(day.weekday())
        parts = []
        for number in range(7):
            each = monday + timedelta(number)
            is_here = whole or each == day
            style = "bold $background on $primary" if is_here else text.QUIET
            if each == today and not is_here:
                style = "bold $primary"
            part = Content.styled(f" {each:%a} {each.day} ", style)
            parts.append(part.stylize(Style.from_meta({"@click": f"day('{each}')"})))
        self.update(Content(" ").join(parts))

    def action_day(self, day: str) -> None:
        self.post_message(self.Day(date.fromisoformat(day)))
