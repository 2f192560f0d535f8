"""ChatGPT's export. Last verified: 2026-11-21 against exports of 2024 and notes on 2026's."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats import times
from cairn.core.chats.exports import messages
from cairn.core.chats.exports.chatgpt import fits, read
from cairn.core.chats.exports.chatgpt_content import without_marks
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, Item, State
from cairn.core.errors import ExtractError
from tests.chats.reading import about, items, passed, said, turns, turns_of

Json = dict[str, Any]


def node(id: str, parent: str | None, role: str, content: Any, **more: Any) -> Json:
    if isinstance(content, str):
        content = {"content_type": "text", "parts": [content]}
    message = {
        "id": id, "author": {"role": role, "name": more.pop("name", None)},
        "create_time": 1786357200.5 + len(id), "content": content, "recipient": "all",
        "metadata": {},
    }  # fmt: skip
    return {"id": id, "parent": parent, "children": [], "message": {**message, **more}}


def conversation(*nodes: Json, **more: Any) -> Json:
    root = {"id": "root", "parent": None, "children": [], "message": None}
    found = {
        "title": "Trip", "create_time": 1786357200.1, "update_time": 1786357300.1,
        "mapping": {each["id"]: each for each in (root, *nodes)},
        "current_node": nodes[-1]["id"] if nodes else "root", "conversation_id": "c1",
    }  # fmt: skip
    return {**found, **more}


def write(path: Path, *conversations: Any) -> Path:
    path.write_text(json.dumps(list(conversations)))
    return path


ROME = conversation(
    node("q1", "root", "user", "Plan 3 days in Rome"),
    node("a1", "q1", "assistant", "Day 1: the Forum."),
)


def test_a_conversation(tmp_path: Path) -> None:
    path = write(tmp_path / "conversations.json", ROME)
    assert fits(Transcript(path))
    found = items("chatgpt", path)
    assert about(found)["c1"].title == "Trip"
    question, answer = turns_of(found)
    assert (question.origin, question.text) == ("user", "Plan 3 days in Rome")
    assert (answer.origin, answer.role) == ("assistant", "assistant")
    assert (answer.key, answer.reply_to, answer.conversation) == ("a1", "q1", "c1")
    assert question.when == times.from_epoch(1786357202)
    assert (question.line, question.is_side) == (1, False)
    assert passed(found) == {"node without message": 1}


def test_one_conversation_a_file_and_any_name(tmp_path: Path) -> None:
    single = tmp_path / "rome.json"
    single.write_text("\ufeff" + json.dumps(ROME, indent=1))
    assert fits(Transcript(single))
    assert turns("chatgpt", single) == turns("chatgpt", write(tmp_path / "part-002.json", ROME))
    listed = tmp_path / "all.json"
    listed.write_text(json.dumps({"conversations": [ROME]}))
    assert turns("chatgpt", listed) == turns("chatgpt", single)


def test_inside_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations.json", json.dumps([ROME]))
        archive.writestr("user.json", '{"id": "user-1", "email": "ana@example.com"}')
        archive.writestr("message_feedback.json", '[{"id": "1", "rating": "up", "content": "{}"}]')
    names = ("conversations.json", "user.json", "message_feedback.json")
    assert [fits(Transcript(path, name)) for name in names] == [True, False, False]
    assert not any(messages.fits(Transcript(path, name)) for name in names[1:])
    assert len(turns_of(items("chatgpt", path, member="conversations.json"))) == 2


def branches(**more: Any) -> Json:
    return conversation(
        node("q", "root", "user", "Plan"),
        node("a", "q", "assistant", "Old"),
        node("q2", "a", "user", "Thanks"),
        node("a-2", "q", "assistant", "New"),
        **more,
    )


def test_branches_that_were_left_are_marked(tmp_path: Path) -> None:
    for current in ("a-2", "missing", None):  # the last message ends the conversation in doubt
        found = turns("chatgpt", write(tmp_path / "c.json", branches(current_node=current)))
        sides = {turn.text: turn.is_side for turn in found}
        assert sides == {"Plan": False, "Old": True, "Thanks": True, "New": False}
        assert [turn.text for turn in found] == ["Plan", "Old", "Thanks", "New"]
        assert found[3].reply_to == "q"


def test_a_circle_of_parents_and_missing_ones_end(tmp_path: Path) -> None:
    found = conversation(
        node("x", "y", "user", "one"), node("y", "x", "user", "two"),
        node("z", "z", "user", "three"), node("w", "gone", "user", "four"),
    )  # fmt: skip
    texts = {turn.text for turn in turns("chatgpt", write(tmp_path / "c.json", found))}
    assert texts == {"one", "two", "three", "four"}


CONTENT: list[tuple[str, Any, Json, list[tuple[str, str]]]] = [
    ("user", {"content_type": "multimodal_text", "parts": [{"asset_pointer": "f://a"}, "Look"]},
     {}, [("user", "Look")]),
    ("user", {"content_type": "multimodal_text", "parts": [
        {"content_type": "audio_transcription", "text": "Say it"}]}, {}, [("user", "Say it")]),
    ("user", {"content_type": "user_editable_context", "user_profile": "I am Ana"}, {},
     [("context", "I am Ana")]),
    ("user", "Injected", {"metadata": {"is_visually_hidden_from_conversation": True}},
     [("context", "Injected")]),
    ("system", "Be kind", {}, [("context", "Be kind")]),
    ("assistant", {"content_type": "thoughts", "thoughts": [{"content": "Hm"}]}, {}, []),
    ("assistant", {"content_type": "reasoning_recap", "content": "Thought for 8 s"}, {}, []),
    ("assistant", {"content_type": "code", "text": "print(1)"}, {"recipient": "python"},
     [("tool", "print(1)")]),
    ("assistant", {"content_type": "code", "text": "print(1)"}, {}, [("assistant", "print(1)")]),
    ("tool", {"content_type": "execution_output", "text": "1"}, {"name": "python"},
     [("tool", "1")]),
    ("tool", {"content_type": "tether_quote", "title": "Rome", "url": "http://r", "text": "Old"},
     {"name": "browser"}, [("tool", "Rome\nhttp://r\nOld")]),
    ("tool", {"content_type": "tether_browsing_display", "result": "# 【0†Rome†r.it】"},
     {"name": "browser"}, [("tool", "# 【0†Rome†r.it】")]),
    ("assistant", '{"name": "List", "type": "document", "content": "Milk"}',
     {"recipient": "canmore.create_textdoc"}, [("assistant", "List\n\nMilk")]),
    ("assistant", "Sunny【12†source】 today \ue200cite\ue202turn0search1\ue201.", {},
     [("assistant", "Sunny today.")]),
    ("user", "I wrote 【1†a】", {}, [("user", "I wrote 【1†a】")]),
    ("user", {"content_type": "brand_new", "text": "Words"}, {}, [("user", "Words")]),
    ("user", {"content_type": "brand_new", "blob": 1}, {}, []),
    ("user", "", {}, []),
    ("assistant", "", {"recipient": "bio"}, [("tool", "bio")]),
]  # fmt: skip


@pytest.mark.parametrize(("role", "content", "more", "expected"), CONTENT)
def test_each_type_of_content(
    tmp_path: Path, role: str, content: Any, more: Json, expected: list[tuple[str, str]]
) -> None:
    path = write(tmp_path / "c.json", conversation(node("m", "root", role, content, **more)))
    found = items("chatgpt", path)
    assert said(found) == expected
    assert len(turns_of(found)) + sum(passed(found).values()) == 2


def test_a_call_and_what_came_back_are_one_turn(tmp_path: Path) -> None:
    search = {"content_type": "code", "text": 'search("Rome")'}
    script = {"content_type": "code", "text": "import os\nprint(1)"}
    path = write(
        tmp_path / "c.json",
        conversation(
            node("q", "root", "user", "Look it up"),
            node("call", "q", "assistant", search, recipient="browser"),
            node("got", "call", "tool", {"content_type": "text", "parts": ["Two pages"]}),
            node("more", "got", "tool", {"content_type": "tether_quote", "text": "Page"}),
            node("run", "more", "assistant", script, recipient="python"),
            node("ran", "run", "tool", {"content_type": "execution_output", "text": "1"},
                 name="python"),
            node("a", "ran", "assistant", "Done"),
        ),
    )  # fmt: skip
    found = [(turn.key, turn.command, turn.text, turn.reply_to) for turn in turns("chatgpt", path)]
    assert found[1:] == [
        ("got", 'browser: search("Rome")', "Two pages", "q"),
        ("more", 'browser: search("Rome")', "Page", "got"),
        ("run", "python: import os print(1)", "import os\nprint(1)", "more"),
        ("ran", "python", "1", "run"),
        ("a", "", "Done", "ran"),
    ]


def test_files_and_pictures_are_named(tmp_path: Path) -> None:
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1"}
    other = {**picture, "asset_pointer": "sediment://file-2"}
    voice = {"audio_asset_pointer": {"asset_pointer": "sediment://file-3"}}
    files = {"attachments": [{"id": "file-1", "name": "rent.pdf"}, {"id": "file-9"}, 7]}
    content = {"content_type": "multimodal_text", "parts": [picture, other, voice]}
    path = write(
        tmp_path / "c.json", conversation(node("m", "root", "user", content, metadata=files))
    )
    (turn,) = turns("chatgpt", path)
    assert turn.attachments == ("rent.pdf", "file-9", "file-2", "file-3")
    assert turn.text == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\ue200i\ue202turn0image2\ue201 b", "a b"),
        ("\ue203The family\ue204 won.", "The family won."),
        ('Visit \ue200entity\ue202["city","Rome","Italy"]\ue201 now', "Visit Rome now"),
        ("See \ue200url\ue202the site\ue202https://r.it\ue201.", "See the site."),
        ("Odd \ue200entity\ue202[broken\ue201 one", "Odd  one"),
        ("Open \ue200cite and more", "Open cite and more"),
        ("x【3:1†report.pdf】【turn0†L1-L2】 y", "x y"),
        ("【a】 stays", "【a】 stays"),
    ],
)
def test_marks_of_citations_go(text: str, expected: str) -> None:
    assert without_marks(text) == expected


def test_many_open_marks_take_linear_time() -> None:
    assert without_marks("\ue200" * 300_000 + "†" + "【" * 300_000) != ""


def test_what_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    other = conversation(node("q", "root", "user", "Hi"), conversation_id="c2", update_time=None)
    path = write(tmp_path / "c.json", ROME, other)
    state: State = {}
    first = items("chatgpt", path, state)
    checkpoints = [item.state for item in first if isinstance(item, Checkpoint)]
    assert [list(each["seen"]) for each in checkpoints] == [["c1"], ["c1"]]
    kept = json.loads(json.dumps(checkpoints[-1]))
    again = items("chatgpt", path, kept)
    assert said(again) == [("user", "Hi")]  # nobody says whether this one changed
    assert passed(again)["unchanged conversation"] == 1
    longer = conversation(
        *list(ROME["mapping"].values())[1:], node("q2", "a1", "user", "And day 2?"), update_time=2e9
    )
    newer = items("chatgpt", write(path, longer, other), kept)
    assert [turn.key for turn in turns_of(newer)] == ["q1", "a1", "q2", "q"]


def test_foreign_values_stop_nothing(tmp_path: Path) -> None:
    odd = conversation(
        node("1", "root", "user", "first", create_time=10**400),
        node("2", "1", "user", None, author=None, metadata=[1]),
        node("3", "2", "user", {"content_type": 5, "parts": {"a": 1}}, create_time="soon"),
        node("4", "3", "assistant", {"content_type": "text", "parts": [None, 7, [], "last"]},
             recipient=["x"], create_time=float("inf")),
        title=None, id=7, conversation_id={}, update_time=[1], current_node={},
    )  # fmt: skip
    odd["mapping"] |= {"5": None, "6": {"message": "text", "parent": ["x"]}, "7": [1]}
    path = write(tmp_path / "c.json", ROME, None, [], 7, {"mapping": []}, {"mapping": None}, odd)
    found = items("chatgpt", path)
    assert [turn.text for turn in turns_of(found)][-2:] == ["first", "last"]
    assert passed(found)["conversation"] == 5
    assert len({turn.conversation for turn in turns_of(found)}) == 2


def test_a_torn_export_gives_what_is_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "c.json", ROME, {**ROME, "conversation_id": "c2"})
    path.write_text(path.read_text()[:-40])
    found: list[Item] = []
    with pytest.raises(ExtractError):
        for item in read(Transcript(path), {}):
            found.append(item)
    assert len(turns_of(found)) == 2


def test_a_very_deep_tree(tmp_path: Path) -> None:
    nodes = [node(f"n{i}", f"n{i - 1}" if i else "root", "user", "x") for i in range(20_000)]
    path = write(tmp_path / "c.json", conversation(*nodes))
    found = turns("chatgpt", path)
    assert len(found) == 20_000
    assert found[-1].reply_to == "n19998"
