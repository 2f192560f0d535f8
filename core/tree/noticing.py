"""What a user does to the tree's files → operations of theirs, so that history and undo know it.

Called by the engine when the system reports a change and at every sweep. A file that can't be
understood, or that has another's id, is listed as trouble and left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cairn.core.redact import redact
from cairn.core.tree import catalogue
from cairn.core.tree.catalogue import Filed, Trouble, text_hash
from cairn.core.tree.files import Stamp
from cairn.core.tree.ledger import Edit, OperationType, Plan, accept, close
from cairn.core.tree.markdown import Broken, parse
from cairn.core.tree.tree import Tree, fallback_id

_ONE_BY_ONE = 100
"""More changes than this at once are one operation: a folder was moved, a tree was brought."""


@dataclass(slots=True)
class _Seen:
    """What is different on disk."""

    found: dict[str, tuple[Filed, str]] = field(default_factory=dict)
    """By path: new or changed files that are entries, with their texts."""
    gone: dict[str, Filed] = field(default_factory=dict)
    """By id: entries whose files are not where they were."""
    troubles: list[Trouble] = field(default_factory=list)
    healed: list[str] = field(default_factory=list)
    """Paths that were in trouble and are gone or sound."""


def notice(tree: Tree, paths: Iterable[Path] | None = None) -> list[str]:
    """Take over what differs on disk, everywhere or at some paths; ids of those entries."""
    with tree.lock:
        tree.recover()
        seen = _everywhere(tree) if paths is None else _at(tree, paths)
        edits = list(_edits(tree, seen))
        _store(tree, seen, edits)
        ids = [edit.entry for edit in edits]
    if ids:
        tree.noted(ids)
    return ids


def take_stock(tree: Tree) -> None:
    """Know all files as they stand, as after an import: history has told of them already."""
    seen = _everywhere(tree)
    _store(tree, seen, [])


def _everywhere(tree: Tree) -> _Seen:
    seen = _Seen()
    known = tree.catalogue.stamps()
    troubled = {each.path for each in tree.catalogue.troubles()}
    for path, stamp in tree.files.walk():
        id, last = known.pop(path, ("", None))
        if last != stamp or path in troubled:
            _look(tree, path, stamp, seen)
        troubled.discard(path)
    for id, _ in known.values():
        _miss(tree, id, seen)
    seen.healed += troubled
    return seen


def _at(tree: Tree, paths: Iterable[Path]) -> _Seen:
    seen = _Seen()
    for path in paths:
        if path.is_dir() and path.is_relative_to(tree.files.root):
            for name, stamp in tree.files.walk(path):
                known = tree.catalogue.at(name)
                if known is None or known.stamp != stamp:
                    _look(tree, name, stamp, seen)
            continue
        name = tree.files.relative(path)
        stamp_now = tree.files.stamp(name) if name else None
        if name and stamp_now:
            _look(tree, name, stamp_now, seen)
        elif name:
            seen.healed.append(name)
            if known := tree.catalogue.at(name):
                _miss(tree, known.entry.id, seen)
        elif path.is_relative_to(tree.files.root) and path != tree.files.root:
            for filed in list(tree.catalogue.all(path.relative_to(tree.files.root).as_posix())):
                if tree.files.stamp(filed.path) is None:  # a folder that is no longer there
                    _miss(tree, filed.entry.id, seen)
    return seen


def _look(tree: Tree, path: str, stamp: Stamp, seen: _Seen) -> None:
    try:
        text = tree.files.read(path)
        if text is None:
            return
        stem = path.rpartition("/")[2].removesuffix(".md")
        entry = parse(text, fallback_id(path), stem)
    except Broken as error:
        seen.troubles.append(Trouble(path, "broken", error.message))
        return
    filed = Filed(entry, path, text_hash(text), stamp)
    other = next((at for at, (each, _) in seen.found.items() if each.entry.id == entry.id), "")
    known = tree.catalogue.get(entry.id)
    if not other and known and known.path != path and tree.files.stamp(known.path) is not None:
        other = known.path if _still_has(tree, known) else ""
    if other:
        reason = f"its id {entry.id} is that of {other}; give one of them another, or delete it"
        seen.troubles.append(Trouble(path, "duplicate", reason))
    else:
        seen.found[path] = (filed, text)


def _still_has(tree: Tree, known: Filed) -> bool:
    """Does the file in which an id was found last still have it?"""
    try:
        text = tree.files.read(known.path)
        return text is not None and parse(text, fallback_id(known.path), "").id == known.entry.id
    except Broken:
        return True


def _miss(tree: Tree, id: str, seen: _Seen) -> None:
    if known := tree.catalogue.get(id):
        seen.gone[id] = known


def _edits(tree: Tree, seen: _Seen) -> Iterable[Edit]:
    for path, (filed, text) in seen.found.items():
        id = filed.entry.id
        replaced = tree.catalogue.at(path)
        if replaced and replaced.entry.id != id and replaced.entry.id not in _ids(seen):
            seen.gone[replaced.entry.id] = replaced  # its file now is another entry
        known = tree.catalogue.get(id)
        if known and known.hash == filed.hash and known.path == path:
            continue  # only its stamp is another
        yield Edit(id, known.path if known else "", _last(tree, known), path, text)
    for id, known in seen.gone.items():
        if id not in _ids(seen):
            yield Edit(id, known.path, _last(tree, known), "", "")


def _ids(seen: _Seen) -> set[str]:
    return {filed.entry.id for filed, _ in seen.found.values()}


def _last(tree: Tree, known: Filed | None) -> str:
    """The text before a user's change; history has it, or nobody."""
    edit = tree.ledger.latest(known.entry.id) if known else None
    return edit.after if edit else ""


def _store(tree: Tree, seen: _Seen, edits: list[Edit]) -> None:
    if not (edits or seen.found or seen.troubles or seen.healed):
        return
    groups = [[edit] for edit in edits] if len(edits) <= _ONE_BY_ONE else [edits]
    with tree.journal.write() as db:
        for group in groups:
            plan = Plan(_type(group), tuple(group), _reason(group))
            close(db, accept(db, plan, tree.now(), "applied"))
        for edit in edits:
            if not edit.path_after:
                catalogue.drop(db, edit.entry)
        for filed, _ in seen.found.values():
            catalogue.drop(db, filed.entry.id)
        for filed, _ in seen.found.values():
            catalogue.put(db, filed)
        for path in seen.healed:
            db.execute("DELETE FROM tree_troubles WHERE path = ?", (path,))
        for trouble in seen.troubles:
            values = (trouble.path, trouble.code, redact(trouble.reason).text)
            db.execute("INSERT OR REPLACE INTO tree_troubles VALUES (?, ?, ?)", values)


def _type(edits: list[Edit]) -> OperationType:
    if all(not edit.path_after for edit in edits):
        return "DELETE"
    is_move = all(
        edit.path_before and edit.path_before != edit.path_after and edit.before == edit.after
        for edit in edits
    )
    return "MOVE" if is_move else "EDIT"


def _reason(edits: list[Edit]) -> str:
    words = {"DELETE": "deleted on disk", "MOVE": "moved on disk", "EDIT": "changed on disk"}
    return words[_type(edits)]
