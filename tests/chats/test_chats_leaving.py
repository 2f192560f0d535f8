"""What leaves with a source: what only it brought, at once, and no number is given twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cairn.core.chats.leaving import Dropped
from cairn.core.chats.sources import READ_AS_CHAT
from cairn.core.engine import Engine
from cairn.core.errors import ConfigError, NotFound
from cairn.core.extract.reading import Reading
from cairn.core.uris import file_uri
from tests.chats.test_chats_following import line

CHAT = "chat:turns/c"


def export(path: Path, numbers: range, conversation: str = "c", word: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {"conversation": conversation, "id": str(number), "author": "ana", "origin": "user",
         "time": f"2026-08-10T12:00:{number % 60:02}Z",
         "text": f"What was said {word} as number {number}"}
        for number in numbers
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def take(engine: Engine, *paths: Path) -> None:
    for path in paths:
        engine.conversations.take_in(path)
        engine.work()


def drop(engine: Engine, path: Path) -> Dropped:
    dropped = engine.conversations.remove(path, drop=True)
    engine.work()
    return dropped


def said(engine: Engine, uri: str = CHAT) -> list[tuple[int, int]]:
    """Each turn's number in the memory, and in its export."""
    turns = engine.conversations.turns(uri, 1, 10_000)
    return [(turn.number, int(turn.text.rpartition(" ")[2])) for turn in turns]


def test_what_another_source_has_too_stays(engine: Engine, tmp_path: Path) -> None:
    old = export(tmp_path / "1" / "a.turns.jsonl", range(5))
    new = export(tmp_path / "2" / "b.turns.jsonl", range(3, 10))
    take(engine, old, new)
    before = dict(said(engine))
    assert drop(engine, old) == Dropped(1, 3)
    assert said(engine) == [(number, said) for number, said in before.items() if said >= 3]
    assert engine.conversations.origin_of(CHAT, 4) == (new, 1)
    counts = engine.journal.counts()
    assert counts.turns == 7 and counts.chunks == engine.index.table.count()
    assert not [e for e in engine.search("number 1").evidence if "number 1\n" in e.chunk.text]
    assert drop(engine, new) == Dropped(1, 7)
    assert engine.journal.counts().conversations == engine.index.table.count() == 0


def test_what_only_a_later_source_brought_leaves(engine: Engine, tmp_path: Path) -> None:
    old = export(tmp_path / "1" / "a.turns.jsonl", range(5))
    new = export(tmp_path / "2" / "b.turns.jsonl", range(10))
    take(engine, old, new)
    sources = {Path(each.path): each.turns for each in engine.conversations.status()}
    assert sources == {old: 5, new: 10}  # what each of them has
    assert engine.conversations.brought(new) == 5  # what is new in it
    assert drop(engine, new) == Dropped(1, 5)
    assert [said for _, said in said(engine)] == list(range(5))


def test_a_number_is_never_given_twice(engine: Engine, tmp_path: Path) -> None:
    old = export(tmp_path / "1" / "a.turns.jsonl", range(5))
    new = export(tmp_path / "2" / "b.turns.jsonl", range(10))
    take(engine, old, new)
    drop(engine, new)
    take(engine, new)
    assert said(engine) == [*((n + 1, n) for n in range(5)), *((n + 6, n) for n in range(5, 10))]
    (chat,) = engine.conversations.latest()
    assert (chat.turns, chat.highest) == (10, 15)
    assert drop(engine, new).turns == 5 and drop(engine, old).turns == 5


def test_what_was_dropped_can_be_imported_again(engine: Engine, tmp_path: Path) -> None:
    path = export(tmp_path / "a.turns.jsonl", range(450))
    for _ in range(2):
        take(engine, path)
        assert len(said(engine)) == 450 and engine.search("number 449").evidence
        assert drop(engine, path) == Dropped(1, 450)
        assert engine.index.table.count() == 0


def test_a_replayed_session_keeps_what_it_repeats(engine: Engine, tmp_path: Path) -> None:
    first, again = tmp_path / "1" / "s1.jsonl", tmp_path / "2" / "s2.jsonl"
    for path, session in ((first, "s1"), (again, "s2")):
        path.parent.mkdir()
        path.write_text("".join(line(number, session=session) for number in (1, 2)))
        take(engine, path)
    drop(engine, first)
    assert len(engine.conversations.turns("chat:claude-code/s1", 1, 9)) == 2
    assert drop(engine, again).turns == 2


