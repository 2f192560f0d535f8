"""What the embedder made of a passage: a unit vector, and one of each turn of a conversation.

Made by ingest, kept by the table, compared with a question by recall. The vectors of turns are kept
as INT8 codes alone: a code's own length says how long a unit is, so that none needs a scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cairn import native
from cairn.core.recall.units import turn_id
from cairn.core.records import Chunk, digest

Vectors = NDArray[np.float32]
DIMENSIONS = 384


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    vector: Vectors
    parts: bytes = b""
    """Codes of the vectors of the parts, in their order; empty if they have none."""

    @classmethod
    def of(cls, rows: Vectors) -> Meaning:
        """From a passage's vector, and under it those of its parts."""
        codes, _ = native.quantize(np.ascontiguousarray(rows[1:]))
        return cls(rows[0], codes.tobytes())


def part_starts(chunk: Chunk) -> tuple[int, ...]:
    """Where the turns of a conversation begin in its `embedding_text`; empty for all else."""
    if chunk.kind != "chat" or len(chunk.places) < 2:
        return ()
    head = len(chunk.embedding_text) - len(chunk.text)
    return tuple(head + offset for offset, _ in chunk.places)


def text_digest(chunk: Chunk) -> str:
    """Equal for passages that the embedder makes the same of."""
    return digest(chunk.embedding_text, *map(str, part_starts(chunk)))


def part_cosines(
    query: Vectors, chunks: Iterable[Chunk], parts: Mapping[str, bytes]
) -> dict[str, float]:
    """Of each turn with the query, by the turn's id; passages without parts are left out."""
    named, codes = list[str](), list[bytes]()
    for chunk in chunks:
        own = parts.get(chunk.id, b"")
        if own and len(own) == len(chunk.places) * DIMENSIONS:
            named += [turn_id(chunk.id, number) for _, number in chunk.places]
            codes.append(own)
    if not named:
        return {}
    # Whole numbers, exact in any order of addition: no neighbour changes the last bits.
    asked, _ = native.quantize(query[None, :])
    kept = np.frombuffer(b"".join(codes), np.int8).reshape(-1, DIMENSIONS)
    along = np.einsum("ij,j->i", kept, asked[0], dtype=np.int32).astype(np.float32)
    squares = np.einsum("ij,ij->i", kept, kept, dtype=np.int32).astype(np.float32)
    lengths = np.sqrt(squares) * np.linalg.norm(asked)
    return dict(zip(named, (along / np.maximum(lengths, 1)).tolist(), strict=True))
