"""Products of low-bit matrices: rows of a GGUF tensor, packed once, times columns of float32.

Called by tests and benchmarks; llama.cpp reaches the same kernels through native/ggml. Every level
and every number of columns gives the same bits. A type is one of ggml's numbers (TYPES).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import cairn.native._kernels as kernels
from cairn import native

TYPES = {
    "q4_0": 2,
    "q8_0": 8,
    "q2_k": 10,
    "q3_k": 11,
    "q4_k": 12,
    "q6_k": 14,
    "tq1_0": 34,
    "tq2_0": 35,
}


@dataclass(frozen=True, slots=True)
class Packed:
    """rows x cols weights in the kernels' layout."""

    kind: int
    rows: int
    cols: int
    bytes: NDArray[np.uint8]


def levels(kind: int) -> list[str]:
    """The levels of this machine that can multiply the type, slowest first."""
    known = [name for name in native.levels() if name != "numpy"]
    return [name for name in known if kernels.lut_supports(name, kind, 1, 256)]


def pack(kind: int, rows: int, cols: int, blocks: NDArray[np.uint8]) -> Packed:
    """Packs the bytes of a GGUF tensor of `rows` rows."""
    packed = aligned(kernels.lut_packed_bytes(kind, rows, cols))
    kernels.lut_pack(kind, rows, cols, blocks.reshape(-1), packed)
    return Packed(kind, rows, cols, packed)


def unpack(weights: Packed, size: int) -> NDArray[np.uint8]:
    """The `size` bytes that were packed."""
    blocks = np.empty(size, dtype=np.uint8)
    kernels.lut_unpack(weights.kind, weights.rows, weights.cols, weights.bytes, blocks)
    return blocks


def quantize(level: str, kind: int, columns: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Each row of `columns` as ggml's 8-bit activations, with what the kernels keep beside them."""
    count, cols = columns.shape
    each = kernels.lut_activation_bytes(kind, cols)
    out = aligned(count * each).reshape(count, each)
    for column, into in zip(columns, out, strict=True):
        kernels.lut_quantize(level, kind, column, into)
    return out


def multiply(
    level: str,
    weights: Packed,
    activations: NDArray[np.uint8],
    begin: int = 0,
    end: int | None = None,
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Rows [begin, end) times every column: shape (columns, rows). Runs without the GIL."""
    shape = (len(activations), weights.rows)
    y = np.zeros(shape, dtype=np.float32) if out is None else out
    stop = weights.rows if end is None else end
    kernels.lut_multiply(
        level, weights.kind, weights.bytes, weights.rows, weights.cols, begin, stop, activations, y
    )
    return y


def run(
    level: str,
    weights: Packed,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    begin: int,
    end: int,
    times: int,
) -> None:
    """Quantizes the columns and multiplies, `times` over without Python between: to be timed."""
    kernels.lut_run(level, weights.kind, weights.bytes, weights.rows, x, y, begin, end, times)


def read(memory: NDArray[np.uint8]) -> None:
    """Reads the memory once: what a product of weights that aren't cached can't be faster than."""
    kernels.lut_read(memory)


def aligned(size: int) -> NDArray[np.uint8]:
    """`size` bytes that begin at a cache line."""
    room = np.zeros(size + 63, dtype=np.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + size]
