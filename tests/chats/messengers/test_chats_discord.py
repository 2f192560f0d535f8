"""Discord: channels as DiscordChatExporter saves them, and Discord's own package."""

# last verified: 2026-11-21 against DiscordChatExporter's JsonMessageWriter (2.46)

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.formats import format_of
from cairn.core.chats.source import Transcript
from tests.chats.reading import about, items, passed, said, turns, turns_of

CHANNEL = "301234567890123456"
FIRST = 1504857340927213600  # its moment: 2026-05-15


def message(id: int, content: str = "", type: str = "Default", **more: Any) -> dict[str, Any]:
    author = {"id": "9", "name": "ana", "nickname": "Ana L", "isBot": False}
    return {
        "id": str(id), "type": type, "timestamp": "2026-08-10T14:30:00.123+00:00",
        "content": content, "author": author, "attachments": [], "embeds": [], **more,
    }  # fmt: skip


def export(path: Path, messages: list[Any], **channel: Any) -> Path:
    about = {"id": CHANNEL, "type": "GuildTextChat", "name": "general", **channel}
    value = {
        "guild": {"id": "1", "name": "Garden club"}, "channel": about,
        "dateRange": {"after": None, "before": None}, "messages": messages,
        "messageCount": len(messages),
    }  # fmt: skip
    path.write_text(json.dumps(value, indent=2))
    return path


def test_an_exported_channel(tmp_path: Path) -> None:
    bot = {"id": "8", "name": "Bot", "isBot": True}
    path = export(tmp_path / "Garden club - general [3].json", [
        message(1, "gg <@!7> <:smile:123456>", mentions=[{"id": "7", "name": "bob"}]),
        message(2, "yes", "Reply", reference={"messageId": "1", "channelId": CHANNEL}),
        message(3, "", "GuildMemberJoin"), message(4, "x", "20"), message(5, "x", "Brandnew"),
        message(6, attachments=[{"fileName": "a.png"}, 3], stickers=[{"name": "wave"}]),
        message(7, embeds=[{"title": "Release", "description": "1.0"}], author=bot),
        message(8, forwardedMessage={"content": "look"}), message(9), 17,
    ])  # fmt: skip
    assert format_of("discord").fits(Transcript(path))
    found = items("discord", path)
    assert said(found) == [
        ("other", "gg @bob :smile:"), ("other", "yes"), ("other", ""),
        ("other", "Release\n1.0"), ("other", "look"),
    ]  # fmt: skip
    read = turns_of(found)
    assert [turn.who for turn in read] == ["Ana L", "Ana L", "Ana L", "Bot", "Ana L"]
    assert read[1].reply_to == "1" == read[0].key
    assert read[2].attachments == ("a.png", "wave")
    assert read[3].role == "bot"
    known = about(found)[CHANNEL]
    assert (known.title, known.project) == ("#general", "Garden club")
    assert passed(found) == {
        "GuildMemberJoin": 1, "20": 1, "Brandnew": 1, "empty": 1, "message": 1,
    }  # fmt: skip
    assert turns("discord", path) == read


def test_parts_of_a_channel_are_one_conversation(tmp_path: Path) -> None:
    first = export(tmp_path / "a.json", [message(1, "a")])
    second = export(tmp_path / "b.json", [message(1, "a"), message(2, "b")])
    both = {(turn.conversation, turn.key) for path in (first, second) for turn in
            turns("discord", path)}  # fmt: skip
    assert both == {(CHANNEL, "1"), (CHANNEL, "2")}


def test_a_talk_has_the_name_of_the_other(tmp_path: Path) -> None:
    path = export(tmp_path / "a.json", [message(1, "a")], type="DirectTextChat", name="bob")
    assert about(items("discord", path))[CHANNEL].title == "bob"


def package(folder: Path) -> Path:
    here = folder / "messages" / f"c{CHANNEL}"
    here.mkdir(parents=True)
    (here.parent / "index.json").write_text(
        json.dumps({CHANNEL: "Direct Message with bob#0", "2": 3})
    )
    (here / "channel.json").write_text(json.dumps({"id": CHANNEL, "type": "DM"}))
    return here


ROWS = [
    {"ID": FIRST, "Timestamp": "2026-05-15 12:00:00", "Contents": "hi, \"you\"\nthere",
     "Attachments": ""},
    {"ID": FIRST + (1000 << 22), "Timestamp": "", "Contents": "",
     "Attachments": "https://cdn.discordapp.com/attachments/1/2/a.png?ex=1 https://x.org/b.txt"},
    {"ID": "nonsense", "Contents": "x"},
]  # fmt: skip


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_the_package_holds_own_words(tmp_path: Path, kind: str) -> None:
    path = package(tmp_path) / f"messages.{kind}"
    if kind == "json":
        path.write_text(json.dumps(ROWS))
    else:
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, ["ID", "Timestamp", "Contents", "Attachments"])
            writer.writeheader()
            writer.writerows(ROWS)
    assert format_of("discord").fits(Transcript(path))
    found = items("discord", path)
    assert said(found) == [("user", 'hi, "you"\nthere'), ("user", "")]
    first, second = turns_of(found)
    assert first.key == str(FIRST) and first.when[:7] == "2026-05"
    assert second.attachments == ("a.png", "b.txt")
    assert about(found)[CHANNEL].title == "bob"
    assert passed(found) == {"message": 1}


def test_the_package_in_a_zip(tmp_path: Path) -> None:
    here = package(tmp_path)
    (here / "channel.json").write_text(
        json.dumps({"id": CHANNEL, "name": "general", "guild": {"id": "1", "name": "Garden"}})
    )
    (here / "messages.json").write_text(json.dumps(ROWS))
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in (tmp_path / "messages").rglob("*.json"):
            archive.write(file, file.relative_to(tmp_path).as_posix())
    member = f"messages/c{CHANNEL}/messages.json"
    assert format_of("discord").fits(Transcript(path, member))
    found = items("discord", path, member=member)
    known = about(found)[CHANNEL]
    assert (known.title, known.project, len(turns_of(found))) == ("#general", "Garden", 2)


def test_what_stands_before_damage_is_read(tmp_path: Path) -> None:
    path = export(tmp_path / "a.json", [message(1, "a"), message(2, "b")])
    path.write_text(path.read_text()[:-60])
    found = items("discord", path)
    assert said(found)[0] == ("other", "a")
    assert passed(found) == {"damaged file": 1}


@pytest.mark.parametrize("value", [None, 3, ["x", {"id": []}], {"a": 1}, True, 10**400])
def test_fields_of_odd_types(tmp_path: Path, value: object) -> None:
    keys = "id type timestamp content author attachments embeds mentions reference".split()
    path = tmp_path / "a.json"
    text = json.dumps({"guild": value, "channel": value, "messages": [
        {**message(number + 1, "x"), key: "HERE"} for number, key in enumerate(keys)
    ]})  # fmt: skip
    shown = "1" + "0" * 400 if isinstance(value, int) and value > 9 else json.dumps(value)
    path.write_text(text.replace('"HERE"', shown))
    found = items("discord", path)
    assert len(turns_of(found)) + sum(passed(found).values()) == len(keys)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"messages": []}', "\0\1", '["guild","channel"]']
)
def test_other_files_are_not_discord(tmp_path: Path, text: str) -> None:
    path = tmp_path / "messages.json"
    path.write_text(text)
    assert not format_of("discord").fits(Transcript(path))
