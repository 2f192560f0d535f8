"""One folder, or one source of conversations, of which nothing new is read for a while."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cairn.core.config import Config, Watch
from cairn.core.engine import Engine
from cairn.core.errors import NotFound
from cairn.core.home import open_home
from tests.conftest import wait_until


def opened(base: Path) -> Engine:
    return Engine(open_home(base / "home"), Config(watch=Watch(pause_on_battery=False)))


def note(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# Note\n\n{text}\n")


def settle(engine: Engine) -> None:
    """A reader that is late, on a busy machine, is asked again."""
    wait_until(lambda: engine.work() == 0 and engine.waiting == 0, 120)


def found(engine: Engine, word: str) -> set[str]:
    return {"/".join(item.chunk.uri.split("/")[-2:]) for item in engine.search(word).evidence
            if word in item.chunk.text}  # fmt: skip


def paused(engine: Engine) -> set[str]:
    return {Path(root.path).name for root in engine.status().roots if root.paused}


def test_what_is_paused_stays_searchable_and_nothing_new_of_it_is_read(tmp_path: Path) -> None:
    still, goes = tmp_path / "still", tmp_path / "goes"
    for folder in (still, goes):
        note(folder / "old.md", "The lighthouse stands.")
    engine = opened(tmp_path)
    engine.add(still)
    engine.add(goes)
    settle(engine)
    engine.pausing.turn(still, on=True)
    assert paused(engine) == {"still"}
    for folder in (still, goes):
        note(folder / "new.md", "The harbour is deep.")
    assert engine.note_changes([still / "new.md", still]) == 0
    assert engine.note_changes([goes / "new.md"]) == 1
    assert engine.sweep() == 0
    settle(engine)
    assert found(engine, "lighthouse") == {"still/old.md", "goes/old.md"}
    assert found(engine, "harbour") == {"goes/new.md"}
    engine.close()

    engine = opened(tmp_path)  # a restart does not end it
    try:
        assert paused(engine) == {"still"} and engine.sweep() == 0
        engine.pausing.turn(still, on=False)
        settle(engine)
        assert paused(engine) == set()
        assert found(engine, "harbour") == {"still/new.md", "goes/new.md"}
    finally:
        engine.close()


def test_the_queue_of_what_is_paused_is_held(tmp_path: Path) -> None:
    life, inner = tmp_path / "life", tmp_path / "life" / "inner"
    note(life / "outer.md", "The lighthouse stands.")
    note(inner / "inner.md", "The lighthouse stands.")
    engine = opened(tmp_path)
    try:
        engine.add(inner)
        engine.add(life)
        engine.pausing.turn(life, on=True)
        settle(engine)
        assert found(engine, "lighthouse") == {"inner/inner.md"}  # which was named itself
        assert engine.status().counts.queued == 0
        engine.pausing.turn(life, on=False)
        settle(engine)
        assert found(engine, "lighthouse") == {"inner/inner.md", "life/outer.md"}
    finally:
        engine.close()


def test_what_is_added_again_goes_on_and_what_is_removed_leaves(tmp_path: Path) -> None:
    life = tmp_path / "life"
    note(life / "one.md", "The lighthouse stands.")
    engine = opened(tmp_path)
    try:
        engine.add(life)
        engine.pausing.turn(life, on=True)
        engine.add(life)
        settle(engine)
        assert paused(engine) == set() and found(engine, "lighthouse") == {"life/one.md"}
        engine.pausing.turn(life, on=True)
        engine.remove(life)
        settle(engine)
        assert found(engine, "lighthouse") == set()
        engine.add(life)
        assert paused(engine) == set()
    finally:
        engine.close()


def test_a_source_of_conversations_is_paused(tmp_path: Path) -> None:
    log = tmp_path / "chats" / "talk.turns.jsonl"
    log.parent.mkdir()

    def say(number: int) -> None:
        with log.open("a") as file:
            file.write(json.dumps({
                "conversation": "c", "title": "Talk", "time": f"2026-03-01T18:0{number}:00",
                "author": "Ana", "origin": "other", "text": f"Turn {number}.", "id": str(number),
            }) + "\n")  # fmt: skip

    say(1)
    engine = opened(tmp_path)
    try:
        engine.conversations.follow(log.parent)
        settle(engine)
        engine.pausing.turn(log.parent, on=True)
        assert [each.paused for each in engine.conversations.status()] == [True]
        say(2)
        assert engine.note_changes([log]) == 0 and engine.sweep() == 0
        engine.pausing.turn(log.parent, on=False)
        settle(engine)
        assert engine.journal.counts().turns == 2
        engine.pausing.turn(log.parent, on=True)
        engine.conversations.remove(log.parent, drop=False)
        engine.conversations.follow(log.parent)
        assert [each.paused for each in engine.conversations.status()] == [False]
    finally:
        engine.close()


def test_what_is_not_read_can_not_be_paused(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    try:
        with pytest.raises(NotFound, match="no folder or source"):
            engine.pausing.turn(tmp_path / "nowhere", on=True)
    finally:
        engine.close()
