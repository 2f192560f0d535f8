"""The hot tier: the same answers whatever was written when, and a snapshot that is never stale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cairn import native
from cairn.core.index import Index, Meaning, Replacement, hot_path
from cairn.core.index import hot as module
from cairn.core.index.hot import HotTier
from cairn.core.records import Chunk, Span, content_hash, digest, document_id
from cairn.native import scan

needs_kernels = pytest.mark.skipif(native.level() == "numpy", reason="no compiled kernels")


def vectors(seed: int, count: int) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    topics = random.standard_normal((1 + count // 50, 384))
    found = topics[random.integers(0, len(topics), count)] + random.standard_normal((count, 384))
    found *= (1 + np.arange(384)) ** -0.4
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


IDS = [f"c_{number:05}" for number in range(12_000)]
VECTORS = vectors(1, len(IDS))


def exact(
    ids: list[str], held: NDArray[np.float32], query: NDArray[np.float32]
) -> dict[str, float]:
    """Every score, by the plainest arithmetic."""
    codes, scales = native.quantize(held)
    asked, scale = native.quantize(query[None, :])
    dots = (codes.astype(np.int64) * asked[0].astype(np.int64)).sum(axis=1).astype(np.float32)
    return dict(zip(ids, (dots * (scales * scale[0])).tolist(), strict=True))


def best(scores: dict[str, float], limit: int) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def test_a_large_tier_finds_all_of_the_best_with_their_very_scores() -> None:
    hot = HotTier(384)
    hot.put(IDS, VECTORS)
    found, total = 0, 0
    for query in vectors(2, 30):
        scores = exact(IDS, VECTORS, query)
        for limit in (10, 50):
            got = hot.search(query, limit)
            assert all(scores[id] == score for id, score in got)
            found += len(set(got) & set(best(scores, limit)))
            total += limit
        assert hot.cosines(query, ["c_00007", "nobody", "c_00003"]) == {
            id: scores[id] for id in ("c_00007", "c_00003")
        }
    assert found == total


def test_among_a_few_the_search_is_exact_and_among_many_it_agrees() -> None:
    hot = HotTier(384)
    hot.put(IDS, VECTORS)
    for query in vectors(3, 10):
        scores = exact(IDS, VECTORS, query)
        for allowed in (frozenset(IDS[::1000]), frozenset(IDS[1::2]), frozenset(["nobody"])):
            kept = {id: score for id, score in scores.items() if id in allowed}
            assert hot.search(query, 20, allowed) == best(kept, 20)


def test_when_a_row_came_does_not_show() -> None:
    random = np.random.default_rng(4)
    one, other = HotTier(384), HotTier(384)
    one.put(IDS, VECTORS)
    order = random.permutation(len(IDS))
    for part in np.array_split(order, 5):
        other.put([IDS[at] for at in part], VECTORS[part][:, ::-1])  # another text, at first
    other.put(["c_gone"], VECTORS[:1])
    for part in np.array_split(random.permutation(order), 3):
        other.put([IDS[at] for at in part], VECTORS[part])
    other.remove(["c_gone", "nobody"])
    for query in vectors(5, 20):
        assert one.search(query, 25) == other.search(query, 25)


def test_the_same_id_twice_at_once_has_the_later_vector() -> None:
    hot = HotTier(384)
    hot.put(["a", "b", "a"], VECTORS[:3])
    assert len(hot) == 2
    assert hot.search(VECTORS[2], 1)[0][0] == "a" and hot.search(VECTORS[0], 1)[0][1] < 0.99


def document(name: str, seed: int, count: int) -> Replacement:
    id = document_id(f"file:/{name}")
    chunks = []
    for number, text in enumerate(f"{name} {number}" for number in range(count)):
        chunks.append(Chunk(
            id="c_" + digest(id, text, size=8), doc_id=id, uri=f"file:/{name}", ordinal=number,
            kind="note", title="Notes", heading=(), context="", text=text,
            span=Span(0, len(text), "L", 1, 1), places=((0, 1),), when="2026-03-02", who="",
            origin="user", hash=content_hash(text),
        ))  # fmt: skip
    return Replacement(id, tuple(chunks), tuple(map(Meaning, vectors(seed, count))))


def write(index: Index, *documents: Replacement) -> None:
    index.replace(documents, index.table.stored(document.doc_id for document in documents))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiers of a few rows are kept too."""
    monkeypatch.setattr(module, "_SAVED_FROM", 5)


def opened(uri: Path) -> tuple[Index, bool]:
    """And whether its vectors came from the snapshot."""
    index = Index(str(uri), "chunks-4-m-1")
    fresh = HotTier(384, hot_path(str(uri), "chunks-4-m-1"))
    return index, fresh.restore(index._table_state) == ""


