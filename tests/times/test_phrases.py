"""What a phrase means, counted from Monday 8 May 2023 unless a case says otherwise."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cairn.core.times.phrases import When, find, iso, placed, spell

SAID = date(2023, 5, 8)


def only(text: str, said: date | None = SAID, language: str = "en") -> When:
    found = find(text, said, language)
    assert len(found) == 1, [when.text for when in found]
    assert text[found[0].start : found[0].end] == found[0].text
    return found[0]


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("I went yesterday", "yesterday", "2023-05-07"),
        ("we met last Tuesday", "last Tuesday", "2023-05-02"),
        ("we met last Monday", "last Monday", "2023-05-01"),
        ("the party is this Friday", "this Friday", "2023-05-12"),
        ("the party is next Friday", "next Friday", "2023-05-19"),
        ("I saw her this morning", "this morning", "2023-05-08"),
        ("we saw it last night", "last night", "2023-05-07"),
        ("See you tomorrow morning", "tomorrow morning", "2023-05-09"),
        ("it is the day after tomorrow", "the day after tomorrow", "2023-05-10"),
        ("we're off in three days", "in three days", "2023-05-11"),
        ("it broke 3 days ago", "3 days ago", "2023-05-05"),
        ("two days before Christmas", "two days before Christmas", "2023-12-23"),
        ("we meet on the 12th", "on the 12th", "2023-05-12"),
        ("we meet on the 14th", "on the 14th", "2023-05-14"),
        ("it was on June 4th, 2022", "on June 4th, 2022", "2022-06-04"),
        ("the 4th of June 2022", "the 4th of June 2022", "2022-06-04"),
        ("we met on the 12th", "on the 12th", "2023-04-12"),
        ("the Sunday before 25 May 2023", "the Sunday before 25 May 2023", "2023-05-21"),
        ("a week from Friday", "a week from Friday", "2023-05-15/2023-05-21"),
        ("it was on Friday, 12 May", "on Friday, 12 May", "2023-05-12"),
        ("the first Monday in June 2023", "the first Monday in June 2023", "2023-06-05"),
        ("the last Friday of May", "the last Friday of May", "2023-05-26"),
        ("Tuesday next week", "Tuesday next week", "2023-05-16"),
        ("last week on Friday", "last week on Friday", "2023-05-05"),
        ("two Fridays ago", "two Fridays ago", "2023-04-28"),
        ("we meet Friday 12th", "Friday 12th", "2023-05-12"),
        ("see you tonight at 8", "tonight at 8", "2023-05-08T20:00"),
        ("3 pm on Friday", "3 pm on Friday", "2023-05-12T15:00"),
        ("we will go on the 10th of February", "on the 10th of February", "2024-02-10"),
        ("Have a good Monday!", "Monday", "2023-05-08"),
        ("Friday the 13th", "Friday the 13th", "2023-10-13"),
    ],
)
def test_a_phrase_means_a_day(text: str, phrase: str, expected: str) -> None:
    when = only(text)
    assert (when.text, iso(when)) == (phrase, expected)


@pytest.mark.parametrize(
    ("text", "phrase", "first", "last", "grain"),
    [
        ("we moved last week", "last week", "2023-05-01", "2023-05-07", "week"),
        ("two weeks ago", "two weeks ago", "2023-04-24", "2023-04-30", "week"),
        ("a fortnight ago", "a fortnight ago", "2023-04-24", "2023-04-30", "week"),
        ("the week before 9 June", "the week before 9 June", "2023-06-02", "2023-06-08", "week"),
        ("the week of 1 May 2023", "the week of 1 May 2023", "2023-05-01", "2023-05-07", "week"),
        ("last weekend", "last weekend", "2023-05-06", "2023-05-07", "weekend"),
        ("this weekend", "this weekend", "2023-05-13", "2023-05-14", "weekend"),
        ("we swam this weekend", "this weekend", "2023-05-06", "2023-05-07", "weekend"),
        ("two weekends ago", "two weekends ago", "2023-04-29", "2023-04-30", "weekend"),
        ("the weekend before 17 July", "the weekend before 17 July", "2023-07-15", "2023-07-16",
         "weekend"),
        ("two weekends before 17 July 2023", "two weekends before 17 July 2023", "2023-07-08",
         "2023-07-09", "weekend"),
        ("next month", "next month", "2023-06-01", "2023-06-30", "month"),
        ("in May I saw her", "in May", "2023-05-01", "2023-05-31", "month"),
        ("we moved in June", "in June", "2022-06-01", "2022-06-30", "month"),
        ("we will move in June", "in June", "2023-06-01", "2023-06-30", "month"),
        ("last summer", "last summer", "2022-06-01", "2022-08-31", "season"),
        ("next winter", "next winter", "2023-12-01", "2024-02-29", "season"),
        ("the summer of 2022", "the summer of 2022", "2022-06-01", "2022-08-31", "season"),
        ("we met in the summer", "in the summer", "2022-06-01", "2022-08-31", "season"),
        ("in June last year", "in June last year", "2022-06-01", "2022-06-30", "month"),
        ("the week after next", "the week after next", "2023-05-22", "2023-05-28", "week"),
        ("the year before last", "the year before last", "2021-01-01", "2021-12-31", "year"),
        ("a year and a half ago", "a year and a half ago", "2021-11-01", "2021-11-30", "month"),
        ("in the 1800s", "in the 1800s", "1800-01-01", "1899-12-31", "span"),
        ("10 years ago", "10 years ago", "2013-01-01", "2013-12-31", "year"),
        ("in the year 2019", "in the year 2019", "2019-01-01", "2019-12-31", "year"),
        ("last year", "last year", "2022-01-01", "2022-12-31", "year"),
        ("I started in 2019", "in 2019", "2019-01-01", "2019-12-31", "year"),
        ("the 90s", "the 90s", "1990-01-01", "1999-12-31", "span"),
        ("Q3 2025", "Q3 2025", "2025-07-01", "2025-09-30", "span"),
        ("from 3 to 9 June", "from 3 to 9 June", "2023-06-03", "2023-06-09", "span"),
        ("June 3-9", "June 3-9", "2023-06-03", "2023-06-09", "span"),
        ("3–9 June 2024", "3–9 June 2024", "2024-06-03", "2024-06-09", "span"),
        ("from 28 December to 3 January 2024", "from 28 December to 3 January 2024",
         "2023-12-28", "2024-01-03", "span"),
        ("between 2019 and 2021", "between 2019 and 2021", "2019-01-01", "2021-12-31", "span"),
        ("it goes from Tuesday to Friday", "from Tuesday to Friday", "2023-05-09", "2023-05-12",
         "span"),
        ("over the last three weeks", "over the last three weeks", "2023-04-17", "2023-05-08",
         "span"),
    ],
)  # fmt: skip
def test_a_phrase_means_a_range(text: str, phrase: str, first: str, last: str, grain: str) -> None:
    when = only(text)
    assert when.text == phrase
    assert (when.first.isoformat(), when.last.isoformat(), when.grain) == (first, last, grain)
    assert not when.is_vague


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("a few weeks ago", "2023-04-03", "2023-04-24"),
        ("a couple of days ago", "2023-05-05", "2023-05-07"),
        ("I met Bob recently", "2023-04-08", "2023-05-08"),
        ("4-5 months ago", "2022-12-08", "2023-01-08"),
        ("not that long ago", "2023-03-09", "2023-05-08"),
        ("at the end of May", "2023-05-21", "2023-05-31"),
        ("early June", "2023-06-01", "2023-06-10"),
        ("mid-May", "2023-05-11", "2023-05-20"),
        ("the end of last year", "2022-09-01", "2022-12-31"),
        ("the end of the month", "2023-05-21", "2023-05-31"),
        ("about a year ago", "2022-05-01", "2022-05-31"),
    ],
)
def test_a_guess_says_that_it_is_one(text: str, first: str, last: str) -> None:
    when = only(text)
    assert (when.first.isoformat(), when.last.isoformat()) == (first, last)
    assert when.is_vague


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-12", "2026-05-12"),
        ("12.5.2026", "2026-05-12"),
        ("12 May 2026", "2026-05-12"),
        ("the 12th of May, 2026", "2026-05-12"),
        ("May 12th, 2026", "2026-05-12"),
        ("Tuesday, 12 May 2026", "2026-05-12"),
        ("in May 2026", "2026-05"),
        ("Sept. 2026", "2026-09"),
        ("in 2026", "2026"),
        ("2026-05-12T15:30:00Z", "2026-05-12T15:30"),
        ("12 May 2026 at 3:30 pm", "2026-05-12T15:30"),
        ("Easter 2026", "2026-04-05"),
        ("Thanksgiving 2023", "2023-11-23"),
        ("New Year's Eve 2022", "2022-12-31"),
        ("May '26", "2026-05"),
    ],
)
def test_what_is_absolute_needs_no_day_on_which_it_was_said(text: str, expected: str) -> None:
    assert iso(only(text, None)) == expected
    assert iso(only(text)) == expected


@pytest.mark.parametrize("text", ["yesterday", "last week", "Friday", "12 May", "every Friday",
                                  "at 3 pm", "since March", "the end of the month"])  # fmt: skip
def test_what_is_relative_means_nothing_without_that_day(text: str) -> None:
    assert find(text, None) == []


@pytest.mark.parametrize(
    "text",
    [
        "May I ask you something?", "she may have been right", "March on!", "we march on Rome",
        "the sun is out", "wait a second", "Sun and wind", "the second of three", "mon ami",
        "version 1.2.3", "v2024.05.12-rc1", "call 555-1234", "+49 170 1234567", "it costs $2,023",
        "192.168.0.1", "monday.com", "https://example.org/2023/05/12/may.html", "Ruby Tuesday",
        "I met June and April", "ask May about it", "3/4 of a cup", "open 24/7", "a 3-day trip",
        "the Christmas tree", "it took two weeks", "the next day we left", "31 February 2020",
        "2023-13-45", "0000-00-00", "in my 90s", "1. May I come in?", "he did it in three days",
        "mail may_2023@example.org", "what did we do two weeks before the move?", "last minute",
        "2024 people came", "up to the Sun", "in 2000 cases", "30 February",
        "#2023", "x-2023", "",
    ],
)  # fmt: skip
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert [when.text for when in find(text, SAID)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I went Friday", "2023-05-05"),
        ("On Friday I went home", "2023-05-05"),
        ("Friday was great", "2023-05-05"),
        ("what did we decide on Friday?", "2023-05-05"),
        ("see you Friday", "2023-05-12"),
        ("the call is on Friday", "2023-05-12"),
        ("it is scheduled for Friday", "2023-05-12"),
        ("I lost the key, but we'll meet Friday", "2023-05-12"),
        ("we said hello. Friday works", "2023-05-12"),
        ("it started on 20 December", "2022-12-20"),
        ("it will start on 3 January", "2024-01-03"),
        ("Saturday 13 May", "2023-05-13"),
    ],
)
def test_the_tense_of_the_clause_decides_where_a_phrase_could_mean_two(
    text: str, expected: str
) -> None:
    assert iso(only(text)) == expected


@pytest.mark.parametrize(
    ("said", "text", "expected"),
    [
        (date(2023, 5, 12), "last Friday", "2023-05-05"),
        (date(2023, 5, 13), "last Friday", "2023-05-12"),
        (date(2023, 5, 12), "we'll meet Friday", "2023-05-19"),
        (date(2023, 5, 14), "last weekend", "2023-05-06/2023-05-07"),
        (date(2023, 8, 20), "last summer", "2022-06-01/2022-08-31"),
        (date(2023, 10, 1), "last summer", "2023-06-01/2023-08-31"),
        (date(2023, 1, 15), "last winter", "2021-12-01/2022-02-28"),
        (date(2024, 3, 31), "a month ago", "2024-02"),
        (date(2024, 2, 29), "we met last June", "2023-06"),
        (date(2024, 1, 1), "This New Year's Eve we saw fireworks", "2023-12-31"),
        (date(2024, 1, 1), "a cold on New Year's Eve", "2023-12-31"),
        (date(2024, 1, 5), "we swam a lot this summer", "2023-06-01/2023-08-31"),
        (date(2024, 1, 5), "this summer", "2024-06-01/2024-08-31"),
        (datetime(2023, 1, 1, 23, 59), "yesterday", "2022-12-31"),
    ],
)
def test_it_counts_from_the_day_it_was_said(said: date, text: str, expected: str) -> None:
    assert iso(only(text, said)) == expected


def test_bounds_reach_to_the_day_it_was_said() -> None:
    since, until = only("we have lived here since March"), only("it is 400 until July")
    assert (since.first, since.last, since.bound) == (date(2023, 3, 1), SAID, "since")
    assert (until.first, until.last, until.bound) == (SAID, date(2023, 6, 30), "until")
    friday = only("I'll send it by Friday")
    assert (friday.text, friday.first, friday.last) == ("by Friday", *[date(2023, 5, 12)] * 2)
    assert only("until Friday").last == date(2023, 5, 12)
    assert only("since December").first == date(2022, 12, 1)
    assert only("before 9 June").bound == "before"


@pytest.mark.parametrize(
    "text", ["every Friday", "on Fridays", "on weekends", "every two weeks", "every summer",
             "Friday mornings", "every other Monday", "on the third of each month",
             "by the 5th of every month", "the first Monday of every quarter"],
)  # fmt: skip
def test_what_repeats_has_no_date_of_its_own(text: str) -> None:
    when = only(f"We swim {text}.")
    assert when.repeats
    assert (when.text, when.first, spell(when)) == (text, SAID, text)


@pytest.mark.parametrize(
    ("text", "spelled", "in_a_sentence"),
    [
        ("yesterday", "7 May 2023", "on 7 May 2023"),
        ("last week", "the week of 1 May 2023", "in the week of 1 May 2023"),
        ("last weekend", "the weekend of 6 May 2023", "on the weekend of 6 May 2023"),
        ("this month", "May 2023", "in May 2023"),
        ("last summer", "summer 2022", "in summer 2022"),
        ("last winter", "winter 2022/23", "in winter 2022/23"),
        ("last year", "2022", "in 2022"),
        ("from 3 to 9 June", "3 to 9 June 2023", "from 3 to 9 June 2023"),
        ("29 May to 3 June", "29 May to 3 June 2023", "from 29 May to 3 June 2023"),
        ("by Friday", "12 May 2023", "by 12 May 2023"),
        ("since March", "1 March to 8 May 2023", "since March 2023"),
        ("until July", "8 May to 30 June 2023", "until July 2023"),
        ("tomorrow at 9", "9 May 2023 at 09:00", "on 9 May 2023 at 09:00"),
        ("a few weeks ago", "around April 2023", "around April 2023"),
        ("at the end of May", "late May 2023", "in late May 2023"),
        ("the 90s", "the 1990s", "in the 1990s"),
        ("since 2016", "1 January 2016 to 8 May 2023", "since 2016"),
        ("until the end of May", "8 to 31 May 2023", "until 31 May 2023"),
        ("Q3 2025", "July to September 2025", "from July to September 2025"),
    ],
)
def test_it_can_be_said_without_the_day_it_was_said(
    text: str, spelled: str, in_a_sentence: str
) -> None:
    when = only(text)
    assert (spell(when), placed(when)) == (spelled, in_a_sentence)


@pytest.mark.parametrize(
    "text", ["on 7 May 2023", "in May 2023", "in summer 2022", "in 2022",
             "in the week of 1 May 2023", "from 3 to 9 June 2023", "in late May 2023",
             "on 9 May 2023 at 09:00", "since March 2023", "until July 2023",
             "from 28 December 2022 to 3 January 2023", "in the 1990s", "from May to July 2023"],
)  # fmt: skip
def test_what_is_spelled_is_found_again(text: str) -> None:
    assert placed(only(text, None)) == text


def test_slashes_are_month_first_in_english_unless_something_tells() -> None:
    assert iso(only("05/12/2026")) == "2026-05-12"
    assert iso(only("05/12/2026", language="en-GB")) == "2026-12-05"
    assert iso(only("05/12/2026", language="fr")) == "2026-12-05"
    assert iso(only("13/05/2026")) == "2026-05-13"
    assert [iso(when) for when in find("13/05/2026 and 05/12/2026", None)] == [
        "2026-05-13",
        "2026-12-05",
    ]


def test_several_phrases_come_in_order_and_apart() -> None:
    text = "We met last Tuesday, I sent it yesterday, and by Friday, 12 May, it has to be paid."
    assert [when.text for when in find(text, SAID)] == [
        "last Tuesday",
        "yesterday",
        "by Friday, 12 May",
    ]


def test_what_was_moved_has_two_dates_and_no_range() -> None:
    found = find("The meeting was moved from Tuesday 9 May to Thursday 11 May.", SAID)
    assert [iso(when) for when in found] == ["2023-05-09", "2023-05-11"]


def test_a_line_may_break_a_phrase_but_a_paragraph_may_not() -> None:
    assert only("we met last\nweek").text == "last\nweek"
    assert find("the very last\n\nweek", SAID) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the fee rose to 75 euros a month from 1 August 2023", "2023-08-01"),
        ("we train twice a week from 1 August 2023", "2023-08-01"),
        ("she has four lessons a month from 1 August 2023", "2023-08-01"),
        ("I pay €50 a year from 1 August 2023", "2023-08-01"),
        ("it was 900 dollars a month before 1 August 2023", "2023-08-01"),
        ("the wedding is a week from 1 August 2023", "2023-08-07/2023-08-13"),
        ("we leave a day before 1 August 2023", "2023-07-31"),
    ],
)
def test_how_much_for_each_month_is_no_distance(text: str, expected: str) -> None:
    whens = find(text, SAID)
    assert [f"{each.first}" if each.first == each.last else f"{each.first}/{each.last}"
            for each in whens] == [expected]  # fmt: skip
