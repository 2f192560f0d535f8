"""Products of low-bit matrices at every level, against float64, against ggml and each other.

Weights are quantized by ggml or are arbitrary bytes; the reference dequantization is gguf's. The
scalar level multiplies blocks of the file and shares nothing with the others but the order of the
float steps, so equal bits say that every layout, mask and sum of the others is right.
"""

from __future__ import annotations

import gguf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cairn.native import lut
from tests.bench import kernels_ggml as ggml

TYPES = [name for name, kind in lut.TYPES.items() if lut.levels(kind)]
BLOCK = {"q4_0": 32, "q8_0": 32}
# Offsets of the float16 scales in a block of the file.
SCALES = {
    "q4_0": (0,),
    "q8_0": (0,),
    "q2_k": (80, 82),
    "q3_k": (108,),
    "q4_k": (0, 2),
    "q6_k": (208,),
    "tq1_0": (52,),
    "tq2_0": (64,),
}
ODD_HALVES = (0x0000, 0x8000, 0x0001, 0x83FF, 0x7BFF, 0xFBFF, 0x7C00, 0x7E00, 0x3C00)


def block_of(name: str) -> int:
    return BLOCK.get(name, 256)


def file_bytes(name: str, rows: int, cols: int) -> int:
    base, _ = ggml.libraries()
    return rows * int(base.ggml_row_size(lut.TYPES[name], cols))


def arbitrary_blocks(
    random: np.random.Generator, name: str, rows: int, cols: int, odd: bool
) -> NDArray[np.uint8]:
    """Bytes that no quantizer need have written, with ordinary or odd scales."""
    blocks = random.integers(0, 256, file_bytes(name, rows, cols), dtype=np.uint8)
    each = file_bytes(name, 1, block_of(name))
    table = blocks.reshape(-1, each)
    for offset in SCALES[name]:
        halves = random.standard_normal(len(table)).astype(np.float16).view(np.uint16)
        if odd:
            halves = random.choice(np.array(ODD_HALVES, dtype=np.uint16), len(table))
        table[:, offset : offset + 2] = halves.view(np.uint8).reshape(-1, 2)
    return blocks


def dequantized(name: str, blocks: NDArray[np.uint8], rows: int) -> NDArray[np.float64]:
    kind = gguf.GGMLQuantizationType(lut.TYPES[name])
    with np.errstate(all="ignore"):
        return gguf.quants.dequantize(blocks.reshape(rows, -1), kind).astype(np.float64)


def product(level: str, name: str, blocks: NDArray[np.uint8], x: NDArray[np.float32], rows: int):
    kind = lut.TYPES[name]
    packed = lut.pack(kind, rows, x.shape[1], blocks)
    return lut.multiply(level, packed, lut.quantize(level, kind, x))


def levels(name: str) -> list[str]:
    return lut.levels(lut.TYPES[name])


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize(("rows", "cols"), [(1, 256), (16, 512), (37, 768), (23, 1280)])
def test_packed_blocks_come_back(name: str, rows: int, cols: int) -> None:
    blocks = arbitrary_blocks(np.random.default_rng(rows), name, rows, cols, odd=True)
    packed = lut.pack(lut.TYPES[name], rows, cols, blocks)
    assert np.array_equal(lut.unpack(packed, len(blocks)), blocks)


@pytest.mark.parametrize("name", TYPES)
def test_packed_weights_take_the_room_of_the_file(name: str) -> None:
    blocks = arbitrary_blocks(np.random.default_rng(0), name, 64, 2048, odd=False)
    packed = lut.pack(lut.TYPES[name], 64, 2048, blocks)
    assert packed.bytes.nbytes <= 1.03 * len(blocks)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize(("rows", "cols"), [(16, 512), (37, 1280)])
def test_the_error_is_no_worse_than_ggmls(name: str, rows: int, cols: int) -> None:
    random = np.random.default_rng(cols)
    weights = random.standard_normal((rows, cols)).astype(np.float32)
    blocks = ggml.quantized(lut.TYPES[name], weights)
    x = random.standard_normal((3, cols)).astype(np.float32)
    exact = x.astype(np.float64) @ dequantized(name, blocks, rows).T
    theirs = np.array([ggml.dots(lut.TYPES[name], blocks, rows, column) for column in x])
    for level in levels(name):
        ours = product(level, name, blocks, x, rows)
        assert np.linalg.norm(ours - exact) <= 1.0001 * np.linalg.norm(theirs - exact)
        assert np.abs(ours - theirs).max() <= 1e-6 * np.abs(exact).max()
        assert np.linalg.norm(ours - exact) <= 0.02 * np.linalg.norm(exact)


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(TYPES),
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(1, 40),
    blocks_across=st.integers(1, 5),
    count=st.integers(1, 11),
    odd=st.booleans(),
    extreme=st.booleans(),
)
def test_every_level_gives_the_same_bits(
    name: str, seed: int, rows: int, blocks_across: int, count: int, odd: bool, extreme: bool
) -> None:
    random = np.random.default_rng(seed)
    cols = blocks_across * block_of(name)
    blocks = arbitrary_blocks(random, name, rows, cols, odd)
    x = random.standard_normal((count, cols)).astype(np.float32)
    if extreme:
        x = np.sign(x) * np.float32(3e38 if seed % 2 else 1e-41)
    first, *others = (product(level, name, blocks, x, rows) for level in levels(name))
    for other in others:
        assert np.array_equal(other, first, equal_nan=True)
        assert np.array_equal(np.signbit(other[other == 0]), np.signbit(first[first == 0]))


