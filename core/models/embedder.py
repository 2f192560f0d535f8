"""Texts → unit vectors, through llama.cpp's low-level interface. Runs inside the model worker only.

Each text is a batch of its own: packed together, the last bits of a vector would depend on its
neighbours, and a rebuilt index would rank differently. A text longer than the model's window is
embedded in windows and averaged, so that no tail is dropped.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cairn.core.errors import Unavailable
from cairn.core.models.weights import load

Vectors = NDArray[np.float32]
_WINDOW = 512


class Embedder:
    def __init__(self, path: Path) -> None:
        self._api, self._model = load(path, "models.embedder")
        api = self._api
        self.dimensions = int(api.llama_model_n_embd(self._model))
        self.window = min(int(api.llama_model_n_ctx_train(self._model)), _WINDOW)
        self._vocabulary = api.llama_model_get_vocab(self._model)
        self._context = self._open_context()
        self._batch = api.llama_batch_init(_WINDOW, 0, 1)

    def _open_context(self) -> object:
        api = self._api
        parameters = api.llama_context_default_params()
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = _WINDOW
        parameters.embeddings = True
        parameters.pooling_type = api.LLAMA_POOLING_TYPE_MEAN
        context = api.llama_init_from_model(self._model, parameters)
        if not context:
            raise Unavailable("the embedder needs more memory than there is", "close some programs")
        return context

    def set_threads(self, count: int) -> None:
        self._api.llama_set_n_threads(self._context, count, count)

    def tokenize(self, text: str) -> list[int]:
        # Decomposed: llama.cpp does not take composed Hangul apart as BERT's tokenizer does.
        data = unicodedata.normalize("NFD", text).encode("utf-8", "replace")
        room = len(data) + 8
        tokens = (ctypes.c_int32 * room)()
        count = self._api.llama_tokenize(
            self._vocabulary, data, len(data), tokens, room, True, False
        )
        return list(tokens[: max(count, 0)])

    def encode(self, texts: list[str]) -> Iterator[Vectors | None]:
        """Yields None after each text, so that the caller can turn to urgent work; then vectors."""
        result = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for number, text in enumerate(texts):
            tokens = self.tokenize(text)
            total = sum(self._run(window) * len(window) for window in self._windows(tokens))
            result[number] = total / (np.linalg.norm(total) or 1.0)
            yield None
        yield result

    def _windows(self, tokens: list[int]) -> Iterator[list[int]]:
        if len(tokens) <= self.window:
            yield tokens
            return
        first, last, room = tokens[0], tokens[-1], self.window - 2
        for start in range(1, len(tokens) - 1, room):
            yield [first, *tokens[start : min(start + room, len(tokens) - 1)], last]

    def _run(self, tokens: list[int]) -> NDArray[np.float64]:
        api, batch = self._api, self._batch
        batch.n_tokens = len(tokens)
        for position, token in enumerate(tokens):
            batch.token[position] = token
            batch.pos[position] = position
            batch.n_seq_id[position] = 1
            batch.seq_id[position][0] = 0
            batch.logits[position] = 1
        if api.llama_encode(self._context, batch) != 0:
            raise Unavailable("the embedder refused a text", "run `cairn doctor`")
        pointer = api.llama_get_embeddings_seq(self._context, 0)
        values = np.ctypeslib.as_array(pointer, shape=(self.dimensions,)).astype(np.float64)
        unit: NDArray[np.float64] = values / (np.linalg.norm(values) or 1.0)
        return unit
