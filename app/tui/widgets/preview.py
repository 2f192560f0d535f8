"""The text at a citation, with what is around it, the cited sentence marked.

Shown beside answers and results, below them where the screen is narrow. The text comes from the
daemon as `cairn show` has it; its lines are folded here, so that their numbers stay in a column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from cairn.app import render
from cairn.app.tui import door, marking, text
from cairn.app.tui.shell import Json, Shell
from cairn.core.errors import CairnError

_AROUND = {"L": 30, "r": 15, "n": 8, "t": 3}
"""Neighbours on each side; pages, slides, cells and mails are long enough alone."""
_MOST_WORDS = 80
_LONGEST_ROW = 2_000
"""Letters; what is made by programs may have a single line."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be previewed."""

    address: str
    locator: str
    quote: str = ""
    words: tuple[str, ...] = ()
    """Of a search, to be marked where they stand."""


class Passage(Static):
    """Some of a text's lines, folded to the width there is, their labels in a column."""

    def __init__(self, rows: list[tuple[str, Content]], width: int, classes: str = "") -> None:
        super().__init__("", classes=classes)
        self._rows = rows
        self._labels = width
        self._folded_to = 0

    def on_resize(self, event: events.Resize) -> None:
        if event.size.width != self._folded_to:
            self._folded_to = event.size.width
            self.update(self._folded(event.size.width))

    def _folded(self, width: int) -> Content:
        room = max(8, width - self._labels - 2)
        lines: list[Content] = []
        for label, row in self._rows:
            for number, line in enumerate(row.wrap(room) or [Content("")]):
                head = label.rjust(self._labels) if not number else " " * self._labels
                lines.append(Content.assemble((f"{head}  ", text.FAINT), line))
        return Content("\n").join(lines)


class Preview(Vertical):
    app = getters.app(Shell)

    def __init__(self) -> None:
        super().__init__(classes="preview")
        self.shown: Shown | None = None

    def compose(self) -> ComposeResult:
        yield Static("", classes="preview-head")
        yield VerticalScroll(classes="preview-text", can_focus=True)

    def show(self, wanted: Shown) -> None:
        if wanted != self.shown:
            self.shown = wanted
            door.work(self, self._fetch(wanted), group="preview")

    def clear(self) -> None:
        self.shown = None
        self.workers.cancel_group(self, "preview")

    async def _fetch(self, wanted: Shown) -> None:
        around = _AROUND.get(wanted.locator[:1], 0)
        try:
            data = await door.call("show", {"address": wanted.address, "context": around})
        except CairnError as error:
            await self._fill(Content.styled(text.line(error.message), "$warning"), [
                Static(text.plain(wanted.quote), classes="cited"),
                Static(text.plain(error.hint), classes="near"),
            ])  # fmt: skip
            return
        mark = "reverse" if self.app.native_ansi_color else "$foreground on $primary 30%"
        parts = _passages(data, wanted, mark)
        await self._fill(_head(data), parts)
        for part in parts:
            if part.has_class("cited"):
                # Its height is known only when its lines are folded, which comes with its width.
                self.call_after_refresh(self.call_after_refresh, self._reveal, part)

    def _reveal(self, part: Static) -> None:
        """With as much before it as after it."""
        page = self.query_one(".preview-text")
        above = max(0, page.size.height - part.size.height) // 2
        page.scroll_to(y=part.virtual_region.y - above, animate=False)

    async def _fill(self, head: Content, parts: list[Static]) -> None:
        self.query_one(".preview-head", Static).update(head)
        page = self.query_one(".preview-text", VerticalScroll)
        with self.app.batch_update():
            await page.remove_children()
            await page.mount_all(parts)
            page.scroll_home(animate=False)


def _head(data: Json) -> Content:
    path = render.home_path(data["path"] or data["uri"])
    path += f" › {text.line(data['part'])}" if data["part"] else ""
    place = f"  {data['locator']}" if data["locator"] else ""
    trail = " › ".join(filter(None, dict.fromkeys((data["title"], *data["heading"]))))
    below = "  ".join(
        text.line(fact) for fact in (trail, data["when"][:10], data["who"], data["context"]) if fact
    )
    return Content.assemble(
        (path + place, "bold $secondary"), "\n" if below else "", (below, text.QUIET)
    )


def _passages(data: Json, wanted: Shown, mark: str) -> list[Static]:
    """What stands before the cited part, the part itself, and what comes after it."""
    units = data["units"]
    labels = [_label(unit["locator"]) for unit in units]
    width = max(map(len, labels), default=0)
    first = next((at for at, unit in enumerate(units) if unit["cited"]), len(units))
    last = next((at for at in range(len(units), 0, -1) if units[at - 1]["cited"]), first)
    parts: list[Static] = []
    stretches = ((0, first, "near"), (first, last, "cited"), (last, len(units), "near"))
    for begin, end, kind in stretches:
        quote = wanted.quote if kind == "cited" else ""
        whole = _whole(units[begin:end], labels[begin:end])
        rows = _marked(*whole, quote, wanted.words, mark)
        if rows:
            parts.append(Passage(rows, width, classes=kind))
    return parts


def _label(locator: str) -> str:
    """Lines by their number alone, as everywhere; others as they are cited."""
    return locator[1:] if locator[:1] == "L" else locator


def _whole(units: list[Json], labels: list[str]) -> tuple[list[str], str]:
    """The label of each line, and all lines in one, as a quote may go over several of them."""
    named: list[str] = []
    lines: list[str] = []
    for unit, label in zip(units, labels, strict=True):
        for row in text.safe(unit["text"]).split("\n"):
            named.append(label)
            lines.append(row if len(row) <= _LONGEST_ROW else f"{row[:_LONGEST_ROW]}…")
            label = ""
    return named, "\n".join(lines)


def _marked(
    named: list[str], lines: str, quote: str, words: tuple[str, ...], mark: str
) -> list[tuple[str, Content]]:
    if not named:
        return []
    whole = marking.marked(Content(lines), words)
    for begin, end in _found(lines, quote):
        whole = whole.stylize(mark, begin, end)
    return list(zip(named, whole.split(allow_blank=True), strict=True))


def _found(text_of_it: str, quote: str) -> list[tuple[int, int]]:
    """Where the quote stands, whatever white space is between its words."""
    words = text.safe(quote).split()[:_MOST_WORDS]
    if not words:
        return []
    pattern = r"[\s>|*_#-]+".join(map(re.escape, words))
    found = re.search(pattern, text_of_it) or re.search(pattern, text_of_it, re.IGNORECASE)
    return [found.span()] if found else []
