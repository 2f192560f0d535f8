"""Lives with something that is to be forgotten: each puts a word of its own wherever it can get,
and says how a person would name it.

Used by the test and by `python -m tests.bench.forget`. All are prepared in one home, forgotten one
by one, and looked for byte by byte, before and after everything is swept and read again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import lancedb

from cairn.core.engine import Engine
from cairn.core.forget.scope import Between
from cairn.core.records import digest

Selector = str | tuple[str, Between]


@dataclass(slots=True)
class World:
    engine: Engine
    life: Path
    named: dict[str, str] = field(default_factory=dict)
    """What a preparation wants to know again."""

    def write(self, name: str, text: str) -> Path:
        path = self.life / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def chat(self, name: str, *turns: tuple[str, str, str], title: str = "") -> str:
        """Turns are time, author and text."""
        path = self.transcript(name)
        path.parent.mkdir(exist_ok=True)
        name = path.name.partition(".")[0]
        lines = [
            {"conversation": name, "title": title, "time": time, "author": author,
             "origin": "user" if author == "me" else "other", "text": text, "id": f"{name}-{at}"}
            for at, (time, author, text) in enumerate(turns)
        ]  # fmt: skip
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        self.engine.conversations.take_in(path)
        return f"chat:turns/{name}"

    def transcript(self, word: str) -> Path:
        """Its name, and that of the conversation, says nothing."""
        return self.life.parent / "chats" / f"c{digest(word, size=6)}.turns.jsonl"

    def remember(self, text: str) -> str:
        path, _ = self.engine.remember(text)
        return self.engine.memory.find(str(path)).entry.id

    def settle(self) -> None:
        self.engine.sweep()
        self.engine.conversations.sweep()
        while self.engine.work():
            pass
        self.engine.upkeep.round()


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    prepare: Callable[[World, str], None]
    selector: Callable[[World, str], Selector]
    after: Callable[[World, str], None] = lambda world, word: None
    """What happens once it is read, and before it is forgotten."""
    again: Callable[[World, str], None] = lambda world, word: None
    """What might bring it back."""

    @property
    def word(self) -> str:
        return "zq" + self.name.replace("-", "") + "qz"


def holding(engine: Engine, word: str) -> list[str]:
    """Where it is: in bytes or names of files, and in rows of the index, however packed."""
    home, needle = engine.home.path, word.lower().encode()
    found = [
        path.relative_to(home).as_posix()
        for path in sorted(home.rglob("*"))
        if needle in path.name.lower().encode()
        or (path.is_file() and needle in path.read_bytes().lower())
    ]
    uri = str(engine.home.index)
    for name in lancedb.connect(uri).list_tables(limit=100).tables:
        table = lancedb.connect(uri).open_table(name)
        for version in table.list_versions():
            table.checkout(version["version"])
            rows = table.search().limit(None).to_arrow().drop_columns(["vector", "parts"])
            if word.lower() in str(rows.to_pylist()).lower():
                found.append(f"version {version['version']} of {name}")
    return found


def _path(name: str) -> Callable[[World, str], str]:
    return lambda world, word: str(world.life / name)


def _file(name: str, text: str) -> Callable[[World, str], None]:
    """`W` stands for the scenario's word."""
    return lambda world, word: void(world.write(name.replace("W", word), text.replace("W", word)))


def void(_: object) -> None:
    return None


_LINES = "# List\n\nThe gutter was cleaned on Monday by us.\n\nThe W lantern hangs in the shed.\n"
_MAIL = (
    "From: Ruth W <ruth@example.org>\nTo: me@example.org\nSubject: The W offer\n"
    "Date: Tue, 3 Mar 2026 10:00:00 +0000\nMIME-Version: 1.0\n"
    'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\n'
    "The offer for the W roof is attached to this letter.\n--b\n"
    'Content-Type: text/plain; name="W.txt"\nContent-Disposition: attachment; '
    'filename="W.txt"\n\nThe W roof costs nine thousand crowns in all.\n--b--\n'
)
_HTML = (
    "<html><title>W page</title><body><p>The W museum opens at nine on Sundays.</p></body></html>"
)


_ATTACHED = (
    _MAIL.replace("W.txt", "plan.txt")
    .replace("Ruth W", "Ruth")
    .replace("The W offer", "An offer")
    .replace("for the W roof", "for the roof")
)


def _move(world: World, word: str) -> None:
    world.write("moved/before.md", f"The {word} boat lies in the third dock.\n")


def _has_moved(world: World, word: str) -> None:
    (world.life / "moved/before.md").rename(world.life / "moved/after.md")
    world.settle()


