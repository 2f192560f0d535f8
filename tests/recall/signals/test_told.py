"""What speaks for an entry speaks for the turn it rests on, and for no other."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cairn.core.chats.addresses import is_chat, window_uri
from cairn.core.engine import Engine
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.signals.told import by_entries
from cairn.core.recall.units import all_units
from cairn.core.records import Chunk, document_id
from tests.told import chat, entries, note

RENT = analyze("What is the rent?")
DAY = "2026-03-08T18:05:00+01:00"


def everything(engine: Engine) -> list[Chunk]:
    uris = engine.index.table.distinct("uri")
    documents = [window_uri(uri, 1) if is_chat(uri) else uri for uri in uris]
    passages = engine.index.passages(map(document_id, documents))
    return all_units(chunk for id in sorted(passages) for chunk in passages[id])


def heard(engine: Engine, units: list[Chunk]) -> dict[str, float] | None:
    """What units get of entries for which half speaks of what speaks for the best."""
    spoken = np.array([0.5 if unit.kind == "entry" else 0.1 for unit in units])
    column = by_entries(engine.keeping.pointers, RENT, units, spoken)
    if column is None:
        return None
    return {unit.text: float(value) for unit, value in zip(units, column, strict=True) if value}


def test_an_entry_speaks_for_its_turn(engine: Engine, tmp_path: Path) -> None:
    chat(engine, tmp_path / "in", (DAY, "user", "My rent is 400 euros."),
         (DAY, "other", "That is not much for this town."))  # fmt: skip
    assert len(entries(engine)) == 1
    assert heard(engine, everything(engine)) == {"Ana: My rent is 400 euros.": 0.5}


def test_an_entry_speaks_for_its_passage_of_a_file(engine: Engine, tmp_path: Path) -> None:
    lines = "\n\n".join(f"Line {number} is about birds and trees." for number in range(80))
    note(engine, tmp_path / "life" / "house.md", f"The rent is 400 euros.\n\n{lines}\n")
    found = heard(engine, everything(engine))
    assert found is not None
    assert [text.split("\n")[0] for text in found] == ["The rent is 400 euros."]


def test_the_best_of_several_entries_counts(engine: Engine, tmp_path: Path) -> None:
    chat(engine, tmp_path / "in", (DAY, "user", "My rent is 400 euros. My landlord is Tomas."))
    units = everything(engine)
    kinds = [unit.kind for unit in units]
    assert kinds.count("entry") == 2
    values = iter((0.3, 0.7))
    spoken = np.array([next(values) if kind == "entry" else 0.0 for kind in kinds])
    column = by_entries(engine.keeping.pointers, RENT, units, spoken)
    assert column is not None
    assert column.tolist() == [0.7 if kind == "chat" else 0.0 for kind in kinds]


def test_what_a_user_wrote_rests_on_nothing(engine: Engine) -> None:
    engine.remember("The rent is 400 euros.")
    engine.work()
    assert heard(engine, everything(engine)) is None


def test_without_entries_or_sources_there_is_nothing_to_say(engine: Engine, tmp_path: Path) -> None:
    assert heard(engine, []) is None
    chat(engine, tmp_path / "in", (DAY, "user", "My rent is 400 euros."))
    units = everything(engine)
    assert heard(engine, [unit for unit in units if unit.kind != "entry"]) is None
    assert heard(engine, [unit for unit in units if unit.kind == "entry"]) is None
