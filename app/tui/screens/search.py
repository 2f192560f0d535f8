"""Search: passages while one types, with filters typed among the words, and the text at each place
beside the list, or below it where the screen is narrow.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from cairn.app.tui import chips, door, keys, marking, text
from cairn.app.tui.place import Place
from cairn.app.tui.shell import Json
from cairn.app.tui.widgets.field import Query
from cairn.app.tui.widgets.hits import Hits
from cairn.app.tui.widgets.preview import Preview, Shown
from cairn.core.errors import CairnError

_PAUSE_S = 0.12
"""Of typing, after which it is looked for."""
_MOST = 50
_TEACH = Content.assemble(
    ("Every passage that fits, while you type", "bold"),
    ("\nWords, or what is meant by them. Narrow it down among the words:\n", text.QUIET),
    *(part for name, words in (
        ("in:notes", "a folder, file or conversation"),
        ("kind:mail", "also note, pdf, chat, table, code, …; or type:"),
        ("from:ana", "who says it, wrote it or took part"),
        ("since:2026-03", "until:, and when: for both ends"),
        ('when:"last march"', "in quotes if there are spaces in it"),
    ) for part in ((f"\n  {name}".ljust(22), "$secondary"), (words, text.QUIET))),
)  # fmt: skip


class Search(Place):
    WHERES = ("query", "search", "hit")
    BINDINGS = keys.bindings("search", "hit")

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._timer: Timer | None = None
        self._found: list[Json] = []
        self._looked_for = ""
        self._words: tuple[str, ...] = ()
        self._chips: list[Content] = []
        self._noted = Content("")
        self._is_beside = True

    def compose(self) -> ComposeResult:
        with Horizontal(classes="beside"):
            with Vertical(classes="main"):
                yield Query("Search for anything …", id="query")
                yield Static("", id="chips")
                yield Static(_TEACH, id="teach")
                yield Hits()
            yield Preview()

    def on_mount(self) -> None:
        self._clear()

    def first(self) -> Widget:
        return self.field

    @property
    def field(self) -> Query:
        return self.query_one(Query)

    @property
    def hits(self) -> Hits:
        return self.query_one(Hits)

    @property
    def preview(self) -> Preview:
        return self.query_one(Preview)

    # -- looking

    @on(Input.Changed, "#query")
    def _changed(self) -> None:
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE_S, self._look)

    def _look(self) -> None:
        wanted = chips.typed(self.field.value)
        self._show_chips(wanted)
        if not wanted.words:
            self._clear()
        elif not wanted.problem:
            door.work(self, self._search(wanted), group="search")

    async def _search(self, wanted: chips.Typed) -> None:
        is_typing = not self.field.value.endswith(" ")
        args = {"query": wanted.words, "limit": _MOST, "filters": wanted.filters,
                "typing": is_typing}  # fmt: skip
        try:
            found = await door.call("search", args)
        except CairnError as error:
            told = Content.assemble(("✗ ", "bold $error"), text.line(error.message))
            self._note(Content.assemble(told, (f"  {text.line(error.hint)}", text.QUIET)))
            return
        hits: list[Json] = found["hits"]
        if not hits and self._found and wanted.words.startswith(self._looked_for):
            # A word that is half typed must not empty the screen.
            nothing = f"nothing for “{wanted.words}”; these are for “{self._looked_for}”"
            self._note(Content.styled(nothing, text.QUIET))
            return
        self._found, self._looked_for = hits, wanted.words
        self._words = marking.words_of(found["query"])
        self.query_one("#teach").display = not hits
        self.hits.display = bool(hits)
        self.query_one("#teach", Static).update(_nothing(wanted))
        self.hits.fill(hits, self._words)
        if not hits:
            self.preview.display = False
        self._note(_summary(found, wanted.words))

    def _clear(self) -> None:
        self.workers.cancel_group(self, "search")
        self._found, self._looked_for = [], ""
        self.hits.display = False
        self.preview.display = False
        self.query_one("#teach", Static).update(_TEACH)
        self.query_one("#teach").display = True
        self._note(Content(""))

    # -- what was typed, and what came of it

    def _show_chips(self, wanted: chips.Typed) -> None:
        self._chips = [_chip(chip) for chip in wanted.chips]
        self._note(self._noted)

    def _note(self, words: Content) -> None:
        self._noted = words
        row = Content("  ").join([*self._chips, *([words] if words.plain else [])])
        self.query_one("#chips", Static).update(row)

    # -- keys

    @on(Query.Done)
    def _done(self) -> None:
        if self._found:
            self.hits.focus()

    @on(Hits.OptionHighlighted)
    def _highlighted(self) -> None:
        if hit := self.hits.chosen:
            self.preview.display = self._is_beside
            self.preview.show(Shown(hit["address"], hit["locator"], words=self._words))

    @on(Hits.OptionSelected)
    def _selected(self) -> None:
        self._is_beside = True
        self._highlighted()
        self.preview.query_one(".preview-text").focus()

    def action_back(self) -> None:
        """One step towards the words, and then away with them."""
        if self.preview.has_focus_within:
            self.hits.focus()
        elif self.field.has_focus:
            self.field.value = ""
        else:
            self.field.focus()

    def action_side(self) -> None:
        self._is_beside = not self.preview.display
        if self.preview.has_focus_within:
            self.hits.focus()
        self.preview.display = self._is_beside and bool(self._found)

    def action_open(self) -> None:
        if hit := self.hits.chosen:
            self.app.open_citation(hit["address"])

    def action_copy(self) -> None:
        if hit := self.hits.chosen:
            self.app.copy(f"{hit['snippet']}\n{text.place(hit)}", "the passage and where it is")

    def action_why(self) -> None:
        from cairn.app.tui.screens.why import Why

        if hit := self.hits.chosen:
            self.app.push_screen(Why(hit, self._found))


def _chip(chip: chips.Chip) -> Content:
    value = text.line(chip.value)
    if not chip.problem:
        return Content.assemble(
            (f" {chip.name} ", "reverse $secondary"), (f" {value} ", "on $panel")
        )
    return Content.assemble(
        (f" {chip.name} {value} ", "reverse $error"),
        (f" {text.line(chip.problem)}", "$error"),
    )


def _summary(found: Json, asked: str) -> Content:
    missing = found["missing_words"]
    told = f"{len(found['hits'])} found · {text.took(sum(found['timings_ms'].values()) / 1000)}"
    if found["query"] != asked:
        told += f" · for “{text.line(found['query'])}”"
    if missing and found["hits"]:
        words = ", ".join(f"“{text.line(word)}”" for word in missing)
        told += f" · none holds {words}; these are the nearest"
    parts = [Content.styled(told, text.QUIET)]
    if found["degraded"]:
        parts.append(Content.styled(text.line(found["degraded"]), "$warning"))
    return Content(" · ").join(parts)


def _nothing(wanted: chips.Typed) -> Content:
    narrowed = "\nThe filters may leave too little; take one away" if wanted.chips else ""
    return Content.assemble(
        ("Nothing was found", "bold $warning"),
        (f"\nNo passage fits “{text.line(wanted.words)}”{narrowed}", text.QUIET),
    )
