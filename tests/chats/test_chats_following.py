"""Logs that are still being written: nothing is lost or doubled, whatever happens to the file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home

SESSION = "chat:claude-code/s1"


def line(number: int, text: str = "", session: str = "s1", parent: int = 0) -> str:
    role = "user" if number % 2 else "assistant"
    record = {
        "type": role, "uuid": f"u{number}", "parentUuid": f"u{parent or number - 1}",
        "sessionId": session, "timestamp": f"2026-08-10T12:{number // 60:02}:{number % 60:02}.000Z",
        "cwd": "/home/ana/app", "version": "2.0.1", "isSidechain": False,
        "message": {"role": role, "content": text or f"This is what was said as number {number}."},
    }  # fmt: skip
    return json.dumps(record) + "\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "user" / ".claude" / "projects" / "-home-ana-app"
    folder.mkdir(parents=True)
    return folder.parent


@pytest.fixture
def log(store: Path, engine: Engine) -> Iterator[Path]:
    path = store / "-home-ana-app" / "s1.jsonl"
    path.write_text(line(1) + line(2))
    engine.conversations.follow(store, "claude-code")
    engine.work()
    yield path


def numbers(engine: Engine, uri: str = SESSION) -> list[int]:
    """What was said, by its number, in the order of the archive."""
    turns = engine.conversations.turns(uri, 1, 10_000)
    return [int(turn.text.rstrip(".").rpartition(" ")[2]) for turn in turns]


def go_on(engine: Engine, path: Path) -> None:
    engine.note_changes([path])
    engine.work()


def test_what_is_appended_is_read_and_searchable(log: Path, engine: Engine) -> None:
    with log.open("a") as file:
        file.write(line(3, "Please look for the otter in the parser 3.") + line(4))
    go_on(engine, log)
    assert numbers(engine) == [1, 2, 3, 4]
    assert engine.search("otter parser").evidence[0].chunk.uri == SESSION
    (chat,) = engine.conversations.latest()
    assert chat.project == "/home/ana/app" and chat.began[:10] == "2026-08-10"


def test_only_what_is_new_is_read(log: Path, engine: Engine) -> None:
    with log.open("a") as file:
        file.write("".join(line(number) for number in range(3, 9)))
    go_on(engine, log)
    with log.open("r+b") as raw:
        raw.write(b"#")  # far before the place to go on from: nobody looks there again
    with log.open("a") as file:
        file.write(line(9))
    go_on(engine, log)
    assert numbers(engine) == list(range(1, 10))
    assert engine.conversations.status()[0].unknown == {}


def test_a_torn_line_waits_for_its_end(log: Path, engine: Engine) -> None:
    whole = line(3)
    for part in (whole[:40], whole[40:90], whole[90:]):
        assert numbers(engine) == [1, 2]
        with log.open("a") as file:
            file.write(part)
        go_on(engine, log)
    assert numbers(engine) == [1, 2, 3]
    assert engine.conversations.status()[0].unknown == {}


def test_a_file_that_was_cut_short_and_goes_on(log: Path, engine: Engine) -> None:
    log.write_text(line(1))
    go_on(engine, log)
    log.write_text(line(1) + line(3))
    go_on(engine, log)
    assert numbers(engine) == [1, 2, 3]


def test_a_file_that_was_replaced_by_another(log: Path, engine: Engine) -> None:
    other = log.with_name("new.tmp")
    other.write_text("".join(line(number) for number in (1, 2, 5, 6)))
    os.replace(other, log)
    go_on(engine, log)
    assert numbers(engine) == [1, 2, 5, 6]


def test_a_file_that_was_rotated(log: Path, engine: Engine) -> None:
    log.rename(log.with_name("s1-old.jsonl"))
    log.write_text(line(3))
    engine.sweep()
    engine.work()
    assert sorted(numbers(engine)) == [1, 2, 3]


def test_a_session_that_is_taken_up_again_repeats_nothing(log: Path, engine: Engine) -> None:
    again = log.with_name("s2.jsonl")
    again.write_text("".join(line(number, session="s2") for number in (1, 2, 3)))
    go_on(engine, again)
    assert numbers(engine) == [1, 2]
    assert numbers(engine, "chat:claude-code/s2") == [3]
    assert engine.conversations.status()[0].passed["repeated"] == 2


def test_what_was_taken_back_is_kept_and_marked(log: Path, engine: Engine) -> None:
    with log.open("a") as file:
        file.write(line(3, "Do it with the hammer please, number 3.") + line(4, "Hammered 4."))
        file.write(line(5, "Do it with the screwdriver please, number 5.", parent=2) + line(6))
    go_on(engine, log)
    turns = engine.conversations.turns(SESSION, 1, 10)
    assert [turn.is_side for turn in turns] == [False, False, True, True, False, False]
    found = {item.chunk for item in engine.search("hammer").evidence if "hammer" in item.chunk.text}
    assert [chunk.context for chunk in found] == ["on a branch that was left"]


def test_turns_stay_when_the_program_deletes_its_logs(log: Path, engine: Engine) -> None:
    log.unlink()
    engine.sweep()
    engine.work()
    assert numbers(engine) == [1, 2]
    assert engine.search("said as number").evidence


def test_an_unreadable_log_is_named_and_read_later(log: Path, engine: Engine) -> None:
    log.write_bytes(log.read_bytes() + b'{"type": "hologram", "version": "9.1.0"}\n{garbage\n')
    go_on(engine, log)
    (status,) = engine.conversations.status()
    assert status.unknown["hologram"] == 1 and sum(status.unknown.values()) == 2
    assert numbers(engine) == [1, 2]


def test_why_a_log_is_in_memory_is_told(log: Path, engine: Engine) -> None:
    assert engine.why_not(log).state == "in memory"
    other = log.with_name("s9.jsonl")
    other.write_text(line(9))
    engine.note_changes([other])
    assert engine.why_not(other).state == "waiting"


def test_it_is_killed_and_goes_on(tmp_path: Path) -> None:
    """A writer appends while readers are killed again and again: each turn is there once."""
    store = tmp_path / "user" / ".claude" / "projects" / "p"
    store.mkdir(parents=True)
    log, count = store / "s1.jsonl", 1500
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from cairn.core.engine import Engine
        engine = Engine.open()
        engine.conversations.follow(Path(sys.argv[1]), "claude-code")
        while True:
            engine.sweep()
            engine.work()
    """)
    written = 0
    for wait in (1.6, 2.0, 2.4, 2.8):
        child = subprocess.Popen([sys.executable, "-c", program, str(store.parent)])
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            if written < count:
                with log.open("a") as file:
                    text = "".join(line(number) for number in range(written + 1, written + 26))
                    file.write(text[:-30])  # torn, for a moment
                    file.flush()
                    time.sleep(0.01)
                    file.write(text[-30:])
                written += 25
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        child.wait()
    engine = Engine(open_home(tmp_path / "home"), Config())
    try:
        engine.sweep()
        engine.work()
        assert numbers(engine) == list(range(1, written + 1))
        counts = engine.journal.counts()
        assert counts.turns == written and counts.queued == counts.dead == 0
        assert counts.chunks == engine.index.table.count()
    finally:
        engine.close()
