"""An entry that is to be forgotten → a plan that shows every copy, and its erasure.

The engine's door to forgetting. Nothing is erased before its owner has seen the plan; afterwards
no text of it is left in the tree, its history, the journal or the index, and no curator makes it
again. The documents that it came from stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cairn.core.curation import Curation
from cairn.core.errors import ConfigError
from cairn.core.journal import Journal
from cairn.core.memory import Memory
from cairn.core.tree import catalogue
from cairn.core.tree.tree import Tree


@dataclass(frozen=True, slots=True)
class Copy:
    """One place that holds something of what is to be forgotten."""

    where: str
    """In words: `the tree`, `its history`, …"""
    count: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ForgetPlan:
    entry: str
    title: str
    path: str
    copies: tuple[Copy, ...]
    losing: tuple[str, ...]
    """Titles of other entries that lose their relation to it."""
    sources: tuple[str, ...]
    """Addresses of the documents it came from, which are not touched."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased, without a word of it."""

    entry: str
    at: str
    copies: tuple[Copy, ...]


class Forgetting:
    def __init__(
        self,
        journal: Journal,
        memory: Memory,
        curation: Curation,
        purge: Callable[[], None],
    ) -> None:
        self._journal = journal
        self._memory = memory
        self._tree: Tree = memory.tree
        self._curation = curation
        self._purge = purge
        """Drops old versions of the index, which hold what was deleted from it."""

    def plan(self, name: str) -> ForgetPlan:
        filed = self._memory.find(name)
        id = filed.entry.id
        copies = (
            Copy("the tree", 1, filed.path),
            Copy("its history", self._count("changes WHERE entry = ?", id)),
            Copy("the catalogue and the index", 1),
            Copy("open and answered questions", len(self._curation.reviews.about(id))),
        )
        return ForgetPlan(
            id, filed.entry.title, filed.path, tuple(copy for copy in copies if copy.count),
            tuple(each.entry.title for each in self._tree.catalogue.relating_to(id)),
            tuple(source.uri for source in filed.entry.sources),
        )  # fmt: skip

    def apply(self, plan: ForgetPlan) -> Receipt:
        """Erase what the plan names; if interrupted, the same call again completes it."""
        tree, id = self._tree, plan.entry
        with tree.lock:
            tree.recover()
            if not tree.catalogue.get(id) and not tree.ledger.latest(id):
                raise ConfigError(f"there is nothing left of {id}", "")
            self._curation.reject([id])
            self._curation.reviews.forget([id])
            if filed := tree.catalogue.get(id):
                tree.files.remove(filed.path)
                tree.touched([tree.files.path(filed.path)])
            with self._journal.write() as db:
                catalogue.drop(db, id)
                db.execute("DELETE FROM changes WHERE entry = ?", (id,))
                db.execute("DELETE FROM signals WHERE entry = ?", (id,))
                db.execute("DELETE FROM entry_relations WHERE target = ?", (id,))
                db.execute("UPDATE proposals SET entry = '' WHERE entry = ?", (id,))
        self._curation.lose_count()
        self._journal.read("PRAGMA wal_checkpoint(TRUNCATE)")
        self._purge()
        return Receipt(id, tree.now(), plan.copies)

    def _count(self, where: str, *values: object) -> int:
        return int(str(self._journal.read(f"SELECT count(*) FROM {where}", *values)[0][0]))
