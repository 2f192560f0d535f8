"""Cursor's databases and transcripts. Last verified: 2026-11-21 against public descriptions of
`composerData` 10 to 18 and of bubbles 2 and 3; every row here was made for the test."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.agents import cursor
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, Item, State, Turn
from tests.chats.reading import about, items, passed, said, turns_of

KV = "CREATE TABLE {} (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)"


class Store:
    """A `state.vscdb` that is written as Cursor writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = sqlite3.connect(path)
        for table in ("ItemTable", "cursorDiskKV"):
            self.db.execute(KV.format(table))
        self.db.commit()

    def put(self, key: str, value: Any, table: str = "cursorDiskKV") -> None:
        data = value if isinstance(value, bytes) else json.dumps(value)
        self.db.execute(f"INSERT INTO {table} (key, value) VALUES (?, ?)", (key, data))
        self.db.commit()

    def talk(self, composer: str, *bubbles: dict[str, Any], **head: Any) -> None:
        for bubble in bubbles:
            self.put(f"bubbleId:{composer}:{bubble['bubbleId']}", bubble)
        order = [{"bubbleId": each["bubbleId"], "type": each["type"]} for each in bubbles]
        told = {"_v": 10, "composerId": composer, "createdAt": 1786357200000, **head}
        self.put(f"composerData:{composer}", {"fullConversationHeadersOnly": order, **told})


def user(id: str, text: str, **more: Any) -> dict[str, Any]:
    return {"_v": 3, "type": 1, "bubbleId": id, "text": text, **more}


