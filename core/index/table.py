"""Chunks ⇄ a LanceDB table: the durable half of the index, derived from the watched files.

One writer. A batch of documents is one commit that replaces exactly those documents' rows, so a
crash leaves the version before or the version after, and repeating a batch doubles nothing.
The table's name carries the embedder's fingerprint: vectors of two models never meet. `search` and
`grams` hold the words, `embedded` names the text that `vector` and `parts` were made of. What
searches read of a passage stands on the shelf as well.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from cairn.core.errors import Unavailable
from cairn.core.index.indices import SUFFIX, WORDS, known_indices, wanted_indices
from cairn.core.index.loop import begin
from cairn.core.index.meaning import DIMENSIONS, Meaning, Vectors
from cairn.core.index.rowids import RowIds, Seen
from cairn.core.index.rows import (
    CHUNK,
    MEANING,
    Fetched,
    Unread,
    chunk_of,
    meanings_of,
    row_of,
    schema,
    shelved,
    taken,
)
from cairn.core.index.shelf import Row, Shelf, path_of
from cairn.core.index.tables import is_stillborn, table_names
from cairn.core.index.trouble import translated
from cairn.core.index.whole import Files
from cairn.core.records import Chunk

# Old versions are kept this long for readers that are still in the middle of a request.
_KEEP_VERSIONS = timedelta(seconds=120)
_ROWS_AT_ONCE, _SHELVED_AT_ONCE = 4096, 2000
_INDEX_CACHE, _METADATA_CACHE = 64 << 20, 16 << 20
_AFRESH = 16
"""So often tidied it is opened anew: the library keeps files of each earlier word index open."""
_TIES, _MOST_TIES = 60, 20_000
"""How many more are asked for, to see whether there are equals at the cut."""
_HIDDEN = "grams != ''"
Scores = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of a document as the table has it, to see what changed."""

    chunk: Chunk
    meaning: Meaning | None
    embedded: str = ""
    """The digest of the text that its vector was made of."""

    @property
    def id(self) -> str:
        return self.chunk.id


@dataclass(frozen=True, slots=True)
class Replacement:
    """A document's new rows; no chunks means that it leaves the index."""

    doc_id: str
    chunks: tuple[Chunk, ...] = ()
    meanings: tuple[Meaning | None, ...] = ()

    def equals(self, stored: Sequence[Stored]) -> bool:
        """Would writing it change anything?"""
        rows = {(row.chunk, row.meaning is not None) for row in stored}
        pairs = zip(self.chunks, self.meanings, strict=True)
        return rows == {(chunk, meaning is not None) for chunk, meaning in pairs}


def _connected(uri: str) -> Any:
    """The library itself would keep up to seven gigabytes of what it has read."""
    import lancedb

    return lancedb.connect(uri, session=lancedb.Session(_INDEX_CACHE, _METADATA_CACHE))


