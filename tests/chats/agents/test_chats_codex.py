"""Codex's rollouts and streams.

Last verified: 2026-11-21 against rollouts of Codex 0.40, streams of `codex exec --json` 0.50 and
public descriptions of bare rollouts and of 0.147; every record here was made for the test.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from cairn.core.chats.turn import Checkpoint, Item, Passed, Rewound, State, Version
from tests.chats.reading import about, items, kind_of, passed, said, turns, turns_of

ID = "01997e76-d124-7592-9cac-2ec05abbca08"
NAME = f"rollout-2025-09-24T19-22-20-{ID}.jsonl"
Record = dict[str, Any]


def line(kind: str, second: int, **payload: Any) -> Record:
    time = f"2026-08-10T13:{second // 60:02}:{second % 60:02}.100Z"
    return {"timestamp": time, "type": kind, "payload": payload}


def meta(second: int = 0, **more: Any) -> Record:
    return line(
        "session_meta", second, **{"id": ID, "cwd": "/w/api", "cli_version": "0.40.0"} | more
    )


def item(second: int, kind: str, **more: Any) -> Record:
    return line("response_item", second, type=kind, **more)


def event(second: int, kind: str, **more: Any) -> Record:
    return line("event_msg", second, type=kind, **more)


def says(second: int, role: str, *texts: str, **more: Any) -> Record:
    kind = "output_text" if role == "assistant" else "input_text"
    content = [{"type": kind, "text": text} for text in texts]
    return item(second, "message", role=role, content=content, **more)


def write(path: Path, records: list[Any], name: str = NAME) -> Path:
    lines = (each if isinstance(each, str) else json.dumps(each) for each in records)
    (path / name).write_text("".join(f"{text}\n" for text in lines))
    return path / name


def read(path: Path, *records: Any, name: str = NAME) -> list[Item]:
    file = write(path, list(records), name)
    assert kind_of(file) == "codex"
    return items("codex", file)


ASKED = "# Context from my IDE setup:\n\n## Open tabs:\n- a.py\n\n## My request for Codex:\nrun it"
TALK: list[Any] = [
    meta(),
    says(1, "developer", "<permissions instructions>ask</permissions instructions>"),
    says(1, "user", "<environment_context>\n  <cwd>/w/api</cwd>\n</environment_context>"),
    line("turn_context", 1, cwd="/w/api", model="gpt-x"),
    says(2, "user", ASKED),
    event(2, "user_message", message=ASKED, images=[]),
    event(3, "agent_reasoning", text="**Thinking**"),
    item(3, "reasoning", summary=[], encrypted_content="xx"),
    item(4, "function_call", name="shell", call_id="c1",
         arguments=json.dumps({"command": ["bash", "-lc", "ls -l"], "workdir": "/w"})),
    item(5, "custom_tool_call", name="apply_patch", call_id="c2",
         input="*** Begin Patch\n*** Update File: src/a.py\n+x\n*** End Patch"),
    item(6, "function_call_output", call_id="c1",
         output=json.dumps({"output": "total 0\n", "metadata": {"exit_code": 0}})),
    item(7, "custom_tool_call_output", call_id="c2", output="Success"),
    item(8, "web_search_call", id="w1", action={"type": "search", "query": "codex"}),
    event(9, "token_count", info=None),
    event(10, "agent_message", message="It runs."),
    "{torn",
    says(10, "assistant", "It runs.", id="msg_1"),
    says(11, "user", "go on"),
    event(11, "user_message", message="go on"),
    says(11, "user", "go on"),
    event(11, "user_message", message="go on"),
    item(12, "local_shell_call", call_id="c3", action={"type": "exec", "command": ["git", "push"]}),
    event(13, "turn_aborted", reason="interrupted"),
    says(13, "user", "<turn_aborted>\nstopped\n</turn_aborted>"),
    says(14, "user", "no, stop", id="msg_9"),
    line("compacted", 15, message="They ran it.", replacement_history=[]),
    line("brand_new", 16),
]  # fmt: skip


def test_a_rollout(tmp_path: Path) -> None:
    found = read(tmp_path, *TALK)
    assert said(found) == [
        ("context", "<permissions instructions>ask</permissions instructions>"),
        ("context", "<environment_context>\n  <cwd>/w/api</cwd>\n</environment_context>"),
        ("user", "run it"),
        ("context", "# Context from my IDE setup:\n\n## Open tabs:\n- a.py"),
        ("tool", "total 0"),
        ("tool", "Success"),
        ("tool", "web_search: codex"),
        ("assistant", "It runs."),
        ("user", "go on"),
        ("user", "go on"),
        ("context", "<turn_aborted>\nstopped\n</turn_aborted>"),
        ("tool", "git push"),
        ("user", "no, stop"),
        ("context", "They ran it."),
    ]
    commands = [turn.command for turn in turns_of(found) if turn.origin == "tool"]
    assert commands == ["ls -l", "apply_patch: src/a.py", "web_search: codex", "git push"]
    keys = [turn.key for turn in turns_of(found)]
    assert len(set(keys)) == len(keys)
    assert {"c1", "c2", "c3", "w1", "msg_9"} < set(keys)
    assert keys[3] == f"{keys[2]}:context" and keys[9] == f"{keys[8]}-2"
    assert {turn.conversation for turn in turns_of(found)} == {ID}
    assert turns_of(found)[2].line == 5
    assert about(found)[ID].project == "/w/api"
    assert [each for each in found if isinstance(each, Version)] == [Version("0.40.0")]
    assert passed(found) == {
        "session_meta": 1, "turn_context": 1, "mirror": 4, "agent_reasoning": 1, "thinking": 1,
        "token_count": 1, "not a record": 1, "turn_aborted": 1, "brand_new": 1,
    }  # fmt: skip
    unknown = [each.kind for each in found if isinstance(each, Passed) and not each.is_known]
    assert unknown == ["not a record", "brand_new"]


def test_reading_in_two_halves_is_like_reading_at_once(tmp_path: Path) -> None:
    whole = turns("codex", write(tmp_path, TALK))
    assert turns("codex", tmp_path / NAME) == whole
    for cut in range(len(TALK) + 1):
        file = write(tmp_path, TALK[:cut], "growing.jsonl")
        with file.open("a") as log:
            log.write(json.dumps(TALK[min(cut, len(TALK) - 1)])[:20])  # torn
        first = items("codex", file, state := State())
        kept = [each.state for each in first if isinstance(each, Checkpoint)]
        assert not kept or kept[-1] == state
        file = write(tmp_path, TALK, "growing.jsonl")
        rest = turns("codex", file, json.loads(json.dumps(kept[-1] if kept else {})))
        assert turns_of(first) + rest == whole


def test_a_packed_rollout(tmp_path: Path) -> None:
    import pyarrow

    whole = turns("codex", write(tmp_path, TALK))
    packed = tmp_path / f"{NAME}.zst"
    with pyarrow.CompressedOutputStream(str(packed), "zstd") as out:
        out.write((tmp_path / NAME).read_bytes())
    assert kind_of(packed) == "codex"
    assert turns("codex", packed) == whole
    first = items("codex", packed)
    middle = [each.state for each in first if isinstance(each, Checkpoint)][9]
    assert turns("codex", packed, dict(middle)) == whole[4:]


def test_a_log_of_events_keeps_its_words(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        meta(),
        event(1, "user_message", message="list them"),
        event(2, "exec_command_begin", call_id="c1", command=["bash", "-lc", "ls"]),
        event(3, "exec_command_end", call_id="c1", stdout="a\nb\n", stderr="", exit_code=0),
        event(4, "agent_message", message="Two files."),
        event(5, "item_completed",
              item={"type": "AgentMessage", "content": [{"type": "Text", "text": "Done."}]}),
    )  # fmt: skip
    assert said(found) == [
        ("user", "list them"), ("tool", "a\nb"), ("assistant", "Two files."),
        ("assistant", "Done."),
    ]  # fmt: skip
    bare = [
        {"id": "0", "msg": {"type": "task_started"}},
        {"prompt": "list them"},
        {"id": "0", "msg": {"type": "agent_message", "message": "Two files."}},
    ]
    assert said(read(tmp_path, *bare, name="exec.jsonl")) == [
        ("user", "list them"), ("assistant", "Two files."),
    ]  # fmt: skip


def test_a_bare_rollout(tmp_path: Path) -> None:
    content = [{"type": "input_text", "text": "<environment_context>\n<cwd>/old</cwd>\n"
                "</environment_context>"}]  # fmt: skip
    words = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]}
    call = {"type": "function_call", "name": "shell", "arguments": '{"command":["ls"]}',
            "call_id": "c1"}  # fmt: skip
    found = read(
        tmp_path,
        {"id": "old-1", "timestamp": "2025-08-18T01:16:13Z", "instructions": None, "git": {}},
        {"record_type": "state"},
        {"type": "message", "role": "user", "content": content},
        words,
        call,
        {"type": "function_call_output", "call_id": "c1", "output": "a"},
        words,
    )
    assert [each for each in said(found) if each[0] != "context"] == [
        ("user", "hi"), ("tool", "a"), ("user", "hi"),
    ]  # fmt: skip
    assert len({turn.key for turn in turns_of(found)}) == 4
    assert about(found)["old-1"].project == "/old"
    assert passed(found) == {"session_meta": 1, "state": 1}


def test_a_stream(tmp_path: Path) -> None:
    def done(id: str, kind: str, **more: Any) -> Record:
        return {"type": "item.completed", "item": {"id": id, "type": kind, **more}}

    found = read(
        tmp_path,
        {"type": "thread.started", "thread_id": "t-1"},
        {"type": "turn.started"},
        done("item_0", "reasoning", text="hm"),
        {"type": "item.started", "item": {"id": "item_1", "type": "command_execution"}},
        done("item_1", "command_execution", command="bash -lc 'ls -l'", aggregated_output="a\n"),
        done("item_2", "file_change", changes=[{"path": "/w/a", "kind": "add"}]),
        done("item_3", "mcp_tool_call", server="s", tool="t", arguments={"query": "q"},
             result={"content": [{"type": "text", "text": "r"}]}),
        done("item_4", "agent_message", text="Done."),
        {"type": "turn.completed", "usage": {}},
        {"type": "thread.started", "thread_id": "t-1"},
        done("item_0", "agent_message", text="Done again."),
        done("item_1", "odd"),
        name="stream.jsonl",
    )  # fmt: skip
    assert said(found) == [
        ("tool", "a"), ("tool", "add /w/a"), ("tool", "r"), ("assistant", "Done."),
        ("assistant", "Done again."),
    ]  # fmt: skip
    commands = [turn.command for turn in turns_of(found)][:3]
    assert commands == ["ls -l", "file_change: add /w/a", "s.t: q"]
    assert len({turn.key for turn in turns_of(found)}) == 5
    assert {turn.conversation for turn in turns_of(found)} == {"t-1"}


def test_a_copied_past_belongs_to_the_file(tmp_path: Path) -> None:
    past = [says(1, "user", "hi"), says(2, "assistant", "hello")]
    found = read(tmp_path, meta(forked_from_id="p"), meta(id="p"), *past, says(9, "user", "new"))
    assert {turn.conversation for turn in turns_of(found)} == {ID}
    # The same messages, written again with their times, are the same turns.
    again = [meta(), *past, says(9, "user", "new"), meta(), *past]
    keys = {turn.key for turn in turns_of(read(tmp_path, *again))}
    assert len(keys) == 3


def test_a_sub_agents_prompts_are_not_the_users(tmp_path: Path) -> None:
    source = {"subagent": {"thread_spawn": {"parent_thread_id": "p1", "depth": 1}}}
    found = read(tmp_path, meta(source=source), says(1, "user", "find it"))
    assert said(found) == [("assistant", "find it")]
    assert about(found)[ID].parent == "p1"


def test_turns_that_were_taken_back(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        meta(),
        says(1, "user", "one", id="m1"),
        says(2, "user", "two", id="m2"),
        says(3, "user", "three", id="m3"),
        event(4, "thread_rolled_back", num_turns=2),
        says(5, "user", "four", id="m4"),
        event(6, "thread_rolled_back", num_turns=9),
        event(7, "thread_rolled_back", num_turns="x"),
        event(8, "thread_name_updated", thread_name="Counting"),
    )
    rewound = [each for each in found if isinstance(each, Rewound)]
    assert rewound == [Rewound(ID, "m2"), Rewound(ID, "m1")]
    assert about(found)[ID].title == "Counting"


def test_images_and_odd_outputs(tmp_path: Path) -> None:
    content = [
        {"type": "input_text", "text": "<image name=[Image #1]>"},
        {"type": "input_image", "image_url": "data:"},
        {"type": "input_text", "text": "</image>"},
        {"type": "input_text", "text": "what is it?"},
    ]
    deep: Any = "end"
    for _ in range(900):
        deep = {"output": deep}
    found = read(
        tmp_path,
        meta(),
        item(1, "message", role="user", content=content),
        event(1, "user_message", message="what is it?", images=["data:"]),
        item(2, "function_call_output", call_id="c1", output=[{"type": "input_text", "text": "x"}]),
        item(3, "function_call_output", call_id="c2", output={"content": "y", "success": True}),
        item(4, "function_call_output", call_id="c3", output=deep),
        item(5, "function_call_output", call_id="c4", output='{"a": 1}'),
    )
    assert said(found) == [
        ("user", "what is it?"),
        ("tool", "x"),
        ("tool", "y"),
        ("tool", '{"a": 1}'),
    ]
    assert turns_of(found)[0].attachments == ("image",)


@pytest.mark.parametrize(
    "text",
    ['{"type": "message", "role": "user"}', '{"id": 1, "timestamp": 2}', "hello", "", "[1]",
     '{"type": "user", "message": {"content": "hi"}}'],
)  # fmt: skip
def test_other_files_are_not_taken_for_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.jsonl").write_text(text + "\n")
    assert kind_of(tmp_path / "x.jsonl") != "codex"


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=5),
    lambda inner: (
        some.lists(inner, max_size=3) | some.dictionaries(some.sampled_from(
            ["type", "text", "content", "output", "command", "query", "path", "item"]
        ), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
KINDS = [
    "session_meta", "response_item", "event_msg", "compacted", "item.completed", "thread.started",
    "message", "function_call", "x",
]  # fmt: skip
INNER = [
    "message", "function_call", "custom_tool_call", "local_shell_call", "function_call_output",
    "web_search_call", "user_message", "agent_message", "exec_command_begin", "exec_command_end",
    "thread_rolled_back", "item_completed", "file_change", "mcp_tool_call", "command_execution",
]  # fmt: skip
FIELDS = [
    "role", "content", "name", "arguments", "input", "output", "call_id", "id", "message", "cwd",
    "source", "command", "stdout", "num_turns", "item", "changes", "result", "action", "images",
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=some.lists(some.tuples(
    some.sampled_from(KINDS), some.sampled_from(INNER),
    some.dictionaries(some.sampled_from(FIELDS), JSON, max_size=5), JSON,
), max_size=4))  # fmt: skip
def test_no_record_is_too_odd(tmp_path: Path, records: list[Any]) -> None:
    odd = [
        {"type": kind, "timestamp": time, "payload": {"type": inner} | fields,
         "item": {"type": inner} | fields} | ({} if kind in KINDS[:6] else {"type": inner} | fields)
        for kind, inner, fields, time in records
    ]  # fmt: skip
    file = write(tmp_path, odd)
    first = items("codex", file)
    assert turns_of(first) == turns("codex", file)
    assert all(turn.text.strip() for turn in turns_of(first))


def test_what_is_kept_between_lines_stays_small(tmp_path: Path) -> None:
    calls = [
        item(n % 3000, "function_call", name="shell", call_id=f"c{n}",
             arguments=json.dumps({"command": "x" * 3000}))
        for n in range(300)
    ]  # fmt: skip
    talk = [says(n, "user", f"message {n}") for n in range(300)]
    state: State = {}
    found = items("codex", write(tmp_path, [meta(), *talk, *calls]), state)
    assert len(turns_of(found)) == 300 + 300 - 32  # the others wait for their results
    assert len(json.dumps(state)) < 100_000
