"""Rows have the ids that the table has, whatever is written, merged and dropped meanwhile."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from cairn.core.index.loop import begin
from cairn.core.index.rowids import RowIds
from cairn.core.index.table import Replacement, Table
from cairn.core.records import Chunk, Span

NAME = "chunks-4-none-1"


def chunk(document: int, ordinal: int, text: str) -> Chunk:
    return Chunk(
        id=f"c_{document}-{ordinal}", doc_id=f"d_{document}", uri=f"file:///{document}.md",
        ordinal=ordinal, kind="note", title="", heading=(), context="", text=text,
        span=Span(0, len(text), "L", 1, 1), places=((0, 1),), when="", who="", origin="document",
        hash="",
    )  # fmt: skip


def write(table: Table, document: int, *texts: str) -> None:
    chunks = tuple(chunk(document, at, text) for at, text in enumerate(texts))
    table.replace([Replacement(f"d_{document}", chunks, (None,) * len(chunks))])
    table.ensure_indices()


def numbered(table: Table) -> dict[int, str]:
    rows = table._table.search().select(["id"]).with_row_id(True).limit(None).to_arrow()
    return dict(zip(rows["_rowid"].to_pylist(), rows["id"].to_pylist(), strict=True))


def read_with_the_id(table: Table, words: str, limit: int) -> list[tuple[str, float]]:
    from lancedb.query import MatchQuery

    query = table._matching(MatchQuery(words, "search"), limit, "").select(["id", "_score"])
    rows = begin(query.to_arrow()).result()
    pairs = zip(rows["id"].to_pylist(), rows["_score"].to_pylist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def test_no_number_is_ever_given_to_another_row_and_the_ids_are_those_of_the_table(
    tmp_path: Path,
) -> None:
    """If this fails, the library gives numbers again: forget them at every write."""
    chance = random.Random(7)
    table = Table(str(tmp_path), NAME)
    known: dict[int, str] = {}
    for step in range(25):
        act = chance.random()
        if act < 0.75:
            texts = [f"boiler {step} word{n}" * n for n in range(chance.randrange(4))]
            write(table, chance.randrange(6), *texts)
        elif step % 2:
            table.compact()
        else:
            table._optimize(cleanup_older_than=timedelta(milliseconds=1))
        for number, id in numbered(table).items():
            assert known.setdefault(number, id) == id
        assert table.search_words("boiler", 100) == read_with_the_id(table, "boiler", 100)


def test_rows_are_known_when_their_vectors_are_read_with_and_without_one(tmp_path: Path) -> None:
    table = Table(str(tmp_path), NAME)
    write(table, 1, "a boiler", "another boiler")
    again = Table(str(tmp_path), NAME)
    assert list(again.vectors()) == []
    assert len(again._row_ids) == 2
    again.compact()
    assert len(again._row_ids) == 2


def test_a_row_that_is_not_known_has_its_id_read_once(tmp_path: Path) -> None:
    table = Table(str(tmp_path), NAME)
    write(table, 1, "a boiler")
    assert len(table._row_ids) == 0
    found = table.search_words("boiler", 5)
    assert [id for id, _ in found] == ["c_1-0"]
    assert len(table._row_ids) == 1
    assert table.search_words("boiler", 5) == found


@pytest.mark.parametrize("count", [3, 5000])
def test_what_is_learned_late_is_found_beside_the_rest(tmp_path: Path, count: int) -> None:
    table = Table(str(tmp_path), NAME)
    write(table, 1, "a boiler")
    [(number, id)] = numbered(table).items()
    rows = RowIds()
    rows.learn_all(table._table)
    late = np.arange(100, 100 + count, dtype=np.uint64)
    rows.learn(late, [f"c_{each}" for each in late])
    asked = np.array([102, number, 100], np.uint64)
    assert rows._find(asked) == ["c_102", id, "c_100"]
    assert rows._find(np.array([100, 6], np.uint64)) is None
    assert rows._find(np.zeros(0, np.uint64)) == []
    rows.learn_all(table._table)
    assert rows._find(asked) is None
    assert len(rows) == 1
