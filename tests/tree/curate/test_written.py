"""The day of which a text says itself that it is."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.material import Proposal
from cairn.core.tree.curate.rules import propose
from cairn.core.tree.curate.rules.written import dated
from tests.tree.curate.spoken import chat, note

TASK = "Omar will send the offer to Westhafen by 9 June."


def one(*paragraphs: str, title: str = "Notes", heading: tuple[str, ...] = ()) -> Proposal:
    [found] = propose(note(*paragraphs, title=title, heading=heading, when=""))
    return found


@pytest.mark.parametrize(
    ("paragraphs", "heading", "title"),
    [
        ((TASK,), ("Jour fixe 2026-05-26",), "Notes"),
        ((TASK,), ("Call on 26 May 2026 with Westhafen",), "Notes"),
        ((TASK,), (), "2026-05-26 Westhafen"),
        ((f"# Call 2026-05-26\n{TASK}",), (), "Notes"),
        (("Meeting 2026-05-26 about Westhafen", TASK), (), "Notes"),
        (("26.5.2026 Besprechung", TASK), (), "Notes"),
        (("Minutes of 26 May 2026", "Everybody was there.", TASK), (), "Notes"),
    ],
)
def test_a_date_over_a_text_dates_what_it_promises(
    paragraphs: tuple[str, ...], heading: tuple[str, ...], title: str
) -> None:
    found = one(*paragraphs, heading=heading, title=title)
    assert (found.valid_until, found.valid_from) == ("2026-06-09", "2026-05-26")


@pytest.mark.parametrize(
    "line",
    ["Valid until 2019-05-26", "Birthday: 4 May 1988", "Built 2019-05-26", "Expires 4 May 2019",
     "He was here on 4 May 2019."],
)  # fmt: skip
def test_a_day_that_is_only_told_dates_nothing(line: str) -> None:
    assert [each.when for each in dated(note(line, "The rent is 900.", when=""))] == ["", ""]


def test_a_line_that_begins_with_a_day_was_said_on_it() -> None:
    lines = (
        "2026-02-03: the dose of metformin is 500 mg.\n2026-04-07: the dose of metformin is 1 g."
    )
    found = propose(note(lines, title="Tablets"))
    assert [(each.subject, each.value, each.valid_from) for each in found] == [
        ("metformin", "500 mg", "2026-02-03"),
        ("metformin", "1 g", "2026-04-07"),
    ]
    assert found[0].title == "Dose of metformin: 500 mg"
    assert found[0].sources[0].quote in lines


def test_a_day_known_otherwise_and_turns_are_left() -> None:
    known = note("# Call 2026-05-26", "Hello", when="2026-06-01")
    assert [each.when for each in dated(known)] == ["2026-06-01", "2026-06-01"]
    turns = chat(("Ben", "2026-01-01: the rent is 900."))
    assert dated(turns) == turns


def test_a_birthday_gets_no_year() -> None:
    for when in ("", "2026-03-10"):
        [found] = propose(note("Her birthday is on 3 October.", title="Ines Roth", when=when))
        assert found.body == "Ines Roth's birthday is on 3 October."
        assert (found.title, found.value) == ("Ines Roth's birthday: 3 October", "3 October")


def test_time_is_linear_in_hostile_text() -> None:
    dated(note("2026-01-01: a\n" * 20_000, "#" * 100_000, "Meeting " * 50_000, when=""))
