"""Names in questions are found where a capital means one, and nowhere else."""

from __future__ import annotations

import pytest

from cairn.core.recall.question.named import is_negated, is_own, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did Caroline do in Berlin?", ("Caroline", "Berlin")),
        ("Which cities have both Kate and Elise been to?", ("Kate", "Elise")),
        ("What did Anna Berger tell Ludwig van Beethoven about the trip?",
         ("Anna Berger", "Ludwig van Beethoven")),
        ("How did Nebraas’s family like Art Basel?", ("Nebraas", "Art Basel")),
        ("Melanie's children", ("Melanie",)),
        ("Nebraas's dog", ("Nebraas",)),
        ("remind me what I said to Dr. Weiss", ("Weiss",)),
        ("What did Will and May say on Monday in March?", ("Will",)),
        ("Compare Anna and Ben", ("Anna", "Ben")),
        ("what did anna say about the trip", ("anna",)),
        ("What's new? Did I pay? Larch boards", ()),
        ("when does the train to London leave", ("London",)),
        ("Is it an LGBTQ group?", ()),
    ],
)  # fmt: skip
def test_names_as_they_are_written(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text, "en") == names


def test_german_nouns_are_no_names() -> None:
    assert names_in("Wann hat Anna den Vertrag für die Wohnung gekündigt?", "de") == ("Anna",)


@pytest.mark.parametrize("text", ["WHAT DID ANNA SAY", "What Did Anna Tell Everybody Yesterday"])
def test_where_all_is_capitals_only_given_names_are_names(text: str) -> None:
    assert [name.lower() for name in names_in(text, "en")] == ["anna"]


@pytest.mark.parametrize(
    ("text", "language", "own"),
    [
        ("what is my rent", "en", True),
        ("when did we move", "en", True),
        ("what i've paid", "en", True),
        ("tell me what anna said", "en", False),
        ("can you show me my rent", "en", True),
        ("what did anna say", "en", False),
        ("wie hoch ist meine miete", "de", True),
        ("zeig mir den vertrag von anna", "de", False),
        ("quand j'ai signé le bail", "fr", True),
        ("cuánto pago de mi alquiler", "es", True),
    ],
)
def test_whether_it_is_about_the_user(text: str, language: str, own: bool) -> None:
    assert is_own(text, language) == own


@pytest.mark.parametrize(
    ("text", "language", "negated"),
    [
        ("what did i not finish", "en", True),
        ("who hasn't replied yet", "en", True),
        ("is there no lease", "en", True),
        ("lease no. 5", "en", False),
        ("what did i finish", "en", False),
        ("wer hat nicht geantwortet", "de", True),
        ("qui n'a pas répondu", "fr", True),
        ("quién no ha respondido", "es", True),
    ],
)
def test_negation(text: str, language: str, negated: bool) -> None:
    assert is_negated(text, language) == negated
