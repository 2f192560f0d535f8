"""Search by words alone finds and judges questions in any script."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from cairn.core.chunk import chunk_document
from cairn.core.config import Config
from cairn.core.errors import Unavailable
from cairn.core.index import Index, Replacement
from cairn.core.recall.beside import Beside
from cairn.core.recall.search import Results, search
from cairn.core.records import Block, Document, Place

NOTES = {
    "garden.ja": "庭の工事について話し合いました。庭の予算は四百ユーロです。工事は五月からです。",
    "boiler.ja": "給湯器は去年の十二月に修理しました。費用は百八十ユーロでした。",
    "garden.zh": "我们讨论了花园的工程。花园的预算是四百欧元。工程五月开始。",
    "garden.ko": "정원 공사를 의논했습니다. 정원 예산은 사백 유로입니다.",
    "garden.th": "เราคุยกันเรื่องสวน งบประมาณของสวนคือสี่ร้อยยูโร",
    "trip.de": "Wir fahren im Mai nach Zürich. Die Fahrkarten kosten achtzig Euro.",
    "trip.fr": "Nous allons à Genève en juillet. Le dîner est réservé.",
    "trip.en": "The finance meeting is on Monday. It was a naïve plan.",
    "mixed.ja": "会議はTokyoで２０２６年に開催します。",
}


def no_embedder(texts: list[str]) -> np.ndarray:
    raise Unavailable("there is no embedder", "words must do")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = Index(str(tmp_path_factory.mktemp("index")), "chunks-3-none-1")
    for name, text in NOTES.items():
        places = (Place(0, "L", 1),)
        document = Document(f"file:/{name}", "note", "Note", text, places, (Block(0, len(text)),))
        chunks = tuple(chunk_document(document))
        index.replace([Replacement(document.id, chunks, (None,) * len(chunks))], {})
    return index


def ask(index: Index, question: str) -> Results:
    return search(index, no_embedder, question, 5)


@pytest.mark.parametrize(
    ("question", "name", "snippet"),
    [
        ("庭の予算はいくらですか", "garden.ja", "庭の予算は四百ユーロです。"),
        ("給湯器の費用を教えて", "boiler.ja", ""),
        ("花园的预算是多少？", "garden.zh", "花园的预算是四百欧元。"),
        ("정원 예산은 얼마입니까?", "garden.ko", "정원 예산은 사백 유로입니다."),
        ("งบประมาณของสวนเท่าไร", "garden.th", ""),
        ("Mai in Zurich", "trip.de", "Wir fahren im Mai nach Zürich."),
        ("Fahrkarten", "trip.de", "Die Fahrkarten kosten achtzig Euro."),
        ("diner geneve", "trip.fr", ""),
        ("ｆｉｎａｎｃｅ", "trip.en", "The finance meeting is on Monday."),
        ("naive plan", "trip.en", "It was a naïve plan."),
        ("tokyo 2026", "mixed.ja", ""),
        ("Tokyoの会議", "mixed.ja", ""),
    ],
)
def test_a_question_finds_its_note(index: Index, question: str, name: str, snippet: str) -> None:
    results = ask(index, question)
    best = results.evidence[0]
    assert best.chunk.uri == f"file:/{name}"
    assert best.relevance >= Config().recall.min_relevance
    assert snippet in ("", best.snippet)
    assert results.missing == ()


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("自転車の鍵はどこですか", ("自転車", "鍵")),
        ("自行车的钥匙在哪里", ()),
        ("자전거 열쇠는 어디", ("자전거", "열쇠")),
        ("หมอฟันนัดเมื่อไร", ()),
    ],
)
def test_what_no_note_holds_is_weak_and_named(
    index: Index, question: str, missing: tuple[str, ...]
) -> None:
    results = ask(index, question)
    best = max((item.relevance for item in results.evidence), default=0.0)
    assert best < Config().recall.min_relevance
    if missing:
        assert results.missing == missing


def test_a_name_is_covered_but_never_quoted(tmp_path: Path) -> None:
    index = Index(str(tmp_path), "chunks-3-none-1")
    document = Document(
        "file:/x", "note", "T", "It is four hundred.", (Place(0, "L", 1),), (Block(0, 19),)
    )
    (chunk,) = chunk_document(document)
    named = replace(chunk, name="garden budget.md")
    index.replace([Replacement(document.id, (named,), (None,))], {})
    results = ask(index, "garden budget")
    assert results.missing == ()
    assert results.evidence[0].relevance >= Config().recall.min_relevance
    assert results.evidence[0].snippet == "It is four hundred."


@pytest.mark.parametrize(
    ("question", "snippet"),
    [
        ("beam", "The beam must be replaced."),
        ("kitchen", "Subject: Beam above the kitchen"),
        ("Tomas", "From: Tomas"),
    ],
)
def test_a_subject_is_shown_only_where_nothing_else_says_it(
    tmp_path: Path, question: str, snippet: str
) -> None:
    index = Index(str(tmp_path), "chunks-3-none-1")
    title = "Beam above the kitchen"
    text = f"Subject: {title}\nFrom: Tomas\n\nHello Sam.\n\nThe beam must be replaced. It is old."
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
    places = tuple(Place(start, "L", number) for number, start in enumerate(starts, start=1))
    mail = Document("file:/x.eml", "mail", title, text, places, (Block(0, len(text)),))
    chunks = tuple(chunk_document(mail))
    index.replace([Replacement(mail.id, chunks, (None,) * len(chunks))], {})
    assert ask(index, question).evidence[0].snippet == snippet


def test_words_that_say_a_day_are_not_told_as_lacking(index: Index) -> None:
    beside = Beside(now=datetime(2026, 11, 22).astimezone())
    results = search(
        index, no_embedder, "what was the budget of the zoo last summer", 5, None, beside
    )
    assert {"zoo", "summer"} <= {*results.missing}
    assert "zoo" in results.lacking and not {"last", "summer"} & {*results.lacking}
