"""An entry of the tree as a page: what it says, since when, how sure, and rows that lead on.

Shown by Memory and by Today. Rows of sources, relations, questions and changes have the focus one
at a time; what they lead to is up to the place, which is told by `Linked.Chosen`.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from cairn.app import tree_lines
from cairn.app.tui import door, keys, markdown, telling, text
from cairn.app.tui.shell import Json, Shell
from cairn.app.tui.widgets.linked import Lead, Linked
from cairn.core.errors import CairnError, NotFound

_MOST = 40
"""Rows of one kind; a person that everybody mentions has hundreds of relations."""
_CHANGES = 3
STATES = {"core": "certain", "validated": "borne out", "draft": "said once"}


class Claim(Static, can_focus=True):
    """What the entry says, which has the focus as a whole."""


class EntryView(VerticalScroll, can_focus=False, inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("page")

    class Showed(Message):
        """Another entry is there, or the same one anew; None where it can't be shown."""

        def __init__(self, entry: Json | None) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self) -> None:
        super().__init__(classes="entry")
        self.entry: Json | None = None
        self.wanted = ""

    def compose(self) -> ComposeResult:
        yield Static("", classes="entry-head")

    def show(self, id: str, at: int = -1) -> None:
        """`at`: the block that is to be in focus then."""
        self.wanted = id
        door.work(self, self._fetch(id, at), group="entry")

    def clear(self, words: Content | None = None) -> None:
        self.wanted = ""
        self.workers.cancel_group(self, "entry")
        door.work(self, self._fill(None, words or Content(""), []), group="entry")

    async def _fetch(self, id: str, at: int) -> None:
        try:
            entry = await door.call("tree_entry", {"name": id})
        except CairnError as error:
            gone = isinstance(error, NotFound) and self.entry and self.entry["id"] == id
            words = Content.styled("it is not there any more", "$text-muted")
            failure = telling.failure(error.message, error.hint)
            await self._fill(None, words if gone else failure, [])
            return
        if at < 0 and self.has_focus_within and self.entry and self.entry["id"] == id:
            at = self.at
        await self._fill(entry, _head(entry), list(_parts(entry)))
        if at >= 0:
            self.enter(at)

    async def _fill(self, entry: Json | None, head: Content, parts: list[Widget]) -> None:
        is_same = bool(entry and self.entry and entry["id"] == self.entry["id"])
        had_focus = self.has_focus_within
        with self.app.batch_update():
            await self.query("EntryView > *").exclude(".entry-head").remove()
            self.query_one(".entry-head", Static).update(head)
            await self.mount_all(parts)
            self.entry = entry
            if not is_same:
                self.scroll_home(animate=False)
        if had_focus:
            self.enter(0)
        self.post_message(self.Showed(entry))

    # -- the blocks

    @property
    def blocks(self) -> list[Widget]:
        return list(self.query(".block").results(Widget))

    @property
    def at(self) -> int:
        """The number of the block in focus; -1 where there is none."""
        focused, blocks = self.screen.focused, self.blocks
        return blocks.index(focused) if focused in blocks else -1

    @property
    def lead(self) -> Lead | None:
        """Of the row in focus."""
        focused = self.screen.focused
        return focused.lead if isinstance(focused, Linked) and focused in self.blocks else None

    @property
    def source(self) -> Json | None:
        """The one in focus, or else the first one."""
        if self.lead and self.lead.kind == "source":
            return self.lead.item
        return next(iter(self.entry["sources"]), None) if self.entry else None

    def enter(self, at: int = 0) -> bool:
        blocks = self.blocks
        if blocks:
            blocks[max(0, min(at, len(blocks) - 1))].focus()
        return bool(blocks)

    def on_descendant_focus(self) -> None:
        if self.at == 0:
            self.scroll_home(animate=False)
        elif self.screen.focused:
            self.screen.focused.scroll_visible(animate=False)

    def action_next(self) -> None:
        self.enter(self.at + 1)

    def action_previous(self) -> None:
        self.enter(self.at - 1)

    def action_top(self) -> None:
        self.enter(0)

    def action_end(self) -> None:
        self.enter(len(self.blocks))

    def action_look(self) -> None:
        focused = self.screen.focused
        if isinstance(focused, Linked):
            focused.post_message(Linked.Chosen(focused))
        else:
            self.action_next()


# -- what is on the page


