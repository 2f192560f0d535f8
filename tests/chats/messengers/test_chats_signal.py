"""last verified: 2026-11-21 against the source of sigtop and of signal-export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.formats import format_of
from cairn.core.chats.source import Transcript
from tests.chats.reading import about, items, passed, said, turns_of


def message(number: int, body: Any = "hi", **more: Any) -> dict[str, Any]:
    return {
        "id": f"m{number}", "conversationId": "c1", "type": "incoming", "body": body,
        "sent_at": 1786364400000 + number, "sourceServiceId": "uuid-ana", "source": "+491",
    } | more  # fmt: skip


def sigtop(folder: Path, *messages: Any, name: str = "Ana (+4912345678).json") -> Path:
    path = folder / name
    path.write_text("[\n" + ",\n".join(map(json.dumps, messages)) + "\n]\n", encoding="utf-8")
    return path


def fits(path: Path) -> bool:
    return format_of("signal").fits(Transcript(path))


def test_sigtops_json(tmp_path: Path) -> None:
    answer = message(2, "ok", type="outgoing", quote={"id": 1786364400001, "text": "hi"})
    path = sigtop(tmp_path, message(1), answer, {"type": "keychange", "id": "x"})
    assert fits(path)
    found = items("signal", path)
    first, second = turns_of(found)
    assert (first.conversation, first.key, first.who, first.origin) == ("c1", "m1", "Ana", "other")
    assert (second.origin, second.reply_to, second.when[:4]) == ("user", "m1", "2026")
    assert about(found)["c1"].title == "Ana"
    assert passed(found) == {"keychange": 1}


def test_in_a_group_the_number_says_who_wrote(tmp_path: Path) -> None:
    path = sigtop(tmp_path, message(1), name="Trip (group).json")
    assert [turn.who for turn in turns_of(items("signal", path))] == ["+491"]


@pytest.mark.parametrize(
    ("fields", "text", "attachments"),
    [
        ({"attachments": [{"fileName": "a.pdf", "contentType": "application/pdf"}]},
         "hi", ("a.pdf",)),
        ({"body": None, "attachments": [{"contentType": "image/jpeg"}]}, "", ("image/jpeg",)),
        ({"body": "", "sticker": {"data": {"emoji": "😀"}}}, "", ("sticker 😀",)),
        ({"body": "hi \ufffc and \ufffc!",
          "bodyRanges": [{"mentionAci": "u", "replacementText": "Ben"}]}, "hi @Ben and @!", ()),
    ],
)  # fmt: skip
def test_files_and_mentions(
    tmp_path: Path, fields: dict[str, Any], text: str, attachments: tuple[str, ...]
) -> None:
    (turn,) = turns_of(items("signal", sigtop(tmp_path, message(1) | fields)))
    assert (turn.text, turn.attachments) == (text, attachments)


@pytest.mark.parametrize(
    "strange",
    [
        {}, {"type": None}, {"type": 5, "id": []}, {"type": "incoming"}, {"type": "brand-new"},
        message(5, {"a": 1}), message(5, "x", deletedForEveryone=True), message(5, ["x"]),
        message(5, None, sticker=5, attachments={"a": 1}, quote=[1], sent_at={}),
    ],
)  # fmt: skip
def test_strange_records_are_counted(tmp_path: Path, strange: Any) -> None:
    found = items("signal", sigtop(tmp_path, message(1), strange, message(2)))
    assert len(turns_of(found)) == 2
    assert sum(passed(found).values()) == 1


TEXT = """\
Conversation: Ana Lima (+4912345678)

From: Ana Lima (+4912345678)
Type: incoming
Sent: Mon, 10 Aug 2026 14:30:00 +0200
Received: Mon, 10 Aug 2026 14:30:01 +0200
Attachment: a.pdf (application/pdf, 12 bytes)
Reaction: 👍 from You

hi there

From: here it is quiet
Type of day: slow

From: You
Type: outgoing
Sent: Mon, 10 Aug 2026 14:31:00 +0200

> From: Ana Lima (+4912345678)
> Sent: Mon, 10 Aug 2026 14:30:00 +0200
>
> hi there

