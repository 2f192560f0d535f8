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
from cairn.core.tree.files import Stamp, spot
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
    looked: set[str] = field(default_factory=set)
    ids: dict[str, str] = field(default_factory=dict)
    """The paths of what was found, by id."""
    spots: dict[str, str] = field(default_factory=dict)


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


def _everywhere(tree: Tree) -> _Seen:
    seen = _Seen()
    known = tree.catalogue.stamps()
    troubled = {each.path for each in tree.catalogue.troubles()}
    for path, stamp in tree.files.walk(tidy=True):
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
    root = tree.files.root
    for path in paths:
        if path == root:
            return _everywhere(tree)
        if not path.is_relative_to(root) or not _is_text(str(path)):
            continue
        if path.is_dir() and not tree.files.is_linked(path):
            for name, stamp in tree.files.walk(path):
                known = tree.catalogue.at(name)
                if known is None or known.stamp != stamp:
                    _look(tree, name, stamp, seen)
        name = tree.files.relative(path)
        if name and (stamp_now := tree.files.stamp(name)):
            _look(tree, name, stamp_now, seen)
        else:
            _miss_below(tree, path.relative_to(root).as_posix(), seen)
    _look_at_copies(tree, seen)
    return seen


def _is_text(path: str) -> bool:
    try:
        return bool(path.encode())
    except UnicodeEncodeError:
        return False


def _miss_below(tree: Tree, path: str, seen: _Seen) -> None:
    """What was a file here, or in this folder, and is none now."""
    seen.healed.append(path)
    known = tree.catalogue.at(path)
    for filed in [*([known] if known else ()), *tree.catalogue.all(path)]:
        if tree.files.stamp(filed.path) is None:
            _miss(tree, filed.entry.id, seen)


def _look_at_copies(tree: Tree, seen: _Seen) -> None:
    """Files that had another's id, or its name, may be entries by now."""
    for trouble in tree.catalogue.troubles():
        stamp = tree.files.stamp(trouble.path)
        if stamp and trouble.code == "duplicate" and trouble.path not in seen.looked:
            _look(tree, trouble.path, stamp, seen)


def _look(tree: Tree, path: str, stamp: Stamp, seen: _Seen) -> None:
    seen.looked.add(path)
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
    if other := _other_with_id(tree, filed, seen):
        reason = f"its id {entry.id} is that of {other}; give one of them another, or delete it"
        seen.troubles.append(Trouble(path, "duplicate", reason))
    elif other := _other_with_name(tree, path, seen):
        reason = f"some systems take its name and {other} for one; give one of them another"
        seen.troubles.append(Trouble(path, "duplicate", reason))
    else:
        seen.found[path] = (filed, text)
        seen.ids[entry.id] = seen.spots[spot(path)] = path


def _other_with_id(tree: Tree, filed: Filed, seen: _Seen) -> str:
    if other := seen.ids.get(filed.entry.id):
        return "" if other == filed.path else other
    id = filed.entry.id
    known, last = tree.catalogue.get(id), tree.ledger.latest(id)
    path = known.path if known else last.path_after if last else ""
    if path in ("", filed.path) or tree.files.is_one(path, filed.path):
        return ""
    return path if tree.files.stamp(path) and _still_has(tree, path, id) else ""


def _other_with_name(tree: Tree, path: str, seen: _Seen) -> str:
    if other := seen.spots.get(spot(path)):
        return "" if other == path else other
    known = tree.catalogue.get(tree.catalogue.holder(path))
    if known is None or known.path == path or tree.files.is_one(known.path, path):
        return ""
    return known.path if tree.files.stamp(known.path) else ""


def _still_has(tree: Tree, path: str, id: str) -> bool:
    """Does the file in which an id was found last still have it?"""
    try:
        text = tree.files.read(path)
        return text is not None and parse(text, fallback_id(path), "").id == id
    except Broken:
        return True


def _miss(tree: Tree, id: str, seen: _Seen) -> None:
    if known := tree.catalogue.get(id):
        seen.gone[id] = known


def _edits(tree: Tree, seen: _Seen) -> Iterable[Edit]:
    for path, (filed, text) in seen.found.items():
        id = filed.entry.id
        replaced = tree.catalogue.get(tree.catalogue.holder(path))
        if replaced and replaced.entry.id != id and replaced.entry.id not in seen.ids:
            seen.gone[replaced.entry.id] = replaced  # its file now is another entry
        known = tree.catalogue.get(id)
        if known and known.hash == filed.hash and known.path == path:
            continue  # only its stamp is another
        edit = _edit(tree, id, known, path, text)
        if (edit.path_before, edit.before) != (path, text):
            yield edit  # else history knows, and the catalogue was lost
    for id, known in seen.gone.items():
        if id not in seen.ids:
            yield _edit(tree, id, known, "", "")


def _edit(tree: Tree, id: str, known: Filed | None, path: str, text: str) -> Edit:
    """The text before a user's change is in the history, but for its secrets, or lost."""
    last = tree.ledger.latest(id)
    path_before = known.path if known else last.path_after if last else ""
    if last is None or not last.path_after:
        return Edit(id, path_before, "", path, text, exact=known is None)
    if not last.exact and path and redact(text).text == last.after:
        return Edit(id, path_before, text, path, text)
    return Edit(id, path_before, last.after, path, text, last.exact)


def _store(tree: Tree, seen: _Seen, edits: list[Edit]) -> None:
    if not (edits or seen.found or seen.troubles or seen.healed):
        return
    groups = [[edit] for edit in edits]
    if len(edits) > _ONE_BY_ONE:
        types = dict.fromkeys(_type([edit]) for edit in edits)
        groups = [[edit for edit in edits if _type([edit]) == type] for type in types]
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
