"""A question is reduced to what it asks for, in the stems that the index uses."""

from __future__ import annotations

import pytest

from cairn.core.recall.words import analyze, stem, stems


@pytest.mark.parametrize(
    ("question", "kind", "words"),
    [
        ("When does the lease end?", "when", ("lease", "end")),
        ("who has the spare key", "who", ("spare", "key")),
        ("How much was the boiler?", "amount", ("boiler",)),
        ("where is the station", "where", ("station",)),
        ("What did we agree on for the garden budget?", "amount", ("agree", "garden", "budget")),
        ("which day is the trip", "when", ("trip",)),
        ("How long does the warranty run?", "amount", ("warranty", "run")),
        ("larch boards", "other", ("larch", "boards")),
        ("what is it?", "other", ("what", "is", "it")),  # nothing else to go by
        ("???", "other", ()),
    ],
)
def test_questions(question: str, kind: str, words: tuple[str, ...]) -> None:
    analyzed = analyze(question)
    assert (analyzed.kind, analyzed.words) == (kind, words)
    assert len(analyzed.stems) == len(words)


def test_forms_of_a_word_share_a_stem() -> None:
    assert len({stem(word) for word in ("agree", "Agreed", "AGREES", "agreement")}) <= 2
    assert stem("Mila's") == stem("mila") == stem("Mila’s")
    assert stem("Müller") == stem("Muller")


def test_texts_are_sets_of_stems() -> None:
    assert stems("The gardens, the Garden!") == {stem("the"), stem("garden")}
