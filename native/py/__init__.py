"""int8 vectors: float32 vectors into codes, and the level at which kernels work on them.

Called by the hot tier of core/index; doctor shows level(), levels() and load_error(). Invariant:
every level returns the same rows and score bits; the level only changes how long it takes.
CAIRN_NATIVE_LEVEL, read once at import, forces a level; a value this machine can't run is an error.
"""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_DIM", "Hits", "level", "levels", "load_error", "quantize"]

Hits = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Rows and their scores, the best first."""

MAX_DIM = 65536  # int32 sums are exact up to here; see scan/scan.h
_LEVEL_VARIABLE = "CAIRN_NATIVE_LEVEL"
_QUANTIZE_BYTES = 1 << 22  # vectors that quantize takes at a time, to bound its memory


def _load() -> tuple[tuple[str, ...], str]:
    try:
        import cairn.native._kernels as kernels
    except ImportError as error:
        return ("numpy",), str(error) or repr(error)
    return ("numpy", *kernels.levels()), ""


def _choose(forced: str, available: tuple[str, ...], load_error: str) -> str:
    if not forced:
        return available[-1]
    if forced in available:
        return forced
    why = f" (the compiled kernels did not load: {load_error})" if load_error else ""
    raise ValueError(
        f"{_LEVEL_VARIABLE}={forced!r} is not a level this machine can run{why}; "
        f"valid values: {', '.join(available)}"
    )


_LEVELS, _LOAD_ERROR = _load()
_ACTIVE = _choose(os.environ.get(_LEVEL_VARIABLE, ""), _LEVELS, _LOAD_ERROR)


def level() -> str:
    """The level that searches run at; "numpy" when the extension isn't there or was ruled out."""
    return _ACTIVE


def levels() -> tuple[str, ...]:
    """Every level this machine can run, the plainest first: "numpy", "scalar", …"""
    return _LEVELS


def load_error() -> str:
    """Why the compiled extension didn't load; empty when it did."""
    return _LOAD_ERROR


def quantize(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Codes in [-127, 127] and one scale per row, so that vectors ≈ codes * scales[:, None].

    The scale is max|x| / 127 and codes round half to even. A row too small for a non-zero
    float32 scale, like a zero row, gets scale 0 and codes 0. NaN and infinity are errors.
    """
    _check_array("vectors", vectors, np.dtype(np.float32), 2)
    rows, dim = vectors.shape
    codes = np.zeros((rows, dim), dtype=np.int8)
    scales = np.zeros(rows, dtype=np.float32)
    step = max(1, _QUANTIZE_BYTES // (4 * max(1, dim)))
    for start in range(0, rows if dim else 0, step):
        block = vectors[start : start + step]
        peaks = np.abs(block).max(axis=1)
        if not np.isfinite(peaks).all():
            row = start + int(np.flatnonzero(~np.isfinite(peaks))[0])
            raise ValueError(f"vectors[{row}] contains NaN or infinity")
        scale = peaks / np.float32(127)
        divisor = np.where(scale > 0, scale, np.float32(np.inf))[:, None]
        # A denormal scale is rounded so coarsely that x / scale can pass 127.
        codes[start : start + step] = np.clip(np.rint(block / divisor), -127, 127)
        scales[start : start + step] = scale
    return codes, scales


def _check_array(name: str, array: object, dtype: np.dtype[np.generic], axes: int) -> None:
    if not isinstance(array, np.ndarray):
        raise ValueError(f"{name} must be a numpy array, not {type(array).__name__}")
    if array.dtype != dtype or array.ndim != axes:
        raise ValueError(
            f"{name} must be {axes}-dimensional {dtype}, not {array.ndim}-dimensional {array.dtype}"
        )
    if not (array.flags.c_contiguous and array.flags.aligned):
        raise ValueError(f"{name} must be C-contiguous and aligned; see numpy.ascontiguousarray")
