"""ggml's own products in this process: one MUL_MAT on its CPU backend, stock or repacked.

The rival of kernels_lut, and of the tests of cairn.native.lut; libraries are those that
llama-cpp-python installed. Weights come as the bytes of a GGUF tensor.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
from ctypes import POINTER, c_bool, c_char_p, c_int, c_int64, c_size_t, c_void_p
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cairn.native import ggml

_F32 = 0


class _Init(ctypes.Structure):
    _fields_ = (("size", c_size_t), ("memory", c_void_p), ("no_alloc", c_bool))


class _Traits(ctypes.Structure):
    _fields_ = (
        ("from_float", c_void_p),
        ("vec_dot", c_void_p),
        ("activations", c_int),
        ("rows", c_int64),
    )


_FromFloat = ctypes.CFUNCTYPE(None, c_void_p, c_void_p, c_int64)
_VecDot = ctypes.CFUNCTYPE(
    None, c_int, c_void_p, c_size_t, c_void_p, c_size_t, c_void_p, c_size_t, c_int
)


def _declare(library: ctypes.CDLL, name: str, result: Any, *arguments: Any) -> None:
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments


@functools.cache
def libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    """libggml-base and libggml-cpu, with the functions used here declared."""
    found = importlib.util.find_spec("llama_cpp")
    assert found is not None and found.origin is not None
    folder = Path(found.origin).parent / "lib"
    base = ctypes.CDLL(str(folder / "libggml-base.so.0"), mode=ctypes.RTLD_GLOBAL)
    cpu = ctypes.CDLL(str(folder / "libggml-cpu.so.0"))
    _declare(base, "ggml_row_size", c_size_t, c_int, c_int64)
    _declare(
        base, "ggml_quantize_chunk", c_size_t, c_int, c_void_p, c_void_p, *[c_int64] * 3, c_void_p
    )
    _declare(base, "ggml_init", c_void_p, _Init)
    _declare(base, "ggml_free", None, c_void_p)
    _declare(base, "ggml_new_tensor_2d", c_void_p, c_void_p, c_int, c_int64, c_int64)
    _declare(base, "ggml_mul_mat", c_void_p, c_void_p, c_void_p, c_void_p)
    _declare(base, "ggml_new_graph", c_void_p, c_void_p)
    _declare(base, "ggml_build_forward_expand", None, c_void_p, c_void_p)
    _declare(base, "ggml_backend_alloc_ctx_tensors_from_buft", c_void_p, c_void_p, c_void_p)
    _declare(base, "ggml_backend_cpu_buffer_type", c_void_p)
    _declare(base, "ggml_backend_buft_name", c_char_p, c_void_p)
    _declare(base, "ggml_backend_buffer_free", None, c_void_p)
    _declare(base, "ggml_backend_tensor_set", None, c_void_p, c_void_p, c_size_t, c_size_t)
    _declare(base, "ggml_backend_tensor_get", None, c_void_p, c_void_p, c_size_t, c_size_t)
    _declare(base, "ggml_backend_graph_compute", c_int, c_void_p, c_void_p)
    _declare(base, "ggml_backend_reg_get_proc_address", c_void_p, c_void_p, c_char_p)
    _declare(base, "ggml_backend_reg_dev_get", c_void_p, c_void_p, c_size_t)
    _declare(cpu, "ggml_backend_cpu_reg", c_void_p)
    _declare(cpu, "ggml_backend_cpu_init", c_void_p)
    _declare(cpu, "ggml_backend_cpu_set_n_threads", None, c_void_p, c_int)
    _declare(cpu, "ggml_get_type_traits_cpu", POINTER(_Traits), c_int)
    cpu.ggml_cpu_init()
    return base, cpu


def quantized(kind: int, weights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """ggml's quantization of a matrix: the bytes of a GGUF tensor."""
    base, _ = libraries()
    rows, cols = weights.shape
    out = np.empty(rows * base.ggml_row_size(kind, cols), dtype=np.uint8)
    base.ggml_quantize_chunk(kind, weights.ctypes.data, out.ctypes.data, 0, rows, cols, None)
    return out


