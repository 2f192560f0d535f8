"""Chunks, and what was made of them, ⇄ rows of the index's table.

Called by the table alone. A text is kept once, behind the name and the context that it is searched
with; a row comes back as the very chunk that it was made of.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cairn.core.index.meaning import DIMENSIONS, Meaning, text_digest
from cairn.core.recall.words import hidden
from cairn.core.records import Chunk, Span

_PLAIN = ("id", "doc_id", "uri", "ordinal", "kind", "title", "heading", "context")
_TAIL = ("when", "who", "origin", "hash", "name")
CHUNK = [*_PLAIN, "search", "span", "places", *_TAIL]
MEANING = ["vector", "parts"]


def schema() -> Any:
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
    vector = pa.list_(pa.float32(), DIMENSIONS)
    return pa.schema([*columns, ("parts", pa.binary()), ("vector", vector)])


def row_of(chunk: Chunk, meaning: Meaning | None) -> dict[str, Any]:
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


def chunk_of(row: dict[str, Any]) -> Chunk:
    fields = {name: row[name] for name in (*_PLAIN, *_TAIL)}
    fields["heading"] = tuple(row["heading"])
    fields["places"] = tuple(zip(row["places"][::2], row["places"][1::2], strict=True))
    # The text is kept once, behind the name and the context that it is searched with.
    span = dict(row["span"])
    text = row["search"][span.pop("head") :]
    return Chunk(**fields, text=text, span=Span(**span))
