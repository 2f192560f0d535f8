"""A question's first asking word tells what kind of answer it wants, in four languages."""

from __future__ import annotations

import pytest

from cairn.core.recall.question.kinds import kind_of, language_of


def kind(text: str) -> str:
    folded = text.lower()
    return kind_of(folded, language_of(folded))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("When does the lease end?", "when"),
        ("do you know when the meeting is", "when"),
        ("how long ago did we move", "when"),
        ("Akib planned a trip. When?", "when"),
        ("when we moved to Bern", "when"),
        ("who knows when the meeting is", "who"),
        ("when I was in Rome, who was with me?", "who"),
        ("with whom did I share the key", "who"),
        ("What did I pay when I bought the car?", "fact"),
        ("Tell me what happened when we moved", "fact"),
        ("where is the station", "where"),
        ("how far is it to Bern", "amount"),
        ("the budget of the garden", "amount"),
        ("What was the total fee?", "amount"),
        ("how did we fix the lock bug", "how"),
        ("How do I cut the costs?", "how"),
        ("why did Anna leave", "fact"),
        ("did Anna sign the lease?", "fact"),
        ("larch boards", "other"),
        ("remind me of the larch boards", "other"),
    ],
)
def test_by_the_word_that_asks(text: str, wanted: str) -> None:
    assert kind(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Which files mention the larch boards?", "files"),
        ("list all pdfs about the lease", "files"),
        ("where did I save the contract file?", "files"),
        ("can you show me my notes about Rust", "files"),
        ("What does the file say?", "fact"),
        ("what changed in the garden folder since Monday?", "changes"),
        ("What has changed since last week?", "changes"),
        ("which files were changed today", "changes"),
        ("what's new in ~/notes since yesterday", "changes"),
        ("what changed my mind about the house?", "fact"),
        ("what's new york like", "fact"),
        ("What's the difference between the two offers?", "compare"),
        ("compare Anna's offer with Ben's", "compare"),
        ("Which was cheaper, the train or the bus?", "compare"),
        ("How does the new lease differ from the old one?", "compare"),
        ("have I ever been to Lisbon?", "absence"),
        ("is there anything about the boiler?", "absence"),
        ("Did Anna never reply?", "absence"),
        ("when did Anna not reply?", "when"),
        ("What activities has Maria done with her friends?", "list"),
        ("Which places did we visit?", "list"),
        ("what are my allergies", "list"),
        ("What kinds of trees are in the garden?", "list"),
        ("What class did Anna take?", "fact"),
        ("What bus does Anna take?", "fact"),
    ],
)
def test_by_what_it_is_about(text: str, wanted: str) -> None:
    assert kind(text) == wanted


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("Wann habe ich den Vertrag gekündigt?", "de", "when"),
        ("Wie viel hat das Fahrrad gekostet?", "de", "amount"),
        ("Wer hat den Ersatzschlüssel?", "de", "who"),
        ("Wo ist der Mietvertrag?", "de", "where"),
        ("Was haben wir im Juni gemacht?", "de", "fact"),
        ("Welche Dateien handeln vom Garten?", "de", "files"),
        ("Was hat sich seit Montag im Ordner Garten geändert?", "de", "changes"),
        ("Quand est-ce que j'ai signé le bail ?", "fr", "when"),
        ("Combien coûte la chaudière ?", "fr", "amount"),
        ("Qui a la clé ?", "fr", "who"),
        ("Où est le contrat ?", "fr", "where"),
        ("Qu'est-ce que j'ai mangé à Lyon ?", "fr", "fact"),
        ("¿Cuándo firmé el contrato?", "es", "when"),
        ("¿Cuánto cuesta la caldera?", "es", "amount"),
        ("¿Quién tiene la llave?", "es", "who"),
        ("¿Dónde está el pasaporte?", "es", "where"),
        ("Was the lease signed?", "en", "fact"),
    ],
)
def test_other_languages(text: str, language: str, wanted: str) -> None:
    assert language_of(text.lower()) == language
    assert kind(text) == wanted


def test_mere_words_are_of_no_language() -> None:
    assert language_of("garden budget") == ""
    assert language_of("庭の予算はいくらですか") == ""
