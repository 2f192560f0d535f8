"""A chat model that answers by copying: the sentence under the title that a question ends with.

A real one (the `llama` kind, two layers) whose weights are set by hand rather than trained, so that
it is made in a second and does the same every time. The first layer looks up the four tokens before
each; the second finds where the present five stood before, and says what came next there. Its
template puts evidence as `title` `sentence` `[n]` `end`, so that the number is copied as well.
"""

from __future__ import annotations

import string
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

_CODE, _BACK, _TURNED = 48, 4, 32
"""Numbers that stand for a token; tokens looked back at; numbers of a head that tell distances."""
_WIDTH = _CODE * (_BACK + 2)
_HEAD = _TURNED + _CODE * _BACK
_HIDDEN, _LAYERS = 32, 2
_BASE = 1e36
"""So large that what is behind the first 32 numbers of a head hardly turns with the distance."""
_WORDS = (
    "the a of for in on to at with from by and or not is was were are has had will cost euros "
    "agreed paid bought sold met moved keeps we you it they garden budget boiler service"
).split()
BEGIN, END = "<|begin|>", "<|end|>"
TEMPLATE = (
    "{% set asked = messages[-1].content.split('\\n\\n') %}"
    "{% for block in asked[1:-1] %}{% set lines = block.split('\\n| ') %}"
    "{% set head = lines[0].split('] ', 1) %}<|begin|>"
    " {{ head[1].split(' · ')[0].split(' › ')[-1] }}{{ lines[1:] | join(' ') }}"
    " {{ head[0] }}]<|end|>{% endfor %}"
    "<|begin|>{{ asked[-1].split('?')[0] }}"
)
Matrix = NDArray[np.float32]


def make_copying(
    path: Path, *, words: tuple[str, ...] = (), window: int = 4096, ballast: int = 0,
    template: str = TEMPLATE,
) -> Path:  # fmt: skip
    """`words` are tokens of their own; a title of one can't be taken for a part of another word.
    `ballast` adds so many numbers to each layer that do nothing but cost what others cost.
    """
    hidden = -(-ballast // (3 * _WIDTH) // 32) * 32 or _HIDDEN
    texts = _vocabulary(words)
    codes = np.random.default_rng(7).choice([-1.0, 1.0], (len(texts), _CODE)).astype(np.float32)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(window)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(_BACK)
    writer.add_key_length(_HEAD)
    writer.add_value_length(_HEAD)
    writer.add_rope_dimension_count(_HEAD)
    writer.add_rope_freq_base(_BASE)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(len(texts))
    writer.add_tokenizer_model("rwkv")
    writer.add_token_list([text.encode() for text in texts])
    kinds = gguf.TokenType
    writer.add_token_types(
        [int(kinds.CONTROL if n < 3 else kinds.NORMAL) for n in range(len(texts))]
    )
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(2)
    writer.add_chat_template(template)
    for name, weight in _weights(codes).items():
        writer.add_tensor(name, np.ascontiguousarray(weight, dtype=np.float32))
    kind = gguf.GGMLQuantizationType.Q8_0
    nothing = gguf.quants.quantize(np.zeros((hidden, _WIDTH), np.float32), kind)
    for layer in range(_LAYERS):
        for part in ("gate", "up"):
            writer.add_tensor(f"blk.{layer}.ffn_{part}.weight", nothing, raw_dtype=kind)
        down = nothing.reshape(_WIDTH, -1)
        writer.add_tensor(f"blk.{layer}.ffn_down.weight", down, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _vocabulary(words: tuple[str, ...]) -> list[str]:
    """Words with the space before them, and every byte; as llama.cpp's `rwkv` kind writes them."""
    plain = set(string.ascii_letters + string.digits + string.punctuation + " ") - set("\\'")
    single = [chr(n) if chr(n) in plain else f"\\x{n:02x}" for n in range(256)]
    return ["<s>", BEGIN, END, *(f" {word}" for word in (*_WORDS, *words)), *single]


def _weights(codes: Matrix) -> dict[str, Matrix]:
    def part(number: int) -> slice:
        """Of a token's numbers: 0 its own code, 1 to 4 those before it, 5 what comes next."""
        return slice(number * _CODE, (number + 1) * _CODE)

    def zeros(*shape: int) -> Matrix:
        return np.zeros(shape, dtype=np.float32)

    def within(head: int, number: int) -> slice:
        begin = head * _HEAD + _TURNED + number * _CODE
        return slice(begin, begin + _CODE)

    one = np.eye(_CODE, dtype=np.float32)
    embedding, output = zeros(len(codes), _WIDTH), zeros(len(codes), _WIDTH)
    embedding[:, part(0)], output[:, part(_BACK + 1)] = codes, codes
    found = {"token_embd.weight": embedding, "output.weight": output}
    for layer in range(_LAYERS):
        inner = _BACK * _HEAD
        q, k, v, o = (zeros(inner, _WIDTH), zeros(inner, _WIDTH), zeros(inner, _WIDTH),
                      zeros(_WIDTH, inner))  # fmt: skip
        q_bias, k_bias = zeros(inner), zeros(inner)
        if layer == 0:
            for head in range(_BACK):
                turned = slice(head * _HEAD, head * _HEAD + _TURNED)
                q_bias[turned], k_bias[turned] = _distance(head + 1)
                v[within(head, 0), part(0)] = one
                o[part(head + 1), within(head, 0)] = one
        else:
            for number in range(_BACK):
                q[within(0, number), part(number)] = one * (20.0 - 2 * number)
                k[within(0, number), part(number + 1)] = one
            v[within(0, 0), part(0)] = one
            o[part(_BACK + 1), within(0, 0)] = one * 4
        name = f"blk.{layer}"
        found |= {
            f"{name}.attn_q.weight": q, f"{name}.attn_k.weight": k, f"{name}.attn_v.weight": v,
            f"{name}.attn_q.bias": q_bias, f"{name}.attn_k.bias": k_bias,
            f"{name}.attn_v.bias": zeros(inner), f"{name}.attn_output.weight": o,
            f"{name}.attn_norm.weight": np.full(_WIDTH, _scale(layer), np.float32),
            f"{name}.ffn_norm.weight": np.ones(_WIDTH, np.float32),
        }  # fmt: skip
    return found | {"output_norm.weight": np.ones(_WIDTH, np.float32)}


def _scale(layer: int) -> float:
    """Makes codes of ±1 again of what the norm divides."""
    full = 1 if layer == 0 else _BACK + 1
    return float(np.sqrt(full * _CODE / _WIDTH))


def _distance(back: int) -> tuple[Matrix, Matrix]:
    """What makes a head look just so many tokens back, whatever they are."""
    pairs = np.arange(_TURNED // 2)
    angles = back * _BASE ** (-2 * pairs / _HEAD)
    q = np.stack([np.ones(len(pairs)), np.zeros(len(pairs))], axis=1)
    k = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return 40 * np.sqrt(_HEAD) * q.ravel().astype(np.float32), k.ravel().astype(np.float32)
