"""Models of random weights, larger than memory if wanted: dense, of experts, of neurons that rest.

Made at the speed of the disk, in any quantization that `dense.py` knows, in parts if wanted. They
write nonsense, mostly each word after the one that stands behind it in the vocabulary; whatever
reads from the disk as it runs has with them the work that it has with real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import gguf
import numpy as np
from numpy.typing import NDArray

from tests.models.dense import FILE_TYPES, GAIN, WORD_SPREAD, Kind, Size, add_words, blocks, kind_of
from tests.models.routes import (
    NUMBERS,
    UNIFORM,
    USUAL,
    Matrix,
    Routing,
    codes,
    likeness_for,
    routers,
)

_WORDS = Kind.Q8_0
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Large:
    """`llama` is dense, `qwen3moe` has experts, `nemotron` neurons that rest (ReLU, squared)."""

    kind: str
    size: Size
    mix: str = "Q4_0"
    routing: Routing = UNIFORM
    resting: float = 0.9
    """Share of a layer's neurons that are 0 for a word."""
    part_bytes: int = 0
    """Of the largest of its parts; 0 for one file."""


EXPERTS = Size(
    layers=12, width=1024, hidden=512, heads=16, key_heads=4, vocabulary=32000, experts=64, used=8
)
DENSE = Size(layers=28, width=2048, hidden=5632, heads=32, key_heads=4, vocabulary=8192)
NEURONS = Size(layers=28, width=2048, hidden=8192, heads=32, key_heads=4, vocabulary=8192)
SMALL_EXPERTS = Size(layers=3, width=256, hidden=128, experts=16, used=4, heads=4, key_heads=2)
SMALL_DENSE = Size(layers=3, width=256, hidden=768, heads=4, key_heads=2)
ABOUT_740_MB = {
    "experts": Large("qwen3moe", EXPERTS, routing=USUAL),
    "uniform": Large("qwen3moe", EXPERTS),
    "dense": Large("llama", DENSE),
    "neurons": Large("nemotron", NEURONS),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A tensor: what is told of it, and what makes it when its turn has come."""

    name: str
    shape: tuple[int, ...]
    kind: Kind
    make: Callable[[], Bytes | Matrix]


def make_large(path: Path, wanted: Large, seed: int = 1) -> Path:
    """Its file, or the first of its parts."""
    writer = gguf.GGUFWriter(path, wanted.kind, split_max_size=wanted.part_bytes)
    _describe(writer, wanted)
    parts = list(_parts(wanted, np.random.default_rng(seed)))
    for part in parts:
        weights, size = gguf.GGML_QUANT_SIZES[part.kind]
        count = int(np.prod(part.shape)) // weights * size
        writer.add_tensor_info(part.name, part.shape, np.dtype(np.float32), count, part.kind)
    files = writer.format_shard_names(path)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for part in parts:  # one by one: all together may be more than memory holds
        writer.write_tensor_data(part.make())
    writer.close()
    return Path(files[0])


def _describe(writer: gguf.GGUFWriter, wanted: Large) -> None:
    size, head = wanted.size, wanted.size.width // wanted.size.heads
    writer.add_file_type(FILE_TYPES[wanted.mix])
    writer.add_context_length(size.window)
    writer.add_embedding_length(size.width)
    writer.add_block_count(size.layers)
    writer.add_feed_forward_length(size.hidden)
    writer.add_head_count(size.heads)
    writer.add_head_count_kv(size.key_heads)
    writer.add_key_length(head)
    writer.add_value_length(head)
    writer.add_rope_dimension_count(head)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_layer_norm_eps(1e-5)
    writer.add_vocab_size(size.vocabulary)
    if size.experts:
        writer.add_expert_count(size.experts)
        writer.add_expert_used_count(size.used)
        writer.add_expert_feed_forward_length(size.hidden)
    add_words(writer, size.vocabulary)


def _parts(wanted: Large, random: np.random.Generator) -> Iterator[_Part]:
    size = wanted.size
    router = routers(size.layers, max(1, size.experts), wanted.routing, random)
    likeness = likeness_for(wanted.routing, router[0], size.used, random) if size.experts else 0.0
    words = _words(size, codes(size.vocabulary, likeness, random), random)
    shape = (size.vocabulary, size.width)
    yield _Part("token_embd.weight", shape, _WORDS, lambda: words)
    yield _Part("output.weight", shape, _WORDS, lambda: _next_words(words, size))
    for name, shape in _shapes(wanted).items():
        if name.endswith("ffn_gate_inp.weight"):
            given: Matrix = np.zeros(shape, np.float32)
            given[:, -NUMBERS:] = router[int(name.split(".")[1])]
            yield _Part(name, shape, Kind.F32, lambda given=given: given)  # type: ignore[misc]
        elif len(shape) == 1:
            given = _single(name, shape[0], wanted, random)
            yield _Part(name, shape, Kind.F32, lambda given=given: given)  # type: ignore[misc]
        else:
            kind = kind_of(wanted.mix, name, size.layers)
            yield _Part(name, shape, kind, _weights(name, shape, kind, random))


def _shapes(wanted: Large) -> dict[str, tuple[int, ...]]:
    size, width, hidden = wanted.size, wanted.size.width, wanted.size.hidden
    head = width // size.heads
    keys = head * size.key_heads
    layer: dict[str, tuple[int, ...]] = {
        "attn_norm.weight": (width,), "attn_q.weight": (width, width),
        "attn_k.weight": (keys, width), "attn_v.weight": (keys, width),
        "attn_output.weight": (width, width), "ffn_norm.weight": (width,),
    }  # fmt: skip
    if wanted.kind == "qwen3moe":
        layer |= {
            "attn_q_norm.weight": (head,), "attn_k_norm.weight": (head,),
            "ffn_gate_inp.weight": (size.experts, width),
            "ffn_gate_exps.weight": (size.experts, hidden, width),
            "ffn_up_exps.weight": (size.experts, hidden, width),
            "ffn_down_exps.weight": (size.experts, width, hidden),
        }  # fmt: skip
    elif wanted.kind == "nemotron":
        layer |= {
            "attn_norm.bias": (width,), "ffn_norm.bias": (width,), "ffn_up.bias": (hidden,),
            "ffn_up.weight": (hidden, width), "ffn_down.weight": (width, hidden),
        }  # fmt: skip
    else:
        layer |= {"ffn_gate.weight": (hidden, width), "ffn_up.weight": (hidden, width),
                  "ffn_down.weight": (width, hidden)}  # fmt: skip
    shapes: dict[str, tuple[int, ...]] = {"output_norm.weight": (width,)}
    if wanted.kind == "nemotron":
        shapes["output_norm.bias"] = (width,)
    for number in range(size.layers):
        shapes |= {f"blk.{number}.{name}": shape for name, shape in layer.items()}
    return shapes


def _words(size: Size, code: Matrix, random: np.random.Generator) -> Bytes:
    """Random but for the codes, which are the last block of each."""
    spread = WORD_SPREAD * size.layers**0.5
    words = blocks(_WORDS, (size.vocabulary, size.width), random, spread)
    step = spread * np.abs(code).max(axis=1, keepdims=True) / 127
    last = words[:, -2 - NUMBERS :]
    last[:, :2] = step.astype(np.float16).view(np.uint8)
    last[:, 2:] = np.rint(spread * code / step).astype(np.int8).view(np.uint8)
    return words


def _next_words(words: Bytes, size: Size) -> Bytes:
    """After each word the one that stands before it, where the layers have no say."""
    found = words.reshape(-1, gguf.GGML_QUANT_SIZES[_WORDS][1]).copy()
    scales = np.ascontiguousarray(found[:, :2]).view(np.float16).astype(np.float32)
    scales *= size.width**-0.5 / (WORD_SPREAD * size.layers**0.5)
    found[:, :2] = scales.astype(np.float16).view(np.uint8).reshape(-1, 2)
    return np.roll(found.reshape(words.shape), -1, axis=0)


def _single(name: str, count: int, wanted: Large, random: np.random.Generator) -> Matrix:
    """Norms are about 1, and just that for codes; what is added makes most neurons rest."""
    wave = random.standard_normal(count, dtype=np.float32)
    if name.endswith("ffn_up.bias"):
        skew = wanted.routing.skew
        usual = NormalDist(0, (1 + skew**2) ** 0.5).inv_cdf(1 - wanted.resting)
        return (GAIN * (usual + skew * wave)).astype(np.float32)
    if name.endswith("bias"):
        return np.zeros(count, np.float32)
    wave[-NUMBERS:] = 0
    return (1 + wave / 20).astype(np.float32)


def _weights(
    name: str, shape: tuple[int, ...], kind: Kind, random: np.random.Generator
) -> Callable[[], Bytes]:
    """What adds to a word's numbers leaves its code alone."""

    def make() -> Bytes:
        found = blocks(kind, shape, random, GAIN * shape[-1] ** -0.5)
        if "attn_output" in name or "ffn_down" in name:
            found[..., -NUMBERS:, :] = 0
        return found

    return make
