"""Forms of a verb that no stemmer joins are the same word, in questions and in what is found."""

from __future__ import annotations

import pytest

from cairn.core.recall.irregular import VERB
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.words import stems


@pytest.mark.parametrize(
    "forms", [("buy", "buys", "bought", "buying"), ("write", "wrote", "written", "writing"),
              ("go", "went", "gone"), ("teach", "taught"), ("leave", "left", "leaving")],
)  # fmt: skip
def test_all_forms_of_a_verb_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len(stems(" ".join(forms))) == 1


def test_no_form_is_of_two_verbs_or_a_verb_itself() -> None:
    assert not [form for form, verb in VERB.items() if VERB.get(verb, verb) != verb]


def test_the_index_is_asked_for_each_form() -> None:
    assert analyze("when did we buy the kayak?").spaced == "buy kayak bought"
    assert analyze("who wrote the letter?").spaced == "wrote letter write written"
