"""The reader itself: what it takes for words, where it cuts windows, which spans it keeps."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cairn import assets
from cairn.core.models.embedder import Embedder
from cairn.core.models.reader import WINDOW, Reader, Span, Words, apart, best_spans, windows

CHAT = (
    "8 May 2023, Caroline: I adopted a grey cat last Tuesday.\n"
    "8 May 2023, Melanie: How lovely! I have two children and no time for pets."
)
HOSTILE = [
    "", " ", "\n\n", "\x00", "\ud800 lone", "x" * 5_000, "漢字" * 700, "é\u0301" * 900,
    "정원 예산", "⁄½²", "[CLS] [SEP] [MASK]", "a\u200bb", "🏔️" * 400, "-" * 3_000,
]  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    opened = Reader(assets.path("reader.gguf"))
    opened.set_threads(1)
    return opened


def read(reader: Reader, question: str, *texts: str, most: int = 3) -> list[list[Span]]:
    *_, found = reader.read(question, texts, most)
    assert found is not None
    return found


def said(reader: Reader, question: str, text: str) -> str:
    start, end, _ = read(reader, question, text)[0][0]
    return text[start:end]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What did Caroline adopt?", "cat"),
        ("When did Caroline adopt a cat?", "last Tuesday"),
        ("How many children does Melanie have?", "two"),
    ],
)
def test_it_finds_answers_in_a_chat(reader: Reader, question: str, answer: str) -> None:
    assert answer in said(reader, question, CHAT)


def test_a_text_that_answers_scores_above_one_that_does_not(reader: Reader) -> None:
    texts = (CHAT, "The boiler was repaired on Monday, and the bill came to 90 euros.")
    own, other = read(reader, "How many children does Melanie have?", *texts)
    assert own[0][2] > other[0][2]


def test_places_are_those_of_words_in_the_text_as_it_was_given(reader: Reader) -> None:
    text = "The Café Zürich — opened in 1902 — cost £3,200 (“a fortune”)."
    spans = read(reader, "When did the café open?", text)[0]
    edges = {place for match in reader.split(text).places for place in match}
    assert all(start in edges and end in edges for start, end, _ in spans)
    start, end, _ = spans[0]
    assert "1902" in text[start:end]


def test_an_answer_far_down_a_long_text_is_found(reader: Reader) -> None:
    filler = "The weather was grey and nothing of note happened on the road. " * 60
    text = filler + "Mia bought a red tractor in Lisbon. " + filler
    start, end, _ = read(reader, "What did Mia buy in Lisbon?", text)[0][0]
    assert "tractor" in text[start:end]


def test_what_it_says_of_a_text_does_not_depend_on_the_others(reader: Reader) -> None:
    alone = read(reader, "What did Caroline adopt?", CHAT)
    assert read(reader, "What did Caroline adopt?", "one", CHAT, "other")[1:2] == alone


def test_spans_are_few_ordered_and_apart(reader: Reader) -> None:
    spans = read(reader, "What did Caroline adopt?", CHAT, most=4)[0]
    assert 1 < len(spans) <= 4
    assert [span[2] for span in spans] == sorted((span[2] for span in spans), reverse=True)
    places = sorted(span[:2] for span in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(places))


@pytest.mark.parametrize("text", HOSTILE)
def test_anything_can_be_read(reader: Reader, text: str) -> None:
    for spans in read(reader, text, text[:2_000], "and a plain one"):
        assert all(0 <= start < end for start, end, _ in spans)
        assert all(np.isfinite(score) for _, _, score in spans)


def test_words_together_are_the_tokens_of_the_text(reader: Reader) -> None:
    tokenizer = Embedder(assets.path("embedder.gguf"))
    for text in (
        CHAT, "don't re-enter: $12.50/kg, 10% off!", "Crème brûlée, naïve façade, Ångström",
        "我昨天在北京买了一本书。It cost 45元", "x_y = f(a[0])\t# TODO(ann)", "İstanbul, E=mc²",
        "Привет, мир! Καλημέρα κόσμε.", "“Quoted” … it’s — so", "20 °C",
    ):  # fmt: skip
        assert reader.split(text).tokens == tokenizer.tokenize(text)[1:-1], text


@settings(max_examples=60, deadline=None)
@given(some.text(max_size=80))
def test_every_word_keeps_its_place(reader: Reader, text: str) -> None:
    words = reader.split(text)
    assert len(words.tokens) == len(words.places)
    assert all(0 <= start < end <= len(text) for start, end in words.places)
    assert words.places == sorted(words.places)
    unread = [place for place, char in enumerate(text) if char.isascii() and char.isalnum()]
    assert set(unread) <= {place for start, end in words.places for place in range(start, end)}


def test_composed_and_decomposed_letters_are_the_same_words(reader: Reader) -> None:
    text = "Café Zürich, mañana"
    assert reader.split(text).tokens == reader.split(unicodedata.normalize("NFD", text)).tokens


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 30, 100])
def test_windows_hold_every_token_and_overlap(count: int) -> None:
    text = Words(list(range(count)), [(n, n + 1) for n in range(count)])
    cut = list(windows(text, 10))
    assert {token for window in cut for token in window.tokens} == set(range(count))
    assert all(len(window.tokens) <= 10 for window in cut)
    assert all(len(set(one.tokens) & set(two.tokens)) >= 3 for one, two in pairwise(cut))
    assert len(cut) == 1 or count > 10


def test_a_long_question_leaves_room_for_the_text(reader: Reader) -> None:
    question = "What did Caroline adopt? " + "please " * 2_000
    assert read(reader, question, CHAT)[0]
    assert WINDOW > 300


def test_an_answer_ends_where_it_begins_or_later() -> None:
    starts = np.array([0, 5, 1], np.float32)
    ends = np.array([9, 1, 2], np.float32)
    assert best_spans(starts, ends, 1)[0] == (0, 0, 9.0)
    assert best_spans(starts, ends, 1)[1] == (1, 2, 7.0)


def test_of_spans_that_touch_the_best_is_kept() -> None:
    spans = [(0, 5, 1.0), (4, 9, 3.0), (9, 12, 2.0), (9, 10, 0.5)]
    assert apart(spans, 3) == [(4, 9, 3.0), (9, 12, 2.0)]
    assert apart(spans, 1) == [(4, 9, 3.0)]
