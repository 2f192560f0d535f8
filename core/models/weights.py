"""A GGUF file → a model that llama.cpp has loaded, for the processes that hold one."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

from cairn.core.errors import Unavailable

_kept: list[Any] = []
"""llama.cpp goes on calling what it was given to be quiet with."""


def load(path: Path, setting: str) -> tuple[Any, Any]:
    """llama.cpp's interface, and the model; `setting` names the file for the user."""
    from llama_cpp import llama_cpp as api

    quiet = api.llama_log_callback(lambda level, text, data: None)
    _kept.append(quiet)
    api.llama_log_set(quiet, ctypes.c_void_p(0))
    api.llama_backend_init()
    parameters = api.llama_model_default_params()
    # Extra buffers bring in ggml's AMX kernels, which some compilers build into a crash.
    parameters.use_extra_bufts = False
    model = api.llama_model_load_from_file(str(path).encode(), parameters)
    if not model:
        raise Unavailable(
            f"the model {path} can't be loaded",
            f"name another GGUF file with `cairn config set {setting} FILE`",
        )
    return api, model
