"""An aim → its scope: every file, turn, sentence and entry that goes, and what merely loses some.

The second step of forgetting; nothing is changed here. The whole memory is passed by, for what is
named, for copies of it, and for what others say as well, which stays.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from itertools import pairwise

from cairn.core.chats.addresses import is_chat
from cairn.core.conversations import Conversations
from cairn.core.forget.found import Found
from cairn.core.forget.lineage import Lineage, take_told, versions
from cairn.core.forget.passing import Phrase, Said, everything, tokens
from cairn.core.forget.scope import Aim, Scope, utc
from cairn.core.forget.sparing import spare_entries, spare_others, take_copies
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.locate import read_locator
from cairn.core.memory import Memory
from cairn.core.records import Chunk
from cairn.core.tombstones import Piece, Tombstones, pieces, plain
from cairn.core.tree.curate.reconcile import claim_key
from cairn.core.tree.graph.name_words import fold
from cairn.core.uris import file_uri, uri_path

Picks = Callable[[Said], list[Piece]]


class Gathering:
    def __init__(
        self,
        journal: Journal,
        memory: Memory,
        conversations: Conversations,
        index: Callable[[], Index],
    ) -> None:
        self._journal = journal
        self._memory = memory
        self._conversations = conversations
        self._index = index
        self._tree = file_uri(memory.tree.files.root) + "/"

    def __call__(self, aim: Aim) -> Scope:
        found = Found()
        self._places_of(aim, found)
        is_wanted = self._wanted(aim, found)
        for said in self._everything():
            self._pick(aim, said, is_wanted, found)
        if aim.kind == "words":
            take_told(self._memory.tree, aim, found)
            found.phrase = "" if aim.between else plain(aim.value)
        if not aim.is_of_sentences and aim.kind != "entry":
            take_copies(found, self._everything(), self._index())
        self._spare(aim, found)
        return self._scope(aim, found)

    def _spare(self, aim: Aim, found: Found) -> None:
        """What stays: where it is watched for, and what else is said."""
        for (uri,) in self._journal.read("SELECT uri FROM roots UNION SELECT uri FROM sources"):
            found.rare -= tokens(str(uri))
        found.take_runs()
        spare_others(aim, found, self._everything())

    def barred(self, of: tuple[str, ...]) -> Scope:
        """What these forgettings bar and is here, as after something was restored."""
        found, tombstones = Found(), Tombstones(self._journal, of)
        rows = self._journal.read("SELECT uri FROM files UNION SELECT container FROM entry_sources")
        found.places |= {str(uri) for (uri,) in rows if tombstones.has_place(str(uri))}
        for said in self._everything():
            if tombstones.has_place(said.place):
                (found.chats if said.turn else found.places).add(said.place)
            elif said.turn and tombstones.has_turn(said.place, said.key):
                found.turns.setdefault(said.place, set()).add(said.turn)
            elif spans := tombstones.spans(said.text, said.place):
                if said.turn:
                    found.trimmed.setdefault(said.place, set()).add(said.turn)
                else:
                    found.thinned.add(said.place)
                for start, end in spans:
                    text = said.text[start:end]
                    found.take(said.place, text, pieces(text))
        for id in self._ids():
            claims = (claim_key(each.kind, each.body) for each in versions(self._memory.tree, id))
            if tombstones.has_claim(*claims):
                found.entries.add(id)
        found.rare.clear()  # what else stands there is not known
        return self._scope(Aim("passage", "what had been forgotten and was restored"), found)

    def _ids(self) -> set[str]:
        rows = self._journal.read("SELECT id FROM entries UNION SELECT entry FROM changes")
        return {str(id) for (id,) in rows}

    def _everything(self) -> Iterable[Said]:
        return everything(self._journal, self._index(), self._tree)

    # -- what is named itself

    def _places_of(self, aim: Aim, found: Found) -> None:
        if aim.kind in ("file", "folder") and aim.between is None:
            found.places |= {aim.value, *self._known_below(aim.value), *self._was(aim.value)}
            found.chats |= self._brought_by(found.places)
        elif aim.kind == "conversation" and aim.between is None:
            found.chats.add(aim.value)
        elif aim.kind == "passage" and "#" not in aim.value:
            found.places.add(aim.value)  # what lies inside a file that stays
        elif aim.kind == "entry":
            found.entries |= {aim.value, *self._merged_into(aim.value)}
            for id in found.entries:
                for entry in versions(self._memory.tree, id):
                    found.rare |= tokens(f"{entry.title}\n{entry.body}")

    def _merged_into(self, id: str) -> set[str]:
        """Entries that were made one with it, and were put away then."""
        sql = (
            "SELECT 1 FROM changes JOIN operations ON id = operation "
            "WHERE type = 'MERGE' AND entry = ?"
        )
        return {
            each.entry.id
            for each in self._memory.tree.catalogue.relating_to(id)
            if each.is_archived and self._journal.read(sql, each.entry.id)
        }

    def _known_below(self, uri: str) -> set[str]:
        folder = uri.rstrip("/") + "/"
        values = (uri, folder, folder + "\U0010ffff")
        found: set[str] = set()
        for table, column in (
            ("files", "uri"), ("entry_sources", "container"), ("transcripts", "uri"),
        ):  # fmt: skip
            sql = f"SELECT DISTINCT {column} FROM {table} WHERE {column} = ? OR "
            rows = self._journal.read(sql + f"({column} >= ? AND {column} < ?)", *values)
            found |= {str(each) for (each,) in rows}
        return found

    def _was(self, uri: str) -> set[str]:
        """Where a moved file lay before, unless another lies there now: its traces are there."""
        found, wanted = set[str](), [uri]
        while wanted:
            sql = "SELECT DISTINCT was FROM events WHERE uri = ? AND was != ''"
            new = {str(was) for (was,) in self._journal.read(sql, wanted.pop())} - found
            found |= new
            wanted += new
        return {was for was in found if self._is_free(was)}

    def _is_free(self, uri: str) -> bool:
        return self._journal.file(uri) is None and not os.path.lexists(uri_path(uri))

    def _brought_by(self, transcripts: set[str]) -> set[str]:
        """Conversations of which every turn is in these alone."""
        found = set()
        for uri in transcripts:
            sql = (
                "SELECT uri FROM conversations JOIN brought ON conversation = id "
                "WHERE transcript = ?"
            )
            found |= {str(chat) for (chat,) in self._journal.read(sql, uri)}
        return found

    def _wanted(self, aim: Aim, found: Found) -> Picks:
        """Which sentences of a text are named by the aim."""
        match aim.kind:
            case "words":
                return _saying(aim.value)
            case "person":
                return self._by(aim.value)
            case "passage" | "turns":
                return _at(aim.value)
            case "time":
                return lambda said: said.pieces
            case "conversation" if aim.between:
                return lambda said: said.pieces if said.place == aim.value else []
            case "file" | "folder" if aim.between:
                below = {aim.value, *self._known_below(aim.value)}
                return lambda said: said.pieces if said.place in below else []
        return lambda said: said.pieces if found.holds(said) else []

    def _by(self, person: str) -> Picks:
        """What somebody said or wrote themselves, under any of their names."""
        names = {fold(person)}
        for thing in self._memory.curation.things.find(person):
            if thing.kind == "person" and fold(person) in map(fold, (thing.name, *thing.spellings)):
                names |= set(map(fold, (thing.name, *thing.spellings)))

        def said_by(said: Said) -> list[Piece]:
            if fold(said.who) in names:
                return said.pieces
            if said.turn or not any(fold(each) in names for each in said.who.split(", ")):
                return []
            chunk = said.chunk
            return _told_by(said, chunk, names) if chunk else []

        return said_by

    def _pick(self, aim: Aim, said: Said, wanted: Picks, found: Found) -> None:
        if aim.between and not aim.between.holds(self._moment(said)):
            return
        picked = wanted(said)
        if not picked:
            return
        if said.turn and (aim.kind == "turns" or not aim.is_of_sentences):
            found.turns.setdefault(said.place, set()).add(said.turn)
        elif aim.kind == "time":
            found.places.add(said.place)
        found.take(said.place, said.text, picked)
        if not aim.is_of_sentences and not said.turn:
            found.rare |= tokens(said.around) if found.holds(said) else set()

    def _moment(self, said: Said) -> str:
        """When it was said; of a file that says nothing of it, when it was last changed."""
        if said.when or said.turn:
            return utc(said.when)
        record = self._journal.file(said.place)
        if record is None:
            return ""
        from cairn.core.watch.sweep import moment_of

        return moment_of(record.mtime_ns)

    def _scope(self, aim: Aim, found: Found) -> Scope:
        going, parting = Lineage(self._memory, aim, found).follow()
        going |= found.entries
        spare_entries(aim, found, self._memory.tree, going, parting)
        if found.phrase:
            found.rare |= {found.phrase, " ".join(aim.value.casefold().split())}
        said = [each for places in found.said.values() for each in places.values()]
        whole = {
            chat for chat, numbers in found.turns.items() if self._is_whole(chat, numbers)
        } | found.chats  # fmt: skip
        bounds = (aim.between.since, aim.between.until) if aim.between else ("", "")
        return Scope(
            "f_" + secrets.token_hex(5), aim.kind,
            entries=tuple(sorted(going)),
            parting=tuple(sorted((id, tuple(uris)) for id, uris in parting.items()
                                 if id not in going)),
            places=tuple(sorted(each for each in found.places if not is_chat(each))),
            thinned=tuple(sorted(found.thinned - found.places)),
            chats=tuple(sorted(whole)),
            turns=tuple(sorted((chat, tuple(sorted(numbers)))
                               for chat, numbers in found.turns.items() if chat not in whole)),
            trimmed=tuple(sorted((chat, tuple(sorted(numbers)))
                                 for chat, numbers in found.trimmed.items())),
            said=tuple(dict.fromkeys(said)), runs=tuple(sorted(found.runs)),
            rare=tuple(sorted(found.rare)),
            words=plain(aim.value) if aim.kind == "words" and not aim.between else "",
            between=bounds if aim.kind == "time" else ("", ""),
            person=aim.value if aim.kind == "person" else "",
        )  # fmt: skip

    def _is_whole(self, chat: str, numbers: set[int]) -> bool:
        return {turn.number for turn in self._conversations.archive.turns(chat)} <= numbers


def _saying(words: str) -> Picks:
    named = Phrase(words)

    def saying(said: Said) -> list[Piece]:
        if not named.may_be_in(said):
            return []
        return [each for each in said.pieces if named.is_said(each.plain)]

    return saying


def _at(address: str) -> Picks:
    """What stands at a citation: the lines, pages or turns that it names."""
    uri, _, tail = address.partition("#")
    place = read_locator(tail)

    def standing(said: Said) -> list[Piece]:
        if said.turn:
            is_it = said.place == uri and place and place[1] <= said.turn <= place[2]
            return said.pieces if is_it else []
        if said.row is None or said.row.uri != uri:
            return []
        chunk = said.row.chunk
        if place is None:
            return said.pieces
        spans = ((each, chunk.part(each.start, each.end)) for each in said.pieces)
        return [
            each
            for each, span in spans
            if span.unit == place[0] and span.first <= place[2] and place[1] <= span.last
        ]

    return standing


def _told_by(said: Said, chunk: Chunk, names: set[str]) -> list[Piece]:
    """Of a passage in which several people speak: the turns of those who have these names."""
    starts = [offset for offset, _ in chunk.places] + [len(chunk.text)]
    found = []
    for start, end in pairwise(starts):
        speaker, colon, _ = chunk.text[start:end].partition(":")
        if colon and fold(speaker.strip()) in names:
            found += [each for each in said.pieces if start <= each.start and each.end <= end]
    return found
