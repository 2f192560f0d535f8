"""A question with its answer: while it is being looked for, while it is written, and when it is
there, with its sources below it. Held by the conversation in Ask, which feeds it.
"""

from __future__ import annotations

import time

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from cairn.app.tui import text
from cairn.app.tui.shell import Json, Shell
from cairn.app.tui.widgets.cited import Cited
from cairn.core.errors import CairnError

_HOW = {0: "answered before", 1: "answered before", 2: "found at once", 3: "read closely",
        4: "written from the sources", 5: "in several steps"}  # fmt: skip


class Said(Static, can_focus=True):
    """The answer itself, which has the focus as a whole."""

    class Pointed(Message):
        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def action_source(self, number: int) -> None:
        """A click on the mark of a citation."""
        self.focus()
        self.post_message(self.Pointed(number))


class Turn(Vertical):
    app = getters.app(Shell)

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question
        self.answer: Json | None = None
        self.failure: CairnError | None = None
        self._began = time.monotonic()
        self._took = 0.0
        self._kept: list[str] = []
        self._draft = ""

    def compose(self) -> ComposeResult:
        yield Static(text.plain(self.question), classes="question")
        yield Said("", classes="said block")
        with Vertical(classes="sources"):
            yield from ()
        yield Static("", classes="facts")

    def on_mount(self) -> None:
        self.facts.display = False
        self.said.update(Content.styled("looking …", text.QUIET))

    @property
    def said(self) -> Said:
        return self.query_one(Said)

    @property
    def facts(self) -> Static:
        return self.query_one(".facts", Static)

    @property
    def is_open(self) -> bool:
        """Is it still being answered?"""
        return self.answer is None and self.failure is None

    @property
    def sources(self) -> list[Cited]:
        return list(self.query(Cited))

    @property
    def noted(self) -> str:
        """The question as the engine has noted it: a follow-up as it was understood."""
        return str((self.answer or {}).get("understood") or self.question)

    def words(self) -> str:
        """The answer, to be copied, with its sources."""
        if self.answer is None:
            return ""
        said = [each["text"] + _marks(each) for each in self.answer["sentences"]]
        said = said or [f"Not in your memory: {self.answer['reason']}."]
        listed = [f"[{each['number']}] {text.place(each)}" for each in self.answer["citations"]]
        return "\n".join([*said, *([""] if listed else []), *listed])

    # -- as it comes

    def hear(self, now: Json) -> None:
        """A sign of an answer that is being written."""
        if now["stage"] != "writing" or not self.is_open:
            return
        if now["kept"]:
            self._kept.append(text.safe(now["kept"]["text"]))
            self._draft = ""
        else:
            self._draft = text.line(_doing(now))
        if self.app.plain and not now["kept"]:
            return  # what is read aloud should stand still
        sure = " ".join(self._kept)
        self.said.update(Content.assemble(
            sure, " " if sure else "", (self._draft, text.QUIET),
        ))  # fmt: skip

    async def give(self, answer: Json) -> None:
        self._took = time.monotonic() - self._began
        self.answer = answer
        self.set_class(not answer["answered"], "-nothing")
        self.said.update(_answer(answer) if answer["answered"] else _nothing(answer))
        sources = self.query_one(".sources")
        sources.display = bool(answer["citations"])
        await sources.mount_all(Cited(each) for each in answer["citations"])
        self.facts.update(Content(" · ").join(self._facts(answer)))
        self.facts.display = True

    def fail(self, error: CairnError) -> None:
        self.failure = error
        self.add_class("-failed")
        self.said.update(Content.assemble(
            (text.line(error.message), "$error"), "\n" if error.hint else "",
            (text.line(error.hint), text.QUIET),
        ))  # fmt: skip

    def _facts(self, answer: Json) -> list[Content]:
        how = _HOW.get(answer["tier"], "") if answer["answered"] else ""
        told = [f"tier {answer['tier']}, {how}".rstrip(", ")]
        told.append(text.took(self._took))
        if answer["model"]:
            told.append(f"by {text.line(answer['model'])}")
        if answer["left_out"]:
            told.append(f"{answer['left_out']} left out that no source says")
        facts = [Content(words) for words in told]
        if answer["degraded"]:
            facts.append(Content.styled(text.line(answer["degraded"]), "$warning"))
        return facts


def _doing(now: Json) -> str:
    if now["thinks"]:
        return "thinking …"
    if now["draft"]:
        return str(now["draft"]) + "▍"
    share = f" {100 * now['read'] // now['of']} %" if now["of"] else ""
    return f"reading what was found …{share}"


def _marks(sentence: Json) -> str:
    return " " + "".join(f"[{number}]" for number in sentence["citations"])


def _answer(answer: Json) -> Content:
    parts: list[Content] = []
    if answer.get("understood"):
        words = f"understood as: {text.line(answer['understood'])}\n"
        parts.append(Content.styled(words, text.QUIET))
    if answer["short"]:
        perhaps = "Perhaps: " if answer.get("is_guess") else ""
        parts.append(Content.assemble(
            (perhaps, "$warning"), (text.safe(answer["short"]) + "\n", "bold $primary"),
        ))  # fmt: skip
    for number, sentence in enumerate(answer["sentences"]):
        parts.append(Content(("\n" if number else "") + text.safe(sentence["text"])))
        if sentence["inferred"]:
            parts.append(Content.styled(" (inferred)", text.QUIET))
        for cited in sentence["citations"]:
            mark = Content.styled(f"[{cited}]", "bold $primary")
            parts.append(Content(" "))
            parts.append(mark.stylize(Style.from_meta({"@click": f"source({int(cited)})"})))
    return Content("").join(parts)


def _nothing(answer: Json) -> Content:
    parts = [
        Content.styled("Not in your memory", "bold $warning"),
        Content(f"\n{text.line(answer['reason'])}"),
    ]
    if answer.get("would_mean"):
        parts.append(Content.styled(
            f"\nAfter the question before it could mean: {text.line(answer['would_mean'])}",
            text.QUIET,
        ))  # fmt: skip
    return Content("").join(parts)
