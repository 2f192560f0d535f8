"""What can be done to entries → plans for the tree, for people and for answered questions alike.

Called by the engine. Each returns one operation that is undone on its own; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from cairn.core.errors import ConfigError, NotFound
from cairn.core.records import Entry, Relation
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.entries import free_path
from cairn.core.tree.files import ARCHIVE, is_archived, spot
from cairn.core.tree.ledger import Edit, OperationType, Plan
from cairn.core.tree.markdown import Broken, parse, revise, with_source
from cairn.core.tree.plan import Step
from cairn.core.tree.tree import Tree, fallback_id


class Already(ConfigError):
    """It is as it was to become."""


def known(tree: Tree, id: str) -> Filed:
    filed = tree.catalogue.get(id)
    if filed is None:
        raise NotFound(f"there is no entry {id}", "`cairn tree` lists them")
    return filed


def in_file(tree: Tree, id: str) -> Filed:
    """The entry as its file has it: the catalogue has no secrets."""
    filed = known(tree, id)
    return replace(filed, entry=parse(tree.text(filed), id, filed.entry.title))


def carry_out(tree: Tree, step: Step, reason: str) -> Plan:
    """What a person has agreed to."""
    if step.do == "supersede" and len(step.entries) == 2:
        return supersede(tree, *step.entries, reason)
    if step.do == "merge":
        return merge(tree, step.entries, reason)
    if step.do == "archive":
        return archive(tree, step.entries, reason)
    if step.do == "relate":
        one, other = step.entries
        return relate(tree, one, other, str(step.payload.get("type", "")), reason)
    if step.do == "alias":
        return also_called(tree, step.entries[0], str(step.payload.get("name", "")), reason)
    raise ConfigError(f"cairn does not know how to {step.do} these", "")


def supersede(tree: Tree, old: str, new: str, reason: str) -> Plan:
    """The old one was true until the new one was; both stay."""
    was, now = in_file(tree, old), in_file(tree, new)
    since = now.entry.valid_from or now.entry.created[:10]
    ended = replace(was.entry, valid_until=was.entry.valid_until or since)
    begun = _related(now.entry, Relation("supersedes", old))
    return _plan("SUPERSEDE", reason, [_edit(tree, was, ended), _edit(tree, now, begun)])


def merge(tree: Tree, ids: Sequence[str], reason: str) -> Plan:
    """The first one takes over what the others rest on; they go to the archive."""
    if len(set(ids)) < 2:
        raise ConfigError("merging takes two entries", "`cairn merge KEEP OTHER`")
    keep, *others = (in_file(tree, id) for id in dict.fromkeys(ids))
    grown = keep.entry
    for other in others:
        for source in other.entry.sources:
            grown = with_source(grown, source)
        for relation in other.entry.relations:
            if relation.to != grown.id:
                grown = _related(grown, relation)
        grown = replace(
            grown,
            tags=tuple(dict.fromkeys((*grown.tags, *other.entry.tags))),
            aliases=tuple(dict.fromkeys((*grown.aliases, *_names(other.entry, grown)))),
            created=min(grown.created, other.entry.created) or grown.created,
        )
    edits = [_edit(tree, keep, grown)]
    taken: set[str] = set()
    for other in others:
        gone = _related(other.entry, Relation("part_of", keep.entry.id))
        path = other.path if other.is_archived else free(tree, f"{ARCHIVE}/{other.path}", taken)
        edits.append(_edit(tree, other, gone, path))
    return _plan("MERGE", reason, edits)


def archive(tree: Tree, ids: Iterable[str], reason: str, author: str = "user") -> Plan:
    """Out of the way, still found, and brought back exactly."""
    edits = []
    taken: set[str] = set()
    for filed in (in_file(tree, id) for id in dict.fromkeys(ids)):
        if not filed.is_archived:
            path = free(tree, f"{ARCHIVE}/{filed.path}", taken)
            edits.append(_edit(tree, filed, filed.entry, path))
    if not edits:
        raise Already("it is in the archive already", "`cairn tree restore ID` brings it back")
    return _plan("ARCHIVE", reason, edits, author)


def bring_back(tree: Tree, id: str, reason: str) -> Plan:
    filed = in_file(tree, id)
    if not filed.is_archived:
        raise ConfigError(f"{filed.path} is not in the archive", "")
    edit = tree.ledger.latest(id)
    was = edit.path_before if edit and edit.path_after == filed.path else ""
    if not was or is_archived(was):
        was = filed.path.removeprefix(f"{ARCHIVE}/")
    path = free(tree, was, set())
    return _plan("RESTORE", reason, [_edit(tree, filed, filed.entry, path)])


def relate(tree: Tree, one: str, other: str, type: str, reason: str) -> Plan:
    filed, target = in_file(tree, one), known(tree, other)
    linked = _related(filed.entry, Relation(type, target.entry.id))
    return _plan("LINK", reason, [_edit(tree, filed, linked)])


def also_called(tree: Tree, id: str, name: str, reason: str) -> Plan:
    """Known by one more name: whoever goes by it is the same person or project."""
    filed = in_file(tree, id)
    names = tuple(dict.fromkeys((*filed.entry.aliases, name)))
    return _plan("UPDATE", reason, [_edit(tree, filed, replace(filed.entry, aliases=names))])


def part(tree: Tree, id: str, other: str, reason: str) -> Plan:
    """Without any relation to another entry."""
    filed = in_file(tree, id)
    left = tuple(each for each in filed.entry.relations if each.to != other)
    return _plan("LINK", reason, [_edit(tree, filed, replace(filed.entry, relations=left))])


def move(tree: Tree, id: str, to: str) -> Plan:
    """Into another folder, or to a path of another name where `to` ends in `.md`."""
    filed = in_file(tree, id)
    to = to.strip().strip("/")
    path = to if to.endswith(".md") else f"{to}/{filed.path.rpartition('/')[2]}".lstrip("/")
    if tree.files.relative(tree.files.path(path)) != path:
        raise ConfigError(f"{path} is no place for an entry", "hidden folders and files are not")
    return _plan("MOVE", f"moved to {to or 'the top'}", [_edit(tree, filed, filed.entry, path)])


def rewrite(tree: Tree, id: str, text: str) -> Plan:
    """The whole file anew, as somebody has edited it."""
    filed = known(tree, id)
    before = tree.text(filed)
    try:
        entry = parse(text, fallback_id(filed.path), "")
    except Broken as error:
        raise ConfigError(f"this is not kept: {error.message}", "edit it again") from error
    if entry.id != id:
        raise ConfigError(f"the id of an entry can't be changed ({id})", "leave the line `id:`")
    edit = Edit(id, filed.path, before, filed.path, text)
    return _plan("UPDATE", "edited", [edit])


def revise_entry(tree: Tree, entry: Entry, reason: str) -> Plan:
    """What differs from the catalogue, written into the file."""
    filed, here = known(tree, entry.id), in_file(tree, entry.id)
    changes: dict[str, Any] = {
        each.name: getattr(entry, each.name)
        for each in fields(Entry)
        if getattr(entry, each.name) != getattr(filed.entry, each.name)
    }
    return _plan("UPDATE", reason, [_edit(tree, here, replace(here.entry, **changes))])


def _plan(
    type: OperationType, reason: str, edits: Iterable[Edit | None], author: str = "user"
) -> Plan:
    done = tuple(edit for edit in edits if edit)
    if not done:
        raise Already("nothing would change", "it is so already")
    return Plan(type, done, reason, author)


def _edit(tree: Tree, filed: Filed, entry: Entry, path: str = "") -> Edit | None:
    """Of an entry that was taken from its file: what is different, all else as it stands there."""
    text = tree.text(filed)
    path = path or filed.path
    revised = revise(text, filed.entry, entry, pinned=path != filed.path)
    if (revised, path) == (text, filed.path):
        return None
    return Edit(filed.entry.id, filed.path, text, path, revised)


def _related(entry: Entry, relation: Relation) -> Entry:
    if relation in entry.relations:
        return entry
    return replace(entry, relations=(*entry.relations, relation))


def _names(entry: Entry, into: Entry) -> tuple[str, ...]:
    """The other spellings that a person or project is then known by."""
    if entry.kind not in ("person", "project"):
        return entry.aliases
    return tuple(name for name in (entry.title, *entry.aliases) if name != into.title)


def free(tree: Tree, path: str, taken: set[str]) -> str:
    """This path, or one with a number where it is taken."""
    folder, _, name = path.rpartition("/")

    def is_taken(path: str) -> bool:
        return spot(path) in taken or tree.is_taken(path)

    if is_taken(path):
        path = free_path(folder or ".", name.removesuffix(".md"), is_taken).removeprefix("./")
    taken.add(spot(path))
    return path
