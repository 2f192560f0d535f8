"""Chunks ⇄ a LanceDB table: the durable half of the index, derived from the watched files.

One writer. A batch of documents is one commit that replaces exactly those documents' rows, so a
crash leaves the version before or the version after, and repeating a batch doubles nothing.
The table's name carries the embedder's fingerprint: vectors of two models never meet. `search` and
`grams` hold the words, `embedded` names the text that the vector was made of.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cairn.core.errors import Unavailable
from cairn.core.recall.words import hidden
from cairn.core.records import Chunk, Span, digest

Vectors = NDArray[np.float32]
DIMENSIONS = 384
# Old versions are kept this long for readers that are still in the middle of a request.
_KEEP_VERSIONS = timedelta(seconds=120)
_ROWS_AT_ONCE = 4096
_INDEX_CACHE, _METADATA_CACHE = 64 << 20, 16 << 20
_MOST_TIES = 20_000
_PLAIN = ("id", "doc_id", "uri", "ordinal", "kind", "title", "heading", "context")
_TAIL = ("when", "who", "origin", "hash", "name")
_CHUNK = [*_PLAIN, "search", "span", "places", *_TAIL]


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of a document as the table has it, to see what changed."""

    chunk: Chunk
    vector: Vectors | None

    @property
    def id(self) -> str:
        return self.chunk.id


@dataclass(frozen=True, slots=True)
class Replacement:
    """A document's new rows; no chunks means that it leaves the index."""

    doc_id: str
    chunks: tuple[Chunk, ...] = ()
    vectors: tuple[Vectors | None, ...] = ()

    def equals(self, stored: Sequence[Stored]) -> bool:
        """Would writing it change anything?"""
        rows = {(row.chunk, row.vector is not None) for row in stored}
        pairs = zip(self.chunks, self.vectors, strict=True)
        return rows == {(chunk, vector is not None) for chunk, vector in pairs}


