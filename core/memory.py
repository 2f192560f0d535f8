"""The tree as people use it: what is kept, why, since when; changing it, and taking that back.

The engine's door to entries. Reads come from the catalogue and the journal; every change is an
operation of the user's, who is never asked twice and always wins over a curator.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cairn.core.curation import Curation
from cairn.core.errors import ConfigError, NotFound, Unavailable
from cairn.core.journal import Journal
from cairn.core.locate import read_locator
from cairn.core.private import PrivateMode
from cairn.core.records import Entry, Origin, Unit
from cairn.core.redact import redact
from cairn.core.tombstones import Tombstones
from cairn.core.tree import deeds
from cairn.core.tree.catalogue import Filed, Trouble
from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules import propose
from cairn.core.tree.entries import INBOX, free_path, thought
from cairn.core.tree.ledger import Edit, Operation, Plan, difference
from cairn.core.tree.life.settling import mature
from cairn.core.tree.life.signals import Note, Signals
from cairn.core.tree.markdown import Broken, parse, render
from cairn.core.tree.noticing import notice
from cairn.core.tree.plan import Step
from cairn.core.tree.review import Review, Verdict
from cairn.core.tree.tree import Changed, Tree
from cairn.core.tree.undoing import restore_plan, undo_plan
from cairn.core.uris import uri_path

_LONGEST_THOUGHT = 1_000_000
_NEAR, _FAR = 3, 1 << 40


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry with all that is known of it."""

    filed: Filed
    text: str
    """The file as it stands there."""
    signals: Signals | None
    reviews: tuple[Review, ...]
    """Open questions about it."""
    history: tuple[Operation, ...]
    """The latest first."""
    successors: tuple[str, ...]
    """Ids of entries that supersede it."""


