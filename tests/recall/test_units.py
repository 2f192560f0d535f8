"""Units in columns are what their passages are cut into, and a chunk is made of one on demand."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from cairn.core.recall.entries.standing import Known
from cairn.core.recall.tally import Tally
from cairn.core.recall.units import Units, all_units, is_cut, passage_id, turn_id, units_of
from cairn.core.records import Chunk, Span

_NAMES = ("Ann", "Bo: the second", "", "A" * 61, "Ünal")
_WORDS = ("boiler", "plan: none", "ok?", "  ", "\n", "garden ", ": ", "ж")


def passage(id: str, text: str, places: tuple[tuple[int, int], ...], who: str = "") -> Chunk:
    last = places[-1][1]
    return Chunk(
        id=id, doc_id=f"d_{id[-1]}", uri=f"chat:x/{id}", ordinal=0, kind="chat", title="Talk",
        heading=("Room",), context="then", text=text,
        span=Span(40, 40 + len(text), "t", places[0][1], last), places=places, when="2026-03-08",
        who=who, origin="other", hash="h", name="a name", before="said before",
    )  # fmt: skip


def some_passage(chance: random.Random, id: str) -> Chunk:
    text, places = "", []
    for number in range(chance.randrange(1, 6)):
        places.append((len(text), number + 7))
        name = chance.choice(_NAMES)
        text += f"{name}: " if chance.random() < 0.7 else name
        text += " ".join(chance.choices(_WORDS, k=chance.randrange(4))) + chance.choice("\n  ")
    who = chance.choice(("", "Ann", "Ann, Ünal", "Ann, Bo and 3 more", "Ann, "))
    return passage(id, text or "x", tuple(places), who)


def cut(whole: Chunk) -> list[Chunk]:
    """One turn after the other, each by the book."""
    if len(whole.places) < 2:
        return [whole]
    found = []
    ends = [*(start for start, _ in whole.places[1:]), len(whole.text)]
    for (start, number), end in zip(whole.places, ends, strict=True):
        text = whole.text[start:end].rstrip()
        if not text:
            continue
        name, colon, _ = text.partition(": ")
        known = whole.who.endswith(" more") or name in whole.who.split(", ")
        begin = whole.span.start + start
        who = name if colon and known and len(name) <= 60 else whole.who
        span = Span(begin, begin + len(text), whole.span.unit, number, number)
        id = turn_id(whole.id, number)
        turn = replace(whole, id=id, text=text, span=span, places=((0, number),), who=who)
        found.append(replace(turn, hash="", before=""))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_units_are_the_turns_of_their_passages(seed: int) -> None:
    chance = random.Random(seed)
    passages = [some_passage(chance, f"c_{n}") for n in range(4)]
    units = all_units(passages)
    expected = [unit for each in passages for unit in cut(each)]
    assert list(units) == expected
    assert [unit for each in passages for unit in units_of(each)] == expected
    assert units.ids == [unit.id for unit in expected]
    assert units.texts == [unit.text for unit in expected]
    assert units.whos == [unit.who for unit in expected]
    assert units.numbers == [(unit.span.first, unit.span.last) for unit in expected]
    assert [whole.id for whole in units.wholes] == [passage_id(unit.id) for unit in expected]
    assert all(units.ids[at] == id for id, at in units.places.items())


def test_some_of_them_are_taken_in_another_order() -> None:
    chance = random.Random(3)
    units = all_units(some_passage(chance, f"c_{n}") for n in range(6))
    order = chance.sample(range(len(units)), len(units) // 2)
    assert list(units.taken(order)) == [units[at] for at in order]
    assert list(units[::-2]) == list(units)[::-2]
    assert units[0] is units[0]
    assert {unit.doc_id for unit in units.of_documents({"d_2"})} <= {"d_2"}
    assert len(units.of_documents(set())) == 0


def test_chunks_are_units_as_they_are() -> None:
    whole = passage("c_1", "Ann: a\nBo: b", ((0, 1), (7, 2)), "Ann, Bo")
    turns = units_of(whole)
    assert list(Units.of(turns)) == list(turns)
    assert list(Units.of([whole])) == [whole]
    units = all_units([whole])
    assert Units.of(units) is units
    assert [is_cut(id) for id in units.ids] == [True, True]


def test_known_units_are_found_by_id_beside_what_is_put_there() -> None:
    units = all_units([passage("c_1", "Ann: a\nBo: b", ((0, 1), (7, 2)), "Ann, Bo")])
    known, other = Known(units), passage("c_2", "x", ((0, 1),))
    assert "c_2" not in known
    known.put(other)
    assert known["c_1.2"].text == "Bo: b"
    assert known["c_2"] is other
    assert list(known) == ["c_1.1", "c_1.2", "c_2"]
    assert len(known) == 3


def test_what_texts_account_for_is_told_side_by_side() -> None:
    units = all_units([passage("c_1", "Ann: boiler plan\nBo: plan", ((0, 1), (17, 2)), "Ann, Bo")])
    tally = Tally(["boiler", "plan", "garden"], units, {})
    weights = {"plan": 1.0, "boiler": 2.0, "garden": 1.0}
    assert tally.covered(units, weights).tolist() == [0.75, 0.25]
    assert tally.covered(units[1:], weights).tolist() == [0.25]
    assert tally.covered(units, {}).tolist() == [0.0, 0.0]
