from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import pytest

from cairn.core.recall.question.typing import completed

TEXTS = (
    "The budget for the boiler.", "Budgets are made in May.", "A budget, then.",
    "The budgerigar sings in the garden.", "Das Übergepäck war teuer.", "100 % budg_et",
)  # fmt: skip


def holding(letters: str, most: int) -> Iterable[str]:
    return islice((text for text in TEXTS if letters.lower() in text.lower()), most)


@pytest.mark.parametrize(
    ("typed", "missing", "whole"),
    [
        ("budg", ("budg",), "budget"),
        ("Budg", ("Budg",), "budget"),
        ("garden budg", ("budg",), "garden budgerigar"),
        ("boiler budg", ("budg",), "boiler budget"),
        ("what is the über", ("über",), "what is the übergepäck"),
    ],
)
def test_the_last_word_is_made_whole(typed: str, missing: tuple[str, ...], whole: str) -> None:
    assert completed(typed, missing, holding) == whole


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ("budget", ()),
        ("budg budget", ("budg",)),
        ("budg ", ("budg",)),
        ("bu", ("bu",)),
        ("xqz", ("xqz",)),
        ("erigar", ("erigar",)),
        ("预算", ("预算",)),
        ("", ()),
        ("?!", ()),
    ],
)
def test_else_nothing_is_made_of_it(typed: str, missing: tuple[str, ...]) -> None:
    assert completed(typed, missing, holding) == ""
