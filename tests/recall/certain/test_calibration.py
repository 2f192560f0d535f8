"""A memory is tried out with questions made from its own sentences, and from nothing in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cairn.core.chunk import chunk_document
from cairn.core.errors import Unavailable
from cairn.core.index import Index, Replacement
from cairn.core.journal import Journal
from cairn.core.recall.certain.calibration import Made, Tried, questions, sample
from cairn.core.recall.certain.calibration import Trial as Trial_
from cairn.core.recall.search import Results, search
from cairn.core.recall.words import stems
from cairn.core.records import Block, Chunk, Document, Place

_THINGS = (
    "kayak theodolite marmalade chimney orchid violin glacier passport lantern walnut pigeon "
    "saddle copper ladder saffron tunnel beetle velvet cactus harbour mustard anchor pepper ribbon"
).split()
_DEEDS = "painted borrowed repaired measured polished hidden traded carried".split()


def note(number: int) -> Document:
    thing, other, third = (_THINGS[(number + by) % len(_THINGS)] for by in (0, 5, 11))
    text = f"Grandfather {_DEEDS[number % len(_DEEDS)]} the {thing} beside a {other} and a {third}."
    places = (Place(0, "L", 1),)
    return Document(
        f"file:/{number}", "note", f"Note {number}", text, places, (Block(0, len(text)),)
    )


def put(index: Index, numbers: range) -> None:
    chunks = [(document.id, tuple(chunk_document(document))) for document in map(note, numbers)]
    index.replace([Replacement(id, each, (None,) * len(each)) for id, each in chunks], {})


@dataclass
class Memory:
    index: Index
    journal: Journal
    asked: list[str] = field(default_factory=list)
    has_embedder: bool = True

    def look(self, text: str) -> Results:
        def no_embedder(texts: list[str]) -> None:
            raise Unavailable("there is no embedder", "words must do")

        self.asked.append(text)
        found = search(self.index, no_embedder, text, 5)  # type: ignore[arg-type]
        if self.has_embedder:
            found = Results(
                found.question, found.evidence, found.missing, "", found.timings, found.trail
            )
        return found

    def trial(self) -> Trial_:
        return Trial_(self.journal, lambda: self.index, self.look, 0.5)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    index = Index(str(tmp_path / "index"), "chunks-3-none-1")
    put(index, range(24))
    return Memory(index, Journal(tmp_path / "journal.db"))


def finish(trial: Trial_, stop: Callable[[], bool] = lambda: False) -> int:
    rounds = 1
    while trial.round(stop):
        rounds += 1
    return rounds


def passages(memory: Memory) -> list[Chunk]:
    return sample(memory.index)


def test_questions_are_made_of_words_that_stand_together_or_never_do(memory: Memory) -> None:
    held = [stems(each.search_text) for each in passages(memory)]
    made = questions(passages(memory), 20)
    assert {each.has_answer for each in made} == {True, False}
    for each in made:
        asked = stems(each.text)
        together = max(len(asked & own) for own in held)
        assert together == (len(asked) if each.has_answer else 1), each.text


def test_the_same_memory_gives_the_same_questions(memory: Memory) -> None:
    assert questions(passages(memory), 20) == questions(passages(memory), 20)
    assert questions([], 20) == []


def test_own_sentences_are_answered_and_nothing_else(memory: Memory) -> None:
    trial = memory.trial()
    assert trial.tried is None
    assert finish(trial) > 1
    tried = trial.tried
    assert tried and tried.asked + tried.absent == len(memory.asked)
    assert tried.asked == tried.answered > 10
    assert tried.mistaken == 0 < tried.absent
    assert tried.passages == 24 and tried.table == memory.index.table.name


def test_a_memory_that_has_hardly_grown_is_not_tried_again(memory: Memory) -> None:
    finish(memory.trial())
    memory.asked.clear()
    put(memory.index, range(24, 27))
    finish(memory.trial())
    assert memory.asked == []
    put(memory.index, range(27, 32))
    finish(memory.trial())
    assert memory.asked


def test_it_stops_when_something_else_is_due_and_goes_on_later(memory: Memory) -> None:
    trial = memory.trial()
    assert not trial.round(lambda: True)
    assert memory.asked == []
    assert trial.round(lambda: len(memory.asked) == 3)
    assert len(memory.asked) == 3 and trial.tried is None
    finish(trial)
    assert len(memory.asked) == len(set(memory.asked)) and trial.tried


def test_without_an_embedder_nothing_is_told_until_something_changes(memory: Memory) -> None:
    memory.has_embedder = False
    trial = memory.trial()
    finish(trial)
    assert len(memory.asked) == 1 and trial.tried is None
    finish(trial)
    assert len(memory.asked) == 1
    memory.has_embedder = True
    put(memory.index, range(24, 25))
    finish(trial)
    assert trial.tried


def test_a_handful_of_passages_is_not_tried(tmp_path: Path) -> None:
    index = Index(str(tmp_path / "index"), "chunks-3-none-1")
    put(index, range(5))
    few = Memory(index, Journal(tmp_path / "journal.db"))
    finish(few.trial())
    assert few.asked == []


def test_another_index_or_a_fifth_more_is_another_state() -> None:
    tried = Tried("chunks-3-x-1", 100)
    assert tried.fits("chunks-3-x-1", 119) and tried.fits("chunks-3-x-1", 85)
    assert not tried.fits("chunks-3-x-1", 121)
    assert not tried.fits("chunks-3-x-1", 80)
    assert not tried.fits("chunks-3-x-2", 100)


def test_what_is_kept_holds_no_words_of_the_memory(memory: Memory) -> None:
    finish(memory.trial())
    kept = json.loads(memory.journal.get_meta("recall.tried"))
    assert {type(value) for key, value in kept.items() if key != "table"} == {int}
    assert Made("kayak", True) not in kept.values()
