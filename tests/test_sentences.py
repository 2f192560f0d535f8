"""Sentences keep their exact place, whatever the layout of the passage."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.records import Chunk, Kind, Span
from cairn.core.sentences import join, quotes


def chunk(text: str, kind: Kind = "note", heading: tuple[str, ...] = ()) -> Chunk:
    starts = [0] + [at + 1 for at, char in enumerate(text) if char == "\n"]
    places = tuple((start, number) for number, start in enumerate(starts, start=10))
    last = 10 + text.count("\n")
    return Chunk(
        id="c", doc_id="d", uri="file:/a", ordinal=0, kind=kind, title="T", heading=heading,
        context="", text=text, span=Span(100, 100 + len(text), "L", 10, last), places=places,
        when="", who="", origin="document", hash="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Dr. Okafor ran 3.5 km. Then she left.", ["Dr. Okafor ran 3.5 km.", "Then she left."]),
        ("Der Umzug ist am 28. August. Um 8 Uhr.", ["Der Umzug ist am 28. August.", "Um 8 Uhr."]),
        ("Sie wohnt in Nr. 128. August kam.", ["Sie wohnt in Nr. 128.", "August kam."]),
        ("We have 12. Janet has 3.", ["We have 12.", "Janet has 3."]),
        ("A line that is\nwrapped in two.", ["A line that is wrapped in two."]),
        ("- first item\n- second item", ["first item", "second item"]),
        ("1. do this\n2. do that", ["do this", "do that"]),
        ("1. Do this.\n2. Do that.", ["Do this.", "Do that."]),
        ("Steps\n\n  1. Do this\n 12. Do that", ["Steps", "Do this", "Do that"]),
        ("How many? 12. That is all.", ["How many?", "12.", "That is all."]),
        ("# Head\nBody text.", ["Head", "Body text."]),
        ("Anna: Yes.\nDavid: No.", ["Anna: Yes.", "David: No."]),
        ("[12.03.24, 10:11:12] Anna: It is gone\n[12.03.24, 10:12:40] Kim: Good. Did he pay?",
         ["Anna: It is gone", "Kim: Good.", "Did he pay?"]),
        ("3/14/24, 9:05 PM - Anna: It is gone\n3/14/24, 9:06 PM - Kim: Good",
         ["Anna: It is gone", "Kim: Good"]),
        ("- Dr. Weber, Lindenstr. 4, Köln", ["Dr. Weber, Lindenstr. 4, Köln"]),
        ("We met in the Lindenstr. Then it rained.",
         ["We met in the Lindenstr.", "Then it rained."]),
        ("Title\n\nA paragraph.", ["Title", "A paragraph."]),
        ("彼は来た。彼女は帰った。", ["彼は来た。", "彼女は帰った。"]),
        ("「行く。」と言った。来る？", ["「行く。」", "と言った。", "来る？"]),
        ("정원입니다. 예산은 많다.", ["정원입니다.", "예산은 많다."]),
        ("वह आया। वह गया।", ["वह आया।", "वह गया।"]),
        ("- [x] done\n- [ ] open", ["[x] done", "[ ] open"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_into_its_sentences(text: str, expected: list[str]) -> None:
    assert [quote.text for quote in quotes(chunk(text))] == expected


def test_a_title_in_a_page_is_told_from_what_follows_it() -> None:
    text = "Warranty card\nWashing machine, bought on the twelfth of January in Freising\nThe end"
    assert quotes(chunk(text))[0].text == "Warranty card"


def test_lines_of_code_and_tables_stay_lines() -> None:
    found = quotes(chunk("def f():\n    return 1. + 2\n\nX = 3", kind="code"))
    assert [quote.text for quote in found] == ["def f():", "return 1. + 2", "X = 3"]


def test_headings_are_known_as_such() -> None:
    found = quotes(
        chunk("## Head\nPlum cake\nThe text of it is a whole sentence.", heading=("Plum cake",))
    )
    assert [quote.is_heading for quote in found] == [True, True, False]


def test_a_note_that_is_titled_by_its_only_sentence_is_no_heading() -> None:
    (only,) = quotes(chunk("The key is with Mrs Novak", heading=("The key is with Mrs Novak",)))
    assert not only.is_heading


def test_a_quote_knows_its_lines() -> None:
    found = quotes(chunk("# Head\n\nFirst one\ngoes on. Second.\n\nThird."))
    assert [quote.span.locator for quote in found] == ["L10", "L12-L13", "L13", "L15"]
    assert join(found[1], found[2]).span.locator == "L12-L13"


@given(st.text(alphabet="ab .!?\n#-1A", max_size=80))
def test_no_visible_character_is_lost_and_no_span_lies(text: str) -> None:
    subject = chunk(text)
    found = quotes(subject)
    ends = [(quote.start, quote.end) for quote in found]
    assert ends == sorted(ends)
    assert all(a_end <= b_start for (_, a_end), (b_start, _) in pairwise(ends))
    marks = set("#-1. \n")
    lost = set(range(len(text))) - {i for start, end in ends for i in range(start, end)}
    assert all(text[at] in marks or text[at].isspace() for at in lost)
