"""Nothing that leaves a transcript has a secret in it: ids, labels, ends of long outputs."""

from __future__ import annotations

import base64
import json
import random
from collections import Counter
from pathlib import Path

import pytest

from cairn.core.chats.batches import Batches
from cairn.core.chats.cleaning import Cleaning
from cairn.core.chats.formats import format_of
from cairn.core.chats.turn import About
from cairn.core.engine import Engine
from tests.chats.taken import TOKEN, Taken, packed, talk, turn


def test_ids_roles_and_labels_with_secrets_do_not_leave(tmp_path: Path) -> None:
    path = tmp_path / f"{TOKEN}0.turns.jsonl"
    path.write_text(
        turn(f"{TOKEN}1", "One of them.", id=f"{TOKEN}2", reply_to=f"{TOKEN}3", origin=f"{TOKEN}4")
        + turn("c", "Two of them.", title=f"About {TOKEN}5", project=f"/p/{TOKEN}6")
        + turn(f"{TOKEN}1", "Three of them.", author=f"{TOKEN}7", attachments=[f"{TOKEN}8.png"])
        + json.dumps({"text": "In a conversation that is called like the file."}) + "\n"
        + turn("c", "A long output. " * 300, origin="tool", author="")
    )  # fmt: skip
    made = Batches(path, "turns", {}, [])
    batch = made.next()
    assert TOKEN not in json.dumps(batch)
    ids = [item["conversation"] for item in batch["items"] if item["is"] == "Turn"]
    assert len(ids) == 5 and ids[0] == ids[2] != ids[1] == ids[4] == "c"
    assert ids[3] not in (ids[0], ids[1]) and batch["is_last"]


def test_a_parent_is_called_as_the_conversation_itself_is() -> None:

    format, count = format_of("codex"), Counter[str]()
    child = Cleaning([]).item(About("child", parent=TOKEN), format, "x", count)
    parent = Cleaning([]).item(About(TOKEN), format, "x", count)
    assert isinstance(child, About) and child.parent == parent.conversation != TOKEN


def test_what_a_reader_remembers_under_a_secret_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "a.turns.jsonl"
    first = turn(TOKEN, "One of them.", id="1", title="T") + turn("c", "Two.", id="2", title="U")
    path.write_text(first)
    taken = Taken(path)
    assert TOKEN not in json.dumps(taken.state) and "c" in taken.state[""]["about"]
    path.write_text(first + turn(TOKEN, "Three of them.", id="3", title="T"))
    more = Taken(path, taken.state)
    assert [item["is"] for item in more.items] == ["About", "Turn"]
    assert more.items[1]["conversation"] == taken.items[1]["conversation"]


def test_a_remembered_session_stays_the_same_one(tmp_path: Path) -> None:
    path = tmp_path / "rollout.jsonl"
    meta = {"type": "session_meta", "payload": {"id": TOKEN, "cwd": "/home/ana/app"},
            "timestamp": "2026-08-10T12:00:00Z"}  # fmt: skip

    def said(text: str) -> str:
        content = [{"type": "input_text", "text": text}]
        payload = {"type": "message", "role": "user", "content": content}
        record = {"type": "response_item", "payload": payload, "timestamp": "2026-08-10T12:00:01Z"}
        return json.dumps(record) + "\n"

    path.write_text(json.dumps(meta) + "\n" + said("Look at the parser."))
    taken = Taken(path)
    with path.open("a") as file:
        file.write(said("And at the lexer."))
    more = Taken(path, taken.state)
    assert more.texts == ["And at the lexer."]
    assert {item["conversation"] for item in taken.items + more.items} == {
        taken.items[0]["conversation"]
    }
    assert TOKEN not in json.dumps(taken.state)


def test_names_of_units_with_secrets_do_not_leave(tmp_path: Path) -> None:
    path = packed(tmp_path / "e.zip", {f"{TOKEN}.turns.jsonl": talk("a", 3), f"x.{TOKEN}": "?"})
    taken = Taken(path)
    assert len(taken.texts) == 3 and TOKEN not in json.dumps(taken.raw)
    assert not Taken(path, taken.state).texts


def test_a_turn_in_the_home_has_no_secret_id(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.turns.jsonl"
    path.write_text(turn(TOKEN, "One of them."))
    engine.conversations.take_in(path)
    engine.work()
    (chat,) = engine.conversations.latest()
    assert TOKEN.lower() not in chat.uri.lower()


# -- long outputs


def private_key(lines: int = 100) -> list[str]:
    chance = random.Random(4)
    body = [base64.b64encode(chance.randbytes(48)).decode() for _ in range(lines)]
    return ["-----BEGIN PRIVATE KEY-----", *body, "-----END PRIVATE KEY-----"]


def leaked(text: str, key: list[str]) -> int:
    return sum(line in text for line in key[1:-1])


def tool_text(tmp_path: Path, text: str, origin: str = "tool") -> str:
    path = tmp_path / "o.turns.jsonl"
    path.write_text(turn("c", text, origin=origin))
    (kept,) = Taken(path).texts
    return kept


@pytest.mark.parametrize("origin", ["tool", "context", "user"])
@pytest.mark.parametrize("before", [0, 20, 200, 12_000])
@pytest.mark.parametrize("after", [0, 3, 700, 12_000])
def test_no_end_of_a_long_output_has_a_part_of_a_key(
    tmp_path: Path, origin: str, before: int, after: int
) -> None:
    key = private_key()
    text = "\n".join(["Some output of it."] * before + key + ["foo bar"] * after)
    kept = tool_text(tmp_path, text, origin)
    assert leaked(kept, key) == 0
    if before + after > 20_000:
        assert "characters left out" in kept


def test_keys_that_shrink_the_ends_leak_nothing(tmp_path: Path) -> None:
    keys = [private_key(lines) for lines in (80, 120, 400)]
    kept = tool_text(tmp_path, "\n".join("\n".join(key) for key in keys) + "\n" + "end " * 9000)
    assert sum(leaked(kept, key) for key in keys) == 0 and kept.endswith("end end")


def test_of_an_output_too_long_to_look_through_no_key_is_left_at_the_cuts(tmp_path: Path) -> None:
    key = private_key(65_000)  # longer than what is looked at
    for text in (
        "\n".join(["Begin."] + ["some output"] * 400_000 + key + ["The end of it."]),
        "\n".join(["Begin."] + key[:-1] + ["x"] * 3_000 + ["The end of it."]),
        "\n".join([*key, *key, *key, "The end of it."]),
    ):
        assert len(text) > 4_000_000
        kept = tool_text(tmp_path, text)
        assert leaked(kept, key) == 0 and kept.endswith("The end of it.")


def test_a_command_with_a_long_key_is_kept_without_it(tmp_path: Path) -> None:
    key = private_key(60)
    path = tmp_path / "o.turns.jsonl"
    command = "cat > id <<E\n" + "\n".join(key) + f"\nE\nexport T={TOKEN}; make"
    path.write_text(turn("c", "Done.", origin="tool", command=command))
    (item,) = Taken(path).items
    assert leaked(item["command"], key) == 0 and TOKEN[:12] not in item["command"]
    assert item["command"].endswith("make")
