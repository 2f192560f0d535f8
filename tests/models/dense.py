"""Models of random weights in real quantizations: as large as wanted, made in a second or two.

They write nonsense, with the layers, types and sizes of real ones: dense, or with experts. As with
real ones a word is likeliest by far mostly, and which one depends on the layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

from tests.models.tiny import TEMPLATE

Kind = gguf.GGMLQuantizationType
FILE_TYPES = {"Q4_0": 2, "Q8_0": 7, "Q2_K": 10, "Q3_K": 12, "Q4_K_M": 15, "TQ1_0": 36, "TQ2_0": 37}
GAIN = 0.45
"""Of what goes through a matrix: the same at every size, so that the last bit stays the last."""
WORD_SPREAD = 0.05
"""Of a word's numbers, for each layer: as much as the layer adds to them."""
_MOST_BLOCKS = 29989
"""That are made by chance, before they repeat; a prime, so that no two rows are the same."""
_WORDS = Kind.Q6_K
"""How they are stored."""
_WORDS_SCALE = slice(208, 210)
"""Where a block of such has its scale."""


@dataclass(frozen=True, slots=True)
class Size:
    layers: int = 2
    width: int = 512
    hidden: int = 1024
    heads: int = 8
    key_heads: int = 4
    vocabulary: int = 1024
    window: int = 4096
    experts: int = 0
    used: int = 2
    tied: bool = False


ONE_BILLION = Size(layers=22, width=2048, hidden=5632, heads=32, key_heads=4, vocabulary=32000)


def make_dense(path: Path, mix: str, size: Size = Size(), seed: int = 1) -> Path:
    """`mix` is a quantization such as `Q4_0`, or `Q4_K_M`, which has several."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_file_type(FILE_TYPES[mix])
    writer.add_context_length(size.window)
    writer.add_embedding_length(size.width)
    writer.add_block_count(size.layers)
    writer.add_feed_forward_length(size.hidden)
    writer.add_head_count(size.heads)
    writer.add_head_count_kv(size.key_heads)
    writer.add_rope_dimension_count(size.width // size.heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(size.vocabulary)
    if size.experts:
        writer.add_expert_count(size.experts)
        writer.add_expert_used_count(size.used)
    add_words(writer, size.vocabulary)
    random = np.random.default_rng(seed)
    words = blocks(_WORDS, (size.vocabulary, size.width), random, WORD_SPREAD * size.layers**0.5)
    writer.add_tensor("token_embd.weight", words, raw_dtype=_WORDS)
    if not size.tied:
        writer.add_tensor("output.weight", _next_words(words, size), raw_dtype=_WORDS)
    for name, shape in _shapes(size).items():
        if name.endswith("norm.weight") or "_inp" in name:
            wave = random.standard_normal(shape, dtype=np.float32)
            writer.add_tensor(name, wave / 10 if "_inp" in name else 1 + wave / 20)
        else:
            kind = kind_of(mix, name, size.layers)
            writer.add_tensor(
                name, blocks(kind, shape, random, GAIN * shape[-1] ** -0.5), raw_dtype=kind
            )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def add_words(writer: gguf.GGUFWriter, count: int) -> None:
    kinds = gguf.TokenType
    words = [("<unk>", kinds.UNKNOWN), ("<s>", kinds.CONTROL), ("</s>", kinds.CONTROL),
             ("<|begin|>", kinds.CONTROL), ("<|end|>", kinds.CONTROL)]  # fmt: skip
    words += [(f"<0x{byte:02X}>", kinds.BYTE) for byte in range(256)]
    words += [(f"\u2581w{number}", kinds.NORMAL) for number in range(count - len(words))]
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text for text, _ in words])
    writer.add_token_scores([0.0] * len(words))
    writer.add_token_types([int(kind) for _, kind in words])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(4)
    writer.add_chat_template(TEMPLATE)


def _shapes(size: Size) -> dict[str, tuple[int, ...]]:
    width, hidden = size.width, size.hidden
    keys = width // size.heads * size.key_heads
    shapes: dict[str, tuple[int, ...]] = {"output_norm.weight": (width,)}
    for number in range(size.layers):
        layer: dict[str, tuple[int, ...]] = {
            "attn_norm": (width,), "attn_q": (width, width), "attn_k": (keys, width),
            "attn_v": (keys, width), "attn_output": (width, width), "ffn_norm": (width,),
        }  # fmt: skip
        if size.experts:
            layer |= {
                "ffn_gate_inp": (size.experts, width),
                "ffn_gate_exps": (size.experts, hidden, width),
                "ffn_up_exps": (size.experts, hidden, width),
                "ffn_down_exps": (size.experts, width, hidden),
            }
        else:
            layer |= {"ffn_gate": (hidden, width), "ffn_up": (hidden, width),
                      "ffn_down": (width, hidden)}  # fmt: skip
        shapes |= {f"blk.{number}.{name}.weight": shape for name, shape in layer.items()}
    return shapes


def _next_words(words: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """After each word the one that stands before it, where the layers have no say."""
    blocks = words.reshape(-1, gguf.GGML_QUANT_SIZES[_WORDS][1]).copy()
    scales = np.ascontiguousarray(blocks[:, _WORDS_SCALE]).view(np.float16).astype(np.float32)
    scales *= size.width**-0.5 / (WORD_SPREAD * size.layers**0.5)
    blocks[:, _WORDS_SCALE] = scales.astype(np.float16).view(np.uint8).reshape(-1, 2)
    return np.roll(blocks.reshape(words.shape), -1, axis=0)


def kind_of(mix: str, name: str, layers: int) -> Kind:
    """As llama.cpp's own tool mixes them."""
    if mix != "Q4_K_M":
        return Kind[mix]
    if "attn_v" in name or "ffn_down" in name:
        number = int(name.split(".")[1])
        if number < layers // 8 or number >= 7 * layers // 8 or number % 3 == 2:
            return Kind.Q6_K
    return Kind.Q4_K


