"""What the shelf and the table have of a passage is read as the very passage."""

from __future__ import annotations

import pytest

from cairn.core.index.rows import chunk_of, row_of, shelved, taken
from cairn.core.records import Chunk, Span

PLAIN = Chunk(
    "c_1", "d_1", "file:~/a.md", 3, "note", "A \"title\"", ("One", "Two"), "a | b", "text\nof it",
    Span(5, 15, "L", 2, 3), ((0, 2), (5, 3)), "2026-03-08", "Ann, Bo", "user", "blake2b:1",
    "a.md notes", "said before",
)  # fmt: skip
BARE = Chunk(
    "c_2", "d_2", "chat:x/1!/0", 0, "chat", "", (), "", "", Span(0, 0, "t", 1, 1), (), "", "",
    "other", "",
)  # fmt: skip
ODD = Chunk(
    "c_3", "d_3", "file:~/東.md", 0, "table", "é\u2028\x00", ("",), "", "\ud800 '' \\ ",
    Span(0, 7, "r", 9, 9), ((0, 9),), "", "", "document", "",
)  # fmt: skip


@pytest.mark.parametrize("chunk", [PLAIN, BARE, ODD], ids=["plain", "bare", "odd"])
def test_a_passage_comes_back_as_it_was(chunk: Chunk) -> None:
    row = row_of(chunk, None)
    assert chunk_of(row) == chunk
    kept = shelved(row, chunk)
    assert taken(kept) == chunk
    assert type(taken(kept).places) is tuple
    assert kept.parts == b""