def activations(kind: int, column: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A column as the CPU backend quantizes it for weights of the type."""
    base, cpu = libraries()
    inner = cpu.ggml_get_type_traits_cpu(kind).contents.activations
    out = np.zeros(base.ggml_row_size(inner, len(column)), dtype=np.uint8)
    convert = _FromFloat(cpu.ggml_get_type_traits_cpu(inner).contents.from_float)
    convert(column.ctypes.data, out.ctypes.data, len(column))
    return out


def dots(
    kind: int, blocks: NDArray[np.uint8], rows: int, column: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Every row times the column by ggml's vec_dot."""
    _, cpu = libraries()
    quantized_column = activations(kind, column)
    dot = _VecDot(cpu.ggml_get_type_traits_cpu(kind).contents.vec_dot)
    y = np.zeros(rows, dtype=np.float32)
    each = len(blocks) // rows
    for row in range(rows):
        at = blocks.ctypes.data + row * each
        dot(len(column), y.ctypes.data + 4 * row, 0, at, 0, quantized_column.ctypes.data, 0, 1)
    return y


def _repack_buffer_type() -> int | None:
    refusal = ggml.attach(())  # the list is made once, so what is attached later would not be in it
    assert not refusal, refusal
    base, cpu = libraries()
    registered = cpu.ggml_backend_cpu_reg()
    found = base.ggml_backend_reg_get_proc_address(registered, b"ggml_backend_dev_get_extra_bufts")
    listing = ctypes.CFUNCTYPE(POINTER(c_void_p), c_void_p)(found)
    types = listing(base.ggml_backend_reg_dev_get(registered, 0))
    i = 0
    while types[i]:
        if base.ggml_backend_buft_name(types[i]) == b"CPU_REPACK":
            return int(types[i])
        i += 1
    return None


class Product:
    """Weights (rows x cols) times `count` columns as a graph of one node."""

    def __init__(
        self,
        kind: int,
        blocks: NDArray[np.uint8],
        rows: int,
        columns: NDArray[np.float32],
        repack: bool,
        threads: int,
    ) -> None:
        base, cpu = libraries()
        count, cols = columns.shape
        self._y_bytes = 4 * rows * count
        self._contexts = [base.ggml_init(_Init(1 << 20, None, True)) for _ in range(2)]
        held, flow = self._contexts
        weights = base.ggml_new_tensor_2d(held, kind, cols, rows)
        x = base.ggml_new_tensor_2d(flow, _F32, cols, count)
        self._y = base.ggml_mul_mat(flow, weights, x)
        self._graph = base.ggml_new_graph(flow)
        base.ggml_build_forward_expand(self._graph, self._y)
        plain = base.ggml_backend_cpu_buffer_type()
        types = [_repack_buffer_type() if repack else plain, plain]
        self._buffers = [
            base.ggml_backend_alloc_ctx_tensors_from_buft(context, buffer_type)
            for context, buffer_type in zip(self._contexts, types, strict=True)
        ]
        base.ggml_backend_tensor_set(weights, blocks.ctypes.data, 0, blocks.nbytes)
        base.ggml_backend_tensor_set(x, columns.ctypes.data, 0, columns.nbytes)
        self._backend = cpu.ggml_backend_cpu_init()
        cpu.ggml_backend_cpu_set_n_threads(self._backend, threads)

    def run(self) -> None:
        status = libraries()[0].ggml_backend_graph_compute(self._backend, self._graph)
        assert status == 0, status

    def result(self, rows: int) -> NDArray[np.float32]:
        y = np.empty(self._y_bytes // 4, dtype=np.float32)
        libraries()[0].ggml_backend_tensor_get(self._y, y.ctypes.data, 0, self._y_bytes)
        return y.reshape(-1, rows)

    def free(self) -> None:
        base, _ = libraries()
        base.ggml_backend_free(c_void_p(self._backend))
        for buffer in self._buffers:
            base.ggml_backend_buffer_free(buffer)
        for context in self._contexts:
            base.ggml_free(context)
