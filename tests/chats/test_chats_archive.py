"""Turns in the journal: once only, numbered for good, and with the work that they cause."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.addresses import conversation_uri, turns_of, window_uri
from cairn.core.chats.leaving import Dropped
from cairn.core.engine import Engine
from cairn.core.errors import ConfigError, NotFound, Unavailable
from cairn.core.locate import parse_citation
from cairn.core.uris import file_uri

FAMILY: list[dict[str, Any]] = [
    {"id": "1", "author": "Anna", "origin": "user", "time": "2026-03-08T18:05:00+01:00",
     "text": "What shall we spend on the raised beds in the garden this year?"},
    {"id": "2", "author": "Ben", "origin": "other", "time": "2026-03-08T18:06:00+01:00",
     "text": "I would say 400 euros, wood has become cheaper since the autumn."},
    {"id": "3", "author": "Anna", "origin": "user", "time": "2026-03-08T18:07:00+01:00",
     "text": "Good, then we agree on 400 euros for the beds."},
]  # fmt: skip


def write(path: Path, turns: list[dict[str, Any]], **common: Any) -> Path:
    common = {"conversation": "family", "title": "Family chat", **common}
    path.write_text("".join(json.dumps({**common, **turn}) + "\n" for turn in turns))
    return path


def take(engine: Engine, path: Path, **options: Any) -> None:
    engine.conversations.take_in(path, **options)
    engine.work()


def texts(engine: Engine, uri: str = "chat:turns/family") -> list[str]:
    return [turn.text for turn in engine.conversations.turns(uri, 1, 1000)]


def found(engine: Engine, words: str) -> list[str]:
    return [item.address for item in engine.search(words).evidence if item.chunk.kind == "chat"]


def test_an_import_is_searchable_and_its_citations_open(engine: Engine, tmp_path: Path) -> None:
    take(engine, write(tmp_path / "family.turns.jsonl", FAMILY))
    answer = engine.ask("how much did we agree on for the raised beds?")
    assert "400" in " ".join(sentence.text for sentence in answer.sentences)
    citation = answer.citations[0]
    assert citation.uri == "chat:turns/family" and citation.state == "ok"
    shown = engine.passage(parse_citation(citation.address), 1)
    assert any("400" in piece.text and piece.cited for piece in shown.pieces)
    assert shown.title == "Family chat" and len(shown.pieces) >= 2


def test_importing_twice_is_importing_once(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "family.turns.jsonl", FAMILY)
    take(engine, path)
    before = engine.journal.counts()
    version = engine.index.table.version
    take(engine, path)
    assert engine.journal.counts() == before
    assert engine.index.table.version == version  # nothing was written


def test_a_newer_export_adds_what_is_new_and_numbers_stay(engine: Engine, tmp_path: Path) -> None:
    take(engine, write(tmp_path / "a.turns.jsonl", FAMILY[1:]))
    newer = [*FAMILY, {"id": "4", "author": "Ben", "origin": "other", "text": "And the fence?"}]
    take(engine, write(tmp_path / "b.turns.jsonl", newer))
    assert texts(engine) == [
        FAMILY[1]["text"], FAMILY[2]["text"], FAMILY[0]["text"], "And the fence?",
    ]  # fmt: skip
    assert engine.journal.counts().conversations == 1


def test_a_turn_that_was_edited_is_shown_as_it_is_now(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "family.turns.jsonl", FAMILY)
    take(engine, path)
    edited = {**FAMILY[2], "text": "Good, then we agree on 450 euros for the beds."}
    take(engine, write(path, [*FAMILY[:2], edited]))
    assert texts(engine)[2] == edited["text"] and len(texts(engine)) == 3
    assert found(engine, "450 euros") and "450" in engine.search("450 euros").evidence[0].chunk.text


def test_a_title_that_comes_later_is_beside_every_passage(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "x.turns.jsonl", FAMILY, title="")
    take(engine, path)
    take(engine, write(path, FAMILY, title="Allotment"))
    chunks = [item.chunk for item in engine.search("raised beds").evidence]
    assert {chunk.title for chunk in chunks} == {"Allotment"}


def test_turns_outlive_their_file_and_a_rebuild(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "family.turns.jsonl", FAMILY)
    take(engine, path)
    before = found(engine, "raised beds")
    path.unlink()
    engine.sweep()
    engine.work()
    assert engine.rebuild()
    assert found(engine, "raised beds") == before != []


def test_secrets_are_left_out_of_every_field(engine: Engine, tmp_path: Path) -> None:
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    turn = {
        "id": "9", "author": token, "origin": "tool", "text": "export TOKEN=" + token + "\ndone",
        "attachments": [token + ".txt"], "project": "/work/" + token,
    }  # fmt: skip
    take(engine, write(tmp_path / "x.turns.jsonl", [turn], title=f"with {token}"))
    engine.journal.read("PRAGMA wal_checkpoint(TRUNCATE)")
    everything = b"".join(
        file.read_bytes() for file in engine.home.path.rglob("*") if file.is_file()
    )
    assert token.encode() not in everything
    assert engine.conversations.status()[0].turns == 1


def test_a_long_output_is_clipped_with_a_pointer(engine: Engine, tmp_path: Path) -> None:
    turn = {"id": "9", "origin": "tool", "text": "first line\n" + "x " * 50_000 + "\nlast line"}
    take(engine, write(tmp_path / "x.turns.jsonl", [turn]))
    (text,) = texts(engine)
    assert len(text) < 3000 and text.startswith("first line") and text.endswith("last line")
    assert "characters left out, see line 1 of x.turns.jsonl" in text


def test_who_the_user_is_can_be_said(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat with Ben.txt"
    path.write_text(
        "10/08/2026, 14:30 - Anna: shall we meet at eight on Saturday?\n"
        "10/08/2026, 14:31 - Ben: yes, at the harbour\n"
        "13/08/2026, 09:00 - Anna: I am late\n"
    )
    take(engine, path, me=["anna"])
    (chat,) = engine.conversations.latest()
    origins = [turn.origin for turn in engine.conversations.turns(chat.uri, 1, 9)]
    assert origins == ["user", "other", "user"]


def test_what_was_said_of_the_user_is_not_taken_back(engine: Engine, tmp_path: Path) -> None:
    for number, me in enumerate((["Anna"], [])):
        path = tmp_path / str(number) / "WhatsApp Chat with Ben.txt"
        path.parent.mkdir()
        path.write_text(
            "10/08/2026, 14:30 - Anna: shall we meet at eight on Saturday?\n"
            "13/08/2026, 14:31 - Ben: yes, at the harbour\n"
        )
        take(engine, path, me=me)
    (chat,) = engine.conversations.latest()
    assert [turn.origin for turn in engine.conversations.turns(chat.uri, 1, 9)] == ["user", "other"]


def test_a_folder_of_exports_is_read_as_one(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    (folder / "deep").mkdir(parents=True)
    write(folder / "a.turns.jsonl", FAMILY)
    write(folder / "deep" / "b.turns.jsonl", FAMILY, conversation="other", title="Other")
    (folder / "cat.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a chat")
    (folder / "loop").symlink_to(folder)
    take(engine, folder)
    (status,) = engine.conversations.status()
    assert (status.conversations, status.turns, status.problems) == (2, 6, ())
    assert status.passed[".jpg file"] == 1


def test_what_is_no_conversation_is_said_plainly(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "notes.bin"
    path.write_bytes(b"\0\1\2 nothing of the kind")
    take(engine, path)
    (status,) = engine.conversations.status()
    assert status.problems == ((file_uri(path), "it is no conversation that cairn knows"),)
    with pytest.raises(ConfigError, match="no kind of conversation"):
        engine.conversations.take_in(path, "telepathy")
    with pytest.raises(NotFound):
        engine.conversations.take_in(tmp_path / "missing")


def test_a_file_that_was_imported_is_not_read_twice(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    path = write(folder / "family.turns.jsonl", FAMILY)
    engine.add(folder)
    engine.work()
    assert {item.chunk.uri for item in engine.search("raised beds").evidence} == {file_uri(path)}
    take(engine, path)
    assert found(engine, "raised beds")[0] == "chat:turns/family#t1"
    assert all(address.startswith("chat:") for address in found(engine, "raised beds"))


def test_what_is_dropped_leaves_the_journal_and_the_index(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "family.turns.jsonl", FAMILY)
    take(engine, path)
    assert engine.conversations.remove(path, drop=True) == Dropped(1, 3)
    engine.work()
    assert engine.search("raised beds").evidence == ()
    assert engine.journal.counts().turns == engine.index.table.count() == 0
    with pytest.raises(NotFound):
        engine.conversations.find("chat:turns/family")


def test_what_is_removed_stays_readable(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "family.turns.jsonl", FAMILY)
    take(engine, path)
    engine.conversations.remove(path, drop=False)
    engine.work()
    assert engine.conversations.status() == [] and found(engine, "raised beds")


def test_nothing_is_taken_in_private_mode(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "family.turns.jsonl", FAMILY[:1])
    engine.conversations.follow(path)
    engine.work()
    engine.private.begin()
    write(path, FAMILY)
    assert engine.conversations.sweep() == engine.conversations.note_changes([path]) == 0
    with pytest.raises(Unavailable):
        engine.conversations.take_in(path)
    engine.ask("raised beds")
    assert engine.conversations.latest(kind="cairn") == []
    engine.private.end()
    assert engine.conversations.sweep() == 1
    engine.work()
    assert len(texts(engine)) == 3


def test_a_long_conversation_is_indexed_in_windows(engine: Engine, tmp_path: Path) -> None:
    many = [
        {"id": str(n), "author": "Anna", "time": f"2026-03-08T{n // 60:02}:{n % 60:02}:00Z",
         "text": f"Remark number {n} about the weather and word{n}."}
        for n in range(450)
    ]  # fmt: skip
    path = write(tmp_path / "x.turns.jsonl", many)
    engine.conversations.follow(path)
    engine.work()
    uris = {record.uri for record in engine.journal.files()}
    assert uris == {
        "chat:turns/family!/0", "chat:turns/family!/1", "chat:turns/family!/2",
        "chat:turns/family!/episodes-0",
    }  # fmt: skip
    assert found(engine, "word444")[0] == "chat:turns/family#t445"
    with path.open("a") as file:
        file.write(json.dumps({"conversation": "family", "id": "new", "text": "One more."}) + "\n")
    engine.conversations.note_changes([path])
    engine.work(lambda: not engine.journal.waiting("transcript"))
    assert engine.journal.pending() == {
        "chat:turns/family!/2", "chat:turns/family!/episodes-0",
    }  # fmt: skip


def test_addresses_are_short_plain_and_stable() -> None:
    assert conversation_uri("codex", "019a2d7b-7fb8") == "chat:codex/019a2d7b-7fb8"
    odd = conversation_uri("whatsapp", "Ännchen & Ben #1!/../x")
    assert odd.startswith("chat:whatsapp/annchen-ben-1-x-") and odd == conversation_uri(
        "whatsapp", "Ännchen & Ben #1!/../x"
    )
    assert conversation_uri("irc", "日本") != conversation_uri("irc", "中国")
    assert turns_of(window_uri(odd, 201)) == (201, 400, False)
    assert turns_of(f"{odd}!/episodes-2") == (2001, 3000, True)
    assert parse_citation(f"{odd}#t3-t5").address == f"{odd}#t3-t5"


def test_a_citation_of_a_turn_that_is_not_there_says_so(engine: Engine, tmp_path: Path) -> None:
    take(engine, write(tmp_path / "family.turns.jsonl", FAMILY))
    with pytest.raises(NotFound, match="it has 3 turns"):
        engine.passage(parse_citation("chat:turns/family#t9"), 0)
    with pytest.raises(NotFound, match="no conversation"):
        engine.passage(parse_citation("chat:turns/nobody#t1"), 0)


def test_the_file_behind_a_turn_can_be_opened(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "family.turns.jsonl", FAMILY)
    take(engine, path)
    assert engine.conversations.origin_of("chat:turns/family", 2) == (path, 2)
    os.unlink(path)
    with pytest.raises(NotFound, match="not a file any more"):
        engine.conversations.origin_of("chat:turns/family", 2)
