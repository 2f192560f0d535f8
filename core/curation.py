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
from cairn.core.records import normalize
from cairn.core.tree import letting_go
from cairn.core.tree.catalogue import container_of
from cairn.core.tree.curate.gathering import Gathering
from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.reconcile import Outcome, Place, claim_key, draft_of, reconcile
from cairn.core.tree.curate.rules import propose
from cairn.core.tree.graph.asked import Asked, Picture, picture
from cairn.core.tree.graph.found import Found
from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.names import find_names
from cairn.core.tree.graph.store import Things
from cairn.core.tree.life.ageing import importance
from cairn.core.tree.life.signals import Life
from cairn.core.tree.markdown import Broken, parse
from cairn.core.tree.noticing import notice
from cairn.core.tree.place.known import Known
from cairn.core.tree.review import Reviews
from cairn.core.tree.tree import Changed, Tree

_TRIES = 3


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
        self._known: Known | None = None
        self._graph: Graph | None = None
        self._graph_lock = threading.RLock()
        self.reviews = Reviews(journal)
        self.life = Life(journal)
        self.things = Things(journal)

    def take(self, job: Job, index: Index) -> None:
        """Read what one job names and file what is worth it."""
        if not self._settings.enabled:
            return
        utterances = self.gather(job.key, index)
        self._note_names(job.key, find_names(utterances))
        self.file_all(job.key, utterances, propose(utterances))
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
        self._file(self.fresh(proposals), Place(*self._about(uri, utterances), uri, stays))

    def fresh(self, proposals: Iterable[Proposal]) -> list[Proposal]:
        """Those that were neither filed nor rejected before."""
        kept = []
        for proposal in proposals:
            keys = (proposal.key, claim_key(proposal.kind, proposal.body))
            sql = "SELECT 1 FROM proposals WHERE key = ? OR (key = ? AND state = 'rejected')"
            if not self._journal.read(sql, *keys):
                kept.append(proposal)
        return kept

    def _file(self, proposals: Sequence[Proposal], place: Place) -> None:
        """Make entries of proposals, on the tree as it is: a user's edit meanwhile comes first."""
        for attempt in range(_TRIES):
            if not proposals or self._private.is_on:
                return
            try:
                outcome = reconcile(self._tree, self.known, proposals, place)
                self._tree.commit(outcome.plans)
                return self._note(proposals, outcome)
            except Changed:
                self._known = None
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
            if self._graph:
                self._graph.note_containers(touched)

    def note_entries(self, ids: Sequence[str]) -> None:
        """Entries were made, changed or removed: what they say of names counts."""
        filed = self._tree.catalogue.many(ids)
        named = ("person", "project")
        with self._graph_lock:
            if any(id not in filed or filed[id].entry.kind in named for id in ids):
                touched = self.things.follow_entries()
                if self._graph:
                    self._graph.note_containers(touched)
            if graph := self._graph:
                for id in ids:
                    graph.note_entry(id) if id in filed else graph.drop_entry(id)

    def picture(self, asked: Asked) -> Picture:
        """What the graph of people, things, folders, entries and documents says of a name. It is
        loaded once, then kept in step."""
        with self._graph_lock:
            if self._graph is None:
                self._graph = Graph.load(self._journal)
            return picture(self._graph, self._journal, asked)

    # -- what leaves

    def let_go(self, uri: str) -> None:
        """A document or conversation is withdrawn: what rests on it alone goes with it."""
        self._note_names(uri, ())
        container = container_of(uri)
        for _ in range(_TRIES):
            try:
                plans = letting_go.plans(self._tree, {container}, "its source was withdrawn")
                if plans:
                    self._tree.commit(plans)
                    self._known = None
                with self._journal.write() as db:  # to be found anew, should it come back
                    sql = "DELETE FROM proposals WHERE container = ? AND state = 'filed'"
                    db.execute(sql, (container,))
                return
            except Changed:
                notice(self._tree)

    def reject(self, entries: Iterable[str]) -> None:
        """Never propose again what a person has thrown out, wherever it is said."""
        keys = []
        for id in entries:
            edit = self._tree.ledger.latest(id)
            try:
                entry = parse(edit.after or edit.before, id, "") if edit else None
            except Broken:
                continue
            if entry:
                keys.append((claim_key(entry.kind, entry.body), id))
        at = self._tree.now()
        with self._journal.write() as db:
            sql = "INSERT OR REPLACE INTO proposals VALUES (?, '', 'rejected', ?, ?)"
            db.executemany(sql, [(key, id, at) for key, id in keys])

    def allow(self, entries: Iterable[str]) -> None:
        """What was thrown out has been brought back."""
        with self._journal.write() as db:
            sql = "DELETE FROM proposals WHERE state = 'rejected' AND entry = ?"
            db.executemany(sql, [(id,) for id in entries])

    def _about(self, uri: str, utterances: Sequence[Utterance]) -> tuple[str, str]:
        """Title and project of a conversation; where a file lies says more than its title."""
        first = next(iter(utterances), None)
        return (first.title, first.project) if first and is_chat(uri) else ("", "")

    @property
    def known(self) -> Known:
        """What is filed where; counted once, then kept in step."""
        if self._known is None:
            self._known = Known()
            about = {
                conversation.uri: (conversation.title, conversation.project)
                for conversation in self._archive.conversations()
            }
            for filed in self._tree.catalogue.all(archived=False):
                draft = draft_of(filed.entry, "", "")
                title, project = about.get(draft.container, ("", ""))
                draft = draft_of(filed.entry, title, project)
                self._known.note(filed.folder, draft, by_hand=filed.entry.author == "user")
        return self._known

    def lose_count(self) -> None:
        """Somebody else has moved entries."""
        self._known = None
