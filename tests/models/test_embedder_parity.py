"""The shipped embedder against a float32 run of the same model, text by text.

The reference (data/embedder_reference.json, made by assets/build/reference_vectors.py) knows
nothing of llama.cpp, so what is checked is the whole of assets/embedder.gguf: vocabulary, tensor
names, quantization, pooling. Invariant: equal token ids, cosine at least 0.999.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from llama_cpp import llama_cpp as L
from numpy.typing import NDArray

from cairn import assets

REFERENCE = json.loads(
    (Path(__file__).parent / "data" / "embedder_reference.json").read_text(encoding="utf-8")
)
ROWS: list[dict[str, Any]] = REFERENCE["rows"]
MANIFEST: dict[str, Any] = json.loads(assets.path("embedder.json").read_text(encoding="utf-8"))
LIMIT = 512  # tokens a call may hold: attention spans the whole of a micro-batch
SEQUENCES = 8

Vector = NDArray[np.float32]


# At module level, so that it outlives every call the library makes to it.
QUIET = L.llama_log_callback(lambda _level, _text, _data: None)


class Runner:
    """The least of llama.cpp that turns texts into vectors."""

    def __init__(self, file: Path) -> None:
        L.llama_log_set(QUIET, ctypes.c_void_p(0))
        L.llama_backend_init()
        loading = L.llama_model_default_params()
        loading.use_extra_bufts = False  # repacked weights crash with some compilers' AMX code
        self.model = L.llama_model_load_from_file(str(file).encode(), loading)
        assert self.model, f"{file} did not load"
        running = L.llama_context_default_params()
        running.embeddings = True
        running.pooling_type = L.LLAMA_POOLING_TYPE_UNSPECIFIED  # leave it to the file
        running.n_ctx = running.n_batch = running.n_ubatch = LIMIT
        running.n_seq_max = SEQUENCES
        running.n_threads = running.n_threads_batch = 1
        self.context = L.llama_init_from_model(self.model, running)
        assert self.context
        self.vocabulary = L.llama_model_get_vocab(self.model)
        self.dimensions = L.llama_model_n_embd(self.model)

    def close(self) -> None:
        L.llama_free(self.context)
        L.llama_model_free(self.model)

    def metadata(self, key: str) -> str:
        buffer = ctypes.create_string_buffer(64)
        L.llama_model_meta_val_str(self.model, key.encode(), buffer, len(buffer))
        return buffer.value.decode()

    def tokens(self, text: str) -> list[int]:
        data = text.encode("utf-8")
        found = (L.llama_token * (len(data) + 8))()
        # parse_special off: a text that spells [SEP] is text.
        count = L.llama_tokenize(self.vocabulary, data, len(data), found, len(found), True, False)
        assert count >= 0
        return list(found[:count])

    def embed(self, *texts: list[int]) -> Vector:
        """One call, one sequence a text; rows are of unit length."""
        batch = L.llama_batch_init(LIMIT, 0, 1)
        try:
            for sequence, ids in enumerate(texts):
                for position, token in enumerate(ids):
                    at = batch.n_tokens
                    batch.token[at], batch.pos[at] = token, position
                    batch.n_seq_id[at], batch.seq_id[at][0] = 1, sequence
                    batch.logits[at] = True
                    batch.n_tokens = at + 1
            assert L.llama_encode(self.context, batch) == 0
        finally:
            L.llama_batch_free(batch)
        pooled = (L.llama_get_embeddings_seq(self.context, i) for i in range(len(texts)))
        rows = np.array([vector[: self.dimensions] for vector in pooled], np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    made = Runner(assets.path(MANIFEST["file"]))
    yield made
    made.close()


def test_file_is_the_one_the_manifest_names() -> None:
    data = assets.path(MANIFEST["file"]).read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (MANIFEST["size"], MANIFEST["sha256"])
    assert MANIFEST["source"]["weights_sha256"] == REFERENCE["weights_sha256"]


def test_file_says_how_it_is_to_be_run(runner: Runner) -> None:
    said = {
        key: runner.metadata(key)
        for key in ("general.architecture", "general.license", "bert.pooling_type")
    }
    assert said == {
        "general.architecture": "bert",
        "general.license": MANIFEST["licence"].lower(),
        "bert.pooling_type": str(L.LLAMA_POOLING_TYPE_MEAN),
    }
    assert L.llama_pooling_type(runner.context) == L.LLAMA_POOLING_TYPE_MEAN
    assert runner.dimensions == MANIFEST["dimensions"]
    assert L.llama_model_n_ctx_train(runner.model) == MANIFEST["model_limit"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["name"]))
def test_tokens_equal_the_reference(runner: Runner, row: dict[str, Any]) -> None:
    assert runner.tokens(unicodedata.normalize("NFD", row["text"])) == row["ids"]
    if row["name"] != "korean":  # llama.cpp does not take Hangul syllables apart by itself
        assert runner.tokens(row["text"]) == row["ids"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["name"]))
def test_vector_is_close_to_the_reference(runner: Runner, row: dict[str, Any]) -> None:
    assert runner.embed(row["ids"])[0] @ np.array(row["vector"], np.float32) >= 0.999


def test_texts_of_one_call_do_not_see_each_other(runner: Runner) -> None:
    texts = [row["ids"] for row in ROWS if len(row["ids"]) <= 40][:SEQUENCES]
    # Same lengths, so the arithmetic is laid out alike and only a leak could change anything.
    others = [texts[0], *([ids[0], *reversed(ids[1:-1]), ids[-1]] for ids in texts[1:])]
    together = runner.embed(*texts)
    np.testing.assert_allclose(together[0], runner.embed(*others)[0], atol=1e-6)
    # Alone, the rounding of 8-bit activations falls out differently.
    alone = np.vstack([runner.embed(ids) for ids in texts])
    assert (together * alone).sum(axis=1).min() >= 0.999


def test_text_of_the_longest_length_runs(runner: Runner) -> None:
    word = ROWS[0]["ids"][1]
    first, last = ROWS[0]["ids"][0], ROWS[0]["ids"][-1]
    assert np.isfinite(runner.embed([first, *[word] * (LIMIT - 2), last])).all()


def test_missing_asset_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-model"):
        assets.path("no-such-model.gguf")
