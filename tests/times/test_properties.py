"""What holds for every text, however strange."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.times import nodes, phrases
from cairn.core.times.phrases import find, iso, placed, spell

LANGUAGES = ("en", "de", "fr", "es")
WORDS = sorted(
    {
        word.partition("=")[0].replace("_", " ")
        for table in phrases._WORDS.values()
        for entries in table.values()
        for word in entries.split()
    }
)
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from([",", ".", "-", "–", "\n", "(", "'", "12th", "3rd", "2023", "1999", "29", "31",
                     "0", "9999", "12.5.2026", "2026-02-29", "3-9", "10:30", "90s", "Q3", "'23"]),
    st.integers(0, 99_999).map(str),
    st.text(max_size=6),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map(" ".join)
DAYS = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max, date(2024, 2, 29)]))


@given(st.one_of(TEXTS, st.text()), DAYS, st.sampled_from((*LANGUAGES, "", "fi", "en-GB")))
@settings(max_examples=400, deadline=None)
def test_whatever_is_found_is_a_range_of_days_inside_the_text(
    text: str, said: date | None, language: str
) -> None:
    end = 0
    for when in find(text, said, language):
        assert end <= when.start < when.end <= len(text)
        assert when.text == text[when.start : when.end]
        assert when.first <= when.last
        assert spell(when) and placed(when) and iso(when)
        end = when.end


@given(TEXTS, st.dates(date(1900, 1, 1), date(2200, 1, 1)))
@settings(max_examples=200, deadline=None)
def test_without_the_day_it_finds_no_more_than_with_it(text: str, said: date) -> None:
    with_day = {(when.start, when.end) for when in find(text, said)}
    for when in find(text, None):
        assert any(start <= when.start and when.end <= end for start, end in with_day)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_lexicon_makes_a_node_that_the_grammar_knows(language: str) -> None:
    for name in phrases._WORDS[language]:
        assert name in nodes.SIGNS


@pytest.mark.parametrize(
    "piece", ["yesterday ", "Friday ", "may ", "the ", "2 ", "1-", "'", "\n", "from Friday to ",
              "the week before ", "two weeks ", "x", "in the last ", "12.", "end of the "],
)  # fmt: skip
def test_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    """Counted in steps of the grammar, since a clock says more about the machine."""
    short, long = (_steps(piece * count) for count in (200, 400))
    assert long <= 2.2 * short + 50


def _steps(text: str) -> int:
    import sys

    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    former = sys.getprofile()
    sys.setprofile(count)
    try:
        find(text, date(2023, 5, 8))
    finally:
        sys.setprofile(former)
    return steps
