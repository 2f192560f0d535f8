"""What conversations lie on a machine is told by names, times and counts alone."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from cairn.core.chats.detect import Found, detect, files_of
from cairn.core.chats.downloads import names_in
from cairn.core.chats.walk import Walk


def put(path: Path, text: str = "never read", day: str = "2026-08-10") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    moment = datetime.fromisoformat(f"{day}T12:00:00").astimezone().timestamp()
    os.utime(path, (moment, moment))
    return path


def database(path: Path, *statements: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as db:
        for statement in statements:
            db.execute(statement)
    db.close()
    return path


def archive(path: Path, *names: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return path


def the(kind: str, home: Path, **env: str) -> Found:
    (found,) = [one for one in detect(env, home) if one.kind == kind]
    return found


def names(kind: str, path: Path) -> list[str]:
    return [file.relative_to(path).as_posix() for file in files_of(kind, path)]


def test_an_empty_home_has_none(tmp_path: Path) -> None:
    assert detect({}, tmp_path) == []
    assert detect({"CODEX_HOME": "relative", "HISTFILE": "/dev/zero"}, tmp_path / "none") == []


def test_claude_code_is_counted_without_its_helpers(tmp_path: Path) -> None:
    store = tmp_path / ".claude/projects"
    put(store / "-home-ana-app/a.jsonl", day="2026-07-01")
    put(store / "-home-ana-app/a/subagents/agent-1.jsonl")
    put(store / "-home-ana-app/a/tool-results/x.txt")
    put(store / "-home-ana-app/agent-old.jsonl")
    put(store / "-home-ana-web/b.jsonl", day="2026-08-11")
    put(tmp_path / ".claude/history.jsonl")
    found = the("claude-code", tmp_path)
    assert found == Found(
        "claude-code", "Claude Code", store, 2, "2026-07-01", "2026-08-11", 4 * len("never read"),
        opt_in=False, live=True,
    )  # fmt: skip
    below = ["a.jsonl", "agent-old.jsonl", "a/subagents/agent-1.jsonl"]
    expected = [f"-home-ana-app/{name}" for name in below] + ["-home-ana-web/b.jsonl"]
    assert names("claude-code", store) == expected
    assert names("claude-code", store.parent) == [f"projects/{name}" for name in expected]


def test_the_environment_moves_stores_and_the_same_one_is_named_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    put(home / ".claude/projects/p/a.jsonl")
    put(tmp_path / "moved/projects/p/b.jsonl")
    (home / ".config").mkdir()
    (home / ".config/claude").symlink_to(home / ".claude")
    found = detect({"CLAUDE_CONFIG_DIR": str(tmp_path / "moved")}, home)
    assert [one.path for one in found] == [tmp_path / "moved/projects", home / ".claude/projects"]


def test_codex_gives_the_plain_file_before_the_compressed_one(tmp_path: Path) -> None:
    store = tmp_path / "cx"
    put(store / "sessions/2026/08/10/rollout-2026-08-09T10-00-00-u1.jsonl")
    put(store / "sessions/2026/08/10/rollout-2026-08-09T10-00-00-u1.jsonl.zst")
    put(store / "sessions/2026/08/11/rollout-2026-08-11T10-00-00-u2.jsonl.zst", day="2026-08-12")
    put(store / "archived_sessions/rollout-2026-01-02T10-00-00-u3.jsonl")
    put(store / "history.jsonl")
    put(store / "log/codex.log")
    found = the("codex", tmp_path, CODEX_HOME="~/cx")
    assert (found.path, found.conversations) == (store, 3)
    assert (found.since, found.latest) == ("2026-01-02", "2026-08-12")
    assert names("codex", store / "sessions") == [
        "2026/08/10/rollout-2026-08-09T10-00-00-u1.jsonl",
        "2026/08/11/rollout-2026-08-11T10-00-00-u2.jsonl.zst",
    ]


def test_gemini_is_looked_for_in_its_own_home(tmp_path: Path) -> None:
    store = tmp_path / "g/.gemini/tmp"
    put(store / "abc/chats/session-2026-08-01T09-00-11111111.json")
    put(store / "abc/chats/session-2026-08-01T09-00-11111111.jsonl")
    put(store / "abc/chats/parent/helper.jsonl")
    put(store / "abc/logs.json")
    put(store / "abc/shell_history")
    found = the("gemini", tmp_path, GEMINI_CLI_HOME=str(tmp_path / "g"))
    assert (found.path, found.conversations, found.since) == (store, 1, "2026-08-01")
    assert names("gemini", store) == [
        "abc/chats/session-2026-08-01T09-00-11111111.jsonl",
        "abc/chats/parent/helper.jsonl",
    ]


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        (".config/Code/User", "VS Code"),
        (".config/Code - Insiders/User", "VS Code Insiders"),
        ("Library/Application Support/VSCodium/User", "VSCodium"),
        (".var/app/com.visualstudio.code/config/Code/User", "VS Code"),
    ],
)
def test_copilot_is_found_in_each_editor(tmp_path: Path, folder: str, words: str) -> None:
    store = tmp_path / folder
    put(store / "workspaceStorage/h1/chatSessions/s.json")
    put(store / "workspaceStorage/h1/chatSessions/s.jsonl")
    put(store / "workspaceStorage/h2/chatSessions/t.json")
    put(store / "workspaceStorage/h2/state.json")
    put(store / "globalStorage/emptyWindowChatSessions/e.jsonl")
    put(store / "globalStorage/storage.json")
    put(store / "settings.json")
    found = the("copilot", tmp_path)
    assert (found.words, found.path) == (f"Copilot Chat ({words})", store)
    assert found.conversations == 3
    assert names("copilot", store) == [
        "workspaceStorage/h1/chatSessions/s.jsonl",
        "workspaceStorage/h2/chatSessions/t.json",
        "globalStorage/emptyWindowChatSessions/e.jsonl",
    ]


def test_databases_are_counted_with_their_days(tmp_path: Path) -> None:
    config, data = tmp_path / "c", tmp_path / "d"
    database(
        config / "Cursor/User/globalStorage/state.vscdb",
        "CREATE TABLE cursorDiskKV (key TEXT UNIQUE, value BLOB)",
        "INSERT INTO cursorDiskKV VALUES ('composerData:1', ''), ('composerData:2', ''),"
        " ('bubbleId:1:1', ''), ('composer', '')",
    )
    database(
        data / "opencode/opencode.db",
        "CREATE TABLE session (id TEXT, time_created INTEGER)",
        "INSERT INTO session VALUES ('a', 1786357200000), ('b', 9e999)",
    )
    database(
        config / "io.datasette.llm/logs.db",
        "CREATE TABLE conversations (id TEXT)",
        "CREATE TABLE responses (id TEXT, datetime_utc TEXT)",
        "INSERT INTO conversations VALUES ('a'), ('b'), ('c')",
        "INSERT INTO responses VALUES ('r', '2025-03-04T10:00:00'), ('s', '2099-05-06T10:00:00')",
    )
    env = {"XDG_CONFIG_HOME": str(config), "XDG_DATA_HOME": str(data)}
    found = {one.kind: one for one in detect(env, tmp_path)}
    assert {kind: one.conversations for kind, one in found.items()} == {
        "cursor": 2, "opencode": 2, "llm": 3,
    }  # fmt: skip
    assert found["opencode"].since == "2026-08-10"
    assert (found["llm"].since, found["llm"].latest) == ("2025-03-04", "2099-05-06")
    assert not any(one.problem for one in found.values())
    assert list(files_of("llm", found["llm"].path)) == [found["llm"].path]


def test_a_database_that_is_none_is_listed_with_the_reason(tmp_path: Path) -> None:
    put(tmp_path / ".local/share/opencode/opencode.db", "SQLite format 3\0 and then nonsense")
    put(tmp_path / ".config/io.datasette.llm/logs.db", "text")
    assert the("llm", tmp_path).problem == "the database is damaged"
    assert the("opencode", tmp_path).problem


def test_a_database_that_counts_for_ever_is_given_up(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT"
    database(
        tmp_path / ".local/share/opencode/opencode.db",
        f"CREATE VIEW session AS {endless} i AS time_created FROM n",
    )
    assert the("opencode", tmp_path).problem == "it takes too long to count"


def test_aider_is_looked_for_two_folders_deep(tmp_path: Path) -> None:
    name = ".aider.chat.history.md"
    for folder in (".", "app", "work/web", "work/web/deep", ".hidden", "Library/x"):
        put(tmp_path / folder / name)
    (tmp_path / "app/link").symlink_to(tmp_path / "work/web/deep")
    found = [one for one in detect({}, tmp_path) if one.kind == "aider"]
    assert [str(one.path.parent.relative_to(tmp_path)) for one in found] == [".", "app", "work/web"]
    assert [one.words for one in found][1:] == ["aider (app)", "aider (web)"]
    assert {one.since for one in found} == {""}


def test_shells_and_irc_are_never_offered_unasked(tmp_path: Path) -> None:
    put(tmp_path / ".bash_history")
    put(tmp_path / "else/histfile")
    put(tmp_path / "data/fish/fish_history")
    put(tmp_path / ".weechat/logs/irc.libera.#cairn.weechatlog")
    put(tmp_path / ".weechat/logs/core.weechat.weechatlog")
    put(tmp_path / "irclogs/libera/#cairn.log")
    put(tmp_path / ".zsh_history", "")
    database(
        tmp_path / "data/atuin/history.db",
        "CREATE TABLE history (timestamp INTEGER, session TEXT)",
        "INSERT INTO history VALUES (1786357200000000000, 's'), (1786357300000000000, 's')",
    )
    env = {"HISTFILE": str(tmp_path / "else/histfile"), "XDG_DATA_HOME": str(tmp_path / "data")}
    found = detect(env, tmp_path)
    assert all(one.opt_in and one.live for one in found)
    assert {one.words: one.conversations for one in found} == {
        "IRC (WeeChat)": 1, "IRC (irssi)": 1, "shell history (bash)": 1,
        "shell history (fish)": 1, "shell history (atuin)": 1, "shell history (histfile)": 1,
    }  # fmt: skip
    assert [one.since for one in found if "atuin" in one.words] == ["2026-08-10"]


def test_exports_in_the_downloads_are_told_by_what_they_list(tmp_path: Path) -> None:
    downloads = tmp_path / "Preuzeto"
    put(tmp_path / ".config/user-dirs.dirs", '# x\nXDG_DOWNLOAD_DIR="$HOME/Preuzeto"\n')
    archive(downloads / "0f3a.zip", "conversations.json", "user.json", "chat.html")
    archive(downloads / "data-2026.zip", "conversations.json", "users.json")
    archive(downloads / "holiday.zip", "a.jpg", "conversations.json")
    archive(downloads / "WhatsApp Chat with Ana.zip", "WhatsApp Chat with Ana.txt")
    archive(downloads / "Chat de WhatsApp con Ana.zip", "_chat.txt")
    archive(downloads / "WhatsApp Unknown.zip", "IMG.jpg")
    archive(downloads / "takeout-1.zip", "Takeout/My Activity/Gemini Apps/MyActivity.json")
    archive(downloads / "takeout-2.zip", "Takeout/Google Photos/a.jpg")
    archive(downloads / "takeout-3.zip", "Takeout/Mail/All mail.mbox")
    put(downloads / "WhatsApp Chat with Bo.txt")
    put(downloads / "ChatExport_2026-08-10/result.json")
    put(downloads / "ChatExport_html/messages.html")
    put(downloads / "unpacked/conversations.json")
    put(downloads / "unpacked/users.json")
    put(downloads / "broken.zip", "PK\x05\x06 no")
    found = detect({}, tmp_path)
    assert not any(one.live or one.opt_in for one in found)
    assert sorted((one.kind, one.path.relative_to(downloads).as_posix()) for one in found) == [
        ("chatgpt", "0f3a.zip"),
        ("claude", "data-2026.zip"),
        ("claude", "unpacked/conversations.json"),
        ("gemini-app", "takeout-1.zip"),
        ("mail", "takeout-3.zip"),
        ("telegram", "ChatExport_2026-08-10/result.json"),
        ("whatsapp", "Chat de WhatsApp con Ana.zip"),
        ("whatsapp", "WhatsApp Chat with Ana.zip"),
        ("whatsapp", "WhatsApp Chat with Bo.txt"),
    ]


def test_a_zip_tells_its_names_whatever_stands_around_them(tmp_path: Path) -> None:
    plain = archive(tmp_path / "a.zip", "conversations.json", "é/user.json")
    assert names_in(plain) == ["conversations.json", "é/user.json"]
    before = tmp_path / "b.zip"
    before.write_bytes(b"#!/bin/sh\n" * 99 + plain.read_bytes())
    assert names_in(before) == names_in(plain)
    for cut in range(0, len(plain.read_bytes()), 7):
        before.write_bytes(plain.read_bytes()[:cut])
        assert names_in(before) == []
    many = tmp_path / "many.zip"
    with zipfile.ZipFile(many, "w") as file:
        for number in range(1 << 16):
            file.writestr(f"{number}.txt", "")
    assert names_in(many)[:2] == ["0.txt", "1.txt"]
    with many.open("r+b") as raw:  # as in one of more than 4 GB
        raw.seek(-10, os.SEEK_END)
        raw.write(b"\xff" * 8)
    assert names_in(many)[-1] == "65535.txt"


def test_links_are_not_followed_out_of_a_store(tmp_path: Path) -> None:
    put(tmp_path / "else/secret.jsonl")
    put(tmp_path / "else/chats/session-2026-01-01-x.json")
    store = put(tmp_path / ".claude/projects/p/a.jsonl").parent
    (store / "round").symlink_to(tmp_path / ".claude")
    (store / "out").symlink_to(tmp_path / "else")
    (store / "out.jsonl").symlink_to(tmp_path / "else/secret.jsonl")
    os.mkfifo(store / "pipe.jsonl")
    gemini = put(tmp_path / ".gemini/tmp/h/chats/session-2026-02-02-y.json").parent.parent
    gemini.with_name("i").mkdir()
    (gemini.with_name("i") / "chats").symlink_to(tmp_path / "else/chats")
    assert the("claude-code", tmp_path).conversations == 1
    assert the("gemini", tmp_path).conversations == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_what_is_closed_is_listed_with_the_reason(tmp_path: Path) -> None:
    closed = put(tmp_path / ".claude/projects/p/a.jsonl").parent
    put(tmp_path / ".gemini/tmp/h/chats/session-1.json")
    put(tmp_path / ".bash_history").chmod(0)
    closed.chmod(0)
    (tmp_path / ".gemini").chmod(0)
    try:
        found = {one.kind: one.problem for one in detect({}, tmp_path)}
    finally:
        closed.chmod(0o700)
        (tmp_path / ".gemini").chmod(0o700)
    assert found == {
        "claude-code": "you have no permission to look into all of it",
        "gemini": "you have no permission to look into it",
        "shell": "you have no permission to read it",
    }


def test_a_huge_store_is_counted_in_part_and_says_so(tmp_path: Path) -> None:
    for number in range(20):
        put(tmp_path / f"store/{number}.jsonl")
    walk = Walk(left=5)
    assert len(list(files_of("anything", tmp_path / "store", walk))) == 5
    assert walk.problem == "it is so large that only a part was counted"


def test_every_file_is_given_of_a_folder_without_a_known_shape(tmp_path: Path) -> None:
    put(tmp_path / "x/b.md")
    put(tmp_path / "a.txt")
    for kind in ("messages", "claude-code", "opencode", "no such kind"):
        assert names(kind, tmp_path) == ["a.txt", "x/b.md"]
    assert names("aider", tmp_path) == []
    assert list(files_of("codex", tmp_path / "a.txt")) == [tmp_path / "a.txt"]
    assert list(files_of("codex", tmp_path / "none")) == []


def test_days_that_make_no_sense_are_unknown(tmp_path: Path) -> None:
    path = put(tmp_path / ".codex/sessions/rollout-2026-99-99T-u.jsonl")
    os.utime(path, (0, 0))
    found = the("codex", tmp_path)
    assert (found.conversations, found.since, found.latest) == (1, "", "")
