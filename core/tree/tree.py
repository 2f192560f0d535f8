"""The tree: one writer of its files, its history and its catalogue.

Called by the curation and the engine. An operation is first accepted by the journal, then done to
the files, then closed; one that a crash interrupted is completed when the tree is opened. A file
that is not as an operation expects it was changed by the user, who wins.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cairn.core.errors import CairnError, ConfigError, Unavailable
from cairn.core.journal import Journal
from cairn.core.records import Entry, digest
from cairn.core.redact import redact
from cairn.core.tree import catalogue
from cairn.core.tree.catalogue import Catalogue, Filed, text_hash
from cairn.core.tree.files import Refused, Stamp, TreeFiles, spot
from cairn.core.tree.ledger import Edit, Ledger, Operation, Plan, accept, close, is_exact
from cairn.core.tree.markdown import Broken, parse


class Changed(CairnError):
    """The file is not as the operation expects it: plan again, on what it is now."""

    exit_code = 3


class Tree:
    def __init__(self, root: Path, journal: Journal, clock: Callable[[], datetime]) -> None:
        self.files = TreeFiles(root)
        self.catalogue = Catalogue(journal)
        self.ledger = Ledger(journal)
        self.journal = journal
        self._clock = clock
        self.lock = threading.RLock()
        self.touched: Callable[[Sequence[Path]], object] = lambda paths: None
        """Hears of every file that was written, so that it is indexed. The engine sets it."""
        self.noted: Callable[[Sequence[str]], object] = lambda ids: None
        """Hears of every entry that changed, also where its user changed it."""

    def text(self, filed: Filed) -> str:
        """The file of an entry as the catalogue knows it; `Changed` if it is another by now."""
        try:
            text = self.files.read(filed.path)
            if text is not None and text_hash(text) == filed.hash:
                return text
            parse(text or "", filed.entry.id, "")
        except Broken as error:
            fault = _unchangeable(filed.path, error)
            raise Changed(fault.message, fault.hint) from error
        raise _changed(filed.path)

    # -- operations

    def commit(self, plans: Sequence[Plan]) -> list[Operation]:
        """Do all of these, each an operation of its own, or none where a file has changed."""
        with self.lock:
            self.recover()
            self._check([edit for plan in plans for edit in plan.edits])
            at = self.now()
            with self.journal.write() as db:
                accepted = [accept(db, plan, at) for plan in plans]
            refused: list[Refused] = []
            aside = self._lay_aside(accepted)
            operations = self._carried_out(accepted, {}, refused)
            for path in aside:
                self.files.remove(path)
            self._close(operations)
            if refused:
                raise refused[0]
            for operation in operations:
                if operation.edits and all(edit.overtaken for edit in operation.edits):
                    raise _changed(operation.edits[0].path_before)
            return operations

    def now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds")

    def _check(self, edits: Sequence[Edit]) -> None:
        """Is every file as its first edit expects it, and every new place free?"""
        texts: dict[str, str | None] = {}
        for edit in edits:
            before, after = spot(edit.path_before), spot(edit.path_after)
            if before:
                text = texts[before] if before in texts else self._read(edit.path_before)
                if text != edit.before:
                    raise _changed(edit.path_before)
            if after:
                self.files.check(edit.path_after, edit.after)
                if self._parsed(edit.entry, edit.path_after, edit.after).id != edit.entry:
                    raise ConfigError(f"the id of an entry can't be changed ({edit.entry})", "")
            if after and after != before and self._is_taken(edit.path_after, texts):
                raise Changed(f"there is a file {edit.path_after} already", "choose another name")
            texts |= {before: None, after: edit.after}

    def _is_taken(self, path: str, texts: Mapping[str, str | None]) -> bool:
        if spot(path) in texts:
            return texts[spot(path)] is not None
        return self.is_taken(path)

    def is_taken(self, path: str) -> bool:
        return self.files.is_there(path) or self.catalogue.holder(path) != ""

    def _read(self, path: str) -> str | None:
        try:
            return self.files.read(path)
        except Broken as error:
            raise _unchangeable(path, error) from error

    def _parsed(self, id: str, path: str, text: str) -> Entry:
        try:
            return parse(text, id, _stem(path))
        except Broken as error:
            raise _unchangeable(path, error) from error

    def _close(self, operations: Sequence[Operation]) -> None:
        paths = [
            path
            for operation in operations
            for edit in operation.edits
            for path in (edit.path_before, edit.path_after)
            if path and not edit.overtaken
        ]
        with self.journal.write() as db:
            for operation in operations:
                close(db, operation)
            last = {e.entry: e for o in operations for e in o.edits if not e.overtaken}
            for edit in last.values():
                catalogue.drop(db, edit.entry)
            for edit in last.values():
                if edit.path_after:
                    catalogue.put(db, self._filed(edit.entry, edit.path_after, edit.after))
        self.touched([self.files.path(path) for path in dict.fromkeys(paths)])
        self.noted(list(last))

    def _filed(self, id: str, path: str, text: str) -> Filed:
        entry = self._parsed(id, path, text)
        stamp = self.files.stamp(path)
        if stamp is None or _quietly(self.files, path) != text:
            stamp = Stamp(0, 0)  # its user has changed it meanwhile, which is yet to be noticed
        return Filed(entry, path, text_hash(text), stamp)

    # -- after a crash

    def recover(self) -> int:
        """Complete what was accepted and not closed; how many operations that were."""
        with self.lock:
            unfinished = [self._taken_up(operation) for operation in self.ledger.unfinished()]
            if unfinished:
                edits = [edit for operation in unfinished for edit in operation.edits]
                done = {edit.entry: at for at, edit in enumerate(edits) if self._is_done(edit)}
                self._close(self._carried_out(unfinished, done, []))
                for path in {edit.path_after or edit.path_before for edit in edits}:
                    self.files.clear(path)
            return len(unfinished)

    def _lay_aside(self, operations: Sequence[Operation]) -> list[str]:
        """What the journal must not keep, of changes to several files: it lies beside them until
        all are done, as after a crash nobody else would have it. Where it lies."""
        return [
            self.files.lay_aside(edit.path_after, _name(operation, number), edit.after)
            for operation in operations
            if len(operation.edits) > 1
            for number, edit in enumerate(operation.edits)
            if edit.path_after and edit.before != edit.after and not is_exact(edit)
        ]

    def _taken_up(self, operation: Operation) -> Operation:
        """With what was laid aside; where that was not yet done, nothing else was, nor will be."""
        edits = []
        for number, edit in enumerate(operation.edits):
            name = _name(operation, number)
            text = None if edit.exact else self.files.aside(edit.path_after, name)
            if text is not None:
                before = _quietly(self.files, edit.path_before) or ""
                known = before if redact(before).text == edit.before else edit.before
                edit = replace(edit, before=known, after=text, exact=True)
            edits.append(edit)
        lacks = any(not edit.exact and edit.before != edit.after for edit in edits)
        if len(edits) > 1 and lacks and not any(self._is_done(edit) for edit in edits):
            edits = [replace(edit, overtaken=True) for edit in edits]
        return replace(operation, edits=tuple(edits))

    def _is_done(self, edit: Edit) -> bool:
        text = _quietly(self.files, edit.path_after or edit.path_before)
        if not edit.path_after:
            return text is None
        return text is not None and _is(text, edit.after, edit.exact)

    def _carried_out(
        self, operations: Sequence[Operation], done: Mapping[str, int], refused: list[Refused]
    ) -> list[Operation]:
        """Do their edits; `done` has the place of the last one of an entry that was done before."""
        numbers = iter(range(1 << 40))
        return [
            replace(
                operation,
                edits=tuple(
                    edit
                    if next(numbers) < done.get(edit.entry, 0) or edit.overtaken
                    else self._do(edit, refused)
                    for edit in operation.edits
                ),
            )
            for operation in operations
        ]

    def _do(self, edit: Edit, refused: list[Refused]) -> Edit:
        try:
            return self._resume(edit)
        except Refused as error:  # it won't be possible later either
            refused.append(error)
            return replace(edit, overtaken=True)

    def _resume(self, edit: Edit) -> Edit:
        """Do one edit of which nobody knows how far it came."""
        if edit.path_after and self.files.is_one(edit.path_before, edit.path_after):
            return self._respell(edit)
        before = _quietly(self.files, edit.path_before)
        after = _quietly(self.files, edit.path_after)
        is_moved = edit.path_before != edit.path_after
        if edit.path_after and after is not None and _is(after, edit.after, edit.exact):
            if is_moved and before is not None and _is(before, edit.before, edit.exact):
                self.files.remove(edit.path_before)
            return replace(edit, after=after)
        if not edit.path_after:
            if before is not None and _is(before, edit.before, edit.exact):
                self.files.remove(edit.path_before)
            return replace(edit, overtaken=_quietly(self.files, edit.path_before) is not None)
        is_ready = _is(before or "", edit.before, edit.exact) and (not is_moved or after is None)
        if not is_ready or (edit.path_before and before is None):
            return replace(edit, overtaken=True)
        if is_moved and before is not None and edit.before == edit.after:
            self.files.rename(edit.path_before, edit.path_after)
            return replace(edit, before=before, after=before)
        if not edit.exact:
            return replace(edit, overtaken=True)  # the history has not kept its secrets
        self.files.write(edit.path_after, edit.after)
        if is_moved and edit.path_before:
            self.files.remove(edit.path_before)
        return edit

    def _respell(self, edit: Edit) -> Edit:
        """A name is spelled otherwise on a system that takes both for one."""
        text = _quietly(self.files, edit.path_after) or ""
        if not any(_is(text, kept, edit.exact) for kept in (edit.before, edit.after)):
            return replace(edit, overtaken=True)
        self.files.rename(edit.path_before, edit.path_after)
        done = self._resume(replace(edit, path_before=edit.path_after))
        return replace(done, path_before=edit.path_before)


def _changed(path: str) -> Changed:
    return Changed(f"{path} has just been changed on disk", "try again in a few seconds")


def _unchangeable(path: str, error: Broken) -> Unavailable:
    return Unavailable(f"{path} can't be changed: {error.message}", "mend it in an editor first")


def _is(text: str, kept: str, exact: bool) -> bool:
    return text == kept if exact else redact(text).text == kept


def _name(operation: Operation, number: int) -> str:
    return digest(str(operation.id), str(number), size=8)


def _quietly(files: TreeFiles, path: str) -> str | None:
    """The text at a path, None if there is none; what can't be read is no edit's text."""
    try:
        return files.read(path) if path else None
    except Broken:
        return "\0"


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def fallback_id(path: str) -> str:
    """For a file that names no id: it has this one as long as it stays where it is."""
    return "n_" + digest(path, size=6)
