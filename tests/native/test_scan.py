"""Every level of the scan against one naive oracle: same rows, same score bits.

The oracle sums in int64 and sorts with Python, so it shares no code with any level; agreeing
with it makes all levels, the scalar reference among them, equal to each other.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cairn import native
from cairn.native.scan import Rows

Hits = tuple[NDArray[np.int64], NDArray[np.float32]]
LEVELS = native.levels()
ODD_SCALES = (0.0, 1e-45, 3e-39, -0.25, np.inf, np.nan, 3.4e38)


@dataclass(frozen=True, slots=True)
class Case:
    codes: NDArray[np.int8]
    scales: NDArray[np.float32]
    query: NDArray[np.int8]
    query_scale: float
    k: int
    mask: NDArray[np.uint8] | None


def found(level: str, case: Case) -> Hits:
    """By raw query codes, which may hold the -128 that quantize never makes."""
    rows = rows_of(level, case.codes, case.scales)._rows
    k = min(case.k, len(case.scales))
    hits: Hits = rows.search(level, case.query, case.query_scale, k, case.mask, "exact", 1)
    return hits


def rows_of(level: str, codes: NDArray[np.int8], scales: NDArray[np.float32]) -> Rows:
    rows = Rows(codes.shape[1], level)
    rows.append(codes, scales)
    return rows


def oracle(case: Case) -> Hits:
    dots = (case.codes.astype(np.int64) * case.query.astype(np.int64)).sum(axis=1)
    with np.errstate(all="ignore"):
        scores = dots.astype(np.float32) * (case.scales * np.float32(case.query_scale))
    kept = [
        row
        for row in range(len(scores))
        if not np.isnan(scores[row]) and (case.mask is None or case.mask[row])
    ]
    best = sorted(kept, key=lambda row: (-scores[row], row))[: case.k]
    return np.array(best, dtype=np.int64), scores[best].astype(np.float32)


def assert_same(got: Hits, want: Hits) -> None:
    assert got[0].dtype == np.int64 and got[1].dtype == np.float32
    np.testing.assert_array_equal(got[0], want[0])
    np.testing.assert_array_equal(got[1].view(np.uint32), want[1].view(np.uint32))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    rows = draw(st.integers(0, 40) | st.sampled_from([255, 256, 257, 300]))
    dim = draw(st.integers(1, 520) | st.sampled_from([1, 15, 16, 63, 64, 65, 384, 1025, 2500]))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = draw(st.sampled_from(["all", "extremes", "few", "zero"]))
    pool = {
        "all": np.arange(-128, 128),
        "extremes": np.array([-128, 127]),
        "few": np.array([-1, 0, 1]),  # few distinct dots, so many ties
        "zero": np.array([0]),
    }[values].astype(np.int8)
    codes = random.choice(pool, (rows, dim))
    scales = random.uniform(0.001, 0.1, rows).astype(np.float32)
    if draw(st.booleans()):
        scales[:] = np.float32(0.01)
    if rows and draw(st.booleans()):
        scales[:: draw(st.integers(1, 4))] = np.float32(draw(st.sampled_from(ODD_SCALES)))
    if rows and draw(st.booleans()):  # duplicates, and some rows of zeros
        source = random.integers(0, rows, rows)
        codes, scales = codes[source], scales[source]
        codes[random.random(rows) < 0.2] = 0
    mask = None
    if draw(st.booleans()):
        kept = draw(st.sampled_from([0.0, 0.1, 0.5, 1.0]))
        mask = np.where(random.random(rows) < kept, draw(st.sampled_from([1, 255])), 0)
        mask = mask.astype(np.uint8)
    query = random.choice(pool if draw(st.booleans()) else np.arange(-128, 128), dim)
    query_scale = float(np.float32(draw(st.sampled_from([0.0, 1e-44, 0.01, 1.0]))))
    k = draw(st.integers(0, 12) | st.sampled_from([rows, rows + 5, 10**9]))
    return Case(codes, scales, query.astype(np.int8), query_scale, k, mask)


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_equals_the_oracle(level: str, case: Case) -> None:
    assert_same(found(level, case), oracle(case))


@pytest.mark.parametrize("level", LEVELS)
def test_every_dim_to_520(level: str) -> None:
    random = np.random.default_rng(1)
    for dim in range(1, 521):
        codes = random.integers(-128, 128, (9, dim), dtype=np.int8)
        query = random.integers(-128, 128, dim, dtype=np.int8)
        case = Case(codes, np.full(9, 0.5, dtype=np.float32), query, 0.25, 9, None)
        assert_same(found(level, case), oracle(case))


@pytest.mark.parametrize("level", LEVELS)
def test_widest_row_does_not_overflow(level: str) -> None:
    codes = np.full((5, native.MAX_DIM), -128, dtype=np.int8)
    codes[1::2] = 127
    for code in (-128, 127):
        query = np.full(native.MAX_DIM, code, dtype=np.int8)
        case = Case(codes, np.ones(5, dtype=np.float32), query, 1.0, 5, None)
        assert_same(found(level, case), oracle(case))


@pytest.mark.parametrize("level", LEVELS)
def test_scores_that_tie_come_by_row(level: str) -> None:
    codes = np.ones((600, 33), dtype=np.int8)
    codes[300] = 2
    codes[5] = 0
    scales = np.ones(600, dtype=np.float32)
    mask = np.ones(600, dtype=np.bool_)
    mask[1] = False
    rows, _ = rows_of(level, codes, scales).search(np.ones(33, dtype=np.float32), 5, mask)
    assert rows.tolist() == [300, 0, 2, 3, 4]


@pytest.mark.parametrize("level", LEVELS)
def test_minus_zero_ties_with_zero_and_nan_never_returns(level: str) -> None:
    codes = np.zeros((4, 3), dtype=np.int8)
    scales = np.array([np.nan, -1.0, 1.0, np.inf], dtype=np.float32)
    rows, scores = rows_of(level, codes, scales).search(np.ones(3, dtype=np.float32), 10)
    assert rows.tolist() == [1, 2]
    assert np.signbit(scores).tolist() == [True, False]


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_to_return(level: str) -> None:
    query = np.ones(7, dtype=np.float32)
    empty = np.zeros((0, 7), dtype=np.int8)
    some = np.ones((9, 7), dtype=np.int8)
    scales = np.ones(9, dtype=np.float32)
    none, nine = rows_of(level, empty, scales[:0]), rows_of(level, some, scales)
    for rows, scores in (
        none.search(query, 5),
        none.search(query, 5, np.zeros(0, dtype=np.uint8)),
        nine.search(query, 0),
        nine.search(query, 5, np.zeros(9, dtype=np.uint8)),
    ):
        assert rows.shape == scores.shape == (0,)
        assert rows.dtype == np.int64 and scores.dtype == np.float32


@pytest.mark.parametrize("level", LEVELS)
def test_many_threads_may_ask_at_once(level: str) -> None:
    random = np.random.default_rng(2)
    vectors = random.standard_normal((2000, 96)).astype(np.float32)
    rows = rows_of(level, *native.quantize(vectors))
    want = [rows.search(query, 10) for query in vectors[:40]]
    with ThreadPoolExecutor(4) as pool:
        got = pool.map(lambda query: rows.search(query, 10), vectors[:40])
        for mine, theirs in zip(got, want, strict=True):
            assert_same(mine, theirs)


@pytest.mark.parametrize("level", LEVELS)
def test_recall_against_float32(level: str) -> None:
    random = np.random.default_rng(3)
    vectors = random.standard_normal((5000, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries = random.standard_normal((40, 384)).astype(np.float32)
    tier = rows_of(level, *native.quantize(vectors))
    total = 0
    for query in queries:
        exact = set(np.argsort(-(vectors @ query), kind="stable")[:10].tolist())
        rows, _ = tier.search(query, 10, way="exact")
        total += len(exact & set(rows.tolist()))
    assert total / 400 >= 0.95  # the hardest input there is: no vector is near any query


def run_python(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("forced", ["", *LEVELS])
def test_the_variable_forces_a_level(forced: str) -> None:
    code = "from cairn import native; print(native.level(), *native.levels())"
    done = run_python(code, CAIRN_NATIVE_LEVEL=forced)
    assert done.stdout.split() == [forced or LEVELS[-1], *LEVELS], done.stderr


@pytest.mark.parametrize("forced", ["avx9", "AVX2", "neon,avx2"])
def test_a_level_that_cannot_run_is_an_error(forced: str) -> None:
    done = run_python("import cairn.native", CAIRN_NATIVE_LEVEL=forced)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ValueError: CAIRN_NATIVE_LEVEL=") and repr(forced) in last
    assert ", ".join(LEVELS) in last


HIDE_EXTENSION = "import sys; sys.modules['cairn.native._kernels'] = None\n"


def test_without_the_extension_numpy_serves_and_says_why() -> None:
    code = HIDE_EXTENSION + "from cairn import native; print(native.level(), native.load_error())"
    level, error = run_python(code, CAIRN_NATIVE_LEVEL="").stdout.split(maxsplit=1)
    assert level == "numpy" and "cairn.native._kernels" in error


def test_without_the_extension_a_forced_level_is_an_error() -> None:
    done = run_python(HIDE_EXTENSION + "import cairn.native", CAIRN_NATIVE_LEVEL="scalar")
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ValueError: CAIRN_NATIVE_LEVEL='scalar'") and "did not load" in last
