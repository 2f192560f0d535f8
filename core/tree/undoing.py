"""Taking back: one operation, whatever came after it, or the whole tree to how it was once.

Called by the engine. An operation is undone on the entry as it is now, so that what others have
changed since stays; where they changed the same, the user is told which to undo first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from cairn.core.errors import ConfigError, Unavailable
from cairn.core.records import Entry
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.ledger import Edit, Operation, Plan
from cairn.core.tree.markdown import Broken, parse, revise
from cairn.core.tree.tree import Tree, fallback_id

_OWN = ("id", "links")


def undo_plan(tree: Tree, id: int) -> Plan:
    operation = tree.ledger.operation(id)
    if operation.undone_by:
        raise ConfigError(
            f"operation {id} is undone already, by operation {operation.undone_by}",
            f"`cairn tree undo {operation.undone_by}` brings it back",
        )
    edits = [
        _back(tree, operation, edit) for edit in reversed(operation.edits) if not edit.overtaken
    ]
    if not edits:
        raise ConfigError(f"operation {id} changed nothing", "")
    return Plan("UNDO", tuple(edits), f"takes back operation {id}", undoes=id)


def restore_plan(tree: Tree, moment: str) -> Plan:
    """The tree as it was at a moment (UTC), as one operation that can be undone."""
    then = tree.ledger.as_of(moment)
    now = {filed.entry.id: filed for filed in tree.catalogue.all()}
    if unknown := [id for id in now if id not in then and tree.ledger.latest(id) is None]:
        raise Unavailable(f"nothing is known of how {now[unknown[0]].path} came to be", "")
    return Plan("RESTORE", tuple(_returns(tree, then, now)), f"the tree as of {moment}")


def _returns(tree: Tree, then: dict[str, Edit], now: dict[str, Filed]) -> Iterator[Edit]:
    stays = {id: edit for id, edit in then.items() if edit.path_after}
    for id, filed in now.items():
        if id not in stays:
            yield Edit(id, filed.path, tree.text(filed), "", "")
    for id, edit in stays.items():
        held = now.get(id)
        text = tree.text(held) if held else ""
        path = held.path if held else ""
        if (path, text) == (edit.path_after, edit.after):
            continue
        if not edit.exact:
            raise _lost(edit.path_after)
        yield Edit(id, path, text, edit.path_after, edit.after)


def _back(tree: Tree, operation: Operation, edit: Edit) -> Edit:
    filed = tree.catalogue.get(edit.entry)
    if not edit.path_after:  # it was deleted
        if filed:
            raise _in_the_way(tree, operation, edit)
        if not edit.exact:
            raise _lost(edit.path_before)
        return Edit(edit.entry, "", "", edit.path_before, edit.before)
    if filed is None:
        raise _in_the_way(tree, operation, edit)
    text = tree.text(filed)
    if not edit.path_before:  # it was added
        if text != edit.after and edit.exact:
            raise _in_the_way(tree, operation, edit)
        return Edit(edit.entry, filed.path, text, "", "")
    path = edit.path_before if filed.path == edit.path_after else filed.path
    if edit.before == edit.after:
        return Edit(edit.entry, filed.path, text, path, text)
    if text == edit.after and edit.exact:
        return Edit(edit.entry, filed.path, text, path, edit.before)
    return Edit(edit.entry, filed.path, text, path, _reversed(tree, operation, edit, filed, text))


def _reversed(tree: Tree, operation: Operation, edit: Edit, filed: Filed, text: str) -> str:
    """The text as it is now, without what the edit had put into it."""
    try:
        before = parse(edit.before, fallback_id(edit.path_before), "")
        after = parse(edit.after, fallback_id(edit.path_after), "")
        current = parse(text, fallback_id(filed.path), "")
    except Broken as error:
        raise _in_the_way(tree, operation, edit) from error
    changes: dict[str, Any] = {}
    for each in fields(Entry):
        name = each.name
        old, new, now = (getattr(entry, name) for entry in (before, after, current))
        if name in _OWN or old == new:
            continue
        if isinstance(now, tuple):
            kept = [item for item in now if item not in new or item in old]
            changes[name] = (*kept, *(item for item in old if item not in new and item not in kept))
        elif now == new:
            changes[name] = old
        else:
            raise _in_the_way(tree, operation, edit)
    return revise(text, current, replace(current, **changes))


def _in_the_way(tree: Tree, operation: Operation, edit: Edit) -> ConfigError:
    later = tree.ledger.later(operation.id, [edit.entry])
    if not later:
        return ConfigError(
            f"operation {operation.id} can't be undone: its entry has been changed since",
            f"`cairn tree log {edit.entry}` shows how",
        )
    return ConfigError(
        f"operation {operation.id} can't be undone before operation {later[0]}, which changed "
        "the same entry since",
        f"`cairn tree undo {later[0]}` first",
    )


def _lost(path: str) -> Unavailable:
    return Unavailable(
        f"{path} held a password or key, which its history has not kept",
        "change the file by hand",
    )