ok

Type: keychange
Sent: Mon, 10 Aug 2026 14:32:00 +0200

From: You
Type: outgoing
Sent: Mon, 10 Aug 2026 14:33:00 +0200
Edited: 2 versions

| Version: 2
| Sent: Mon, 10 Aug 2026 14:34:00 +0200
|
| new words
|
| Version: 1
| Sent: Mon, 10 Aug 2026 14:33:00 +0200
|
| old words

"""


def test_sigtops_text(tmp_path: Path) -> None:
    path = tmp_path / "Ana Lima (+4912345678).txt"
    path.write_text(TEXT, encoding="utf-8")
    assert fits(path)
    found = items("signal", path)
    assert said(found) == [
        ("other", "hi there\n\nFrom: here it is quiet\nType of day: slow"),
        ("user", "ok"),
        ("user", "new words"),
    ]
    first = turns_of(found)[0]
    assert (first.conversation, first.who, first.line) == ("ana lima", "Ana Lima", 3)
    assert first.attachments == ("a.pdf",)
    assert passed(found) == {"keychange": 1}
    other_zone = TEXT.replace("14:3", "13:3").replace("+0200", "+0100")
    path.write_text(other_zone, encoding="utf-8")
    assert [t.key for t in turns_of(items("signal", path))] == [t.key for t in turns_of(found)]


NOTES = """\
[2026-08-10 14:30:05] Ana: hello  
[2026-08-10 14:31:00] Me: 

> hello

hi
there  
(- Ana: 👍 -)
[2026-08-10 14:32:00] Ana: look ![x.jpg](./media/x.jpg)  
[2026-08-10 14:33:00] Ana:   
(( 😀 ))
[2026-08-10 14:34:00] Ana: (This message was deleted)
[2026-08-10 14:35:00] Ana: Missed voice call  
"""


def test_signal_exports_markdown(tmp_path: Path) -> None:
    folder = tmp_path / "Ana"
    folder.mkdir()
    path = folder / "chat.md"
    path.write_text(NOTES, encoding="utf-8")
    assert fits(path)
    found = items("signal", path)
    turns = turns_of(found)
    assert said(found) == [
        ("other", "hello"),
        ("user", "hi\nthere"),
        ("other", "look"),
        ("other", ""),
    ]
    assert [turn.attachments for turn in turns] == [(), (), ("x.jpg",), ("sticker 😀",)]
    assert turns[0].when.startswith("2026-08-10T14:30:05")
    assert {turn.conversation for turn in turns} == {"ana"}
    assert passed(found) == {"deleted": 1, "call": 1}
    path.write_text(NOTES.replace(":05]", "]").replace(":00]", "]"), encoding="utf-8")
    assert [t.key for t in turns_of(items("signal", path))] == [t.key for t in turns]


def test_the_older_form_without_seconds_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_text("[2019-12-24, 12:23] Jane Doe: Hello\n[2019-12-24, 12:24] John Doe: a\nb\n")
    assert fits(path)
    assert said(items("signal", path)) == [("other", "Hello"), ("other", "a\nb")]


@pytest.mark.parametrize(
    "text",
    [
        "[2024-01-02 10:00:00] ERROR: disk full\n[2024-01-02 10:00:01] INFO: ok\n",
        "[2024-01-02, 10:00] nginx: started\n[2024-01-02, 10:01] sshd: x\n",
        "# Notes\n\n[2024-01-02, 10:00] Ana: hi\n", "", "Conversation: with Ana\n\nnothing\n",
    ],
)  # fmt: skip
def test_logs_and_notes_are_no_conversations(tmp_path: Path, text: str) -> None:
    for name in ("app.md", "app.txt"):
        path = tmp_path / name
        path.write_text(text)
        assert not fits(path)
        items("signal", path)


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = sigtop(tmp_path, *(message(n) for n in range(30)))
    path.write_bytes(path.read_bytes()[:-300])
    found = items("signal", path)
    assert len(turns_of(found)) > 20
    assert passed(found) == {"damaged end of the file": 1}