def test_all_leaves_at_once_or_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export(tmp_path / "a.turns.jsonl", range(5))
    take(engine, path)

    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("cairn.core.conversations.drop_transcripts", breaks)
        with pytest.raises(ZeroDivisionError):
            engine.conversations.remove(path, drop=True)
    assert engine.conversations.state_of(path).turns == 5


def test_nothing_comes_of_a_reading_whose_source_has_gone(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export(tmp_path / "a.turns.jsonl", range(5000))
    engine.conversations.take_in(path)
    real, calls = Reading.take, []

    def take(*args: object, **options: object) -> object:
        batch = real(*args, **options)  # type: ignore[arg-type]
        calls.append(batch)
        if len(calls) == 2:
            engine.conversations.remove(path, drop=True)
        return batch

    monkeypatch.setattr(Reading, "take", take)
    engine.work()
    assert len(calls) == 2 and engine.journal.counts().turns == engine.waiting == 0
    assert engine.conversations.status() == [] and engine.index.table.count() == 0


def test_what_is_kept_of_a_removed_source_can_be_dropped(engine: Engine, tmp_path: Path) -> None:
    path = export(tmp_path / "x" / "a.turns.jsonl", range(5))
    take(engine, path)
    engine.conversations.remove(path, drop=False)
    path.unlink()
    with pytest.raises(NotFound):
        engine.conversations.remove(path, drop=False)
    assert drop(engine, path.parent) == Dropped(1, 5)
    with pytest.raises(NotFound):
        engine.conversations.remove(path, drop=True)


def test_a_kind_is_removed_with_all_its_sources(engine: Engine, tmp_path: Path) -> None:
    paths = [export(tmp_path / f"{n}.turns.jsonl", range(3), conversation=f"c{n}") for n in (1, 2)]
    log = tmp_path / "s1.jsonl"
    log.write_text(line(1))
    take(engine, *paths, log)
    assert engine.conversations.remove_kind("turns", drop=True) == Dropped(2, 6)
    assert [each.kind for each in engine.conversations.status()] == ["claude-code"]
    with pytest.raises(NotFound):
        engine.conversations.remove_kind("turns", drop=True)


def test_what_cairn_was_asked_can_be_dropped(engine: Engine, life: Path) -> None:
    engine.add(life)
    engine.work()
    engine.ask("How much was the garden budget?")
    with pytest.raises(ConfigError, match="no source"):
        engine.conversations.remove_kind("cairn", drop=False)
    assert engine.conversations.remove_kind("cairn", drop=True) == Dropped(1, 2)
    assert engine.conversations.latest() == [] and engine.journal.counts().turns == 0


def test_one_conversation_can_be_dropped(engine: Engine, tmp_path: Path) -> None:
    one = export(tmp_path / "s" / "1.turns.jsonl", range(3), conversation="one", word="wombat")
    export(tmp_path / "s" / "2.turns.jsonl", range(3), conversation="two")
    take(engine, one.parent)
    assert engine.conversations.remove_chat("chat:turns/one") == Dropped(1, 3)
    engine.work()
    assert [chat.uri for chat in engine.conversations.latest()] == ["chat:turns/two"]
    assert not [e for e in engine.search("wombat").evidence if "wombat" in e.chunk.text]
    with pytest.raises(NotFound):
        engine.conversations.remove_chat("chat:turns/one")


@pytest.mark.parametrize("drops", [True, False])
def test_a_file_of_a_watched_folder_is_read_as_such_again(
    engine: Engine, tmp_path: Path, drops: bool
) -> None:
    path = export(tmp_path / "notes" / "a.turns.jsonl", range(3), word="wombat")
    engine.add(path.parent)
    engine.work()
    take(engine, path)
    record = engine.journal.file(file_uri(path))
    assert record is not None and record.code == READ_AS_CHAT
    engine.conversations.remove(path, drop=drops)
    engine.work()
    record = engine.journal.file(file_uri(path))
    assert record is not None and record.state == "indexed"
    assert file_uri(path) in [item.chunk.uri for item in engine.search("wombat").evidence]
