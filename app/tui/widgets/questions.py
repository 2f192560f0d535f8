"""What cairn is not sure of: the questions on the left, the one at the cursor with both its entries
on the right, one key for each answer. Part of Memory, which shows it in place of the tree.
"""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from cairn.app import tree_lines
from cairn.app.tui import door, editing, keys, telling, text
from cairn.app.tui.shell import Json, Shell
from cairn.app.tui.widgets.rows import Row, Rows
from cairn.core.errors import CairnError

_SAID = {"accept": "accepted", "reject": "rejected", "keep-both": "both are kept",
         "edit": "corrected"}  # fmt: skip
_NONE = Content.assemble(
    ("Nothing waits for you", "bold $success"),
    ("\nWhat cairn is not sure of comes here; you never have to answer it.", text.QUIET),
)


class Questions(Horizontal):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("review")

    class Decided(Message):
        """An answer was given or taken back."""

    def __init__(self) -> None:
        super().__init__(id="questions", classes="split")
        self._asked: dict[str, Json] = {}
        self._answered: list[tuple[int, int]] = []
        """Questions with the operation each answer came to, the latest last."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="split-list"):
            yield Static("", classes="split-head")
            yield Rows("question-rows")
        with VerticalScroll(classes="split-page question", can_focus=True):
            yield Static("")

    @property
    def rows(self) -> Rows:
        return self.query_one(Rows)

    @property
    def question(self) -> Json | None:
        return self._asked.get(self.rows.at)

    def fetch(self, at: str = "") -> None:
        door.work(self, self._list(at), group="questions")

    async def _list(self, at: str = "") -> None:
        try:
            found = (await door.call("reviews"))["questions"]
        except CairnError as error:
            self._page(telling.failure(error.message, error.hint))
            return
        self._asked = {str(each["id"]): each for each in found}
        self.rows.fill([_row(each) for each in found], at)
        many = f"{len(found)} question{'s' * (len(found) != 1)} for you"
        head = Content.assemble((many, "bold"), ("  v", "bold $primary"), (" the tree", text.QUIET))
        self.query_one(".split-head", Static).update(head)
        if not found:
            self._page(_NONE)

    @on(Rows.Moved)
    def _moved(self) -> None:
        if self.question:
            self._page(_told(self.question))

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        self.query_one(".question").focus()

    def _page(self, words: Content) -> None:
        page = self.query_one(".question", VerticalScroll)
        page.query_one(Static).update(words)
        page.scroll_home(animate=False)

    # -- answers

    def action_decide(self, verdict: str) -> None:
        if self.question:
            door.work(self, self._decide(self.question, verdict), group="decide")

    async def _decide(self, asked: Json, verdict: str) -> None:
        done = await door.call("review_decide", {"id": asked["id"], "verdict": verdict})
        operation = done["operation"]["id"] if done["operation"] else 0
        self._answered.append((asked["id"], operation))
        self.app.say(f"{_SAID[verdict]}; u takes it back")
        await self._went_on()

    def action_edit(self) -> None:
        if self.question:
            door.work(self, self._edit(self.question), group="decide")

    async def _edit(self, asked: Json) -> None:
        newer = asked["entries"][-1]["id"]
        args = {"id": asked["id"], "verdict": "edit"}
        told = await editing.edit_entry(self.app, newer, "review_decide", args)
        if told == "changed":
            known = (await door.call("review", {"id": asked["id"]}))["question"]
            self._answered.append((asked["id"], known["operation"]))
            told = "corrected; u takes it back"
        self.app.say(told)
        await self._went_on()

    def action_undo(self) -> None:
        if self._answered:
            door.work(self, self._undo(*self._answered.pop()), group="decide")
        else:
            self.app.say("nothing was answered here yet; h has the log of the tree")

    async def _undo(self, id: int, operation: int) -> None:
        if operation:
            await door.call("tree_undo", {"operation": operation})
        else:
            await door.call("review_decide", {"id": id, "verdict": "reopen"})
        self.app.say("taken back; the question is asked again")
        await self._went_on(str(id))

    async def _went_on(self, at: str = "") -> None:
        await self._list(at)
        self.app.look()
        self.post_message(self.Decided())

    def action_open(self) -> None:
        """The latest of its sources."""
        entries = [each for each in (self.question or {"entries": []})["entries"]
                   if not each.get("gone")]  # fmt: skip
        addresses = [each["address"] for one in reversed(entries) for each in one["sources"]]
        if addresses:
            self.app.open_citation(addresses[0])
        elif self.question:
            self.app.say("there is no source to open")

    def action_skip(self) -> None:
        self.rows.action_cursor_down()


def _row(asked: Json) -> Row:
    words = text.line(asked["reason"]) or tree_lines.asks(asked)
    return Row(str(asked["id"]), Content.assemble(("? ", "bold $warning"), words),
               Content.styled(f" {text.line(asked['kind'])} ", text.FAINT))  # fmt: skip


def _told(asked: Json) -> Content:
    parts = [Content.styled(tree_lines.asks(asked), "bold $primary")]
    if asked["reason"]:
        parts.append(Content.styled(text.line(asked["reason"]), text.QUIET))
    for entry, role in tree_lines.sides(asked):
        parts += [Content(""), telling.side(entry, role)]
    parts.append(Content(""))
    parts += [Content.styled(row, text.QUIET) for row in tree_lines.comes_to(asked)]
    return Content("\n").join(parts)
