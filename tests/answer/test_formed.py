"""An address or a number is told whole, and that of whom the question is about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cairn.core.answer.brief import brief
from cairn.core.answer.formed import fits_form, formed
from cairn.core.models.reading import Read, Span
from cairn.core.recall.certain.forms import told_by_form
from cairn.core.recall.question.analyze import analyze
from cairn.core.records import Chunk, Evidence
from cairn.core.records import Span as Place

DOCTORS = (
    "- Dr. Weber, Lindenstr. 4, 50674 Köln, GP, phone 0221 554433\n"
    "- Dr. Amira Said, dentist, Ring 12, 50672 Köln, phone 0221 998877"
)


@pytest.mark.parametrize(
    ("question", "sentence", "told"),
    [
        ("what is the doctor's address?", "Dr. Weber, Lindenstr. 4, 50674 Köln, GP",
         "Lindenstr. 4, 50674 Köln"),
        ("what is Ben's address?", "Ben lives at 12 Harbour Street.", "12 Harbour Street"),
        ("what is the doctor's phone number?", "Dr. Weber, Lindenstr. 4, phone 0221 554433",
         "0221 554433"),
        ("what is Ben's email?", "Write to ben@example.com.", "ben@example.com"),
        ("what is the doctor's name?", "Dr. Weber, Lindenstr. 4", "phone"),
        ("what is Ben's address?", "Ben lives in Rome.", "phone"),
        ("whose phone number did Ben get?", "Call 0221 554433.", "phone"),
    ],
)  # fmt: skip
def test_what_has_the_form_that_is_asked_for_is_the_answer(
    question: str, sentence: str, told: str
) -> None:
    assert formed(analyze(question), sentence, "phone") == told


def test_a_text_without_that_form_is_none() -> None:
    assert fits_form(analyze("what is the doctor's address?"), "Dr. Weber") < 0
    assert fits_form(analyze("what is the doctor's address?"), "Lindenstr. 4") > 0
    assert fits_form(analyze("what is the doctor's name?"), "Dr. Weber") == 0


def test_an_address_counts_as_the_word_for_it() -> None:
    asked = analyze("what is the doctor's address?").stems
    assert set(told_by_form(asked, DOCTORS)) == set(asked) - {"doctor"}
    assert not told_by_form(asked, "Dr. Weber is ill.")
    assert not told_by_form(analyze("who is ill?").stems, DOCTORS)


def test_the_number_is_that_of_whom_the_question_is_about() -> None:
    place = Place(0, len(DOCTORS), "l", 1, 2)
    chunk = Chunk(
        "c", "d", "file:/a.md", 0, "note", "Doctors", (), "", DOCTORS, place, (), "", "", "", ""
    )

    def read(asked: str, texts: Sequence[str], most: int) -> list[Read]:
        return [Read((Span(at := text.index("phone"), at + 5, 4.0),)) for text in texts]

    evidence = [Evidence(chunk, 1, 1.0, 0.9, (), DOCTORS, place)]
    assert (
        brief(analyze("what is the doctor's phone number?"), evidence, read).text == "0221 554433"
    )
    found = brief(analyze("what is the dentist's phone number?"), evidence, read)
    assert found.text == "0221 998877"
    assert [quote.text[:9] for quote in found.quotes] == ["Dr. Amira"]
