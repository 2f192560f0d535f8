"""What goes → the entries that rest on it: those with nothing else go too, others lose a source.

Called by gathering. An entry is judged by where each of its sources lies and by the words that it
quotes; one that a person wrote without any source is theirs, and goes only if it is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import chain

from cairn.core.forget.found import Found
from cairn.core.forget.lessening import Going, lessened, texts_of
from cairn.core.forget.passing import Phrase, Sentences
from cairn.core.forget.scope import Aim, utc
from cairn.core.locate import read_locator
from cairn.core.memory import Memory
from cairn.core.records import Entry, Source
from cairn.core.tombstones import pieces
from cairn.core.tree.catalogue import container_of, text_hash
from cairn.core.tree.graph.name_words import fold
from cairn.core.tree.markdown import Broken, parse
from cairn.core.tree.tree import Tree

_FEW = 200
_PLACE = re.compile(r"uri: *[\"']?((?:file|chat):[^\"'#,}\n]*)")
"""Of a source, in the text of an entry."""


class Lineage:
    def __init__(self, memory: Memory, aim: Aim, found: Found) -> None:
        self._memory = memory
        self._aim = aim
        self._found = found
        self._going = Going(found.said)
        self._sentences = Sentences(found.said)
        self._spots = {*found.places, *found.chats, *found.turns}
        self._spots |= {place for places in found.said.values() for place in places}

    def follow(self) -> tuple[set[str], dict[str, list[str]]]:
        """Ids of those that go, and of the others the addresses that they lose."""
        going: set[str] = set()
        parting: dict[str, list[str]] = {}
        if self._aim.kind == "entry":
            return going, parting
        tree = self._memory.tree
        were = self._were()
        for filed in tree.catalogue.all():
            entry = filed.entry
            lost = self._lost(entry)
            if (lost and len(lost) == len(entry.sources)) or self._is_named(entry):
                going.add(entry.id)
                continue
            uris = {*lost, *(uri for was in were.get(entry.id, ()) for uri in self._lost(was))}
            says = [each for each in (entry, *were.get(entry.id, ())) if self._says(each)]
            if entry in says and not self._less(entry, uris).body:
                going.add(entry.id)
            elif uris or says:
                parting[entry.id] = sorted(uris)
        gone = (id for id in were if tree.catalogue.get(id) is None)
        return going | {id for id in gone if self._told(were[id])}, parting

    def _were(self) -> dict[str, list[Entry]]:
        """What entries were before, if it may tell of what goes; reading all takes minutes."""
        now = {each.entry.id: each.hash for each in self._memory.tree.catalogue.all()}
        found: dict[str, list[Entry]] = {}
        for id, text in histories(self._memory.tree):
            if text_hash(text) == now.get(id):
                continue
            if self._sentences.may_be_told(text) or any(
                container_of(place) in self._spots for place in _PLACE.findall(text)
            ):
                found.setdefault(id, []).extend(_parsed(id, text))
        return found

    def _told(self, were: list[Entry]) -> bool:
        """Did one that was deleted tell of it?"""
        return any(
            self._lost(each) or any(piece.plain in self._found.said for piece in pieces(each.body))
            or self._says(each)
            for each in were
        )  # fmt: skip

    def _says(self, entry: Entry) -> bool:
        """A sentence that is named goes from wherever it stands."""
        if not self._aim.is_of_sentences:
            return False
        spans = self._going.from_entry(entry.id, ())
        return any(spans(text) for text in texts_of(entry))

    def _less(self, entry: Entry, uris: Collection[str]) -> Entry:
        return lessened(entry, uris, self._going.from_entry(entry.id, uris))

    def _lost(self, entry: Entry) -> list[str]:
        return [each.uri for each in entry.sources if self._is_lost(each)]

    def _is_lost(self, source: Source) -> bool:
        found, place = self._found, container_of(source.uri)
        if place in found.places or place in found.chats:
            return True
        numbers, at = found.turns.get(place), read_locator(source.uri.partition("#")[2])
        if numbers and at and set(range(at[1], at[2] + 1)) <= numbers:
            return True
        quoted = pieces(source.quote)
        return bool(quoted) and all(
            self._goes(each.plain) if each.is_telling else place in found.said.get(each.plain, {})
            for each in quoted
        )

    def _goes(self, text: str) -> bool:
        """A quote can be a part of the sentence."""
        said = self._found.said
        return text in said or (len(said) <= _FEW and any(text in each for each in said))

    def _is_named(self, entry: Entry) -> bool:
        """Is it what the aim is about, whatever it rests on?"""
        aim = self._aim
        if aim.kind == "person":
            names = self._names(aim.value)
            is_page = entry.kind == "person" and fold(entry.title) in names
            return is_page or fold(entry.subject) in names
        if aim.kind == "time" and aim.between:
            return not entry.sources and aim.between.holds(utc(entry.created))
        return False

    def _names(self, person: str) -> set[str]:
        found = {fold(person)}
        for thing in self._memory.curation.things.find(person):
            if thing.kind == "person":
                found |= set(map(fold, (thing.name, *thing.spellings)))
        return found


def take_told(tree: Tree, aim: Aim, found: Found) -> None:
    """What entries say with the words of an aim, or ever said."""
    named = Phrase(aim.value)
    were = (
        (id, entry)
        for id, text in histories(tree)
        if named.may_be_told(text)
        for entry in _parsed(id, text)
    )
    are = ((each.entry.id, each.entry) for each in tree.catalogue.all())
    for id, entry in chain(are, were):
        if aim.between and not aim.between.holds(utc(entry.created)):
            continue
        for text in texts_of(entry):
            found.take(id, text, (each for each in pieces(text) if named.is_said(each.plain)))


def histories(tree: Tree) -> Iterator[tuple[str, str]]:
    """Every text that an entry ever had, each once, with its id."""
    known: set[tuple[str, str]] = set()
    for id, *texts in tree.journal.read("SELECT entry, before, after FROM changes"):
        for text in filter(None, map(str, texts)):
            if (key := (str(id), text_hash(text))) not in known:
                known.add(key)
                yield str(id), text


def _parsed(id: str, text: str) -> Iterator[Entry]:
    with suppress(Broken):
        yield parse(text, id, "")


def versions(tree: Tree, id: str) -> Iterator[Entry]:
    """The entry as it was after each change, and as it is."""
    sql = "SELECT before, after FROM changes WHERE entry = ? ORDER BY operation, ordinal"
    for row in tree.journal.read(sql, id):
        for text in filter(None, map(str, row)):
            try:
                yield parse(text, id, "")
            except Broken:
                continue
    if filed := tree.catalogue.get(id):
        yield filed.entry
