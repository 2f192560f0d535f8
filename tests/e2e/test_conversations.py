"""Conversations as a person meets them: detect, import, list, show, follow."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import Cairn, wait_until

SETTINGS = {"CAIRN_WATCH_QUIET_S": "0.2"}


def record(number: int, text: str) -> str:
    role = "user" if number % 2 else "assistant"
    return json.dumps({
        "type": role, "uuid": f"u{number}", "parentUuid": f"u{number - 1}", "sessionId": "s1",
        "timestamp": f"2026-08-10T12:00:{number:02}.000Z", "cwd": "/home/ana/app",
        "message": {"role": role, "content": text},
    }) + "\n"  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "user" / ".claude" / "projects" / "-home-ana-app" / "s1.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(
        record(1, "Why does the invoice parser drop the last row?")
        + record(2, "It forgets the newline at the end of the file.")
    )
    return path


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "WhatsApp Chat with Ben.txt"
    path.write_text(
        "10/08/2026, 14:30 - Ana: shall we meet at the harbour on Saturday?\n"
        "10/08/2026, 14:31 - Ben: yes, at eight, bring the blue tent\n"
        "13/08/2026, 09:00 - Ana: I am late\n"
    )
    return path


def test_nothing_is_read_before_somebody_said_yes(cairn: Cairn, log: Path) -> None:
    ran = cairn("sources", "detect")
    assert ran.code == 0 and "1 conversation" in ran.out and "Claude Code" in ran.out
    assert "nothing was read" in ran.err and "--yes" in ran.err
    assert cairn("chats").code == 1
    assert "`cairn sources detect`" in cairn("sources").err
    (check,) = [
        each
        for each in json.loads(cairn("doctor", "--json").out)["data"]["checks"]
        if each["name"] == "chats"
    ]
    assert check["state"] == "warn" and "30 days" in check["message"]
    assert check["next"] == "cairn sources add claude-code"


def test_what_is_followed_is_searchable_as_it_grows(cairn: Cairn, log: Path) -> None:
    cairn.env = SETTINGS
    ran = cairn("sources", "add", "claude-code")
    assert ran.code == 0 and "1 conversation, 2 turns" in ran.out
    assert "chat:claude-code/s1#t1" in cairn("search", "invoice parser row").out
    with log.open("a") as file:
        file.write(record(3, "And who is Zebulon, named in its header?"))
    wait_until(lambda: "Zebulon" in cairn("search", "Zebulon").out, 30)
    shown = cairn("show", "chat:claude-code/s1#t3", "-C", "1")
    assert "Claude" in shown.out and "> t3" in shown.out
    cairn.env = {**SETTINGS, "EDITOR": "cat"}
    opened = cairn("open", "--print", "chat:claude-code/s1#t3")
    assert opened.code == 0 and opened.out.strip() == f"cat {log}"
    ran = cairn("ask", "when did I last work on the invoice parser with Claude?")
    assert "10 August 2026" in ran.out
    chats = json.loads(cairn("chats", "--project", "app", "--json").out)["data"]["chats"]
    assert [chat["turns"] for chat in chats] == [3]
    assert cairn("show", "1").code == 0


def test_an_export_is_imported_once(cairn: Cairn, export: Path) -> None:
    ran = cairn("import", str(export))
    assert ran.code == 0 and "3 of its turns are new" in ran.err
    assert "`--me NAME`: Ana, Ben" in ran.err
    ran = cairn("import", str(export), "--me", "Ana", "--json")
    data = json.loads(ran.out)["data"]
    assert data["added"] == 0 and data["source"]["me"] == ["Ana"]
    ran = cairn("ask", "what did Ben say to bring to the harbour?")
    assert "blue tent" in ran.out and "chat:whatsapp/ben" in ran.out
    ran = cairn("sources", "remove", str(export), "--drop")
    assert ran.code == 0 and "3 turns of 1 conversation left" in ran.err
    assert cairn("search", "blue", "tent").out == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "is no conversation"), (b"\0\1garbage", "is no conversation"),
     (b'{"mapping": {"a"', "is no conversation")],
)  # fmt: skip
def test_what_is_no_conversation_is_said_with_status_4(
    cairn: Cairn, tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "odd.json").write_bytes(content)
    ran = cairn("import", str(tmp_path / "odd.json"))
    assert ran.code == 4 and reason in ran.out


def test_a_wrong_name_is_said_with_the_next_command(cairn: Cairn, tmp_path: Path) -> None:
    ran = cairn("import", str(tmp_path / "missing.zip"))
    assert ran.code == 1 and "is not there" in ran.err and "hint:" in ran.err
    ran = cairn("sources", "add", "telepathy")
    assert ran.code == 1 and "cairn sources detect" in ran.err
    ran = cairn("sources", "remove", "nothing")
    assert ran.code == 1 and "`cairn sources` lists them" in ran.err
    ran = cairn("show", "chat:claude-code/nobody#t1")
    assert ran.code == 1 and "`cairn chats`" in ran.err


def test_stores_of_a_kind_are_added_with_one_document(cairn: Cairn, tmp_path: Path) -> None:
    for home in (tmp_path / "other", tmp_path / "user" / ".codex"):
        (home / "sessions").mkdir(parents=True)
    broken = tmp_path / "other/sessions/rollout-2026-08-10-x.jsonl.zst"
    broken.write_bytes(b"\x28\xb5\x2f\xfd broken")
    (tmp_path / "user/.codex/sessions/rollout-2026-08-11-y.jsonl").write_text("{}\n")
    cairn.env = {"CODEX_HOME": str(tmp_path / "other")}
    ran = cairn("sources", "add", "codex", "--json")
    data = json.loads(ran.out)["data"]
    assert [Path(each["path"]).name for each in data["sources"]] == ["other", ".codex"]
    assert data["source"] == data["sources"][0]
    assert [len(each["problems"]) for each in data["sources"]] == [1, 0] and ran.code == 4
    assert cairn("sources", "remove", "codex").code == 0
    assert "no conversations are read yet" in cairn("sources").err


def test_what_was_read_can_be_taken_out(cairn: Cairn, log: Path, export: Path) -> None:
    cairn("sources", "add", "claude-code")
    cairn("import", str(export), "--me", "Ana")
    cairn("ask", "what should Ben bring to the harbour?")
    assert "can't be left out" in cairn("sources", "remove", "chat:whatsapp/ben").err
    ran = cairn("sources", "remove", "chat:whatsapp/ben", "--drop")
    assert ran.code == 0 and "3 turns of 1 conversation left" in ran.err and "again" in ran.err
    ran = cairn("sources", "remove", "cairn", "--drop")
    assert ran.code == 0 and "2 turns of 1 conversation left" in ran.err
    assert cairn("sources", "remove", "claude-code").code == 0
    chats = cairn("chats").out.splitlines()
    assert [chat.partition("\t")[0] for chat in chats] == ["chat:claude-code/s1"]
    ran = cairn("sources", "remove", str(log.parent), "--drop")
    assert "2 turns of 1 conversation left" in ran.err and cairn("chats").code == 1
    ran = cairn("chats", "--kind", "telepathy")
    assert ran.code == 2 and "claude-code" in ran.err


def test_what_was_given_up_on_is_named(cairn: Cairn, export: Path) -> None:
    cairn("import", str(export))
    cairn("daemon", "stop")
    home = Path(os.environ["CAIRN_HOME"])
    with sqlite3.connect(home / "journal.db") as db:
        for kind, key in (("transcript", "file:~/x.jsonl"), ("file", "chat:whatsapp/ben!/0")):
            sql = "INSERT INTO jobs(kind, key, event, state, error) VALUES (?, ?, 0, 'dead', ?)"
            db.execute(sql, (kind, key, "its program is writing it"))
    db.close()
    lines = cairn("status", "--failed").out.splitlines()
    assert [line.split("\t")[1:] for line in lines] == [
        ["chat:whatsapp/ben!/0", "its program is writing it"],
        [str(Path("~/x.jsonl").expanduser()), "its program is writing it"],
    ]
    checks = json.loads(cairn("doctor", "--json").out)["data"]["checks"]
    (queue,) = [check for check in checks if check["name"] == "queue"]
    assert (
        queue["state"] == "warn" and "2 files or conversations were given up on" in queue["message"]
    )
    assert "its program is writing it" in queue["message"]
