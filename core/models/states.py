"""A BERT model's file → the states that it gives to tokens, for the embedder and the reader.

Our own encoder runs what it knows: BERT in Q8_0 on a CPU that it is made for. llama.cpp runs
everything else. Either way the vocabulary is llama.cpp's, which then loads no weights.
"""

from __future__ import annotations

import ctypes
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cairn.core.errors import CairnError, Unavailable
from cairn.core.models.files.gguf_header import Header, read_header
from cairn.core.models.weights import load
from cairn.native import encode

Vectors = NDArray[np.float32]
_LAYER = (
    "attn_q", "attn_k", "attn_v", "attn_output", "attn_output_norm", "ffn_up", "ffn_down",
    "layer_output_norm",
)  # fmt: skip
_WHOLE = ("token_embd.weight", "position_embd.weight", "token_types.weight")


class States(ABC):
    width: int
    window: int
    """Tokens that a sequence may have."""
    at_once: int
    """Tokens that are worth encoding together, with one thread."""
    made_by: str
    """What runs the model, for the user."""

    @abstractmethod
    def of(self, sequences: Sequence[Sequence[int]]) -> list[Vectors]:
        """Tokens × width of each."""

    @abstractmethod
    def set_threads(self, count: int) -> None: ...

    def close(self) -> None:
        """Before the model that they are of is given back."""
        return


class _Stock(States):
    """llama.cpp's; a batch for each sequence: together, last bits would depend on neighbours."""

    at_once = 1

    def __init__(self, api: Any, model: Any, window: int, what: str, why: str) -> None:
        self._api, self._what = api, what
        self.made_by = f"llama.cpp ({why})"
        self.width = int(api.llama_model_n_embd(model))
        self.window = min(int(api.llama_model_n_ctx_train(model)), window)
        parameters = api.llama_context_default_params()
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = window
        parameters.embeddings = True
        parameters.pooling_type = api.LLAMA_POOLING_TYPE_NONE
        self._context = api.llama_init_from_model(model, parameters)
        if not self._context:
            raise Unavailable(f"the {what} needs more memory than there is", "close some programs")
        self._batch = api.llama_batch_init(window, 0, 1)
        for position in range(window):
            self._batch.pos[position] = position
            self._batch.n_seq_id[position] = 1
            self._batch.seq_id[position][0] = 0
            self._batch.logits[position] = 1

    def set_threads(self, count: int) -> None:
        self._api.llama_set_n_threads(self._context, count, count)

    def close(self) -> None:
        self._api.llama_batch_free(self._batch)
        self._api.llama_free(self._context)

    def of(self, sequences: Sequence[Sequence[int]]) -> list[Vectors]:
        return [self._run(tokens) for tokens in sequences]

    def _run(self, tokens: Sequence[int]) -> Vectors:
        api, count = self._api, len(tokens)
        self._batch.n_tokens = count
        ctypes.memmove(self._batch.token, (ctypes.c_int32 * count)(*tokens), 4 * count)
        if api.llama_encode(self._context, self._batch) != 0:
            raise Unavailable(f"the {self._what} refused a text", "run `cairn doctor`")
        pointer = api.llama_get_embeddings(self._context)
        return np.ctypeslib.as_array(pointer, shape=(count, self.width)).copy()


class _Own(States):
    at_once = 512

    def __init__(self, encoder: encode.Encoder, shape: encode.Shape, window: int) -> None:
        self._encoder, self._threads = encoder, 1
        self.made_by = f"cairn's own encoder ({encode.level()})"
        self.width, self.window = shape.width, min(shape.positions, window)

    def set_threads(self, count: int) -> None:
        self._threads = count

    def of(self, sequences: Sequence[Sequence[int]]) -> list[Vectors]:
        tokens = [np.asarray(each, dtype=np.int32) for each in sequences]
        return self._encoder.states(tokens, self._threads)


def open_model(
    path: Path, setting: str, window: int, what: str, *, stock: bool = False
) -> tuple[Any, Any, States]:
    """llama.cpp's interface and its model, for the vocabulary and what the file says; the states.

    `setting` names the file for the user, and `what` says what it is for; `stock` is for whoever
    wants to know llama.cpp's own.
    """
    own, why = (None, "as was asked for") if stock else _own(path, window)
    api, model = load(path, setting, vocabulary_only=own is not None)
    try:
        return api, model, own or _Stock(api, model, window, what, why)
    except Unavailable:
        api.llama_model_free(model)
        raise


def _own(path: Path, window: int) -> tuple[_Own | None, str]:
    """Our encoder over the file; or why it can't be."""
    if not encode.level():
        return None, "there is no faster code for this processor"
    try:
        header = read_header(path)
        if header.architecture != "bert" or len(header.files) > 1:
            return None, "the model is not a plain BERT"
        shape = _shape(header)
        return _Own(encode.Encoder(shape, _tensors(header)), shape, window), ""
    except (CairnError, OSError, ValueError) as error:
        return None, error.message if isinstance(error, CairnError) else str(error)


def _shape(header: Header) -> encode.Shape:
    def count(key: str) -> int:
        value = header.own(key)
        if type(value) is not int or value < 0:
            raise ValueError(f"the file does not say its {key}")
        return value

    if header.own("attention.causal") not in (False, None):
        raise ValueError("the model is not a plain BERT")
    epsilon = header.own("attention.layer_norm_epsilon")
    vocabulary = next((t.shape[-1] for t in header.tensors if t.name == _WHOLE[0]), 0)
    return encode.Shape(
        count("embedding_length"), count("feed_forward_length"), count("attention.head_count"),
        count("block_count"), vocabulary, count("context_length"),
        epsilon if isinstance(epsilon, float) else math.nan,
    )  # fmt: skip


def _tensors(header: Header) -> dict[str, encode.Stored]:
    data = np.memmap(header.path, np.uint8, mode="r")
    found = {}
    for each in header.tensors:
        if each.name.startswith("cls."):  # a head for classes, on top of the states
            continue
        stem, _, kind = each.name.removeprefix("blk.").rpartition(".")
        layered = stem.lstrip("0123456789").removeprefix(".")
        known = each.name in _WHOLE or stem == "token_embd_norm" or layered in _LAYER
        if not known or kind not in ("weight", "bias"):
            raise ValueError(f"the model has a part ({each.name}) that a plain BERT has not")
        columns, rows = each.shape[0], math.prod(each.shape[1:])
        # Cut short since its head was read, a file has fewer bytes than that said.
        part = data[each.offset : each.offset + each.size]
        found[each.name] = encode.Stored(each.format, rows, columns, part)
    return found
