"""Entries, their history and questions about them → the plain JSON of docs/json.md.

Used by the daemon's operations on the tree. Whatever a person reads of an entry is in here, so that
showing it needs no second question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import PurePosixPath
from typing import Any

from cairn.app.wire import place_of
from cairn.core.memory import Kept
from cairn.core.records import Entry, Relation, Source
from cairn.core.redact import redact
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.ledger import Edit, Operation
from cairn.core.tree.life.signals import Signals
from cairn.core.tree.life.witness import independent
from cairn.core.tree.outline import Leaf
from cairn.core.tree.review import Review

Json = dict[str, Any]
Known = Mapping[str, Filed]
"""Entries by id, for the titles of those that are named only."""


_LEAF = tuple(field.name for field in fields(Leaf))


def leaf(each: Leaf) -> Json:
    return {name: getattr(each, name) for name in _LEAF}


def brief(filed: Filed) -> Json:
    """Enough of an entry to be recognised, and to be judged."""
    entry = filed.entry
    return {
        "id": entry.id, "path": filed.path, "kind": entry.kind, "title": entry.title,
        "body": entry.body, "valid_from": entry.valid_from, "valid_until": entry.valid_until,
        "created": entry.created, "origin": entry.origin, "author": entry.author,
        "archived": filed.is_archived, "sources": [source(each) for each in entry.sources],
    }  # fmt: skip


def source(given: Source) -> Json:
    return {
        "address": given.uri, **place_of(given.uri), "quote": given.quote, "who": given.who,
        "when": given.when,
    }  # fmt: skip


def entry(
    kept: Kept, root: str, into: Iterable[Relation], chain: Iterable[Filed], known: Known
) -> Json:
    """All that is known of an entry; `chain` is what superseded what, the oldest first."""
    one = kept.filed.entry
    outward = [relation(each, known, outward=True) for each in one.relations]
    inward = [relation(each, known, outward=False) for each in into]
    return {
        **brief(kept.filed),
        "file": f"{root}/{kept.filed.path}",
        "tags": list(one.tags), "aliases": list(one.aliases), "subject": one.subject,
        "attribute": one.attribute, "value": one.value,
        "relations": [*outward, *inward],
        "chain": [_link(each.entry) for each in chain],
        "maturity": maturity(kept.signals, one),
        "reviews": [review(each, known) for each in kept.reviews],
        "operations": [operation(each, known) for each in kept.history],
        "text": redact(kept.text).text,
    }  # fmt: skip


def _link(each: Entry) -> Json:
    return {
        "id": each.id, "title": each.title, "value": each.value,
        "valid_from": each.valid_from or each.created[:10], "valid_until": each.valid_until,
    }  # fmt: skip


def relation(given: Relation, known: Known, *, outward: bool) -> Json:
    """`to` is what stands there: an entry's id, or a name."""
    other = known.get(given.to)
    return {
        "type": given.type, "to": given.to, "outward": outward,
        "title": other.entry.title if other else "", "path": other.path if other else "",
        "archived": other.is_archived if other else False,
    }  # fmt: skip


def maturity(signals: Signals | None, entry: Entry) -> Json:
    given = signals or Signals(entry.id)
    return {
        "state": given.maturity, "since": given.since, "importance": round(given.importance, 3),
        "confirmed": max(independent(given.confirmed), min(1, len(entry.sources))),
        "vouched": bool(given.vouched) or entry.author == "user",
        "uses": given.uses, "kept": given.kept,
    }  # fmt: skip


def operation(done: Operation, known: Known) -> Json:
    return {
        "id": done.id, "at": done.at, "type": done.type, "author": done.author,
        "reason": done.reason, "evidence": list(done.evidence), "undoes": done.undoes,
        "undone_by": done.undone_by,
        "entries": [
            {"id": edit.entry, "title": _title(edit, known), "path_before": edit.path_before,
             "path_after": edit.path_after, "overtaken": edit.overtaken}
            for edit in done.edits
        ],
    }  # fmt: skip


def _title(edit: Edit, known: Known) -> str:
    """By its file's name where it is gone."""
    if edit.entry in known:
        return known[edit.entry].entry.title
    return PurePosixPath(edit.path_after or edit.path_before).stem


def review(asked: Review, known: Known) -> Json:
    return {
        "id": asked.id, "at": asked.at, "kind": asked.kind, "reason": asked.reason,
        "state": asked.state, "decided": asked.decided, "operation": asked.operation,
        "plan": [{"do": step.do, "entries": list(step.entries), "payload": step.payload}
                 for step in asked.plan],
        "entries": [
            brief(known[id]) if id in known else {"id": id, "gone": True} for id in asked.entries
        ],
    }  # fmt: skip
