"""Copilot CLI. Last verified: 2026-11-21 against public descriptions of `events.jsonl` of 1.0.64 to
1.0.78; every record here was made for the test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.agents import copilot_cli
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, State, Version
from tests.chats.reading import about, items, passed, said, turns, turns_of


def event(kind: str, id: str = "", **data: Any) -> dict[str, Any]:
    return {"type": kind, "data": data, "id": id, "timestamp": "2026-08-10T09:00:00.000Z"}


EVENTS = (
    event("session.start", "e0", sessionId="s1", copilotVersion="1.0.76",
          context={"cwd": "/home/ana/app"}),
    event("user.message", "e1", content="list failing tests", transformedContent="<x>",
          attachments=[{"type": "file", "path": "/a/b.py"}]),
    event("assistant.turn_start", "e2", turnId="0"),
    event("assistant.message", "e3", content="", reasoningText="hm",
          toolRequests=[{"toolCallId": "c1"}]),
    event("tool.execution_start", "e4", toolCallId="c1", toolName="bash",
          arguments={"command": "pytest -q"}),
    event("tool.execution_start", "e5", toolCallId="c2", toolName="view",
          arguments='{"path": "README.md"}'),
    event("tool.execution_complete", "e6", toolCallId="c2", success=False,
          error={"message": "no such file"}),
    event("tool.execution_complete", "e7", toolCallId="c1", success=True,
          result={"content": "1 failed"}),
    event("user.message", "e8", content="Use the skill so", source="skill-pdf"),
    event("assistant.message", "e9", content="One fails."),
    event("assistant.message", "e10", content="I explore.", parentToolCallId="c5"),
    event("session.title_changed", "e11", title="Failing tests"),
    event("tool.execution_start", "e12", toolCallId="c3", toolName="bash",
          arguments={"command": "sleep 99"}),
    event("abort", "e13", reason="user initiated"),
)  # fmt: skip


def write(tmp_path: Path, *events: Any) -> Path:
    path = tmp_path / "session-state" / "s1" / "events.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (each if isinstance(each, str) else json.dumps(each) for each in events)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def test_session_gives_words_answers_and_tools_with_their_results(tmp_path: Path) -> None:
    path = write(tmp_path, *EVENTS)
    assert copilot_cli.fits(Transcript(path))
    found = items("copilot-cli", path)
    assert [(turn.key, turn.origin, turn.text) for turn in turns_of(found)] == [
        ("e1", "user", "list failing tests"),
        ("c2", "tool", "no such file"),
        ("c1", "tool", "1 failed"),
        ("e8", "context", "Use the skill so"),
        ("e9", "assistant", "One fails."),
        ("e10", "assistant", "I explore."),
        ("c3", "tool", "sleep 99"),
    ]
    told = {turn.key: turn for turn in turns_of(found)}
    assert told["c1"].command == "pytest -q" and told["c2"].command == "view: README.md"
    assert told["e1"].attachments == ("b.py",)
    assert told["e10"].conversation == "s1:c5" and told["e9"].conversation == "s1"
    known = about(found)
    assert (known["s1"].title, known["s1"].project) == ("Failing tests", "/home/ana/app")
    assert known["s1:c5"].parent == "s1"
    assert [item.text for item in found if isinstance(item, Version)] == ["1.0.76"]
    assert passed(found) == {
        "session.start": 1, "assistant.turn_start": 1, "assistant.message": 1, "thinking": 1,
        "tool.execution_start": 3, "session.title_changed": 1, "abort": 1,
    }  # fmt: skip
    assert turns("copilot-cli", path) == turns_of(found)


def test_session_that_is_read_in_two_parts_gives_the_same_wherever_it_is_cut(
    tmp_path: Path,
) -> None:
    lines = [json.dumps(each) + "\n" for each in EVENTS]
    path = write(tmp_path, *EVENTS)
    at_once = [each for each in items("copilot-cli", path) if not isinstance(each, Checkpoint)]
    for cut in range(len(lines)):
        path.write_text("".join(lines[:cut]) + lines[cut][:15])
        state: State = {}
        first = items("copilot-cli", path, state)
        path.write_text("".join(lines))
        both = [*first, *items("copilot-cli", path, json.loads(json.dumps(state)))]
        assert [each for each in both if not isinstance(each, Checkpoint)] == at_once


def test_name_of_the_session_is_found_beside_it(tmp_path: Path) -> None:
    path = write(tmp_path, EVENTS[0], EVENTS[1])
    (path.parent / "workspace.yaml").write_text("id: s1\ncwd: /x\nsummary: Tests that fail\n")
    assert about(items("copilot-cli", path))["s1"].title == "Tests that fail"


@pytest.mark.parametrize(
    "odd",
    [
        "{torn", "null", "[]", {"type": "user.message"}, {"type": 3, "data": {}},
        {"type": "user.message", "data": []}, event("user.message", content=["x"]),
        event("user.message", content="x", source=["y"], attachments="z")["data"],
        event("tool.execution_start", toolCallId=[], arguments=4), event("news.today"),
        event("assistant.message", content={"a": 1}, parentToolCallId=7),
        event("session.start", sessionId=4, context="x", copilotVersion=[]), "[" * 100_000,
        event("abort"),
    ],
)  # fmt: skip
def test_foreign_event_is_counted_and_stops_nothing(tmp_path: Path, odd: Any) -> None:
    path = write(tmp_path, EVENTS[0], odd, EVENTS[1])
    found = items("copilot-cli", path)
    assert said(found) == [("user", "list failing tests")]
    assert sum(passed(found).values()) == 2


def test_result_without_its_call_is_told(tmp_path: Path) -> None:
    done = event("tool.execution_complete", "e1", toolCallId="c8", result="42", toolName="sum")
    path = write(tmp_path, EVENTS[0], done, event("tool.execution_complete", "e2", result=[1]))
    first, second = turns("copilot-cli", path)
    assert (first.key, first.text, first.command) == ("c8", "42", "sum")
    assert second.key == "e2" and second.text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("events.jsonl", '{"type": "click", "data": {}}\n'),
        ("events.jsonl", ""),
        ("other.jsonl", json.dumps(EVENTS[0])),
    ],
)
def test_foreign_files_are_not_taken(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert not copilot_cli.fits(Transcript(tmp_path / name))
