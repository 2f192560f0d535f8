"""Sources count as independent when place, day and words differ."""

from __future__ import annotations

import json
import random
from itertools import combinations

import pytest

from cairn.core.records import Source
from cairn.core.tree.life.constants import MOST_WITNESSES
from cairn.core.tree.life.witness import Witness, from_json, independent, to_json, witnesses
from tests.tree.life.rows import said


def count(*sources: Source) -> int:
    return independent(witnesses(sources))


def test_two_places_on_two_days_are_two() -> None:
    assert count(said("chat:a/1", "2026-01-01"), said("file:~/b.md", "2026-01-02")) == 2


def test_one_place_or_one_day_is_one() -> None:
    assert count(said("chat:a/1", "2026-01-01"), said("chat:a/1", "2026-05-02")) == 1
    assert count(said("chat:a/1", "2026-01-01T08:00"), said("chat:b/1", "2026-01-01T23:00")) == 1
    assert count(said("chat:a/1", ""), said("chat:b/1", "never")) == 1
    assert count() == 0


def test_a_file_and_what_is_attached_in_it_are_one_place() -> None:
    outer = Source("file:~/trip.eml#n1", "a", when="2026-01-01")
    inner = Source("file:~/trip.eml!/plan.docx#n4", "b", when="2026-01-02")
    assert count(outer, inner) == 1


def test_mails_of_one_mailbox_are_places_of_their_own() -> None:
    mails = [Source(f"file:~/all.mbox#m{n}", f"words {n}", when=f"2026-01-0{n}") for n in (1, 2, 3)]
    assert count(*mails) == 3


def test_a_copied_file_says_nothing_new_but_people_do_repeat_themselves() -> None:
    words = "The budget is 400 euros."
    copies = [said(f"file:~/{name}.md", f"2026-01-0{n}", words) for n, name in enumerate("abc", 1)]
    assert count(*copies) == 1
    assert count(*copies, said("file:~/own.md", "2026-02-01", "We have 400 for it.")) == 2
    assert count(*[said(f"chat:{n}/1", f"2026-01-0{n}", words) for n in (1, 2, 3)]) == 3


def test_as_many_are_picked_as_can_be() -> None:
    """Against trying all selections."""
    chance = random.Random(5)
    for _ in range(60):
        found = tuple({
            Witness(f"2026-01-0{chance.randint(1, 4)}", f"{chance.randint(1, 4):012x}")
            for _ in range(chance.randint(0, 7))
        })  # fmt: skip
        best = max(
            size
            for size in range(5)
            for picked in combinations(found, size)
            if len({w.day for w in picked}) == len({w.place for w in picked}) == size
        )
        assert independent(found) == best


def test_of_very_many_those_are_kept_that_count() -> None:
    noise = [said("chat:a/1", f"20{y:02}-{m:02}-01") for y in range(90) for m in range(1, 13)]
    others = [said(f"file:~/{n}.md", f"1999-{n:02}-01") for n in range(1, 7)]
    found = witnesses([*noise, *others])
    assert len(found) == MOST_WITNESSES
    assert independent(found) == 7


def test_what_is_stored_names_no_source() -> None:
    found = witnesses([said("chat:a/1", "2026-01-01"), said("file:~/secret.md", "2026-01-02")])
    assert from_json(to_json(found)) == found
    assert "secret" not in to_json(found)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 2000,
        "null",
        "7",
        '{"a": 1}',
        '[["2026-01-01"]]',
        '[["2026-01-01", 5]]',
        '[["2026-99-01", "aaaaaaaaaaaa"]]',
        '[["2026-01-01", "../etc"]]',
        "[[[], {}]]",
        "\x00",
        json.dumps([["2026-01-01", f"{n:012x}"] for n in range(500)]),
    ],
)
def test_a_strangers_table_gives_nothing(text: str) -> None:
    assert from_json(text) == ()
