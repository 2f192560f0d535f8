"""Chunks, and what was made of them, ⇄ rows of the index's table.

Called by the table alone. A text is kept once, behind the name and the context that it is searched
with; a row comes back as the very chunk that it was made of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple
from dataclasses import fields as dataclass_fields
from typing import Any, NamedTuple

import numpy as np

from cairn.core.index.meaning import DIMENSIONS, Meaning, text_digest
from cairn.core.index.shelf import Row
from cairn.core.recall.tally import packed
from cairn.core.recall.words import hidden
from cairn.core.records import Chunk, Span

_NARROWED_BY = ("id", "doc_id", "uri", "kind", "when", "who", "origin")
"""Columns that searches are narrowed by. All of a chunk is in `fields`: to read twenty columns of a
hundred rows takes twice as long."""
CHUNK = ["search", "fields"]
MEANING = ["vector", "parts"]


class Fetched(NamedTuple):
    chunks: list[Chunk]
    """In the order asked for, those that are gone left out."""
    parts: dict[str, bytes]
    """The vectors of the parts of those that have any, by id."""
    stems: dict[str, bytes]
    """`tally.packed` of each, by id."""


class Unread(NamedTuple):
    """A row as it is passed by: to take its fields apart takes twenty times as long."""

    uri: str
    when: str
    who: str
    search: str
    fields: str

    @property
    def chunk(self) -> Chunk:
        return chunk_of(self._asdict())


def schema() -> Any:
    import pyarrow as pa

    texts = (*_NARROWED_BY, "search", "grams", "fields", "embedded")
    vector = pa.list_(pa.float32(), DIMENSIONS)
    return pa.schema(
        [*((name, pa.string()) for name in texts), ("parts", pa.binary()), ("vector", vector)]
    )


def row_of(chunk: Chunk, meaning: Meaning | None) -> dict[str, Any]:
    search = chunk.search_text
    row: dict[str, Any] = {name: getattr(chunk, name) for name in _NARROWED_BY}
    row["search"] = search
    row["grams"] = hidden(search)
    row["fields"] = _written(chunk, len(search) - len(chunk.text))
    row["vector"] = meaning and meaning.vector
    row["parts"] = (meaning and meaning.parts) or None
    row["embedded"] = "" if meaning is None else text_digest(chunk)
    return row


def meanings_of(rows: Any) -> list[Meaning | None]:
    """The columns of vectors; as Python's floats they would take some twenty times as long."""
    vectors = rows["vector"].to_numpy(zero_copy_only=False)
    return [
        None if vector is None else Meaning(np.asarray(vector, np.float32), parts or b"")
        for vector, parts in zip(vectors, rows["parts"].to_pylist(), strict=True)
    ]


def chunk_of(row: Mapping[str, Any]) -> Chunk:
    """From the columns of `CHUNK`."""
    fields = json.loads(row["fields"])
    text = row["search"][fields.pop("head") :]
    span = Span(*fields.pop("span"))
    heading, places = tuple(fields.pop("heading")), tuple(map(tuple, fields.pop("places")))
    return Chunk(**fields, heading=heading, places=places, text=text, span=span)


def shelved(row: Mapping[str, Any], chunk: Chunk) -> Row:
    """What the shelf has of a row. Without the names of its fields it is read in half the time."""
    span, places = chunk.span, list(zip(*chunk.places, strict=True)) or [(), ()]
    fields = (
        len(row["search"]) - len(chunk.text), chunk.uri, chunk.ordinal, chunk.kind, chunk.title,
        chunk.heading, chunk.context, span.start, span.end, span.unit, span.first, span.last,
        *places, chunk.when, chunk.who, chunk.origin, chunk.hash, chunk.name, chunk.before,
    )  # fmt: skip
    written = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    parts = row["parts"] or b""
    return Row(chunk.id, chunk.doc_id, row["search"], written, parts, packed(chunk))


def taken(row: Row) -> Chunk:
    """From the shelf."""
    (
        head, uri, ordinal, kind, title, heading, context, start, end, unit, first, last,
        offsets, numbers, when, who, origin, hash, name, before,
    ) = json.loads(row.fields)  # fmt: skip
    return Chunk(
        row.id, row.doc_id, uri, ordinal, kind, title, tuple(heading), context, row.search[head:],
        Span(start, end, unit, first, last), tuple(zip(offsets, numbers, strict=True)),
        when, who, origin, hash, name, before,
    )  # fmt: skip


def _written(chunk: Chunk, head: int) -> str:
    """All but the text, which stands behind `head` characters of what is searched."""
    fields = {field.name: getattr(chunk, field.name) for field in dataclass_fields(chunk)}
    del fields["text"]
    return json.dumps({**fields, "span": astuple(chunk.span), "head": head}, ensure_ascii=False)
