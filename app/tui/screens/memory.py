"""Memory: the tree of entries on the left, the entry at the cursor on the right, with rows to walk
to its sources, relations and history. The questions that wait take the tree's place on a key.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from cairn.app.tui import deeds, door, keys, telling, text
from cairn.app.tui.outline import Outline
from cairn.app.tui.place import Place
from cairn.app.tui.shell import Json, News
from cairn.app.tui.widgets.field import Filter
from cairn.app.tui.widgets.linked import Lead, Linked
from cairn.app.tui.widgets.page import Page
from cairn.app.tui.widgets.questions import Questions
from cairn.app.tui.widgets.rows import Row, Rows
from cairn.core.errors import CairnError

_EMPTY = Content.assemble(
    ("Nothing is kept yet", "bold"),
    ("\nEntries come from what cairn reads, and from what you tell it:\n"
     "cairn remember \"The key of the shed is with Ana\"", text.QUIET),
)  # fmt: skip


class Memory(Place):
    WHERES = ("memory", "entry", "page", "review")
    BINDINGS = keys.bindings("memory", "entry")

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._outline = Outline()
        self._data: Json = {}
        self._trail: list[tuple[str, int]] = []
        """Entries that somebody has walked from, each with its block that had the focus."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="browse", classes="split"):
            with Vertical(classes="split-list"):
                yield Static("", id="memory-head", classes="split-head")
                yield Filter("words of a title, a folder or a kind", id="filter")
                yield Rows("outline")
            yield Page(classes="split-page")
        yield Questions()

    def on_mount(self) -> None:
        self.filter.display = self.questions.display = False
        self.query_one("#memory-head", Static).auto_links = False
        self.app.news.subscribe(self, self._heard)

    def first(self) -> Widget:
        return self.rows

    def came(self) -> None:
        self.fetch()

    def holder(self, where: str) -> Widget:
        return {"page": self.page.view, "review": self.questions}.get(where, self)

    @property
    def rows(self) -> Rows:
        return self.query_one("#outline", Rows)

    @property
    def filter(self) -> Filter:
        return self.query_one(Filter)

    @property
    def page(self) -> Page:
        return self.query_one(Page)

    @property
    def questions(self) -> Questions:
        return self.query_one(Questions)

    # -- the tree

    def _heard(self, news: News) -> None:
        tree = (news.state or {}).get("tree")
        self.renew(tree and (tree["entries"], tree["archived"], tree["waiting"],
                             len(tree["troubles"])))  # fmt: skip

    def fetch(self, at: str = "") -> None:
        door.work(self, self._fetch(at), group="tree")

    async def _fetch(self, at: str) -> None:
        try:
            kept = await door.call("tree")
            away = await door.call("tree", {"archived": True}) if kept["counts"]["archived"] else {}
        except CairnError as error:
            if not len(self._outline):
                self.page.say(telling.failure(error.message, error.hint))
            self._head(Content.styled(text.line(error.message), "$warning"))
            return
        self._data = kept
        self._outline.give(kept["entries"], away.get("entries", ()))
        if at:
            self._outline.reveal(at)
        self._list(at)
        self._tell_counts()
        if self.questions.display:
            self.questions.fetch()
        if not len(self._outline):
            self.page.say(_EMPTY)
        elif wanted := self.page.view.wanted:
            self.page.view.show(wanted)

    def _list(self, at: str = "") -> None:
        found = self._outline.rows(self.filter.value if self.filter.display else "")
        if not at and not self.rows.rows:  # whoever comes first sees an entry at once
            at = next((row.id for row in found if not row.id.startswith("/")), "")
        self.rows.fill(found, at)

    def _tell_counts(self) -> None:
        counts, waiting = self._data["counts"], self._data["waiting"]
        parts = [Content.styled(f"{counts['entries']:,} kept", "bold")]
        if counts["archived"]:
            parts.append(Content.styled(f"{counts['archived']:,} archived", text.QUIET))
        if waiting:
            many = f"{waiting} question{'s' * (waiting != 1)}"
            parts.append(Content.assemble((many, "bold $warning"), (" v", "bold $primary")))
        if self._data["troubles"]:
            parts.append(Content.styled(f"{len(self._data['troubles'])} broken", "bold $error"))
        self._head(Content.styled(" · ", text.FAINT).join(parts))

    def _head(self, words: Content) -> None:
        self.query_one("#memory-head", Static).update(words)

    @on(Rows.Moved, "#outline")
    def _moved(self, moved: Rows.Moved) -> None:
        id = moved.row.id
        if not id.startswith("/") and id != self.page.view.wanted:
            self._trail.clear()
            self.page.close_source()
            self.page.soon(lambda: self.page.show_entry(id))

    @on(Rows.Chosen, "#outline")
    def _chosen(self, chosen: Rows.Chosen) -> None:
        id = chosen.row.id
        if id.startswith("/"):
            self._turn(id, opened=not self._outline.is_open(id[1:]))
        elif self.entry and self.entry["id"] == id:
            self.page.view.enter()
        else:
            self.page.soon(lambda: self.page.show_entry(id, 0))

    def _turn(self, id: str, *, opened: bool) -> None:
        self._outline.turn(id[1:], opened=opened)
        self._list(id)

    # -- narrowing it down

    def action_filter(self) -> None:
        self.filter.display = True
        self.filter.focus()

    @on(Input.Changed, "#filter")
    def _typed(self) -> None:
        self._list()
        if not self.rows.rows and self.filter.value.strip():
            self.rows.fill([Row("", Content.styled("no entry has these words", text.QUIET),
                                is_heading=True)])  # fmt: skip

    @on(Filter.Done)
    def _filtered(self) -> None:
        self.rows.focus()

    def _unfilter(self) -> None:
        at = self.rows.at
        self.filter.value = ""
        self.filter.display = False
        if not at.startswith("/"):
            self._outline.reveal(at)
        self._list(at)
        self.rows.focus()

    # -- keys: moving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While questions are answered, nothing is done to the entry behind them."""
        if not self.is_mounted or not self.questions.display:
            return True
        return action in ("back", "review")

    def action_back(self) -> None:
        """One step towards the tree, and then to the whole of it."""
        if self.questions.display:
            self.action_review()
        elif self.page.preview.display:
            self.page.close_source()
        elif self.filter.display:
            self._unfilter()
        else:
            self.rows.focus()

    def action_left(self) -> None:
        if self.page.preview.has_focus_within:
            self.page.close_source()
        elif self.page.has_focus_within:
            self._walk_back()
        elif self.rows.has_focus:
            self._fold()

    def _walk_back(self) -> None:
        if not self._trail:
            self.rows.focus()
            return
        id, at = self._trail.pop()
        self._go_to(id, at)

    def _fold(self) -> None:
        """The folder at the cursor, or the one that the row is in."""
        id = self.rows.at
        if id.startswith("/") and self._outline.is_open(id[1:]):
            self._turn(id, opened=False)
            return
        leaf = self._outline.leaf(id)
        above = (leaf["path"] if leaf else id[1:]).rpartition("/")[0]
        if above:
            self.rows.go(f"/{above}")

    def action_right(self) -> None:
        id = self.rows.at
        if not self.rows.has_focus:
            return
        if not id.startswith("/"):
            self.page.view.enter()
        elif not self._outline.is_open(id[1:]):
            self._turn(id, opened=True)
        else:
            self.rows.action_cursor_down()

    def action_review(self) -> None:
        """Between the tree and the questions."""
        to_questions = not self.questions.display
        self.questions.display = to_questions
        self.query_one("#browse").display = not to_questions
        if to_questions:
            self.questions.fetch()
            self.questions.rows.focus()
        else:
            self.rows.focus()
        self.refresh_bindings()

    @on(Questions.Decided)
    def _decided(self) -> None:
        self.fetch()

    # -- keys: where a row leads

    @on(Linked.Chosen)
    def _led(self, chosen: Linked.Chosen) -> None:
        lead = chosen.linked.lead
        if lead.kind == "source":
            self.page.open_source(lead.item)
        elif lead.kind == "entry":
            self._walk(lead.to)
        elif lead.kind == "name":
            self._look_for(lead)
        elif lead.kind == "question":
            self.action_review()
            self.questions.fetch(lead.to)
        else:
            self._open_log(lead.to)

    def _walk(self, id: str) -> None:
        if self.entry and id != self.entry["id"]:
            self._trail.append((self.entry["id"], self.page.view.at))
            self._go_to(id, 0)

    def go_to(self, id: str) -> None:
        """Somebody comes for an entry from another place."""
        if self.questions.display:
            self.action_review()
        self._trail.clear()
        self._go_to(id, 0)
        self.fetch(id)

    def _go_to(self, id: str, at: int) -> None:
        self.page.show_entry(id, at)
        if self.filter.display:
            self.filter.value = ""
            self.filter.display = False
        self._outline.reveal(id)
        self._list(id)

    def _look_for(self, lead: Lead) -> None:
        """Somebody or something that there is no entry about: the entries that name it."""
        self.filter.display = True
        self.filter.value = lead.to
        self.rows.focus()
        self.app.say(f"there is no entry of its own about {text.line(lead.to)}")

    # -- keys: what is done to the entry

    @property
    def entry(self) -> Json | None:
        return self.page.view.entry

    def action_open(self) -> None:
        if source := self.page.view.source:
            self.app.open_citation(source["address"])
        elif self.entry:
            self.app.open_citation(f"file:{self.entry['file']}")

    def action_copy(self) -> None:
        lead = self.page.view.lead
        if lead and lead.kind == "source":
            self.app.copy(f"{lead.item['quote']}\n{text.place(lead.item)}", "the source")
        elif self.entry:
            self.app.copy(deeds.words_of(self.entry), "the entry with its sources")

    def action_edit(self) -> None:
        self._do(deeds.edit)

    def action_archive(self) -> None:
        self._do(deeds.put_away)

    def action_forget(self) -> None:
        self._do(deeds.forget)

    def action_wrong(self) -> None:
        self._do(deeds.put_right)

    def _do(self, deed: deeds.Deed) -> None:
        if self.entry:
            door.work(self, self._done(deed, self.entry), group="deed")
        else:
            self.app.say("go to an entry first")

    async def _done(self, deed: deeds.Deed, entry: Json) -> None:
        try:
            is_done = await deed(self.app, entry)
        finally:
            self.app.look()
        if is_done:
            at = entry["id"]
            if deed is deeds.forget:
                at = ""
                self._trail.clear()
                self.page.say(Content(""))
                self.rows.focus()
            await self._fetch(at)

    def action_history(self) -> None:
        self._open_log("")

    def action_log(self) -> None:
        self._open_log("", whole=True)

    def _open_log(self, at: str, *, whole: bool = False) -> None:
        from cairn.app.tui.screens.log import Log

        entry = None if whole else self.entry
        log = Log(entry["id"], entry["title"], at) if entry else Log("", "")
        self.app.push_screen(log, lambda changed: self.fetch() if changed else None)