class Table:
    def __init__(self, uri: str, name: str) -> None:
        self.name, self._uri = name, uri
        with translated(uri):
            database = _connected(uri)
            if is_stillborn(uri, name):
                database.drop_table(name, ignore_missing=True)
            exists = name in table_names(uri)
            self._table = (
                database.open_table(name)
                if exists
                else database.create_table(name, schema=schema())
            )
            self._has_hidden = self._table.count_rows(_HIDDEN) > 0
            self.tidied = 0
            """How often its pieces were merged, by which scores may change in their last digits."""
        self._shelf = Shelf(path_of(uri, name), self.version)
        self._files = Files(uri, name)
        self._row_ids = RowIds()
        self._indexed: set[str] = set()
        self._mend_indices()

    @property
    def version(self) -> int:
        with translated(self.name):
            return int(self._table.version)

    def count(self) -> int:
        with translated(self.name):
            return int(self._table.count_rows())

    def replace(self, documents: Sequence[Replacement]) -> None:
        """Put these documents' rows in place of whatever they had, in one commit."""
        if not documents:
            return
        doc_ids = [document.doc_id for document in documents]
        rows = _rows(documents)
        chunks = (chunk for document in documents for chunk in document.chunks)
        kept = [shelved(row, chunk) for row, chunk in zip(rows, chunks, strict=True)]
        with self._shelf.changing(lambda: self.version, doc_ids, kept):
            self._write(rows, _quoted(doc_ids))
        self._has_hidden = self._has_hidden or any(row["grams"] for row in rows)

    def _write(self, rows: list[dict[str, Any]], ids: str) -> None:
        there = set(self.matching(f"doc_id IN ({ids})"))
        with self._committing():
            if not rows:
                self._table.delete(f"doc_id IN ({ids})")
                return
            merge = self._table.merge_insert("id")
            merge.when_matched_update_all().when_not_matched_insert_all()
            if not there <= {row["id"] for row in rows}:  # to delete too, it reads the whole table
                merge.when_not_matched_by_source_delete(f"doc_id IN ({ids})")
            merge.execute(_arrow(rows), on_bad_vectors="null")

    def stored(self, doc_ids: Iterable[str]) -> dict[str, list[Stored]]:
        """The rows that these documents have now, by document."""
        ids = _quoted(doc_ids)
        if not ids:
            return {}
        found = self._select(f"doc_id IN ({ids})", [*CHUNK, *MEANING, "embedded"])
        result: dict[str, list[Stored]] = {}
        rows = found.drop_columns(["vector"]).to_pylist()
        for row, meaning in zip(rows, meanings_of(found), strict=True):
            chunk = chunk_of(row)
            result.setdefault(chunk.doc_id, []).append(Stored(chunk, meaning, row["embedded"]))
        return result

    def meanings_for(self, digests: Iterable[str]) -> dict[str, Meaning]:
        """What some row has of these texts, by the digest of the text."""
        wanted = sorted(set(digests))
        result: dict[str, Meaning] = {}
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            part = wanted[start : start + _ROWS_AT_ONCE]
            # One row of each text: a line that stands in every file would bring them all.
            rows = self._select(f"embedded IN ({_quoted(part)})", ["embedded", "id"]).to_pylist()
            ids = {row["embedded"]: row["id"] for row in rows}
            if ids:
                where = f"id IN ({_quoted(ids.values())})"
                found = self._select(where, ["embedded", *MEANING])
                pairs = zip(found["embedded"].to_pylist(), meanings_of(found), strict=True)
                result |= {text: meaning for text, meaning in pairs if meaning is not None}
        return result

    def copy_from(self, other: Table, doc_ids: Sequence[str], *, with_vectors: bool) -> None:
        """Take over another table's rows of these documents."""
        if not doc_ids:
            return
        left_out = () if with_vectors else (*MEANING, "embedded")
        columns = [name for name in schema().names if name not in left_out]
        rows = other._select(f"doc_id IN ({_quoted(doc_ids)})", columns).to_pylist()
        if rows:
            with self._shelf.changing(lambda: self.version, doc_ids), self._committing():
                self._table.add(_arrow(rows), on_bad_vectors="null")
            self._has_hidden = self._has_hidden or any(row["grams"] for row in rows)
            self.ensure_indices()

    def passages(self, doc_ids: Sequence[str]) -> dict[str, list[Chunk]]:
        """All passages of these documents, each in its order."""
        if not doc_ids:
            return {}
        rows = self._select(f"doc_id IN ({_quoted(doc_ids)})", CHUNK).to_pylist()
        found: dict[str, list[Chunk]] = {}
        for chunk in sorted(map(chunk_of, rows), key=lambda chunk: (chunk.uri, chunk.ordinal)):
            found.setdefault(chunk.doc_id, []).append(chunk)
        return found

    def fetch(self, ids: Sequence[str]) -> list[Chunk]:
        """Chunks by id, in the order asked for; ids that are gone are left out."""
        return self.fetch_all(ids).chunks

    def fetch_all(self, ids: Sequence[str]) -> Fetched:
        """As `fetch`, with what searches need beside them."""
        found = {row.id: row for row in self._shelf.take(ids)} if ids else {}
        chunks = {id: taken(row) for id, row in found.items()}
        if missing := [id for id in ids if id not in found]:
            writes = self._shelf.writes
            rows = self._read(missing)
            self._shelf.put([row for row, _ in rows], writes)
            found |= {row.id: row for row, _ in rows}
            chunks |= {row.id: chunk for row, chunk in rows}
        there = [id for id in ids if id in found]
        parts = {id: found[id].parts for id in there if found[id].parts}
        return Fetched([chunks[id] for id in there], parts, {id: found[id].stems for id in there})

    def _read(self, ids: Sequence[str]) -> list[tuple[Row, Chunk]]:
        rows = self._select(f"id IN ({_quoted(ids)})", [*CHUNK, "parts"]).to_pylist()
        pairs = [(row, chunk_of(row)) for row in rows]
        return [(shelved(row, chunk), chunk) for row, chunk in pairs]

    def search_words(self, words: str, limit: int, hidden: str = "", where: str = "") -> Scores:
        """Best chunk ids by BM25, ties by id, also those at the cut.

        `words` are looked for in the text, `hidden` stems among those that can't be found there;
        `where` says which rows there are to be found at all, with the scores that they have anyway.
        """
        return begin(self.words(words, limit, hidden, where)).result()

    async def words(self, words: str, limit: int, hidden: str = "", where: str = "") -> Scores:
        """The same for whoever has something else to do meanwhile."""
        if not self._indexed >= WORDS:
            return []
        # Both indices at once take several times as long, and most texts have nothing hidden.
        has_hidden = hidden and self._has_hidden
        if words and not (has_hidden and await self._match("", hidden, 1, "")):
            hidden = ""
        asked = limit + _TIES
        while True:
            found = await self._match(words, hidden, asked, where)
            tied = len(found) == asked and found[-1][1] == found[limit - 1][1]
            if not tied or asked >= _MOST_TIES:
                return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]
            asked *= 8

    async def _match(self, words: str, hidden: str, limit: int, where: str) -> Scores:
        from lancedb.query import BooleanQuery, MatchQuery, Occur

        sides = [(words, "search"), (hidden, "grams")]
        queries = [MatchQuery(terms, column) for terms, column in sides if terms]
        if not queries:
            return []
        # Both scores are added up, as if the words lay in one index.
        both = BooleanQuery([(Occur.SHOULD, query) for query in queries])
        wanted = queries[0] if len(queries) == 1 else both
        with translated(self.name):
            return await self._row_ids.scores(partial(self._matching, wanted, limit, where))

    def _matching(self, wanted: Any, limit: int, where: str) -> Any:
        # The table that waits for nothing, of which the one for threads is made.
        query = self._table._table.query().nearest_to_text(wanted).limit(limit)
        return query.where(where) if where else query

    def vectors(self) -> Iterator[tuple[list[str], Vectors]]:
        """All ids and vectors, some thousand at a time: together they may not fit in memory."""
        seen: list[Seen] = []
        with translated(self.name):
            query = self._table.search().select(["id", "vector"]).where("vector IS NOT NULL")
            query = query.with_row_id(True).limit(None)
            for rows in query.to_batches(batch_size=_ROWS_AT_ONCE):
                values = rows["vector"].flatten().to_numpy(zero_copy_only=False)
                numbers = rows["_rowid"].to_numpy().copy()  # a view would keep all of the rows
                seen.append((numbers, rows["id"].to_pylist()))
                yield seen[-1][1], values.reshape(-1, DIMENSIONS)
            self._row_ids.learn_all(self._table, seen, "vector IS NULL")

    def unread(self) -> Iterator[Unread]:
        """All of them, some thousand at a time."""
        with translated(self.name):
            query = self._table.search().select(list(Unread._fields)).limit(None)
            for rows in query.to_batches(batch_size=_ROWS_AT_ONCE):
                columns = (rows[name].to_pylist() for name in Unread._fields)
                yield from map(Unread, *columns)

    def fill(self, other: Table) -> None:
        """Take over all that another table has, into new files."""
        import pyarrow as pa

        with self._committing():
            query = other._table.search().select(schema().names).limit(None)
            for rows in query.to_batches(batch_size=_ROWS_AT_ONCE):
                kept = pa.Table.from_batches([rows]).select(schema().names)
                self._table.add(kept, on_bad_vectors="null")
        self._has_hidden = other._has_hidden
        self.compact()

    def matching(self, where: str) -> list[str]:
        """The ids of all rows for which a condition holds."""
        return [str(id) for id in self._select(where, ["id"])["id"].to_pylist()]

    def unshelved(self, ids: Sequence[str]) -> list[str]:
        return self._shelf.missing(ids)

    def places(self, where: str) -> list[tuple[str, str, str]]:
        """The document, the address and the day of all rows for which a condition holds."""
        rows = self._select(where, ["doc_id", "uri", "when"]).to_pylist()
        return [(str(row["doc_id"]), str(row["uri"]), str(row["when"])) for row in rows]

    def distinct(self, column: str) -> list[str]:
        """What stands in a column, each once, in order."""
        return sorted(self._select(None, [column])[column].unique().to_pylist())

    def some_texts(self, most: int) -> list[str]:
        """What is searched of about so many rows: those whose ids, which are digests, are low."""
        share = min(1.0, most / max(1, self.count()))
        last = f"c_{min(int(share * (1 << 64)), (1 << 64) - 1):016x}"
        rows = self._select(f"id <= '{last}'", ["search"])
        return [str(text) for text in rows["search"].to_pylist()]

    def texts_holding(self, letters: str, most: int) -> list[str]:
        return self._shelf.texts_holding(letters, most)

    def compact(self) -> None:
        """Merge small files and new words into the index, drop versions nobody reads any more."""
        self._optimize(cleanup_older_than=_KEEP_VERSIONS)
        if len(self._shelf) < self.count():  # made before there was one, or lost
            self.fetch_all(self._shelf.missing(self.matching("true"))[:_SHELVED_AT_ONCE])

    def _optimize(self, **how: Any) -> None:
        self._mend_indices()
        self.ensure_indices()
        with translated(self.name):
            with self._shelf.changing(lambda: self.version), self._committing():
                self._table.optimize(**how)
            self.tidied += 1
            if self.tidied % _AFRESH == 0:
                self._table = _connected(self._uri).open_table(self.name)
            self._row_ids.learn_all(self._table)
        self._shelf.tidy()

    @contextmanager
    def _committing(self) -> Iterator[None]:
        """What the disk did not take whole is taken back, to be tried again."""
        with translated(self.name):
            before = int(self._table.version)
            yield
            if broken := self._files.broken():
                self._table.restore(before)
                raise Unavailable(
                    f"the disk did not take {os.path.basename(broken[0])} of the index whole",
                    "it is tried again; see whether the disk is sound",
                )

    def _select(self, where: str | None, columns: list[str]) -> Any:
        with translated(self.name):
            query = self._table.search().select(columns).limit(None)
            return (query.where(where) if where else query).to_arrow()

    def _mend_indices(self) -> None:
        """See which there are; one that the disk did not take whole is made anew."""
        there, self._indexed = known_indices(self._table, self._files, self.name)
        if self._indexed < there:
            with suppress(Unavailable):  # such as a full disk: the next tidying tries again
                self.ensure_indices()

    def ensure_indices(self) -> None:
        """Make what search needs, once there are rows."""
        missing = {name: how for name, how in wanted_indices().items() if name not in self._indexed}
        if not missing:
            return
        with self._shelf.changing(lambda: self.version):
            for name, how in missing.items():
                with translated(self.name), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self._table.create_index(name.removesuffix(SUFFIX), config=how)
                self._indexed.add(name)


def _rows(documents: Sequence[Replacement]) -> list[dict[str, Any]]:
    return [
        row_of(chunk, meaning)
        for document in documents
        for chunk, meaning in zip(document.chunks, document.meanings, strict=True)
    ]


def _arrow(rows: list[dict[str, Any]]) -> Any:
    import pyarrow as pa

    return pa.Table.from_pylist(rows, schema=schema())


def _quoted(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
