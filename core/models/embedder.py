"""Texts → unit vectors, through llama.cpp's low-level interface. Runs inside the model worker only.

Each text is a batch of its own: packed together, the last bits of a vector would depend on its
neighbours, and a rebuilt index would rank differently. A text longer than the model's window is
embedded in windows and averaged, so that no tail is dropped. Its parts get vectors from the same
pass: each word is known in its whole text, which embedding a part alone would lose.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

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
        self._batch = self._open_batch()

    def _open_context(self) -> object:
        api = self._api
        parameters = api.llama_context_default_params()
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = _WINDOW
        parameters.embeddings = True
        parameters.pooling_type = api.LLAMA_POOLING_TYPE_NONE
        context = api.llama_init_from_model(self._model, parameters)
        if not context:
            raise Unavailable("the embedder needs more memory than there is", "close some programs")
        return context

    def _open_batch(self) -> Any:
        batch = self._api.llama_batch_init(_WINDOW, 0, 1)
        for position in range(_WINDOW):
            batch.pos[position] = position
            batch.n_seq_id[position] = 1
            batch.seq_id[position][0] = 0
            batch.logits[position] = 1
        return batch

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

    def encode(
        self, texts: Sequence[str], starts: Sequence[Sequence[int]] = ()
    ) -> Iterator[list[Vectors] | None]:
        """Yields None after each text, so that the caller can turn to urgent work; then vectors.

        A text's own is the first; those of its parts follow, if `starts` says where they begin,
        each at the beginning of a line. What stands before the first belongs to every one.
        """
        result = []
        for number, text in enumerate(texts):
            result.append(self._encode(text, starts[number] if starts else ()))
            yield None
        yield result

    def _encode(self, text: str, cuts: Sequence[int]) -> Vectors:
        ends = pairwise((0, *cuts, len(text)))
        pieces = [self.tokenize(text[start:end]) for start, end in ends]
        first, last = pieces[0][0], pieces[0][-1]
        tokens = [token for piece in pieces for token in piece[1:-1]]
        owners = np.repeat(np.arange(len(pieces)), [len(piece) - 2 for piece in pieces])
        whole = np.zeros(self.dimensions)
        sums = np.zeros((len(pieces), self.dimensions))
        room = self.window - 2
        for start in range(0, max(1, len(tokens)), room):
            window = [first, *tokens[start : start + room], last]
            states = self._run(window)
            whole += _unit(states.sum(axis=0, dtype=np.float64)) * len(window)
            if cuts:
                _add(sums, owners[start : start + room], states[1:-1])
        rows = [whole, *(sums[0] + sums[1:])]
        return np.stack([_unit(row) for row in rows]).astype(np.float32)

    def _run(self, tokens: list[int]) -> Vectors:
        """What the model makes of each token, valid until the next call."""
        api, count = self._api, len(tokens)
        self._batch.n_tokens = count
        ctypes.memmove(self._batch.token, (ctypes.c_int32 * count)(*tokens), 4 * count)
        if api.llama_encode(self._context, self._batch) != 0:
            raise Unavailable("the embedder refused a text", "run `cairn doctor`")
        pointer = api.llama_get_embeddings(self._context)
        return np.ctypeslib.as_array(pointer, shape=(count, self.dimensions))


def _add(sums: NDArray[np.float64], owners: NDArray[np.int64], states: Vectors) -> None:
    """Each state to the sum of its owner; owners are in ascending order."""
    if len(owners):
        begins = np.flatnonzero(np.diff(owners, prepend=-1))
        sums[owners[begins]] += np.add.reduceat(states, begins, axis=0, dtype=np.float64)


def _unit(values: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(values))
    return values / (length or 1.0)
