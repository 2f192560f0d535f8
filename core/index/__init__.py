"""The index: one LanceDB table and the hot tier over its vectors, kept in step.

The engine writes batches of documents and recall searches; nothing here survives on its own:
`rebuild` makes all of it again from the journal and the watched files.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

import numpy as np

from cairn.core.errors import Unavailable
from cairn.core.index.hot import HotTier
from cairn.core.index.loop import begin
from cairn.core.index.meaning import DIMENSIONS, Meaning, Vectors, part_starts, text_digest
from cairn.core.index.room import Room, room
from cairn.core.index.rows import Fetched
from cairn.core.index.table import Replacement, Scores, Stored, Table
from cairn.core.index.tables import drop_table, table_names
from cairn.core.records import Chunk

__all__ = [
    "Fetched",
    "Index",
    "Meaning",
    "Replacement",
    "drop_other_tables",
    "is_readable",
    "newest_table",
    "next_table",
    "reuse_meanings",
]

_MOST_READ, _MOST_FETCHED = 128, 2048
_LAYOUT = 4
"""Of the columns; part of a table's name, so that one of another layout is not opened."""
_NAME = re.compile(rf"chunks-{_LAYOUT}-(?P<fingerprint>.+)-(?P<serial>\d+)")
_ANY_LAYOUT = re.compile(r"chunks-.+-\d+")
Embed = Callable[[list[str], list[Sequence[int]]], Sequence[Vectors] | None]
"""Texts, and where the parts of each begin → of each its vector, and under it its parts'."""


