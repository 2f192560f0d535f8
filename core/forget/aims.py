"""What somebody types → what it is taken for, or all that it may be.

The first step of forgetting. Nothing is guessed: where a name may be several things, the user says
which. A path, an address and an id are never searched for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from cairn.core.conversations import Conversations
from cairn.core.errors import ConfigError, NotFound
from cairn.core.forget.scope import Aim, Between
from cairn.core.journal import Journal
from cairn.core.locate import Target, parse_citation
from cairn.core.memory import Memory
from cairn.core.tombstones import plain
from cairn.core.tree.graph.name_words import fold
from cairn.core.tree.graph.store import Thing
from cairn.core.uris import file_uri, folder_uris

_MOST_TOLD = 12
_PREFIXES = ("entry:", "person:", "words:")


class Aims:
    def __init__(self, journal: Journal, memory: Memory, conversations: Conversations) -> None:
        self._journal = journal
        self._memory = memory
        self._conversations = conversations

    def of(self, text: str, between: Between | None = None) -> Aim:
        """Raises ConfigError, with all it may be, where that is not one thing."""
        text = text.strip()
        if not text and between is None:
            raise ConfigError("there is nothing to forget", "name a file, a person, some words, …")
        if not text:
            return Aim("time", "what was said, written and done in that time", "", between)
        for prefix in _PREFIXES:
            if text.startswith(prefix):
                return self._prefixed(prefix, text.removeprefix(prefix).strip(), between)
        if aim := self._address(text, between):
            return aim
        found = list(self._named(text, between))
        if any(each.kind == "conversation" for each in found):  # its title has the words
            found.append(self._words(text, between))
        if len(found) > 1:
            listed = "\n".join(f"  {each.words}: `{_typed(each)}`" for each in found[:_MOST_TOLD])
            raise ConfigError(f"{text!r} may be several things:\n{listed}", "say which")
        return found[0] if found else self._words(text, between)

    def _prefixed(self, prefix: str, name: str, between: Between | None) -> Aim:
        if not name:
            raise ConfigError(f"there is nothing after `{prefix}`", "")
        if prefix == "words:":
            return self._words(name, between)
        if prefix == "entry:":
            return self._entry(name, between)
        people = [each for each in self._memory.curation.things.find(name) if _is_person(each)]
        if not people and not self._is_speaker(name):
            raise NotFound(f"nobody called {name!r} is known", "`cairn graph` draws who is")
        return _person(people[0].name if people else name, between)

    def _words(self, text: str, between: Between | None) -> Aim:
        if not plain(text):
            raise ConfigError(f"{text!r} has no word in it", "")
        return Aim("words", f"every sentence with the words “{text}”", text, between)

    def _entry(self, name: str, between: Between | None = None) -> Aim:
        try:
            entry = self._memory.find(name).entry
        except NotFound:
            if not self._memory.tree.ledger.latest(name):
                raise
            return Aim("entry", f"the deleted entry {name}", name, between)
        return Aim("entry", f"the entry “{entry.title}”, {entry.id}", entry.id, between)

    # -- paths and addresses

    def _address(self, text: str, between: Between | None) -> Aim | None:
        path = Path(text).expanduser()
        if os.path.lexists(path) or (text.startswith(("/", "~")) and self._knows(path)):
            return self._path(Path(os.path.realpath(path)), between)
        is_place = text.startswith(("chat:", "file:", "/", "~"))
        if not is_place and self._is_id(text):
            return self._entry(text, between)
        return self._target(parse_citation(text), between) if is_place else None

    def _is_id(self, text: str) -> bool:
        ledger, catalogue = self._memory.tree.ledger, self._memory.tree.catalogue
        return bool(catalogue.get(text) or ledger.latest(text))

    def _path(self, path: Path, between: Between | None) -> Aim:
        if filed := self._memory.at(file_uri(path)):
            return self._entry(filed.entry.id, between)
        uri, below = file_uri(path), self._below(path)
        is_folder = path.is_dir() or below != {uri}
        if not below and not is_folder:
            raise NotFound(f"cairn knows nothing of {path}", "`cairn why-not` says why")
        if is_folder:
            count = f"{len(below)} file{'' if len(below) == 1 else 's'}"
            return Aim("folder", f"the folder {path}, {count} in it", uri, between)
        return Aim("file", f"the file {path}", uri, between)

    def _knows(self, path: Path) -> bool:
        return bool(self._below(path))

    def _below(self, path: Path) -> set[str]:
        """What cairn has of a path and of what is in it, whether or not it is there."""
        found: set[str] = set()
        for uri in folder_uris(path):
            found |= {record.uri for record in self._journal.files(uri)}
            folder = uri.rstrip("/") + "/"
            for sql in (
                "SELECT DISTINCT container FROM entry_sources WHERE container = ? OR "
                "(container >= ? AND container < ?)",
                "SELECT DISTINCT transcript FROM brought WHERE transcript = ? OR "
                "(transcript >= ? AND transcript < ?)",
            ):
                rows = self._journal.read(sql, uri, folder, folder + "\U0010ffff")
                found |= {str(each) for (each,) in rows}
        return found

    def _target(self, target: Target, between: Between | None) -> Aim:
        if target.chat:
            uri = self._conversations.find(target.chat).uri
            if target.unit is None:
                return Aim("conversation", f"the conversation {uri}", uri, between)
            return Aim("turns", f"what is said at {target.address}", target.address, between)
        if target.unit is None and not target.part:
            return self._path(target.path, between)
        if not self._knows(target.path):
            raise NotFound(f"cairn knows nothing of {target.path}", "`cairn why-not` says why")
        return Aim("passage", f"what stands at {target.address}", target.address, between)

    # -- names

    def _named(self, text: str, between: Between | None) -> Iterator[Aim]:
        catalogue = self._memory.tree.catalogue
        for filed in catalogue.named(text) or catalogue.called(text):
            yield self._entry(filed.entry.id, between)
        name = fold(text)
        people = [
            each
            for each in self._memory.curation.things.find(text)
            if _is_person(each) and name in map(fold, (each.name, *each.spellings))
        ]
        yield from (_person(each.name, between) for each in people)
        if not people and self._is_speaker(text):
            yield _person(text, between)
        for chat in self._conversations.latest(text, limit=_MOST_TOLD):
            if chat.uri.startswith("chat:cairn/"):
                continue
            yield Aim("conversation", f"the conversation “{chat.title}”", chat.uri, between)

    def _is_speaker(self, name: str) -> bool:
        sql = "SELECT 1 FROM turns WHERE origin = 'other' AND who = ? COLLATE NOCASE LIMIT 1"
        return bool(self._journal.read(sql, name))


def _is_person(thing: Thing) -> bool:
    return thing.kind == "person"


def _person(name: str, between: Between | None) -> Aim:
    words = f"the person {name}: what they said, and what is about them alone"
    return Aim("person", words, name, between)


def _typed(aim: Aim) -> str:
    """What names this and nothing else."""
    lead = {"person": "person:", "words": "words:"}.get(aim.kind, "")
    return f"cairn forget '{lead}{aim.value}'"
