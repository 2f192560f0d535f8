"""Ask: a conversation with the memory. Turns stay above, the prompt is at the foot, a source that
somebody looks at stands beside the answer, or below it where the screen is narrow.
"""

from __future__ import annotations

import os

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget

from cairn.app.tui import door, keys
from cairn.app.tui.place import Place
from cairn.app.tui.widgets.cited import Cited
from cairn.app.tui.widgets.preview import Preview, Shown
from cairn.app.tui.widgets.prompt import Prompt
from cairn.app.tui.widgets.turn import Said, Turn
from cairn.app.tui.widgets.welcome import Example, Welcome
from cairn.core.errors import CairnError

_MOST_TURNS = 100


class Ask(Place):
    WHERES = ("prompt", "writing", "ask", "answer")
    BINDINGS = keys.bindings("writing", "ask", "answer")

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._ticket = ""
        self._is_new = True
        """Does the next question begin a conversation?"""
        self._fetched = False

    def compose(self) -> ComposeResult:
        with Horizontal(classes="beside"), Vertical(classes="main"):
            with VerticalScroll(id="conversation", can_focus=False):
                yield Welcome()
            yield Prompt("Ask your memory …")

    def on_mount(self) -> None:
        self.conversation.anchor()
        self.call_after_refresh(self._furnish)

    async def _furnish(self) -> None:
        """With what is not there at the first paint."""
        preview = Preview()
        preview.display = False
        await self.query_one(".beside").mount(preview)

    def first(self) -> Widget:
        return self.prompt

    @property
    def prompt(self) -> Prompt:
        return self.query_one(Prompt)

    @property
    def preview(self) -> Preview:
        return self.query_one(Preview)

    @property
    def _is_beside(self) -> bool:
        """Does a source stand beside the answer?"""
        return any(preview.display for preview in self.query(Preview))

    @property
    def conversation(self) -> VerticalScroll:
        return self.query_one("#conversation", VerticalScroll)

    @property
    def turns(self) -> list[Turn]:
        return list(self.query(Turn))

    # -- asking

    @on(Prompt.Asked)
    def _asked(self, asked: Prompt.Asked) -> None:
        if self._ticket:
            self.app.say("still answering; esc stops it")
            self.prompt.put(asked.question)
            return
        self.prompt.note(asked.question)
        self._ticket = os.urandom(8).hex()
        self.refresh_bindings()
        door.work(self, self._answer(asked.question, self._ticket), group="ask")

    async def _answer(self, question: str, ticket: str) -> None:
        self.query(Welcome).set(display=False)
        turn = Turn(question)
        self.conversation.anchor()
        await self.conversation.mount(turn)
        for old in self.turns[:-_MOST_TURNS]:
            await old.remove()
        follows = "" if self._is_new else "lately"
        try:
            data = await door.call(
                "ask", {"question": question, "follows": follows, "ticket": ticket}, turn.hear
            )
            await turn.give(data)
            self._is_new = False
            self.call_after_refresh(self._begin_at, turn)
        except CairnError as error:
            turn.fail(error)
            self.app.look()
        finally:
            self._ticket = ""
            self.refresh_bindings()

    def _begin_at(self, turn: Turn) -> None:
        """A long answer is read from its beginning."""
        if turn.is_attached and turn.size.height > self.conversation.size.height:
            self.conversation.release_anchor()
            self.conversation.scroll_to_widget(turn, top=True, animate=False)

    @on(Prompt.Older)
    def _older(self) -> None:
        if not self._fetched:
            self._fetched = True
            door.work(self, self._fetch_history(), group="history")

    async def _fetch_history(self) -> None:
        data = await door.call("asked")
        self.prompt.remember([str(each["question"]) for each in data["asked"]])

    def action_history(self) -> None:
        door.work(self, self._choose(), group="history")

    async def _choose(self) -> None:
        from cairn.app.tui.screens.history import History

        if not self._fetched:
            self._fetched = True
            await self._fetch_history()
        question = await self.app.push_screen_wait(History(self.prompt.before))
        if question:
            self._take(question)

    @on(Example.Taken)
    def _taken(self, taken: Example.Taken) -> None:
        self._take(taken.question)

    def _take(self, question: str) -> None:
        self.prompt.put(question)
        self.prompt.focus()

    @on(Prompt.TooLong)
    def _too_long(self, told: Prompt.TooLong) -> None:
        self.app.say(f"a question has at most {told.letters} letters; the rest was left out")

    # -- keys: the conversation

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop":
            return bool(self._ticket)
        if action == "back":
            return not self._ticket and (self._is_beside or not self.prompt.has_focus)
        if action == "latest":
            return bool(self.turns) and self.prompt.has_focus
        return True

    def action_stop(self) -> None:
        door.work(self, self._stop(self._ticket), group="stop")

    def action_latest(self) -> None:
        for block in self.turns[-1].query(".block").results(Widget):
            block.focus()
            return

    def action_back(self) -> None:
        """One step towards the prompt."""
        if self._is_beside:
            self._hide_preview()
        else:
            self.prompt.focus()

    async def _stop(self, ticket: str) -> None:
        await door.call_running("enough", {"ticket": ticket})

    def action_new(self) -> None:
        for turn in self.turns:
            if not turn.is_open:
                turn.remove()
        self._is_new = True
        self._hide_preview()
        self.query(Welcome).set(display=True)
        self.prompt.focus()

    def _blocks(self) -> list[Widget]:
        return [each for each in self.screen.focus_chain if each.has_class("block")]

    def _move(self, steps: int) -> None:
        blocks = self._blocks()
        if not blocks:
            return
        focused = self.screen.focused
        at = blocks.index(focused) + steps if focused in blocks else len(blocks) - 1
        if at >= len(blocks):
            self.prompt.focus()
        else:
            blocks[max(0, at)].focus()

    def action_next(self) -> None:
        self._move(1)

    def action_previous(self) -> None:
        self._move(-1)

    def action_top(self) -> None:
        for block in self._blocks()[:1]:
            block.focus()

    def action_end(self) -> None:
        for block in self._blocks()[-1:]:
            block.focus()

    # -- keys: an answer and its sources

    def _turn(self) -> Turn | None:
        """The one in focus, or else the last one."""
        node = self.screen.focused
        while node is not None and not isinstance(node, Turn):
            node = node.parent if isinstance(node.parent, Widget) else None
        return node or (self.turns[-1] if self.turns else None)

    def _source(self) -> Cited | None:
        """The one in focus, or else the first one of the turn."""
        focused = self.screen.focused
        if isinstance(focused, Cited):
            return focused
        turn = self._turn()
        return next(iter(turn.sources), None) if turn else None

    @on(Cited.Chosen)
    def _chosen(self, chosen: Cited.Chosen) -> None:
        self._show(chosen.cited)

    @on(Said.Pointed)
    def _pointed(self, pointed: Said.Pointed) -> None:
        self.call_after_refresh(self.action_source, pointed.number)

    def action_show(self) -> None:
        if isinstance(self.screen.focused, Example):
            self.screen.focused.take()
        elif source := self._source():
            self._show(source)

    def action_source(self, number: int) -> None:
        turn = self._turn()
        for source in turn.sources if turn else ():
            if source.citation["number"] == number:
                source.focus()
                self._show(source)

    def _show(self, source: Cited) -> None:
        citation = source.citation
        self.preview.display = True
        self.preview.show(Shown(source.address, citation["locator"], citation["quote"]))
        self.refresh_bindings()

    def _hide_preview(self) -> None:
        if not self._is_beside:
            return
        if self.preview.has_focus_within:
            self.prompt.focus()
        self.preview.display = False
        self.preview.clear()
        self.refresh_bindings()

    def action_side(self) -> None:
        if self._is_beside:
            self._hide_preview()
        else:
            self.action_show()

    def action_open(self) -> None:
        if source := self._source():
            self.app.open_citation(source.address)

    def action_copy(self) -> None:
        focused, turn = self.screen.focused, self._turn()
        if isinstance(focused, Cited):
            self.app.copy(focused.words(), f"source {focused.citation['number']} and its sentence")
        elif turn and not turn.is_open:
            what = "the answer with its sources" if turn.sources else "the answer"
            self.app.copy(turn.words(), what)

    def action_wrong(self) -> None:
        from cairn.app.tui.screens.wrong import Wrong

        turn, source = self._turn(), self._source()
        if turn and turn.answer:
            self.app.push_screen(Wrong(turn.noted, source.address if source else ""))

    def action_good(self) -> None:
        turn = self._turn()
        if turn and turn.answer:
            door.work(self, self._judge(turn.noted), group="judge")

    async def _judge(self, question: str) -> None:
        from cairn.app.tui.screens.wrong import judge

        self.app.say(await judge("good", question))

    def on_descendant_focus(self) -> None:
        """The preview goes along with the source in focus."""
        focused = self.screen.focused
        if isinstance(focused, Cited) and self._is_beside:
            self._show(focused)
        if isinstance(focused, Said | Cited):
            focused.scroll_visible(animate=False)
