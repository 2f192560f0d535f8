"""The first row: the places, and how things are: what is indexed, the queue, the model, private.

Shown by the app above every place. What does not fit is left out, private mode last of all.
"""

from __future__ import annotations

from textual import events, getters
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from cairn.app import render
from cairn.app.tui import places, text
from cairn.app.tui.shell import Json, News, Shell

_BRAND = " cairn "


class StatusRow(Widget, inherit_css=False):
    app = getters.app(Shell)

    DEFAULT_CSS = "StatusRow { height: 1; width: 100%; }"

    def on_mount(self) -> None:
        self.auto_links = False  # places are clicked, but are no links
        self._shown = ""
        self.app.news.subscribe(self, self._heard)

    def _heard(self, news: News) -> None:
        told = str(_parts(news))
        if told != self._shown:  # a screen reader reads what changes
            self._shown = told
            self.refresh()

    def render(self) -> Content:
        left = self._places()
        room = self.size.width - left.cell_length - 1
        right = _fitting(_parts(self.app.latest), room)
        gap = max(0, self.size.width - left.cell_length - right.cell_length)
        return Content("").join([left, Content(" " * gap), right])

    def _places(self) -> Content:
        here = getattr(self.app, "here", "")
        parts: list[Content] = [Content.styled(_BRAND, "bold $primary")]
        for known in places.PLACES:
            is_here = known.name == here
            tab = Content.styled(f" {known.title} ", "bold reverse $primary" if is_here
                                 else text.QUIET)  # fmt: skip
            parts.append(tab.stylize(Style.from_meta({"@click": f"app.go('{known.name}')"})))
        return Content("").join(parts)

    def on_resize(self, event: events.Resize) -> None:
        self.refresh()


def _parts(news: News) -> list[tuple[str, str, int]]:
    """Text, style, and how soon it is left out: the highest number first."""
    if news.state is None:
        if news.trouble:
            return [("no daemon", "bold $error", 0)]
        return [("waking up …", text.QUIET, 0)]
    state = news.state
    parts = [(f"{_count(state['counts']['chunks'])} passages", text.QUIET, 2)]
    parts.append((*_queue(state), 1))
    if state.get("model"):
        parts.append((text.line(state["model"]), text.QUIET, 3))
    if state["private"]:
        _, _, until = state["private"].partition("until ")
        parts.append((f" PRIVATE{' until ' + until[-5:] if until else ''} ",
                      "bold reverse $warning", 0))  # fmt: skip
    return parts


def _queue(state: Json) -> tuple[str, str]:
    counts, now = state["counts"], state["progress"]
    waiting = counts["queued"] + counts["to_embed"]
    if state["trouble"]:
        return "in trouble", "bold $error"
    if state["paused"]:
        return f"paused, {_count(waiting)} waiting" if waiting else "paused", "$warning"
    if not waiting:
        return "up to date", "$success"
    if state["resting"]:
        return f"resting, {_count(waiting)} waiting", "$warning"
    left = f", {render.duration(now['eta_s'])} left" if now["eta_s"] is not None else ""
    return f"{now['stage']} {_count(waiting)}{left}", "$secondary"


def _count(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _fitting(parts: list[tuple[str, str, int]], room: int) -> Content:
    shown = list(parts)
    while True:
        told = Content(" · ").join([Content.styled(words, style) for words, style, _ in shown])
        told = Content("").join([told, Content(" ")])
        if told.cell_length <= room or not any(place for _, _, place in shown):
            return told
        shown.remove(max(shown, key=lambda part: part[2]))
