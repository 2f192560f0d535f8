"""Texts under a folder → vectors of their sentences and questions, by the shipped embedder.

Called once by tests.bench.kernels_scan. Takes some minutes for 100,000 sentences.
"""

from __future__ import annotations

import random
import re
import tempfile
from pathlib import Path

import numpy as np

from cairn.core.config import Models
from cairn.core.models.embedding import Embedding
from tests.bench.common import say

_MOST, _AT_ONCE = 120_000, 512
_SENTENCE = re.compile(r"[A-ZÄÖÜ0-9][^.!?\"\\{}\[\]]{20,150}[.!?]")


def embed_once(folder: Path, sentences: Path, questions: Path) -> None:
    found: dict[str, None] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".txt", ".md", ".json", ".jsonl", ".csv") and len(found) < 4 * _MOST:
            found |= dict.fromkeys(_SENTENCE.findall(path.read_text("utf-8", "replace")))
    asked = [text for text in found if text.endswith("?")]
    told = [text for text in found if not text.endswith("?")]
    if len(told) < 1000 or len(asked) < 100:
        raise SystemExit("too few sentences: name a folder of texts by CAIRN_BENCH_TEXTS")
    for texts in (asked, told):
        random.Random(0).shuffle(texts)
    with tempfile.TemporaryDirectory() as logs:
        embedding = Embedding(Models(), Path(logs))
        try:
            for texts, path in ((asked[:1000], questions), (told[:_MOST], sentences)):
                parts = []
                for start in range(0, len(texts), _AT_ONCE):
                    parts.append(embedding.embed(texts[start : start + _AT_ONCE]))
                    if start % (20 * _AT_ONCE) == 0:
                        say(f"embedded {start:,} of {len(texts):,}")
                np.save(path, np.concatenate(parts))
        finally:
            embedding.close()
