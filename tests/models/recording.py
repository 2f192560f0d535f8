"""What a model of experts, or of neurons that rest, takes of its weights: word by word, as it runs.

Through llama.cpp's public callback between the steps of its graph. Used by the tests of made models
and by the benchmark that compares what caches would have kept.
"""

from __future__ import annotations

import ctypes
import re
from collections import defaultdict
from ctypes import POINTER, c_int, c_int64, c_size_t, c_void_p
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cairn.core.models.weights import load
from tests.bench.kernels_ggml import libraries

Taken = NDArray[np.int32]
_EXPERTS, _NEURONS = re.compile(r"ffn_moe_topk-(\d+)"), re.compile(r"ffn_relu-(\d+)")


class _Tensor(ctypes.Structure):
    """How ggml's tensors begin."""

    _fields_ = (
        ("type", c_int), ("buffer", c_void_p), ("counts", c_int64 * 4), ("strides", c_size_t * 4),
    )  # fmt: skip


class Recording:
    def __init__(self, path: Path, *, neurons: bool = False, threads: int = 2) -> None:
        """Of experts, or of the `neurons` that are not 0."""
        base, _ = libraries()
        base.ggml_get_name.restype, base.ggml_get_name.argtypes = ctypes.c_char_p, (c_void_p,)
        base.ggml_get_data.restype, base.ggml_get_data.argtypes = c_void_p, (c_void_p,)
        self._base, self._wanted = base, _NEURONS if neurons else _EXPERTS
        self._neurons = neurons
        self._layers: defaultdict[int, list[NDArray[Any]]] = defaultdict(list)
        self._api, self._model = load(path, "models.generator")
        api = self._api
        parameters = api.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = 2048, 512, 512
        parameters.n_threads = parameters.n_threads_batch = threads
        self._heard = api.ggml_backend_sched_eval_callback(self._hear)
        parameters.cb_eval = self._heard
        self._context = api.llama_init_from_model(self._model, parameters)
        assert self._context
        self._words = int(api.llama_vocab_n_tokens(api.llama_model_get_vocab(self._model)))

    def write(self, prompt: list[int], count: int) -> list[int]:
        """The likeliest words after a prompt, one by one."""
        told, written = prompt, []
        for _ in range(count):
            self._read(told)
            scores = self._api.llama_get_logits_ith(self._context, -1)
            told = [int(np.ctypeslib.as_array(scores, shape=(self._words,)).argmax())]
            written += told
        return written

    def _read(self, tokens: list[int]) -> None:
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        batch = self._api.llama_batch_get_one(array, len(tokens))
        assert self._api.llama_decode(self._context, batch) == 0

    def taken(self) -> list[list[Taken]]:
        """For each word, the numbers of what each layer took; the first is a prompt's last."""
        layers = [self._layers[layer] for layer in sorted(self._layers)]
        count = min(map(len, layers))  # the last layer does without what needs no answer
        return [[each[word - count] for each in layers] for word in range(count)]

    def _hear(self, tensor: int, asks: bool, _: object) -> bool:
        named = self._wanted.fullmatch(self._base.ggml_get_name(tensor).decode())
        if asks or named is None:
            return named is not None
        head = ctypes.cast(tensor, POINTER(_Tensor)).contents
        inner, rows, stride = head.counts[0], head.counts[1], head.strides[1]
        data = (ctypes.c_uint8 * (stride * (rows - 1) + 4 * inner)).from_address(
            self._base.ggml_get_data(tensor)
        )
        kind = np.float32 if self._neurons else np.int32
        for row in range(rows):
            values = np.frombuffer(data, kind, inner, row * stride)
            found = np.flatnonzero(values).astype(np.int32) if self._neurons else values.copy()
            self._layers[int(named[1])].append(found)
        return True

    def close(self) -> None:
        self._api.llama_free(self._context)
        self._api.llama_model_free(self._model)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


def reused(words: list[list[Taken]]) -> float:
    """Share of what a word takes that the one before it took as well."""
    shares = [
        np.isin(now, before).mean()
        for one, other in pairwise(words)
        for before, now in zip(one, other, strict=True)
    ]
    return float(np.mean(shares))
