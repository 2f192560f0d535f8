"""last verified: 2026-11-21 against the sample of chat-miner and what is said of Meta's export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.formats import format_of
from cairn.core.chats.source import Transcript
from tests.chats.reading import about, items, passed, turns_of


def mangled(text: str) -> str:
    return text.encode().decode("latin-1")


def message(at: int, text: str | None = "hi", **more: Any) -> dict[str, Any]:
    content = {} if text is None else {"content": mangled(text)}
    return {"sender_name": mangled("José"), "timestamp_ms": 1786364400000 + at, **content, **more}


def thread(folder: Path, *messages: Any, name: str = "message_1.json", **more: Any) -> Path:
    value = {
        "participants": [{"name": mangled("José")}, {"name": "Ana"}], "messages": list(messages),
        "title": mangled("José"), "thread_path": "inbox/jose_123", **more,
    }  # fmt: skip
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_a_thread_is_read_oldest_first_and_its_text_repaired(tmp_path: Path) -> None:
    path = thread(tmp_path, message(2000, "naïve 👍"), message(1000, "first"))
    assert format_of("instagram").fits(Transcript(path))
    found = items("instagram", path)
    first, second = turns_of(found)
    assert (first.text, first.who, second.text) == ("first", "José", "naïve 👍")
    assert first.when < second.when
    (known,) = about(found).values()
    assert (known.conversation, known.title, known.people) == ("jose_123", "José", ("José", "Ana"))


def test_text_that_is_whole_stays_as_it_is(tmp_path: Path) -> None:
    path = thread(
        tmp_path, {"sender_name": "é", "timestamp_ms": 5_000_000_000_000, "content": "✓é"}
    )
    assert [(t.who, t.text) for t in turns_of(items("instagram", path))] == [("é", "✓é")]


def test_files_of_one_thread_are_one_conversation_with_stable_keys(tmp_path: Path) -> None:
    old, new = message(1000), message(2000)
    first = turns_of(items("instagram", thread(tmp_path, old, old)))
    later = turns_of(items("instagram", thread(tmp_path, new, old, old, name="message_2.json")))
    assert {(t.conversation, t.key) for t in first} < {(t.conversation, t.key) for t in later}
    assert len({t.key for t in later}) == 3


@pytest.mark.parametrize(
    ("fields", "text", "attachments"),
    [
        ({"photos": [{"uri": "inbox/x/photos/1.jpg"}]}, "hi", ("1.jpg",)),
        ({"content": "José sent an attachment.", "share": {"link": "https://x.y/reel"}},
         "", ("https://x.y/reel",)),
        ({"content": "", "sticker": {"uri": "stickers/9.png"}}, "", ("9.png",)),
        ({"content": "", "audio_files": [{"uri": "a/1.mp4"}, {"uri": None}, 5]}, "", ("1.mp4",)),
    ],
)  # fmt: skip
def test_what_is_sent_along_is_named(
    tmp_path: Path, fields: dict[str, Any], text: str, attachments: tuple[str, ...]
) -> None:
    (turn,) = turns_of(items("instagram", thread(tmp_path, message(1) | fields)))
    assert (turn.text, turn.attachments) == (text, attachments)


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (message(1, "Liked a message"), "reaction"),
        (message(1, "Reacted ❤️ to your message "), "reaction"),
        (message(1, "x", is_unsent=True), "unsent"), (message(1, None, call_duration=5), "call"),
        (message(1, "x", type="Subscribe"), "service"), (message(1, None), "empty"),
        ({}, "no message"), ({"sender_name": 5, "timestamp_ms": [], "content": {}}, "no message"),
    ],
)  # fmt: skip
def test_what_is_no_message_is_counted(tmp_path: Path, record: Any, kind: str) -> None:
    found = items("instagram", thread(tmp_path, message(2), record))
    assert passed(found) == {kind: 1}
    assert len(turns_of(found)) == 1


def test_the_newer_export_of_encrypted_chats(tmp_path: Path) -> None:
    path = tmp_path / "Ben_7.json"
    said = {"isUnsent": False, "media": [{"uri": "./media/a.jpg"}], "senderName": "Ben",
            "text": "hey", "timestamp": 1786364400000, "type": "text"}  # fmt: skip
    path.write_text(
        json.dumps({"participants": ["Ana", "Ben"], "threadName": "Ben_7", "messages": [said]})
    )
    assert format_of("instagram").fits(Transcript(path))
    found = items("instagram", path)
    (turn,) = turns_of(found)
    assert (turn.conversation, turn.text, turn.attachments) == ("Ben_7", "hey", ("a.jpg",))
    assert about(found)["Ben_7"].people == ("Ana", "Ben")


def test_bare_messages_and_damaged_files(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    data = json.dumps({"messages": [message(n) for n in range(30)]}).encode()
    path.write_bytes(data)
    assert {t.conversation for t in turns_of(items("instagram", path))} == {"export"}
    path.write_bytes(data[: len(data) // 2])
    found = items("instagram", path)
    assert turns_of(found)
    assert passed(found) == {"damaged end of the file": 1}
