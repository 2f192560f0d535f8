"""A row below the first one that is there only while something needs the user: what, which key.

Shown by the app: the daemon is gone, or does without a part of what it could do.
"""

from __future__ import annotations

from textual import getters
from textual.content import Content
from textual.widgets import Static

from cairn.app.tui import keys, text
from cairn.app.tui.shell import News, Shell


class Notice(Static):
    app = getters.app(Shell)

    def on_mount(self) -> None:
        self._shown = ""
        self.display = False
        self.app.news.subscribe(self, self._heard)

    def _heard(self, news: News) -> None:
        words, is_gone = _told(news)
        if words == self._shown:
            return
        self._shown = words
        self.display = bool(words)
        self.set_class(is_gone, "-gone")
        pressed = self.app.pressed(keys.BY_ID["app.repair"]).upper()
        key = Content.assemble("  ", (f" {pressed} ", "bold reverse"), " starts it again")
        self.update(Content.assemble(words, key if is_gone else ""))


def _told(news: News) -> tuple[str, bool]:
    if news.trouble:
        hint = f"; {news.trouble.hint}" if news.trouble.hint else ""
        return text.line(f"{news.trouble.message}{hint}"), True
    state = news.state or {}
    return text.line(state.get("trouble") or state.get("degraded") or ""), False
