"""Copilot Chat. Last verified: 2026-11-21 against VS Code's published source of its logs (1.109 and
later) and public descriptions of whole sessions; every record here was made for the test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.agents import copilot
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Item, Rewound, State, Turn, Version
from tests.chats.reading import about, items, passed, said, turns, turns_of


def request(id: str, text: Any, *response: Any, **more: Any) -> dict[str, Any]:
    asked = {"text": text, "parts": []} if isinstance(text, str) else text
    return {
        "requestId": id, "message": asked, "response": list(response),
        "timestamp": 1786357200000, **more,
    }  # fmt: skip


def session(*requests: Any, **more: Any) -> dict[str, Any]:
    return {
        "version": 3, "responderUsername": "GitHub Copilot", "initialLocation": "panel",
        "requests": list(requests), "sessionId": "s1", "creationDate": 1786357200000, **more,
    }  # fmt: skip


def folder(tmp_path: Path, uri: str = "file:///home/ana/my%20app") -> Path:
    chats = tmp_path / "workspaceStorage/abc/chatSessions"
    chats.mkdir(parents=True)
    (chats.parent / "workspace.json").write_text(json.dumps({"folder": uri}))
    return chats


def whole(tmp_path: Path, *requests: Any, **more: Any) -> Path:
    path = folder(tmp_path) / "s1.json"
    path.write_text(json.dumps(session(*requests, **more), indent=2))
    return path


def log(path: Path, *entries: Any) -> Path:
    lines = (each if isinstance(each, str) else json.dumps(each) for each in entries)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def push(path: list[str | int], *values: Any, **more: Any) -> dict[str, Any]:
    return {"kind": 2, "k": path, "v": list(values), **more}


def put(path: list[str | int], value: Any) -> dict[str, Any]:
    return {"kind": 1, "k": path, "v": value}


TERMINAL = {
    "kind": "toolInvocationSerialized", "toolCallId": "c1__vscode-1", "toolId": "run_in_terminal",
    "pastTenseMessage": {"value": "Ran it"},
    "toolSpecificData": {"kind": "terminal", "commandLine": {"original": "go build"},
                         "terminalCommandOutput": {"text": "\u001b[31mfail\u001b[0m\r\n"}},
}  # fmt: skip
READING = {
    "kind": "toolInvocationSerialized", "toolCallId": "c2", "toolId": "copilot_readFile",
    "invocationMessage": "Reading a.go",
}  # fmt: skip
LOG = (
    {"kind": 0, "v": session()},
    put(["inputState", "inputText"], "half typed"),
    push(["requests"], request("r1", "fix the build")),
    push(["requests", 0, "response"], {"value": "Looking "}, {"value": "at it."}),
    push(["requests", 0, "response"], TERMINAL, {"kind": "thinking", "value": "hm"}),
    push(["requests", 0, "response"], {"value": "Done, I belive."}, i=4),
    push(["requests", 0, "response"], {"value": "Done."}, i=4),
    push(["requests"], request("r2", "a slip"), request("r3", "and more")),
    push(["requests"], request("r4", "thanks"), i=1),
    put(["customTitle"], "Build fix"),
    put(["requests", 1, "modelState"], {"value": 2}),
    {"kind": 3, "k": ["requests", 1, "result"]},
)


def fold(found: list[Item]) -> dict[str, Turn]:
    """What a keeper of turns has at the end, without what was taken back."""
    kept: dict[str, Turn] = {}
    for item in found:
        if isinstance(item, Turn):
            kept[item.key] = item
        elif isinstance(item, Rewound) and item.key in kept:
            keys = list(kept)
            for key in keys[keys.index(item.key) :]:
                kept.pop(key)
    return {key: turn for key, turn in kept.items() if not turn.is_side}


def test_whole_session_gives_words_tools_and_answers(tmp_path: Path) -> None:
    named = {"kind": "inlineReference", "inlineReference": {"path": "/w/a.go", "scheme": "file"}}
    path = whole(
        tmp_path,
        request(
            "r1", "fix the build", {"value": "I read "}, named, {"value": " first."}, READING,
            TERMINAL, {"kind": "markdownContent", "content": {"value": "Fixed."}},
            {"kind": "thinking", "value": "hm"}, {"kind": "undoStop"},
            variableData={"variables": [{"kind": "file", "name": "a.go"},
                                        {"kind": "tool", "name": "search"}]},
        ),
        request("r2", "old", "a plain text", isCanceled=True),
        customTitle="Build fix",
    )  # fmt: skip
    assert copilot.fits(Transcript(path))
    found = items("copilot", path)
    assert said(found) == [
        ("user", "fix the build"),
        ("tool", "copilot_readFile: Reading a.go"),
        ("tool", "fail"),
        ("assistant", "I read `a.go` first.\n\nFixed."),
        ("user", "old"),
        ("assistant", "a plain text"),
    ]
    told = turns_of(found)
    assert [turn.key for turn in told] == [
        "r1", "r1:c2", "r1:c1__vscode-1", "r1:answer", "r2", "r2:answer",
    ]  # fmt: skip
    assert told[0].attachments == ("a.go",)
    assert told[2].command == "go build" and told[3].reply_to == "r1"
    assert all(turn.when.startswith("2026-08-1") for turn in told)
    assert passed(found) == {"thinking": 1, "undoStop": 1, "canceled": 1}
    known = about(found)["s1"]
    assert (known.title, known.project) == ("Build fix", "/home/ana/my app")
    assert [item.text for item in found if isinstance(item, Version)] == ["3"]
    assert turns("copilot", path) == told


def test_log_is_replayed_and_what_was_cut_off_stands_aside(tmp_path: Path) -> None:
    path = log(folder(tmp_path) / "s1.jsonl", *LOG)
    assert copilot.fits(Transcript(path))
    found = items("copilot", path)
    assert [(turn.text, turn.is_side) for turn in turns_of(found)] == [
        ("fix the build", False), ("fail", False), ("Looking at it.\n\nDone.", False),
        ("a slip", True), ("and more", True), ("thanks", False),
    ]  # fmt: skip
    assert [turn.line for turn in turns_of(found)] == [3, 3, 3, 8, 8, 9]
    assert about(found)["s1"].title == "Build fix"
    assert passed(found) == {
        "initial": 1, "push": 7, "set": 3, "delete": 1, "thinking": 1, "canceled": 1,
    }  # fmt: skip


@pytest.mark.parametrize("is_torn", [False, True])
def test_growing_log_ends_as_if_it_were_read_at_once(tmp_path: Path, is_torn: bool) -> None:
    path = log(folder(tmp_path) / "s1.jsonl", *LOG)
    at_once = fold(items("copilot", path))
    lines = [json.dumps(entry) + "\n" for entry in LOG]
    for cut in range(1, len(lines)):
        state: State = {}
        path.write_text("".join(lines[:cut]) + (lines[cut][:20] if is_torn else ""))
        first = items("copilot", path, state)
        path.write_text("".join(lines))
        again = items("copilot", path, json.loads(json.dumps(state)))
        assert fold([*first, *again]) == at_once


def test_request_that_is_gone_from_a_rewritten_log_is_taken_back(tmp_path: Path) -> None:
    path = log(folder(tmp_path) / "s1.jsonl",
               {"kind": 0, "v": session(request("r1", "a"), request("r2", "b"))})  # fmt: skip
    state: State = {}
    first = items("copilot", path, state)
    log(path, {"kind": 0, "v": session(request("r1", "a"), request("r3", "c"))})
    kept = fold([*first, *items("copilot", path, state)])
    assert [turn.text for turn in kept.values()] == ["a", "c"]


def test_tools_are_told_with_what_the_model_gave_and_got(tmp_path: Path) -> None:
    metadata = {
        "toolCallRounds": [{"toolCalls": [{"id": "c9", "name": "grep_search",
                                           "arguments": '{"query": "TODO"}'}]}],
        "toolCallResults": {"c9": {"content": [{"value": "2 found"}]}},
        "renderedUserMessage": ["x" * 1000],
    }  # fmt: skip
    part = {"kind": "toolInvocationSerialized", "toolCallId": "c9", "toolId": "copilot_find"}
    path = log(
        folder(tmp_path) / "s.jsonl", {"kind": 0, "v": session(request("r1", "look", part))},
        put(["requests", 0, "result"], {"metadata": metadata}),
    )  # fmt: skip
    tool = turns("copilot", path)[1]
    assert (tool.text, tool.command) == ("2 found", "copilot_find: TODO")


def test_what_the_editor_sent_is_not_the_users(tmp_path: Path) -> None:
    path = whole(
        tmp_path,
        request("r1", "The command has ended", isSystemInitiated=True),
        request("r2", 'Accept: "Run tests?"', confirmation="Accept"),
        request("r3", "go on"),
    )
    assert [(turn.origin, turn.key) for turn in turns("copilot", path)] == [
        ("context", "r1:context"), ("context", "r2:context"), ("user", "r3"),
    ]  # fmt: skip


def test_request_that_was_undone_stands_aside(tmp_path: Path) -> None:
    path = whole(tmp_path, request("r1", "no", shouldBeRemovedOnSend={"requestId": "r1"}))
    assert [turn.is_side for turn in turns("copilot", path)] == [True]


def test_exported_session_without_an_id_is_known_again(tmp_path: Path) -> None:
    told = []
    for name in ("chat.json", "chat (1).json"):
        path = tmp_path / name
        exported = session(request("r1", "hello", {"value": "hi"}))
        del exported["sessionId"]
        path.write_text(json.dumps(exported))
        assert copilot.fits(Transcript(path))
        told.append(turns("copilot", path))
    assert told[0] == told[1] and told[0][0].conversation == "r1"


@pytest.mark.parametrize(
    ("noted", "project"),
    [
        ({"workspace": "file:///home/ana/all.code-workspace"}, "/home/ana/all.code-workspace"),
        ({"folder": 3}, ""),
        ([], ""),
        ("{", ""),
    ],
)
def test_project_is_what_the_workspace_stands_for(tmp_path: Path, noted: Any, project: str) -> None:
    path = whole(tmp_path, request("r1", "a"))
    text = noted if isinstance(noted, str) else json.dumps(noted)
    (path.parent.parent / "workspace.json").write_text(text)
    assert about(items("copilot", path))["s1"].project == project


@pytest.mark.parametrize(
    "entry",
    [
        "{torn", "null", "[]", {"kind": 9}, {"kind": 1}, {"kind": 1, "k": [], "v": 1},
        {"kind": [], "k": "requests"}, {"kind": 2, "k": ["requests"], "v": {"a": 1}},
        {"kind": 1, "k": ["requests", 10**12, "message"], "v": 1},
        {"kind": 2, "k": ["requests", -1, "response"], "v": [1]},
        {"kind": 2, "k": ["requests", "0", "response", {}], "v": [1]},
        {"kind": 1, "k": ["requests", 7], "v": request("r7", "far")},
        {"kind": 1, "k": ["requests", 0, "message", "text", "x"], "v": 1},
        {"kind": 0, "v": 4}, {"kind": 1, "k": ["requests", True], "v": 1}, "[" * 100_000,
        {"kind": 2, "k": ["requests", 5, "response"], "v": [1], "i": 10**12},
    ],
)  # fmt: skip
def test_foreign_change_is_counted_and_stops_nothing(tmp_path: Path, entry: Any) -> None:
    path = log(
        folder(tmp_path) / "s.jsonl", {"kind": 0, "v": session(request("r1", "hello"))}, entry,
        push(["requests"], request("r2", "still here")),
    )  # fmt: skip
    found = items("copilot", path)
    assert said(found) == [("user", "hello"), ("user", "still here")]
    assert sum(passed(found).values()) == 3


@pytest.mark.parametrize(
    "odd",
    [
        None, 7, [], {}, {"requestId": 3, "message": 4, "response": 5},
        {"message": {"text": ["x"]}, "response": [None, 3, [], {"kind": {}}, {"kind": None}]},
        {"response": [{"kind": "news"}, {"kind": "toolInvocationSerialized", "toolCallId": []}]},
        {"result": {"metadata": {"toolCallRounds": {}, "toolCallResults": [1]}}},
        {"variableData": {"variables": {"a": 1}}, "timestamp": 1e300, "modelState": "x"},
        {"message": {"text": {"value": {"content": {"text": {"value": {"text": "deep"}}}}}}},
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_log", [False, True])
def test_odd_request_does_no_harm(tmp_path: Path, odd: Any, is_log: bool) -> None:
    if is_log:
        path = log(folder(tmp_path) / "s.jsonl", {"kind": 0, "v": session(odd)},
                   push(["requests"], request("r2", "still here")))  # fmt: skip
    else:
        path = whole(tmp_path, odd, request("r2", "still here"))
    assert said(items("copilot", path))[-1] == ("user", "still here")


def test_log_without_its_first_line_gives_what_came_later(tmp_path: Path) -> None:
    path = log(folder(tmp_path) / "s9.jsonl", put(["hasPendingEdits"], False),
               push(["requests"], request("r2", "still here")))  # fmt: skip
    assert copilot.fits(Transcript(path))
    assert [turn.conversation for turn in turns("copilot", path)] == ["s9"]


def test_whole_session_that_was_cut_off_gives_what_comes_before(tmp_path: Path) -> None:
    path = whole(tmp_path, request("r1", "here"), request("r2", "lost"))
    text = path.read_text()
    path.write_text(text[: text.index('"lost"')])
    assert said(items("copilot", path)) == [("user", "here")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"requests": [], "sessionId": "s", "projectHash": "x"}'),
        ("a.jsonl", '{"kind": 0, "v": {"a": 1}}\n'),
        ("a.jsonl", '{"type": "user"}\n'),
        ("a.json", "[]"),
        ("a.md", json.dumps(session())),
    ],
)
def test_foreign_files_are_not_taken(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert not copilot.fits(Transcript(tmp_path / name))
