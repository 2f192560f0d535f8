"""A chat model of random weights, a few kilobytes, for trying what runs models; it makes no sense.

Its words are single bytes and a few words, so that a grammar can always be followed.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

_WIDTH, _HEADS, _HIDDEN = 32, 2, 64
TEMPLATE = (
    "{% for message in messages %}<|begin|>{{ message.role }}\n{{ message.content }}<|end|>\n"
    "{% endfor %}<|begin|>assistant\n"
)


def make_model(
    path: Path, *, words: tuple[str, ...] = (), template: str = TEMPLATE, seed: int = 1,
    window: int = 4096, part_tensors: int = 0,
) -> Path:  # fmt: skip
    """Writes a GGUF of the `llama` kind; `words` are tokens of their own beside the bytes.
    With `part_tensors` it is split into parts of so many, beside `path`."""
    kinds = gguf.TokenType
    vocabulary = [("<unk>", kinds.UNKNOWN), ("<s>", kinds.CONTROL), ("</s>", kinds.CONTROL),
                  ("<|begin|>", kinds.CONTROL), ("<|end|>", kinds.CONTROL)]  # fmt: skip
    vocabulary += [(f"<0x{byte:02X}>", kinds.BYTE) for byte in range(256)]
    vocabulary += [(chr(code), kinds.NORMAL) for code in range(33, 127)]
    vocabulary += [("\u2581", kinds.NORMAL)]
    vocabulary += [("\u2581" + word, kinds.NORMAL) for word in words]
    writer = gguf.GGUFWriter(path, "llama", split_max_tensors=part_tensors)
    writer.add_context_length(window)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_HIDDEN)
    writer.add_head_count(_HEADS)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(vocabulary))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text for text, _ in vocabulary])
    writer.add_token_scores([0.0] * len(vocabulary))
    writer.add_token_types([int(kind) for _, kind in vocabulary])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(4)
    if template:
        writer.add_chat_template(template)
    _add_weights(writer, len(vocabulary), np.random.default_rng(seed))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_weights(writer: gguf.GGUFWriter, size: int, random: np.random.Generator) -> None:
    def add(name: str, *shape: int, scale: float = 0.3) -> None:
        writer.add_tensor(name, (random.standard_normal(shape) * scale).astype(np.float32))

    add("token_embd.weight", size, _WIDTH)
    add("output.weight", size, _WIDTH, scale=1.0)
    for norm in ("output_norm.weight", "blk.0.attn_norm.weight", "blk.0.ffn_norm.weight"):
        writer.add_tensor(norm, np.ones(_WIDTH, np.float32))
    for part in ("q", "k", "v", "output"):
        add(f"blk.0.attn_{part}.weight", _WIDTH, _WIDTH)
    add("blk.0.ffn_gate.weight", _HIDDEN, _WIDTH)
    add("blk.0.ffn_up.weight", _HIDDEN, _WIDTH)
    add("blk.0.ffn_down.weight", _WIDTH, _HIDDEN)
