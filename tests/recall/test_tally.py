"""How often words stand in passages and turns: counted at once, as if counted one by one."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate

import pytest

from cairn.core.recall.tally import Tally, packed, stems_in, words_in
from cairn.core.recall.units import all_units
from cairn.core.recall.words import stems
from cairn.core.records import Chunk, Span, digest

TURNS = (
    "Anna: The boiler, the boiler! Who paid for the boilers?",
    "Ben: I did. Anna, it's the garden's turn now.",
    "   ",
    "Anna: 東京に行きました。 Café and naïve plans",
    "nobody in particular",
)


def chat(id: str = "c_1", turns: tuple[str, ...] = TURNS, title: str = "Boiler plans") -> Chunk:
    text = "\n".join(turns)
    starts = accumulate((len(turn) + 1 for turn in turns[:-1]), initial=0)
    return Chunk(
        id, "d", "chat:x/1", 0, "chat", title, (), "", text,
        Span(0, len(text), "t", 1, len(turns)), tuple(zip(starts, range(1, 9), strict=False)),
        "2026-03-02", "Anna, Ben", "other", "",
    )  # fmt: skip


def note(id: str = "c_2", text: str = "A plan of the garden.", name: str = "boiler.md") -> Chunk:
    span = Span(0, len(text), "L", 1, 1)
    return Chunk(
        id, "d", "file:/n", 0, "note", "", (), "", text, span, ((0, 1),), "", "", "user", "", name
    )


QUESTIONS = (
    "Who paid for the boiler plan?", "Anna's garden", "東京 café", "nothing of this kind", "",
)  # fmt: skip
PASSAGES = (chat(), note(), chat("c_3", TURNS[:1], ""), note("c_4", "", ""))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("is_kept", [True, False])
def test_all_is_counted_as_one_by_one(question: str, is_kept: bool) -> None:
    asked = sorted(stems(question))
    kept = {passage.id: packed(passage) for passage in PASSAGES} if is_kept else {}
    tally = Tally(asked, all_units(PASSAGES), kept)
    units = all_units(PASSAGES)
    times, lengths = tally.counts(units)
    for at, unit in enumerate(units):
        head, text = words_in(unit)
        whole = Counter((*head, *text))
        assert {stem: times[stem][at] for stem in asked} == {stem: whole[stem] for stem in asked}
        assert lengths[at] == len(head) + len(text)
        assert tally.said(unit) == set(asked) & set(text)
    for passage in PASSAGES:
        assert tally.held(passage) == set(asked) & stems_in(passage)


def test_some_units_are_counted_without_the_others() -> None:
    units = all_units(PASSAGES)[::-2]
    times, lengths = Tally(["boiler"], all_units(PASSAGES), {}).counts(units)
    alone = [Tally.of(["boiler"], [unit]).counts([unit]) for unit in units]
    assert times["boiler"].tolist() == [each["boiler"][0] for each, _ in alone]
    assert lengths.tolist() == [length[0] for _, length in alone]


def test_a_passage_that_was_not_found_is_read() -> None:
    assert Tally(["garden"], all_units(PASSAGES[:1]), {}).held(note("c_9")) >= {"garden"}


def test_what_is_kept_of_a_passage_that_is_cut_otherwise_now_is_not_used() -> None:
    whole = packed(chat("c_3", TURNS[:1]))
    tally = Tally(["boiler"], all_units([chat()]), {"c_1": whole})
    assert tally.counts(all_units([chat()]))[0]["boiler"].tolist() == [4, 1, 1, 1]


def test_nothing_can_be_counted_too() -> None:
    tally = Tally(["boiler"], all_units([]), {})
    times, lengths = tally.counts([])
    assert len(times["boiler"]) == len(lengths) == 0


def test_what_is_kept_stays_the_same_until_the_shelf_s_layout_is_another() -> None:
    """If this fails, words are cut or stemmed in another way: raise `_LAYOUT` of the shelf."""
    assert [digest(packed(each).hex(), size=8) for each in PASSAGES[:2]] == [
        "85952fe58a077599",
        "62132f1ea62699cf",
    ]
