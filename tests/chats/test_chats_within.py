"""One part of an import that can't be read costs itself only, and is told."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from cairn.core.chats import batches as batches_module
from cairn.core.engine import Engine
from cairn.core.errors import ExtractError
from tests.chats.taken import Taken, damaged, encrypted, packed, talk, turn


def test_a_damaged_member_costs_itself_only(tmp_path: Path) -> None:
    path = damaged(
        tmp_path / "e.zip", {"a.turns.jsonl": talk("a", 300), "b.turns.jsonl": talk("b", 3)}
    )
    taken = Taken(path)
    assert {item["conversation"] for item in taken.items} >= {"b"} and taken.is_done
    assert taken.problems == [["a.turns.jsonl in e.zip", "it is damaged"]]


def test_a_member_with_a_password_costs_itself_only(tmp_path: Path) -> None:
    path = encrypted(tmp_path / "e.zip", {"a.bin": "x" * 99, "b.turns.jsonl": talk("b", 3)})
    taken = Taken(path)
    assert len(taken.texts) == 3
    assert taken.problems == [["a.bin in e.zip", "it is protected by a password"]]


def test_broken_files_of_a_folder_cost_themselves_only(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "a.json").write_text(
        '[{"uuid":"x","name":"n","chat_messages":[{"uuid":"m","sender":"human","text":"Hello."}]},'
        '{"uuid":"y","chat_messages":[{"'
    )
    damaged(folder / "b.zip", {"a.turns.jsonl": talk("a", 300)})
    (folder / "c.zip").write_bytes(packed(folder / "c.zip", {"x": "y"}).read_bytes()[:60])
    (folder / "z.turns.jsonl").write_text(talk("z", 2))
    taken = Taken(folder)
    assert taken.texts == ["Hello.", "What was said as 0.", "What was said as 1."]
    assert [name for name, _ in taken.problems] == ["a.json", "a.turns.jsonl in b.zip", "c.zip"]
    assert all("Error" not in why and why.startswith("it ") for _, why in taken.problems)


def test_what_could_not_be_read_is_told_with_its_number(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    for name in "abc":
        damaged(folder / f"{name}.zip", {"a.turns.jsonl": talk("a", 300)})
    (folder / "z.turns.jsonl").write_text(talk("z", 2))
    engine.conversations.take_in(folder)
    engine.work()
    (record,) = engine.conversations.sources.transcripts()
    assert record.problem == "a.turns.jsonl in a.zip: it is damaged; and 2 more"
    assert engine.journal.counts().turns == 2


def test_what_stands_before_damage_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "conversations.json"
    path.write_text(
        '[{"uuid":"x","name":"n","chat_messages":[{"uuid":"m","sender":"human","text":"Hello."}]},'
        '{"uuid":"y","chat_messages":[{"'
    )
    taken = Taken(path)
    assert taken.texts == ["Hello."] and taken.is_done
    ((name, why),) = taken.problems
    assert name == "" and why.startswith("it is damaged")
    assert not Taken(path, taken.state).texts


def test_a_problem_is_told_by_each_later_process_and_tried_again_by_the_next_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches_module, "_TURNS", 10)
    members = {"a.turns.jsonl": talk("a", 300), "b.turns.jsonl": talk("b", 30)}
    path = damaged(tmp_path / "e.zip", members)
    taken = Taken(path, most=2)
    assert taken.problems and not taken.is_done
    rest = Taken(path, taken.state)
    assert rest.problems == taken.problems and rest.is_done
    again = Taken(path, rest.state)
    assert again.problems == taken.problems and not again.items and not again.counts


def test_nothing_that_is_known_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("Nothing of the kind.")
    with pytest.raises(ExtractError, match="it is no conversation"):
        Taken(tmp_path / "x.txt")
    with pytest.raises(ExtractError, match="it holds no conversation"):
        Taken(tmp_path)


# -- more than is likely


def test_what_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    rows = turn("c", "A" * 900) * 60_000
    path = packed(tmp_path / "e.zip", {"a.turns.jsonl": rows, "b.turns.jsonl": talk("b", 3)})
    taken = Taken(path)
    assert len(taken.texts) == 3
    ((name, why),) = taken.problems
    assert name == "a.turns.jsonl in e.zip" and "unpacks to far more" in why


def test_a_packed_log_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    import pyarrow

    path = tmp_path / "a.turns.jsonl.zst"
    row = b'{"x": "' + b"A" * 1_000_000 + b'"}\n'
    with pyarrow.CompressedOutputStream(str(path), "zstd") as out:
        for _ in range(70):
            out.write(row)
    taken = Taken(path)
    assert [why for _, why in taken.problems] == [
        "it unpacks to far more than a conversation would"
    ]
    assert taken.is_done and taken.counts["line without text"] < 70


def test_a_packed_log_is_read(tmp_path: Path) -> None:
    import pyarrow

    path = tmp_path / "a.turns.jsonl.zst"
    with pyarrow.CompressedOutputStream(str(path), "zstd") as out:
        out.write(talk("c", 30).encode())
    assert len(Taken(path).texts) == 30
    path.write_bytes(path.read_bytes()[:-20])
    assert [why for _, why in Taken(path).problems] == ["it is damaged"]


def test_an_import_waits_for_room_on_the_disk(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.turns.jsonl"
    path.write_text(talk("c", 3))
    engine.conversations.take_in(path)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000_000))
        engine.work()
        assert engine.journal.counts().turns == 0 and engine.journal.waiting("transcript") == 1
    with engine.journal.write() as db:
        db.execute("UPDATE jobs SET not_before = 0")
    engine.work()
    assert engine.journal.counts().turns == 3
