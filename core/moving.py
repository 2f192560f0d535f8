"""A home that lies elsewhere than it did → addresses of what is in its tree that hold again.

Asked by the engine whenever it opens a home: one may have been moved, or restored to another place.
All else is watched where it was. The index follows once it is opened, without reading anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cairn.core.index import Index, Replacement
from cairn.core.journal import Journal
from cairn.core.records import document_id
from cairn.core.uris import file_uri

_PLACE, _ROWS_AT = "tree.place", "tree.rows-at"
_COLUMNS = (
    ("events", "uri"), ("events", "was"), ("files", "uri"), ("jobs", "key"),
)  # fmt: skip
_QUOTED = (("feedback", "cites"), ("answered", "cites"))
"""Columns of JSON."""
_AT_ONCE = 500


def follow(journal: Journal, tree: Path) -> None:
    """Have the journal say where the tree is now."""
    now, was = file_uri(tree), journal.get_meta(_PLACE)
    journal.tree = f"{now}/"
    if was == now:
        return
    with journal.write() as db:
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_PLACE, now))
        if not was:
            return
        db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (_ROWS_AT, was))
        for table, column in _COLUMNS:
            sql = (
                f"UPDATE OR REPLACE {table} SET {column} = ? || substr({column}, ?) "
                f"WHERE substr({column}, 1, ?) = ?"
            )
            db.execute(sql, (now, len(was) + 1, len(was) + 1, f"{was}/"))
        for table, column in _QUOTED:
            sql = f"UPDATE {table} SET {column} = replace({column}, ?, ?)"
            db.execute(sql, (json.dumps(f"{was}/")[:-1], json.dumps(f"{now}/")[:-1]))


def bring_rows(journal: Journal, index: Index) -> None:
    """Have the index say it, too."""
    if not (was := journal.get_meta(_ROWS_AT)):
        return
    now = journal.get_meta(_PLACE)
    uris = [record.uri for record in journal.files(now)]
    for start in range(0, len(uris), _AT_ONCE):
        _move(index, uris[start : start + _AT_ONCE], was, now)
    index.compact()  # scores are those of before once nothing is left of the old rows
    with journal.write() as db:
        db.execute("DELETE FROM meta WHERE key = ?", (_ROWS_AT,))


def _move(index: Index, uris: Sequence[str], was: str, now: str) -> None:
    ids = {document_id(was + uri[len(now) :]): document_id(uri) for uri in uris}
    moved = []
    for old, rows in index.table.stored(ids).items():
        chunks = tuple(
            replace(row.chunk, doc_id=ids[old], uri=now + row.chunk.uri[len(was) :]) for row in rows
        )
        moved.append(Replacement(ids[old], chunks, tuple(row.meaning for row in rows)))
    index.replace(moved, {})
