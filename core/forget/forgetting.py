"""What somebody names → a plan that shows every copy, its erasure, the proof, and a receipt.

The engine's door to forgetting. Nothing is erased before its owner has seen the plan. What is
accepted is barred at once and erased step by step, each of which can be repeated; a process that is
killed goes on where it was.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace

from cairn.core.conversations import Conversations
from cairn.core.curation import Curation
from cairn.core.errors import ConfigError, NotFound, Unavailable
from cairn.core.forget import scope as scopes
from cairn.core.forget.aims import Aims
from cairn.core.forget.entries import Entries, above, uris_of
from cairn.core.forget.gathering import Gathering
from cairn.core.forget.preview import Copy, ForgetPlan, Preview
from cairn.core.forget.proof import Proof, holding, prove
from cairn.core.forget.remains import drop_within
from cairn.core.forget.rows import Rows, parts
from cairn.core.forget.scope import Between, Scope
from cairn.core.forget.thinning import thin_rows
from cairn.core.home import Home
from cairn.core.index import Index
from cairn.core.journal import Journal, now
from cairn.core.memory import Memory
from cairn.core.records import document_id
from cairn.core.tombstones import RESTORED, Barring, Tombstones
from cairn.core.upkeep import Upkeep

_MADE_ANEW = ("run/last.json", "run/screen.json")
_LOST = "what was to be erased is lost from the home: it may not be complete"
Renew = Callable[[Callable[[Index], None]], None]
Alone = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased, without a word of it."""

    id: str
    at: str
    what: str
    """The kind of thing."""
    copies: tuple[Copy, ...]
    proof: Proof | None
    """None while it is under way, and of what was dropped without one."""
    lifted: str = ""
    """When its tombstones were taken away."""
    is_done: bool = True


