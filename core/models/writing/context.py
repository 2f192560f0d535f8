"""A loaded model and its plan → llama.cpp's working memory for it; in a model's process only."""

from __future__ import annotations

from typing import Any

from cairn.core.errors import Unavailable
from cairn.core.models.plan import Plan


def open_context(api: Any, model: Any, chosen: Plan, hear: Any = None) -> Any:
    """`hear` is told of what is computed, as llama.cpp calls back."""
    parameters = api.llama_context_default_params()
    parameters.n_ctx = chosen.window
    parameters.n_batch = parameters.n_ubatch = min(chosen.batch, chosen.window)
    parameters.n_threads = parameters.n_threads_batch = chosen.threads
    if chosen.cache == "q8_0":
        parameters.type_k = parameters.type_v = api.GGML_TYPE_Q8_0
        parameters.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_ENABLED  # packed values need it
    if hear is not None:
        parameters.cb_eval = hear
    context = api.llama_init_from_model(model, parameters)
    if not context:
        raise Unavailable("the model needs more memory than there is", "close some programs")
    return context
