"""The index: exact replacement by document, one commit a batch, and a hot tier that agrees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cairn.core.index import Index, Replacement, drop_other_tables, newest_table, next_table
from cairn.core.index.hot import HotTier
from cairn.core.index.table import DIMENSIONS, table_names
from cairn.core.records import Chunk, Span, content_hash, digest, document_id

RANDOM = np.random.default_rng(7)


def vector() -> np.ndarray:
    values = RANDOM.normal(size=DIMENSIONS).astype(np.float32)
    return values / np.linalg.norm(values)


def chunk(uri: str, ordinal: int, text: str) -> Chunk:
    hash = content_hash(text)
    return Chunk(
        id="c_" + digest(document_id(uri), str(ordinal), hash, size=8), doc_id=document_id(uri),
        uri=uri, ordinal=ordinal, kind="note", title="Notes", heading=("A", "B"), context="",
        text=text, span=Span(3, 3 + len(text), "L", 2, 4),
        places=((0, 2), (3, 3), (7, 4)), when="2026-03-02", who="Anna",
        origin="user", hash=hash,
    )  # fmt: skip


def document(name: str, *texts: str, embedded: bool = True) -> Replacement:
    uri = f"file:/{name}"
    chunks = tuple(chunk(uri, number, text) for number, text in enumerate(texts))
    return Replacement(
        document_id(uri), chunks, tuple(vector() if embedded else None for _ in chunks)
    )


def write(index: Index, *documents: Replacement) -> None:
    index.replace(documents, index.table.stored(document.doc_id for document in documents))


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(str(tmp_path), "chunks-model-1")


def test_a_chunk_comes_back_as_it_was(index: Index) -> None:
    given = document("a.md", "We agreed on 'four hundred'.", "Zweiter Absatz — ürgendwas 漢字")
    write(index, given)
    assert index.table.fetch([chunk.id for chunk in given.chunks]) == list(given.chunks)


def test_writing_a_document_again_replaces_exactly_its_rows(index: Index) -> None:
    write(index, document("a.md", "one", "two", "three"), document("b.md", "other"))
    write(index, document("a.md", "one", "two changed"))
    assert index.table.count() == 3
    assert len(index.hot) == 3
    found = [id for id, _ in index.table.search_words("three", 9)]
    assert found == []


def test_the_same_batch_twice_doubles_nothing(index: Index) -> None:
    batch = document("a.md", "one", "two")
    write(index, batch)
    write(index, batch)
    assert index.table.count() == 2
    assert len(index.hot) == 2


def test_a_document_without_chunks_leaves(index: Index) -> None:
    write(index, document("a.md", "one"), document("b.md", "two"))
    write(index, Replacement(document_id("file:/a.md")))
    assert index.table.count() == 1
    assert len(index.hot) == 1


def test_a_batch_is_one_version(index: Index) -> None:
    write(index, document("warm.md", "up"))  # the first batch also makes the word index
    before = index.table.version
    write(index, *(document(f"{number}.md", f"text {number}") for number in range(50)))
    assert index.table.version == before + 1


def test_words_are_found_at_once_and_after_compaction_by_their_stem(index: Index) -> None:
    write(index, document("a.md", "The agreements about the gardens"))
    write(index, document("b.md", "Nothing to see"))
    for _ in range(2):
        assert len(index.table.search_words("agreement garden", 9)) == 1
        index.table.compact()


def test_rows_without_a_vector_are_found_by_words(index: Index) -> None:
    write(index, document("a.md", "only words here", embedded=False))
    assert len(index.hot) == 0
    assert len(index.table.search_words("words", 9)) == 1
    assert Index(str(index._uri), "chunks-model-1").table.count() == 1


def test_opening_again_finds_the_same_vectors(index: Index, tmp_path: Path) -> None:
    write(index, *(document(f"{n}.md", *(f"text {n} {m}" for m in range(4))) for n in range(20)))
    write(index, document("3.md", "text 3 0"))
    again = Index(str(tmp_path), "chunks-model-1")
    for _ in range(20):
        query = vector()
        assert again.hot.search(query, 10) == index.hot.search(query, 10)


def test_the_hot_tier_agrees_with_the_tables_exact_search(index: Index) -> None:
    write(index, *(document(f"{n}.md", *(f"text {n} {m}" for m in range(50))) for n in range(20)))
    agreed = 0
    for _ in range(20):
        query = vector()
        exact = index.table._table.search(query).distance_type("dot").limit(10).to_arrow()
        agreed += len(set(exact["id"].to_pylist()) & {id for id, _ in index.hot.search(query, 10)})
    assert agreed >= 0.97 * 200


def test_equal_scores_are_ordered_by_id() -> None:
    hot = HotTier(DIMENSIONS)
    same = vector()
    names = [f"c{number:03}" for number in range(200)]
    hot.put(list(RANDOM.permutation(names)), np.stack([same] * 200))
    assert [id for id, _ in hot.search(same, 10)] == names[:10]
    assert [id for id, _ in hot.search(same, 500)] == names
    assert HotTier(DIMENSIONS).search(same, 5) == []


def test_equal_texts_are_found_in_the_same_order_whatever_their_rows(index: Index) -> None:
    twins = [document(f"{number}.md", "the very same words") for number in range(120)]
    write(index, *twins)
    first = index.table.search_words("same words", 20)
    assert [id for id, _ in first] == sorted(twin.chunks[0].id for twin in twins)[:20]
    write(index, *(Replacement(twin.doc_id) for twin in twins[::3]))
    write(index, *twins[::3])
    index.table.compact()
    assert [id for id, _ in index.table.search_words("same words", 20)] == [id for id, _ in first]


def test_rows_that_are_removed_do_not_come_back() -> None:
    hot = HotTier(DIMENSIONS)
    vectors = np.stack([vector() for _ in range(50)])
    names = [str(number) for number in range(50)]
    hot.put(names, vectors)
    hot.remove(names[::2])
    hot.remove(names[::2])
    for number in range(50):
        best = [id for id, _ in hot.search(vectors[number], 1)]
        assert (best == [names[number]]) == (number % 2 == 1)


def test_a_rebuild_gets_a_name_of_its_own_and_the_old_table_can_go(tmp_path: Path) -> None:
    uri = str(tmp_path)
    Index(uri, newest_table(uri, "m"))
    fresh = next_table(uri, "m")
    Index(uri, fresh)
    assert newest_table(uri, "m") == fresh == "chunks-m-2"
    drop_other_tables(uri, fresh)
    assert table_names(uri) == [fresh]


def test_a_table_that_was_killed_while_it_was_made_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "chunks-m-1.lance" / "data").mkdir(parents=True)
    index = Index(str(tmp_path), "chunks-m-1")
    write(index, document("a.md", "one"))
    assert index.table.count() == 1


def test_vectors_are_carried_over_only_between_equal_models(index: Index, tmp_path: Path) -> None:
    write(index, document("a.md", "one"), document("b.md", "two"))
    same, other = Index(str(tmp_path), "chunks-model-2"), Index(str(tmp_path), "chunks-x-1")
    for fresh in (same, other):
        fresh.carry_over(index, [document_id("file:/a.md")])
        fresh.reload()
        assert fresh.table.count() == 1
        assert len(fresh.table.search_words("one", 9)) == 1
    assert (len(same.hot), len(other.hot)) == (1, 0)