@pytest.mark.parametrize("name", TYPES)
def test_the_largest_weights_and_codes_do_not_overflow(name: str) -> None:
    rows, cols = 17, 1024
    blocks = np.full(file_bytes(name, rows, cols), 255, dtype=np.uint8)
    table = blocks.reshape(-1, file_bytes(name, 1, block_of(name)))
    for offset in SCALES[name]:
        table[:, offset : offset + 2] = (0x00, 0x3C)
    for sign in (1, -1):
        x = np.full((9, cols), sign, dtype=np.float32)
        exact = x.astype(np.float64) @ dequantized(name, blocks, rows).T
        for level in levels(name):
            ours = product(level, name, blocks, x, rows)
            np.testing.assert_allclose(ours, exact, rtol=2e-3)


@pytest.mark.parametrize("name", TYPES)
def test_columns_and_ranges_of_rows_change_no_bit(name: str) -> None:
    random = np.random.default_rng(5)
    rows, cols, count = 75, 512, 19
    blocks = arbitrary_blocks(random, name, rows, cols, odd=False)
    x = random.standard_normal((count, cols)).astype(np.float32)
    kind = lut.TYPES[name]
    packed = lut.pack(kind, rows, cols, blocks)
    for level in levels(name):
        columns = lut.quantize(level, kind, x)
        whole = lut.multiply(level, packed, columns)
        alone = [lut.multiply(level, packed, columns[i : i + 1])[0] for i in range(count)]
        assert np.array_equal(whole, np.array(alone))
        parts = np.full_like(whole, np.nan)
        for begin, end in ((32, 64), (0, 32), (64, rows)):
            lut.multiply(level, packed, columns, begin, end, out=parts)
        assert np.array_equal(whole, parts)


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(("q4_0", "q6_k")),
    seed=st.integers(0, 2**32 - 1),
    exponent=st.integers(-45, 38),
    odd=st.booleans(),
)
def test_activations_are_ggmls(name: str, seed: int, exponent: int, odd: bool) -> None:
    random = np.random.default_rng(seed)
    cols = 512
    with np.errstate(all="ignore"):
        x = (random.standard_normal(cols) * 10.0**exponent).astype(np.float32)
    if odd:  # NaN and infinity too go the way that they go there
        values = np.array([0, np.nan, np.inf, -np.inf, 1e-45, 3e38], dtype=np.float32)
        x[random.integers(0, cols, 9)] = random.choice(values, 9)
    theirs = ggml.activations(lut.TYPES[name], x)
    for level in levels(name):
        ours = lut.quantize(level, lut.TYPES[name], x[None])[0]
        if name == "q4_0":
            table = theirs.reshape(-1, 34)
            codes, scales = table[:, 2:], np.ascontiguousarray(table[:, :2]).view(np.float16)
            mine = ours[cols : cols + cols // 8].view(np.float32)
        else:
            table = theirs.reshape(-1, 292)
            codes, scales = table[:, 4:260], np.ascontiguousarray(table[:, :4]).view(np.float32)
            sides = ours[cols : cols + 40 * (cols // 256)].reshape(-1, 40)
            mine = np.ascontiguousarray(sides[:, :4]).view(np.float32).reshape(-1)
        assert np.array_equal(ours[:cols], codes.reshape(-1))
        assert np.array_equal(mine, scales.reshape(-1).astype(np.float32), equal_nan=True)


def test_sizes_that_do_not_fit_are_refused() -> None:
    packed = lut.pack(2, 16, 64, np.zeros(16 * 36, dtype=np.uint8))
    columns = lut.quantize("scalar", 2, np.zeros((1, 64), dtype=np.float32))
    with pytest.raises(ValueError):
        lut.pack(2, 16, 48, np.zeros(16 * 36, dtype=np.uint8))
    with pytest.raises(ValueError):
        lut.pack(2, 16, 64, np.zeros(16 * 36 - 1, dtype=np.uint8))
    with pytest.raises(ValueError):
        lut.multiply("scalar", packed, columns[:, :64].copy())
    with pytest.raises(ValueError):
        lut.multiply("scalar", packed, columns, begin=8)
