"""The index: one LanceDB table and the hot tier over its vectors, kept in step.

The engine writes batches of documents and recall searches; nothing here survives on its own:
`rebuild` makes all of it again from the journal and the watched files.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cairn.core.errors import Unavailable
from cairn.core.index.hot import HotTier
from cairn.core.index.table import DIMENSIONS, Replacement, Stored, Table, drop_table, table_names
from cairn.core.records import Chunk, digest

__all__ = [
    "Index",
    "Replacement",
    "drop_other_tables",
    "is_readable",
    "newest_table",
    "next_table",
    "reuse_vectors",
]

_MOST_READ = 128
_LAYOUT = 2
"""Of the columns; part of a table's name, so that one of another layout is not opened."""
_NAME = re.compile(rf"chunks-{_LAYOUT}-(?P<fingerprint>.+)-(?P<serial>\d+)")
_ANY_LAYOUT = re.compile(r"chunks-.+-\d+")
Vectors = NDArray[np.float32]


class Index:
    """Search and replace by document; `fingerprint` names the model of the stored vectors."""

    def __init__(self, uri: str, name: str) -> None:
        self.table = Table(uri, name)
        self._read: OrderedDict[str, list[Chunk]] = OrderedDict()
        """Passages by document, those last asked for last."""
        self._read_lock = threading.Lock()
        self._writes = 0
        self.reload()

    def reload(self) -> None:
        """Make the hot tier anew from the table."""
        self.hot = HotTier(DIMENSIONS)
        self.hot.reserve(self.table.count())
        for ids, vectors in self.table.vectors():
            self.hot.put(ids, vectors)

    @property
    def fingerprint(self) -> str:
        match = _NAME.fullmatch(self.table.name)
        return match["fingerprint"] if match else ""

    def replace(self, documents: Sequence[Replacement], before: dict[str, list[Stored]]) -> None:
        """Write the documents; `before` is what they had, from `table.stored`."""
        self.table.replace(documents)
        with self._read_lock:
            self._writes += 1
            for document in documents:
                self._read.pop(document.doc_id, None)
        # Before anything else can fail: a repeated batch would find nothing to change.
        for document in documents:
            kept = {chunk.id for chunk in document.chunks}
            rows = before.get(document.doc_id, ())
            self.hot.remove(row.id for row in rows if row.id not in kept)
        pairs = [
            (chunk.id, vector)
            for document in documents
            for chunk, vector in zip(document.chunks, document.vectors, strict=True)
            if vector is not None
        ]
        if pairs:
            self.hot.put([id for id, _ in pairs], np.stack([vector for _, vector in pairs]))
        if documents:
            self.table.ensure_indices()

    def passages(self, doc_ids: Iterable[str]) -> dict[str, list[Chunk]]:
        """All passages of these documents, each in its order; those asked for often are kept."""
        wanted = list(dict.fromkeys(doc_ids))
        with self._read_lock:
            writes = self._writes
            found = {id: self._read[id] for id in wanted if id in self._read}
        found |= self.table.passages([id for id in wanted if id not in found])
        with self._read_lock:
            if writes == self._writes:  # else what was read may be what has just been replaced
                for id in found:
                    self._read[id] = found[id]
                    self._read.move_to_end(id)
            while len(self._read) > _MOST_READ:
                self._read.popitem(last=False)
        return found

    def drop(self, doc_ids: Iterable[str]) -> None:
        """Whatever these documents have."""
        ids = list(doc_ids)
        self.replace([Replacement(id, (), ()) for id in ids], self.table.stored(ids))

    def known_vectors(
        self, chunks: Sequence[Chunk], before: Mapping[str, Sequence[Stored]]
    ) -> dict[str, Vectors]:
        """Vectors of the same texts in other documents: a file that was moved or copied."""
        if len(self.hot) == 0:
            return {}
        known = {
            _text_digest(row.chunk): row.vector
            for rows in before.values()
            for row in rows
            if row.vector is not None
        }
        wanted = {_text_digest(chunk) for chunk in chunks} - known.keys()
        return known | self.table.vectors_for(wanted)

    def carry_over(self, old: Index, doc_ids: Sequence[str]) -> bool:
        """Keep the old rows of documents whose source can't be read now.

        Vectors of another model stay behind (then the result is true): those rows are found by
        their words until the source is back. An old index that is damaged has nothing to keep.
        """
        foreign = old.fingerprint != self.fingerprint
        with contextlib.suppress(Unavailable):
            self.table.copy_from(old.table, doc_ids, with_vectors=not foreign)
        return foreign


def is_readable(name: str) -> bool:
    """Has a table of this name the present layout? Any other is made anew from the files."""
    return _NAME.fullmatch(name) is not None


def newest_table(uri: str, fingerprint: str) -> str:
    """The table to open when the journal names none: for this model, or else the first one."""
    first = _table_name(fingerprint, 1)
    mine = [name for name in table_names(uri) if name.startswith(first[:-1]) and is_readable(name)]
    return max(mine, key=_serial, default=first)


def next_table(uri: str, fingerprint: str) -> str:
    """A name that no table has yet, for a rebuild beside the one in use."""
    serials = [_serial(name) for name in table_names(uri) if is_readable(name)]
    return _table_name(fingerprint, max(serials, default=0) + 1)


def drop_other_tables(uri: str, keep: str) -> None:
    for name in table_names(uri):
        if name != keep and _ANY_LAYOUT.fullmatch(name):
            drop_table(uri, name)


def reuse_vectors(
    chunks: Sequence[Chunk],
    before: Sequence[Stored],
    embed: Callable[[list[str]], Vectors | None],
    known: dict[str, Vectors] | None = None,
) -> tuple[Vectors | None, ...]:
    """Vectors for chunks: those stored for the very same text, and new ones for the rest.

    `known` has vectors by the digest of their text; what is embedded now is added to it.
    """
    known = {} if known is None else known
    known |= {_text_digest(row.chunk): row.vector for row in before if row.vector is not None}
    digests = [_text_digest(chunk) for chunk in chunks]
    missing = {
        text: chunk.embedding_text
        for text, chunk in zip(digests, chunks, strict=True)
        if text not in known
    }
    if missing:
        fresh = embed(list(missing.values()))
        if fresh is not None:
            known |= zip(missing, fresh, strict=True)
    return tuple(known.get(text) for text in digests)


def _text_digest(chunk: Chunk) -> str:
    return digest(chunk.embedding_text)


def _table_name(fingerprint: str, serial: int) -> str:
    return f"chunks-{_LAYOUT}-{fingerprint or 'none'}-{serial}"


def _serial(name: str) -> int:
    return int(name.rpartition("-")[2])
