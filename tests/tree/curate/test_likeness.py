"""Values and claims that say the same, and such as only look like it."""

from __future__ import annotations

import pytest

from cairn.core.records import Entry, Source
from cairn.core.tree.curate.likeness import agree, likeness, same_value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("400", "400 euros"), ("€400.00", "400 euros"), ("EUR 400", "400 Euro"),
        ("1,200 dollars", "$1200"), ("about 400 euros", "400 euros"), ("Berlin", "berlin."),
        ("the Alps", "Alps"), ("400 euros", "400 euros a month"), ("2026-05-01", "2026-05-01"),
    ],
)  # fmt: skip
def test_a_value_may_be_worded_otherwise(one: str, other: str) -> None:
    assert same_value(one, other) and same_value(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("400 euros", "400 dollars"), ("400", "401"), ("1.5", "15"), ("Berlin", "Bern"),
        ("red", "dark red"), ("2026-05-01", "2026-05-02"), ("", "400"), ("1.2", "1200"),
        ("400 euros a month", "400 euros a week"), ("3", "3 or 4"),
    ],
)  # fmt: skip
def test_another_value_is_another_value(one: str, other: str) -> None:
    assert not same_value(one, other) and not same_value(other, one)


def claim(body: str, kind: str = "fact", **more: str) -> Entry:
    said = Source("chat:turns/a#t1", body, when="2026-03-08")
    return Entry("e_1", "A", kind, body, "2026-03-08", sources=(said,), **more)  # type: ignore[arg-type]


def test_claims_in_nearly_the_same_words_are_alike() -> None:
    one = claim("Ana has adopted a grey cat named Miso.")
    assert likeness(one, claim("Ana adopted a grey cat named Miso.")) >= 0.8
    assert likeness(claim("It costs 400."), claim("It costs 400, it does.")) > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (claim("Ana eats fish."), claim("Ana never eats fish.")),
        (claim("Ana has 3 cats."), claim("Ana has 4 cats.")),
        (claim("She eats fish.", subject="Ana"), claim("She eats fish.", subject="Eva")),
        (
            claim("Ana ran a race.", "event", valid_from="2026-02-01"),
            claim("Ana ran a race.", "event", valid_from="2026-02-08"),
        ),
        (
            claim("Ana sends the invoice.", "promise", valid_until="2026-02-01"),
            claim("Ana sends the invoice.", "promise", valid_until="2026-03-01"),
        ),
    ],
)
def test_claims_that_differ_in_what_counts_are_not(one: Entry, other: Entry) -> None:
    assert likeness(one, other) == 0.0


def test_the_day_on_which_an_event_was_told_is_not_its_day() -> None:
    one = claim("Ana ran a race.", "event", valid_from="2026-03-08")
    assert likeness(one, claim("Ana ran a race.", "event", valid_from="2026-02-08")) == 1.0


def test_only_the_same_of_the_same_agrees() -> None:
    one = claim("A", subject="rent", attribute="amount", value="400")
    assert agree(one, claim("B", subject="Rent", attribute="amount", value="400 euros"))
    assert not agree(one, claim("B", subject="rent", attribute="end", value="400"))
    assert not agree(claim("A", value="400"), claim("B", value="400"))
