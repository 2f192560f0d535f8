"""A mapped model's experts, as its router chooses them → reads of them ahead of their use.

The way without our own buffers, through llama.cpp's public interface alone: its callback tells
which experts a layer has chosen, and the system is advised to read these pages together, not one
by one as they are touched. What stays in memory is up to the system.
"""

from __future__ import annotations

import ctypes
import mmap
import re
from pathlib import Path
from typing import Any

from cairn.core.models.files.gguf_header import Header

_CHOICE = b"ffn_moe_topk-"
_EXPERTS = re.compile(r"^blk\.(\d+)\.ffn_\w+_exps\.weight$")
_WILL_NEED = 3
_PAGE = mmap.PAGESIZE


class Advice:
    """`callback` is for `cb_eval` of a context's parameters; it lives as long as the context."""

    def __init__(self, api: Any, header: Header) -> None:
        """After the model is loaded, so that its files are mapped."""
        bases = _mapped(header.files)
        self._slices: dict[int, list[tuple[int, int]]] = {}
        self._experts = int(header.own("expert_count") or 0)  # type: ignore[arg-type]
        tensors = header.tensors if len(header.files) == 1 and bases else ()
        for tensor in tensors:
            if (found := _EXPERTS.match(tensor.name)) and self._experts:
                place = (bases[0] + tensor.offset, tensor.size // self._experts)
                self._slices.setdefault(int(found[1]), []).append(place)
        base = _base_library()
        self._name, self._data, self._count = (
            base.ggml_get_name, base.ggml_get_data, base.ggml_nelements
        )  # fmt: skip
        self._name.restype, self._name.argtypes = ctypes.c_char_p, [ctypes.c_void_p]
        self._data.restype, self._data.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
        self._count.restype, self._count.argtypes = ctypes.c_int64, [ctypes.c_void_p]
        self._used = int(header.own("expert_used_count") or 1)  # type: ignore[arg-type]
        self._advise = ctypes.CDLL(None).madvise
        self._advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        self.callback = api.ggml_backend_sched_eval_callback(self._hear)

    def _hear(self, tensor: int, is_asked: bool, _: object) -> bool:
        name = self._name(tensor)
        if not name.startswith(_CHOICE):
            return not is_asked
        if not is_asked:
            self._advise_on(int(name[len(_CHOICE) :]), tensor)
        return True

    def _advise_on(self, layer: int, tensor: int) -> None:
        tokens = self._count(tensor) // self._used
        # A view of all experts in order, of which the first few are those that were chosen.
        size = ((tokens - 1) * self._experts + self._used) * 4
        numbers = memoryview(ctypes.string_at(self._data(tensor), size)).cast("i")
        chosen = {
            numbers[token * self._experts + place]
            for token in range(tokens)
            for place in range(self._used)
        }
        for begin, size in self._slices.get(layer, ()):
            for expert in chosen:
                first = (begin + expert * size) // _PAGE * _PAGE
                self._advise(first, begin + (expert + 1) * size - first, _WILL_NEED)


def _base_library() -> ctypes.CDLL:
    import llama_cpp.llama_cpp

    folder = Path(llama_cpp.llama_cpp.__file__).parent / "lib"
    return ctypes.CDLL(str(next(folder.glob("libggml-base.*"))))


def _mapped(files: tuple[Path, ...]) -> list[int]:
    """Where each file begins in this process's memory; empty where that can't be told."""
    maps = Path("/proc/self/maps")
    if not maps.exists():
        return []
    begins: dict[str, int] = {}
    for line in maps.read_text("utf-8", "replace").splitlines():
        fields = line.split(maxsplit=5)
        if len(fields) == 6:
            begin = int(fields[0].split("-")[0], 16) - int(fields[2], 16)
            begins.setdefault(fields[5], begin)
    found = [begins.get(str(file.resolve()), 0) for file in files]
    return found if all(found) else []
