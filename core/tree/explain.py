"""An entry's id → why it is, or is not, in the memory.

Called for `why-not`. What the entry is comes first, then its file, which is read like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cairn.core.records import Entry
from cairn.core.report import Explanation
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.tree import Tree

_DAY = len("2026-03-08")


def explain(id: str, tree: Tree, of_file: Callable[[Path], Explanation]) -> Explanation | None:
    """None for an id that nothing is known of."""
    filed = tree.catalogue.get(id)
    if filed is None:
        return _gone(id, tree)
    if filed.is_archived:
        done = next(iter(tree.ledger.log(id, 1)), None)
        why = f" since {done.at[:_DAY]}: {done.reason}" if done and done.reason else ""
        hint = f"`cairn tree restore {id}` brings it back"
        return Explanation(_name(filed), "archived", f"it lies in the archive{why}", hint)
    if newer := tree.catalogue.successors([id]).get(id):
        since = f" on {newer.entry.valid_from[:_DAY]}" if newer.entry.valid_from else ""
        reason = f"it was superseded{since} by “{newer.entry.title}” and stands behind that"
        hint = f"`cairn tree show {newer.entry.id}` shows what holds now"
        return Explanation(_name(filed), "superseded", reason, hint)
    found = of_file(tree.files.path(filed.path))
    leads = _leads(filed.entry)
    reason = f"{found.reason}; {leads}" if found.state == "in memory" and leads else found.reason
    return Explanation(_name(filed), found.state, reason, found.hint)


def _gone(id: str, tree: Tree) -> Explanation | None:
    done = next(iter(tree.ledger.log(id, 1)), None)
    if done is None:
        return None
    why = f": {done.reason}" if done.reason else ""
    reason = f"it was taken out of the tree on {done.at[:_DAY]}{why}"
    return Explanation(id, "not there", reason, f"`cairn tree log {id}` tells its history")


def _leads(entry: Entry) -> str:
    if entry.author == "user" or not entry.sources:
        return ""
    return f"it leads to {entry.sources[0].uri}, which is shown in its place"


def _name(filed: Filed) -> str:
    return f"{filed.entry.id} ({filed.path})"