class Table:
    def __init__(self, uri: str, name: str) -> None:
        import lancedb

        self.name = name
        try:
            # The library would keep up to seven gigabytes of what it has read.
            caches = lancedb.Session(_INDEX_CACHE, _METADATA_CACHE)
            database = lancedb.connect(uri, session=caches)
            if _is_stillborn(uri, name):
                database.drop_table(name, ignore_missing=True)
            exists = name in table_names(uri)
            self._table = (
                database.open_table(name)
                if exists
                else database.create_table(name, schema=_schema())
            )
            self._indexed = {index.name for index in self._table.list_indices()}
        except Exception as error:
            raise _unavailable(uri, error) from error

    @property
    def version(self) -> int:
        return int(self._table.version)

    def count(self) -> int:
        return int(self._table.count_rows())

    def replace(self, documents: Sequence[Replacement]) -> None:
        """Put these documents' rows in place of whatever they had, in one commit."""
        if not documents:
            return
        rows = _rows(documents)
        ids = _quoted(document.doc_id for document in documents)
        try:
            if len(rows) == 0:
                self._table.delete(f"doc_id IN ({ids})")
                return
            (
                self._table.merge_insert("id")
                .when_matched_update_all()
                .when_not_matched_insert_all()
                .when_not_matched_by_source_delete(f"doc_id IN ({ids})")
                .execute(rows, on_bad_vectors="null")
            )
        except Exception as error:
            raise _unavailable(self.name, error) from error

    def stored(self, doc_ids: Iterable[str]) -> dict[str, list[Stored]]:
        """The rows that these documents have now, by document."""
        ids = _quoted(doc_ids)
        if not ids:
            return {}
        found = self._select(f"doc_id IN ({ids})", [*_CHUNK, "vector"])
        result: dict[str, list[Stored]] = {}
        for row, vector in zip(found.to_pylist(), _vectors(found), strict=True):
            result.setdefault(row["doc_id"], []).append(Stored(_chunk(row), vector))
        return result

    def vectors_for(self, digests: Iterable[str]) -> dict[str, Vectors]:
        """The vectors that some row has for these texts, by the digest of the text."""
        wanted = sorted(set(digests))
        result: dict[str, Vectors] = {}
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            part = wanted[start : start + _ROWS_AT_ONCE]
            # One row of each text: a line that stands in every file would bring them all.
            rows = self._select(f"embedded IN ({_quoted(part)})", ["embedded", "id"]).to_pylist()
            ids = {row["embedded"]: row["id"] for row in rows}
            if ids:
                where = f"id IN ({_quoted(ids.values())})"
                found = self._select(where, ["embedded", "vector"])
                pairs = zip(found["embedded"].to_pylist(), _vectors(found), strict=True)
                result |= {text: vector for text, vector in pairs if vector is not None}
        return result

    def copy_from(self, other: Table, doc_ids: Sequence[str], *, with_vectors: bool) -> None:
        """Take over another table's rows of these documents."""
        if not doc_ids:
            return
        left_out = () if with_vectors else ("vector", "embedded")
        columns = [name for name in _schema().names if name not in left_out]
        found = other._select(f"doc_id IN ({_quoted(doc_ids)})", columns)
        if len(found):
            import pyarrow as pa

            rows = pa.Table.from_pylist(found.to_pylist(), schema=_schema())
            self._table.add(rows, on_bad_vectors="null")
            self.ensure_indices()

    def passages(self, doc_ids: Sequence[str]) -> dict[str, list[Chunk]]:
        """All passages of these documents, each in its order."""
        if not doc_ids:
            return {}
        rows = self._select(f"doc_id IN ({_quoted(doc_ids)})", _CHUNK).to_pylist()
        found: dict[str, list[Chunk]] = {}
        for chunk in sorted(map(_chunk, rows), key=lambda chunk: (chunk.uri, chunk.ordinal)):
            found.setdefault(chunk.doc_id, []).append(chunk)
        return found

    def fetch(self, ids: Sequence[str]) -> list[Chunk]:
        """Chunks by id, in the order asked for; ids that are gone are left out."""
        if not ids:
            return []
        rows = self._select(f"id IN ({_quoted(ids)})", _CHUNK)
        chunks = {row["id"]: _chunk(row) for row in rows.to_pylist()}
        return [chunks[id] for id in ids if id in chunks]

    def search_words(self, words: str, limit: int, hidden: str = "") -> list[tuple[str, float]]:
        """Best chunk ids by BM25, ties by id, also those at the cut.

        `words` are looked for in the text, `hidden` stems among those that can't be found there.
        """
        if not self._indexed >= {"search_idx", "grams_idx"}:
            return []
        asked = limit + 1
        while True:
            found = self._match(words, hidden, asked)
            tied = len(found) == asked and found[-1][1] == found[limit - 1][1]
            if not tied or asked >= _MOST_TIES:
                return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]
            asked *= 8

    def _match(self, words: str, hidden: str, limit: int) -> list[tuple[str, float]]:
        from lancedb.query import BooleanQuery, MatchQuery, Occur

        sides = [(words, "search"), (hidden, "grams")]
        queries = [MatchQuery(terms, column) for terms, column in sides if terms]
        if not queries:
            return []
        # Both scores are added up, as if the words lay in one index.
        both = BooleanQuery([(Occur.SHOULD, query) for query in queries])
        wanted = queries[0] if len(queries) == 1 else both
        try:
            query = self._table.search(wanted, query_type="fts")
            found = query.limit(limit).select(["id", "_score"]).to_arrow()
        except Exception as error:
            raise _unavailable(self.name, error) from error
        return list(zip(found["id"].to_pylist(), found["_score"].to_pylist(), strict=True))

    def vectors(self) -> Iterator[tuple[list[str], Vectors]]:
        """All ids and vectors, some thousand at a time: together they may not fit in memory."""
        try:
            query = self._table.search().select(["id", "vector"]).where("vector IS NOT NULL")
            for rows in query.limit(None).to_batches(batch_size=_ROWS_AT_ONCE):
                values = rows["vector"].flatten().to_numpy(zero_copy_only=False)
                yield rows["id"].to_pylist(), values.reshape(-1, DIMENSIONS)
        except Exception as error:
            raise _unavailable(self.name, error) from error

    def uris(self) -> list[str]:
        """The address of every row, for checking the index against the files."""
        return [str(uri) for uri in self._select(None, ["uri"])["uri"].to_pylist()]

    def compact(self) -> None:
        """Merge small files and new words into the index, drop versions nobody reads any more."""
        self.ensure_indices()
        try:
            self._table.optimize(cleanup_older_than=_KEEP_VERSIONS)
        except Exception as error:
            raise _unavailable(self.name, error) from error

    def purge(self) -> None:
        """Drop every older version: what was deleted is in them still."""
        import warnings

        self.ensure_indices()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # nobody else reads: a home has one process
                self._table.optimize(cleanup_older_than=timedelta(0), delete_unverified=True)
        except Exception as error:
            raise _unavailable(self.name, error) from error

    def _select(self, where: str | None, columns: list[str]) -> Any:
        try:
            query = self._table.search().select(columns).limit(None)
            return (query.where(where) if where else query).to_arrow()
        except Exception as error:
            raise _unavailable(self.name, error) from error

    def ensure_indices(self) -> None:
        """Make what search needs, once there are rows."""
        from lancedb.index import FTS, BTree

        wanted = {
            "search": FTS(base_tokenizer="simple", language="English", stem=True,
                          remove_stop_words=False, ascii_folding=True, with_position=False),
            "grams": FTS(base_tokenizer="whitespace", stem=False, lower_case=False,
                         remove_stop_words=False, ascii_folding=False, with_position=False),
            "id": BTree(),
            "doc_id": BTree(),
            "embedded": BTree(),
        }  # fmt: skip
        for column, config in wanted.items():
            if f"{column}_idx" not in self._indexed:
                try:
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        self._table.create_index(column, config=config)
                except Exception as error:
                    raise _unavailable(self.name, error) from error
                self._indexed.add(f"{column}_idx")


