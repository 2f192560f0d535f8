"""The invented life: the same each time, and what is planted does stand where it is said to."""

from __future__ import annotations

import email
import email.policy
import json
from pathlib import Path

import pytest

from tests.bench.life.build import DOCUMENTS, build
from tests.bench.life.gold import Life
from tests.bench.tree_life import perfect, score


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Life, Path]:
    folder = tmp_path_factory.mktemp("life")
    return build(folder), folder


def test_the_same_seed_makes_the_same_bytes(made: tuple[Life, Path], tmp_path: Path) -> None:
    life, folder = made
    assert build(tmp_path) == life
    assert len(set(life.documents)) == DOCUMENTS
    for document in life.documents:
        assert (tmp_path / document).read_bytes() == (folder / document).read_bytes()


def test_every_planted_sentence_stands_in_its_document(made: tuple[Life, Path]) -> None:
    life, folder = made
    for each in (*life.planted, *life.traps):
        assert _folded(each.line.text) in _text(folder / each.document), each


def test_noise_holds_nothing_planted_and_what_changes_is_planted(made: tuple[Life, Path]) -> None:
    life, _ = made
    assert not {each.document for each in life.planted} & set(life.noise)
    assert {thing for pair in life.updates for thing in pair} <= set(life.things())


def test_keeping_exactly_what_is_planted_scores_full_marks(made: tuple[Life, Path]) -> None:
    figures = score(made[0], perfect(made[0]))
    assert (figures["precision"], figures["recall"]) == (1.0, 1.0)
    assert figures["duplicates_merged"] == 1.0
    assert figures["promises_due_right"] == figures["events_day_right"] == 1.0
    assert figures["noise_documents_that_yield"] == figures["wrong_merges"] == 0


def _text(file: Path) -> str:
    text = file.read_text("utf-8")
    if file.suffix == ".eml":
        message = email.message_from_string(text, policy=email.policy.default)
        return _folded(message.get_content())
    if file.suffix == ".jsonl":
        turns = [json.loads(line) for line in text.splitlines()]
        return _folded(" ".join(f"{turn['text']} {turn.get('command', '')}" for turn in turns))
    return _folded(text)


def _folded(text: str) -> str:
    return " ".join(text.split())
