"""From what is indexed to entries of the tree: jobs in, operations and questions out.

Driven by the indexing, after everything else. A document or window is read once for each change;
its proposals are known by their words and place, so that a repeated job changes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from cairn.core.chats.addresses import is_chat
from cairn.core.chats.archive import Archive
from cairn.core.config import Curate
from cairn.core.index import Index
from cairn.core.journal import Job, Journal
from cairn.core.private import PrivateMode
from cairn.core.records import Entry, normalize
from cairn.core.tombstones import Tombstones
from cairn.core.tree import letting_go
from cairn.core.tree.catalogue import Filed, container_of
from cairn.core.tree.curate.gathering import Gathering
from cairn.core.tree.curate.likeness import agree, likeness
from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.reconcile import (
    SAME,
    Outcome,
    Place,
    claim_key,
    draft_of,
    no_longer_says,
    reconcile,
)
from cairn.core.tree.curate.rules import propose
from cairn.core.tree.curate.subjects import Subjects
from cairn.core.tree.graph.asked import Asked, Picture, picture
from cairn.core.tree.graph.found import Found
from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.name_words import fold
from cairn.core.tree.graph.names import entry_names, find_names
from cairn.core.tree.graph.renames import names_told, renaming
from cairn.core.tree.graph.store import Thing, Things
from cairn.core.tree.life.ageing import importance
from cairn.core.tree.life.signals import Life
from cairn.core.tree.markdown import Broken, parse
from cairn.core.tree.namesakes import ask_about
from cairn.core.tree.noticing import notice
from cairn.core.tree.place.shelf import Shelf
from cairn.core.tree.review import Reviews
from cairn.core.tree.tree import Changed, Tree
from cairn.core.uris import INSIDE

_TRIES = 3
_AT_ONCE = 400


class Curation:
    def __init__(
        self,
        tree: Tree,
        journal: Journal,
        archive: Archive,
        gathering: Gathering,
        private: PrivateMode,
        settings: Curate,
    ) -> None:
        self._tree = tree
        self._journal = journal
        self._archive = archive
        self._gathering = gathering
        self._private = private
        self._settings = settings
        self._shelf: Shelf | None = None
        self._graph: Graph | None = None
        self._graph_lock = threading.RLock()
        self._rejected: tuple[tuple[str, ...], list[Entry]] = ((), [])
        self._tombstones = Tombstones(journal)
        self.reviews = Reviews(journal)
        self.life = Life(journal)
        self.things = Things(journal)

    def take(self, job: Job, index: Index) -> None:
        """Read what one job names and file what is worth it."""
        if not self._settings.enabled:
            return
        utterances = self.gather(job.key, index)
        proposals = propose(utterances)
        self._note_names(job.key, _with_new_names(find_names(utterances), proposals))
        self.file_all(job.key, utterances, proposals)
        if utterances:
            with self._journal.write() as db:  # for a model, some day when nothing else is to do
                sql = "INSERT OR IGNORE INTO jobs(kind, key, event, state) VALUES "
                db.execute(sql + "('consider', ?, ?, 'idle')", (job.key, job.event))

    def gather(self, uri: str, index: Index) -> list[Utterance]:
        return self._gathering(uri, index)

    def file_all(
        self, uri: str, utterances: Sequence[Utterance], proposals: Iterable[Proposal]
    ) -> None:
        """File what was proposed of one document or window, as far as it is new."""
        stays = " ".join(normalize(each.text) for each in utterances)
        modified = self._gathering.modified(uri)
        place = Place(*self._about(uri, utterances), uri, stays, modified)
        self._file(self.fresh(proposals, place), place)

    def fresh(self, proposals: Iterable[Proposal], place: Place) -> list[Proposal]:
        """Those neither filed, rejected nor forgotten before, or that stand there once more."""
        found = list(proposals)
        claims = {proposal.key: claim_key(proposal.kind, proposal.body) for proposal in found}
        filed = self._entries_of([*claims, *claims.values()])
        rewritten = self._rewritten([filed[key] for key in claims if key in filed], place)
        thrown_out = self._thrown_out()
        return [
            proposal
            for proposal in found
            if (proposal.key not in filed or filed[proposal.key] in rewritten)
            and claims[proposal.key] not in filed
            and not self._tombstones.has_claim(proposal.key, claims[proposal.key])
            and not self._tombstones.spans(proposal.body, place.uri)
            and not any(_is_same(each, proposal) for each in thrown_out)
        ]

    def _entries_of(self, keys: Iterable[str]) -> dict[str, str]:
        """The entry that each of these keys has come to, where it was filed."""
        wanted = sorted(set(keys))
        found: dict[str, str] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            sql = f"SELECT key, entry FROM proposals WHERE key IN ({marks})"
            found |= {str(key): str(id) for key, id in self._journal.read(sql, *part)}
        return found

    def _rewritten(self, entries: Iterable[str], place: Place) -> set[str]:
        """Entries of a document that said otherwise for a while: what superseded them is gone."""
        if is_chat(place.uri):
            return set()
        newer = self._tree.catalogue.successors(entries)
        return {old for old, new in newer.items() if no_longer_says(new.entry, place)}

    def _thrown_out(self) -> list[Entry]:
        """What a person has rejected, as it was then; what has been brought back is not."""
        sql = "SELECT entry FROM proposals WHERE state IN ('rejected', 'gone') ORDER BY key"
        ids = tuple(str(id) for (id,) in self._journal.read(sql))
        if self._rejected[0] != ids:
            self._rejected = ids, list(filter(None, map(self._last_of, ids)))
        there = self._tree.catalogue.many(ids)
        return [
            each for each in self._rejected[1] if each.id not in there or there[each.id].is_archived
        ]

    def _last_of(self, id: str) -> Entry | None:
        """An entry as history has it last."""
        edit = self._tree.ledger.latest(id)
        try:
            return parse(edit.after or edit.before, id, "") if edit else None
        except Broken:
            return None

    def _file(self, proposals: Sequence[Proposal], place: Place) -> None:
        """Make entries of proposals, on the tree as it is: a user's edit meanwhile comes first."""
        for attempt in range(_TRIES):
            if not proposals or self._private.is_on:
                return
            try:
                with self._tree.lock:  # what is planned on must be what is changed
                    subjects = Subjects(self.things)
                    outcome = reconcile(self._tree, self.shelf, proposals, place, subjects)
                    self._tree.commit(outcome.plans)
                return self._note(proposals, outcome)
            except Changed:
                self._shelf = None  # what was planned has not come to be
                notice(self._tree)
                if attempt + 1 == _TRIES:
                    raise

    def _note(self, proposals: Sequence[Proposal], outcome: Outcome) -> None:
        at = self._tree.now()
        sure = {proposal.key: proposal for proposal in proposals}
        matters = {
            entry: importance(sure[key].kind, sure[key].origin, sure[key].certainty)
            for key, entry in outcome.settled.items()
        }
        filed = self._tree.catalogue.many(matters)
        with self._journal.write() as db:
            db.executemany(
                "INSERT OR REPLACE INTO proposals VALUES (?, ?, 'filed', ?, ?)",
                [
                    (key, container_of(sure[key].sources[0].uri), entry, at)
                    for key, entry in outcome.settled.items()
                ],
            )
            self.life.begin(matters, at, db)
            self.life.confirm({id: each.entry.sources for id, each in filed.items()}, at, db)
            for each in outcome.questions:
                self.reviews.ask(each.kind, each.key, each.entries, each.plan, each.reason, at, db)

    # -- names and the graph

    def _note_names(self, container: str, found: Iterable[Found]) -> None:
        with self._graph_lock:
            touched = self.things.note(container, found)
            if self._graph is not None:
                self._graph.note_containers(touched)
        if touched:
            self._ask_about(self.things.of(container))

    def _ask_about(self, people: Iterable[Thing]) -> None:
        ask_about(people, self.things, self._tree.catalogue, self.reviews, self._tree.now())

    def note_entries(self, ids: Sequence[str]) -> None:
        """Entries were made, changed or removed: what they say of names counts."""
        filed = self._tree.catalogue.many(ids)
        if shelf := self._shelf:
            for id in ids:
                self._follow(shelf, id, filed.get(id))
        for id in ids:
            if id not in filed or filed[id].entry.author == "user":  # whose names nobody has noted
                self._note_names(id, entry_names(filed[id].entry) if id in filed else ())
        with self._graph_lock:
            if any(id not in filed or _names_something(filed[id].entry) for id in ids):
                touched = self.things.follow_entries()
                if self._graph is not None:
                    self._graph.note_containers(touched)
            pages = [each.entry.title for each in filed.values() if each.entry.kind == "person"]
            self._ask_about(one for title in pages for one in self.things.find(title))
            if (graph := self._graph) is not None:
                for id in ids:
                    graph.note_entry(id) if id in filed else graph.drop_entry(id)

    def picture(self, asked: Asked) -> Picture:
        """What the graph of people, things, folders, entries and documents says of a name. It is
        loaded once, then kept in step."""
        with self._graph_lock:
            if self._graph is None:
                self._graph = Graph.load(self._journal)
            return picture(self._graph, self._journal, asked)

    def look_again(self) -> None:
        """Count and load anew what was stored by somebody else."""
        with self._tree.lock, self._graph_lock:
            self._shelf = self._graph = None

    # -- what leaves

    def let_go(self, uri: str) -> None:
        """A document or conversation is withdrawn: what rests on it alone goes with it."""
        self._note_names(uri, ())
        container = container_of(uri)
        for attempt in range(_TRIES):
            try:
                plans = letting_go.plans(self._tree, {container}, "its source was withdrawn")
                if plans:
                    self._tree.commit(plans)
                return self._forget_proposals(container)
            except Changed:
                notice(self._tree)
                if attempt + 1 == _TRIES:
                    raise

    def _forget_proposals(self, container: str) -> None:
        """To be found anew, should it come back."""
        inside = container + INSIDE
        with self._journal.write() as db:
            sql = "DELETE FROM proposals WHERE container = ? AND state = 'filed'"
            db.execute(sql, (container,))
            sql = "DELETE FROM jobs WHERE kind = 'consider' AND (key = ? OR substr(key, 1, ?) = ?)"
            db.execute(sql, (container, len(inside), inside))

    def reject(self, entries: Iterable[str]) -> None:
        """Never propose again what a person has called wrong, wherever it is said."""
        self._reject(entries, "INSERT OR REPLACE", "rejected")

    def miss(self, entries: Iterable[str]) -> None:
        """Nor what they have deleted, which calls nothing wrong: the file may only be away."""
        self._reject(entries, "INSERT OR IGNORE", "gone")

    def _reject(self, entries: Iterable[str], insert: str, state: str) -> None:
        thrown_out = filter(None, map(self._last_of, entries))
        at = self._tree.now()
        rows = [(claim_key(each.kind, each.body), state, each.id, at) for each in thrown_out]
        with self._journal.write() as db:
            db.executemany(f"{insert} INTO proposals VALUES (?, '', ?, ?, ?)", rows)

    def allow(self, entries: Iterable[str]) -> None:
        """Those of these that are in the tree again, and not in its archive."""
        there = self._tree.catalogue.many(entries)
        with self._journal.write() as db:
            sql = "DELETE FROM proposals WHERE state IN ('rejected', 'gone') AND entry = ?"
            db.executemany(sql, [(id,) for id, filed in there.items() if not filed.is_archived])

    def _about(self, uri: str, utterances: Sequence[Utterance]) -> tuple[str, str]:
        """Title and project of a conversation; where a file lies says more than its title."""
        first = next(iter(utterances), None)
        return (first.title, first.project) if first and is_chat(uri) else ("", "")

    @property
    def shelf(self) -> Shelf:
        """What is filed where; counted once, then kept in step."""
        if self._shelf is None:
            self._shelf = Shelf()
            about = {
                conversation.uri: (conversation.title, conversation.project)
                for conversation in self._archive.conversations()
            }
            placed = self._tree.ledger.placed()
            for filed in self._tree.catalogue.all(archived=False):
                title, project = about.get(_origin(filed), ("", ""))
                self._put(self._shelf, filed, title, project, filed.entry.id in placed)
        return self._shelf

    def _follow(self, shelf: Shelf, id: str, filed: Filed | None) -> None:
        if filed is None or filed.is_archived:
            return shelf.drop(id)
        conversation = self._archive.conversation(_origin(filed))
        title, project = (conversation.title, conversation.project) if conversation else ("", "")
        self._put(shelf, filed, title, project, self._tree.ledger.is_placed(id))

    def _put(self, shelf: Shelf, filed: Filed, title: str, project: str, placed: bool) -> None:
        by_hand = placed or filed.entry.author == "user"
        draft = draft_of(filed.entry, title, project)
        shelf.put(filed.entry.id, filed.folder, draft, by_hand=by_hand)


def _origin(filed: Filed) -> str:
    """The document or conversation that an entry comes from."""
    sources = filed.entry.sources
    return container_of(sources[0].uri) if sources else ""


def _names_something(entry: Entry) -> bool:
    return entry.kind in ("person", "project") or entry.attribute == "name"


def _with_new_names(found: Sequence[Found], proposals: Iterable[Proposal]) -> list[Found]:
    """What a sentence says is a name is one, though it be told once only."""
    known = {fold(one.spelling) for one in found}
    told = [
        each
        for one in proposals
        if (new := renaming(one.subject, one.attribute, one.value))
        for each in names_told(new, one.sources[0].uri, one.sources[0].when)
    ]
    return [*found, *(each for each in told if fold(each.spelling) not in known)]


def _is_same(entry: Entry, proposal: Proposal) -> bool:
    return entry.kind == proposal.kind and (
        agree(entry, proposal) or likeness(entry, proposal) >= SAME
    )