def table_names(uri: str) -> list[str]:
    import lancedb

    try:
        return [str(name) for name in lancedb.connect(uri).list_tables(limit=10_000).tables]
    except Exception as error:
        raise _unavailable(uri, error) from error


def _is_stillborn(uri: str, name: str) -> bool:
    """Was a process killed between making the table's folder and its first version?"""
    folder = Path(uri) / f"{name}.lance"
    return "://" not in uri and folder.is_dir() and not any(folder.glob("_versions/*"))


def drop_table(uri: str, name: str) -> None:
    import lancedb

    try:
        lancedb.connect(uri).drop_table(name, ignore_missing=True)
    except Exception as error:
        raise _unavailable(uri, error) from error


def _schema() -> Any:
    import pyarrow as pa

    text = pa.string()
    span = pa.struct(
        [("start", pa.int64()), ("end", pa.int64()), ("unit", text), ("first", pa.int64()),
         ("last", pa.int64()), ("head", pa.int64())]
    )  # fmt: skip
    kinds = {"ordinal": pa.int64(), "heading": pa.list_(text)}
    columns = [(name, kinds.get(name, text)) for name in _PLAIN]
    columns += [("search", text), ("grams", text), ("span", span), ("places", pa.list_(pa.int64()))]
    columns += [(name, text) for name in (*_TAIL, "embedded")]
    return pa.schema([*columns, ("vector", pa.list_(pa.float32(), DIMENSIONS))])


def _rows(documents: Sequence[Replacement]) -> Any:
    import pyarrow as pa

    rows = [
        _row(chunk, vector)
        for document in documents
        for chunk, vector in zip(document.chunks, document.vectors, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=_schema())


def _row(chunk: Chunk, vector: Vectors | None) -> dict[str, Any]:
    search = chunk.search_text
    span = chunk.span
    row: dict[str, Any] = {name: getattr(chunk, name) for name in (*_PLAIN, *_TAIL)}
    row["heading"] = list(chunk.heading)
    row["places"] = [value for place in chunk.places for value in place]
    row["search"] = search
    row["grams"] = hidden(search)
    row["span"] = {
        "start": span.start, "end": span.end, "unit": span.unit, "first": span.first,
        "last": span.last, "head": len(search) - len(chunk.text),
    }  # fmt: skip
    row["vector"] = vector
    row["embedded"] = "" if vector is None else digest(chunk.embedding_text)
    return row


def _vectors(rows: Any) -> list[Vectors | None]:
    """The column of vectors; as Python's floats they would take some twenty times as long."""
    return [
        None if value is None else np.asarray(value, np.float32)
        for value in rows["vector"].to_numpy(zero_copy_only=False)
    ]


def _chunk(row: dict[str, Any]) -> Chunk:
    fields = {name: row[name] for name in (*_PLAIN, *_TAIL)}
    fields["heading"] = tuple(row["heading"])
    fields["places"] = tuple(zip(row["places"][::2], row["places"][1::2], strict=True))
    # The text is kept once, behind the name and the context that it is searched with.
    span = dict(row["span"])
    text = row["search"][span.pop("head") :]
    return Chunk(**fields, text=text, span=Span(**span))


def _quoted(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def _unavailable(where: str | Path, error: Exception) -> Unavailable:
    reason = " ".join(str(error).split())[:200]
    if "No space left" in reason or "os error 28" in reason:
        return Unavailable(
            f"the disk of the index is full ({where})",
            "free some space; nothing accepted so far is lost",
        )
    return Unavailable(
        f"the index {where} can't be used: {reason}",
        "`cairn doctor` shows what is wrong; `cairn rebuild` makes the index anew",
    )
