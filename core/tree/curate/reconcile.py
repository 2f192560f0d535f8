"""Proposals → operations on the tree, and questions for its owner.

Called by the curation with what a curator proposes of one document or window. What is known
already becomes one more source; what contradicts is added and asked about; what a user wrote or
rejected is left alone. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from cairn.core.chats.addresses import is_chat
from cairn.core.recall.words import stems
from cairn.core.records import Entry, Relation, content_hash, digest, normalize
from cairn.core.tree.catalogue import Filed, about, container_of
from cairn.core.tree.curate.held import Held, day_of, grown_by, neighbours, what_of
from cairn.core.tree.curate.likeness import likeness, same_value
from cairn.core.tree.curate.material import Proposal
from cairn.core.tree.curate.subjects import Subjects
from cairn.core.tree.entries import derived_id, free_path, shorten
from cairn.core.tree.files import ARCHIVE, is_archived, spot
from cairn.core.tree.graph.renames import Renaming, renaming
from cairn.core.tree.ledger import Edit, Plan
from cairn.core.tree.markdown import parse, render, revise
from cairn.core.tree.place.known import Draft
from cairn.core.tree.place.shelf import Shelf
from cairn.core.tree.plan import Step
from cairn.core.tree.review import ReviewKind
from cairn.core.tree.tree import Tree
from cairn.core.uris import uri_path

SAME, _ALIKE = 0.8, 0.62
"""Shares of the words of two claims that they have in common. Reworded statements of one thing
reach the first; what only the second tells of is for a person to judge."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that waits for a person."""

    kind: ReviewKind
    key: str
    entries: tuple[str, ...]
    plan: tuple[Step, ...]
    reason: str


@dataclass(slots=True)
class Outcome:
    plans: list[Plan] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    settled: dict[str, str] = field(default_factory=dict)
    """The key of every proposal, with the entry that has it now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where proposals come from."""

    title: str
    project: str
    uri: str
    """Of the document, or the window of a conversation."""
    text: str
    """All that stands there now, normalized."""
    modified: str = ""
    """When it was last changed: an undated sentence is no younger. It says nothing of when it
    became true."""

    @property
    def name(self) -> str:
        """As a person would call it."""
        if is_chat(self.uri):
            return f"“{shorten(self.title)}”" if self.title else "a conversation"
        return uri_path(self.uri).name


def reconcile(
    tree: Tree, shelf: Shelf, proposals: Sequence[Proposal], place: Place, subjects: Subjects
) -> Outcome:
    return _Reconciling(tree, shelf, place, subjects).all(proposals)


def draft_of(entry: Entry, title: str, project: str) -> Draft:
    """What an entry's place is chosen by."""
    mentions = tuple(each.to for each in entry.relations if each.type == "mentions")
    where = container_of(entry.sources[0].uri) if entry.sources else ""
    return Draft(
        entry.kind, entry.title, entry.subject, entry.tags, mentions, where, title, project
    )


def claim_key(kind: str, body: str) -> str:
    """The same for a claim that is made again elsewhere, in the same words or nearly."""
    return digest("claim", kind, " ".join(sorted(stems(body))))