def _edit_byte(name: str) -> Callable[[World, str], None]:
    def edit(world: World, word: str) -> None:
        path = world.life / name
        path.write_text(path.read_text().replace("in the", "im the") + "\nOne more line.\n")

    return edit


def _copy_with_edit(name: str, copy: str) -> Callable[[World, str], None]:
    def make(world: World, word: str) -> None:
        text = (world.life / name).read_text()
        world.write(copy, text.replace("hangs", "hamgs"))

    return make


def _copied(name: str, copy: str) -> Callable[[World, str], None]:
    return lambda world, word: void(world.write(copy, (world.life / name).read_text()))


def _remembered(text: str) -> Callable[[World, str], None]:
    def prepare(world: World, word: str) -> None:
        world.named[word] = world.remember(text.replace("W", word))

    return prepare


def _named(world: World, word: str) -> str:
    return world.named[word]


def _chat(*turns: str, title: str = "") -> Callable[[World, str], None]:
    def prepare(world: World, word: str) -> None:
        told = [
            (f"2026-02-0{at}T10:00:00+00:00", "Ben" if at % 2 else "me", text.replace("W", word))
            for at, text in enumerate(turns, 1)
        ]
        world.named[word] = world.chat(word, *told, title=title.replace("W", word))

    return prepare


def _taken_again(world: World, word: str) -> None:
    path = world.transcript(word)
    world.engine.conversations.take_in(path)


def _asked(question: str) -> Callable[[World, str], None]:
    return lambda world, word: void(world.engine.ask(question.replace("W", word)))


def _judged(world: World, word: str) -> None:
    from cairn.core.conversing import judge

    answer = world.engine.ask(f"Where does the {word} lantern hang?")
    world.engine.asking.session.note(answer)
    judge(world.engine.asking, world.engine.private, "good")


def _of_file(world: World, name: str) -> list[str]:
    from cairn.core.uris import file_uri

    found = world.engine.tree.catalogue.from_source(file_uri(world.life / name))
    return [each.entry.id for each in found]


def _edited(world: World, word: str) -> None:
    (id,) = _of_file(world, "edited.md")
    memory = world.engine.memory
    memory.edit(id, memory.kept(id).text.replace("shed", "barn"))


def _archived(world: World, word: str) -> None:
    world.engine.memory.archive(_of_file(world, "archived.md"))


def _merged(world: World, word: str) -> None:
    other = world.remember(f"The {word} key lies under the second stone.")
    world.engine.memory.merge([world.named[word], other])
    world.named[word + "2"] = other


def _superseded(world: World, word: str) -> None:
    world.engine.memory.end(world.named[word], "2026-01-01")
    world.engine.memory.move(world.named[word], f"old/{word}")


def _deleted(world: World, word: str) -> None:
    filed = world.engine.memory.find(world.named[word])
    world.engine.tree.files.remove(filed.path)
    world.engine.memory.notice()


def _questioned(world: World, word: str) -> None:
    from cairn.core.tree.plan import Step

    id = world.named[word]
    world.engine.curation.reviews.ask(
        "core", word, (id,), (Step("promote", (id,)),), f"is {word} right?",
        world.engine.tree.now(),
    )  # fmt: skip


def _gone(world: World, word: str) -> None:
    (world.life / "gone.md").unlink()
    world.settle()


def _link(world: World, word: str) -> None:
    target = world.write("link/real.md", f"The {word} ladder leans at the northern wall.\n")
    os.symlink(target, world.life.parent / f"{word}.md")


def _benched(world: World, word: str) -> None:
    from cairn.core.personal.runs import Runs

    Runs(world.engine.journal).keep("2026", {"model": word}, [], 0.1)


def _all_people(world: World, word: str) -> None:
    world.chat(
        word, ("2026-02-01T10:00:00+00:00", word.title(), f"My {word} boat is in the bay now."),
        ("2026-02-02T10:00:00+00:00", "me", "The weather is fine today, and so am I."),
    )  # fmt: skip


MARCH_1999 = Between("1999-03-01T00:00:00.000+00:00", "1999-04-01T00:00:00.000+00:00")


def _dated(world: World, word: str) -> None:
    world.named[word] = world.chat(
        word, ("1999-03-05T10:00:00+00:00", "Ben", f"The {word} regatta is on the lake."),
        ("2001-02-02T10:00:00+00:00", "me", "It rained on all of the boats there."),
    )  # fmt: skip


