"""OpenCode's database. Last verified: 2026-11-21 against the schema in OpenCode's source (1.2+)."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.agents import opencode
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Item, State, Version
from tests.chats.reading import about, items, passed, said, turns_of

SCHEMA = """
CREATE TABLE session (id text PRIMARY KEY, project_id text NOT NULL, parent_id text,
    slug text NOT NULL, directory text NOT NULL, title text NOT NULL, version text NOT NULL,
    share_url text, revert text, time_created integer NOT NULL, time_updated integer NOT NULL,
    time_compacting integer, time_archived integer);
CREATE TABLE message (id text PRIMARY KEY, session_id text NOT NULL,
    time_created integer NOT NULL, time_updated integer NOT NULL, data text NOT NULL);
CREATE INDEX message_session_time_created_id_idx ON message (session_id, time_created, id);
CREATE TABLE part (id text PRIMARY KEY, message_id text NOT NULL, session_id text NOT NULL,
    time_created integer NOT NULL, time_updated integer NOT NULL, data text NOT NULL);
CREATE INDEX part_message_id_id_idx ON part (message_id, id);
CREATE INDEX part_session_idx ON part (session_id);
"""
START = 1_786_357_200_000


class Store:
    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, START
        self.db = sqlite3.connect(path)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.executescript(SCHEMA)

    def session(self, id: str, **more: Any) -> None:
        known = {
            "id": id, "project_id": "p", "slug": "s", "directory": "/home/ana/app",
            "title": "A title", "version": "1.2.3", "time_created": START,
            "time_updated": START, **more,
        }  # fmt: skip
        self._put("session", known)

    def message(self, session: str, id: str, role: str, *parts: Any, **more: Any) -> None:
        self.clock += 1000
        data = {"role": role, "time": {"created": self.clock}, **more}
        self._put("message", self._row(id, session, data))
        for number, part in enumerate(parts):
            data = {"type": "text", "text": part} if isinstance(part, str) else part
            self.part(session, id, f"{id}-{number}", data)

    def part(self, session: str, message: str, id: str, data: Any) -> None:
        self.clock += 1000
        self._put("part", {**self._row(id, session, data), "message_id": message})

    def _row(self, id: str, session: str, data: Any) -> dict[str, Any]:
        text = data if isinstance(data, str | bytes) else json.dumps(data)
        return {
            "id": id, "session_id": session, "time_created": self.clock,
            "time_updated": self.clock, "data": text,
        }  # fmt: skip

    def _put(self, table: str, known: dict[str, Any]) -> None:
        marks = ", ".join("?" * len(known))
        change = ", ".join(f"{name} = excluded.{name}" for name in known if name != "time_created")
        self.db.execute(
            f"INSERT INTO {table} ({', '.join(known)}) VALUES ({marks}) "
            f"ON CONFLICT (id) DO UPDATE SET {change}",
            list(known.values()),
        )
        self.db.commit()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "opencode.db")


def read(store: Store, state: State | None = None) -> list[Item]:
    return items("opencode", store.path, state)


def tool(name: str, given: Any, **state: Any) -> dict[str, Any]:
    return {"type": "tool", "callID": "x", "tool": name, "state": {"input": given, **state}}


def test_a_session_is_read_in_order(store: Store) -> None:
    store.session("s1")
    store.message("s1", "m1", "user", "Why does it fail?")
    store.message("s1", "m2", "assistant", "A limit is missing.", parentID="m1")
    found = read(store)
    assert opencode.fits(Transcript(store.path))
    assert [(turn.origin, turn.text, turn.key, turn.reply_to) for turn in turns_of(found)] == [
        ("user", "Why does it fail?", "m1-0", ""),
        ("assistant", "A limit is missing.", "m2-0", "m1-0"),
    ]
    assert turns_of(found)[0].when < turns_of(found)[1].when
    told = about(found)["s1"]
    assert (told.title, told.project) == ("A title", "/home/ana/app")
    assert Version("1.2.3") in found


def test_tools_are_turns_and_thoughts_are_counted(store: Store) -> None:
    store.session("s1")
    store.message(
        "s1", "m1", "assistant",
        {"type": "step-start"}, {"type": "reasoning", "text": "Hm."},
        tool("bash", {"command": "pytest -q"}, status="completed", output="3 passed"),
        tool("edit", {"filePath": "/w/a.py", "oldString": "x"}, status="error", error="no match"),
        tool("read", {"filePath": "/w/b.py"}, status="running"),
        {"type": "new-kind"}, {"type": 4}, "", b"[1]", b"torn {",
    )  # fmt: skip
    found = read(store)
    assert [(turn.origin, turn.command, turn.text) for turn in turns_of(found)] == [
        ("tool", "pytest -q", "3 passed"),
        ("tool", "edit: /w/a.py", "no match"),
        ("tool", "read: /w/b.py", "read: /w/b.py"),
    ]
    assert passed(found) == {
        "step-start": 1, "thinking": 1, "new-kind": 1, "part": 3, "empty text": 1
    }  # fmt: skip


def test_what_the_program_puts_beside_a_question_is_context(store: Store) -> None:
    store.session("s1")
    file = {"type": "file", "mime": "text/plain", "filename": "plan.md", "url": "file:///w/plan.md"}
    put = {"type": "text", "text": "Called the Read tool", "synthetic": True}
    store.message("s1", "m1", "user", "See the plan", put, file)
    store.message("s1", "m2", "assistant", "Summary of it all", summary=True)
    found = read(store)
    assert [(turn.origin, turn.text, turn.attachments) for turn in turns_of(found)] == [
        ("user", "See the plan", ("plan.md",)),
        ("context", "Called the Read tool", ()),
        ("context", "Summary of it all", ()),
    ]
    assert passed(found) == {"file": 1}


def test_a_session_of_a_sub_agent_has_a_parent_and_no_word_of_the_user(store: Store) -> None:
    store.session("s1")
    store.session("s2", parent_id="s1")
    store.message("s2", "m1", "user", "Look at every test.")
    found = read(store)
    assert said(found) == [("context", "Look at every test.")]
    assert about(found)["s2"].parent == "s1"


def test_what_was_taken_back_stands_at_the_side_until_it_returns(store: Store) -> None:
    store.session("s1", revert=json.dumps({"messageID": "m2"}))
    store.message("s1", "m1", "user", "one")
    store.message("s1", "m2", "user", "two")
    store.message("s1", "m3", "assistant", "three")
    state: State = {}
    assert [turn.is_side for turn in turns_of(read(store, state))] == [False, True, True]
    store.session("s1", revert=None, time_updated=START + 5)
    assert not any(turn.is_side for turn in turns_of(read(store, state)))


def test_only_what_changed_is_read_again(store: Store) -> None:
    for name in ("s1", "s2"):
        store.session(name)
        store.message(name, f"{name}m", "user", f"hello {name}")
    store.message("s2", "m9", "assistant", "It gr")
    state: State = {}
    assert len(turns_of(read(store, state))) == 3
    state = json.loads(json.dumps(state))
    assert read(store, state) == []

    store.part("s2", "m9", "m9-0", {"type": "text", "text": "It grew."})
    again = turns_of(read(store, state))
    assert [(turn.key, turn.text) for turn in again] == [
        ("s2m-0", "hello s2"),
        ("m9-0", "It grew."),
    ]
    store.session("s1", title="Another", time_updated=START + 9)
    assert about(read(store, state))["s1"].title == "Another"
    store.message("s1", "m8", "assistant", "more")
    assert [text for _, text in said(read(store, state))] == ["hello s1", "more"]
    assert read(store, state) == []


def test_reading_twice_gives_the_same_turns(store: Store) -> None:
    store.session("s1")
    for number in range(9):
        store.message("s1", f"m{number}", "user", f"text {number}", tool("ls", {"path": "."}))
    assert turns_of(read(store)) == turns_of(read(store))
    assert len({turn.key for turn in turns_of(read(store))}) == 18


def test_odd_values_stop_nothing(store: Store) -> None:
    store.session("s1", revert="[1", parent_id=None)
    store.message("s1", "m0", "user", "fine")
    store.message("s1", "m1", "robot", "lost")
    store.db.execute("UPDATE message SET data = x'ff00' WHERE id = 'm1'")
    store.message("s1", "m2", "assistant", tool("bash", ["ls"], output={"a": 1}), time="soon")
    store.message("s1", "m3", "assistant", {"type": "tool", "tool": 3, "state": []})
    store.message("s1", "m4", "user", "[" * 100_000)
    store.part("s1", "m4", "m4-9", b"[" * 100_000)
    store.message("s1", "m5", "assistant", "end", time={"created": 1e300})
    store.db.execute("UPDATE session SET title = x'ff', version = 3")
    store.db.commit()
    found = read(store)
    assert [turn.text[:4] for turn in turns_of(found)] == ["fine", "bash", "tool", "[[[[", "end"]
    assert passed(found) == {"message": 1, "part": 1}


def test_sessions_kept_only_in_the_newer_table_are_named(store: Store) -> None:
    store.session("s1")
    store.db.execute("CREATE TABLE session_message (id text, session_id text, data text)")
    store.db.execute("INSERT INTO session_message VALUES ('a', 's1', '{}'), ('b', 's1', '{}')")
    store.db.commit()
    assert passed(read(store)) == {"session_message": 2}
