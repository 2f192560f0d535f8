"""How the values of one thing followed each other, told in one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from cairn.core.answer.history import is_asked, tell, values_of
from cairn.core.recall.entries.pointers import When
from cairn.core.recall.question.analyze import analyze
from cairn.core.records import Answer, Chunk, Entry, Source, Span
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.files import Stamp

NOW = When()
EMPTY = Answer("", (), (), 2, 1.0)


def stated(value: str, since: str, until: str = "", **more: Any) -> Filed:
    about = {"subject": "garden", "attribute": "budget", **more}
    said = f"It is {value}."
    entry = Entry(f"e_{value}_{since}", value, "fact", said, since, valid_from=since,
                  valid_until=until, sources=(Source("file:/a.md#L1", said),), value=value,
                  **about)  # fmt: skip
    return Filed(entry, "a.md", "", Stamp(0, 0))


def line(*told: Filed, when: When = NOW) -> str:
    passages = {
        each.entry.id: [
            Chunk(each.entry.id, "d", f"file:/{number}.md", 0, "note", "", (), "", each.entry.body,
                  Span(0, 9, "L", 1, 1), ((0, 1),), "", "", "document", "")
        ]
        for number, each in enumerate(told)
    }  # fmt: skip
    answer = tell(EMPTY, told, passages, when)
    assert [c.entries for c in answer.citations] == [(each.entry.id,) for each in told]
    return answer.sentences[-1].text


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (
            [stated("550", "2026-01-02"), stated("400", "2026-03-08"), stated("380", "2026-04-19")],
            "550 until 8 March 2026, then 400 until 19 April 2026, since then 380",
        ),
        (
            [stated("550", "2026-01-02", "2026-02-01"), stated("400", "2026-03-08")],
            "550 until 1 February 2026, since 8 March 2026 400",
        ),
        (
            [stated("550", "2026-01-02"), stated("400", "2026-03-08", "2026-12-31")],
            "550 until 8 March 2026, then 400 until 31 December 2026",
        ),
        ([stated("550", "2025"), stated("400", "2026-03")], "550 until March 2026, since then 400"),
        (
            [stated("2026-05-01", "2026-01-02"), stated("2026-06-01", "2026-03-08")],
            "1 May 2026 until 8 March 2026, since then 1 June 2026",
        ),
    ],
)  # fmt: skip
def test_every_value_is_told_with_its_time(told: list[Filed], text: str) -> None:
    assert line(*told) == f"In short, garden budget: {text}."


def test_an_end_that_was_still_ahead_is_not_told() -> None:
    told = [stated("550", "2026-01-02"), stated("400", "2026-03-08", "2026-04-19")]
    for when in (When("2026-04-01"), When("", "2026-04-01")):
        assert line(*told, when=when).endswith("since then 400.")


@pytest.mark.parametrize(
    ("subject", "attribute", "name"),
    [
        ("rent", "amount", "rent"), ("you", "phone", "your phone"), ("Ana", "home", "Ana's home"),
        ("garden budget", "budget", "garden budget"), ("atlas", "lead", "atlas lead"),
    ],
)  # fmt: skip
def test_the_thing_is_called_as_one_would(subject: str, attribute: str, name: str) -> None:
    about = {"subject": subject, "attribute": attribute}
    told = [stated("1", "2026-01-02", **about), stated("2", "2026-03-08", **about)]
    assert line(*told).startswith(f"In short, {name}: 1 until")


def test_what_repeats_a_value_is_no_change() -> None:
    chain = [stated("400", "2026-01-01"), stated("400 euros", "2026-02-01")]
    assert values_of(chain) == []
    back = [*chain, stated("380", "2026-03-01"), stated("€400", "2026-04-01")]
    assert [each.entry.value for each in values_of(back)] == ["400", "380", "€400"]


def test_what_cannot_be_opened_is_not_claimed() -> None:
    told = [stated("550", "2026-01-02"), stated("400", "2026-03-08")]
    assert tell(EMPTY, told, {}, When()) == EMPTY


def test_only_what_was_asked_for_gets_its_history() -> None:
    entry = stated("400", "2026-01-01").entry
    assert is_asked(analyze("What is the budget now?"), entry)
    assert is_asked(analyze("How much may it cost?"), entry)
    assert not is_asked(analyze("Who bought the tomatoes?"), entry)
