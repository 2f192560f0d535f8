"""Checkpoints of train_reader.py -> assets/reader.gguf (Q8_0) and its record reader.json.

Run by hand: python assets/build/make_reader.py --data DIR --work DIR [--checkpoint FILE ...]
[--float FILE]. Several checkpoints are averaged. The head, its threshold and how much doubt weighs
are text in the file's metadata, so that they can't part from the encoder. The weight is chosen on
the article that neither trains nor validates, or given (0 does best in dialogues); the threshold on
that and on the validating ones, for one article is too few. tests/bench/reader.py says what it
would have been without each of them.
Requires: torch, tokenizers, numpy, gguf 0.19.
"""

from __future__ import annotations

import argparse
import base64
import dataclasses
import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from make_embedder import ASSETS, add_tensor, add_tokenizer, target_name
from make_embedder import NAME as ENCODER
from reader_data import DOUBTFUL, LARGE, SPLIT_SEED, load, split
from reader_mix import STAGES
from reader_model import HEADS, Reader, empty
from reader_rows import SEED, Rows, asked_of
from reader_scores import best_threshold, report
from reader_trial import read
from source_wheel import REQUIREMENT, WEIGHTS_SHA256, WHEEL_SHA256, Source, sha256
from source_wheel import load as load_source

NAME = "cairn-reader"
LICENCE = "Apache-2.0 (encoder); trained on SQuAD, CC BY-SA 4.0"
VERSION = 1
_WEIGHTS = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)


@dataclasses.dataclass(frozen=True, slots=True)
class Setting:
    weight: float
    """Of the answerability head beside the margin of the best span."""
    threshold: float


def average(paths: list[Path], config: dict[str, Any]) -> Reader:
    states = [torch.load(path, weights_only=True) for path in paths]
    states = [state.get("model", state) for state in states]
    model = Reader(config)
    model.load_state_dict({name: sum(s[name] for s in states) / len(states) for name in states[0]})
    return model.eval()


def choose(model: Reader, rows: Rows, data: Path, weight: float | None) -> Setting:
    parts = split(load(data / DOUBTFUL))
    readings = read(model, *asked_of(rows, parts.calibrating))
    if weight is None:
        weight = max(_WEIGHTS, key=lambda w: report(readings, w, 0.0)["auroc"])
    readings += read(model, *asked_of(rows, parts.validating))
    scores = [each.margin + weight * each.doubt for each in readings]
    return Setting(weight, best_threshold(readings, scores))


def add_metadata(writer: gguf.GGUFWriter, source: Source, model: Reader, setting: Setting) -> None:
    config = source.config
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(NAME)
    writer.add_license(LICENCE)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.NONE)
    # A row of weights and a bias for each head.
    weight, bias = model.head.weight.detach().numpy(), model.head.bias.detach().numpy()
    head = np.concatenate([weight, bias[:, None]], axis=1).astype("<f4")
    writer.add_uint32("cairn.reader.version", VERSION)
    writer.add_string("cairn.reader.head", base64.b64encode(head.tobytes()).decode())
    writer.add_string("cairn.reader.weight", repr(setting.weight))
    writer.add_string("cairn.reader.threshold", repr(setting.threshold))


def build(source: Source, model: Reader, setting: Setting, out: Path, *, exact: bool) -> None:
    writer = gguf.GGUFWriter(out, "bert")
    add_metadata(writer, source, model, setting)
    file_type = gguf.LlamaFileType.ALL_F32 if exact else gguf.LlamaFileType.MOSTLY_Q8_0
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    add_tokenizer(writer, source)
    tensors = empty(model)
    for name in sorted(tensors):
        if exact:
            writer.add_tensor(target_name(name), tensors[name])
        else:
            add_tensor(writer, target_name(name), tensors[name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def record(out: Path, options: argparse.Namespace, setting: Setting) -> dict[str, object]:
    state = json.loads(torch.load(options.work / "last.pt", weights_only=True)["state"])
    parts = split(load(options.data / DOUBTFUL))
    used = {stage["mix"] for stage in state["stages"]}
    return {
        "name": NAME,
        "file": out.name,
        "sha256": sha256(out.read_bytes()),
        "size": out.stat().st_size,
        "quantization": "Q8_0",
        "heads": HEADS,
        "licence": LICENCE,
        **dataclasses.asdict(setting),
        "encoder": {
            "model": ENCODER,
            "requirement": REQUIREMENT,
            "wheel_sha256": WHEEL_SHA256,
            "weights_sha256": WEIGHTS_SHA256,
        },
        "data": {
            "licence": "CC BY-SA 4.0",
            LARGE: sha256((options.data / LARGE).read_bytes()),
            DOUBTFUL: sha256((options.data / DOUBTFUL).read_bytes()),
            "split_seed": SPLIT_SEED,
            "training": [article.title for article in parts.training],
            "calibrating": [article.title for article in parts.calibrating],
            "validating": [article.title for article in parts.validating],
        },
        "seed": SEED,
        "mixtures": {name: STAGES[name] for name in STAGES if name in used},
        "stages": [{k: v for k, v in stage.items() if k != "began"} for stage in state["stages"]],
        "averaged": [path.stem for path in options.checkpoint],
        "figures_while_training": state["figures"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the reader from its checkpoints.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the SQuAD files")
    parser.add_argument("--work", type=Path, required=True, help="folder of train_reader.py")
    parser.add_argument("--wheel", type=Path, help="wheel already downloaded")
    parser.add_argument("--checkpoint", type=Path, nargs="*", help="the last one if not given")
    parser.add_argument("--float", type=Path, help="also writes the model unquantized there")
    parser.add_argument("--weight", type=float, help="as given; tests/bench/answers.py measures it")
    parser.add_argument("--out", type=Path, default=ASSETS / "reader.gguf")
    options = parser.parse_args()
    options.checkpoint = options.checkpoint or [options.work / "last.pt"]
    torch.set_num_threads(1)
    source = load_source(options.wheel)
    model = average(options.checkpoint, source.config)
    setting = choose(model, Rows(source), options.data, options.weight)
    beside = options.out.with_suffix(".part")
    build(source, model, setting, beside, exact=False)
    beside.replace(options.out)
    if options.float:
        build(source, model, setting, options.float, exact=True)
    written = record(options.out, options, setting)
    options.out.with_suffix(".json").write_text(json.dumps(written, indent=1) + "\n")
    print(f"{written['sha256']}  {options.out}  {written['size']} bytes  {setting}")


if __name__ == "__main__":
    main()
