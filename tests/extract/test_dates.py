"""Explicit dates are found; ambiguous or impossible ones are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.extract.dates import find_date, find_time, is_only_date, leading_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", "2026-03-02"),
        ("## 2026/3/2 notes", "2026-03-02"),
        ("IMG_20260302_181500", "2026-03-02"),
        ("202603021815 zettel", "2026-03-02"),
        ("notes_2026_03_02_v2", "2026-03-02"),
        ("Monday, 2 March 2026", "2026-03-02"),
        ("2nd of March, 2026", "2026-03-02"),
        ("March 2, 2026", "2026-03-02"),
        ("Mar 2nd 2026", "2026-03-02"),
        ("2-Mar-2026", "2026-03-02"),
        ("notes_2_March_2026", "2026-03-02"),
        ("<2026-03-02 Mon>", "2026-03-02"),
        ("2. März 2026", "2026-03-02"),
        ("2 de marzo de 2026", "2026-03-02"),
        ("2026年3月2日", "2026-03-02"),
        ("25/12/2026", "2026-12-25"),
        ("12/25/2026", "2026-12-25"),
        ("25.12.2026", "2026-12-25"),
        ("3.3.2026", "2026-03-03"),
        ("2026-02-30 then 2026-03-02", "2026-03-02"),
        ("1:56 pm on 8 May, 2023", "2023-05-08"),
        ("03/04/2026", ""),
        ("2026-13-01", ""),
        ("31 June 2026", ""),
        ("March 2026", ""),
        ("12345678", ""),
        ("call 0049 20260302 12", "2026-03-02"),
        ("120260302", ""),
        ("version 1.2.3", ""),
        ("may 5 2026 be good", "2026-05-05"),
        ("Aprıl 2, 2026", ""),
        ("", ""),
    ],
)
def test_find_date(text: str, day: str) -> None:
    assert find_date(text) == day


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-03-02T18:20:00+01:00", "2026-03-02T18:20:00+01:00"),
        ("2026-03-02 18:20", "2026-03-02T18:20:00"),
        ("2026-03-02T18:20:00.123Z", "2026-03-02T18:20:00+00:00"),
        ("2026-03-02 18:20:00 UTC", "2026-03-02T18:20:00+00:00"),
        ("2026-03-02T18:20:00 +0100", "2026-03-02T18:20:00+01:00"),
        ("1772475600", "2026-03-02T18:20:00+00:00"),
        ("1772475600123", "2026-03-02T18:20:00+00:00"),
        ("2026-03-02T99:99", "2026-03-02"),
        ("yesterday", ""),
    ],
)
def test_find_time(value: str, moment: str) -> None:
    assert find_time(value) == moment


def test_is_only_date() -> None:
    assert all(map(is_only_date, ("2026-03-02", "Mon, 2 March 2026:", "== 2026-03-02 ==")))
    assert not any(map(is_only_date, ("", "2026-03-02 dentist", "Mittag 2026-03-02", "Monday")))


@given(st.text(alphabet="0123456789-/._: TZabcdefmnoprsuvyäéı年月日", max_size=40))
def test_never_raises(text: str) -> None:
    assert len(find_date(text)) in (0, 10)
    find_time(text)
    is_only_date(text)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2026-04-19 We agreed on 380 euros.", "2026-04-19"),
        ("- 2026/04/19: We agreed.", "2026-04-19"),
        ("* [x] [2026-04-19] Paid.", "2026-04-19"),
        ("2026-04-19 18:30 - called Ben", "2026-04-19"),
        ("2026-04-19T18:30Z up", "2026-04-19"),
        ("2026-04-19", ""),
        ("2026-04-31 no such day", ""),
        ("12 May 2026: dentist", ""),
        ("Due 2026-04-19: the tax return", ""),
    ],
)
def test_the_day_that_a_line_begins_with(line: str, day: str) -> None:
    assert leading_date(line) == day
