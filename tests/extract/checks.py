"""What must hold for every Document and its chunks, whatever the file was."""

from __future__ import annotations

from pathlib import Path

from cairn.core.chunk import chunk_document
from cairn.core.extract import extract
from cairn.core.records import Chunk, Document


def read(folder: Path, name: str, content: str | bytes) -> Document:
    """Write a file, extract it, and check the Document."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    document = extract(path, f"file:{name}")
    check_document(document)
    return document


def check_document(document: Document) -> None:
    starts = [place.start for place in document.places]
    assert starts and starts[0] == 0
    assert starts == sorted(starts)
    assert all(place.number >= 1 for place in document.places)
    assert len({place.unit for place in document.places}) == 1
    assert document.title.strip()
    document.text.encode("utf-8")
    check_cover(document.text, [(block.start, block.end) for block in document.blocks])


def check_chunks(document: Document, budget: int = 200) -> list[Chunk]:
    chunks = chunk_document(document, budget=budget)
    check_cover(document.text, [(chunk.span.start, chunk.span.end) for chunk in chunks])
    for ordinal, chunk in enumerate(chunks):
        assert chunk.ordinal == ordinal
        assert chunk.text == document.text[chunk.span.start : chunk.span.end]
        assert chunk.text and chunk.text == chunk.text.strip()
        assert chunk.span.first <= chunk.span.last
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    return chunks


def check_cover(text: str, spans: list[tuple[int, int]]) -> None:
    """The spans are in order, don't overlap, and only white space is outside them."""
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


def check_lines(document: Document, source: str) -> None:
    """Each chunk's rows are the source's rows at the lines that its citation names."""
    rows = source.split("\n")
    for chunk in check_chunks(document, budget=30):
        cited = "\n".join(rows[chunk.span.first - 1 : chunk.span.last])
        assert chunk.text in cited
        assert chunk.text.split("\n")[0] in rows[chunk.span.first - 1]
        assert chunk.text.split("\n")[-1] in rows[chunk.span.last - 1]
