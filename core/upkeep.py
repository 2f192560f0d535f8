"""The tree while nobody works on it: maturities, fading, splits, summaries, the user's page.

Driven by the engine when nothing is queued. Everything here can be put off or interrupted: what it
writes is generated, or an operation that is undone like any other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from cairn.core.curation import Curation
from cairn.core.errors import CairnError
from cairn.core.home import write_atomic
from cairn.core.journal import Journal
from cairn.core.records import Entry
from cairn.core.tree import deeds
from cairn.core.tree.files import CONTEXT, is_archived
from cairn.core.tree.ledger import Edit, Plan
from cairn.core.tree.life.due import is_settled
from cairn.core.tree.life.profile import write_profile
from cairn.core.tree.life.settling import is_due, settle
from cairn.core.tree.life.signals import Maturity
from cairn.core.tree.place import split
from cairn.core.tree.place.summaries import (
    EntryFacts,
    FolderFacts,
    SubfolderFacts,
    is_stale,
    one_line,
    render,
)
from cairn.core.tree.plan import Step
from cairn.core.tree.tree import Changed, Tree

_SUMMED_UP = "tree.summed-up"
"""The last operation whose folders have their summaries."""
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Done:
    """What a round came to, for the log and the status."""

    matured: int = 0
    archived: int = 0
    split: int = 0
    summaries: int = 0


class Upkeep:
    def __init__(
        self,
        tree: Tree,
        journal: Journal,
        curation: Curation,
        clock: Callable[[], datetime],
        me: str,
    ) -> None:
        self._tree = tree
        self._journal = journal
        self._curation = curation
        self._clock = clock
        self._names = tuple(name.strip() for name in me.split(",") if name.strip())
        self.complete: Callable[[], object] = lambda: None
        """What a crash left of a forgetting comes first."""
        self._below: dict[str, dict[str, SubfolderFacts]] | None = None
        """What every folder says of those in it; counted once, then kept in step."""
        self._undivided: dict[str, int] = {}
        """How many entries a folder had when there was no good way to divide it."""

    def round(self) -> Done:
        """Whatever is due; cheap when nothing is."""
        self.complete()
        matured = archived = 0
        if is_due(self._journal, self._now()):
            matured, archived = self._settle()
        since = int(self._journal.get_meta(_SUMMED_UP) or 0)
        if matured:
            self.write_profile()
        if self._last_operation() == since:
            return Done(matured, archived)
        parts = sum(self._split(folder) for folder in sorted(self._changed_folders(since)))
        last = self._last_operation()
        written = self.sum_up(self._changed_folders(since))
        if self._shows(since):
            self.write_profile()
        self._journal.set_meta(_SUMMED_UP, str(last))
        return Done(matured, archived, parts, written)

    def _now(self) -> str:
        return self._clock().astimezone().isoformat(timespec="seconds")

    # -- life

    def _settle(self) -> tuple[int, int]:
        at = self._tree.now()
        settled = settle(self._journal, self._now())
        for entry in settled.awaiting:
            step = Step("promote", (entry,))
            reason = "a model made it, and it has been borne out: is it right?"
            self._curation.reviews.ask("core", entry, (entry,), (step,), reason, at)
        self._curation.reviews.tidy(at)
        faded = [entry for entry in settled.fading if self._put_away(entry)]
        return len(settled.changes), len(faded)

    def _put_away(self, entry: str) -> bool:
        reason = "said once, long ago, and neither confirmed nor used since"
        try:
            self._tree.commit([deeds.archive(self._tree, [entry], reason, "rules")])
        except (Changed, CairnError):
            return False  # the user is at it
        return True

    # -- folders

    def _last_operation(self) -> int:
        rows = self._journal.read("SELECT coalesce(max(id), 0) FROM operations")
        return int(str(rows[0][0]))

    def _changed_folders(self, since: int) -> set[str]:
        """Folders in which something changed, with those above them."""
        rows = self._journal.read(
            "SELECT DISTINCT path_before, path_after FROM changes WHERE operation > ?", since
        )
        paths = {str(path) for row in rows for path in row if path}
        return {folder for path in paths if not is_archived(path) for folder in _above(path)}

    def _split(self, folder: str) -> int:
        """Divide a topic that has grown too big; how many entries moved."""
        ids, below = self._inside(folder) if folder else ([], set())
        if len(ids) <= max(split.TOO_MANY, self._undivided.get(folder, 0) * 1.1):
            return 0
        try:
            if moved := self._divide(folder, ids, below):
                return moved
        except CairnError:
            return 0  # the user is at it
        self._undivided[folder] = len(ids)
        return 0

    def _divide(self, folder: str, ids: Sequence[str], below: set[str]) -> int:
        filed = list(self._tree.catalogue.many(ids).values())
        members = [
            split.Member(
                each.entry.id, each.entry.title, each.entry.kind, each.entry.subject,
                each.entry.tags,
                tuple(to.to for to in each.entry.relations if to.type == "mentions"),
                by_hand=each.entry.author == "user" or self._tree.ledger.is_placed(each.entry.id),
            )
            for each in filed
        ]  # fmt: skip
        moves = dict(split.plan(folder, members, below, self._undone_splits()))
        edits, taken = [], set[str]()
        for each in filed:
            if to := moves.get(each.entry.id):
                text = self._tree.text(each)
                path = deeds.free(self._tree, f"{to}/{PurePosixPath(each.path).name}", taken)
                edits.append(Edit(each.entry.id, each.path, text, path, text))
        if not edits:
            return 0
        reason = f"{folder} had {len(filed)} entries"
        self._tree.commit([Plan("SPLIT", tuple(edits), reason, "rules", (folder,))])
        return len(edits)

    def _undone_splits(self) -> set[str]:
        rows = self._journal.read(
            "SELECT evidence FROM operations WHERE type = 'SPLIT' AND undone_by != 0"
        )
        return {folder for (evidence,) in rows for folder in json.loads(str(evidence))}

    def look_again(self) -> None:
        """Count anew what folders say of each other."""
        self._below = None

    def sum_up(self, folders: Iterable[str]) -> int:
        """Bring the pages of these folders up to date; how many were written."""
        if self._below is None:
            self._below = {}
            paths = self._journal.read("SELECT path FROM entries WHERE NOT archived")
            folders = {*folders, *(folder for (path,) in paths for folder in _above(str(path)))}
        shown = (folder for folder in folders if not is_archived(folder + "/"))
        return sum(self._sum_up(folder) for folder in sorted(shown, key=_deepest_first))

    def _sum_up(self, folder: str) -> bool:
        assert self._below is not None
        facts = self._facts(folder, tuple(self._below.get(folder, {}).values()))
        above, _, name = folder.rpartition("/")
        if folder and not (facts.entries or facts.subfolders):
            self._below.get(above, {}).pop(name, None)
            return False
        if folder:
            line = SubfolderFacts(name, _count(facts), one_line(facts))
            self._below.setdefault(above, {})[name] = line
        path = self._tree.files.root / folder / CONTEXT
        try:
            text = path.read_text("utf-8") if path.exists() else None
            if not is_stale(text, facts.inputs):
                return False
            write_atomic(path, render(facts))
        except (OSError, UnicodeDecodeError):
            return False  # it is the user's own, or there is no room: nothing depends on it
        return True

    def _facts(self, folder: str, below: tuple[SubfolderFacts, ...]) -> FolderFacts:
        ids, _ = self._inside(folder)
        rows: list[tuple[object, ...]] = []
        for start in range(0, len(ids), _AT_ONCE):
            part = ids[start : start + _AT_ONCE]
            rows += self._journal.read(
                "SELECT id, path, title, kind, body, valid_from, created, tags, importance "
                "FROM entries LEFT JOIN signals ON entry = id "
                f"WHERE id IN ({', '.join('?' * len(part))})",
                *part,
            )
        return FolderFacts(folder, tuple(map(_entry_facts, rows)), below)

    def _inside(self, folder: str) -> tuple[list[str], set[str]]:
        """Ids of the entries right in a folder, and names of the folders there, which are jumped
        over, whatever is in them."""
        lead = folder + "/" if folder else ""
        at, end = lead, folder + "0" if folder else "\U0010ffff"
        ids: list[str] = []
        folders: set[str] = set()
        sql = "SELECT path, id FROM entries WHERE path >= ? AND path < ? ORDER BY path LIMIT ?"
        while rows := self._journal.read(sql, at, end, _AT_ONCE if ids else 1):
            for path, id in rows:
                name, slash, _ = str(path)[len(lead) :].partition("/")
                if slash:
                    folders.add(name)
                    at = f"{lead}{name}0"
                    break
                ids.append(str(id))
                at = f"{path}\0"
        return ids, folders

    # -- the user's page

    def _shows(self, since: int) -> bool:
        """Was anything changed that the page may tell of, or that takes the place of it?"""
        sql = (
            "SELECT 1 FROM changes JOIN signals ON signals.entry = changes.entry "
            "OR signals.entry IN (SELECT target FROM entry_relations "
            "WHERE entry_relations.entry = changes.entry AND type = 'supersedes') "
            "WHERE operation > ? AND maturity != 'draft' LIMIT 1"
        )
        return bool(self._journal.read(sql, since))

    def write_profile(self) -> bool:
        sql = "SELECT entry, maturity FROM signals WHERE maturity != 'draft' ORDER BY entry"
        rows = self._journal.read(sql)
        grown: dict[str, Maturity] = {
            str(id): "core" if how == "core" else "validated" for id, how in rows
        }
        filed = self._tree.catalogue.many(grown)
        newer = self._tree.catalogue.successors(filed)  # draft or not, they say what is over
        known = [(each.entry, grown[id]) for id, each in filed.items()]
        known += [(each.entry, "draft") for each in newer.values() if each.entry.id not in filed]
        paths = {id: each.path for id, each in filed.items()}
        try:
            return write_profile(self._tree.files.root, known, self._now(), paths, self._names)
        except OSError:
            return False  # there is no room: the next time


def _above(path: str) -> Iterator[str]:
    """The folders that a path is in, and the root as ""."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _deepest_first(folder: str) -> tuple[int, str]:
    return -folder.count("/") - bool(folder), folder


def _entry_facts(row: tuple[Any, ...]) -> EntryFacts:
    id, path, title, kind, body, valid_from, created, tags, importance = row
    entry = Entry(id, title, kind, body, created, tuple(json.loads(tags)))
    claim = next(iter(body.splitlines()), "")
    is_open = kind in ("promise", "question") and not is_settled(entry)
    return EntryFacts(
        id, PurePosixPath(path).stem, title, kind, claim, valid_from or created[:10],
        importance or 0.0, is_open,
    )  # fmt: skip


def _count(facts: FolderFacts) -> int:
    return len(facts.entries) + sum(sub.entries for sub in facts.subfolders)
