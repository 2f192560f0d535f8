"""The MiniLM encoder with a span head and an answerability head, in PyTorch, for training only.

Token type 0 throughout, as llama.cpp runs it; word embeddings stay as they are, so that the
vocabulary's rare half is not lost to what a few questions teach. Every batch holds sequences of one
length, so there is no padding and no mask. Parameters carry the names of the source's tensors.
Requires: torch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

HEADS = ("start", "end", "answerable")


class Layer(nn.Module):
    def __init__(self, width: int, inner: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.joint = nn.Linear(width, 3 * width)  # query, key, value in one product
        self.mixed = nn.Linear(width, width)
        self.first_norm = nn.LayerNorm(width, epsilon)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.last_norm = nn.LayerNorm(width, epsilon)

    def forward(self, x: Tensor) -> Tensor:
        rows, count, width = x.shape
        parts = self.joint(x).view(rows, count, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        # Written out: the backward pass of PyTorch's fused attention is slower on a CPU.
        weights = (query * key.shape[-1] ** -0.5 @ key.transpose(-1, -2)).softmax(-1)
        seen = (weights.to(value.dtype) @ value).transpose(1, 2).reshape(rows, count, width)
        x = self.first_norm(x + self.mixed(seen))
        return self.last_norm(x + self.down(F.gelu(self.up(x))))


class Reader(nn.Module):
    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        width, epsilon = config["hidden_size"], config["layer_norm_eps"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.places = nn.Embedding(config["max_position_embeddings"], width)
        self.kinds = nn.Parameter(torch.zeros(config["type_vocab_size"], width))
        self.norm = nn.LayerNorm(width, epsilon)
        self.layers = nn.ModuleList(
            Layer(width, config["intermediate_size"], config["num_attention_heads"], epsilon)
            for _ in range(config["num_hidden_layers"])
        )
        self.head = nn.Linear(width, len(HEADS))
        self.words.weight.requires_grad_(False)
        self.kinds.requires_grad_(False)

    def states(self, ids: Tensor) -> Tensor:
        x = self.words(ids) + self.places.weight[: ids.shape[1]] + self.kinds[0]
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x)
        return x

    def forward(self, ids: Tensor) -> Tensor:
        """Rows × tokens × heads; of the last only what the first token says has a meaning."""
        return F.linear(self.states(ids).float(), self.head.weight, self.head.bias)


def fill(model: Reader, tensors: dict[str, np.ndarray[Any, Any]]) -> None:
    """The source's weights into the model."""
    state = model.state_dict()
    for name in state:
        if not name.startswith("head."):
            state[name] = torch.from_numpy(np.array(_source(name, tensors)))
    model.load_state_dict(state)


def empty(model: Reader) -> dict[str, np.ndarray[Any, Any]]:
    """The model's encoder under the source's names."""
    tensors = {}
    for name, value in model.state_dict().items():
        values = value.detach().float().numpy()
        if ".joint." in name:
            for part, third in zip(_JOINT, np.split(values, 3), strict=True):
                tensors[_renamed(name).replace("self.joint", f"self.{part}")] = third
        elif not name.startswith("head."):
            tensors[_renamed(name)] = values
    return tensors


_JOINT = ("query", "key", "value")
_OUTER = {
    "words.weight": "embeddings.word_embeddings.weight",
    "places.weight": "embeddings.position_embeddings.weight",
    "kinds": "embeddings.token_type_embeddings.weight",
    "norm.weight": "embeddings.LayerNorm.weight",
    "norm.bias": "embeddings.LayerNorm.bias",
}
_INNER = {
    "joint": "attention.self.joint",
    "mixed": "attention.output.dense",
    "first_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "last_norm": "output.LayerNorm",
}


def _renamed(name: str) -> str:
    if name in _OUTER:
        return _OUTER[name]
    _, number, module, leaf = name.split(".")
    return f"encoder.layer.{number}.{_INNER[module]}.{leaf}"


def _source(name: str, tensors: dict[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    target = _renamed(name)
    if "self.joint" not in target:
        return tensors[target]
    parts = [tensors[target.replace("self.joint", f"self.{part}")] for part in _JOINT]
    return np.concatenate(parts)