def model(id: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {"_v": 3, "type": 2, "bubbleId": id, "text": text, **more}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state.vscdb")


def read(store: Store, state: State | None = None) -> list[Item]:
    return items("cursor", store.path, state)


def test_a_conversation_is_read_in_the_order_of_its_headers(store: Store) -> None:
    store.talk(
        "c1",
        user("z", "Why is this stale?", createdAt="2026-08-10T10:00:00.000Z",
             workspaceProjectDir="/home/ana/app"),
        model("a", "The cache has no limit.", createdAt="2026-08-10T10:00:09.000Z"),
        name="A stale cache",
    )  # fmt: skip
    found = read(store)
    assert said(found) == [("user", "Why is this stale?"), ("assistant", "The cache has no limit.")]
    first, second = turns_of(found)
    assert (first.key, second.key, second.reply_to) == ("z", "a", "z")
    assert first.when < second.when
    assert about(found)["c1"].title == "A stale cache"
    assert about(found)["c1"].project == "/home/ana/app"
    assert cursor.fits(Transcript(store.path))


def test_values_may_be_blobs_and_hold_control_characters(store: Store) -> None:
    store.put("bubbleId:c1:b", b'{"type": 1, "bubbleId": "b", "text": "a\tb \xc3\xa9 \xff"}')
    store.put("composerData:c1", json.dumps({"conversation": []}).encode())
    assert said(read(store)) == [("user", "a\tb é �")]


def test_half_a_character_in_json_stops_nothing(store: Store) -> None:
    run = {"name": "run_terminal_cmd", "rawArgs": json.dumps({"command": "ls \ud83d"})}
    store.talk("c1", user("b", "cut \ud83d"), model("c", toolFormerData=run))
    store.put("composerData:c2", {"fullConversationHeadersOnly": [{"bubbleId": "\ud800"}]})
    found = [turn.text for turn in turns_of(read(store))]
    assert [text.encode() for text in found] == [b"cut ?", b"ls ?"]


def test_an_older_conversation_has_its_bubbles_inline(store: Store) -> None:
    bubbles = [user("u", "Hello"), model("m", "Hi")]
    store.put("composerData:old", {"composerId": "old", "conversation": bubbles})
    store.put("composerData:map", {"conversationMap": {"x": user("x", "Mapped")}})
    assert [text for _, text in said(read(store))] == ["Mapped", "Hello", "Hi"]


def test_a_tool_is_one_turn_with_its_command_and_output(store: Store) -> None:
    run = {
        "name": "run_terminal_cmd",
        "rawArgs": json.dumps({"command": "pytest -q\n  tests", "is_background": False}),
        "result": json.dumps({"output": "3 passed", "exitCode": 0}),
        "status": "completed",
    }
    look = {"name": "read_file", "params": json.dumps({"targetFile": "src/app.py"})}
    call = {"tools": [{"name": "search", "parameters": json.dumps({"query": "limits"})}]}
    mcp = {"name": "mcp", "params": json.dumps(call), "result": "plain words"}
    store.talk(
        "c1",
        model("b1", "I run it.", toolFormerData=run),
        model("b2", toolFormerData=look),
        model("b3", toolFormerData=mcp),
    )
    found = [(turn.origin, turn.command, turn.text) for turn in turns_of(read(store))]
    assert found == [
        ("assistant", "", "I run it."),
        ("tool", "pytest -q tests", "3 passed"),
        ("tool", "read_file: src/app.py", "read_file: src/app.py"),
        ("tool", "search: limits", "plain words"),
    ]


def test_thoughts_empty_and_unknown_bubbles_are_counted(store: Store) -> None:
    store.talk(
        "c1",
        model("b1", thinking={"text": "Hm."}),
        model("b2"),
        {"type": 9, "bubbleId": "b3", "text": "?"},
        {"type": {}, "bubbleId": "b4", "text": ["no text"]},
        user("b5", "   "),
    )
    store.put("composerData:c2", b"no json")
    store.put(
        "composerData:c3", {"fullConversationHeadersOnly": [{"bubbleId": "gone"}, 7, {"a": []}]}
    )
    assert turns_of(read(store)) == []
    assert passed(read(store)) == {
        "thinking": 1, "empty bubble": 2, "bubble type 9": 1, "bubble type {}": 1,
        "composerData": 1, "bubble without content": 2,
    }  # fmt: skip


def test_times_fall_back_to_the_bubble_before_and_the_conversation(store: Store) -> None:
    timing = {"clientStartTime": 4745.3, "clientRpcSendTime": 1786357300000}
    store.talk(
        "c1",
        user("b1", "one"),
        model("b2", "two", timingInfo=timing),
        model("b3", "three"),
        user("b4", "four", timestamp=1786357400000),
    )  # fmt: skip
    times = [turn.when for turn in turns_of(read(store))]
    assert times == sorted(times) and times[1] == times[2]
    assert len(set(times)) == 3 and all(times)


def test_bubbles_of_a_branch_that_was_left_are_at_the_side(store: Store) -> None:
    store.talk("c1", user("b1", "kept"))
    store.put("bubbleId:c1:b2", user("b2", "taken back"))
    found = [(turn.text, turn.is_side) for turn in turns_of(read(store))]
    assert found == [("kept", False), ("taken back", True)]


def test_a_conversation_that_lost_its_head_is_read_too(store: Store) -> None:
    store.talk("c1", user("b1", "with a head"))
    store.put("bubbleId:c0:b", user("b", "without"))
    store.put("bubbleId:c2:b", user("b", "without too"))
    assert {text for _, text in said(read(store))} == {"with a head", "without", "without too"}


def test_what_a_sub_agent_is_asked_is_not_the_users_word(store: Store) -> None:
    parent = {"parentComposerId": "c1"}
    store.talk("c2", user("b", "Look at every test."), subagentInfo=parent)
    found = read(store)
    assert said(found) == [("context", "Look at every test.")]
    assert about(found)["c2"].parent == "c1"


def test_files_that_were_attached_are_named(store: Store) -> None:
    context = {"fileSelections": [{"uri": {"fsPath": "/w/a b.py"}}, {"uri": "file:///w/c%20d.py"}]}
    store.talk("c1", user("b", "See these", context=context, images=[{"path": "shot.png"}, 3]))
    (turn,) = turns_of(read(store))
    assert turn.attachments == ("/w/a b.py", "/w/c d.py", "shot.png")


def test_only_what_changed_is_read_again(store: Store) -> None:
    store.talk("c1", user("a", "one"))
    store.talk("c2", user("b", "two"), model("m", "It gr"))
    state: State = {}
    assert len(turns_of(read(store, state))) == 3
    state = json.loads(json.dumps(state))
    assert read(store, state) == []

    store.put("bubbleId:c2:m", model("m", "It grows."))
    again = turns_of(read(store, state))
    assert [(turn.key, turn.text) for turn in again] == [("b", "two"), ("m", "It grows.")]

    store.talk("c1", user("a", "one"), model("n", "new"))
    assert [text for _, text in said(read(store, state))] == ["one", "new"]
    store.talk("c3", user("c", "three"))
    assert [text for _, text in said(read(store, state))] == ["three"]
    assert read(store, state) == []


def test_a_row_after_one_that_was_deleted_is_not_taken_for_it(store: Store) -> None:
    store.talk("c1", user("a", "one"))
    store.put("bubbleId:c1:x", model("x", "left"))
    state: State = {}
    read(store, state)
    store.db.execute("DELETE FROM cursorDiskKV WHERE key = 'bubbleId:c1:x'")
    store.put("bubbleId:c2:y", model("y", "new"))
    assert said(read(store, state)) == [("user", "one"), ("assistant", "new")]


def test_each_conversation_ends_with_a_state_to_go_on_from(store: Store) -> None:
    for name in "abc":
        store.talk(name, user(f"{name}1", name))
    whole = turns_of(read(store))
    for stop in range(1, 4):
        state: State = {}
        half: list[Turn] = []
        reading = cursor.read(Transcript(store.path), state)
        kept: State = {}
        while stop:
            item = next(reading)
            if isinstance(item, Turn):
                half.append(item)
            if isinstance(item, Checkpoint):
                kept, stop = json.loads(json.dumps(item.state)), stop - 1
        reading.close()
        assert half + turns_of(read(store, kept)) == whole


def test_the_program_can_write_while_it_is_read(store: Store) -> None:
    store.talk("c1", *(user(f"b{number}", f"line {number}") for number in range(20)))
    writer = sqlite3.connect(store.path, timeout=0)
    count = 0
    for item in cursor.read(Transcript(store.path), {}):
        if isinstance(item, Turn):
            count += 1
            writer.execute("INSERT INTO ItemTable VALUES ('other', ?)", (count,))
            writer.commit()
    assert count == 20


def test_what_is_too_big_for_a_message_is_passed_over(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cairn.core.chats.agents.stored._MOST_BYTES", 5_000)
    store.talk("c1", user("b1", "small"), user("b2", "x" * 10_000))
    found = read(store)
    assert [text for _, text in said(found)] == ["small"]
    assert passed(found) == {"bubble without content": 1}


def test_the_tabs_of_old_versions_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "workspace.json").write_text('{"folder": "file:///home/ana/my%20app"}')
    store = Store(folder / "state.vscdb")
    store.db.execute("DROP TABLE cursorDiskKV")
    assert not cursor.fits(Transcript(store.path))
    bubbles = [
        {"type": "user", "id": "u1", "text": "What is a monad?"},
        {"type": "ai", "id": "a1", "rawText": "A kind of box."},
        {"type": "ai", "text": "More."}, {"type": "ai", "text": "More."}, {"type": "x"},
    ]  # fmt: skip
    tab = {"tabId": "t1", "chatTitle": "Monads", "lastSendTime": 1700000000000, "bubbles": bubbles}
    store.put("workbench.panel.aichat.view.aichat.chatdata", {"tabs": [tab, 5]}, "ItemTable")
    state: State = {}
    found = read(store, state)
    assert cursor.fits(Transcript(store.path))
    assert said(found)[:2] == [("user", "What is a monad?"), ("assistant", "A kind of box.")]
    assert len({turn.key for turn in turns_of(found)}) == 4
    assert about(found)["t1"].project == "/home/ana/my app"
    assert passed(found) == {"bubble x": 1}
    assert turns_of(found) == turns_of(read(store))
    assert read(store, state) == []


LOG: list[Any] = [
    {"role": "user", "message": {"content": [{"type": "text", "text":
        "<timestamp>Friday, Sep 4, 2026, 2:21 AM (UTC+8)</timestamp>\n"
        "<user_query>\nCheck the tests\n</user_query>"}]}},
    {"role": "assistant", "message": {"content": [
        {"type": "text", "text": "Looking.\n\n[REDACTED]"},
        {"type": "tool_use", "name": "Shell", "input": {"command": "pytest -q"}},
        {"type": "tool_use", "name": "Read", "input": {"path": "/w/a.py"}}]}},
    {"role": "assistant", "message": {"content": [{"type": "text", "text": "[REDACTED]"}]}},
    {"type": "turn_ended", "status": "success"},
    {"role": "user", "message": {"content": "<user_query>and again</user_query>"}},
    {"type": "what", "is": "new"},
    "no record",
]  # fmt: skip


def write_log(path: Path, count: int = len(LOG)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in LOG[:count]))
    return path


