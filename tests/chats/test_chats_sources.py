"""Which transcripts are read, watched and left alone, and what is said of them."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest

from cairn.core.chats.sources import READ_AS_CHAT
from cairn.core.chats.stores import leads_to
from cairn.core.engine import Engine
from cairn.core.errors import ConfigError, ExtractError, NotFound, Unavailable
from cairn.core.extract.reading import Reading
from cairn.core.uris import file_uri
from tests.chats.test_chats_following import line
from tests.chats.test_chats_leaving import export, said, take


def put(path: Path, text: str = "{}\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def claude(tmp_path: Path) -> Path:
    """The home of Claude Code, with a conversation and what else lies there."""
    home = tmp_path / "user" / ".claude"
    put(home / "projects" / "-home-ana-app" / "s1.jsonl", line(1) + line(2))
    put(home / "settings.json")
    put(home / "todos" / "1.json", "[]")
    put(home / "statsig" / "x", "abc")
    return home


# -- kinds


def test_a_kind_that_is_said_the_second_time_counts(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    rows = [{"text": f"hello number {number}", "author": "ana"} for number in range(3)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    engine.conversations.take_in(path)
    engine.work()
    engine.conversations.take_in(path, "turns")
    engine.work()
    state = engine.conversations.state_of(path)
    assert (state.kind, state.turns, state.problems) == ("turns", 3, ())
    take(engine, path)  # and it stays, when it is not said
    assert engine.conversations.state_of(path).kind == "turns"


@pytest.mark.parametrize("below", ["", "projects", "projects/-home-ana-app"])
def test_the_kind_of_a_known_place_need_not_be_said(
    engine: Engine, claude: Path, below: str
) -> None:
    engine.conversations.follow(claude / below)
    engine.work()
    state = engine.conversations.state_of(claude / below)
    assert (state.kind, state.transcripts, state.turns) == ("claude-code", 1, 2)
    assert state.problems == () and state.passed == {}
    found = engine.conversations.detect({})
    assert [followed for each, followed in found if each.kind == "claude-code"] == [not below[9:]]


def test_a_folder_above_several_stores_has_no_kind(engine: Engine, claude: Path) -> None:
    put(claude.parent / ".codex" / "sessions" / "x")
    engine.conversations.follow(claude.parent)
    assert engine.conversations.state_of(claude.parent).kind == ""


def test_what_is_no_chat_among_chats_is_counted_only(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "chats"
    export(folder / "a.turns.jsonl", range(3))
    put(folder / "notes.txt", "Some text about wombats.\n")
    engine.add(folder)
    engine.conversations.follow(folder)
    engine.work()
    state = engine.conversations.state_of(folder)
    assert (state.turns, state.problems, state.passed) == (3, (), {".txt file": 1})
    assert engine.search("wombats").evidence[0].chunk.uri == file_uri(folder / "notes.txt")
    assert engine.conversations.sweep() == 0


# -- sources in sources


def test_a_source_inside_another_is_read_once(engine: Engine, tmp_path: Path) -> None:
    outer, inner = tmp_path / "s", tmp_path / "s" / "in"
    for number in range(3):
        export(inner / f"{number}.turns.jsonl", range(2), conversation=f"c{number}")
    for folder in (outer, inner):
        engine.conversations.follow(folder)
        engine.work()
        assert engine.conversations.sweep() == 0
    states = engine.conversations.status()
    assert [(each.transcripts, each.turns) for each in states] == [(3, 6), (3, 6)]
    engine.conversations.remove(outer, drop=True)
    assert engine.conversations.state_of(inner).turns == 6  # it would bring them, too
    assert engine.conversations.sweep() == 0


def test_a_name_said_of_an_inner_source_counts(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    path = put(folder / "irc.libera.#cairn.weechatlog", "".join(
        f"2026-08-{day} 12:00:0{number}\t{who}\thi, how is it going {day}\n"
        for day in range(10, 14) for number, who in enumerate(("ana", "ben"))
    ))  # fmt: skip
    engine.conversations.follow(folder, "irc")
    engine.work()
    engine.conversations.take_in(path, me=["ana"])
    engine.work()
    (chat,) = engine.conversations.latest()
    origins = {(turn.who, turn.origin) for turn in engine.conversations.turns(chat.uri, 1, 99)}
    assert origins == {("ana", "user"), ("ben", "other")}


# -- files of watched folders


def test_an_archive_with_more_than_chats_is_read_as_a_file_too(
    engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "notes" / "takeout.zip"
    path.parent.mkdir()
    chat = export(tmp_path / "c.turns.jsonl", range(2))
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(chat, "c.turns.jsonl")
        archive.writestr("contract.txt", "The quokka contract ends in March 2031.\n")
    engine.add(path.parent)
    engine.work()
    before = engine.journal.file(file_uri(path))
    take(engine, path)
    assert engine.journal.file(file_uri(path)) == before and engine.journal.counts().turns == 2
    assert before is not None and before.code != READ_AS_CHAT


# -- trouble


def test_a_bug_in_one_transcript_stops_nothing(
    engine: Engine, life: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = (export(tmp_path / f"{n}.turns.jsonl", range(2), n) for n in ("bad", "good"))
    real = Reading.take

    def take(reading: Reading, path: Path, *args: object, **options: object) -> object:
        if path.name.startswith("bad"):
            raise TypeError("with something private in it")
        return real(reading, path, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Reading, "take", take)
    engine.conversations.take_in(path)
    engine.conversations.take_in(other)
    engine.add(life)
    for _ in range(3):
        engine.work()
        with engine.journal.write() as db:
            db.execute("UPDATE jobs SET not_before = 0")
    reason = "something broke inside cairn (TypeError)"
    assert engine.conversations.state_of(path).problems == ((file_uri(path), reason),)
    assert engine.conversations.state_of(other).turns == 2 and engine.search("garden").evidence
    (dead,) = [each for each in engine.troubled() if each.code == "given-up"]
    assert (dead.uri, dead.reason) == (file_uri(path), reason)


def test_a_bug_in_a_part_of_a_conversation_stops_nothing(
    engine: Engine, life: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.conversations.take_in(export(tmp_path / "a.turns.jsonl", range(2)))
    engine.add(life)

    def compose(*_: object) -> object:
        raise TypeError

    monkeypatch.setattr(Reading, "compose", compose)
    for _ in range(3):
        engine.work()
        with engine.journal.write() as db:
            db.execute("UPDATE jobs SET not_before = 0")
    assert engine.search("garden budget").evidence
    told = {each.uri: each.reason for each in engine.troubled()}
    assert "inside cairn (TypeError)" in told["chat:turns/c!/0"]


def test_what_was_given_up_on_is_listed(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> object:
        raise ExtractError("busy", "its program is writing it just now")

    monkeypatch.setattr(Reading, "take", busy)
    path = export(tmp_path / "a.turns.jsonl", range(2))
    engine.conversations.take_in(path)
    for _ in range(3):
        engine.work()
        with engine.journal.write() as db:
            db.execute("UPDATE jobs SET not_before = 0")
    assert engine.journal.counts().dead == 1
    assert [(each.uri, each.reason) for each in engine.troubled()] == [
        (file_uri(path), "its program is writing it just now")
    ]


def test_what_was_no_fault_of_its_own_is_tried_again(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export(tmp_path / "s" / "a.turns.jsonl", range(2))
    engine.conversations.follow(path.parent)

    def full(*_: object, **__: object) -> object:
        raise Unavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Reading, "take", full)
        for _ in range(3):
            engine.work()
            with engine.journal.write() as db:
                db.execute("UPDATE jobs SET not_before = 0")
    assert engine.conversations.status()[0].problems == ((file_uri(path), "the disk is full"),)
    assert engine.conversations.sweep() == 1
    engine.work()
    assert engine.conversations.status()[0].turns == 2 and engine.journal.counts().dead == 0


def test_nothing_is_kept_that_was_read_when_private_mode_began(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.conversations.take_in(export(tmp_path / "a.turns.jsonl", range(5)))
    real = Reading.take

    def take(*args: object, **options: object) -> object:
        batch = real(*args, **options)  # type: ignore[arg-type]
        engine.private.begin()
        return batch

    with monkeypatch.context() as patch:
        patch.setattr(Reading, "take", take)
        engine.work()
    assert engine.journal.counts().turns == 0 and engine.waiting == 1
    engine.private.end()
    engine.work()
    assert engine.journal.counts().turns == 5


# -- what is watched


@pytest.mark.parametrize(
    ("kind", "file", "others", "folders"),
    [
        ("copilot", "workspaceStorage/1/chatSessions/a.json",
         ["History/1/a.json", "workspaceStorage/1/state.json", "settings.json"],
         ["History", "workspaceStorage/1/other"]),
        ("codex", "sessions/2026/08/10/rollout-2026-08-10-x.jsonl",
         ["auth.json", "sessions/notes.txt", "log/codex.jsonl"], ["log"]),
        ("gemini", "tmp/1/chats/session-1.json", ["oauth.json", "tmp/1/logs.json"], ["tmp/1/x"]),
        ("claude-code", "projects/p/s.jsonl", ["history.jsonl", "projects/p/s.txt"], ["todos"]),
        ("cursor", "globalStorage/state.vscdb-wal", ["globalStorage/x", "state.vscdb"], ["x"]),
        ("llm", "logs.db-wal", ["keys.json"], ["templates"]),
    ],
)  # fmt: skip
def test_only_what_leads_to_transcripts_is_watched(
    tmp_path: Path, kind: str, file: str, others: list[str], folders: list[str]
) -> None:
    path = put(tmp_path / file.removesuffix("-wal")).with_name(Path(file).name)
    assert leads_to(kind, tmp_path, path, False) and leads_to(kind, tmp_path, tmp_path, True)
    for folder in path.relative_to(tmp_path).parents:
        assert leads_to(kind, tmp_path, tmp_path / folder, True)
    assert not [each for each in others if leads_to(kind, tmp_path, tmp_path / each, False)]
    assert not [each for each in folders if leads_to(kind, tmp_path, tmp_path / each, True)]


def test_a_folder_of_any_kind_is_watched_wholly(tmp_path: Path) -> None:
    for kind in ("", "irc"):
        assert leads_to(kind, tmp_path, tmp_path / "a" / "b" / "c.txt", False)
        assert leads_to(kind, tmp_path, tmp_path / "a" / "b", True)
    assert leads_to("shell", tmp_path / "atuin.db", tmp_path / "atuin.db-wal", False)
    assert not leads_to("shell", tmp_path / "atuin.db", tmp_path / "other.db", False)


def test_other_changes_in_a_store_cost_nothing(engine: Engine, claude: Path) -> None:
    engine.conversations.follow(claude)
    engine.work()
    reads: list[str] = []
    real = engine.journal.read
    engine.journal.read = lambda sql, *values: reads.append(sql) or real(sql, *values)  # type: ignore
    sources = engine.conversations.sources
    for name in ("history.jsonl", "todos/1.json", "projects/p/s.jsonl"):
        sources.is_watched(claude / name, False)
    assert sources.queue_paths([claude / "history.jsonl", claude / "todos" / "1.json"]) == 0
    assert reads == []


def test_a_change_of_one_log_looks_at_that_log_only(engine: Engine, claude: Path) -> None:
    engine.conversations.follow(claude)
    engine.work()
    project = claude / "projects" / "-home-ana-app"
    changed = put(project / "s1.jsonl", line(1) + line(2) + line(3))
    put(project / "s2.jsonl", line(4, session="s2"))
    assert engine.note_changes([changed]) == 1
    assert engine.journal.pending("transcript") == {file_uri(changed)}
    assert engine.note_changes([project]) == 2  # of a whole folder, all that is different
    engine.work()
    (project / "s3.jsonl").symlink_to(changed)
    assert engine.note_changes([project / "s3.jsonl"]) == 0


def test_what_a_database_has_beside_it_is_its_change(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "user" / "llm"
    folder.mkdir()
    sqlite3.connect(folder / "logs.db").executescript("CREATE TABLE x(y)")
    engine.conversations.follow(folder, "llm")
    engine.work()
    (folder / "logs.db-wal").write_bytes(b"x")
    assert engine.note_changes([folder / "logs.db-wal"]) == 1
    assert engine.journal.pending("transcript") == {file_uri(folder / "logs.db")}


# -- what is said


def test_estimates_count_parts_of_conversations(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(40):
        export(folder / f"{number}.turns.jsonl", range(8), conversation=f"c{number}")
    take(engine, folder)
    counts = engine.journal.counts()
    assert counts.indexed == 0 and counts.parts == 80 and counts.turns == 320
    assert engine.ingest._files_to_embed() > 40  # not as if one file had all passages


def test_the_sizes_of_transcripts_tell_how_long_it_takes(engine: Engine, tmp_path: Path) -> None:
    expected: dict[str, int] = {}
    engine.conversations.sources.expect = expected.__setitem__
    path = export(tmp_path / "a.turns.jsonl", range(50))
    engine.conversations.take_in(path)
    assert expected == {file_uri(path): path.stat().st_size}


def test_parts_that_wait_are_not_called_files(engine: Engine, tmp_path: Path) -> None:
    engine.conversations.take_in(export(tmp_path / "a.turns.jsonl", range(250)))
    engine.work(lambda: not engine.journal.waiting("transcript"))
    assert "3 parts of conversations are not indexed yet" in engine.search("wombat").degraded
    assert "file" not in engine.search("wombat").degraded


def test_secrets_that_were_left_out_are_counted(engine: Engine, tmp_path: Path) -> None:
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    row = {"conversation": "c", "id": "1", "author": "ana", "text": f"export TOKEN={token}"}
    take(engine, put(tmp_path / "a.turns.jsonl", json.dumps(row) + "\n"))
    assert sum(engine.conversations.status()[0].redacted.values()) == 1


def test_only_plain_text_opens_at_a_turn(engine: Engine, tmp_path: Path) -> None:
    chat, path = export(tmp_path / "c.turns.jsonl", range(2)), tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(chat, "c.turns.jsonl")
    take(engine, path)
    with pytest.raises(NotFound, match="no plain text") as caught:
        engine.conversations.origin_of("chat:turns/c", 2)
    assert "cairn show chat:turns/c#t2" in caught.value.hint
    take(engine, chat)
    os.unlink(path)
    engine.conversations.remove(path, drop=True)
    assert engine.conversations.origin_of("chat:turns/c", 2) == (chat, 2) and len(said(engine)) == 2


def test_words_for_conversations_are_taken_as_they_are(engine: Engine, tmp_path: Path) -> None:
    row = {"conversation": "c", "id": "1", "text": "something", "title": "One hundred % off\\"}
    take(engine, put(tmp_path / "a.turns.jsonl", json.dumps(row) + "\n"))
    latest = engine.conversations.latest
    assert len(latest("%")) == len(latest("off\\")) == len(latest("hundred")) == 1
    assert latest("_") == latest("h%d") == []
    with pytest.raises(ConfigError, match="no kind") as caught:
        latest(kind="%")
    assert "claude-code" in caught.value.hint and "cairn" in caught.value.hint


def test_a_long_log_tells_how_far_it_is_read(engine: Engine, tmp_path: Path) -> None:
    path = export(tmp_path / "a.turns.jsonl", range(2500))
    engine.conversations.take_in(path)
    shares: list[float] = []

    def look() -> bool:
        now = engine.progress
        shares.append(now.cost_done / max(1, now.cost_total))
        return not engine.journal.waiting("transcript")

    engine.work(look)
    assert len({share for share in shares if 0 < share < 1}) >= 2 and shares == sorted(shares)
