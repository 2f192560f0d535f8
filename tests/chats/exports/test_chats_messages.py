"""JSON of messages of any make. Last verified: 2026-11-21 against dumps of six programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats import times
from cairn.core.chats.exports.messages import fits
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import State
from cairn.core.errors import ExtractError
from tests.chats.reading import about, items, passed, said, turns, turns_of

ASKED, ANSWERED = {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}
BOTH = [("user", "Why?"), ("assistant", "So.")]
ANA = {"timestamp": "2026-01-17T21:49:00", "author": "Ana", "message": "Hello"}
BEN = {"timestamp": "2026-01-17T21:50:00", "author": "Ben", "message": "Hi"}


def write(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value))
    return path


def lines(path: Path, *values: Any, end: str = "\n") -> Path:
    path.write_text("\n".join(json.dumps(value) for value in values) + end)
    return path


@pytest.mark.parametrize(
    "value",
    [
        [ASKED, ANSWERED],
        [[ASKED, ANSWERED]],
        [[ASKED], [ANSWERED]],
        {"messages": [ASKED, ANSWERED]},
        {"version": 1, "conversation_list": [ASKED, ANSWERED], "end": {}},
        {"id": "x", "title": "T", "chat": {"messages": [ASKED, ANSWERED]}},
        [{"id": "x", "chat": {"messages": [ASKED, ANSWERED]}}],
        [{"messages": [ASKED, ANSWERED]}],
        [{"conversations": [{"from": "human", "value": "Why?"}, {"from": "gpt", "value": "So."}]}],
        [{"role": "user", "content": [{"type": "text", "text": "Why?"}]},
         {"role": "assistant", "content": [{"type": "think", "think": "Hm"},
                                           {"type": "text", "text": "So."}]}],
        [{"role": "user", "content": "User: Why?"}, {"role": "model", "parts": [], "text": "So."}],
        [{"sender": "u_1", "sender_name": "user", "content": "Why?", "create_time": "2026-01-01"},
         {"sender": "r_1", "sender_name": "assistant", "content": "So."}],
        [{"author": {"role": "user"}, "content": {"parts": ["Why?"]}}, ANSWERED],
    ],
)  # fmt: skip
def test_shapes(tmp_path: Path, value: Any) -> None:
    path = write(tmp_path / "dump.json", value)
    assert fits(Transcript(path))
    found = items("messages", path)
    assert said(found) == BOTH
    assert len({turn.conversation for turn in turns_of(found)}) == 1
    assert turns("messages", path) == turns_of(found)


def test_people_have_names_and_times(tmp_path: Path) -> None:
    path = write(tmp_path / "target.json", [ANA, BEN])
    assert fits(Transcript(path))
    first, second = turns("messages", path)
    assert (first.origin, first.who, first.text) == ("other", "Ana", "Hello")
    assert first.when == times.from_iso("2026-01-17T21:49:00")
    assert (second.line, second.who) == (2, "Ben")


def test_what_is_known_of_a_conversation(tmp_path: Path) -> None:
    value = {"session_id": "s1", "messages": [ASKED], "title": "Causes"}
    assert about(items("messages", write(tmp_path / "a.json", value)))["s1"].title == "Causes"
    chats = [{"id": n, "title": f"Chat {n}", "messages": [ASKED, ANSWERED]} for n in (7, 8)]
    found = items("messages", write(tmp_path / "b.json", chats))
    assert {id: each.title for id, each in about(found).items()} == {"7": "Chat 7", "8": "Chat 8"}


def test_tools_and_what_programs_put_beside(tmp_path: Path) -> None:
    call = {"id": "t1", "function": {"name": "read", "arguments": '{"path": "a"}'}}
    path = write(
        tmp_path / "a.json",
        [
            {"role": "system", "content": "Be kind"},
            {"role": "user", "content": "[System note: Go on(s).]\n\nWhat now?", "id": "m"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "t1", "content": "It says x"},
            {"role": "assistant", "content": ""},
        ],
    )
    found = items("messages", path)
    assert said(found) == [
        ("context", "Be kind"),
        ("context", "[System note: Go on(s).]"),
        ("user", "What now?"),
        ("tool", 'read: {"path": "a"}'),
        ("tool", "It says x"),
    ]
    assert [turn.key for turn in turns_of(found)[1:3]] == ["m:context", "m"]
    assert turns_of(found)[3].command == 'read: {"path": "a"}'
    assert passed(found) == {"empty message": 1}


KIMI = [
    {"role": "_system_prompt", "content": "You are Kimi."},
    {"role": "_checkpoint", "id": 0},
    ASKED,
    {"role": "assistant", "content": [{"type": "text", "text": "So."}]},
    {"role": "_usage", "token_count": 7},
    ASKED,
]


def test_a_message_a_line(tmp_path: Path) -> None:
    folder = tmp_path / "session-2"
    folder.mkdir()
    path = lines(folder / "context.jsonl", *KIMI)
    assert fits(Transcript(path))
    found = items("messages", path)
    assert said(found) == [("context", "You are Kimi."), *BOTH, ("user", "Why?")]
    assert passed(found) == {"checkpoint": 1, "usage": 1}
    assert len({turn.key for turn in turns_of(found)}) == 4
    elsewhere = lines(tmp_path / "context.jsonl", *KIMI)
    assert turns("messages", elsewhere)[0].conversation != turns_of(found)[0].conversation


def test_reading_on_gives_what_reading_at_once_gives(tmp_path: Path) -> None:
    path = lines(tmp_path / "context.jsonl", *KIMI)
    whole = turns("messages", path)
    for cut in range(len(KIMI) + 1):
        state: State = {}
        lines(path, *KIMI[:cut], end="\n" if cut else "")
        found = turns("messages", path, state)
        lines(path, *KIMI)
        assert found + turns("messages", path, json.loads(json.dumps(state))) == whole


def test_a_last_line_without_a_newline_is_neither_lost_nor_doubled(tmp_path: Path) -> None:
    path = lines(tmp_path / "context.jsonl", *KIMI, end="")
    state: State = {}
    first = turns("messages", path, state)
    assert first[-1].text == "Why?"
    lines(path, *KIMI, ANSWERED)
    again = turns("messages", path, state)
    assert [turn.text for turn in again] == ["So."]


def test_a_session_that_each_line_repeats_is_one(tmp_path: Path) -> None:
    pairs = [
        [{**ASKED, "timestamp": f"2026-05-15T10:5{n}:00Z"},
         {**ANSWERED, "timestamp": f"2026-05-15T10:5{n}:00Z"}] for n in range(3)
    ]  # fmt: skip
    path = lines(tmp_path / "hermes.txt", pairs[:1], pairs[:2], pairs[:3], pairs[2:])
    assert fits(Transcript(path))
    found = turns("messages", path)
    assert len(found) == 14
    conversations = {turn.conversation for turn in found}
    assert len(conversations) == 2  # the last line begins anew
    assert len({(turn.conversation, turn.key) for turn in found}) == 8


def test_ids_that_are_not_the_messages_own(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [{**ANA, "id": 5}, {**ANA, "id": 5, "message": "Again"}])
    first, second = turns("messages", path)
    assert first.key == "5"
    assert second.key.startswith("5:")


@pytest.mark.parametrize(
    "begin", ["User: Why?", "## User:\nWhy?", "\n**Human:** Why?", "you: Why?"]
)
def test_plain_text(tmp_path: Path, begin: str) -> None:
    path = tmp_path / "garden.txt"
    path.write_text(f"{begin}\n\nAssistant: So.\nIt is: so.\nUser: Why?\n")
    assert fits(Transcript(path))
    found = turns("messages", path)
    assert [(turn.origin, turn.text) for turn in found] == [
        ("user", "Why?"), ("assistant", "So.\nIt is: so."), ("user", "Why?"),
    ]  # fmt: skip
    assert len({turn.key for turn in found}) == 3
    assert found[2].line == path.read_text().rstrip().count("\n") + 1


NOT_MESSAGES: list[Any] = [
    [],
    {},
    [1, 2],
    "text",
    [{"name": "Widget", "text": "A thing"}, {"name": "Gadget", "text": "Another"}],
    [{"author": "Ana", "text": "A quote"}, {"author": "Ben", "text": "Another"}],
    [{**ANA, "title": "A post"}, {**BEN, "title": "Another"}],
    [{**ANA, "commit": "f00"}, {**BEN, "commit": "ba2"}],
    [{**ANA, "level": "INFO"}, {**BEN, "level": "INFO"}],
    [ANA],
    [ANA, BEN, {"a": 1}, {"b": 2}],
    {"messages": {"en": "Hello"}},
    {"history": [{"date": "2026-01-01", "value": 5}] * 5},
    {"name": "package", "version": "1", "author": "Ana", "dependencies": {}},
    [{"role": "admin", "name": "Ana"}, {"role": "user", "name": "Ben"}],
]


@pytest.mark.parametrize("value", NOT_MESSAGES)
def test_other_data_is_not_taken(tmp_path: Path, value: Any) -> None:
    assert not fits(Transcript(write(tmp_path / "data.json", value)))
    assert not fits(Transcript(lines(tmp_path / "data.jsonl", value)))


@pytest.mark.parametrize(
    "text", ["", "Dear User: hello", "User: me\nPassword: no", "Romeo: Why?\nJulia: So.", "\0" * 99]
)
def test_other_text_is_not_taken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text)
    assert not fits(Transcript(path))


def test_a_long_first_message_does_not_hide_the_rest(tmp_path: Path) -> None:
    long = {"role": "system", "content": "x" * 100_000}
    assert fits(Transcript(lines(tmp_path / "a.jsonl", long, ASKED)))
    assert fits(Transcript(write(tmp_path / "a.json", [long, ASKED])))


def test_foreign_values_stop_nothing(tmp_path: Path) -> None:
    odd = [
        ASKED, None, 7, [[[[[[["deep"]]]]]]], {"role": ["user"], "content": "x"},
        {"role": "user", "content": {"parts": 5}}, {"role": "user", "content": [None, 5, {}]},
        {"role": "user", "content": "timed", "timestamp": 1e400, "id": [1], "reply_to": {}},
        {"role": "assistant", "tool_calls": [5, {"function": 5}, {"name": "f", "arguments": [1]}]},
    ]  # fmt: skip
    found = items("messages", write(tmp_path / "a.json", odd))
    assert said(found) == [("user", "Why?"), ("user", "timed"), ("tool", "f: [1]")]
    assert len(turns_of(found)) + sum(passed(found).values()) == len(odd)
    assert said(items("messages", lines(tmp_path / "a.jsonl", *odd))) == said(found)


def test_damage_is_told_after_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([ASKED, ANSWERED])[:-3])
    with pytest.raises(ExtractError):
        items("messages", path)
    deep = tmp_path / "deep.json"
    deep.write_text('[{"role": "user", "content": "x"}, ' + "[" * 200_000)
    with pytest.raises(ExtractError):
        items("messages", deep)


def test_hostile_text_takes_linear_time(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("User: x\nAssistant: y\n" + "# " * 500_000 + "\n" + "User:" * 300_000)
    assert len(turns("messages", path)) >= 2
    assert not fits(Transcript(write(tmp_path / "b.json", [[]] * 20_000)))
