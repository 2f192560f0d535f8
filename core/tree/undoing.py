"""Taking back: one operation, whatever came after it, or the whole tree to how it was once.

Called by the engine. An operation is undone on the entry as it is now, so that what others have
changed since stays; where they changed the same, the user is told which to undo first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from cairn.core.errors import ConfigError, Unavailable
from cairn.core.records import Entry
from cairn.core.redact import redact
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.deeds import free
from cairn.core.tree.files import spot
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
    edits = [_back(tree, operation, edit) for edit in reversed(_whole(operation.edits))]
    if not edits:
        raise ConfigError(f"operation {id} changed nothing", "")
    return Plan("UNDO", arranged(tree, edits), f"takes back operation {id}", undoes=id)


def _whole(edits: Iterable[Edit]) -> list[Edit]:
    """One for each entry, whose file may have gone over several places."""
    whole: dict[str, Edit] = {}
    for edit in edits:
        if not edit.overtaken:
            first = whole.get(edit.entry, edit)
            whole[edit.entry] = replace(
                edit, path_before=first.path_before, before=first.before,
                exact=first.exact and edit.exact,
            )  # fmt: skip
    return list(whole.values())


def arranged(tree: Tree, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """In an order in which every place is free when it is needed: files that change places go
    over a third one, and where another file lies now, one goes beside it."""
    left = sorted(edits, key=lambda edit: bool(edit.path_after))
    leaving = {spot(edit.path_before) for edit in left}
    taken: set[str] = set()
    done: list[Edit] = []
    while left:
        held = {spot(edit.path_before) for edit in left}
        edit = next((e for e in left if _is_free(e, held)), left[0])
        left.remove(edit)
        if not _is_free(edit, held):
            between = free(tree, edit.path_before, set(taken))
            done.append(replace(edit, path_after=between, after=edit.before))
            left.append(replace(edit, path_before=between))
            continue
        if edit.path_after and spot(edit.path_after) not in leaving | {""}:
            edit = replace(edit, path_after=free(tree, edit.path_after, taken))
        taken.add(spot(edit.path_after))
        done.append(_named(edit))
    return tuple(done)


def _named(edit: Edit) -> Edit:
    """With the id in its text, where a file that names none has it by another place."""
    if not edit.path_after or parse(edit.after, fallback_id(edit.path_after), "").id == edit.entry:
        return edit
    entry = parse(edit.after, edit.entry, "")
    return replace(edit, after=revise(edit.after, entry, entry, pinned=True))


def _is_free(edit: Edit, held: set[str]) -> bool:
    return spot(edit.path_after) in ("", spot(edit.path_before)) or (
        spot(edit.path_after) not in held
    )


def restore_plan(tree: Tree, moment: str) -> Plan:
    """The tree as it was at a moment (UTC), as one operation that can be undone."""
    then = tree.ledger.as_of(moment)
    now = {filed.entry.id: filed for filed in tree.catalogue.all()}
    if unknown := [id for id in now if id not in then and tree.ledger.latest(id) is None]:
        raise Unavailable(f"nothing is known of how {now[unknown[0]].path} came to be", "")
    edits = list(_returns(tree, then, now))
    kept = sorted(edit.path_before or edit.path_after for edit in edits if not edit.exact)
    reason = f"the tree as of {moment}"
    if kept:
        some = ", ".join(kept[:5])
        reason += f"; not {some}, whose passwords or keys no history has kept"
    if not (edits := [edit for edit in edits if edit.exact]):
        raise ConfigError("the tree is as it was then", reason)
    return Plan("RESTORE", arranged(tree, edits), reason)


def _returns(tree: Tree, then: dict[str, Edit], now: dict[str, Filed]) -> Iterator[Edit]:
    """What differs; not `exact` where nobody could bring back what stands there, or stood."""
    stays = {id: edit for id, edit in then.items() if edit.path_after}
    for id in dict.fromkeys((*now, *stays)):
        held, edit = now.get(id), stays.get(id)
        path, text = (held.path, tree.text(held)) if held else ("", "")
        if edit is None:
            yield Edit(id, path, text, "", "", exact=not redact(text).found)
            continue
        after = text if held and not edit.exact and redact(text).text == edit.after else edit.after
        if (path, text) != (edit.path_after, after):
            exact = after == text or (edit.exact and not redact(text).found)
            yield Edit(id, path, text, edit.path_after, after, exact)


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
        if not edit.exact:
            raise _lost(filed.path)
        if text != edit.after:
            raise _in_the_way(tree, operation, edit)
        return Edit(edit.entry, filed.path, text, "", "")
    path = edit.path_before if filed.path == edit.path_after else filed.path
    if edit.before == edit.after and (edit.exact or edit.path_before != edit.path_after):
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
        if not edit.exact and any("[redacted:" in text for text in _differing(old, new)):
            raise _lost(filed.path)
        if isinstance(now, tuple):
            kept = [item for item in now if item not in new or item in old]
            changes[name] = (*kept, *(item for item in old if item not in new and item not in kept))
        elif now == new:
            changes[name] = old
        else:
            raise _in_the_way(tree, operation, edit)
    if not changes and not edit.exact and edit.path_before == edit.path_after:
        raise _lost(filed.path)  # what differed is nothing but what is not kept
    return revise(text, current, replace(current, **changes))


def _differing(old: object, new: object) -> list[str]:
    """The texts that only one of two values has: they are to go, or to come back."""
    both = [set(value if isinstance(value, tuple) else (value,)) for value in (old, new)]
    return [each if isinstance(each, str) else repr(each) for each in both[0] ^ both[1]]


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
        "change or delete the file by hand",
    )
