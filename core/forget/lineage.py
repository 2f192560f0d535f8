"""What goes → the entries that rest on it: those with nothing else go too, others lose a source.

Called by gathering. An entry is judged by where each of its sources lies and by the words that it
quotes; one that a person wrote without any source is theirs, and goes only if it is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cairn.core.forget.scope import Aim, utc
from cairn.core.locate import read_locator
from cairn.core.memory import Memory
from cairn.core.records import Entry, Source
from cairn.core.tombstones import pieces, plain
from cairn.core.tree.catalogue import Filed, container_of
from cairn.core.tree.graph.name_words import fold
from cairn.core.tree.markdown import Broken, parse
from cairn.core.tree.tree import Tree

Spots = Mapping[str, object]
_FEW = 200


class Lineage:
    def __init__(self, memory: Memory, said: Mapping[str, Spots], tree: str) -> None:
        """`said` are the sentences that go, by their plain letters and then by their places."""
        self._memory = memory
        self._said = said
        self._tree = tree

    def follow(
        self,
        aim: Aim,
        places: set[str],
        chats: set[str],
        turns: Mapping[str, set[int]],
    ) -> tuple[set[str], dict[str, list[str]]]:
        """Ids of those that go, and of the others the addresses that they lose."""
        going: set[str] = set()
        parting: dict[str, list[str]] = {}
        if aim.kind == "entry":
            return going, parting
        for filed in self._memory.tree.catalogue.all():
            entry = filed.entry
            lost = [
                source.uri
                for source in entry.sources
                if self._is_lost(source, places, chats, turns)
            ]
            if (lost and len(lost) == len(entry.sources)) or self._is_named(aim, filed):
                going.add(entry.id)
            elif lost:
                parting[entry.id] = lost
        return going | set(self._gone(aim, places, chats)), parting

    def _is_lost(
        self, source: Source, places: set[str], chats: set[str], turns: Mapping[str, set[int]]
    ) -> bool:
        place = container_of(source.uri)
        if place in places or place in chats:
            return True
        numbers, at = turns.get(place), read_locator(source.uri.partition("#")[2])
        if numbers and at and set(range(at[1], at[2] + 1)) <= numbers:
            return True
        quoted = pieces(source.quote)
        return bool(quoted) and all(
            self._goes(each.plain) if each.is_telling else place in self._said.get(each.plain, {})
            for each in quoted
        )

    def _goes(self, text: str) -> bool:
        """A quote can be a part of the sentence."""
        few = len(self._said) <= _FEW
        return text in self._said or (few and any(text in each for each in self._said))

    def _is_named(self, aim: Aim, filed: Filed) -> bool:
        """Is it what the aim is about, whatever it rests on?"""
        entry = filed.entry
        if aim.kind == "words":
            words = f" {plain(aim.value)} "
            return any(words in f" {plain(text)} " for text in (entry.title, entry.body))
        if aim.kind == "person":
            names = self._names(aim.value)
            is_page = entry.kind == "person" and fold(entry.title) in names
            return is_page or fold(entry.subject) in names
        if aim.kind == "time" and aim.between:
            return not entry.sources and aim.between.holds(utc(entry.created))
        # A person's own note that says nothing but what goes.
        if entry.sources or not aim.is_of_sentences:
            return False
        mine = [each for each in pieces(entry.body) if each.is_telling]
        return bool(mine) and all(each.plain in self._said for each in mine)

    def _names(self, person: str) -> set[str]:
        found = {fold(person)}
        for thing in self._memory.curation.things.find(person):
            if thing.kind == "person":
                found |= set(map(fold, (thing.name, *thing.spellings)))
        return found

    def _gone(self, aim: Aim, places: set[str], chats: set[str]) -> Iterator[str]:
        """Entries that were deleted, of which the history still tells."""
        tree = self._memory.tree
        sql = "SELECT DISTINCT entry FROM changes WHERE entry NOT IN (SELECT id FROM entries)"
        for (id,) in tree.journal.read(sql):
            for entry in versions(tree, str(id)):
                if any(self._is_lost(source, places, chats, {}) for source in entry.sources) or any(
                    each.plain in self._said for each in pieces(entry.body)
                ):
                    yield str(id)
                    break


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
