"""What the engine does now: how far it is and how fast, why it rests, what it costs, private mode.

Shown above the list in Sources, drawn anew with the engine's news. For screen readers it changes
only when something else is done.
"""

from __future__ import annotations

import time
from collections import deque

from textual import getters
from textual.content import Content
from textual.widgets import Static

from cairn.app import model_lines, render
from cairn.app.tui import coverage, door, footprint, text
from cairn.app.tui.shell import Json, News, Shell

_LABEL, _BAR = 9, 16
_LEAST = 20
"""Columns that what is being read needs to be worth showing."""
_OVER_S, _WEIGH_S = 8.0, 5.0
_UNITS = {"reading": "files", "embedding": "passages", "listening": "transcripts",
          "listing": "files", "curating": "texts"}  # fmt: skip


class Activity(Static):
    app = getters.app(Shell)

    def __init__(self) -> None:
        super().__init__("", id="activity")
        self._marks: deque[tuple[float, str, int]] = deque()
        self._memory = 0
        self._weighed = 0.0
        self._kind = ""

    def on_mount(self) -> None:
        self.app.news.subscribe(self, self._heard)
        self.renew()

    def renew(self) -> None:
        """Somebody looks here: with all that is known now."""
        self._kind = ""
        self._heard(self.app.latest)

    def _heard(self, news: News) -> None:
        if news.state:
            self._note(news.state)
        if not self.parent or not self.parent.display:
            return
        kind = _kind(news)
        if self.app.plain and kind == self._kind:
            return
        self._kind = kind
        self.update(Content("\n").join(self._rows(news)))
        if news.state and time.monotonic() - self._weighed > _WEIGH_S:
            self._weighed = time.monotonic()
            door.work(self, self._weigh(news.state["daemon"]["pid"]), group="weigh")

    async def _weigh(self, pid: int) -> None:
        was, self._memory = self._memory, await door.do(lambda: footprint.taken(pid))
        if not was:
            self._kind = ""
            self._heard(self.app.latest)

    # -- how fast

    def _note(self, state: Json) -> None:
        now, at = state["progress"], time.monotonic()
        if self._marks and (self._marks[-1][1], self._marks[-1][2]) > (now["stage"], now["done"]):
            self._marks.clear()  # another stage, or the same one from the beginning
        self._marks.append((at, now["stage"], now["done"]))
        while at - self._marks[0][0] > _OVER_S or self._marks[0][1] != now["stage"]:
            self._marks.popleft()

    def rate(self) -> float:
        (began, _, first), (ended, _, last) = self._marks[0], self._marks[-1]
        return (last - first) / (ended - began) if ended > began else 0.0

    # -- rows

    def _rows(self, news: News) -> list[Content]:
        state = news.state
        if state is None:
            told = text.line(news.trouble.message) if news.trouble else "waking up …"
            return [_row("now", Content.styled(told, "$error" if news.trouble else text.QUIET))]
        rows = []
        if state["private"]:
            words = f" {text.line(state['private'])}: nothing new is read "
            rows.append(Content.styled(words, "bold $background on $warning"))
        rows.append(_row("now", self._now(state)))
        rows.append(_row("today", self._today(state)))
        rows.append(_row("model", self._model(state)))
        return rows

    def _now(self, state: Json) -> Content:
        counts, now = state["counts"], state["progress"]
        waiting = f"{_count(counts['queued'], 'file')} to read, "
        waiting += f"{coverage.number(counts['to_embed'])} to embed"
        if state["trouble"]:
            return Content.styled(text.line(state["trouble"]), "bold $error")
        if state["paused"]:
            return Content.assemble(("paused", "bold $warning"), f"; {waiting}; P goes on")
        if not counts["queued"] + counts["to_embed"]:
            return Content.styled("everything is up to date", "$success")
        if state["resting"]:
            return Content.assemble(("resting", "bold $warning"),
                                    f", {text.line(state['resting'])}; {waiting}")  # fmt: skip
        parts = [Content.styled(now["stage"], "bold $secondary")]
        if now["total"]:
            if not self.app.plain:
                parts.append(_gauge(now["share"], "$secondary"))
            unit = _UNITS.get(now["stage"], "files")
            done, total = coverage.number(now["done"]), coverage.number(now["total"])
            parts.append(Content(f"{done} of {total} {unit}"))
        rate = self.rate() if self._marks else 0.0
        if rate >= 1:
            parts.append(Content.styled(f"{rate:.0f}/s", text.QUIET))
        if now["eta_s"] is not None:
            parts.append(Content(f"about {render.duration(now['eta_s'])} left"))
        room = self.content_size.width - _LABEL - sum(part.cell_length + 2 for part in parts)
        if now.get("reading") and room >= _LEAST and not self.app.plain:
            path = text.shortened(render.home_path(now["reading"]), room)
            parts.append(Content.styled(path, text.FAINT))
        return Content("  ").join(parts)

    def _today(self, state: Json) -> Content:
        spent, limit = state["effort_s"], state["effort_limit_min"]
        told = f"{render.duration(spent)} of computing" if spent >= 1 else "hardly any computing"
        if limit:
            told = f"{told}, of {limit:g} min a day"
            if not self.app.plain:
                gauge = _gauge(min(1.0, spent / (60 * limit)), "$warning")
                return Content("  ").join([gauge, Content(told)])
        return Content(told)

    def _model(self, state: Json) -> Content:
        parts = [Content.styled("none; answers are put together from your words", text.QUIET)]
        if state.get("model"):
            parts = [Content(text.line(state["model"]))]
        if self.app.pulling:
            parts.append(Content.styled(text.line(self.app.pulling), "$secondary"))
        if self._memory:
            parts.append(Content(f"{model_lines.amount(self._memory)} of memory"))
        if state["worker_restarts"]:
            times = state["worker_restarts"]
            parts.append(Content.styled(
                f"its process started anew {times} {'time' if times == 1 else 'times'}", "$warning"
            ))  # fmt: skip
        return Content(" · ").join(parts)


def _kind(news: News) -> str:
    """What is done, without the numbers that change all the time."""
    state = news.state
    if state is None:
        return "gone" if news.trouble else "waking"
    busy = bool(state["counts"]["queued"] + state["counts"]["to_embed"])
    return f"{state['private']}{state['paused']}{state['resting']}{state['trouble']}{busy}"


def _row(label: str, value: Content) -> Content:
    return Content.assemble((f" {label}".ljust(_LABEL), text.FAINT), value)


def _gauge(share: float, style: str) -> Content:
    done = round(_BAR * share)
    return Content.assemble(("━" * done, style), ("━" * (_BAR - done), "$panel"))


def _count(number: int, what: str) -> str:
    return f"{coverage.number(number)} {what if number == 1 else what + 's'}"
