"""llm's logs. Last verified: 2026-11-21 against databases that llm 0.26 and 0.36 wrote."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.agents import llm
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, Item, State, Turn
from tests.chats.reading import about, items, passed, said, turns_of

OLD = """
CREATE TABLE conversations (id TEXT PRIMARY KEY, name TEXT, model TEXT);
CREATE TABLE responses (id TEXT PRIMARY KEY, model TEXT, prompt TEXT, system TEXT,
    response TEXT, conversation_id TEXT, datetime_utc TEXT);
"""
TOOLS = """
CREATE TABLE attachments (id TEXT PRIMARY KEY, type TEXT, path TEXT, url TEXT, content BLOB);
CREATE TABLE prompt_attachments (response_id TEXT, attachment_id TEXT, "order" INTEGER,
    PRIMARY KEY (response_id, attachment_id));
CREATE TABLE fragments (id INTEGER PRIMARY KEY, content TEXT, source TEXT);
CREATE TABLE prompt_fragments (response_id TEXT, fragment_id INTEGER, "order" INTEGER,
    PRIMARY KEY (response_id, fragment_id, "order"));
CREATE TABLE tool_calls (id INTEGER PRIMARY KEY, response_id TEXT, name TEXT, arguments TEXT,
    tool_call_id TEXT);
CREATE TABLE tool_results (id INTEGER PRIMARY KEY, response_id TEXT, name TEXT, output TEXT,
    tool_call_id TEXT, exception TEXT);
"""
NEW = """
CREATE TABLE messages (hash TEXT PRIMARY KEY, parent_hash TEXT, role TEXT);
CREATE TABLE parts (id INTEGER PRIMARY KEY, message_hash TEXT, position INTEGER, type TEXT,
    tool_name TEXT, text TEXT, payload TEXT);
CREATE TABLE part_attachments (part_id INTEGER, attachment_id TEXT, "order" INTEGER);
CREATE TABLE threads (id TEXT PRIMARY KEY, name TEXT, tip_message_hash TEXT, forked_from TEXT);
CREATE TABLE turns (id TEXT PRIMARY KEY, thread_id TEXT, parent_message_hash TEXT,
    tip_message_hash TEXT, model TEXT, datetime_utc TEXT);
