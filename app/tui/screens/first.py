"""The first run: folders, conversations, a model, each to be chosen or skipped; then Ask.

Comes once, while nothing is configured; again from the command palette. Nothing is read, and
nothing changed, before the last step is done.
"""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cairn.app.tui import beginning, door, kept, keys, text
from cairn.app.tui.shell import News, Shell
from cairn.app.tui.widgets.choices import Choices
from cairn.app.tui.widgets.hints import Hints
from cairn.app.tui.widgets.rows import Rows
from cairn.core.errors import CairnError

_KEPT = "set_up"
_STEPS = ("folders", "conversations", "model")


async def is_wanted(shell: Shell) -> bool:
    """Nothing is configured, and nobody has skipped it before."""
    state = shell.latest.state
    if state is None or kept.get(_KEPT):
        return False
    sources = await door.call("sources")
    if beginning.is_new(state, sources["sources"]):
        return True
    kept.put(_KEPT, True)
    return False


class First(ModalScreen[bool], inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("first", "screen")
    TITLE = "the first run"
    WHERES = ("first",)
    """For F1."""

    def __init__(self) -> None:
        super().__init__()
        self._steps = (beginning.Folders(), beginning.Chats(), beginning.Model())
        self._at = 0
        self._failed: dict[int, CairnError] = {}

    def compose(self) -> ComposeResult:
        with Vertical(id="first"):
            yield Static("", id="first-steps")
            yield Static("", id="first-title")
            yield Static("", id="first-words")
            yield Choices("first-rows")
            yield Static("", id="first-about")
            yield Static("", id="first-note")
        yield Hints()

    def on_mount(self) -> None:
        self.app.news.subscribe(self, self._heard)
        for number in range(len(self._steps)):
            self._look(number)
        self._show()
        self.choices.focus()

    @property
    def choices(self) -> Choices:
        return self.query_one(Choices)

    @property
    def step(self) -> beginning.Step:
        return self._steps[self._at]

    # -- what there is to choose from

    def _look(self, number: int) -> None:
        door.work(self, self._looked(number), group=f"look-{number}")

    async def _looked(self, number: int) -> None:
        step = self._steps[number]
        try:
            await step.look(lambda: self._draw(number))
        except CairnError as error:
            self._failed[number] = error
            step.is_looking = False
            self._draw(number)

    def _heard(self, news: News) -> None:
        """The engine is there again."""
        if news.state and self._failed:
            failed, self._failed = self._failed, {}
            for number in failed:
                self._look(number)

    def _draw(self, number: int) -> None:
        if number == self._at and self.is_attached:
            self._show()

    def _show(self) -> None:
        step = self.step
        self.choices.single = step.single
        self.choices.put(step.choices)
        shown = {
            "steps": self._progress(),
            "title": Content.styled(step.title, "bold"),
            "words": Content.styled(step.words, text.QUIET),
        }
        for id, words in shown.items():
            self.query_one(f"#first-{id}", Static).update(words)
        self._tell()

    def _tell(self) -> None:
        step = self.step
        note = Content.styled(step.looking, text.QUIET) if step.is_looking else step.note
        if error := self._failed.get(self._at):
            note = Content.styled(text.line(f"{error.message}; {error.hint}"), "$error")
        self.query_one("#first-note", Static).update(note)
        about = step.about(self.choices.at) if self.choices.at else Content("")
        self.query_one("#first-about", Static).update(about)

    def _progress(self) -> Content:
        parts: list[Content] = [Content.styled("cairn  ", "bold $primary")]
        for number, name in enumerate(_STEPS):
            mark = "✓" if number < self._at else str(number + 1)
            style = "bold $primary" if number == self._at else text.FAINT
            parts.append(Content.styled(f" {mark} {name} ", style))
        if self.app.plain:
            return Content(f"cairn, step {self._at + 1} of {len(_STEPS)}: {_STEPS[self._at]}")
        return Content("").join(parts)

    @on(Choices.Changed)
    def _changed(self) -> None:
        self.step.keep(self.choices.taken)
        self._tell()

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._tell()

    # -- keys

    def action_turn(self) -> None:
        self.choices.toggle()

    def action_next(self) -> None:
        if self._at + 1 < len(self._steps):
            self._go(self._at + 1)
        else:
            self._finish()

    def action_back(self) -> None:
        if self._at:
            self._go(self._at - 1)

    def action_skip(self) -> None:
        self.step.skip()
        self.action_next()

    def _go(self, number: int) -> None:
        self._at = number
        self.refresh_bindings()
        self._show()
        self.choices.cursor = 0 if self.choices.rows else -1

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "type":
            return self._at == 0
        if action == "back":
            return self._at > 0
        return True

    def action_type(self) -> None:
        door.work(self, self._type(), group="type")

    async def _type(self) -> None:
        from cairn.app.tui.screens.paths import Paths

        folders = self._steps[0]
        path = await self.app.push_screen_wait(Paths("Which folder?"))
        if path and isinstance(folders, beginning.Folders):
            await folders.add(path, lambda: self._draw(0))

    def _finish(self) -> None:
        kept.put(_KEPT, True)
        door.work(self.app, begin(self.app, self._steps), group="begin")
        self.dismiss(True)


async def begin(shell: Shell, steps: tuple[beginning.Step, ...]) -> None:
    folders, chats, model = steps
    await folders.do(shell)
    await chats.do(shell)
    if taken := len(folders.taken) + len(chats.taken):
        what = "it is" if taken == 1 else "all of them are"
        shell.say(f"{what} being read in the background; Sources tells how far")
    shell.look()
    await model.do(shell)
    shell.look()
