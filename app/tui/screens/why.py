"""Why a passage was found: by which searches, what its score is made of, which entry leads to it.

Opened by Search for the row in focus; it lays out what `cairn search --explain` says.
"""

from __future__ import annotations

from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cairn.app.tui import keys, text
from cairn.app.tui.shell import Json, Shell
from cairn.core.recall.reasons import plainly

_NAME, _NUMBER, _BAR = 20, 8, 24


class Why(ModalScreen[None], inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("why", "screen")

    def __init__(self, hit: Json, others: list[Json]) -> None:
        super().__init__()
        self._hit = hit
        self._others = others

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialogue") as box:
            box.border_title = "Why this was found"
            box.border_subtitle = "esc closes"
            yield Static(Content("\n").join(self._rows()))

    def _rows(self) -> list[Content]:
        hit = self._hit
        place = f"{plainly.ordinal(hit['rank'])} of {len(self._others)}"
        rows = [Content.assemble((text.place(hit), "bold $secondary"), f"   {place}"), Content("")]
        rows += [*_found_by(hit), Content(""), *_score(hit, plain=self.app.plain)]
        sure = f"how likely it answers the question: {hit['relevance']:.2f}"
        rows += [Content(""), Content.styled(sure, text.QUIET)]
        for each in hit["entries"]:
            rows.append(Content(f"an entry leads here: {text.line(each['title'])} ({each['id']})"))
        return rows

    def action_close(self) -> None:
        self.dismiss()


def _found_by(hit: Json) -> list[Content]:
    found = [each for each in hit["channels"] if each["rank"]]
    if not found:
        return [Content("found by no search itself: an entry or a newer statement brought it here")]
    rows = [Content.styled("found by".ljust(_NAME) + "place".rjust(_NUMBER), text.QUIET)]
    for each in found:
        name = plainly.channel(each["channel"]).ljust(_NAME)
        rows.append(Content(name + plainly.ordinal(each["rank"]).rjust(_NUMBER)))
    return rows


def _score(hit: Json, *, plain: bool) -> list[Content]:
    """The parts of the score, each with its share of it."""
    parts = [each for each in hit["channels"] if not each["rank"]]
    if not parts:
        return []
    head = f"score {hit['score']:.3f}".ljust(_NAME) + "adds".rjust(_NUMBER) + "share".rjust(_NUMBER)
    rows = [Content.styled(head, text.QUIET)]
    most = max(abs(each["adds"]) for each in parts) or 1.0
    for each in sorted(parts, key=lambda part: -part["adds"]):
        share = f"{round(100 * each['adds'] / hit['score'])} %" if hit["score"] else "-"
        name = plainly.part(each["channel"]).ljust(_NAME)
        bar = "" if plain else "█" * round(_BAR * max(0.0, each["adds"]) / most)
        numbers = f"{each['adds']:.3f}".rjust(_NUMBER) + share.rjust(_NUMBER)
        rows.append(Content.assemble(name, numbers, ("   " + bar, "$primary")))
    return rows
