"""Reading by way of the worker: what it answers, and what is said when it can't."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn import assets
from cairn.core.config import Models
from cairn.core.errors import Unavailable
from cairn.core.models.embedding import Embedding
from cairn.core.models.reading import Reading

TEXT = "8 May 2023, Caroline: I adopted a grey cat last Tuesday."


@pytest.fixture
def embedding(tmp_path: Path) -> Iterator[Embedding]:
    opened = Embedding(Models(), tmp_path)
    yield opened
    opened.close()


def test_answers_come_with_their_places(embedding: Embedding) -> None:
    answered, other = Reading(embedding).read("What did Caroline adopt?", [TEXT, ""], most=2)
    best = answered.spans[0]
    assert "cat" in TEXT[best.start : best.end]
    assert answered.score == best.score > other.score
    assert other.spans == ()


def test_nothing_to_read_is_nothing_found(embedding: Embedding) -> None:
    assert Reading(embedding).read("What?", []) == []


def test_reading_and_embedding_share_a_process(embedding: Embedding) -> None:
    before = embedding.embed(["a question"], urgent=True)
    Reading(embedding).read("What did Caroline adopt?", [TEXT])
    assert (embedding.embed(["a question"], urgent=True) == before).all()
    assert embedding.restarts == 0


def test_a_missing_reader_is_named(embedding: Embedding, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"none\.gguf is missing") as raised:
        Reading(embedding, tmp_path / "none.gguf").read("What?", [TEXT])
    assert "whole sentences" in raised.value.hint


def _cut(path: Path) -> None:
    path.write_bytes(assets.path("reader.gguf").read_bytes()[:3_000_000])


def _garbage(path: Path) -> None:
    path.write_bytes(b"GGUF" + b"\xff" * 5_000)


def _embedder(path: Path) -> None:
    shutil.copy(assets.path("embedder.gguf"), path)


@pytest.mark.parametrize("spoil", [_cut, _garbage, _embedder])
def test_a_file_that_is_no_reader_is_refused_and_embedding_goes_on(
    embedding: Embedding, tmp_path: Path, spoil: object
) -> None:
    path = tmp_path / "spoiled.gguf"
    assert callable(spoil)
    spoil(path)
    with pytest.raises(Unavailable, match=r"spoiled\.gguf") as raised:
        Reading(embedding, path).read("What?", [TEXT])
    assert "whole sentences" in raised.value.hint
    assert embedding.embed(["still here"], urgent=True).shape == (1, 384)
    assert embedding.restarts == 0