"""
WHEN = "2026-08-10T12:00:00.123456+00:00"


class Logs:
    def __init__(self, path: Path, *schemas: str) -> None:
        self.path = path
        self.db = sqlite3.connect(path)
        for schema in schemas:
            self.db.executescript(schema)

    def put(self, table: str, *values: Any) -> None:
        marks = ", ".join("?" * len(values))
        self.db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)
        self.db.commit()

    def answer(self, id: str, prompt: Any, response: Any, system: Any = None) -> None:
        self.put("responses", id, "gpt-x", prompt, system, response, "c1", WHEN)

    def message(self, hash: str, parent: str | None, role: str, *parts: Any) -> None:
        self.put("messages", hash, parent, role)
        for number, part in enumerate(parts):
            kind, name, text, payload = (
                part if isinstance(part, tuple) else ("text", None, part, None)
            )
            data = json.dumps(payload) if isinstance(payload, dict) else payload
            self.put("parts", None, hash, number, kind, name, text, data)


@pytest.fixture
def old(tmp_path: Path) -> Logs:
    logs = Logs(tmp_path / "logs.db", OLD, TOOLS)
    logs.put("conversations", "c1", "About limits", "gpt-x")
    return logs


@pytest.fixture
def new(tmp_path: Path) -> Logs:
    logs = Logs(tmp_path / "logs.db", OLD, TOOLS, NEW)
    logs.put("threads", "t1", "Limits", "m3", None)
    logs.message("m0", None, "system", "Be brief")
    logs.message("m1", "m0", "user", "What is a limit?")
    logs.message("m2", "m1", "assistant", ("reasoning", None, "Hm.", None), "A bound.")
    logs.put("turns", "r1", "t1", "m1", "m2", "gpt-x", WHEN)
    return logs


def read(logs: Logs, state: State | None = None) -> list[Item]:
    return items("llm", logs.path, state)


def test_prompts_and_answers_are_read(old: Logs) -> None:
    old.answer("r1", "What is a limit?", "A bound.", "Be brief")
    old.answer("r2", "And more?", "No.", "Be brief")
    found = read(old)
    assert llm.fits(Transcript(old.path))
    assert said(found) == [
        ("context", "Be brief"), ("user", "What is a limit?"), ("assistant", "A bound."),
        ("user", "And more?"), ("assistant", "No."),
    ]  # fmt: skip
    assert about(found)["c1"].title == "About limits"
    assert turns_of(found)[2].reply_to == turns_of(found)[1].key
    assert all(turn.when for turn in turns_of(found))


def test_the_oldest_schema_has_no_tools_and_times_without_a_zone(tmp_path: Path) -> None:
    logs = Logs(tmp_path / "logs.db", OLD)
    logs.put("responses", "r1", "m", "hi", None, "hello", None, "2023-08-10T12:00:00.5")
    (first, second) = turns_of(read(logs))
    assert first.conversation == second.conversation == "r1"
    assert first.when.startswith("2023-08-10T") and len(first.when) > len("2023-08-10T12:00:00")


def test_tools_attachments_and_fragments_of_a_response_are_read(old: Logs) -> None:
    old.answer("r1", "See this", "")
    old.put("attachments", "a1", "image/png", "/home/ana/shot.png", None, b"x")
    old.put("attachments", "a2", "image/png", None, None, b"y")
    old.put("prompt_attachments", "r1", "a1", 0)
    old.put("prompt_attachments", "r1", "a2", 1)
    old.put("fragments", 1, "long text", "notes.md")
    old.put("prompt_fragments", "r1", 1, 0)
    old.put("tool_calls", 1, "r1", "search", '{"query": "limits"}', "t1")
    old.answer("r2", "", "Found.")
    old.put("tool_results", 1, "r2", "search", "3 hits", "t1", None)
    old.put("tool_results", 2, "r2", "search", "", "t2", "Error: gone")
    found = turns_of(read(old))
    assert [(turn.origin, turn.text, turn.command) for turn in found] == [
        ("user", "See this", ""), ("tool", "search: limits", "search: limits"),
        ("tool", "3 hits", "search"), ("tool", "Error: gone", "search"),
        ("assistant", "Found.", ""),
    ]  # fmt: skip
    assert found[0].attachments == ("shot.png", "image/png", "notes.md")


def test_reading_goes_on_after_what_was_read(old: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "_PAGE", 2)
    for number in range(7):
        old.answer(f"r{number}", f"question {number}", f"answer {number}", "Be brief")
    whole = read(old)
    states = [item.state for item in whole if isinstance(item, Checkpoint)]
    assert len(states) == 4 and len({turn.key for turn in turns_of(whole)}) == 15
    for state in states:
        before: list[Turn] = []
        for item in whole:
            if isinstance(item, Turn):
                before.append(item)
            elif isinstance(item, Checkpoint) and item.state == state:
                break
        after = turns_of(read(old, json.loads(json.dumps(state))))
        assert before + after == turns_of(whole)
    kept = json.loads(json.dumps(states[-1]))
    assert read(old, kept) == []
    old.answer("r9", "new", "yes", "Be brief")
    assert said(read(old, kept)) == [("user", "new"), ("assistant", "yes")]


def test_rows_that_were_numbered_anew_are_all_read_again(old: Logs) -> None:
    for number in range(4):
        old.answer(f"r{number}", f"question {number}", "yes")
    state: State = {}
    read(old, state)
    old.db.execute("DELETE FROM responses WHERE id < 'r2'")
    old.db.commit()
    old.db.execute("VACUUM")
    old.answer("r8", "new", "yes")
    assert ("user", "new") in said(read(old, state))


def test_turns_of_a_thread_are_read_once_each(new: Logs) -> None:
    new.message(
        "m3", "m2", "user",
        ("text", None, None, {"text_ref": [{"fragment": 1}, {"literal": "\nSum it up"}]}),
        ("attachment", None, None, {"attachment": {"id": "a1"}}),
    )  # fmt: skip
    new.put("fragments", 1, "a book", "book.txt")
    new.put("attachments", "a1", "image/png", None, "https://example.org/a.png", b"x")
    new.put("part_attachments", 6, "a1", 0)
    call = ("tool_call", "add", None, {"name": "add", "arguments": {"a": 1, "b": 2}})
    new.message("m4", "m3", "assistant", call)
    new.put("turns", "r2", "t1", "m3", "m4", "gpt-x", WHEN)
    new.message("m5", "m4", "tool", ("tool_result", "add", None, {"name": "add", "output": "3"}))
    new.message("m6", "m5", "assistant", "It is 3.")
    new.put("turns", "r3", "t1", "m5", "m6", "gpt-x", WHEN)
    found = read(new)
    assert [(turn.key, turn.origin, turn.text, turn.reply_to) for turn in turns_of(found)] == [
        ("m0", "context", "Be brief", ""),
        ("m1", "user", "What is a limit?", "m0"),
        ("m2", "assistant", "A bound.", "m1"),
        ("m3", "user", "Sum it up", "m2"),
        ("m4", "tool", "add: 1, 2", "m3"),
        ("m5", "tool", "3", "m4"),
        ("m6", "assistant", "It is 3.", "m5"),
    ]
    assert turns_of(found)[3].attachments == ("book.txt", "https://example.org/a.png")
    assert passed(found) == {"thinking": 1}
    assert about(found)["t1"].title == "Limits"


def test_a_response_that_is_a_turn_too_is_read_as_a_turn(new: Logs) -> None:
    new.answer("r1", "What is a limit?", "A bound.")
    new.answer("r0", "Older", "Yes.")
    found = read(new)
    assert passed(found) == {"response kept as a turn too": 1, "thinking": 1}
    assert [text for _, text in said(found)].count("A bound.") == 1
    assert ("user", "Older") in said(found)


def test_a_fork_adds_only_its_own_messages(new: Logs) -> None:
    new.put("threads", "t2", "Fork", "m8", "t1")
    new.message("m7", "m2", "user", "Another way?")
    new.message("m8", "m7", "assistant", "Yes.")
    new.put("turns", "r2", "t2", "m7", "m8", "gpt-x", WHEN)
    fork = [turn.key for turn in turns_of(read(new)) if turn.conversation == "t2"]
    assert fork == ["m7", "m8"]


def test_odd_values_stop_nothing(new: Logs) -> None:
    new.message("x1", "x1", "user", ("text", None, None, {"text_ref": [1, {"fragment": "a"}]}))
    new.message("x2", "gone", "robot", "beep", ("what", None, None, "[1"))
    new.message("x3", "x2", "assistant", ("tool_call", None, None, {"arguments": [1]}))
    new.put("turns", "r2", "t1", "x1", "x3", None, "yesterday")
    new.put("turns", "r3", None, None, None, None, None)
    new.answer("r7", b"\xff\x00", 7.5)
    found = read(new)
    assert {"what", "empty message", "message of robot"} <= set(passed(found))
    assert ("tool", "tool") in said(found)