SCENARIOS = (
    Scenario("file", _file("file.md", _LINES), _path("file.md")),
    Scenario("folder", _file("folder/deep/a.md", _LINES), _path("folder")),
    Scenario("filename", _file("W.md", "Nothing of note is in here.\n"),
             lambda world, word: str(world.life / f"{word}.md")),
    Scenario("sentence", _file("sentence.md", _LINES),
             lambda world, word: f"{world.life}/sentence.md#L5"),
    Scenario("words", _file("words.md", _LINES), lambda world, word: f"words:{word} lantern"),
    Scenario("words-in-two", _file("two-1.md", _LINES), lambda world, word: f"words:{word}",
             _copied("two-1.md", "two-2.md"), ),
    Scenario("mail", _file("mail.eml", _MAIL), _path("mail.eml")),
    Scenario("attachment", _file("attached.eml", _ATTACHED),
             lambda world, word: f"file:{world.life}/attached.eml!/plan.txt"),
    Scenario("page", _file("page.html", _HTML), _path("page.html")),
    Scenario("table", _file("table.csv", "who,what\nW,the blue canoe in dock nine\n"),
             _path("table.csv")),
    Scenario("umlaut", _file("umlaut.md", "Der W-Schlüssel hängt in der Küche am Brett.\n"),
             _path("umlaut.md")),
    Scenario("turn", _chat("The weather is fine today, my friend.", "The W piano was sold in May."),
             lambda world, word: world.named[word] + "#t2", again=_taken_again),
    Scenario("conversation", _chat("The W piano was sold.", "Was the W stool sold as well?"),
             _named, again=_taken_again),
    Scenario("titled-conversation", _chat("We met at noon.", "It was good to see you.",
             title="About W"), _named, again=_taken_again),
    Scenario("sentence-of-a-turn", _chat("It rains on us. The W shed leaks at the back. Bye then."),
             lambda world, word: f"words:{word} shed", again=_taken_again),
    Scenario("transcript", _chat("The W organ was sold.", "Was the W bench sold as well?"),
             lambda world, word: str(world.transcript(word)),
             again=_taken_again),
    Scenario("person", _all_people, lambda world, word: f"person:{word}"),
    Scenario("sender", _file("sender.eml", _MAIL), lambda world, word: f"person:Ruth {word}"),
    Scenario("entry", _remembered("The W key hangs at the door of the shed."), _named),
    Scenario("moved-entry", _remembered("The W drill is lent to our neighbour Ida."), _named,
             _superseded),
    Scenario("merged-entry", _remembered("The W key lies below a stone."), _named, _merged),
    Scenario("deleted-entry", _remembered("The W saw is lent to the other neighbour."), _named,
             _deleted),
    Scenario("questioned-entry", _remembered("The W rake is broken since the winter."), _named,
             _questioned),
    Scenario("derived-entry", _file("derived.md", _LINES), _path("derived.md")),
    Scenario("edited-entry", _file("edited.md", _LINES), _path("edited.md"), _edited),
    Scenario("archived-entry", _file("archived.md", _LINES), _path("archived.md"), _archived),
    Scenario("moved-file", _move, _path("moved/after.md"), _has_moved),
    Scenario("duplicated-file", _file("first.md", _LINES), _path("first.md"),
             _copied("first.md", "elsewhere/second.md")),
    Scenario("deleted-file", _file("gone.md", _LINES), _path("gone.md"), _gone),
    Scenario("linked-file", _link, lambda world, word: str(world.life.parent / f"{word}.md")),
    Scenario("edited-byte", _file("byte.md", _LINES), _path("byte.md"),
             again=_edit_byte("byte.md")),
    Scenario("edited-sentence", _file("bytes.md", _LINES), lambda world, word: f"words:{word}",
             again=_edit_byte("bytes.md")),
    Scenario("edited-copy", _file("later.md", _LINES), _path("later.md"),
             again=_copy_with_edit("later.md", "later/copy.md")),
    Scenario("answered", _file("answered.md", _LINES), _path("answered.md"),
             _asked("Where does the W lantern hang?")),
    Scenario("session", _file("session.md", _LINES), lambda world, word: f"words:{word}",
             _asked("What of the W lantern?")),
    Scenario("judged", _file("judged.md", _LINES), _path("judged.md"), _judged),
    Scenario("benchmark", _file("bench.md", _LINES), _path("bench.md"), _benched),
    Scenario("dated-turns", _dated, lambda world, word: (world.named[word], MARCH_1999),
             again=_taken_again),
)  # fmt: skip


def prepared(world: World) -> None:
    """All of them, read and curated."""
    world.life.mkdir(exist_ok=True)
    for each in SCENARIOS:
        each.prepare(world, each.word)
    world.engine.add(world.life)
    world.settle()
    for each in SCENARIOS:
        each.after(world, each.word)
    world.settle()
