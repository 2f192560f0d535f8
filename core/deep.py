"""A memory looked through to the bottom: does every part hold what the others say that it holds?

Called by `cairn doctor --deep` and by the repair, which asks again afterwards. Nothing is changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cairn.core.engine import Engine
from cairn.core.index.meaning import text_digest
from cairn.core.index.table import Stored
from cairn.core.records import document_id

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Rows:
    """What the index holds, read through."""

    by_document: Counter[str]
    spoilt: int
    """Passages whose text is not the one that was embedded."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    part: str
    said: str
    next: str


def rows_of(engine: Engine) -> Rows:
    table = engine.index.table
    documents, counts, spoilt = table.distinct("doc_id"), Counter[str](), 0
    for start in range(0, len(documents), _AT_ONCE):
        for id, rows in table.stored(documents[start : start + _AT_ONCE]).items():
            counts[id] = len(rows)
            spoilt += sum(_is_spoilt(row) for row in rows)
    return Rows(counts, spoilt)


def _is_spoilt(row: Stored) -> bool:
    return row.meaning is not None and text_digest(row.chunk) != row.embedded


def mismatches(engine: Engine) -> Iterator[Mismatch]:
    """What does not add up between journal, tree, index, shelf and vectors."""
    waiting = engine.waiting
    if waiting:
        yield Mismatch("queue", f"{waiting} things wait to be read, so counts may differ",
                       "cairn status")  # fmt: skip
    found = rows_of(engine)
    if found.spoilt:
        yield Mismatch("index", f"{found.spoilt} passages are not what they were made as",
                       "cairn doctor --repair")  # fmt: skip
    yield from _documents(engine, found)
    yield from _tree(engine)
    ids = engine.index.table.matching("true")
    if lacking := len(engine.index.table.unshelved(ids)):
        yield Mismatch("shelf", f"{lacking} of {len(ids)} passages are not on it yet, which only "
                       "takes time", "")  # fmt: skip
    health = engine.check()
    if health.vectors != health.hot:
        yield Mismatch("vectors", f"{health.hot} are in memory, {health.vectors} were made",
                       "cairn doctor --repair")  # fmt: skip


def _documents(engine: Engine, found: Rows) -> Iterator[Mismatch]:
    known = {document_id(each.uri): each for each in engine.journal.files() if each.chunks}
    for id, record in known.items():
        if found.by_document[id] != record.chunks:
            yield Mismatch("index", f"{record.uri}: {record.chunks} passages were made, "
                           f"{found.by_document[id]} are there", "cairn rebuild")  # fmt: skip
    if others := found.by_document.keys() - known.keys():
        yield Mismatch("index", f"{len(others)} documents are in it that the journal does not know",
                       "cairn rebuild")  # fmt: skip


def _tree(engine: Engine) -> Iterator[Mismatch]:
    there = {path for path, _ in engine.tree.files.walk()}
    known = {each.path for each in engine.tree.catalogue.all()}
    troubled = {each.path for each in engine.tree.catalogue.troubles()}
    for path in sorted(there - known - troubled):
        yield Mismatch("tree", f"{path} is in no list", "cairn daemon restart")
    for path in sorted(known - there):
        yield Mismatch("tree", f"{path} is listed, and is not there", "cairn daemon restart")
    for path in sorted(troubled):
        yield Mismatch("tree", f"{path} can't be read as an entry", "cairn tree")
