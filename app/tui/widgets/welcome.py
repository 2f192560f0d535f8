"""What Ask shows before the first question: what can be asked, as examples to be taken.

The examples are made from what is in the user's own memory, by a search for what is mostly asked;
they go into the prompt, not off. Without anything in the memory it says how to begin.
"""

from __future__ import annotations

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from cairn.app.tui import door, keys, text
from cairn.app.tui.shell import Json, News, Shell

_PROBES = (
    ("agreed decided decision", "What did we decide about {}?"),
    ("cost price paid invoice", "What did we pay for {}?"),
    ("deadline due ends appointment", "What is due for {}?"),
)
_ALWAYS = "What changed since yesterday?"
_LONGEST_NAME = 40
_READY = Content.assemble(
    ("Ask what you have written, read or been told", "bold"),
    ("\nEvery sentence of an answer says where it is from. For example:", text.QUIET),
)
_READING = Content.assemble(
    ("Your files are being read", "bold"),
    ("\nYou can ask already; answers get better as more of them are there.", text.QUIET),
)


class Example(Static, can_focus=True):
    class Taken(Message):
        def __init__(self, question: str) -> None:
            super().__init__()
            self.question = question

    def __init__(self, question: str) -> None:
        super().__init__(Content(question), classes="block")
        self.question = question

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.take()

    def take(self) -> None:
        self.post_message(self.Taken(self.question))


class Welcome(Vertical):
    app = getters.app(Shell)

    def __init__(self) -> None:
        super().__init__()
        self._chunks = -1

    def compose(self) -> ComposeResult:
        yield Static("", classes="welcome-words")

    def on_mount(self) -> None:
        self._heard(self.app.latest)
        self.app.news.subscribe(self, self._heard)

    def _heard(self, news: News) -> None:
        if news.state is None:
            return
        counts = news.state["counts"]
        waiting = counts["queued"] + counts["to_embed"]
        words = _READING if waiting else _READY if counts["chunks"] else self._empty()
        self.query_one(".welcome-words", Static).update(words)
        if self._chunks <= 0 < counts["chunks"] and not waiting:
            door.work(self, self._find_examples(), group="examples")
        self._chunks = 0 if waiting else counts["chunks"]

    def _empty(self) -> Content:
        go, add = (self.app.pressed(keys.BY_ID[id]) for id in ("go.sources", "source.add"))
        return Content.assemble(
            ("Nothing is in the memory yet", "bold"),
            ("\nAdd a folder of yours, and ask about it while it is being read:\n\n", text.QUIET),
            (f"  {go} {add}", "bold $secondary"), " here, or ",
            ("cairn add ~/Documents", "bold $secondary"), " in a shell",
        )  # fmt: skip

    async def _find_examples(self) -> None:
        questions: list[str] = []
        names: set[str] = set()
        for words, form in _PROBES:
            found = await door.call("search", {"query": words, "limit": 5, "filters": {}})
            for name in filter(None, map(_name, found["hits"])):
                if name.casefold() not in names:
                    names.add(name.casefold())
                    questions.append(form.format(name))
                    break
        if self.is_attached:
            await self.remove_children(Example)
            await self.mount_all(Example(each) for each in [*questions, _ALWAYS])


def _name(hit: Json) -> str:
    """What a passage is about, as one would say it within a question."""
    trail = [text.line(each) for each in (hit["title"], *hit["heading"])]
    named = dict.fromkeys(each for each in trail[-2:] if each)
    name = " ".join(each if each.isupper() else each[:1].lower() + each[1:] for each in named)
    return name if len(name) <= _LONGEST_NAME and name.replace(" ", "").isalpha() else ""