def _head(entry: Json) -> Content:
    when = tree_lines.period(entry["valid_from"], entry["valid_until"])
    facts = [text.line(entry["kind"]), when, text.line(tree_lines.written_by(entry))]
    away = [Content.styled(" in the archive ", "$background on $warning"), Content("  ")]
    return Content("\n").join([
        Content.styled(text.line(entry["title"]), "bold"),
        Content("").join([
            *(away if entry["archived"] else []),
            Content.styled("  ".join(filter(None, facts)), text.QUIET),
        ]),
        sureness(entry),
    ])  # fmt: skip


def sureness(entry: Json) -> Content:
    maturity = entry["maturity"]
    state = maturity["state"]
    style = {"core": "$accent", "validated": "$success"}.get(state, text.QUIET)
    why = tree_lines.why(maturity, entry["sources"])
    return Content.assemble(
        (f"{tree_lines.MARKS.get(state, '·')} {STATES.get(state, state)}", style),
        (f": {text.line(why)}", text.QUIET),
    )


def _parts(entry: Json) -> Iterator[Widget]:
    yield Claim(markdown.read(entry["body"] or entry["title"]), classes="block claim")
    yield from _section("sources", [
        _source(each, number) for number, each in enumerate(entry["sources"], start=1)
    ])  # fmt: skip
    yield from _section("over time", list(_chain(entry)))
    related = [each for each in entry["relations"]
               if each["type"] != "supersedes" or not each["title"]]  # fmt: skip
    yield from _section("has to do with", [_relation(each) for each in related])
    yield from _section("open questions", [_question(each) for each in entry["reviews"]])
    said = [Static(_said(each)) for each in entry.get("feedback", ())]
    yield from _section("said of answers that cite it", said)
    yield from _section("last changes", [_change(each) for each in entry["operations"][:_CHANGES]])
    yield Static(_foot(entry), classes="entry-foot")


def _section(title: str, rows: list[Linked] | list[Static]) -> Iterator[Widget]:
    if rows:
        yield Static(title, classes="entry-section")
        yield from rows[:_MOST]
    if len(rows) > _MOST:
        yield Static(Content.styled(f"  … and {len(rows) - _MOST} more", text.QUIET))


def _source(source: Json, number: int) -> Linked:
    facts = ", ".join(filter(None, (text.line(source["who"]), text.line(source["when"][:10]))))
    head = Content.assemble(
        (f"{number}  ", "bold $primary"), (text.place(source), "$secondary"),
        (f"  {facts}" if facts else "", text.FAINT),
    )  # fmt: skip
    quote = text.line(source["quote"])
    below = Content.styled(f"\n   “{quote}”", text.QUIET) if quote else Content("")
    return Linked(head + below, Lead("source", source["address"], source))


def _chain(entry: Json) -> Iterator[Linked]:
    """What held when, the oldest first; this entry stands out."""
    for words, each in tree_lines.over_time(entry):
        is_this = each["id"] == entry["id"]
        row = Content.assemble(
            ("▸ " if is_this else "  ", "bold $primary"),
            (text.line(words), "bold" if is_this else "$secondary"),
        )
        yield Linked(row, Lead("entry", each["id"], each))


def _relation(each: Json) -> Linked:
    name = text.line(each["title"] or each["to"])
    row = Content.assemble(
        (f"  {tree_lines.relation_words(each)} ", text.QUIET),
        (name, "$secondary" if each["title"] else ""),
        ("  archived" if each["archived"] else "", text.FAINT),
    )  # fmt: skip
    return Linked(row, Lead("entry" if each["title"] else "name", each["to"], each))


def _question(each: Json) -> Linked:
    row = Content.assemble(("  ? ", "bold $warning"), text.line(each["reason"]))
    return Linked(row, Lead("question", str(each["id"]), each))


def _said(each: Json) -> Content:
    return Content.styled(f"  {each['verdict']}: “{text.line(each['question'])}”", text.QUIET)


def _change(each: Json) -> Linked:
    return Linked(Content("  ") + telling.change(each), Lead("operation", str(each["id"]), each))


def _foot(entry: Json) -> Content:
    told = [f"{entry['id']}  {text.line(entry['path'])}"]
    if entry["tags"]:
        told.append("tags: " + ", ".join(map(text.line, entry["tags"])))
    return Content.styled("\n".join(told), text.FAINT)