@needs_kernels
def test_a_snapshot_opens_to_the_same_answers_as_the_table(tmp_path: Path, small: None) -> None:
    index = Index(str(tmp_path), "chunks-4-m-1")
    write(index, document("a.md", 1, 40), document("b.md", 2, 30))
    index.compact()
    path = hot_path(str(tmp_path), "chunks-4-m-1")
    assert path is not None and path.exists()
    again, was_kept = opened(tmp_path)
    assert was_kept and len(again.hot) == 70
    path.unlink()
    rebuilt = Index(str(tmp_path), "chunks-4-m-1")
    for query in vectors(3, 10):
        assert index.hot.search(query, 9) == again.hot.search(query, 9)
        assert index.hot.search(query, 9) == rebuilt.hot.search(query, 9)
    assert path.exists()  # made anew


@needs_kernels
def test_a_change_takes_the_snapshot_away_at_once(tmp_path: Path, small: None) -> None:
    index = Index(str(tmp_path), "chunks-4-m-1")
    write(index, document("a.md", 1, 40), document("b.md", 2, 30))
    index.compact()
    path = hot_path(str(tmp_path), "chunks-4-m-1")
    assert path is not None and path.exists()
    index.drop([document_id("file:/b.md")])
    assert not path.exists()
    index.compact()
    again, was_kept = opened(tmp_path)
    assert was_kept and len(again.hot) == 40


@needs_kernels
@pytest.mark.parametrize("harm", ["another state", "cut", "flipped", "names"])
def test_a_snapshot_that_does_not_fit_is_made_anew(tmp_path: Path, small: None, harm: str) -> None:
    index = Index(str(tmp_path), "chunks-4-m-1")
    write(index, document("a.md", 1, 40))
    index.compact()
    path = hot_path(str(tmp_path), "chunks-4-m-1")
    assert path is not None
    kept = path.read_bytes()
    if harm == "another state":
        write(index, document("b.md", 2, 30))
        path.write_bytes(kept)
    elif harm == "cut":
        path.write_bytes(kept[: len(kept) // 2])
    elif harm == "flipped":
        path.write_bytes(kept[:80_000] + bytes([kept[80_000] ^ 1]) + kept[80_001:])
    else:
        index.hot._rows.save(path, index._table_state, b"one\ntwo")
    fresh = HotTier(384, path)
    assert fresh.restore(index._table_state) != "" and len(fresh) == 0
    again = Index(str(tmp_path), "chunks-4-m-1")
    assert len(again.hot) == len(index.hot)
    assert all(again.hot.search(q, 9) == index.hot.search(q, 9) for q in vectors(3, 10))


def test_a_few_rows_and_a_table_elsewhere_are_not_kept(tmp_path: Path) -> None:
    index = Index(str(tmp_path), "chunks-4-m-1")
    write(index, document("a.md", 1, 40))
    index.compact()
    assert not list(tmp_path.glob("*.hot")) and hot_path("s3://bucket", "t") is None


@needs_kernels
def test_a_large_tier_is_tried_out_once_for_much_the_same_vectors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hot = HotTier(384)
    hot.put(IDS[:9000], VECTORS[:9000])
    assert "test" not in hot.way
    hot.try_out()
    assert hot.way.endswith("100 % of the best ten found in a test of 64") and not hot.doubt
    tries = list[int]()
    monkeypatch.setattr(hot._rows, "try_out", lambda: tries.append(len(hot)))
    hot.try_out()
    hot.put(IDS[9000:], VECTORS[9000:])
    hot.try_out()
    assert not tries  # a third more
    hot.put([f"d_{number}" for number in range(3000)], VECTORS[:3000])
    hot.try_out()
    assert tries == [15_000]


@needs_kernels
def test_a_sieve_that_overlooks_too_much_is_not_used_and_that_is_told() -> None:
    hot = HotTier(384)
    hot.put(IDS, VECTORS)
    hot._rows.try_out(64, [0.1])
    assert "all codes" in hot.way and "%" not in hot.way
    assert hot.doubt.startswith("one bit a dimension found only ") and "all codes" in hot.doubt
    query = vectors(6, 1)[0]
    assert hot.search(query, 10) == best(exact(IDS, VECTORS, query), 10)


@needs_kernels
def test_what_was_tried_out_is_not_tried_again_at_the_next_start(
    tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "SIEVE_FROM", 30)
    index = Index(str(tmp_path), "chunks-4-m-1")
    write(index, document("a.md", 1, 40))
    index.compact()
    trial = index.hot._rows.trial
    assert trial.rows == 40 and trial.wanted == 10 * trial.tried
    monkeypatch.setattr(scan.Rows, "try_out", lambda rows: pytest.fail("tried again"))
    again = Index(str(tmp_path), "chunks-4-m-1")
    again.compact()
    assert again.hot._rows.trial == trial and again.hot.way == index.hot.way
