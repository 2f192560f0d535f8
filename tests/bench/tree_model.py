"""What a tree must be like after a command, worked out without the tree's own code.

Used by `tree_kills`: a state is what each entry says and where it lies. Random commands are made
so that the tree has no reason to refuse them.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cairn.core.records import Entry, Relation, Source
from tests.bench.tree_child import Command, Deed

State = Mapping[str, tuple[str, Entry]]
"""By id: the path and what the file says."""
_FOLDERS = ("home", "home/garden", "work", "work/Portal", "people", "Öl & Größe")
_WORDS = "garden lease boiler holiday budget school river letter bridge winter market".split()
SECRET = "The key of the shop is AKIAIOSFODNN7EXAMPLE."
"""What the files may hold, and the journal must not."""
_WEIGHTS: dict[Deed, int] = {
    "add": 16, "update": 26, "merge": 8, "supersede": 10, "relate": 10, "archive": 5,
    "bring back": 5, "move": 10, "undo": 20,
}  # fmt: skip
_MOST = 40
"""Entries outside of the archive; three times as many with it."""
_GROWN = 12
"""An entry with so many sources and relations takes over no more."""


@dataclass(frozen=True, slots=True)
class Done:
    """An operation that can be undone, with what its entries were and became."""

    operation: int
    before: dict[str, tuple[str, Entry] | None]
    after: dict[str, tuple[str, Entry] | None]


class Author:
    """Makes commands, texts and paths; the same seed, the same ones."""

    def __init__(self, seed: int, secrets: bool = True) -> None:
        self.chance = random.Random(seed)
        self._secrets = secrets
        self._number = 0

    def entry(self) -> Entry:
        self._number += 1
        id = f"e_{self._number:05}x"
        source = Source(f"file:~/notes/{id}.md#L3", self.sentence(), "Ana", "2026-03-02")
        return Entry(
            id, f"About {self.chance.choice(_WORDS)} {self._number}", "fact", self.body(),
            "2026-03-02", sources=(source,), author="rules", value=str(self._number),
        )  # fmt: skip

    def sentence(self) -> str:
        return " ".join(self.chance.choices(_WORDS, k=6)) + "."

    def claim(self) -> str:
        """A sentence, or now and then a password or key."""
        return SECRET if self._secrets and self.chance.random() < 0.05 else self.sentence()

    def body(self) -> str:
        return f"{self.sentence()} {self.claim()} {self.chance.randrange(10**9)}"

    def path(self, id: str) -> str:
        return f"{self.chance.choice(_FOLDERS)}/{id}.md"

    def folder(self) -> str:
        return self.chance.choice(_FOLDERS)

    def command(self, state: State, done: list[Done]) -> Command:
        """One that changes something."""
        while True:
            do = self.chance.choices([*_WEIGHTS], [*_WEIGHTS.values()])[0]
            command = self._command(do, state, done)
            if command and (command.do == "undo" or expected(state, command) != state):
                return command

    def _command(self, do: Deed, state: State, done: list[Done]) -> Command | None:
        shown = [id for id, (path, _) in state.items() if not path.startswith("archive/")]
        hidden = [id for id in state if id not in shown]
        if do == "add":
            entry = self.entry()
            small = len(shown) < _MOST and len(state) < 3 * _MOST
            return Command("add", (entry.id,), entry, self.path(entry.id)) if small else None
        if do == "undo":
            fits = [each for each in done[-40:] if each.operation]
            each = self.chance.choice(fits) if fits else None
            return Command("undo", tuple(each.after), operation=each.operation) if each else None
        if do == "bring back":
            return Command(do, (self.chance.choice(hidden),)) if hidden else None
        two = do in ("merge", "supersede", "relate")
        if len(shown) < 2:
            return None
        ids = tuple(self.chance.sample(shown, 2 if two else 1))
        entries = [state[id][1] for id in ids]
        if two and any(len(each.sources) + len(each.relations) > _GROWN for each in entries):
            return None
        if do == "update":
            return Command(
                do, ids, replace(entries[0], body=self.body(), value=str(self.chance.random()))
            )
        return Command(do, ids, path=self.folder() if do == "move" else "")


def expected(state: State, command: Command) -> State:
    """The state after a command; that of an undo is told by what is to be undone."""
    items = [state.get(id) for id in command.ids]
    if command.do == "add" and command.entry:
        return {**state, command.entry.id: (command.path, command.entry)}
    if command.do in ("undo", "notice") or not all(items):
        return state
    (path, entry), *others = [item for item in items if item]
    changed: dict[str, tuple[str, Entry]] = {}
    if command.do == "update" and command.entry:
        now = replace(entry, body=command.entry.body, value=command.entry.value)
        changed[entry.id] = (path, now)
    elif command.do == "merge":
        other_path, other = others[0]
        changed[entry.id] = (path, _merged(entry, other))
        aside = other_path if other_path.startswith("archive/") else f"archive/{other_path}"
        changed[other.id] = (aside, _with(other, Relation("part_of", entry.id)))
    elif command.do == "supersede":
        new_path, new = others[0]
        ended = entry.valid_until or new.valid_from or new.created[:10]
        changed[entry.id] = (path, replace(entry, valid_until=ended))
        changed[new.id] = (new_path, _with(new, Relation("supersedes", entry.id)))
    elif command.do == "relate":
        changed[entry.id] = (path, _with(entry, Relation("mentions", command.ids[1])))
    elif command.do == "archive" and not path.startswith("archive/"):
        changed[entry.id] = (f"archive/{path}", entry)
    elif command.do == "bring back":
        changed[entry.id] = (path.removeprefix("archive/"), entry)
    elif command.do == "move":
        changed[entry.id] = (f"{command.path}/{path.rpartition('/')[2]}", entry)
    return {**state, **changed}


def undone(state: State, done: Done) -> State | None:
    """None where the entries have changed since, so that only the tree can say what becomes."""
    if any(state.get(id) != item for id, item in done.after.items()):
        return None
    rest = {id: item for id, item in state.items() if id not in done.after}
    return rest | {id: item for id, item in done.before.items() if item}


def is_kept(done: Done) -> bool:
    """Are the texts that an undo would take away and bring back in the history? Those that hold a
    password or key are not, and so it must be refused."""
    for id, after in done.after.items():
        before = done.before[id]
        was, now = (item[1].body if item else "" for item in (before, after))
        if was != now and SECRET in was + now:
            return False
    return True


def _merged(entry: Entry, other: Entry) -> Entry:
    sources = list(entry.sources)
    for source in other.sources:
        if all((each.uri, each.quote) != (source.uri, source.quote) for each in sources):
            sources.append(source)
    relations = list(entry.relations)
    relations += [each for each in other.relations if each.to != entry.id and each not in relations]
    return replace(
        entry, sources=tuple(sources), relations=tuple(dict.fromkeys(relations)),
        tags=tuple(dict.fromkeys((*entry.tags, *other.tags))),
        aliases=tuple(dict.fromkeys((*entry.aliases, *other.aliases))),
        created=min(entry.created, other.created) or entry.created,
    )  # fmt: skip


def _with(entry: Entry, relation: Relation) -> Entry:
    known = relation in entry.relations
    return entry if known else replace(entry, relations=(*entry.relations, relation))
