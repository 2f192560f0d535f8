"""Files that stay in the memory and lose sentences: their passages in the index, made anew.

In place, since a file may be out of reach just now. What changed is embedded again later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cairn.core.cleared import cleared
from cairn.core.index import Index, Replacement
from cairn.core.journal import Journal, queue, take_number
from cairn.core.records import document_id
from cairn.core.tombstones import Tombstones


def thin_rows(index: Index, journal: Journal, uris: Iterable[str], tombstones: Tombstones) -> None:
    thinned: Sequence[str] = list(uris)
    before = index.table.stored(map(document_id, thinned))
    replacements, counts = [], dict[str, tuple[int, int]]()
    for uri in thinned:
        rows = before.get(document_id(uri), [])
        known = {row.id: row.meaning for row in rows}
        chunks = cleared((row.chunk for row in rows), tombstones)
        meanings = tuple(known.get(chunk.id) for chunk in chunks)
        replacements.append(Replacement(document_id(uri), chunks, meanings))
        counts[uri] = len(chunks), sum(each is not None for each in meanings)
    index.replace(replacements, before)
    records = (journal.file(uri) for uri in thinned)
    journal.store_files(
        replace(record, chunks=counts[record.uri][0], vectors=counts[record.uri][1])
        for record in records
        if record
    )
    with journal.write() as db:
        event = take_number(db)
        for uri in thinned:
            queue(db, "embed", uri, event)
            queue(db, "curate", uri, event)
