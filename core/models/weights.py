"""A GGUF file → a model that llama.cpp has loaded, for the processes that hold one."""

from __future__ import annotations

import ctypes
from collections.abc import Collection
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from cairn.core.errors import Unavailable
from cairn.native import flash, ggml

_kept: list[Any] = []
"""llama.cpp goes on calling what it was given to be quiet with."""
_ERROR = 4
_MOST_REASON, _MOST_LINES = 160, 20
_NEXT = {
    "models.generator": "`cairn model recommend` says which fits here, `cairn model use NAME` "
    "takes one",
    "models.embedder": "install cairn again; if you named this file yourself, "
    "`cairn config set models.embedder ''` goes back to the one that comes with cairn",
}


def load(
    path: Path,
    setting: str,
    *,
    thorough: bool = False,
    vocabulary_only: bool = False,
    kernels: Collection[str] | None = None,
    store: flash.Store | None = None,
) -> tuple[Any, Any]:
    """llama.cpp's interface, and the model; `setting` names the file for the user.

    `thorough` looks at every weight, which reads the whole file. `kernels` are the types of weights
    that ours multiply; where they are not None, llama.cpp repacks what it can of the others.
    Weights of a `store` are read as they are needed, and multiplied by llama.cpp's own kernels.
    """
    from llama_cpp import llama_cpp as api

    said: list[str] = []

    def listen(level: int, text: bytes, data: object) -> None:
        if level == _ERROR and len(said) < _MOST_LINES:
            said.append(text.decode("utf-8", "replace"))

    listener = api.llama_log_callback(listen)
    _kept.append(listener)
    api.llama_log_set(listener, ctypes.c_void_p(0))
    api.llama_backend_init()
    parameters = api.llama_model_default_params()
    # Extra buffers bring in ggml's AMX kernels, which some compilers build into a crash; what
    # attaches ours takes those out.
    if store is not None:
        overrides = store.overrides
        parameters.tensor_buft_overrides = ctypes.cast(overrides, ctypes.c_void_p)
        parameters.use_extra_bufts = False
        parameters.load_mode = api.LLAMA_LOAD_MODE_MMAP
    else:
        parameters.use_extra_bufts = kernels is not None and not ggml.attach(kernels)
    if parameters.use_extra_bufts:
        parameters.load_mode = api.LLAMA_LOAD_MODE_NONE  # mapped weights would be there twice
    parameters.check_tensors = thorough
    parameters.vocab_only = vocabulary_only
    with flash.loading(store) if store else nullcontext():
        model = api.llama_model_load_from_file(str(path).encode(), parameters)
    if model and store and (trouble := store.wait()):
        api.llama_model_free(model)
        said, model = [trouble], None
    if not model:
        raise Unavailable(
            f"the model {path} can't be loaded{_reason(said)}",
            _NEXT.get(setting, "install cairn again"),
        )
    return api, model


def _reason(said: list[str]) -> str:
    """llama.cpp's own words for it; the first are the closest to the cause."""
    for line in said:
        words = line.strip().rpartition("error loading model: ")[2]
        if "unknown model architecture" in words:
            kind = words.rpartition(": ")[2].strip("'")
            return f": its kind ({kind[:_MOST_REASON]}) is not known to this llama.cpp"
        if words:
            return f": {words[:_MOST_REASON]}"
    return ""
