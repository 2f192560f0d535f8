"""int8 vectors and their exact top-k: float32 vectors into codes, codes and a query into rows.

Called by the hot tier of core/index; doctor shows level(), levels() and load_error(). Invariant:
every level returns the same rows and score bits; the level only changes how long it takes.
CAIRN_NATIVE_LEVEL, read once at import, forces a level; a value this machine can't run is an error.
"""

from __future__ import annotations

import operator
import os

import numpy as np
from numpy.typing import NDArray

from cairn.native import fallback

__all__ = ["MAX_DIM", "level", "levels", "load_error", "quantize", "top_k", "top_k_at"]

Hits = tuple[NDArray[np.int64], NDArray[np.float32]]

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
    """The level that top_k runs; "numpy" when the extension isn't there or was ruled out."""
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


def top_k(
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    query: NDArray[np.float32],
    k: int,
    mask: NDArray[np.uint8] | NDArray[np.bool_] | None = None,
) -> Hits:
    """The k rows with the highest score, best first, and their scores; fewer if fewer are kept.

    score = dot(codes[row], query codes) * (scales[row] * query scale), with the query quantized
    like a row. Equal scores come by ascending row. A row with mask 0 is skipped; a row whose
    score is NaN (a NaN scale) is never returned. Runs without the GIL: don't write to the arrays
    meanwhile.
    """
    return top_k_at(_ACTIVE, codes, scales, query, k, mask)


def top_k_at(
    level: str,
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    query: NDArray[np.float32],
    k: int,
    mask: NDArray[np.uint8] | NDArray[np.bool_] | None = None,
) -> Hits:
    """top_k at one of levels(): for tests, doctor and benchmarks."""
    if level not in _LEVELS:
        raise ValueError(f"level {level!r} can't run here; valid levels: {', '.join(_LEVELS)}")
    _check_array("codes", codes, np.dtype(np.int8), 2)
    _check_array("scales", scales, np.dtype(np.float32), 1)
    _check_array("query", query, np.dtype(np.float32), 1)
    rows, dim = codes.shape
    if not 1 <= dim <= MAX_DIM:
        raise ValueError(f"codes must have 1 to {MAX_DIM} columns, not {dim}")
    _check_length("scales", scales, rows)
    _check_length("query", query, dim)
    bits = None if mask is None else _mask_bytes(mask, rows)
    count = operator.index(k)
    if count < 0:
        raise ValueError(f"k must not be negative, not {count}")
    if not np.isfinite(query).all():
        raise ValueError("query contains NaN or infinity")
    query_codes, query_scale = quantize(query[None, :])
    args = (codes, scales, query_codes[0], float(query_scale[0]), min(count, rows), bits)
    if level == "numpy":
        return fallback.top_k(*args)
    import cairn.native._kernels as kernels

    return kernels.top_k(level, *args)


def _mask_bytes(mask: NDArray[np.uint8] | NDArray[np.bool_], rows: int) -> NDArray[np.uint8]:
    kind = np.dtype(np.bool_) if getattr(mask, "dtype", None) == np.bool_ else np.dtype(np.uint8)
    _check_array("mask", mask, kind, 1)
    _check_length("mask", mask, rows)
    return mask.view(np.uint8)


def _check_array(name: str, array: object, dtype: np.dtype[np.generic], axes: int) -> None:
    if not isinstance(array, np.ndarray):
        raise ValueError(f"{name} must be a numpy array, not {type(array).__name__}")
    if array.dtype != dtype or array.ndim != axes:
        raise ValueError(
            f"{name} must be {axes}-dimensional {dtype}, not {array.ndim}-dimensional {array.dtype}"
        )
    if not (array.flags.c_contiguous and array.flags.aligned):
        raise ValueError(f"{name} must be C-contiguous and aligned; see numpy.ascontiguousarray")


def _check_length(name: str, array: NDArray[np.generic], length: int) -> None:
    if len(array) != length:
        raise ValueError(f"{name} must have {length} elements to fit codes, not {len(array)}")
