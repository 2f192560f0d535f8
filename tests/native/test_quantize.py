"""quantize, and what Rows say of arguments that can't be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from cairn import native
from cairn.native.scan import Rows

VECTORS = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=20),
    elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
)


@settings(max_examples=200, deadline=None)
@given(vectors=VECTORS)
def test_codes_are_the_nearest_and_stay_in_range(vectors: NDArray[np.float32]) -> None:
    codes, scales = native.quantize(vectors)
    assert codes.dtype == np.int8 and scales.dtype == np.float32
    assert codes.shape == vectors.shape and scales.shape == vectors.shape[:1]
    assert codes.size == 0 or codes.min() >= -127
    normal = scales >= np.finfo(np.float32).tiny
    error = np.abs(codes * scales[:, None].astype(np.float64) - vectors)[normal]
    assert (error <= 0.5001 * scales[normal, None]).all()
    assert (codes[scales == 0] == 0).all()


def test_halves_round_to_even_and_blocks_do_not_show() -> None:
    row = np.array([127.0, 0.5, 1.5, 2.5, -0.5, -1.5, -127.0], dtype=np.float32)
    codes, scales = native.quantize(row[None, :])
    assert codes[0].tolist() == [127, 0, 2, 2, 0, -2, -127] and scales[0] == 1.0
    many = np.random.default_rng(0).standard_normal((3000, 700)).astype(np.float32)
    codes, scales = native.quantize(many)
    for part in (slice(0, 1), slice(1400, 1600), slice(2999, 3000)):
        alone_codes, alone_scales = native.quantize(many[part])
        np.testing.assert_array_equal(codes[part], alone_codes)
        np.testing.assert_array_equal(scales[part], alone_scales)


def test_zero_and_vanishing_rows_get_scale_zero() -> None:
    vectors = np.array([[0, 0], [1e-45, 0], [1e-38, -1e-38]], dtype=np.float32)
    codes, scales = native.quantize(vectors)
    assert scales[:2].tolist() == [0, 0] and scales[2] > 0
    assert codes.tolist() == [[0, 0], [0, 0], [127, -127]]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_quantize_names_the_row_that_is_not_finite(bad: float) -> None:
    vectors = np.ones((4, 3), dtype=np.float32)
    vectors[2, 1] = bad
    with pytest.raises(ValueError, match=r"vectors\[2\]"):
        native.quantize(vectors)


CODES = np.ones((4, 6), dtype=np.int8)
SCALES = np.ones(4, dtype=np.float32)
QUERY = np.ones(6, dtype=np.float32)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"codes": CODES.astype(np.uint8)}, "codes must be int8"),
        ({"codes": CODES[0]}, "one row of 6 for each scale"),
        ({"codes": np.ones((4, 5), dtype=np.int8)}, "one row of 6 for each scale"),
        ({"dim": 0}, "1 to 65536 dimensions"),
        ({"dim": 65537}, "1 to 65536 dimensions"),
        ({"scales": SCALES.astype(np.float64)}, "scales float32"),
        ({"scales": SCALES[:3]}, "for each scale"),
        ({"query": QUERY[:5]}, "query must be 6 numbers"),
        ({"query": QUERY.astype(">f4")}, "query must be 6 numbers of float32"),
        ({"mask": np.ones(4, dtype=np.int64)}, "mask must have 4 elements"),
        ({"mask": np.ones(5, dtype=np.uint8)}, "mask must have 4 elements"),
        ({"k": -1}, "k must not be negative"),
        ({"level": "avx9"}, "valid levels: numpy"),
    ],
)
@pytest.mark.parametrize("level", native.levels())
def test_bad_arguments_are_named(level: str, change: dict[str, Any], message: str) -> None:
    given = {"level": level, "dim": 6, "codes": CODES, "scales": SCALES, "query": QUERY} | change
    with pytest.raises(ValueError, match=message):
        rows = Rows(given["dim"], given["level"])
        rows.append(given["codes"], given["scales"])
        rows.search(given["query"], given.get("k", 2), given.get("mask"))


@pytest.mark.parametrize("level", native.levels())
def test_arrays_may_lie_anyhow(level: str) -> None:
    strided, odd = np.ones((4, 12), dtype=np.int8)[:, ::2], np.frombuffer(b"\0" * 17, np.uint8)
    rows = Rows(6, level)
    rows.append(strided, odd[1:].view(np.float32))
    rows.append(CODES, SCALES)
    found, scores = rows.search(QUERY, 3, np.ones(16, dtype=np.bool_)[::2])
    assert found.tolist() == [4, 5, 6] and scores[0] == pytest.approx(6)
