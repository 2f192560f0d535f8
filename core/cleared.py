"""Passages of a file → the same without what was forgotten.

Called wherever a file was read, before anything is stored. Places in the text stay where they are,
so that a citation still opens at its line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cairn.core.chunk import passage_id
from cairn.core.records import Chunk, content_hash
from cairn.core.tombstones import Tombstones


def cleared(chunks: Iterable[Chunk], tombstones: Tombstones) -> tuple[Chunk, ...]:
    """Those of which anything is left; the others as they are."""
    found = (_cleared(chunk, tombstones) for chunk in chunks)
    return tuple(chunk for chunk in found if chunk is not None)


def _cleared(chunk: Chunk, tombstones: Tombstones) -> Chunk | None:
    def kept(text: str) -> str:
        return tombstones.without(text, chunk.uri).strip() if text else text

    if tombstones.has_place(chunk.uri):
        return None  # an attachment, of a mail that stays
    text = tombstones.blanked(chunk.text, chunk.uri)
    if not text.strip() and chunk.text.strip():
        return None
    if text != chunk.text:
        hashed = content_hash(text)
        id = passage_id(chunk.uri, chunk.ordinal, hashed)
        chunk = replace(chunk, id=id, hash=hashed, text=text)
    return replace(
        chunk, title=kept(chunk.title), heading=tuple(map(kept, chunk.heading)),
        context=kept(chunk.context), before=kept(chunk.before), name=kept(chunk.name),
    )  # fmt: skip
