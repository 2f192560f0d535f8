"""The judge of curated entries finds what is wrong with them."""

from dataclasses import dataclass

import pytest

from cairn.core.records import Source
from tests.bench.tree_locomo import Gold, GoldFact, Said, score, unsupported

TURN = "turns:c#t1"
TEXT = "Hi! I ran a charity race last Saturday. I didn't win."
GOLD = Gold(
    "c",
    (GoldFact("Ana ran a charity race.", frozenset((TURN,))),
     GoldFact("Ana met Queen Zoe in Oslo.", frozenset((TURN,)))),
    {TURN: Said(TEXT, "Ana", "2023-05-08T10:00:00")},
)  # fmt: skip


@dataclass(frozen=True)
class Claimed:
    body: str
    sources: tuple[Source, ...]


def claim(body: str, quote: str = "I ran a charity race last Saturday.") -> Claimed:
    return Claimed(body, (Source(TURN, quote, "Ana"),))


def test_what_follows_from_the_quote_is_supported() -> None:
    assert unsupported(claim("Ana ran a charity race on 6 May 2023."), GOLD) == ""


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        ("Ana ran a charity race on 6 May 2021.", "I ran a charity race last Saturday."),
        ("Ana ran a marathon.", "I ran a charity race last Saturday."),
        ("Ana ran 12 charity races.", "I ran a charity race last Saturday."),
        ("Zoe ran a charity race.", "I ran a charity race last Saturday."),
        ("Ana won.", "I didn't win."),
        ("Ana never ran a charity race.", "I ran a charity race last Saturday."),
        ("Ana ran a charity race.", "I ran a big charity race last Saturday."),
    ],
)
def test_other_words_days_names_and_negations_are_not(body: str, quote: str) -> None:
    assert unsupported(claim(body, quote), GOLD)


def test_a_fact_is_covered_by_an_entry_that_cites_its_turn_and_has_its_words() -> None:
    figures = score([claim("Ana ran a charity race.")], GOLD)
    assert (figures.reached, figures.covered, figures.in_bodies) == (2, 1, 1)
    assert (figures.facts, figures.entries, figures.supported) == (2, 1, 1)


def test_words_from_another_turn_cover_nothing() -> None:
    other = Claimed("Ana ran a charity race.", (Source("turns:c#t2", "race", "Ana"),))
    figures = score([other], GOLD)
    assert (figures.reached, figures.covered, figures.supported) == (0, 0, 0)