class Index:
    """Search and replace by document; `fingerprint` names the model of the stored vectors."""

    def __init__(self, uri: str, name: str) -> None:
        self._uri = uri
        self.table = Table(uri, name)
        self._read: OrderedDict[str, list[Chunk]] = OrderedDict()
        """Passages by document, those last asked for last."""
        self._fetched: OrderedDict[str, tuple[Chunk, bytes, bytes]] = OrderedDict()
        """Passages with what is kept beside them, by id, those last asked for last."""
        self._read_lock = threading.Lock()
        self._writes = 0
        self.reload()

    def reload(self) -> None:
        """Make the hot tier anew: from its snapshot, or else from the table."""
        self.hot = HotTier(DIMENSIONS, hot_path(self._uri, self.table.name))
        if self.hot.restore(self._table_state):
            for ids, vectors in self.table.vectors():
                self.hot.put(ids, vectors)
            self.hot.try_out()
            self.hot.save(self._table_state)
        self._is_in_step = True
        """Else a write failed, so that the hot tier and the table may differ."""

    def compact(self) -> None:
        """Tidy the table, and keep the hot tier for the next time it is opened."""
        self.table.compact()
        if self._is_in_step:
            self.hot.try_out()
            self.hot.save(self._table_state)

    def renewed(self) -> Index:
        """The same in a table of new files: in those of an old one, what was deleted lingers."""
        fresh = Index(self._uri, next_table(self._uri, self.fingerprint))
        fresh.table.fill(self.table)
        fresh.reload()
        return fresh

    @property
    def uri(self) -> str:
        return self._uri

    def room(self) -> Room:
        return room(self._uri, self.table.name)

    @property
    def _table_state(self) -> str:
        return f"{self.table.name} {self.table.version}"

    @property
    def fingerprint(self) -> str:
        match = _NAME.fullmatch(self.table.name)
        return match["fingerprint"] if match else ""

    @property
    def writes(self) -> int:
        """How often something was written: what was read before may be out of date."""
        return self._writes

    @property
    def state(self) -> tuple[str, int, int]:
        """Another one after every change, also of the pieces that the table is kept in."""
        return self.table.name, self._writes, self.table.tidied

    def replace(self, documents: Sequence[Replacement], before: dict[str, list[Stored]]) -> None:
        """Write the documents; `before` is what they had, from `table.stored`."""
        if documents:
            self.hot.outdate()
        was_in_step, self._is_in_step = self._is_in_step, False
        self.table.replace(documents)
        with self._read_lock:
            self._writes += 1
            changed = {document.doc_id for document in documents}
            for id in changed:
                self._read.pop(id, None)
            for id in [id for id, kept in self._fetched.items() if kept[0].doc_id in changed]:
                del self._fetched[id]
        # Before anything else can fail: a repeated batch would find nothing to change.
        for document in documents:
            kept = {chunk.id for chunk in document.chunks}
            rows = before.get(document.doc_id, ())
            self.hot.remove(row.id for row in rows if row.id not in kept)
        pairs = [
            (chunk.id, meaning.vector)
            for document in documents
            for chunk, meaning in zip(document.chunks, document.meanings, strict=True)
            if meaning is not None
        ]
        if pairs:
            self.hot.put([id for id, _ in pairs], np.stack([vector for _, vector in pairs]))
        self._is_in_step = was_in_step
        with self._read_lock:
            self._writes += 1  # whoever searched meanwhile had the new rows with the old vectors
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

    def begin_words(
        self, words: str, limit: int, hidden: str = "", where: str = ""
    ) -> Future[Scores]:
        """As the table's `search_words`, while something else is done; what it finds is at hand
        for `fetch` then."""

        async def found() -> Scores:
            scores = await self.table.words(words, limit, hidden, where)
            await asyncio.to_thread(self.fetch, [id for id, _ in scores])
            return scores

        return begin(found())

    def fetch(self, ids: Iterable[str]) -> Fetched:
        """As the table has it; passages asked for often are kept."""
        wanted = list(dict.fromkeys(ids))
        with self._read_lock:
            writes = self._writes
            found = {id: self._fetched[id] for id in wanted if id in self._fetched}
        chunks, parts, stems = self.table.fetch_all([id for id in wanted if id not in found])
        for chunk in chunks:
            found[chunk.id] = chunk, parts.get(chunk.id, b""), stems[chunk.id]
        with self._read_lock:
            if writes == self._writes:  # as in `passages`
                for id in found:
                    self._fetched[id] = found[id]
                    self._fetched.move_to_end(id)
            while len(self._fetched) > _MOST_FETCHED:
                self._fetched.popitem(last=False)
        there = {id: found[id] for id in wanted if id in found}
        return Fetched(
            [chunk for chunk, _, _ in there.values()],
            {id: parts for id, (_, parts, _) in there.items() if parts},
            {id: stems for id, (_, _, stems) in there.items()},
        )

    def drop(self, doc_ids: Iterable[str]) -> None:
        """Whatever these documents have."""
        ids = list(doc_ids)
        self.replace([Replacement(id, (), ()) for id in ids], self.table.stored(ids))

    def known_meanings(
        self, chunks: Sequence[Chunk], before: Mapping[str, Sequence[Stored]]
    ) -> dict[str, Meaning]:
        """Those of the same texts in other documents: a file that was moved or copied."""
        if len(self.hot) == 0:
            return {}
        known = {
            text_digest(row.chunk): row.meaning
            for rows in before.values()
            for row in rows
            if row.meaning is not None
        }
        wanted = {text_digest(chunk) for chunk in chunks} - known.keys()
        return known | self.table.meanings_for(wanted)

    def carry_over(self, old: Index, doc_ids: Sequence[str]) -> bool:
        """Keep the old rows of documents whose source can't be read now; whether that was possible.

        Vectors of another model stay behind: those rows are found by their words until the source
        is back. An old index that is damaged has nothing to keep.
        """
        is_same = old.fingerprint == self.fingerprint
        try:
            self.table.copy_from(old.table, doc_ids, with_vectors=is_same)
        except Unavailable:
            return False
        return True


def hot_path(uri: str, name: str) -> Path | None:
    """Of the snapshot of a table's vectors; nowhere if the table lies on another machine."""
    return None if "://" in uri else Path(uri) / f"{name}.hot"


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
            if path := hot_path(uri, name):
                path.unlink(missing_ok=True)


def reuse_meanings(
    chunks: Sequence[Chunk],
    before: Sequence[Stored],
    embed: Embed,
    known: dict[str, Meaning] | None = None,
) -> tuple[Meaning | None, ...]:
    """Those stored for the very same text, and new ones for the rest.

    `known` has them by the digest of their text; what is embedded now is added to it.
    """
    known = {} if known is None else known
    known |= {text_digest(row.chunk): row.meaning for row in before if row.meaning is not None}
    digests = [text_digest(chunk) for chunk in chunks]
    missing = {
        text: chunk for text, chunk in zip(digests, chunks, strict=True) if text not in known
    }
    if missing:
        texts = [chunk.embedding_text for chunk in missing.values()]
        fresh = embed(texts, [part_starts(chunk) for chunk in missing.values()])
        if fresh is not None:
            known |= zip(missing, map(Meaning.of, fresh), strict=True)
    return tuple(known.get(text) for text in digests)


def _table_name(fingerprint: str, serial: int) -> str:
    return f"chunks-{_LAYOUT}-{fingerprint or 'none'}-{serial}"


def _serial(name: str) -> int:
    return int(name.rpartition("-")[2])
