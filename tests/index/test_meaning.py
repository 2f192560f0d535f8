"""What is made of a passage and of its turns: kept with its text, wherever that lies."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cairn.core.engine import Engine
from cairn.core.index import (
    Index,
    Meaning,
    Replacement,
    newest_table,
    next_table,
    reuse_meanings,
)
from cairn.core.index.meaning import DIMENSIONS, part_cosines, part_starts, text_digest
from cairn.core.index.table import table_names
from cairn.core.records import Chunk, Span, content_hash, digest, document_id
from tests.told import chat

RANDOM = np.random.default_rng(3)
TOLD = (
    ("2026-03-01T09:00:00Z", "user", "The raised beds cost 400 euros, wood and soil included."),
    ("2026-03-01T09:01:00Z", "other", "And who carries the wood up to the roof?"),
    ("2026-03-01T09:02:00Z", "user", "Boris does, he has a van. We begin on Saturday."),
)


def vectors(count: int) -> np.ndarray:
    values = RANDOM.normal(size=(count, DIMENSIONS)).astype(np.float32)
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def talk(name: str, *turns: str) -> Chunk:
    """A passage of a conversation, one line a turn."""
    uri, text = f"chat:{name}", "\n".join(turns)
    offsets = np.cumsum([0, *(len(turn) + 1 for turn in turns[:-1])]).tolist()
    hash = content_hash(text)
    return Chunk(
        id="c_" + digest(uri, hash, size=8), doc_id=document_id(uri), uri=uri, ordinal=0,
        kind="chat", title="Family", heading=(), context="", text=text,
        span=Span(0, len(text), "t", 7, 6 + len(turns)),
        places=tuple((offset, 7 + at) for at, offset in enumerate(offsets)),
        when="2026-03-01", who="Ana, Ben", origin="other", hash=hash,
    )  # fmt: skip


def written(index: Index, *chunks: Chunk) -> list[Meaning]:
    meanings = [Meaning.of(vectors(1 + len(part_starts(chunk)))) for chunk in chunks]
    index.replace(
        [
            Replacement(chunk.doc_id, (chunk,), (made,))
            for chunk, made in zip(chunks, meanings, strict=True)
        ],
        index.table.stored(chunk.doc_id for chunk in chunks),
    )
    return meanings


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(str(tmp_path), newest_table(str(tmp_path), "model"))


def test_only_turns_of_a_conversation_are_parts() -> None:
    passage = talk("a", "one", "two", "three")
    starts = part_starts(passage)
    assert [passage.embedding_text[start:][:3] for start in starts] == ["one", "two", "thr"]
    assert part_starts(talk("a", "alone")) == ()
    assert part_starts(replace(passage, kind="note")) == ()
    assert text_digest(replace(passage, kind="note")) == digest(passage.embedding_text)


def test_equal_texts_with_other_turns_are_not_taken_for_each_other() -> None:
    one, other = talk("a", "one\ntwo", "three"), talk("a", "one", "two\nthree")
    assert one.embedding_text == other.embedding_text
    assert text_digest(one) != text_digest(other)
    renumbered = replace(one, places=tuple((offset, n + 50) for offset, n in one.places))
    assert text_digest(one) == text_digest(renumbered)


def test_parts_come_back_with_their_passage(index: Index) -> None:
    told, alone = talk("a", "one", "two", "three"), talk("b", "one")
    made, _ = written(index, told, alone)
    chunks, parts, _ = index.table.fetch_all([alone.id, told.id, "c_gone"])
    assert chunks == [alone, told]
    assert parts == {told.id: made.parts}
    (row,) = index.table.stored([told.doc_id])[told.doc_id]
    assert row.meaning and row.meaning.parts == made.parts


def test_a_conversation_that_lies_elsewhere_keeps_its_parts(index: Index) -> None:
    told = talk("old", "one", "two")
    (made,) = written(index, told)
    moved = talk("new", "one", "two")
    known = index.known_meanings([moved], {})
    (kept,) = reuse_meanings([moved], (), lambda texts, starts: None, known)
    assert kept and kept.parts == made.parts and np.array_equal(kept.vector, made.vector)


def test_a_turn_that_is_added_is_embedded_with_its_passage(index: Index) -> None:
    told = talk("a", "one", "two")
    written(index, told)
    longer = talk("a", "one", "two", "three")
    asked: list[list[int]] = []

    def embed(texts: list[str], starts: list[list[int]]) -> list[np.ndarray]:
        asked.extend(starts)
        return [vectors(1 + len(cuts)) for cuts in starts]

    before = index.table.stored([told.doc_id])
    known = index.known_meanings([longer], before)
    (made,) = reuse_meanings([longer], before[told.doc_id], embed, known)
    assert asked == [part_starts(longer)]
    assert made and len(made.parts) == 3 * DIMENSIONS


@pytest.mark.parametrize(("model", "is_kept"), [("model", True), ("other", False)])
def test_parts_of_a_source_out_of_reach_stay_with_the_model_that_made_them(
    index: Index, tmp_path: Path, model: str, is_kept: bool
) -> None:
    told = talk("a", "one", "two")
    (made,) = written(index, told)
    fresh = Index(str(tmp_path), next_table(str(tmp_path), model))
    fresh.carry_over(index, [told.doc_id])
    parts = fresh.table.fetch_all([told.id]).parts
    assert parts == ({told.id: made.parts} if is_kept else {})


def test_cosines_are_those_of_the_vectors() -> None:
    told = talk("a", "one", "two", "three")
    rows, query = vectors(4), vectors(1)[0]
    found = part_cosines(query, [told], {told.id: Meaning.of(rows).parts})
    assert list(found) == [f"{told.id}.7", f"{told.id}.8", f"{told.id}.9"]
    np.testing.assert_allclose(list(found.values()), rows[1:] @ query, atol=0.005)


def test_cosines_do_not_depend_on_what_else_was_found() -> None:
    many = [talk(str(n), *(f"{n} {m}" for m in range(2 + n % 5))) for n in range(40)]
    parts = {chunk.id: Meaning.of(vectors(1 + len(chunk.places))).parts for chunk in many}
    query = vectors(1)[0]
    together = part_cosines(query, many[::-1], parts)
    for chunk in many:
        alone = part_cosines(query, [chunk], parts)
        assert alone == {id: together[id] for id in alone}


def test_rows_without_parts_have_no_cosines_of_their_own() -> None:
    told, query = talk("a", "one", "two"), vectors(1)[0]
    assert part_cosines(query, [told], {}) == {}
    assert part_cosines(query, [], {}) == {}
    assert part_cosines(query, [told], {told.id: b""}) == {}
    too_many = Meaning.of(vectors(4)).parts
    assert part_cosines(query, [told], {told.id: too_many}) == {}
    nothing = bytes(2 * DIMENSIONS)
    assert set(part_cosines(query, [told], {told.id: nothing}).values()) == {0.0}


def parts_of(engine: Engine) -> dict[str, bytes]:
    return engine.index.table.fetch_all(engine.index.table.matching("kind = 'chat'")).parts


def test_parts_survive_a_kill_and_come_back_with_a_rebuild(engine: Engine, tmp_path: Path) -> None:
    chat(engine, tmp_path / "chats", *TOLD)
    before = parts_of(engine)
    assert [len(parts) for parts in before.values()] == [3 * DIMENSIONS]
    pid = engine.embedding.pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert engine.rebuild()
    assert parts_of(engine) == before


def test_an_index_of_an_older_layout_is_made_anew_by_itself(engine: Engine, tmp_path: Path) -> None:
    chat(engine, tmp_path / "chats", *TOLD)
    before, ranked = parts_of(engine), [e.chunk.id for e in engine.search("van").evidence]
    name = engine.index.table.name
    old = "chunks-1-" + name.split("-", 2)[2]
    (engine.home.index / f"{name}.lance").rename(engine.home.index / f"{old}.lance")
    engine.journal.set_meta("index.table", old)
    engine._index = None
    assert "not indexed yet" in engine.search("van").degraded
    engine.work()
    assert engine.index.table.name == name
    assert parts_of(engine) == before
    assert [item.chunk.id for item in engine.search("van").evidence] == ranked
    assert table_names(str(engine.home.index)) == [name]
