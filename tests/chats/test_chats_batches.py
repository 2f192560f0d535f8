"""Transcripts in batches: whatever interrupts them, nothing is lost or counted twice."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats import batches as batches_module
from cairn.core.chats.batches import Batches
from cairn.core.chats.turn import State
from cairn.core.engine import Engine
from tests.chats.taken import Taken, packed, talk


def in_small_steps(monkeypatch: pytest.MonkeyPatch, turns: int = 10) -> None:
    monkeypatch.setattr(batches_module, "_TURNS", turns)


def interrupted(path: Path) -> tuple[list[str], Counter[str], int]:
    """Read by one process after the other, each of which lives for one batch."""
    state: State = {}
    texts: list[str] = []
    counts: Counter[str] = Counter()
    for times in range(1, 1000):
        taken = Taken(path, state, most=1)
        texts += taken.texts
        counts += taken.counts
        state = taken.state
        if taken.is_done:
            return texts, counts, times
    raise AssertionError("it never ends")


# -- interruptions


@pytest.mark.parametrize("shape", ["file", "zip", "folder", "chatgpt", "telegram"])
def test_processes_that_die_after_each_batch_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    in_small_steps(monkeypatch)
    path = _made(shape, tmp_path)
    whole = Taken(path)
    texts, counts, times = interrupted(path)
    assert texts == whole.texts and len(texts) == len(set(texts)) >= 60
    assert counts == whole.counts and sum(counts.values()) > 0 and times > 3
    after = Taken(path, Taken(path).state)
    assert after.is_done and (shape == "telegram" or not after.texts)


def _made(shape: str, folder: Path) -> Path:
    if shape == "chatgpt":
        return _chatgpt(folder / "conversations.json")
    if shape == "telegram":
        return _telegram(folder / "result.json")
    texts = {
        f"{name}.turns.jsonl": talk(name, 35).replace("said", f"said in {name}") for name in "ab"
    }
    if shape == "zip":
        return packed(folder / "e.zip", {**texts, "x.css": "a{}", "y.css": "b{}"})
    if shape == "file":
        (folder / "a.turns.jsonl").write_text("".join(texts.values()))
        return folder / "a.turns.jsonl"
    (folder / "d").mkdir()
    for name, text in {**texts, "x.css": "a{}"}.items():
        (folder / "d" / name).write_text(text)
    return folder / "d"


def _chatgpt(path: Path) -> Path:
    """One conversation that is longer than a batch."""
    nodes: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None}}
    for place in range(70):
        content: dict[str, Any] = {"content_type": "text", "parts": [f"What was said as {place}."]}
        nodes[f"n{place}"] = {
            "id": f"n{place}", "parent": f"n{place - 1}" if place else "root",
            "message": {"id": f"m{place}", "create_time": 1_700_000_000 + place,
                        "author": {"role": ("user", "assistant")[place % 2]}, "content": content},
        }  # fmt: skip
    chat = {"id": "c", "title": "T", "update_time": 1, "current_node": "n69", "mapping": nodes}
    path.write_text(json.dumps([chat, {"what": "is this"}]))
    return path


def _telegram(path: Path) -> Path:
    messages: list[dict[str, Any]] = [
        {"id": i, "type": "message", "date_unixtime": str(1_780_000_000 + i),
         "date": "2026-08-10T12:00:00", "from": "Ben", "from_id": "user2",
         "text": f"What was said as {i}."}
        for i in range(70)
    ]  # fmt: skip
    messages.insert(5, {"id": 500, "type": "unheard", "date_unixtime": "1780000000"})
    path.write_text(
        json.dumps({"name": "Ben", "type": "personal_chat", "id": 2, "messages": messages})
    )
    return path


def test_a_part_that_changed_between_two_processes_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_steps(monkeypatch)
    path = _chatgpt(tmp_path / "conversations.json")
    taken = Taken(path, most=1)
    assert not taken.is_done and not taken.begins_anew
    path.write_text(path.read_text().replace("said as 3.", "changed as 3."))
    os.utime(path, (1, 1))
    more = Taken(path, taken.state)
    assert more.begins_anew and "What was changed as 3." in more.texts and len(more.texts) == 70


def test_counts_begin_anew_with_a_log_that_was_replaced(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    path = folder / "a.turns.jsonl"
    path.write_text(talk("a", 10))
    engine.conversations.follow(folder)
    engine.work()
    (folder / "new").write_text(talk("a", 7).replace("said", "told").replace('"id": "', '"id": "z'))
    os.replace(folder / "new", path)
    engine.conversations.sweep()
    engine.work()
    assert engine.journal.counts().turns == 17
    assert engine.conversations.status()[0].passed == {"line without text": 7}


def test_an_import_that_was_stopped_counts_once(engine: Engine, tmp_path: Path) -> None:
    path = packed(
        tmp_path / "e.zip", {"0.turns.jsonl": talk("0", 3), "a.turns.jsonl": talk("a", 3000)}
    )
    engine.conversations.take_in(path)
    engine.work(lambda: engine.journal.counts().turns > 500)
    assert 500 < engine.journal.counts().turns < 3003
    engine.reading.close()  # what has it open is gone
    engine.work(lambda: not engine.journal.waiting("transcript"))
    assert engine.journal.counts().turns == 3003
    assert engine.conversations.status()[0].passed == {"line without text": 3003}


def test_the_same_process_goes_on_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_steps(monkeypatch)
    path = _telegram(tmp_path / "result.json")
    made = Batches(path, "", {}, ["Ana"])
    assert not made.stands_at(path, "", {}, ["Ana"])  # it has given nothing yet
    state = json.loads(json.dumps(made.next()["state"]))
    assert made.stands_at(path, "", state, ["Ana"])
    assert not made.stands_at(path, "telegram", state, ["Ana"])
    assert not made.stands_at(path, "", state, ["Ben"])
    assert not made.stands_at(path, "", {}, ["Ana"])
    os.utime(path, (1, 1))
    assert not made.stands_at(path, "", state, ["Ana"])


# -- batches


def test_a_batch_ends_in_time_though_nothing_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.txt").write_text("Some text that is no chat.\n")
    (folder / "z.turns.jsonl").write_text(talk("z", 2))
    monkeypatch.setattr(batches_module, "_SECONDS", 1e-9)
    made = Batches(folder, "", {}, [])
    first = made.next()
    assert not first["is_last"] and not first["items"]
    monkeypatch.undo()
    assert len(made.next()["items"]) == 2


def test_parts_of_one_format_share_a_batch(tmp_path: Path) -> None:
    texts: Iterable[tuple[str, str]] = ((f"{i}.turns.jsonl", talk(str(i), 3)) for i in range(50))
    path = packed(tmp_path / "e.zip", dict(texts))
    taken = Taken(path)
    assert len(taken.texts) == 150 and taken.batches == 1


def test_parts_of_different_formats_do_not(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "a.turns.jsonl").write_text(talk("a", 2))
    _chatgpt(folder / "conversations.json")
    (folder / "z.turns.jsonl").write_text(talk("z", 2))
    made, kinds, is_last = Batches(folder, "", {}, []), [], False
    while not is_last:
        batch = made.next()
        is_last = batch["is_last"]
        kinds.append((batch["kind"], sum(item["is"] == "Turn" for item in batch["items"])))
    assert [kind for kind in kinds if kind[1]] == [("turns", 2), ("chatgpt", 70), ("turns", 2)]


def test_what_is_no_conversation_is_counted_once_by_its_own_ending(tmp_path: Path) -> None:
    members = {"a.turns.jsonl": talk("a", 1), "x.css": "a", "Y.CSS": "b", "noend": "c",
               "z.waytoolongtobeanending": "d"}  # fmt: skip
    path = packed(tmp_path / "e.zip", members)
    taken = Taken(path)
    assert taken.counts == {"line without text": 1, ".css file": 2, "other file": 2}
    assert not Taken(path, taken.state).counts


def test_counts_begin_anew_with_a_mailbox_that_was_replaced(tmp_path: Path) -> None:
    path = tmp_path / "all.mbox"

    def mail(number: int) -> str:
        return (
            f"From ana@example.com Mon Aug 10 12:00:00 2026\nFrom: Ana <ana@example.com>\n"
            f"To: Ben <ben@example.com>\nSubject: Letter {number}\nMessage-ID: <{number}@x>\n"
            f"Date: Mon, 10 Aug 2026 12:00:00 +0000\n\nThis is letter {number} of all.\n\n"
        )

    path.write_text("".join(map(mail, range(9))))
    taken = Taken(path)
    assert len(taken.texts) == 9
    with path.open("a") as file:
        file.write(mail(9))
    more = Taken(path, taken.state)
    assert more.texts[-1:] == ["This is letter 9 of all."] and not more.begins_anew
    path.write_text("".join(map(mail, range(20, 25))))
    other = Taken(path, more.state)
    assert len(other.texts) == 5 and other.begins_anew