class Memory:
    def __init__(
        self,
        tree: Tree,
        journal: Journal,
        curation: Curation,
        private: PrivateMode,
        clock: Callable[[], datetime],
    ) -> None:
        self.tree = tree
        self.curation = curation
        self.tombstones = Tombstones(journal)
        self._journal = journal
        self._private = private
        self._clock = clock

    # -- what is kept

    def find(self, name: str) -> Filed:
        """By id, path, file name or title."""
        path = Path(os.path.expanduser(name))  # which leaves the `~name` of nobody as it is
        if path.is_absolute() and path.is_relative_to(self.tree.files.root):
            name = path.relative_to(self.tree.files.root).as_posix()
        name = name.strip()
        if trouble := next((each for each in self.troubles() if each.path == name), None):
            raise ConfigError(f"{name} is not read as an entry: {trouble.reason}", "correct it")
        found = self.tree.catalogue.named(name) or self.tree.catalogue.called(name)
        if not found:
            raise NotFound(f"there is no entry {name!r}", "`cairn tree` lists them")
        if len(found) > 1:
            some = ", ".join(f"{each.entry.id} ({each.entry.title})" for each in found[:5])
            raise ConfigError(
                f"{len(found)} entries may be meant by {name!r}", f"say which: {some}"
            )
        return found[0]

    def kept(self, name: str) -> Kept:
        filed = self.find(name)
        id = filed.entry.id
        open_ones = tuple(r for r in self.curation.reviews.about(id) if r.state == "open")
        successors = self._journal.read(
            "SELECT entry FROM entry_relations WHERE target = ? AND type = 'supersedes'", id
        )
        return Kept(
            filed, self._text(filed), self.curation.life.get(id), open_ones,
            tuple(self.tree.ledger.log(id, 20)), tuple(str(each) for (each,) in successors),
        )  # fmt: skip

    def _text(self, filed: Filed) -> str:
        try:
            return self.tree.files.read(filed.path) or ""
        except Broken:  # its trouble is listed
            return ""

    def troubles(self) -> list[Trouble]:
        return self.tree.catalogue.troubles()

    def given_up(self) -> list[tuple[str, str]]:
        """Addresses that could not be looked through for entries, and why."""
        sql = "SELECT key, error FROM jobs WHERE kind = 'curate' AND state = 'dead' ORDER BY key"
        return [(str(uri), str(error)) for uri, error in self._journal.read(sql)]

    def at(self, address: str) -> Filed | None:
        """The entry whose own file an address is in."""
        if not address.startswith("file:"):
            return None
        name = self.tree.files.relative(uri_path(address))
        return self.tree.catalogue.at(name) if name else None

    def resting_on(self, address: str) -> list[Filed]:
        """Entries that rest on a place in a document or conversation, or right beside it."""
        uri, _, tail = address.partition("#")
        place = read_locator(tail)
        found = [
            (gap, filed.path, filed)
            for filed in self.tree.catalogue.from_source(uri)
            for gap in [min(_gap(source.uri, uri, place) for source in filed.entry.sources)]
            if gap <= _NEAR
        ]
        closest = min((gap for gap, _, _ in found), default=0)
        ranked = sorted(found, key=lambda each: each[:2])
        return [filed for gap, _, filed in ranked if gap == closest]

    # -- history

    def log(self, name: str = "", limit: int = 20, before: int = 0) -> list[Operation]:
        """The latest operations first; of an entry that is gone too, by its id."""
        if name and not self.tree.ledger.latest(name):
            name = self.find(name).entry.id
        return self.tree.ledger.log(name, limit, before)

    def diff(self, id: int) -> str:
        """What an operation changed, as people read differences of texts."""
        return difference(self.tree.ledger.operation(id).edits)

    def undoing(self, id: int) -> str:
        """What taking an operation back would change."""
        return difference(undo_plan(self.tree, id).edits)

    def undo(self, id: int | None = None) -> Operation:
        """Take one back, or the user's latest; an undone addition is not proposed again."""
        if id is None:
            self.notice()  # what they have just done to a file is theirs as well
        latest = self.tree.ledger.users_latest
        done = self._do(lambda: undo_plan(self.tree, latest() if id is None else id))
        known = self.tree.catalogue.many(done.entries)
        self.curation.reject(edit.entry for edit in done.edits if _is_curators(edit, known))
        self.curation.allow(done.entries)
        if review := self.curation.reviews.of_operation(done.undoes):
            self.curation.reviews.reopen(review.id, self.tree.now())
        return done

    def as_of(self, moment: datetime) -> Plan:
        """What it takes to have the tree as it was."""
        if moment > self._clock():
            raise ConfigError("that moment is still to come", "name one in the past")
        return restore_plan(self.tree, moment.astimezone(UTC).isoformat(timespec="milliseconds"))

    def restore_as_of(self, moment: datetime) -> Operation:
        """The tree as it was; itself an operation that can be undone."""
        done = self._do(lambda: self.as_of(moment))
        self.curation.allow(done.entries)
        return done

    # -- changing

    def remember(
        self, text: str, origin: Origin = "user", request: str = ""
    ) -> tuple[Path, tuple[str, ...]]:
        """Keep a thought in the inbox; the kinds of secrets that were left out. What somebody else
        says is filed as theirs, and nobody vouches for it. A `request` that comes again, as its
        answer was lost, keeps nothing twice."""
        if not text.strip():
            raise ConfigError(
                "there is nothing to remember", 'try `echo "a thought" | cairn remember -`'
            )
        if len(text) > _LONGEST_THOUGHT:
            raise ConfigError(
                f"the thought has {len(text)} characters, more than {_LONGEST_THOUGHT}",
                "save it as a file in a watched folder instead",
            )
        try:
            text.encode()
        except UnicodeEncodeError as error:  # nobody would notice that letters are missing
            raise ConfigError("the thought is not UTF-8 text", "nothing was kept") from error
        clean = redact(text.replace("\0", ""))
        if origin != "user" and self.tombstones.spans(clean.text, ""):
            raise ConfigError(
                "the user has had this forgotten", "only they can have it remembered again"
            )
        at = self._clock().astimezone().isoformat(timespec="seconds")
        kept, is_user = thought(clean.text, at, request), origin == "user"
        entry = _understood(kept) if is_user else replace(kept, origin=origin, author=origin)

        def plan() -> Plan:
            path = free_path(INBOX, f"{entry.created[:10]} {entry.title}", self._is_taken)
            return Plan("ADD", (Edit(entry.id, "", "", path, render(entry)),), "remembered", origin)

        edit = self.tree.ledger.latest(entry.id) if request else None
        if edit is None:
            (edit,) = (self._do(plan) if is_user else self._commit(plan)).edits
        kinds = tuple(dict.fromkeys(found.kind for found in clean.found))
        return self.tree.files.path(edit.path_after), kinds

    def edit(self, name: str, text: str) -> Operation:
        id = self.find(name).entry.id
        return self._do(lambda: deeds.rewrite(self.tree, id, text))

    def move(self, name: str, to: str) -> Operation:
        id = self.find(name).entry.id
        return self._do(lambda: deeds.move(self.tree, id, to))

    def merge(self, names: Sequence[str]) -> Operation:
        """The first one stays, with what the others rest on."""
        ids = [self.find(name).entry.id for name in names]
        return self._do(lambda: deeds.merge(self.tree, ids, "merged by hand"), ids[0], ids[1:])

    def archive(self, names: Iterable[str], reason: str = "put away by hand") -> Operation:
        ids = [self.find(name).entry.id for name in names]
        return self._do(lambda: deeds.archive(self.tree, ids, reason))

    def throw_out(self, names: Iterable[str]) -> Operation:
        """What is wrong goes to the archive and is not proposed again."""
        ids = [self.find(name).entry.id for name in names]
        done = self._do(lambda: deeds.archive(self.tree, ids, "it is wrong"))
        self.curation.reject(ids)
        return done

    def end(self, name: str, until: str) -> Operation:
        """It was true until a day."""
        entry = replace(self.find(name).entry, valid_until=until)
        return self._do(lambda: deeds.revise_entry(self.tree, entry, f"true until {until}"))

    def bring_back(self, name: str) -> Operation:
        id = self.find(name).entry.id
        done = self._do(lambda: deeds.bring_back(self.tree, id, "brought back by hand"))
        self.curation.allow([id])
        return done

    # -- questions

    def review(self, id: int, verdict: Verdict, text: str = "") -> Operation | None:
        """Carry out what a person decides; `edit` puts a text of theirs in the newer entry's place
        before the plan is carried out."""
        self._private.refuse("nothing is decided now")
        with self.tree.lock:  # whoever else answers comes after it
            review = self.curation.reviews.waiting(id)
            done: Operation | None = None
            if verdict == "edit":
                done = self.edit(review.entries[-1], text)
            if verdict in ("accept", "edit"):
                for step in review.plan:
                    done = self._carry_out(step, review.reason) or done
            elif verdict == "reject" and review.kind in ("supersede", "contradiction"):
                newer = review.entries[-1]  # what it said was wrong
                self.curation.reject([newer])
                done = self._carry_out(Step("archive", (newer,)), "rejected in review")
            at = self.tree.now()
            self.curation.reviews.decide(id, verdict, at, done.id if done else 0)
        if verdict == "accept" and all(step.do == "promote" for step in review.plan):
            self._vouch(review.entries[-1:], at)  # there was nothing to do but to say so
        return done

    def _carry_out(self, step: Step, reason: str) -> Operation | None:
        if step.do == "promote":
            return None
        stays, goes = "", step.entries[:1]
        if step.do == "supersede":  # what is replaced is not borne out by that
            stays = step.entries[-1]
        elif step.do == "merge":
            stays, goes = step.entries[0], step.entries[1:]
        try:
            return self._do(lambda: deeds.carry_out(self.tree, step, reason), stays, goes)
        except deeds.Already:  # by hand, or before a crash
            return None

    def reopen(self, id: int) -> Review:
        self._private.refuse("nothing is decided now")
        return self.curation.reviews.reopen(id, self.tree.now())

    # -- the user's own changes on disk

    def notice(self, paths: Iterable[Path] | None = None) -> list[str]:
        """Take over what the user did to the files of the tree."""
        if self._private.is_on:
            return []  # a sweep finds it when it is over
        last = self._journal.read("SELECT coalesce(max(id), 0) FROM operations")[0][0]
        changed = notice(self.tree, paths)
        if changed:
            at = self.tree.now()
            sql = "SELECT entry FROM changes JOIN operations ON id = operation WHERE id > ? "
            written = self._journal.read(sql + "AND type = 'EDIT' AND path_after != ''", last)
            self.curation.life.begin({str(id): 1.0 for (id,) in written}, at)
            self.curation.life.note([Note("touched", id) for id in changed], at)
            self._vouch([str(id) for (id,) in written], at)
            known = self.tree.catalogue.many(changed)
            self.curation.miss(id for id in changed if id not in known)
            self.curation.allow(changed)
        return changed

    def _do(self, plan: Callable[[], Plan], stays: str = "", goes: Sequence[str] = ()) -> Operation:
        """One operation of the user's, on files as they are now; `stays` is the entry that takes
        the place of those that go."""
        done = self._commit(plan)
        self._note(done, stays, goes)
        return done

    def _commit(self, plan: Callable[[], Plan]) -> Operation:
        self._private.refuse("nothing is changed now")
        with self.tree.lock:
            try:
                (done,) = self.tree.commit([plan()])
            except Changed:
                self.notice()
                done = self._again(plan)
        return done

    def _note(self, done: Operation, stays: str, goes: Sequence[str]) -> None:
        """What the user did says something of these entries."""
        life, at, ids = self.curation.life, self.tree.now(), done.entries
        if stays:
            life.begin({stays: 1.0}, at)
            life.inherit(stays, goes)
            ids = (stays,)
        if done.type in ("UNDO", "RESTORE", "MOVE"):
            life.note([Note("touched", id) for id in ids], at)
        elif done.type != "ARCHIVE":
            life.begin(dict.fromkeys(ids, 1.0), at)
            self._vouch(ids, at)

    def _vouch(self, ids: Iterable[str], at: str) -> None:
        """The user has given their word for these."""
        known = list(ids)
        self.curation.life.note([Note("vouched", id) for id in known], at)
        mature(self._journal, known, at)

    def _again(self, plan: Callable[[], Plan]) -> Operation:
        try:
            return self.tree.commit([plan()])[0]
        except Changed as error:
            raise Unavailable(error.message, error.hint) from error

    def _is_taken(self, path: str) -> bool:
        return self.tree.is_taken(path)


def _is_curators(edit: Edit, known: Mapping[str, Filed]) -> bool:
    """Is what was removed something that a curator might propose again?"""
    try:
        return edit.entry not in known and parse(edit.before, edit.entry, "").author != "user"
    except Broken:
        return False


def _gap(source: str, uri: str, place: tuple[Unit, int, int] | None) -> int:
    """How many lines, turns, … lie between a source and a place; 0 when they overlap."""
    name, _, tail = source.partition("#")
    mine = read_locator(tail)
    if name != uri:
        return _FAR
    if place is None or mine is None or mine[0] != place[0]:
        return 0
    return max(0, mine[1] - place[2], place[1] - mine[2])


def _understood(entry: Entry) -> Entry:
    """A thought that says one thing is filed as what that is: a promise, a preference, …"""
    said = Utterance("", entry.body, "me", "user", entry.created, kind="note")
    found = propose([said])
    if len(found) != 1:
        return entry
    (only,) = found
    return replace(
        entry, kind=only.kind, subject=only.subject, attribute=only.attribute, value=only.value,
        valid_until=only.valid_until,
    )  # fmt: skip
