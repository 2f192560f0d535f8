"""Chunks ⇄ a LanceDB table: the durable half of the index, derived from the watched files.

One writer. A batch of documents is one commit that replaces exactly those documents' rows, so a
crash leaves the version before or the version after, and repeating a batch doubles nothing.
The table's name carries the embedder's fingerprint: vectors of two models never meet. `search` and
`grams` hold the words, `embedded` names the text that `vector` and `parts` were made of.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cairn.core.errors import Unavailable
from cairn.core.index.meaning import DIMENSIONS, Meaning, Vectors
from cairn.core.index.rows import CHUNK, MEANING, chunk_of, meanings_of, row_of, schema
from cairn.core.records import Chunk

# Old versions are kept this long for readers that are still in the middle of a request.
_KEEP_VERSIONS = timedelta(seconds=120)
_ROWS_AT_ONCE = 4096
_INDEX_CACHE, _METADATA_CACHE = 64 << 20, 16 << 20
_MOST_TIES = 20_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of a document as the table has it, to see what changed."""

    chunk: Chunk
    meaning: Meaning | None

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
                else database.create_table(name, schema=schema())
            )
            self._indexed = {index.name for index in self._table.list_indices()}
            self.tidied = 0
            """How often its pieces were merged, by which scores may change in their last digits."""
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
        found = self._select(f"doc_id IN ({ids})", [*CHUNK, *MEANING])
        result: dict[str, list[Stored]] = {}
        rows = found.drop_columns(["vector"]).to_pylist()
        for row, meaning in zip(rows, meanings_of(found), strict=True):
            chunk = chunk_of(row)
            result.setdefault(chunk.doc_id, []).append(Stored(chunk, meaning))
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
        found = other._select(f"doc_id IN ({_quoted(doc_ids)})", columns)
        if len(found):
            import pyarrow as pa

            rows = pa.Table.from_pylist(found.to_pylist(), schema=schema())
            self._table.add(rows, on_bad_vectors="null")
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
        return self._fetch(ids, CHUNK)[0]

    def fetch_with_parts(self, ids: Sequence[str]) -> tuple[list[Chunk], dict[str, bytes]]:
        """As `fetch`, and of those that have any the vectors of their parts, by id."""
        return self._fetch(ids, [*CHUNK, "parts"])

    def _fetch(
        self, ids: Sequence[str], columns: list[str]
    ) -> tuple[list[Chunk], dict[str, bytes]]:
        if not ids:
            return [], {}
        rows = self._select(f"id IN ({_quoted(ids)})", columns).to_pylist()
        pairs = [(chunk_of(row), row.get("parts")) for row in rows]
        chunks = {chunk.id: chunk for chunk, _ in pairs}
        parts = {chunk.id: found for chunk, found in pairs if found}
        return [chunks[id] for id in ids if id in chunks], parts

    def search_words(
        self, words: str, limit: int, hidden: str = "", where: str = ""
    ) -> list[tuple[str, float]]:
        """Best chunk ids by BM25, ties by id, also those at the cut.

        `words` are looked for in the text, `hidden` stems among those that can't be found there;
        `where` says which rows there are to be found at all, with the scores that they have anyway.
        """
        if not self._indexed >= {"search_idx", "grams_idx"}:
            return []
        # Both indices at once take several times as long, and most texts have nothing hidden.
        if words and hidden and not self._match("", hidden, 1, ""):
            hidden = ""
        asked = 2 * limit
        while True:
            found = self._match(words, hidden, asked, where)
            tied = len(found) == asked and found[-1][1] == found[limit - 1][1]
            if not tied or asked >= _MOST_TIES:
                return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]
            asked *= 8

    def _match(self, words: str, hidden: str, limit: int, where: str) -> list[tuple[str, float]]:
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
            query = query.where(where, prefilter=True) if where else query
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

    def matching(self, where: str) -> list[str]:
        """The ids of all rows for which a condition holds."""
        return [str(id) for id in self._select(where, ["id"])["id"].to_pylist()]

    def distinct(self, column: str) -> list[str]:
        """What stands in a column, each once, in order."""
        return sorted(self._select(None, [column])[column].unique().to_pylist())

    def some_texts(self, most: int) -> list[str]:
        """What is searched of about so many rows: those whose ids, which are digests, are low."""
        share = min(1.0, most / max(1, self.count()))
        last = f"c_{min(int(share * (1 << 64)), (1 << 64) - 1):016x}"
        return [
            str(text) for text in self._select(f"id <= '{last}'", ["search"])["search"].to_pylist()
        ]

    def compact(self) -> None:
        """Merge small files and new words into the index, drop versions nobody reads any more."""
        self.ensure_indices()
        try:
            self._table.optimize(cleanup_older_than=_KEEP_VERSIONS)
            self.tidied += 1
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
                self.tidied += 1
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


def _rows(documents: Sequence[Replacement]) -> Any:
    import pyarrow as pa

    rows = [
        row_of(chunk, meaning)
        for document in documents
        for chunk, meaning in zip(document.chunks, document.meanings, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=schema())


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
