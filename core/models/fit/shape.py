"""A model's header → what decides its memory and speed, as `Shape`.

Made for the planner. Sizes are those of the file; what a token touches counts only the experts
that one token uses.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cairn.core.errors import Unavailable
from cairn.core.models.files.gguf_header import Header, Tensor
from cairn.core.models.offload.packed import find
from cairn.core.models.offload.split import SCORES, WORDS, loose

_MOST_LAYERS = 4096
_MOST_WIDTH = 1 << 20
_MOST_HEADS = 1 << 16
# Encoders: they read, and never write.
_ENCODERS = frozenset({
    "bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "jina-bert-v3", "modern-bert",
    "neo-bert", "eurobert", "t5encoder", "gemma-embedding",
})  # fmt: skip
# By `general.file_type`: how the weights are stored, as model files are named.
_QUANTIZATIONS = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    architecture: str
    quantization: str
    weights: int
    """How many numbers the model consists of."""
    size: int
    """Of them in bytes."""
    active_weights: int
    active_size: int
    """Of what is read for one token."""
    layers: int
    width: int
    hidden: int
    heads: int
    cached: int
    """Numbers that each token of the context keeps, over all layers."""
    divisible: bool
    """May these be stored in blocks of 32?"""
    vocabulary: int
    window: int
    """Tokens that it was trained to take in."""
    experts: int
    kinds: tuple[tuple[str, float], ...] = ()
    """Types of weights, and of each how many a token needs; empty where only the whole is known."""
    used: int = 0
    """Experts that one token uses."""
    loose: int = 0
    """Bytes of weights that can be read as they are needed: experts, or the layers' matrices."""
    largest: int = 0
    """Bytes of the largest of them."""
    packed: int = 0
    """Bytes of the loose ones of which a packed file has the neurons by themselves."""
    packed_least: int = 0
    """Bytes of memory without which such a file is of no use."""
    looked_up: int = 0
    """Bytes of a table of words of which one row is needed for a token, and is then read."""

    @property
    def writes(self) -> bool:
        return self.architecture not in _ENCODERS


def shape_of(header: Header) -> Shape:
    tensors = header.tensors
    layers = _count(header, "block_count", _MOST_LAYERS)
    width = _count(header, "embedding_length", _MOST_WIDTH)
    heads = _largest(header, "attention.head_count", _MOST_HEADS) or 1
    key = _count(header, "attention.key_length", _MOST_WIDTH) or width // heads
    value = _count(header, "attention.value_length", _MOST_WIDTH) or width // heads
    experts, used = (_count(header, f"expert_{name}count", 1 << 16) for name in ("", "used_"))
    share = min(1.0, used / experts) if experts and used else 1.0
    if not layers or not width:
        raise Unavailable(
            f"{header.path.name} does not say how large its model is",
            "it may be an adapter or a part of one; `cairn model list` has whole models",
        )
    tied = not any(tensor.name == SCORES for tensor in tensors)
    may_go, layout = _loose(tensors, experts), find(header)
    active = [(tensor, _share(tensor, share, tied)) for tensor in tensors]
    return Shape(
        architecture=header.architecture,
        quantization=_quantization(header),
        weights=sum(tensor.weights for tensor in tensors),
        size=sum(tensor.size for tensor in tensors),
        active_weights=round(sum(tensor.weights * part for tensor, part in active)),
        active_size=round(sum(tensor.size * part for tensor, part in active)),
        layers=layers,
        width=width,
        hidden=_largest(header, "feed_forward_length", _MOST_WIDTH) or 4 * width,
        heads=heads,
        cached=sum(_key_heads(header, layers, heads)) * (key + value),
        divisible=key % 32 == 0 and value % 32 == 0,
        vocabulary=_vocabulary(header),
        window=_count(header, "context_length", 1 << 32),
        experts=experts,
        kinds=_kinds(active),
        used=used,
        loose=sum(may_go),
        largest=max(may_go, default=0),
        packed=sum(t.size for t in tensors if t.name in layout.names) if layout else 0,
        packed_least=layout.least if layout else 0,
        looked_up=0 if tied else sum(each.size for each in tensors if each.name == WORDS),
    )


def _kinds(active: list[tuple[Tensor, float]]) -> tuple[tuple[str, float], ...]:
    weights: Counter[str] = Counter()
    for tensor, part in active:
        weights[tensor.format] += round(tensor.weights * part)
    return tuple(sorted(weights.items()))


def _loose(tensors: tuple[Tensor, ...], experts: int) -> list[int]:
    sizes = {tensor.name: tensor.size for tensor in tensors}
    return [sizes[name] for name in loose(sizes, "experts" if experts else "dense")]


def _share(tensor: Tensor, share: float, tied: bool) -> float:
    """How much of it one token needs: of the words' table a row, of the experts a few."""
    if tensor.name == WORDS:
        return 1.0 if tied else 0.0
    return share if "_exps" in tensor.name else 1.0


def _count(header: Header, key: str, most: int) -> int:
    value = header.own(key)
    if value is None:
        return 0
    if type(value) is not int or not 0 <= value <= most:
        return _refuse(header, key)
    return value


def _largest(header: Header, key: str, most: int) -> int:
    """Some models say it once, others for each layer."""
    value = header.own(key)
    if not isinstance(value, tuple):
        return _count(header, key, most)
    if not value or not all(0 <= number <= most for number in value):
        return _refuse(header, key)
    return max(value)


def _key_heads(header: Header, layers: int, heads: int) -> tuple[int, ...]:
    value = header.own("attention.head_count_kv")
    if isinstance(value, tuple):
        if len(value) < layers or not all(0 <= number <= _MOST_HEADS for number in value):
            _refuse(header, "attention.head_count_kv")
        return value[:layers]
    return (_count(header, "attention.head_count_kv", _MOST_HEADS) or heads,) * layers


def _refuse(header: Header, key: str) -> int:
    raise Unavailable(
        f"{header.path.name} is damaged: its {key.replace('_', ' ')} can't be right",
        "`cairn model pull NAME` gets a whole one; `cairn model list` has names",
    )


def _vocabulary(header: Header) -> int:
    for tensor in header.tensors:
        if tensor.name == WORDS:
            return tensor.shape[-1]
    return header.lengths.get("tokenizer.ggml.tokens", 0)


def _quantization(header: Header) -> str:
    kind = header.values.get("general.file_type")
    if type(kind) is int and kind in _QUANTIZATIONS:
        return _QUANTIZATIONS[kind]
    sizes: Counter[str] = Counter()
    for tensor in header.tensors:
        sizes[tensor.format] += tensor.size
    return sizes.most_common(1)[0][0] if sizes else ""
