"""A question is reduced to what it asks for, in the stems that the index uses."""

from __future__ import annotations

import pytest

from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.words import hidden, stem, stems


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
        ("what is it?", "fact", ("what", "is", "it")),  # nothing else to go by
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


@pytest.mark.parametrize(
    ("question", "words", "stems_of_it"),
    [
        ("庭の予算はいくらですか", ("庭", "予算"), ("庭", "予算")),
        ("花园的预算是多少", ("花园", "预算"), ("花园", "预算")),
        ("予算会議", ("予算会議",) * 3, ("予算", "算会", "会議")),
        ("정원 예산은 얼마입니까?", ("정원", "예산"), ("정원", "예산")),
        ("すいかはどこ", ("すいか",) * 2, ("すい", "いか")),
        ("いくらですか", ("いく", "くら"), None),  # nothing else to go by
        ("Tokyoの予算", ("Tokyo", "予算"), ("tokyo", "予算")),
        ("งบประมาณเท่าไร", None, ("งบ", "บป", "ปร", "ระ", "ะม", "มา", "าณ")),
        ("２０２６年のＡＢＣ", ("2026", "年", "ABC"), ("2026", "年", "abc")),
        ("ﾃﾚﾋﾞ", ("テレビ",) * 2, ("テレ", "レビ")),
    ],
)
def test_questions_without_spaces(
    question: str, words: tuple[str, ...] | None, stems_of_it: tuple[str, ...] | None
) -> None:
    analyzed = analyze(question)
    assert len(analyzed.words) == len(analyzed.stems) > 0
    if stems_of_it is not None:
        assert analyzed.stems == stems_of_it
    if words is not None and stems_of_it is not None:
        assert analyzed.words == words


def test_a_run_without_spaces_is_compared_by_its_pairs() -> None:
    assert stems("予算会議は中") == {"予算", "算会", "会議", "は", "中"}
    assert stems("2026年Tokyo") == {"2026", "年", "tokyo"}


def test_forms_of_a_letter_are_one() -> None:
    assert stem("Zu\u0308rich") == stem("Zürich") == stem("ＺＵＲＩＣＨ") == stem("zurich")
    assert stem("naïve") == stem("naive")
    assert stem("ﬁnance") == stem("finance")
    assert stem("Straße") == stem("strasse")
    assert stem("мой") != stem("мои")
    assert stem("ёлка") == stem("елка")


@pytest.mark.parametrize(
    ("text", "stems_of_it"),
    [
        ("plain “quoted” text, don’t – Zürich café", ""),
        ("мой дом, हिन्दी में", ""),
        ("予算会議", "予算 算会 会議"),
        ("庭", "庭"),
        ("2026年Tokyo a", "年 2026 tokyo"),
        ("a Zu\u0308rich b ﬁnance １２", "zurich financ 12"),
        ("Straße", "strass"),
    ],
)
def test_the_index_is_told_what_it_can_not_split_or_fold(text: str, stems_of_it: str) -> None:
    assert hidden(text) == stems_of_it
