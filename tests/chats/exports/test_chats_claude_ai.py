"""Claude.ai's export. Last verified: 2026-11-21 against a schema drawn from real exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.exports import messages
from cairn.core.chats.exports.claude_ai import fits
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, State
from tests.chats.reading import about, items, passed, said, turns, turns_of

Json = dict[str, Any]
ROOT = "00000000-0000-4000-8000-000000000000"


def message(id: str, sender: str, *content: Any, **more: Any) -> Json:
    blocks = [{"type": "text", "text": each} if isinstance(each, str) else each for each in content]
    return {
        "uuid": id, "sender": sender, "text": "for old programs", "content": blocks,
        "created_at": "2026-08-10T09:00:01.500000Z", "attachments": [], "files": [], **more,
    }  # fmt: skip


def conversation(*found: Any, **more: Any) -> Json:
    return {
        "uuid": "c1", "name": "Budget", "created_at": "2026-08-10T09:00:00Z",
        "updated_at": "2026-08-10T09:10:00Z", "account": {"uuid": "u"},
        "chat_messages": list(found), **more,
    }  # fmt: skip


def write(path: Path, *conversations: Any) -> Path:
    path.write_text(json.dumps(list(conversations)))
    return path


TALK = (message("m1", "human", "Rent?"), message("m2", "assistant", "It is", "400."))


def test_a_conversation(tmp_path: Path) -> None:
    path = write(tmp_path / "conversations.json", conversation(*TALK, project={"name": "Flat"}))
    assert fits(Transcript(path))
    found = items("claude", path)
    assert (about(found)["c1"].title, about(found)["c1"].project) == ("Budget", "Flat")
    question, answer = turns_of(found)
    assert (question.key, question.origin, question.text) == ("m1", "user", "Rent?")
    assert question.when == times.from_iso("2026-08-10T09:00:01Z")
    assert (answer.origin, answer.text, answer.reply_to) == ("assistant", "It is\n\n400.", "m1")
    assert passed(found) == {}
    single = tmp_path / "budget.json"
    single.write_text(json.dumps(conversation(*TALK), indent=2))
    assert fits(Transcript(single))
    assert turns("claude", single) == [question, answer]


def test_the_other_files_of_an_export_are_nobodys(tmp_path: Path) -> None:
    project = {
        "uuid": "p", "name": "Flat", "description": "d", "prompt_template": "Be kind",
        "created_at": "2026-08-10T09:00:00Z", "creator": {"uuid": "u", "full_name": "Ana"},
        "docs": [{"uuid": "d", "filename": "a.md", "content": "x", "created_at": "2026"}],
    }  # fmt: skip
    user = {"uuid": "u", "full_name": "Ana", "email_address": "a@example.com"}
    for name, value in (("projects.json", project), ("users.json", user)):
        source = Transcript(write(tmp_path / name, value, value))
        assert not fits(source)
        assert not messages.fits(source)


def test_old_exports_have_text_only(tmp_path: Path) -> None:
    path = write(tmp_path / "c.json", conversation(message("m", "human", text="Hello")))
    assert said(items("claude", path)) == [("user", "Hello")]


def test_calls_of_tools_with_what_came_back(tmp_path: Path) -> None:
    search = {"type": "tool_use", "id": "t1", "name": "web_search", "input": {"query": "rent"}}
    got = [{"type": "text", "title": "A", "text": "400"}, {"type": "text", "text": "450"}]
    nameless = {"type": "tool_use", "id": None, "name": "repl", "input": {"n": 1, "code": "1+1"}}
    path = write(
        tmp_path / "c.json",
        conversation(
            message(
                "m", "assistant", "Let me see",
                {"type": "thinking", "thinking": "Hm"}, search,
                {"type": "tool_result", "tool_use_id": "t1", "content": got},
                nameless, {"type": "tool_result", "content": "2"},
                {**search, "id": "t2"}, {"type": "token_budget"}, {"type": "hologram"}, "Done",
            )
        ),
    )  # fmt: skip
    found = items("claude", path)
    assert [(turn.key, turn.origin, turn.command, turn.text) for turn in turns_of(found)] == [
        ("m:t1", "tool", "web_search: rent", "A\n\n400\n\n450"),
        ("m:4", "tool", "repl: 1+1", "2"),
        ("m:t2", "tool", "web_search: rent", "web_search: rent"),
        ("m", "assistant", "", "Let me see\n\nDone"),
    ]
    assert passed(found) == {"thinking": 1, "token_budget": 1, "hologram": 1}


def test_documents_are_the_assistants_words(tmp_path: Path) -> None:
    written = {"command": "create", "title": "Letter", "content": "Dear Ana"}
    edited = {"command": "update", "old_str": "Dear", "new_str": "Hi"}
    blocks = [
        {"type": "tool_use", "name": "artifacts", "input": each} for each in (written, edited)
    ]
    path = write(tmp_path / "c.json", conversation(message("m", "assistant", "Here:", *blocks)))
    assert said(items("claude", path)) == [
        ("tool", "artifacts: update"),
        ("assistant", "Here:\n\nLetter\n\nDear Ana"),
    ]


def test_attachments_give_their_names_only(tmp_path: Path) -> None:
    pasted = {"file_name": "rent.pdf", "extracted_content": "secret content"}
    more = {"attachments": [pasted, 5], "files": [{"file_name": "a.png"}, {"file_name": "a.png"}]}
    found = conversation(message("m", "human", "See", **more),
                         message("n", "human", text="", **more))  # fmt: skip
    turn, silent = turns("claude", write(tmp_path / "c.json", found))
    assert turn.attachments == silent.attachments == ("rent.pdf", "a.png")
    assert (turn.text, silent.text) == ("See", "")


def test_branches_that_were_left_are_marked(tmp_path: Path) -> None:
    tree = [
        message("q", "human", "Plan", parent_message_uuid=ROOT),
        message("a", "assistant", "Old", parent_message_uuid="q"),
        message("b", "assistant", "New", parent_message_uuid="q"),
    ]
    for leaf, left in ((None, "Old"), ("b", "Old"), ("a", "New"), ("gone", "Old")):
        path = write(tmp_path / "c.json", conversation(*tree, current_leaf_message_uuid=leaf))
        found = turns("claude", path)
        assert [turn.text for turn in found if turn.is_side] == [left]
        assert [turn.reply_to for turn in found] == ["", "q", "q"]
    assert not any(turn.is_side for turn in turns("claude", write(path, conversation(*TALK))))


def test_what_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "c.json", conversation(*TALK), conversation(*TALK, uuid="c2"))
    state: State = {}
    checkpoints = [i.state for i in items("claude", path, state) if isinstance(i, Checkpoint)]
    kept = json.loads(json.dumps(checkpoints[0]))
    assert {turn.conversation for turn in turns("claude", path, kept)} == {"c2"}
    assert turns("claude", path, kept) == []
    longer = conversation(
        *TALK, message("m3", "human", "Thanks"), updated_at="2026-08-11T09:00:00Z"
    )
    assert [turn.key for turn in turns("claude", write(path, longer), kept)] == ["m1", "m2", "m3"]


def test_foreign_values_stop_nothing(tmp_path: Path) -> None:
    odd = conversation(
        None, 7, "text", {"uuid": 5, "sender": [], "content": {"a": 1}, "text": None},
        message("m", "human", "fine", None, 5, {"type": ["text"]}, created_at=17, files={"a": 1}),
        message("s", "narrator", "aside", parent_message_uuid={"a": 1}),
        uuid=None, name=[], updated_at={}, current_leaf_message_uuid=[],
    )  # fmt: skip
    path = write(tmp_path / "c.json", None, {"chat_messages": 5}, {"chat_messages": []}, odd)
    found = items("claude", path)
    assert said(found) == [("user", "fine"), ("context", "aside")]
    assert passed(found)["conversation"] == 2