class Forgetting:
    def __init__(
        self,
        home: Home,
        journal: Journal,
        memory: Memory,
        conversations: Conversations,
        curation: Curation,
        upkeep: Upkeep,
        index: Callable[[], Index],
        alone: Alone,
        renew: Renew,
    ) -> None:
        self._home = home
        self._journal = journal
        self._memory = memory
        self._curation = curation
        self._upkeep = upkeep
        self._index = index
        self._alone = alone
        """Nothing is taken in meanwhile."""
        self._renew = renew
        """Changes the index and leaves nothing of what is dropped in its files."""
        self._aims = Aims(journal, memory, conversations)
        self._gathering = Gathering(journal, memory, conversations, index)
        self._entries = Entries(journal, memory, curation)
        self._rows = Rows(journal, curation.things)
        self._preview = Preview(home, journal, memory, curation, self._entries, self._rows, index)
        self.tombstones = Tombstones(journal)
        self._lock = threading.Lock()

    # -- before

    def plan(self, selector: str, between: Between | None = None) -> ForgetPlan:
        seen = self._journal.changes
        aim = self._aims.of(selector, between)
        scope = self._gathering(aim)
        if not any((scope.entries, scope.parting, scope.places, scope.chats, scope.turns,
                    scope.said, scope.between[0])):  # fmt: skip
            raise NotFound(f"cairn has nothing of {aim.words}", "`cairn search` looks for it")
        return replace(self._preview(aim.words, scope), aim=aim, seen=seen)

    # -- carried out

    def apply(self, plan: ForgetPlan) -> Receipt:
        """Bar and erase; what a crash or a full disk interrupts is completed by `complete`."""
        with self._alone():  # a copy that is read from here on is barred
            self._accept(self._as_of_now(plan))
        self.complete()
        return self.receipt(plan.scope.id)

    def _as_of_now(self, plan: ForgetPlan) -> ForgetPlan:
        """With what was taken in since it was made."""
        if plan.aim is None or plan.seen == self._journal.changes:
            return plan
        return replace(plan, scope=replace(self._gathering(plan.aim), id=plan.scope.id))

    def _accept(self, plan: ForgetPlan) -> None:
        paths = tuple(self._entries.paths(plan.scope))
        scope = replace(plan.scope, paths=paths)
        sentences = scope.said if scope.kind != "entry" else ()
        barring = Barring(
            places=[*scope.places, *scope.chats],
            turns=list(self._keys(scope)), claims=list(self._entries.claims(scope.entries)),
            said=sentences, runs=scope.runs if sentences else (),
        )  # fmt: skip
        copies = json.dumps([[each.where, each.count] for each in plan.copies])
        try:
            scopes.keep(self._home.run, scope)
        except OSError as error:
            raise Unavailable(
                f"nothing was forgotten: {error.strerror}", "free some space and try again"
            ) from error
        with self._journal.write() as db:
            self.tombstones.bury(db, scope.id, barring)
            sql = "INSERT INTO forgotten(id, at, what, state, copies) VALUES (?, ?, ?, ?, ?)"
            db.execute(sql, (scope.id, now(), scope.kind, "under way", copies))

    def _keys(self, scope: Scope) -> Iterable[tuple[str, str]]:
        for uri, numbers in scope.turns:
            sql = (
                "SELECT key FROM turns JOIN conversations ON conversations.id = conversation "
                "WHERE uri = ? AND number = ?"
            )
            for number in numbers:
                yield from ((uri, str(key)) for (key,) in self._journal.read(sql, uri, number))

    def _look_again(self) -> None:
        """What was restored may hold what had been forgotten since."""
        if news := self._journal.get_meta(RESTORED, ""):
            scope = self._gathering.barred(tuple(json.loads(news)))
            if scope != Scope(scope.id, scope.kind):
                self._accept(self._preview("what had been forgotten and was restored", scope))
            self._journal.set_meta(RESTORED, "")

    def complete(self) -> None:
        """Whatever is to be forgotten and is not yet; cheap when nothing is."""
        with self._lock:
            self._look_again()
            self._complete_all()

    def _complete_all(self) -> None:
        rows = self._journal.read("SELECT id FROM forgotten WHERE state != 'done' ORDER BY at")
        ids = [str(id) for (id,) in rows]
        for id in scopes.all_kept(self._home.run):
            if id not in ids:  # it was never accepted, or is done
                scopes.drop(self._home.run, id)
        for id in ids:
            scope = scopes.kept(self._home.run, id)
            try:
                with self._alone():
                    self._complete(id, scope)
            except OSError as error:
                raise _interrupted(str(error.strerror or error)) from error
            except Unavailable as error:
                raise _interrupted(error.message) from error

    def _complete(self, id: str, scope: Scope | None) -> None:
        if scope is None:
            return self._close(id, Proof(0, 0, 0, 0, (), (_LOST,)))
        uris = uris_of(self._memory.tree, scope.paths)
        self._renew(lambda index: self._drop(index, scope, uris))
        self._entries.erase(scope.entries)
        changed = self._entries.thin(scope)
        self._rows.erase(scope)
        self._rows_of_files(uris)
        self._curation.look_again()
        self._upkeep.look_again()
        paths = {*scope.paths, *changed}
        self._upkeep.sum_up({folder for path in paths for folder in above(path)} | {""})
        self._upkeep.write_profile()
        self._clear_files(scope)
        drop_within(self._home)
        self._journal.shrink()
        own = self._home.run / f"forgetting-{id}.json"
        proof = prove(self._home.path, self._index().uri, scope, [own])
        self._memory.tree.touched([self._memory.tree.files.path(path) for path in changed])
        self._close(id, proof)
        scopes.drop(self._home.run, id)

    def _close(self, id: str, proof: Proof) -> None:
        with self._journal.write() as db:
            sql = "UPDATE forgotten SET state = 'done', proof = ? WHERE id = ?"
            db.execute(sql, (json.dumps(asdict(proof)), id))

    def _drop(self, index: Index, scope: Scope, uris: Iterable[str]) -> None:
        lost = [*uris, *parts(scope, self._journal)]
        index.drop(document_id(uri) for uri in lost)
        thin_rows(index, self._journal, scope.thinned, self.tombstones)

    def _rows_of_files(self, uris: Iterable[str]) -> None:
        """Of entries' files: that they were there, and what they were called."""
        with self._journal.write() as db:
            for uri in uris:
                sql = "UPDATE events SET kind = '', uri = '', was = '', size = 0, delta = 0 "
                db.execute(sql + "WHERE uri = ? OR was = ?", (uri, uri))
                db.execute("DELETE FROM files WHERE uri = ?", (uri,))
                db.execute("DELETE FROM jobs WHERE key = ?", (uri,))

    def _clear_files(self, scope: Scope) -> None:
        """What only eases things, and logs: gone where there is anything of it."""
        for name in _MADE_ANEW[:1]:
            (self._home.path / name).unlink(missing_ok=True)
        files = [self._home.path / name for name in _MADE_ANEW]
        files += [path for path in self._home.cache.rglob("*") if path.is_file()]
        for path in holding(files, scope):
            path.unlink(missing_ok=True)
        for path in holding(self._home.logs.glob("*"), scope):
            with path.open("r+b") as file:
                file.truncate(0)

    # -- afterwards

    def receipts(self) -> list[Receipt]:
        """The latest first."""
        sql = (
            "SELECT id, at, what, copies, proof, lifted, state FROM forgotten ORDER BY at DESC, id"
        )
        return [_receipt(*map(str, row)) for row in self._journal.read(sql)]

    def receipt(self, id: str) -> Receipt:
        found = next((each for each in self.receipts() if each.id == id), None)
        if found is None:
            raise NotFound(f"nothing was forgotten as {id}", "`cairn forget --receipts` lists it")
        return found

    def lift(self, name: str) -> list[Receipt]:
        """Let in again what was forgotten, by its receipt or by the very place that it was."""
        ids = [each.id for each in self.receipts() if each.id == name]
        ids = ids or self.tombstones.of_place(name)
        if not ids:
            raise NotFound(
                f"nothing was forgotten as {name}", "`cairn forget --receipts` lists what was"
            )
        if any(not each.is_done for each in self.receipts() if each.id in ids):
            raise ConfigError("it is still being erased", "try again when that is done")
        with self._journal.write() as db:
            for id in ids:
                self.tombstones.lift(db, id)
                db.execute("UPDATE forgotten SET lifted = ? WHERE id = ?", (now(), id))
        return [self.receipt(id) for id in ids]


def _interrupted(reason: str) -> Unavailable:
    return Unavailable(
        f"forgetting was interrupted: {reason}",
        "it is kept out already; what is left of it is erased as soon as that is possible, or "
        "with `cairn forget --resume`",
    )


def _receipt(
    id: str, at: str, what: str, copies: str, proof: str, lifted: str, state: str
) -> Receipt:
    told = json.loads(proof) if proof else None
    if told:
        told = {**told, "hits": tuple(told["hits"]), "unproved": tuple(told["unproved"])}
    return Receipt(
        id, at, what, tuple(Copy(where, count) for where, count in json.loads(copies)),
        Proof(**told) if told else None, lifted, state == "done",
    )  # fmt: skip
