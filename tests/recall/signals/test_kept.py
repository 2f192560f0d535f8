"""What entries rest on is worth keeping, and nothing that cairn says itself."""

from __future__ import annotations

from pathlib import Path

from cairn.core.chats.addresses import is_chat, window_uri
from cairn.core.engine import Engine
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.signals.kept import kept
from cairn.core.recall.units import all_units
from cairn.core.records import Chunk, document_id
from tests.told import chat, entries, note

ANY = analyze("birds and trees")
DAY = "2026-03-08T18:05:00+01:00"


def everything(engine: Engine) -> list[Chunk]:
    uris = engine.index.table.distinct("uri")
    documents = [window_uri(uri, 1) if is_chat(uri) else uri for uri in uris]
    passages = engine.index.passages(map(document_id, documents))
    return all_units(chunk for id in sorted(passages) for chunk in passages[id])


def kept_texts(engine: Engine) -> list[str]:
    units = everything(engine)
    column = kept(engine.keeping.pointers, ANY, units)
    values = [0.0] * len(units) if column is None else column.tolist()
    return [unit.text for unit, value in zip(units, values, strict=True) if value]


def test_a_turn_counts_that_an_entry_rests_on_and_not_its_neighbour(
    engine: Engine, tmp_path: Path
) -> None:
    chat(engine, tmp_path / "in", (DAY, "user", "My rent is 400 euros."),
         (DAY, "other", "That is not much for this town."))  # fmt: skip
    assert len(entries(engine)) == 1
    assert kept_texts(engine) == ["Ana: My rent is 400 euros."]


def test_the_passage_of_a_file_counts_that_an_entry_rests_on(
    engine: Engine, tmp_path: Path
) -> None:
    lines = "\n\n".join(f"Line {number} is about birds and trees." for number in range(80))
    note(engine, tmp_path / "life" / "house.md", f"{lines}\n\nThe rent is 400 euros.\n")
    found = kept_texts(engine)
    assert [text.rstrip().rpartition("\n")[2] for text in found] == ["The rent is 400 euros."]
    assert len([unit for unit in everything(engine) if unit.kind == "note"]) > 1


def test_where_nothing_is_kept_it_says_nothing(engine: Engine, tmp_path: Path) -> None:
    chat(engine, tmp_path / "in", (DAY, "other", "Hello there, how are you?"))
    assert not entries(engine)
    assert kept(engine.keeping.pointers, ANY, everything(engine)) is None


def test_an_absurd_place_in_a_source_costs_nothing(engine: Engine, tmp_path: Path) -> None:
    chat(engine, tmp_path / "in", (DAY, "other", "Hello there, how are you?"))
    uri = next(uri for uri in engine.index.table.distinct("uri") if is_chat(uri))
    place = uri.partition("!/")[0]
    text = (
        "---\nid: e_absurd\ntitle: Hello\nkind: fact\nsources:\n"
        f'  - {{uri: "{place}#t1-t999999999", quote: "Hello there"}}\n---\nSomebody said hello.\n'
    )
    file = engine.home.tree / "absurd.md"
    file.write_text(text)
    engine.sweep()
    engine.work()
    assert kept_texts(engine) == ["Ben: Hello there, how are you?"]