class _Reconciling:
    def __init__(self, tree: Tree, shelf: Shelf, place: Place, subjects: Subjects) -> None:
        self._tree = tree
        self._subjects = subjects
        self._shelf = shelf
        self._troubled = {trouble.path for trouble in tree.catalogue.troubles()}
        self._place = place
        self._held: dict[str, Held] = {}
        self._by_about: dict[str, list[str]] = {}
        self._by_subject: dict[tuple[str, str], list[str]] = {}
        self._paths: set[str] = set()
        self._outcome = Outcome()

    def all(self, proposals: Sequence[Proposal]) -> Outcome:
        for proposal in proposals:
            entry = self._entry(proposal)
            if same := self._same(entry):
                self._confirm(same, entry)
                self._ask_again(same, entry)
                self._outcome.settled[proposal.key] = same.entry.id
            else:
                self._add(entry, proposal)
                self._outcome.settled[proposal.key] = entry.id
            if one := renaming(entry.subject, entry.attribute, entry.value):
                self._compare(one)
        return self._outcome

    def _compare(self, one: Renaming) -> None:
        """What was said under the old name and under the new one, once they are known for one."""
        names = [name for each in (one.old, one.new) for name in self._subjects.of(each)]
        by_attribute: dict[str, list[Held]] = {}
        for filed in self._tree.catalogue.stating(names):
            if filed.entry.attribute != "name":
                by_attribute.setdefault(filed.entry.attribute, []).append(self._hold(filed))
        for held in by_attribute.values():
            ordered = sorted(held, key=lambda each: (each.day, each.entry.id))
            for before, after in pairwise(ordered):
                if before.entry.subject.casefold() != after.entry.subject.casefold():
                    self._ask_which_holds(before, after.entry)

    def _entry(self, proposal: Proposal) -> Entry:
        sources = tuple(
            replace(source, hash=source.hash or content_hash(source.quote))
            for source in proposal.sources
        )
        said = min(filter(None, (source.when for source in sources)), default="")
        return Entry(
            id=self._free_id(proposal.key),
            title=shorten(proposal.title),
            kind=proposal.kind,
            body=proposal.body,
            created=said or self._place.modified or self._tree.now()[:10],
            tags=proposal.tags,
            valid_from=proposal.valid_from or said[:10],
            valid_until=proposal.valid_until,
            relations=tuple(Relation("mentions", name) for name in proposal.mentions),
            sources=sources,
            origin=proposal.origin,
            author=proposal.author,
            subject=proposal.subject,
            attribute=proposal.attribute,
            value=proposal.value,
        )

    def _free_id(self, key: str) -> str:
        id, number = derived_id(key), 0
        while id in self._held or self._tree.ledger.latest(id) or self._tree.catalogue.get(id):
            number += 1
            id = derived_id(f"{key}{number}")
        return id

    # -- the same again

    def _same(self, entry: Entry) -> Held | None:
        """What says so already. A value that comes back after another one is news."""
        stated = {held.entry.id: held for held in self._about(entry)}
        near = neighbours(list(stated.values()), day_of(entry))
        for held in near:
            if entry.value and held.entry.value and same_value(held.entry.value, entry.value):
                return held
        for held in self._near(entry):
            is_apart = held.entry.id in stated and held not in near
            if not is_apart and self._likeness(held, entry) >= SAME:
                return self._kept(held)
        return None

    def _kept(self, held: Held) -> Held:
        """What was merged into another speaks through that."""
        if is_archived(held.path):
            for relation in held.entry.relations:
                kept = self._tree.catalogue.get(relation.to) if relation.type == "part_of" else None
                if kept and kept.entry.kind == held.entry.kind:
                    return self._hold(kept)
        return held

    def _near(self, entry: Entry) -> Iterable[Held]:
        """Entries that may say the same, what is planned among them."""
        found = self._of_subject(entry)
        found |= {held.entry.id: held for held in self._about(entry)}
        for source in entry.sources:
            for filed in self._tree.catalogue.quoting(source.hash):
                if filed.entry.kind == entry.kind:
                    held = self._hold(filed)
                    found[held.entry.id] = held
        return [self._held[id] for id in found if id != entry.id]

    def _likeness(self, held: Held, entry: Entry) -> float:
        ways = self._subjects.of(entry.subject) if entry.subject else ()
        is_same = held.entry.subject.casefold() in ways
        one = replace(entry, subject=held.entry.subject) if is_same else entry
        return likeness(held.entry, one)

    def _of_subject(self, entry: Entry) -> dict[str, Held]:
        names = self._subjects.of(entry.subject) if entry.subject else ("",)
        filed = [e for name in names for e in self._tree.catalogue.of_subject(name, entry.kind)]
        planned = [id for name in names for id in self._by_subject.get((entry.kind, name), [])]
        held = [self._hold(each) for each in filed] + [self._held[id] for id in planned]
        return {each.entry.id: each for each in held}

    def _about(self, entry: Entry) -> list[Held]:
        keys = self._subjects.keys(entry.subject, entry.attribute)
        filed = self._tree.catalogue.about_any(keys)
        planned = [id for key in keys for id in self._by_about.get(key, [])]
        held = {each.entry.id: self._hold(each) for each in filed}
        held |= {id: self._held[id] for id in planned}
        return list(held.values())

    def _hold(self, filed: Filed) -> Held:
        id = filed.entry.id
        if id not in self._held:
            self._held[id] = Held(filed.entry, filed.path, filed=filed)
        return self._held[id]

    def _is_users(self, held: Held) -> bool:
        """Has the user a hand in it, be it that the file can't be understood just now?"""
        is_own = held.entry.author == "user" or held.path in self._troubled
        return is_own or self._tree.ledger.is_users(held.entry.id)

    def _text(self, held: Held) -> str:
        return held.text or (self._tree.text(held.filed) if held.filed else "")

    def _confirm(self, held: Held, entry: Entry) -> None:
        if self._is_users(held):
            return
        path = held.path
        if is_archived(path):
            if self._tree.ledger.is_placed(held.entry.id):
                return  # a person has put it there
            back = path.removeprefix(f"{ARCHIVE}/")
            path = path if self._is_taken(back) else back
        grown = grown_by(held.entry, entry)
        if grown == held.entry and path == held.path:
            return
        before = self._text(held)
        text = revise(before, parse(before, grown.id, ""), grown)
        edit = Edit(grown.id, held.path, before, path, text)
        uris = tuple(source.uri for source in entry.sources)
        self._plan(Plan("UPDATE", (edit,), "it was said again", entry.author, uris))
        self._keep(Held(grown, path, text))

    def _ask_again(self, held: Held, entry: Entry) -> None:
        """Filed before a crash came, perhaps, and not asked about yet."""
        if all(source in held.entry.sources for source in entry.sources):
            others = [each for each in self._about(entry) if each.entry.id != held.entry.id]
            for other in neighbours(others, held.day):
                self._ask_which_holds(other, held.entry)

    # -- something new

    def _add(self, entry: Entry, proposal: Proposal) -> None:
        draft = draft_of(entry, self._place.title, self._place.project)
        folder = self._shelf.choose(draft)
        path = free_path(folder, entry.title, self._is_taken)
        self._shelf.put(entry.id, folder, draft)
        others = self._about(entry)
        text = render(entry)
        uris = tuple(source.uri for source in entry.sources)
        edit = Edit(entry.id, "", "", path, text)
        self._plan(Plan("ADD", (edit,), f"found in {self._place.name}", entry.author, uris))
        self._keep(Held(entry, path, text))
        for held in neighbours(others, day_of(entry)):
            if self._was_rewritten(held):
                self._supersede(held, entry)
            else:
                self._ask_which_holds(held, entry)
        if not others:
            self._ask_to_merge(entry)

    def _was_rewritten(self, held: Held) -> bool:
        """Did the document itself say the one before, and no longer does? Then nobody need judge
        which of the two holds."""
        is_over = not is_chat(self._place.uri) and no_longer_says(held.entry, self._place)
        return is_over and not held.entry.valid_until and not self._is_users(held)

    def _supersede(self, held: Held, entry: Entry) -> None:
        said = entry.valid_from
        changed = self._place.modified or self._tree.now()[:10]
        since = said if said > held.day else max(changed, held.day)
        ended = replace(held.entry, valid_until=held.entry.valid_until or since)
        begun = replace(
            entry, valid_from=since,
            relations=(*entry.relations, Relation("supersedes", held.entry.id)),
        )  # fmt: skip
        edits = []
        for before, after in ((held, ended), (self._held[entry.id], begun)):
            was = self._text(before)
            text = revise(was, parse(was, after.id, ""), after)
            edits.append(Edit(after.id, before.path, was, before.path, text))
            self._keep(Held(after, before.path, text))
        uris = tuple(source.uri for source in entry.sources)
        reason = "its document was changed and says otherwise now"
        self._plan(Plan("SUPERSEDE", tuple(edits), reason, entry.author, uris))

    def _plan(self, plan: Plan) -> None:
        self._outcome.plans.append(plan)

    def _keep(self, held: Held) -> None:
        entry = held.entry
        self._held[entry.id] = held
        self._paths.add(spot(held.path))
        subjects = self._by_subject.setdefault((entry.kind, entry.subject.casefold()), [])
        if entry.id not in subjects:
            subjects.append(entry.id)
        if key := about(entry.subject, entry.attribute):
            same = self._by_about.setdefault(key, [])
            if entry.id not in same:
                same.append(entry.id)

    def _is_taken(self, path: str) -> bool:
        return (
            spot(path) in self._paths
            or self._tree.catalogue.holder(path) != ""
            or self._tree.files.stamp(path) is not None
        )

    def _ask_which_holds(self, held: Held, entry: Entry) -> None:
        old, new = held.entry, entry
        if old.valid_until or not old.value or not new.value:
            return
        if old.id == new.id or same_value(old.value, new.value):
            return
        if held.day > day_of(entry):
            old, new = new, old
        key = digest(*sorted((old.id, new.id)))
        step = Step("supersede", (old.id, new.id))
        told = f"{what_of(old)}: “{old.value}” or “{new.value}”"
        if held.day == day_of(entry) or not (held.entry.valid_from and entry.valid_from):
            self._ask("contradiction", key, (old.id, new.id), step, f"{told}?")
        else:
            since = new.valid_from[:10]
            reason = f"{what_of(old)} was “{old.value}”; since {since} it is “{new.value}”"
            self._ask("supersede", key, (old.id, new.id), step, reason)

    def _ask_to_merge(self, entry: Entry) -> None:
        for held in self._near(entry):
            if self._likeness(held, entry) >= _ALIKE and not is_archived(held.path):
                ids = (held.entry.id, entry.id)
                reason = f"“{held.entry.title}” and “{entry.title}” may be the same"
                self._ask("merge", digest(*sorted(ids)), ids, Step("merge", ids), reason)
                return

    def _ask(
        self, kind: ReviewKind, key: str, ids: tuple[str, ...], step: Step, reason: str
    ) -> None:
        self._outcome.questions.append(Question(kind, key, ids, (step,), reason))


def no_longer_says(entry: Entry, place: Place) -> bool:
    """Does an entry rest on a document alone in which its words stand no more?"""
    return bool(entry.sources) and all(
        container_of(source.uri) == container_of(place.uri)
        and normalize(source.quote) not in place.text
        for source in entry.sources
    )
