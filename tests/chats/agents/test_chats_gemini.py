"""Gemini CLI. Last verified: 2026-11-21 against real whole sessions of 2025-10 and the program's
published source of its recording (`.jsonl`); every record here was made for the test."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.agents import gemini
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, Item, Rewound, State, Turn
from tests.chats.reading import about, items, passed, said, turns, turns_of

PROJECT = "/home/ana/garden"
HASH = sha256(PROJECT.encode()).hexdigest()
META = {"sessionId": "s1", "projectHash": HASH, "startTime": "2026-08-10T09:00:00Z"}


def user(id: str, content: Any, **more: Any) -> dict[str, Any]:
    at = "2026-08-10T09:00:01.000Z"
    return {"id": id, "timestamp": at, "type": "user", "content": content, **more}


def model(id: str, content: Any = "", **more: Any) -> dict[str, Any]:
    return {**user(id, content), "type": "gemini", "model": "gemini-x", **more}


def call(name: str, args: dict[str, Any], answer: dict[str, Any], **more: Any) -> dict[str, Any]:
    result = [{"functionResponse": {"id": "c", "name": name, "response": answer}}]
    return {"id": "c", "name": name, "args": args, "result": result, "status": "success", **more}


def whole(path: Path, *messages: Any, **more: Any) -> Path:
    path.write_text(json.dumps({**META, "messages": messages, **more}, indent=2))
    return path


def log(path: Path, *records: Any) -> Path:
    lines = (each if isinstance(each, str) else json.dumps(each) for each in records)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


RECORDS = (
    META,
    user("m0", [{"text": "<session_context>\nToday is Monday\n</session_context>"}]),
    user("m1", [{"text": "Which seeds are left?"}]),
    {"$set": {"lastUpdated": "2026-08-10T09:00:02Z"}},
    model("m2", "I look.", thoughts=[{"subject": "x"}]),
    model("m2", "I look.", toolCalls=[call("read_file", {"path": "/home/ana/garden/seeds.md"},
                                           {"output": "beans"})]),
    user("m3", "And onions?"),
    model("m4", [{"text": "No "}, {"text": "onions."}]),
    {"$rewindTo": "m3"},
    user("m5", "And peas?"),
    {"$set": {"summary": "Seeds that are left",
              "messages": [user("m9", "Summary: beans"), user("m5", "And [masked]?")]}},
    {"id": "m6", "timestamp": "2026-08-10T09:05:00Z", "type": "info", "content": "Updated"},
    model("m7", "Peas too."),
)  # fmt: skip


def fold(found: list[Item]) -> dict[str, tuple[Turn, bool]]:
    """What a keeper of turns has at the end: the latest of each, and whether it was taken back."""
    kept: dict[str, tuple[Turn, bool]] = {}
    for item in found:
        if isinstance(item, Turn):
            kept[item.key] = (item, False)
        elif isinstance(item, Rewound) and item.key in kept:
            keys = list(kept)
            for key in keys[keys.index(item.key) :]:
                kept[key] = (kept[key][0], True)
    return kept


def test_whole_session_gives_words_answers_and_tools(tmp_path: Path) -> None:
    path = whole(
        tmp_path / "session-2026-08-10T09-00-s1.json",
        user("m1", "Which seeds are left?\n\n"),
        model("m2", "I look.", thoughts=[{"subject": "a"}, {"subject": "b"}], toolCalls=[
            call("run_shell_command", {"command": "ls seeds"}, {"output": "beans\npeas"}),
            call("read_file", {"path": "x.md"}, {"error": "Path must be absolute"}, status="error"),
            call("run_shell_command", {"command": "sleep 9"}, {"error": "[Cancelled]"},
                 status="cancelled"),
        ]),
        {"id": "m3", "timestamp": "x", "type": "error", "content": "quota"},
        model("m4", "Beans and peas."),
        summary="Seeds", kind="main",
    )  # fmt: skip
    assert gemini.fits(Transcript(path))
    found = items("gemini", path)
    assert said(found) == [
        ("user", "Which seeds are left?"),
        ("assistant", "I look."),
        ("tool", "beans\npeas"),
        ("tool", "Path must be absolute"),
        ("tool", "[Cancelled]"),
        ("assistant", "Beans and peas."),
    ]
    told = turns_of(found)
    assert [turn.key for turn in told] == ["m1", "m2", "m2:1", "m2:2", "m2:3", "m4"]
    assert [turn.command for turn in told[2:5]] == ["ls seeds", "read_file: x.md", "sleep 9"]
    assert all(turn.conversation == "s1" and turn.when for turn in told)
    assert passed(found) == {"thinking": 2, "error": 1}
    assert about(found)["s1"].title == "Seeds"
    assert turns("gemini", path) == told


def test_log_gives_all_that_was_said_and_what_was_taken_back(tmp_path: Path) -> None:
    found = items("gemini", log(tmp_path / "session-x.jsonl", *RECORDS))
    kept = fold(found)
    assert {key: (turn.origin, turn.text) for key, (turn, gone) in kept.items() if not gone} == {
        "m0:context": ("context", "<session_context>\nToday is Monday\n</session_context>"),
        "m1": ("user", "Which seeds are left?"),
        "m2": ("assistant", "I look."),
        "m2:1": ("tool", "beans"),
        "m5": ("user", "And peas?"),
        "m9": ("context", "Summary: beans"),
        "m7": ("assistant", "Peas too."),
    }
    assert [key for key, (_, gone) in kept.items() if gone] == ["m3", "m4"]
    assert about(found)["s1"].title == "Seeds that are left"
    assert passed(found) == {
        "metadata": 1, "$set": 2, "$rewindTo": 1, "repeated": 1, "info": 1, "thinking": 1,
    }  # fmt: skip


def test_log_that_is_read_in_two_parts_gives_the_same_wherever_it_is_cut(tmp_path: Path) -> None:
    lines = [json.dumps(record) + "\n" for record in RECORDS]
    path = tmp_path / "session-x.jsonl"
    path.write_text("".join(lines))
    at_once = [each for each in items("gemini", path) if not isinstance(each, Checkpoint)]
    for cut in range(len(lines)):
        path.write_text("".join(lines[:cut]) + lines[cut][:9])
        first = items("gemini", path)
        states = [each.state for each in first if isinstance(each, Checkpoint)]
        state: State = json.loads(json.dumps(states[-1])) if states else {}
        path.write_text("".join(lines))
        both = [*first, *items("gemini", path, state)]
        assert [each for each in both if not isinstance(each, Checkpoint)] == at_once


def test_message_that_exists_in_checkpoints_only_is_read_again_when_it_grows(
    tmp_path: Path,
) -> None:
    grown = model("m2", "Yes.", toolCalls=[call("glob", {"pattern": "*.md"}, {"output": "a.md"})])
    path = log(
        tmp_path / "session-x.jsonl", META,
        {"$set": {"messages": [user("m1", "Any notes?"), model("m2", "Yes.")]}},
        {"$set": {"messages": [user("m1", "Any notes?"), grown]}},
    )  # fmt: skip
    kept = fold(items("gemini", path))
    assert [turn.text for turn, _ in kept.values()] == ["Any notes?", "Yes.", "a.md"]


def test_rewinding_to_a_message_that_only_used_a_tool_takes_its_tool_back(tmp_path: Path) -> None:
    done = model("m2", "", toolCalls=[call("glob", {"pattern": "*"}, {"output": "a.md"})])
    path = log(tmp_path / "s.jsonl", META, user("m1", "Go"), done, {"$rewindTo": "m2"})
    assert [gone for _, gone in fold(items("gemini", path)).values()] == [False, True]


def test_files_that_were_read_for_the_user_are_not_his_words(tmp_path: Path) -> None:
    parts = [
        {"text": "Sum up @notes.md"}, {"text": "\n--- Content from referenced files ---"},
        {"text": "\nContent from @notes.md:\n"}, {"text": "secret plans"},
        {"text": "\n--- End of content ---"}, {"fileData": {"fileUri": "file:///a/pic.png"}},
    ]  # fmt: skip
    path = whole(
        tmp_path / "session-a.json", user("m1", parts),
        user("m2", "expanded text", displayContent=[{"text": "what was typed"}]),
    )  # fmt: skip
    found = turns("gemini", path)
    assert [(turn.origin, turn.key) for turn in found] == [
        ("user", "m1"), ("context", "m1:context"), ("user", "m2"),
    ]  # fmt: skip
    assert found[0].text == "Sum up @notes.md" and found[0].attachments == ("pic.png",)
    assert "secret plans" in found[1].text
    assert found[2].text == "what was typed"


@pytest.mark.parametrize("noted", ["root", "projects", "tool"])
def test_project_is_found_beside_the_session_or_by_its_hash(tmp_path: Path, noted: str) -> None:
    chats = tmp_path / ".gemini/tmp/garden/chats"
    chats.mkdir(parents=True)
    args = {"path": f"{PROJECT}/beds/north.md" if noted == "tool" else "north.md"}
    done = model("m2", "", toolCalls=[call("read_file", args, {"output": "x"})])
    path = log(chats / "session-x.jsonl", META, user("m1", "Go"), done)
    if noted == "root":
        (chats.parent / ".project_root").write_text(PROJECT)
    elif noted == "projects":
        projects = {"projects": {"/home/ana/other": "other", PROJECT: "garden"}}
        (tmp_path / ".gemini/projects.json").write_text(json.dumps(projects))
    assert about(items("gemini", path))["s1"].project == PROJECT


def test_session_of_a_sub_agent_names_the_one_that_began_it(tmp_path: Path) -> None:
    folder = tmp_path / "chats" / "s0"
    folder.mkdir(parents=True)
    path = log(folder / "s1.jsonl", {**META, "kind": "subagent"}, user("m1", "Look around"))
    assert gemini.fits(Transcript(path))
    assert about(items("gemini", path))["s1"].parent == "s0"


def test_single_message_in_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "message.json"
    path.write_text(json.dumps(model("m1", "Done."), indent=2))
    assert gemini.fits(Transcript(path))
    assert said(items("gemini", path)) == [("assistant", "Done.")]


def test_old_list_of_prompts_gives_those_of_sessions_that_are_not_kept_in_full(
    tmp_path: Path,
) -> None:
    entry = {"messageId": 0, "type": "user", "timestamp": "2025-07-01T10:00:00Z"}
    entries = [
        {"sessionId": "aaaaaaaa-1", **entry, "message": "prune the roses"},
        {"sessionId": "bbbbbbbb-2", **entry, "message": "kept in full"},
    ]
    path = tmp_path / "logs.json"
    path.write_text(json.dumps(entries))
    (tmp_path / "chats").mkdir()
    full = tmp_path / "chats/session-2025-07-01T10-00-bbbbbbbb.json"
    full.write_text("{}")
    assert gemini.fits(Transcript(path))
    state: State = {}
    assert said(items("gemini", path, state)) == [("user", "prune the roses")]
    full.unlink()
    again = items("gemini", path, json.loads(json.dumps(state)))
    assert said(again) == [("user", "prune the roses")]
    assert passed(again) == {"repeated": 1}


def test_saved_checkpoint_gives_its_turns_under_the_same_keys_when_it_grew(tmp_path: Path) -> None:
    history: list[dict[str, Any]] = [
        {"role": "user", "parts": [{"text": "This is the Gemini CLI. We are setting up the context "
                                            "for our chat.\nToday is Monday"}]},
        {"role": "user", "parts": [{"text": "ok"}]},
        {"role": "model", "parts": [{"text": "Look."}, {"functionCall": {
            "name": "read_file", "args": {"path": "a.md"}}}]},
        {"role": "user", "parts": [{"functionResponse": {
            "name": "read_file", "response": {"output": "beans"}}}]},
        {"role": "user", "parts": [{"text": "ok"}]},
    ]  # fmt: skip
    path = tmp_path / "checkpoint-seeds.json"
    path.write_text(json.dumps({"history": history}))
    assert gemini.fits(Transcript(path))
    found = items("gemini", path)
    assert [origin for origin, _ in said(found)] == ["context", "user", "assistant", "tool", "user"]
    assert turns_of(found)[3].command == "read_file: a.md"
    assert next(iter(about(found).values())).title == "seeds"
    path.write_text(json.dumps([*history, {"role": "model", "parts": [{"text": "Done."}]}]))
    grown = turns("gemini", path)
    assert [turn.key for turn in grown[:-1]] == [turn.key for turn in turns_of(found)]
    assert len({turn.key for turn in grown}) == len(grown)


@pytest.mark.parametrize(
    "record",
    [
        "{torn", "null", "[]", "7", {"id": 3}, {"id": "m", "type": []}, {"$set": 4}, {"odd": 1},
        {"id": "m", "type": "user", "content": {"text": ["x"]}}, {"id": "m", "type": "news"},
        {"id": "m", "type": "gemini", "content": None, "toolCalls": {"a": 1}, "thoughts": "x"},
        {"id": "m", "type": "gemini", "toolCalls": [None, {"name": 4, "args": []}]},
        {"$set": {"messages": [None, {"id": 1}, {"id": "x", "type": 7}]}},
        "[" * 100_000, '{"id": "m", "type": "user", "content": ' + "[" * 5_000 + "]" * 5_000 + "}",
    ],
)  # fmt: skip
def test_foreign_record_is_counted_or_told_and_stops_nothing(tmp_path: Path, record: Any) -> None:
    path = log(tmp_path / "s.jsonl", META, record, user("m9", "Still here"))
    found = items("gemini", path)
    assert said(found)[-1] == ("user", "Still here")
    before = len(turns_of(found)) - 1
    assert before + sum(passed(found).values()) - 1 >= 1


def test_whole_session_that_was_cut_off_gives_what_comes_before(tmp_path: Path) -> None:
    path = whole(tmp_path / "session-a.json", user("m1", "Here"), user("m2", "Lost"))
    text = path.read_text()
    path.write_text(text[: text.index('"m2"')])
    found = items("gemini", path)
    assert said(found) == [("user", "Here")]
    assert passed(found) == {"message": 1}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", '{"sessionId": "s", "type": "user"}\n'),
        ("a.json", '{"requests": [], "responderUsername": "x"}'),
        ("a.json", '[{"sessionId": "s", "text": "x"}]'),
        ("a.json", ""),
        ("checkpoint.json", '{"weights": []}'),
        ("a.md", json.dumps(META)),
    ],
)
def test_foreign_files_are_not_taken(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert not gemini.fits(Transcript(tmp_path / name))
