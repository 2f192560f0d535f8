"""last verified: 2026-11-21 against the samples of chat-analytics and chat-miner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.formats import format_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, Turn
from tests.chats.reading import about, items, passed, said, turns_of


def message(id_: int = 1, text: Any = "hi", **more: Any) -> dict[str, Any]:
    return {
        "id": id_, "type": "message", "date": "2026-08-10T14:30:00",
        "date_unixtime": str(1786364400 + id_), "from": "Ana", "from_id": "user42", "text": text,
    } | more  # fmt: skip


def service(action: str) -> dict[str, Any]:
    return {"id": 99, "type": "service", "actor": "Ana", "actor_id": "user42", "action": action}


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    about = {"name": "Trip", "type": "private_supergroup", "id": 7}
    return {**about, **more, "messages": list(messages)}


def export(folder: Path, value: Any) -> Path:
    path = folder / "result.json"
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


def turns(path: Path) -> list[Turn]:
    return turns_of(items("telegram", path))


def fits(path: Path) -> bool:
    return format_of("telegram").fits(Transcript(path))


def test_one_chat(tmp_path: Path) -> None:
    answer = message(2, "ok", reply_to_message_id=1, **{"from": "Ben", "from_id": "user9"})
    path = export(tmp_path, chat(message(1), answer, service("pin_message")))
    assert fits(path)
    found = items("telegram", path)
    first, second = turns_of(found)
    assert (first.conversation, first.key, first.who, first.line) == ("channel7", "1", "Ana", 1)
    assert first.when.startswith("2026-08-10T")
    assert (second.reply_to, second.origin) == ("1", "other")
    assert passed(found) == {"pin_message": 1}
    assert about(found)["channel7"].title == "Trip"
    assert about(found)["channel7"].people == ("Ana", "Ben")
    assert isinstance(found[-1], Checkpoint)


def test_an_export_of_everything_says_who_the_user_is(tmp_path: Path) -> None:
    path = export(
        tmp_path,
        {
            "about": "Here is the data you requested",
            "personal_information": {"user_id": 42, "first_name": "Ana"},
            "contacts": {"list": [{"user_id": 9, "first_name": "Ben"}]},
            "chats": {
                "about": "…",
                "list": [
                    chat(message(1), message(2, **{"from": "Ben", "from_id": "user9"})),
                    chat(message(1, "buy milk"), name=None, type="saved_messages", id=42),
                ],
            },
            "left_chats": {"list": [chat(message(5, "bye"), id=8, name="Old")]},
        },
    )
    assert fits(path)
    found = items("telegram", path)
    assert said(found) == [("user", "hi"), ("other", "hi"), ("user", "buy milk"), ("user", "bye")]
    assert list(about(found)) == ["channel7", "user42", "channel8"]
    assert about(found)["user42"].title == "Saved Messages"
    assert sum(isinstance(item, Checkpoint) for item in found) == 3


def test_in_a_private_chat_whoever_is_not_the_other_is_the_user(tmp_path: Path) -> None:
    mine = message(2, "mine", **{"from": "Me", "from_id": "user1"})
    path = export(tmp_path, chat(message(1), mine, type="personal_chat", id=42))
    assert [turn.origin for turn in turns(path)] == ["other", "user"]
    assert turns(path)[0].conversation == "user42"


@pytest.mark.parametrize(
    ("fields", "text", "attachments"),
    [
        ({"text": ["see ", {"type": "text_link", "text": "this", "href": "https://x.y"}, "!"]},
         "see this (https://x.y)!", ()),
        ({"text": "", "text_entities": [{"type": "plain", "text": "hi"}]}, "hi", ()),
        ({"text": "", "photo": "photos/photo_1.jpg"}, "", ("photo_1.jpg",)),
        ({"text": "x", "file": "(File not included. Change …)", "file_name": "a.pdf"},
         "x", ("a.pdf",)),
        ({"text": "", "file": "stickers/a.webp", "sticker_emoji": "😀"},
         "", ("a.webp", "sticker 😀")),
        ({"text": "", "poll": {"question": "When?", "answers": [{"text": "now"}, {"text": "no"}]}},
         "When?\n- now\n- no", ()),
        ({"text": "", "location_information": {"latitude": 1.5, "longitude": 2}},
         "Location: 1.5, 2", ()),
        ({"text": "", "contact_information": {"first_name": "Ben", "phone_number": "+1"}},
         "Contact: Ben +1", ()),
        ({"text": "news", "forwarded_from": "Paper"}, "Forwarded from Paper:\nnews", ()),
    ],
)  # fmt: skip
def test_every_kind_of_message_has_words_or_files(
    tmp_path: Path, fields: dict[str, Any], text: str, attachments: tuple[str, ...]
) -> None:
    (turn,) = turns(export(tmp_path, chat(message(1) | fields)))
    assert (turn.text, turn.attachments) == (text, attachments)


def test_what_the_user_passes_on_are_not_their_words(tmp_path: Path) -> None:
    saved = chat(message(1, "x", forwarded_from="Paper"), type="saved_messages", id=42)
    assert [turn.origin for turn in turns(export(tmp_path, saved))] == ["other"]


def test_messages_without_ids_keep_their_keys_in_a_longer_export(tmp_path: Path) -> None:
    def bare(text: str) -> dict[str, Any]:
        return {"type": "message", "date_unixtime": "1544006350", "from": "A", "text": text}

    first = turns(export(tmp_path, {"name": "C", "messages": [bare("x"), bare("x")]}))
    later = turns(export(tmp_path, {"name": "C", "messages": [bare("x"), bare("x"), bare("y")]}))
    assert [t.key for t in later[:2]] == [t.key for t in first]
    assert len({t.key for t in later}) == 3
    assert {t.conversation for t in later} == {"c"}


@pytest.mark.parametrize(
    "strange",
    [
        {}, {"type": None}, {"type": "message"}, {"type": ["message"], "text": "x"},
        {"type": "message", "text": {"a": 1}}, {"type": "message", "text": [None, 1, ["x"]]},
        {"type": "message", "photo": 1, "poll": [1], "from": {}, "date_unixtime": []},
        {"type": "service", "action": "A" * 1000}, {"type": "service", "action": 5},
    ],
)  # fmt: skip
def test_strange_records_are_counted(tmp_path: Path, strange: Any) -> None:
    found = items("telegram", export(tmp_path, chat(message(1), strange, message(2))))
    assert len(turns_of(found)) == 2
    assert sum(passed(found).values()) == 1


def test_of_a_file_that_was_cut_off_the_beginning_is_read(tmp_path: Path) -> None:
    path = export(tmp_path, chat(*(message(n) for n in range(1, 50))))
    data = path.read_bytes()
    for end in range(len(data) // 2, len(data), 977):
        path.write_bytes(data[:end])
        found = items("telegram", path)
        assert turns_of(found)
        assert passed(found)["damaged end of the file"] == 1


def test_deep_nesting_and_other_json_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    deep = "[" * 100_000 + "]" * 100_000
    text = json.dumps(chat(message(1, y="deep"), 5, [1], type="private_group", x="deep"))
    path.write_text(text.replace('"deep"', deep))
    assert [turn.text for turn in turns(path)] == ["hi"]
    for text in ("", "{", "[]", '{"messages": []}', '{"chats": 1}', "null"):
        path.write_text(text)
        assert not fits(path)
        assert not turns(path)
