"""Two ways from tokens to states, llama.cpp's and our own: which runs what, and do they agree?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cairn import assets
from cairn.core.errors import Unavailable
from cairn.core.models.embedder import Embedder
from cairn.core.models.reader import Reader
from cairn.core.models.states import Vectors, open_model
from cairn.native import encode
from tests.models.tiny import make_model

needs_own = pytest.mark.skipif(not encode.level(), reason="llama.cpp is the faster one here")
_SENTENCES = (
    "The garden budget is 400 euros, down from 550.", "Anna repairs the boiler on Monday.",
    "Der Zug nach Bergen fährt um 8:15 Uhr ab.", "def area(r): return 3.14159 * r ** 2",
    "漢字と仮名, 정원 예산, Привет мир", "She was born in 1902 in a small town near the sea.",
    "TOTAL;12,50;EUR;2026-03-02", "Why would anybody keep a grey cat in an office?",
)  # fmt: skip
TEXTS = [
    " ".join(_SENTENCES[(start + step * k) % len(_SENTENCES)] for k in range(length))
    for start in range(8) for step, length in ((1, 1), (3, 4), (5, 9), (7, 20))
]  # fmt: skip
QUESTIONS = ("How much is the budget?", "When does the train leave?", "Who repairs the boiler?")


@pytest.fixture(params=["embedder.gguf", "reader.gguf"])
def path(request: pytest.FixtureRequest) -> Path:
    return assets.path(request.param)


@pytest.fixture
def stock_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(encode, "level", lambda: "")
        yield


def mean(states: Vectors) -> Vectors:
    middle = states.mean(axis=0)
    return np.asarray(middle / np.linalg.norm(middle), np.float32)


@needs_own
def test_a_text_means_the_same_to_both(path: Path) -> None:
    tokenizer = Embedder(assets.path("embedder.gguf"))
    _, _, own = open_model(path, "", 512, "embedder")
    _, _, stock = open_model(path, "", 512, "embedder", stock=True)
    assert own.made_by.startswith("cairn") and stock.made_by.startswith("llama.cpp")
    assert (own.width, own.window) == (stock.width, stock.window) == (384, 512)
    tokens = [tokenizer.tokenize(text)[:512] for text in TEXTS]
    pairs = zip(own.of(tokens), stock.of(tokens), strict=True)
    agreements = [float(mean(one) @ mean(other)) for one, other in pairs]
    # Rounding to 8 bits falls out differently at the least cause: llama.cpp with and without its
    # flash attention are as far from each other.
    assert min(agreements) > 0.999
    assert np.median(agreements) > 0.9997


@needs_own
def test_both_readers_find_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Reader(assets.path("reader.gguf"))
    monkeypatch.setattr(encode, "level", lambda: "")
    stock = Reader(assets.path("reader.gguf"))
    for question in QUESTIONS:
        *_, ours = own.read(question, TEXTS[:12], 1)
        *_, theirs = stock.read(question, TEXTS[:12], 1)
        assert ours is not None and theirs is not None
        for text, (one,), (other,) in zip(TEXTS, ours, theirs, strict=False):
            assert abs(one[2] - other[2]) < 1
            if other[2] > 0:
                assert text[one[0] : one[1]] == text[other[0] : other[1]]


@pytest.mark.usefixtures("stock_only")
def test_without_our_code_llama_cpp_runs_the_model(path: Path) -> None:
    _, _, states = open_model(path, "", 512, "embedder")
    assert states.made_by.startswith("llama.cpp (there is no faster code")
    one, other = states.of([[101, 2054, 102], [101, 102]])
    assert one.shape == (3, 384) and other.shape == (2, 384)
    assert not np.shares_memory(one, other)
    states.close()


@needs_own
def test_what_is_no_plain_bert_is_run_by_llama_cpp(tmp_path: Path) -> None:
    _, _, states = open_model(make_model(tmp_path / "chat.gguf"), "", 64, "embedder")
    assert states.made_by == "llama.cpp (the model is not a plain BERT)"


@needs_own
@pytest.mark.parametrize("share", [0.01, 0.3, 0.9, 0.9999])
def test_a_model_that_is_cut_off_is_refused_in_the_librarys_words(
    tmp_path: Path, share: float
) -> None:
    whole = assets.path("embedder.gguf")
    cut = tmp_path / "cut.gguf"
    shutil.copy(whole, cut)
    with cut.open("r+b") as file:
        file.truncate(int(whole.stat().st_size * share))
    with pytest.raises(Unavailable, match="can't be loaded") as caught:
        Embedder(cut)
    assert "install cairn again" in caught.value.hint


@needs_own
def test_damaged_numbers_leave_the_model_to_llama_cpp(tmp_path: Path) -> None:
    data = bytearray(assets.path("embedder.gguf").read_bytes())
    data[-34:-32] = b"\xff\xff"  # the last block's scale
    (bent := tmp_path / "bent.gguf").write_bytes(data)
    _, _, states = open_model(bent, "", 512, "embedder")
    assert states.made_by.startswith("llama.cpp (") and "none" in states.made_by


@needs_own
def test_sequences_are_encoded_alike_alone_together_and_by_two_threads() -> None:
    _, _, states = open_model(assets.path("embedder.gguf"), "", 512, "embedder")
    sequences = [[101, *range(2000, 2000 + size), 102] for size in (3, 200, 17, 509, 1)]
    alone = [states.of([tokens])[0] for tokens in sequences]
    states.set_threads(2)
    for made in (states.of(sequences), [states.of([tokens])[0] for tokens in sequences]):
        assert all(np.array_equal(one, other) for one, other in zip(alone, made, strict=True))
