"""The index that a home has → opened, in step with what the journal says of it.

Called by the engine once it is needed.
"""

from __future__ import annotations

from cairn.core.index import Index, drop_other_tables, is_readable, newest_table
from cairn.core.journal import Journal
from cairn.core.moving import bring_rows

TABLE = "index.table"
"""Where the journal names the table that is in use."""


def open_index(uri: str, journal: Journal, fingerprint: str) -> Index:
    known = journal.get_meta(TABLE)
    newest = newest_table(uri, fingerprint)
    index = Index(uri, known if is_readable(known) else newest)
    drop_other_tables(uri, index.table.name)  # of a rebuild that was killed
    if index.table.name != known:
        journal.set_meta(TABLE, index.table.name)
    if index.table.count() == 0 and journal.counts().chunks:
        # The index was deleted, or is of an older layout: what was in it is read again.
        records = list(journal.files())
        journal.requeue([record.uri for record in records])
        journal.store_files([record.unread for record in records])
    bring_rows(journal, index)
    return index
