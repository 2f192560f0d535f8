"""The tree while nobody works on it: maturities, fading, splits, summaries, the user's page.

Driven by the engine when nothing is queued. Everything here can be put off or interrupted: what it
writes is generated, or an operation that is undone like any other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from cairn.core.curation import Curation
from cairn.core.errors import CairnError
from cairn.core.home import write_atomic
from cairn.core.journal import Journal
from cairn.core.tree import deeds
from cairn.core.tree.catalogue import Catalogue
from cairn.core.tree.files import CONTEXT
from cairn.core.tree.ledger import Edit, Plan
from cairn.core.tree.life.due import is_settled
from cairn.core.tree.life.profile import write_profile
from cairn.core.tree.life.settling import is_due, settle
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

    def round(self) -> Done:
        """Whatever is due; cheap when nothing is."""
        matured = archived = 0
        if is_due(self._journal, self._now()):
            matured, archived = self._settle()
        last = self._last_operation()
        if str(last) == self._journal.get_meta(_SUMMED_UP):
            return Done(matured, archived)
        since = int(self._journal.get_meta(_SUMMED_UP) or 0)
        folders = self._changed_folders(since)
        parts = sum(self._split(folder) for folder in sorted(folders))
        if parts:
            folders = self._changed_folders(since)
        written = self._sum_up(folders)
        self.write_profile()
        self._journal.set_meta(_SUMMED_UP, str(self._last_operation()))
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
        return {folder for path in paths for folder in _above(path)}

    def _split(self, folder: str) -> int:
        """Divide a topic that has grown too big; how many entries moved."""
        if not folder:
            return 0
        filed = [each for each in self._tree.catalogue.all(folder) if each.folder == folder]
        if len(filed) <= split.TOO_MANY:
            return 0
        members = [
            split.Member(
                each.entry.id, each.entry.title, each.entry.kind, each.entry.subject,
                each.entry.tags,
                tuple(to.to for to in each.entry.relations if to.type == "mentions"),
                by_hand=each.entry.author == "user" or self._tree.ledger.is_placed(each.entry.id),
            )
            for each in filed
        ]  # fmt: skip
        folders = {each.folder for each in self._tree.catalogue.all(folder)} - {folder}
        below = {name.removeprefix(folder).strip("/").partition("/")[0] for name in folders}
        moves = dict(split.plan(folder, members, below, self._undone_splits()))
        edits = []
        for each in filed:
            if to := moves.get(each.entry.id):
                text = self._tree.text(each)
                path = deeds.free(self._tree, f"{to}/{PurePosixPath(each.path).name}", set())
                edits.append(Edit(each.entry.id, each.path, text, path, text))
        if not edits:
            return 0
        reason = f"{folder} had {len(filed)} entries"
        self._tree.commit([Plan("SPLIT", tuple(edits), reason, "rules", (folder,))])
        self._curation.lose_count()
        return len(edits)

    def _undone_splits(self) -> set[str]:
        rows = self._journal.read(
            "SELECT evidence FROM operations WHERE type = 'SPLIT' AND undone_by != 0"
        )
        return {folder for (evidence,) in rows for folder in json.loads(str(evidence))}

    def _sum_up(self, folders: Iterable[str]) -> int:
        facts = _facts(self._tree.catalogue, self._importance())
        written = 0
        for folder in sorted(folders):
            path = self._tree.files.root / folder / CONTEXT
            if folder not in facts:
                continue
            try:
                text = path.read_text("utf-8") if path.exists() else None
                if is_stale(text, facts[folder].inputs):
                    write_atomic(path, render(facts[folder]))
                    written += 1
            except (OSError, UnicodeDecodeError):
                continue  # it is the user's own, or there is no room: nothing depends on it
        return written

    def _importance(self) -> dict[str, float]:
        rows = self._journal.read("SELECT entry, importance FROM signals")
        return {str(entry): float(str(value)) for entry, value in rows}

    def write_profile(self) -> bool:
        signals = self._curation.life.all()
        grown = sorted(id for id, each in signals.items() if each.maturity != "draft")
        filed = self._tree.catalogue.many(grown)
        newer = self._tree.catalogue.successors(filed)  # draft or not, they say what is over
        known = [(each.entry, signals[id].maturity) for id, each in filed.items()]
        known += [(each.entry, "draft") for each in newer.values() if each.entry.id not in filed]
        paths = {id: each.path for id, each in filed.items()}
        return write_profile(self._tree.files.root, known, self._now(), paths, self._names)


def _above(path: str) -> Iterator[str]:
    """The folders that a path is in, and the root as ""."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _facts(catalogue: Catalogue, importance: dict[str, float]) -> dict[str, FolderFacts]:
    entries: dict[str, list[EntryFacts]] = {"": []}
    for filed in catalogue.all(archived=False):
        entry = filed.entry
        for folder in _above(filed.path):
            entries.setdefault(folder, [])
        claim = next(iter(entry.body.splitlines()), "")
        is_open = entry.kind in ("promise", "question") and not is_settled(entry)
        entries[filed.folder].append(
            EntryFacts(
                entry.id, PurePosixPath(filed.path).stem, entry.title, entry.kind, claim,
                entry.valid_from or entry.created[:10], importance.get(entry.id, 0.0), is_open,
            )
        )  # fmt: skip
    facts: dict[str, FolderFacts] = {}
    for folder in sorted(entries, key=lambda name: (-name.count("/") - bool(name), name)):
        below = [
            SubfolderFacts(name.rpartition("/")[2], _count(one), one_line(one))
            for name, one in facts.items()
            if name and name.rpartition("/")[0] == folder
        ]
        facts[folder] = FolderFacts(folder, tuple(entries[folder]), tuple(below))
    return facts


def _count(facts: FolderFacts) -> int:
    return len(facts.entries) + sum(sub.entries for sub in facts.subfolders)
