"""Large JSON in pieces, last lines without a newline, and ids for messages that have none."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.exports.stream import done, is_unchanged, items
from cairn.core.chats.keys import key_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import State
from cairn.core.errors import ExtractError


class Dripping(io.StringIO):
    """A text of which each reading gives only a little."""

    def read(self, size: int | None = -1, /) -> str:
        return super().read(min(7, size) if size and size > 0 else 7)


@pytest.mark.parametrize("open_text", [io.StringIO, Dripping])
@pytest.mark.parametrize(
    "value",
    [
        [],
        [1, 23456789, -1.5e3, "a", 'é😀\\"', None, True, [], {}, [[1], {"b": [2]}]],
        [{"long": "x" * 3000, "more": ["y" * 40] * 9}] * 4,
    ],
)
def test_the_items_of_a_list_are_those_that_json_gives(value: list[Any], open_text: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=3, ensure_ascii=False) + "\n\n"):
        assert list(items(open_text(text))) == [("", item) for item in value]


def test_an_object_gives_its_fields_and_the_items_of_its_first_list() -> None:
    text = '{"a": 1, "messages": [2, [3]], "b": {"c": []}, "turns": [4]}'
    assert list(items(Dripping(text), ("messages", "turns"))) == [
        ("a", 1), ("", 2), ("", [3]), ("b", {"c": []}), ("turns", [4]),
    ]  # fmt: skip
    assert list(items(io.StringIO(" {} "))) == []


def test_lone_surrogates_and_odd_numbers_stop_nothing() -> None:
    text = r'["\udc00", NaN, 1e999, 123456789012345678901234567890, "tab	in it", "after"]'
    assert list(items(io.StringIO(text)))[-1] == ("", "after")


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2", '["whole", "torn', "[1 2]", "[1, }", '{"a" 1}', "{1: 2}", "", "word",
        "[" * 100_000, '{"a":' * 100_000, "[" + "9" * 5000 + "]",
    ],
)  # fmt: skip
def test_what_stands_before_damage_is_given(text: str) -> None:
    found = []
    with pytest.raises(ExtractError) as caught:
        for item in items(io.StringIO(text)):
            found.append(item)
    assert caught.value.code == "broken"
    assert found in ([], [("", 1)], [("", 1), ("", 2)], [("", "whole")])
    assert bool(found) == text.startswith(("[1", '["'))


def test_the_last_line_counts_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for tail, expected in (
        ('{"b": 2}', [{"b": 2}]), ("[2]", [[2]]), ('{"b": ', []), ("", []), ("17", []),
    ):  # fmt: skip
        path.write_text('{"a": 1}\n' + tail)
        state = State()
        found = list(Transcript(path).lines(state))
        assert [line.json() for line in found] == [{"a": 1}, *expected]
        path.write_text('{"a": 1}\n' + tail + '\n{"c": 3}\n')
        (*_, last) = Transcript(path).lines(state)
        assert last.json() == {"c": 3} and last.number == 3


def test_a_conversation_is_read_again_only_when_it_changed() -> None:
    state: State = {}
    assert not is_unchanged(state, "c", 5.5)
    checkpoint = done(state, "c", 5.5)
    kept = json.loads(json.dumps(checkpoint.state))
    assert is_unchanged(kept, "c", 5.5)
    assert not is_unchanged(kept, "c", 6.5)
    done(state, "without time", None)
    assert not is_unchanged(state, "without time", None)
    assert checkpoint.state == kept  # a later one leaves it as it was
    for number in range(20_000):
        is_unchanged(state, str(number), 1)
    assert len(done(state, "d", 1).state["seen"]) == 2


def test_equal_messages_of_a_second_get_numbers() -> None:
    state: State = {}
    keys = [key_of(state, when, "Ana", "ok") for when in ("1", "1", "2", "1")]
    assert keys[1] == f"{keys[0]}-2"
    assert len({*keys}) == 3
    assert keys[3] == keys[0]  # by then the second is over, and the source is not in order
    for number in range(5000):
        key_of(state, "", str(number))
    assert len(state["same"]) <= 1024
