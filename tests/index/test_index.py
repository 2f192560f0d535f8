"""The index: exact replacement by document, one commit a batch, and a hot tier that agrees."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cairn.core.errors import Unavailable
from cairn.core.index import (
    Index,
    Meaning,
    Replacement,
    drop_other_tables,
    is_readable,
    newest_table,
    next_table,
    reuse_meanings,
)
from cairn.core.index.hot import HotTier
from cairn.core.index.meaning import DIMENSIONS
from cairn.core.index.room import room
from cairn.core.index.table import table_names
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
        document_id(uri), chunks, tuple(Meaning(vector()) if embedded else None for _ in chunks)
    )


def same(one: Meaning | None, other: Meaning | None) -> bool:
    assert one is not None and other is not None
    return np.array_equal(one.vector, other.vector) and one.parts == other.parts


def write(index: Index, *documents: Replacement) -> None:
    index.replace(documents, index.table.stored(document.doc_id for document in documents))


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(str(tmp_path), "chunks-4-model-1")


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


def test_rows_without_a_vector_are_found_by_words(index: Index, tmp_path: Path) -> None:
    write(index, document("a.md", "only words here", embedded=False))
    assert len(index.hot) == 0
    assert len(index.table.search_words("words", 9)) == 1
    assert Index(str(tmp_path), "chunks-4-model-1").table.count() == 1


def test_opening_again_finds_the_same_vectors(index: Index, tmp_path: Path) -> None:
    write(index, *(document(f"{n}.md", *(f"text {n} {m}" for m in range(4))) for n in range(20)))
    write(index, document("3.md", "text 3 0"))
    again = Index(str(tmp_path), "chunks-4-model-1")
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
    assert newest_table(uri, "m") == fresh == "chunks-4-m-2"
    drop_other_tables(uri, fresh)
    assert table_names(uri) == [fresh]


def test_a_table_that_was_killed_while_it_was_made_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "chunks-4-m-1.lance" / "data").mkdir(parents=True)
    index = Index(str(tmp_path), "chunks-4-m-1")
    write(index, document("a.md", "one"))
    assert index.table.count() == 1


def test_vectors_are_carried_over_only_between_equal_models(index: Index, tmp_path: Path) -> None:
    write(index, document("a.md", "one"), document("b.md", "two"))
    same, other = Index(str(tmp_path), "chunks-4-model-2"), Index(str(tmp_path), "chunks-4-x-1")
    for fresh in (same, other):
        fresh.carry_over(index, [document_id("file:/a.md")])
        fresh.reload()
        assert fresh.table.count() == 1
        assert len(fresh.table.search_words("one", 9)) == 1
    assert (len(same.hot), len(other.hot)) == (1, 0)


def test_the_words_of_a_files_name_are_searched_but_neither_shown_nor_embedded(
    index: Index,
) -> None:
    named = replace(chunk("file:/a.md", 0, "Four hundred euros"), name="garden budget.md Garden")
    index.replace([Replacement(named.doc_id, (named,), (Meaning(vector()),))], {})
    assert index.table.fetch([named.id]) == [named]
    assert [id for id, _ in index.table.search_words("budget", 9)] == [named.id]
    assert "budget" not in named.embedding_text
    renamed = replace(named, name="costs.md")
    embedded: list[str] = []
    known = index.known_meanings([renamed], {})
    (kept,) = reuse_meanings([renamed], (), lambda texts, starts: embedded.extend(texts), known)
    assert kept is not None and embedded == []


def test_a_document_is_written_again_when_only_its_places_have_changed(index: Index) -> None:
    first = document("a.md", "one", "two")
    write(index, first)
    assert first.equals(index.table.stored([first.doc_id])[first.doc_id])
    moved = replace(
        first,
        chunks=tuple(
            replace(chunk, span=replace(chunk.span, first=9, last=12)) for chunk in first.chunks
        ),
    )
    assert not moved.equals(index.table.stored([first.doc_id])[first.doc_id])


def test_a_text_that_lies_elsewhere_is_not_embedded_again(index: Index) -> None:
    old = document("old.md", "one", "two", "it's three")
    write(index, old, document("words.md", "four", embedded=False))
    asked: list[list[str]] = []

    def embed(texts: list[str], starts: object) -> list[np.ndarray]:
        asked.append(texts)
        return [vector()[None, :] for _ in texts]

    moved = [chunk("file:/new.md", n, t) for n, t in enumerate(["it's three", "one", "four"])]
    known = index.known_meanings(moved, {})
    meanings = reuse_meanings(moved, (), embed, known)
    assert asked == [[moved[2].embedding_text]]
    assert same(meanings[0], old.meanings[2])
    assert same(meanings[1], old.meanings[0])
    again = reuse_meanings([chunk("file:/c.md", 0, "four")], (), embed, known)
    assert len(asked) == 1 and same(again[0], meanings[2])


def test_the_same_text_twice_is_embedded_once() -> None:
    asked: list[str] = []

    def embed(texts: list[str], starts: object) -> list[np.ndarray]:
        asked.extend(texts)
        return [vector()[None, :] for _ in texts]

    twins = [chunk("file:/a.md", number, "the same") for number in range(3)]
    first, *others = reuse_meanings(twins, (), embed)
    assert asked == [twins[0].embedding_text]
    assert all(same(first, other) for other in others)
    assert reuse_meanings(twins, (), lambda texts, starts: None) == (None, None, None)


def test_a_digest_finds_a_vector_whatever_rows_share_it(index: Index) -> None:
    twins = [document(f"{number}.md", "the same") for number in range(40)]
    write(index, *twins)
    index.table.compact()
    text = digest(twins[0].chunks[0].embedding_text)
    found = index.table.meanings_for([text, "0" * 32, "'; DROP"])
    assert list(found) == [text]
    assert any(same(found[text], twin.meanings[0]) for twin in twins)
    assert index.table.meanings_for([]) == {}


def test_rows_taken_over_without_their_vectors_promise_none(index: Index, tmp_path: Path) -> None:
    given = document("a.md", "one")
    write(index, given)
    other = Index(str(tmp_path), "chunks-4-x-1")
    other.carry_over(index, [given.doc_id])
    assert other.known_meanings(given.chunks, {}) == {}
    assert list(index.known_meanings(given.chunks, {})) == [digest(given.chunks[0].embedding_text)]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("来週の予算会議は東京で行います。", "予算 算会 会議"),
        ("庭", "庭"),
        ("งบประมาณของสวนคือสี่ร้อยยูโร", "สว วน"),
        ("정원 예산은 사백 유로", "예산"),
        ("会議は2026年Tokyoで", "tokyo"),
        ("the ﬁnance of Zu\u0308rich", "zurich"),
        ("Ｇａｒｄｅｎ １２３", "123"),
    ],
)
def test_what_can_not_be_split_at_spaces_is_found(index: Index, text: str, hidden: str) -> None:
    given = document("a.md", text)
    write(index, given, document("b.md", "Nothing of the kind, 全然違う文章"))
    for _ in range(2):
        found = index.table.search_words("", 9, hidden)
        assert [id for id, _ in found] == [given.chunks[0].id]
        index.table.compact()


def test_both_scripts_of_a_question_add_up(index: Index) -> None:
    both, one, other = (document(f"{n}.md", t) for n, t in enumerate(
        ["Garden 予算", "Garden, and more of it", "予算はまだ"]))  # fmt: skip
    write(index, both, one, other)
    found = index.table.search_words("garden", 9, "garden 予算")
    assert found[0][0] == both.chunks[0].id
    assert {id for id, _ in found} == {d.chunks[0].id for d in (both, one, other)}
    assert index.table.search_words("", 9) == []


def test_a_table_of_another_layout_is_left_unopened_and_goes(tmp_path: Path) -> None:
    import lancedb
    import pyarrow as pa

    uri = str(tmp_path)
    old = "chunks-0123456789abcdef-mean-7"
    lancedb.connect(uri).create_table(old, schema=pa.schema([("id", pa.string())]))
    assert not is_readable(old) and not is_readable("")
    name = newest_table(uri, "0123456789abcdef-mean")
    assert name == "chunks-4-0123456789abcdef-mean-1" and is_readable(name)
    assert Index(uri, name).fingerprint == "0123456789abcdef-mean"
    drop_other_tables(uri, name)
    assert table_names(uri) == [name]


def test_passages_that_were_read_before_are_those_that_stand_there_now(index: Index) -> None:
    for text in ("The rent is 900.", "The rent is 950."):
        one = document("rent", text)
        write(index, one)
        assert [each.text for each in index.passages([one.doc_id])[one.doc_id]] == [text]
    index.drop([one.doc_id])
    assert index.passages([one.doc_id]) == {}


def test_words_are_looked_for_while_something_else_is_done(index: Index) -> None:
    write(index, document("a.md", "green apples", "red cherries"), document("b.md", "apples"))
    found = index.begin_words("apples", 9).result()
    assert found == index.table.search_words("apples", 9)
    assert {id for id, _ in found} <= index._fetched.keys()


def test_stems_that_are_hidden_are_found_from_the_first_that_is_written(
    index: Index, tmp_path: Path
) -> None:
    write(index, document("a.md", "only words"))
    assert index.table.search_words("words", 9, "東京")
    write(index, document("b.md", "東京に行く"))
    found = index.table.search_words("", 9, "東京")
    assert len(found) == 1
    reopened = Index(str(tmp_path), index.table.name)
    assert reopened.table.search_words("", 9, "東京") == found


def test_what_the_library_raises_anywhere_is_told_in_words(tmp_path: Path) -> None:
    """Also where rows are taken over, and where nothing but a number is asked for."""
    old, new = Index(str(tmp_path), "old"), Index(str(tmp_path), "new")
    write(old, document("a", "garden"))
    data = tmp_path / "new.lance" / "data"
    if data.exists():
        shutil.rmtree(data)
    data.write_text("no folder")
    with pytest.raises(Unavailable, match="can't be used") as caught:
        new.table.copy_from(old.table, [document_id("file:/a")], with_vectors=True)
    assert "cairn rebuild" in caught.value.hint
    shutil.rmtree(tmp_path / "old.lance")
    with pytest.raises(Unavailable, match="can't be used"):
        room(str(tmp_path), "old")
