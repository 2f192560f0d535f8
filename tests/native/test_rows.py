"""Rows in memory: the sieve finds what the plain scan finds, whatever came before and wherever."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cairn import native
from cairn.native import scan

LEVELS = native.levels()
COMPILED = [level for level in LEVELS if level != "numpy"]
needs_kernels = pytest.mark.skipif(not COMPILED, reason="there are no compiled kernels")


def like_sentences(random: np.random.Generator, count: int, dim: int = 384) -> NDArray[np.float32]:
    """Unit vectors in topics, most of whose length lies in few directions."""
    weights = (1 + np.arange(dim)) ** -0.5
    topics = random.standard_normal((1 + count // 40, dim))
    found = topics[random.integers(0, len(topics), count)] + random.standard_normal((count, dim))
    found *= weights
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found.astype(np.float32)


def odd_sentences(
    random: np.random.Generator, count: int, dim: int, odd: str
) -> tuple[NDArray[np.float32], tuple[NDArray[np.int8], NDArray[np.float32]]]:
    """The vectors, and what they are quantized to, some of them strange in one way."""
    vectors = like_sentences(random, count, dim)
    if odd == "ties":
        vectors = vectors[random.integers(0, 1 + count // 8, count)]
    if odd == "zeros":
        vectors[::3] = 0
    if odd == "long":
        vectors[::5] *= np.float32(40)
    codes, scales = native.quantize(vectors)
    if odd == "nan":
        scales[::4] = np.nan
    if odd == "denormal":
        scales[::2] = np.float32(1e-42)
    return vectors, (codes, scales)


def rows_of(vectors: NDArray[np.float32], level: str = "") -> scan.Rows:
    rows = scan.Rows(vectors.shape[1], level)
    rows.append(*native.quantize(vectors))
    return rows


def assert_same(got: native.Hits, want: native.Hits) -> None:
    np.testing.assert_array_equal(got[0], want[0])
    np.testing.assert_array_equal(got[1].view(np.uint32), want[1].view(np.uint32))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.sampled_from([1, 63, 64, 65, 700, 2500]),
    dim=st.sampled_from([64, 128, 384, 448]),
    k=st.sampled_from([1, 10, 50, 4000]),
    odd=st.sampled_from(["", "ties", "zeros", "long", "nan", "denormal"]),
    kept=st.sampled_from([1.0, 0.5, 0.02, 0.0]),
)
def test_the_sieve_finds_what_the_scan_finds_at_every_level(
    seed: int, count: int, dim: int, k: int, odd: str, kept: float
) -> None:
    random = np.random.default_rng(seed)
    vectors, (codes, scales) = odd_sentences(random, count, dim, odd)
    query = vectors[0] if seed % 2 and vectors[0].any() else like_sentences(random, 1, dim)[0]
    mask = None if kept == 1.0 else random.random(count) < kept
    plain = scan.Rows(dim, "numpy")
    plain.append(codes, scales)
    want = plain.search(query, k, mask)
    for level in LEVELS:
        rows = scan.Rows(dim, level, threads=1 + seed % 3)
        rows.append(codes, scales)
        for way in ("best", "exact", "sieve"):
            assert_same(rows.search(query, k, mask, way), want)  # type: ignore[arg-type]
        at = want[0][::-1].copy()
        np.testing.assert_array_equal(rows.scores(query, at), want[1][::-1])


@pytest.fixture(scope="module")
def many() -> NDArray[np.float32]:
    return like_sentences(np.random.default_rng(5), 20_000)


@needs_kernels
def test_a_large_memory_is_sieved_and_nothing_is_overlooked(many: NDArray[np.float32]) -> None:
    rows = rows_of(many)
    assert rows.sieves and not rows_of(many[:1000]).sieves
    for query in like_sentences(np.random.default_rng(6), 40):
        for k in (10, 50):
            assert_same(rows.search(query, k), rows.search(query, k, way="exact"))


@needs_kernels
def test_the_order_in_which_rows_came_does_not_show(many: NDArray[np.float32]) -> None:
    random = np.random.default_rng(7)
    order = random.permutation(len(many))
    grown = scan.Rows(384, threads=3)
    for part in np.array_split(order, 7):  # some come twice and are taken out again
        codes, scales = native.quantize(many[part])
        grown.append(codes, scales)
        grown.append(codes[:100], scales[:100])
        for _ in range(100):
            grown.remove(len(grown) - 1)
    rows = rows_of(many)
    for query in like_sentences(random, 20):
        found, scores = rows.search(query, 30)
        other, same = grown.search(query, 30)
        assert scores.tolist() == same.tolist()
        assert sorted(found.tolist()) == sorted(order[other].tolist())


@pytest.mark.parametrize("level", LEVELS)
def test_rows_are_written_over_and_taken_out(level: str) -> None:
    vectors = like_sentences(np.random.default_rng(8), 300)
    rows = rows_of(vectors[:200], level)
    codes, scales = native.quantize(vectors[200:])
    rows.write(np.arange(50, 150), codes, scales)
    rows.remove(0)  # row 199 takes its place
    assert len(rows) == 199
    held = np.concatenate([vectors[199:200], vectors[1:50], vectors[200:], vectors[150:199]])
    for row in (0, 1, 49, 50, 149, 150, 198):
        found, _ = rows.search(held[row], 1, way="sieve")
        assert found.tolist() == [row]
    with pytest.raises(IndexError):
        rows.remove(199)
    with pytest.raises(IndexError):
        rows.scores(vectors[0], np.array([0, 199]))
    with pytest.raises(IndexError):
        rows.write(np.array([-1]), codes[:1], scales[:1])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (np.ones(64), "float32"),
        (np.ones(63, dtype=np.float32), "64 numbers"),
        (np.full(64, np.nan, dtype=np.float32), "NaN"),
        (np.full(64, np.inf, dtype=np.float32), "infinity"),
    ],
)
def test_a_query_that_cannot_be_asked_is_named(query: NDArray[np.float32], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scan.Rows(64).search(query, 3)


def test_one_row_is_quantized_as_many_are() -> None:
    random = np.random.default_rng(9)
    for size in (1.0, 1e-30, 1e-41, 1e30, 0.0):
        query = (random.standard_normal(384) * size).astype(np.float32)
        codes, scale = scan.Rows(384)._quantized(query)
        many, scales = native.quantize(query[None, :])
        assert codes.tolist() == many[0].tolist() and scale == float(scales[0])


@needs_kernels
def test_what_was_saved_opens_as_it_was(tmp_path: Path, many: NDArray[np.float32]) -> None:
    rows, path = rows_of(many), tmp_path / "rows"
    rows.save(path, "table 7", b"names")
    assert path.stat().st_mode & 0o077 == 0
    again, names, refusal = scan.opened(path, 384, "table 7")
    assert again is not None and (names, refusal) == (b"names", "")
    for query in like_sentences(np.random.default_rng(6), 10):
        assert_same(again.search(query, 20), rows.search(query, 20))
    before = path.read_bytes()
    again.append(*native.quantize(many[:3000]))
    again.remove(0)
    assert path.read_bytes() == before and len(again) == 22_999


@needs_kernels
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda data: data[:-1], "cut off"),
        (lambda data: data[:100], "cut off"),
        (lambda data: b"", "cut off"),
        (lambda data: data + b"\0" * 65536, "cut off"),
        (lambda data: b"x" + data[1:], "something else"),
        (lambda data: data[:8] + b"\x63" + data[9:], "another version"),
        (lambda data: data[:12] + b"\x40\0\0\0" + data[16:], "another length"),
        (lambda data: data[:16] + b"\xff" * 8 + data[24:], "damaged"),
        (lambda data: data[:70_000] + bytes([data[70_000] ^ 4]) + data[70_001:], "damaged"),
        (lambda data: data[:-1] + b"\1", "damaged"),
    ],
)
def test_a_file_that_is_not_what_was_saved_is_refused(
    tmp_path: Path, spoil: object, why: str
) -> None:
    path = tmp_path / "rows"
    rows_of(like_sentences(np.random.default_rng(1), 300)).save(path, "s", b"names")
    path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]
    found, _, refusal = scan.opened(path, 384, "s")
    assert found is None and why in refusal


@needs_kernels
def test_a_file_of_another_state_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    rows_of(like_sentences(np.random.default_rng(1), 10)).save(path, "table 7", b"")
    assert "another state" in scan.opened(path, 384, "table 8")[2]
    assert "there is none" in scan.opened(tmp_path / "other", 384, "table 7")[2]
    assert "no file" in scan.opened(tmp_path, 384, "table 7")[2]


@needs_kernels
def test_a_file_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    rows = rows_of(like_sentences(np.random.default_rng(1), 10))
    with pytest.raises(OSError, match="nowhere"):
        rows.save(tmp_path / "nowhere" / "rows", "s", b"")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        rows.save(tmp_path / "taken", "s", b"")
    assert not (tmp_path / "taken.new").exists()