def test_a_transcript_of_the_command_line_is_read(tmp_path: Path) -> None:
    path = write_log(tmp_path / "agent-transcripts" / "u1" / "u1.jsonl")
    found = items("cursor", path)
    assert cursor.fits(Transcript(path))
    assert [(turn.origin, turn.text, turn.key, turn.reply_to) for turn in turns_of(found)] == [
        ("user", "Check the tests", "1.0", ""),
        ("assistant", "Looking.", "2.0", "1.0"),
        ("tool", "pytest -q", "2.1", "2.0"),
        ("tool", "Read: /w/a.py", "2.2", "2.1"),
        ("user", "and again", "5.0", "2.2"),
    ]
    assert {turn.when[:4] for turn in turns_of(found)} == {"2026"}
    assert passed(found) == {"thinking": 1, "turn_ended": 1, "what": 1, "not JSON": 1}


def test_a_transcript_cut_at_any_line_gives_the_same_turns(tmp_path: Path) -> None:
    whole = turns_of(items("cursor", write_log(tmp_path / "t.jsonl")))
    for cut in range(len(LOG)):
        state: State = {}
        path = write_log(tmp_path / "t.jsonl", cut)
        with path.open("a") as file:
            file.write('{"role": "us')
        first = items("cursor", path, state)
        states = [item.state for item in first if isinstance(item, Checkpoint)]
        state = json.loads(json.dumps(states[-1] if states else {}))
        write_log(path)
        assert turns_of(first) + turns_of(items("cursor", path, state)) == whole


def test_a_transcript_of_a_sub_agent_has_no_word_of_the_user(tmp_path: Path) -> None:
    path = write_log(tmp_path / "u1" / "subagents" / "s1.jsonl")
    found = items("cursor", path)
    assert "user" not in {turn.origin for turn in turns_of(found)}
    assert about(found)["transcript-s1"].parent == "transcript-u1"
