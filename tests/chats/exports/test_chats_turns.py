"""`turns.jsonl`, read turn by turn. Last verified: 2026-11-21 against docs/turns.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.exports.turns import fits
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Item, State
from tests.chats.reading import about, items, passed, said, turns, turns_of


def line(**fields: Any) -> str:
    return json.dumps(fields)


LINES = [
    line(conversation="c1", title="Garden", time="2026-03-02T10:00:00Z", author="Anna",
         origin="user", text="What about\nbeds?", id="m1", project="~/garden"),
    '{"torn": ',
    line(conversation="c1", time=1772445720, author="Claude", origin="assistant", text="Yes.",
         id=2, reply_to="m1", attachments=["plan.pdf", {"name": "bed.png"}, 5], side=True),
    "",
    line(conversation="c2", title="Boiler", author="assistant", text="Serviced."),
    line(text="only text"),
    line(text="only text"),
    line(author="Bob", text=17),
    line(conversation="c1", title="Garden plans", text="Later", origin="other"),
]  # fmt: skip


def write(path: Path, *lines: str, end: str = "\n") -> Path:
    path.write_text("\n".join(lines) + end)
    return path


def test_lines_are_turns(tmp_path: Path) -> None:
    path = write(tmp_path / "family.turns.jsonl", *LINES)
    assert fits(Transcript(path))
    found = items("turns", path)
    assert [(turn.conversation, turn.origin, turn.text, turn.line) for turn in turns_of(found)] == [
        ("c1", "user", "What about\nbeds?", 1),
        ("c1", "assistant", "Yes.", 3),
        ("c2", "assistant", "Serviced.", 5),
        ("family", "other", "only text", 6),
        ("family", "other", "only text", 7),
        ("c1", "other", "Later", 9),
    ]
    first, second, _, once, again, _ = turns_of(found)
    assert (first.who, first.when, first.key) == (
        "Anna", times.from_iso("2026-03-02T10:00:00Z"), "m1",
    )  # fmt: skip
    assert (second.key, second.reply_to, second.is_side) == ("2", "m1", True)
    assert second.attachments == ("plan.pdf", "bed.png")
    assert second.when == times.from_epoch(1772445720)
    assert once.key != again.key
    assert (about(found)["c1"].title, about(found)["c1"].project) == ("Garden plans", "~/garden")
    assert passed(found) == {"line without text": 2}


def test_it_is_known_by_its_name_or_its_fields(tmp_path: Path) -> None:
    assert fits(Transcript(write(tmp_path / "turns.jsonl", "anything")))
    assert fits(
        Transcript(write(tmp_path / "x.jsonl", line(conversation=1, author="", origin="", text="")))
    )
    assert not fits(Transcript(write(tmp_path / "data.jsonl", line(text="x", author="y"))))
    assert not fits(Transcript(write(tmp_path / "turns.json", "[1]")))


def test_a_file_without_names_is_called_like_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    (turn,) = turns("turns", write(folder / "turns.jsonl", line(text="Hi")))
    assert turn.conversation == "holiday"


def halves(path: Path, cut: int) -> list[Item]:
    """The file as it is read when it has grown from `cut` lines to all."""
    state: State = {}
    whole = path.read_text().splitlines(keepends=True)
    path.write_text("".join(whole[:cut]))
    found = items("turns", path, state)
    path.write_text("".join(whole))
    return found + items("turns", path, json.loads(json.dumps(state)))


def test_reading_on_gives_what_reading_at_once_gives(tmp_path: Path) -> None:
    path = write(tmp_path / "turns.jsonl", *LINES)
    whole = items("turns", path)
    for cut in range(len(LINES) + 1):
        assert turns_of(halves(path, cut)) == turns_of(whole)
        assert passed(halves(path, cut)) == passed(whole)
    assert turns_of(items("turns", path)) == turns_of(whole)


def test_a_last_line_without_a_newline_is_neither_lost_nor_doubled(tmp_path: Path) -> None:
    path = write(tmp_path / "turns.jsonl", *LINES, line(text="last"), end="")
    state: State = {}
    first = turns("turns", path, state)
    assert first[-1].text == "last"
    write(path, *LINES, line(text="last"), line(text="more"))
    again = turns("turns", path, state)
    assert [turn.text for turn in again] == ["more"]
    path.write_text('{"text": "whole"}\n{"text": "to')
    assert said(items("turns", path)) == [("other", "whole")]


def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "turns.jsonl", *LINES)
    state: State = {}
    before = turns("turns", path, state)
    write(path, *LINES[4:])
    assert {turn.key for turn in turns("turns", path, state)} < {turn.key for turn in before}


def test_foreign_lines_are_counted(tmp_path: Path) -> None:
    odd = ["[1]", '"text"', "[" * 5000, "\0\0\0", line(text="ok", time=10**400, id=True, title=[1])]
    found = items("turns", write(tmp_path / "turns.jsonl", *odd))
    assert said(found) == [("other", "ok")]
    assert passed(found) == {"line without text": 4}
