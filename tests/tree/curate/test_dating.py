"""Phrases of time in a clause → days by name."""

import pytest

from cairn.core.tree.curate.rules.dating import dated

SAID = "2023-05-08T13:56:00"


@pytest.mark.parametrize(
    ("text", "told", "at"),
    [
        ("I ran last Saturday", "I ran on 6 May 2023", "2023-05-06"),
        ("my plans for next month", "my plans for June 2023", "2023-06"),
        ("yesterday was great", "7 May 2023 was great", "2023-05-07"),
        ("I moved in 2019", "I moved in 2019", "2019"),
        ("I got it two weeks ago", "I got it in the week of 24 April 2023", "2023-04-24"),
    ],
)
def test_days_are_named(text: str, told: str, at: str) -> None:
    found = dated(text, SAID)
    assert (found.text, found.at) == (told, at)


@pytest.mark.parametrize(
    "text", ["I swim every Friday", "I read it now", "the last month of school", "nothing of time"]
)
def test_what_repeats_or_has_no_day_stays(text: str) -> None:
    assert dated(text, SAID).text == text


def test_lately_says_less_than_the_day_it_was_said_on() -> None:
    assert dated("Recently, I moved", SAID).text == "I moved"
    assert dated("I moved recently.", SAID).text == "I moved."


def test_a_vague_past_is_a_span_without_a_day_of_its_own() -> None:
    found = dated("I was ill a few years ago", SAID)
    assert "around 20" in found.text
    assert found.at == ""


def test_since_a_day_it_holds() -> None:
    found = dated("I have lived here since March 2021", SAID)
    assert found.since
    assert found.at == "2021-03-01"


@pytest.mark.parametrize("said", ["", "yesterday", "2023-99-99"])
def test_an_unknown_day_counts_nothing(said: str) -> None:
    assert dated("I ran last Saturday", said).text == "I ran last Saturday"
