"""The sieve tried out on the rows themselves: counted right, widened where it must be, and kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cairn import native
from cairn.native import scan
from tests.native.test_rows import (
    COMPILED,
    assert_same,
    like_sentences,
    needs_kernels,
    odd_sentences,
    rows_of,
)


def counted(rows: scan.Rows, held: NDArray[np.float32], samples: int) -> tuple[int, int, int]:
    """Tried, wanted and found, by searches."""
    tried = wanted = found = 0
    for sample in range(samples):
        at = len(held) * sample // samples
        (exact, scores), (got, reached) = (
            rows.search(held[at], 11, way=way) for way in ("exact", "sieve")
        )
        least = scores[exact != at][:10].min(initial=np.inf)
        tried += bool((exact != at).any())
        wanted += min(10, int((exact != at).sum()))
        found += int((reached[got != at][:10] >= least).sum())
    return tried, wanted, found


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.sampled_from([2, 11, 64, 700, 2500]),
    dim=st.sampled_from([64, 384]),
    samples=st.integers(1, 40),
    width=st.sampled_from([0.25, 1.0, 2.0, 4.0]),
    odd=st.sampled_from(["", "ties", "zeros", "long", "nan"]),
)
def test_a_trial_counts_what_searches_find_and_is_the_same_at_every_level(
    seed: int, count: int, dim: int, samples: int, width: float, odd: str
) -> None:
    random = np.random.default_rng(seed)
    vectors, (codes, scales) = odd_sentences(random, count, dim, odd)
    found = set()
    for level in COMPILED:
        rows = scan.Rows(dim, level)
        rows.append(codes, scales)
        trial = rows.try_out(samples, [width])
        assert rows.trial == trial and trial.rows == count
        assert trial.width == (width if trial.found >= 0.99 * trial.wanted else 0)
        if trial.width and odd != "nan":
            assert (trial.tried, trial.wanted, trial.found) == counted(rows, vectors, samples)
        found.add(trial)
    assert len(found) == min(1, len(COMPILED))


@needs_kernels
def test_a_sieve_that_is_too_narrow_is_made_wider_just_enough() -> None:
    rows = rows_of(like_sentences(np.random.default_rng(1), 9000))
    alone = {width: rows.try_out(64, [width]) for width in (0.1, 1.0, 4.0)}
    assert alone[0.1].share < alone[1.0].share < alone[4.0].share
    assert alone[1.0].width == 0 and alone[4.0].width == 4
    assert rows.try_out(64, [0.1, 1.0, 4.0, 9.0]) == alone[4.0]
    assert rows.sieves


@needs_kernels
def test_where_no_width_is_enough_everything_is_looked_at() -> None:
    rows = rows_of(like_sentences(np.random.default_rng(2), 9000))
    trial = rows.try_out(64, [0.1])
    assert trial.share < 0.99 and not rows.sieves and rows.could_sieve
    for query in like_sentences(np.random.default_rng(3), 20):
        assert_same(rows.search(query, 10), rows.search(query, 10, way="exact"))
    assert rows.try_out().width == 4 and rows.sieves


@needs_kernels
def test_what_a_trial_found_is_kept_with_the_rows(tmp_path: Path) -> None:
    rows = rows_of(like_sentences(np.random.default_rng(4), 500))
    rows.try_out(16, [0.5, 6.0])
    rows.save(tmp_path / "rows", "s", b"")
    again, _, _ = scan.opened(tmp_path / "rows", 384, "s")
    assert again is not None and again.trial == rows.trial and again.trial.width == 6


def test_rows_without_a_sieve_have_nothing_to_try() -> None:
    for rows in (scan.Rows(384, "numpy"), scan.Rows(100)):
        rows.append(*native.quantize(like_sentences(np.random.default_rng(5), 50, rows.dim)))
        assert rows.try_out().rows == rows.trial.rows == 0
        assert not rows.sieves and not rows.could_sieve
    empty = scan.Rows(384).try_out()
    assert (empty.rows, empty.tried, empty.share) == (0, 0, 1.0)
