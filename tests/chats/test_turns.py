"""The generic conversation format: a block per turn, numbered by its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read


def line(**fields: object) -> str:
    return json.dumps(fields)


TURNS = "\n".join(
    [
        line(
            conversation="c1", title="Garden plans", time="2026-03-02T10:00:00Z",
            author="Anna", origin="user", text="What about\nbeds?",
        ),
        '{"torn": ',
        line(conversation="c1", time=1772445720, author="Claude", origin="assistant", text="Yes."),
        "",
        line(conversation="c2", title="Boiler", author="assistant", text="Serviced."),
        line(text="only text"),
        line(author="Bob", text=17),
        line(text="  "),
    ]
)  # fmt: skip


def test_turns(tmp_path: Path) -> None:
    document = read(tmp_path, "garden.turns.jsonl", TURNS + "\n")
    assert (document.kind, document.title, document.origin) == ("chat", "Garden plans", "other")
    assert document.text == (
        "Anna: What about\nbeds?\nClaude: Yes.\nassistant: Serviced.\nonly text"
    )
    assert [(place.unit, place.number) for place in document.places] == [
        ("t", 1), ("t", 3), ("t", 5), ("t", 6),
    ]  # fmt: skip
    assert [(block.who, block.origin, block.when, block.heading) for block in document.blocks] == [
        ("Anna", "user", "2026-03-02T10:00:00+00:00", ("Garden plans",)),
        ("Claude", "assistant", "2026-03-02T10:02:00+00:00", ("Garden plans",)),
        ("assistant", "assistant", "", ("Boiler",)),
        ("", "other", "", ()),
    ]
    assert document.note.startswith("3 ")


def test_an_exchange_is_one_chunk(tmp_path: Path) -> None:
    first, second, third = check_chunks(read(tmp_path, "turns.jsonl", TURNS))
    assert (first.who, first.origin, first.span.locator) == ("Anna, Claude", "other", "t1-t3")
    assert first.when == "2026-03-02T10:00:00+00:00"
    assert (second.who, second.origin, second.span.locator) == ("assistant", "assistant", "t5")
    assert third.when == "2026-03-02T10:00:00+00:00"


def test_a_log_padded_by_a_power_cut(tmp_path: Path) -> None:
    data = line(text="kept", author="Anna").encode() + b"\n" + b"\0" * 5000
    document = read(tmp_path, "turns.jsonl", data)
    assert (document.text, document.note) == ("Anna: kept", "")


def test_nothing_but_foreign_lines(tmp_path: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        read(tmp_path, "turns.jsonl", '[1]\n"text"\n' + "[" * 5000)
    assert (caught.value.code, caught.value.skipped) == ("no-text", True)
