"""A turn is as near to a question as what it says, and not only as its passage is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cairn.core.chunk import chunk_document
from cairn.core.index import Index, Meaning, Replacement, newest_table
from cairn.core.index.meaning import DIMENSIONS
from cairn.core.recall.search import Results, search
from cairn.core.records import Block, Document, Place

TURNS = ("Ana: Nothing new over here.", "Ben: A kettle of tea, please.", "Ana: See you at noon.")


def axis(number: int) -> np.ndarray:
    values = np.zeros(DIMENSIONS, np.float32)
    values[number] = 1
    return values


def ask(index: Index, question: np.ndarray) -> Results:
    return search(index, lambda texts: np.stack([question]), "Who wants something warm?", 5)


def index_of(folder: Path, meaning: Meaning) -> Index:
    text = "\n".join(TURNS)
    begins = [0, len(TURNS[0]) + 1, len(TURNS[0]) + len(TURNS[1]) + 2]
    places = tuple(Place(at, "t", number) for number, at in enumerate(begins, start=1))
    blocks = tuple(
        Block(at, at + len(turn), who=turn[:3])
        for at, turn in zip(begins, TURNS, strict=True)
    )  # fmt: skip
    document = Document("chat:family", "chat", "Family", text, places, blocks)
    chunks = tuple(chunk_document(document))
    assert len(chunks) == 1
    index = Index(str(folder), newest_table(str(folder), ""))
    index.replace([Replacement(document.id, chunks, (meaning,))], {})
    return index


@pytest.mark.parametrize("nearest", [0, 1, 2])
def test_the_turn_that_means_it_comes_first(tmp_path: Path, nearest: int) -> None:
    rows = [axis(0), *(axis(0 if at == nearest else 5) for at in range(3))]
    results = ask(index_of(tmp_path, Meaning.of(np.stack(rows))), axis(0))
    assert results.evidence[0].at.first == 1 + nearest
    assert len({item.chunk.id for item in results.evidence}) == 1


def test_without_parts_all_turns_are_as_near_as_their_passage(tmp_path: Path) -> None:
    results = ask(index_of(tmp_path, Meaning(axis(0))), axis(0))
    assert [item.at.first for item in results.evidence] == [1, 2, 3]
    assert len({item.score for item in results.evidence}) == 1


def test_asked_again_it_answers_the_very_same(tmp_path: Path) -> None:
    values = np.random.default_rng(5).normal(size=(4, DIMENSIONS)).astype(np.float32)
    rows = values / np.linalg.norm(values, axis=1, keepdims=True)
    index = index_of(tmp_path, Meaning.of(rows))
    query = rows[0]
    first = ask(index, query)
    assert [item.at.first for item in first.evidence] == [
        item.at.first for item in ask(index, query).evidence
    ]
    assert [item.score for item in first.evidence] == [
        item.score for item in ask(index, query).evidence
    ]