def blocks(
    kind: Kind, shape: tuple[int, ...], random: np.random.Generator, spread: float
) -> NDArray[np.uint8]:
    """Any bits are weights; only what scales a block has to make sense."""
    weights, size = gguf.GGML_QUANT_SIZES[kind]
    wanted = int(np.prod(shape)) // weights
    count = min(wanted, _MOST_BLOCKS)
    blocks = np.frombuffer(random.bytes(count * size), np.uint8).reshape(count, size).copy()
    jitter = random.uniform(0.7, 1.3, count)

    def put(at: int, value: float) -> None:
        blocks[:, at : at + 2] = (jitter * value).astype(np.float16).view(np.uint8).reshape(-1, 2)

    match kind:
        case Kind.Q4_0:
            blocks[:, 2:] = _EVEN[blocks[:, 2:]]
            put(0, spread / 4.3)
        case Kind.Q8_0:
            put(0, spread / 74)
        case Kind.Q4_K:
            put(0, spread / 230)
            put(2, 7.5 * spread / 230)
        case Kind.Q6_K:
            put(208, spread / 1360)
        case Kind.Q2_K:
            put(80, spread / 14)
            put(82, 1.5 * spread / 14)
        case Kind.Q3_K:
            put(108, spread / 43)
        case Kind.TQ1_0:
            put(52, spread / 0.8)
        case Kind.TQ2_0:
            blocks[:, :64] = _no_fours(blocks[:, :64])
            put(64, spread / 0.8)
        case _:
            raise ValueError(f"blocks of {kind.name} are not made here")
    if wanted > count:
        blocks = np.resize(blocks, (wanted, size))
    return blocks.reshape(*shape[:-1], -1)


_EVEN = np.array([b + 8 * (b & 15 == 0) + 128 * (b < 16) for b in range(256)], np.uint8)
"""Halves of bytes that stand for -8, of which there is no opposite, become 0."""


def _no_fours(packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pairs of bits that are three become one, which stands for 0: there are three values only."""
    both = packed & (packed << 1) & 0xAA
    return packed & ~both
