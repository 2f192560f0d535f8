"""Words that a reader found are not cut off from what they are part of."""

from __future__ import annotations

import time

import pytest

from cairn.core.answer.edges import whole
from cairn.core.recall.question.analyze import analyze


def found(question: str, text: str, words: str) -> str:
    start = text.index(words)
    first, last = whole(analyze(question), text, start, start + len(words))
    return text[first:last]


@pytest.mark.parametrize(
    ("question", "text", "words", "told"),
    [
        ("what is Ben's number?", "My number is +49 30 5550 1234.", "49 30", "+49 30 5550 1234"),
        ("what is Ben's number?", "Call 030 555 1234 or mail.", "555", "030 555 1234"),
        ("how much is it?", "It is 1,240 euros.", "240", "1,240"),
        ("how long is it valid?", "It is valid until 30 June 2028.", "30 June 2028",
         "until 30 June 2028"),
        ("how often is it saved?", "It is saved every night at two.", "night", "every night"),
        ("who is the landlord?", "Landlord: Frau Hellwig, Moltkestr. 8.",
         "Frau Hellwig, Moltkestr", "Frau Hellwig"),
        ("where is the landlord?", "Landlord: Frau Hellwig, Moltkestr. 8.", "Moltkestr",
         "Moltkestr. 8"),
        ("where is Dr. Weiss?", "Dr. Weiss, Hafenweg 7, 24103 Kiel, phone", "Hafenweg 7",
         "Hafenweg 7, 24103 Kiel"),
        ("where is Dr. Weiss?", "Dr. Weiss, Hafenweg 7, 24103 Kiel, phone", "Hafenweg 7, 24103",
         "Hafenweg 7, 24103 Kiel"),
        ("where is it?", "It is at 12 Mill Road, near the old bridge.", "12 Mill Road",
         "12 Mill Road"),
        ("which trees are there?", "There are apple, pear and cherry.", "apple",
         "apple, pear and cherry"),
        ("which trees are there?", "There are apple, pear and cherry.", "apple, pear",
         "apple, pear and cherry"),
        ("which trees are there?", "There are apple, pear and cherry.", "pear and cherry",
         "apple, pear and cherry"),
        ("who helped?", "Anna, Jonas and Henrik helped.", "Anna",
         "Anna, Jonas and Henrik"),
        ("who helped?", "Anna helped, and Jonas and Ben slept.", "Anna", "Anna"),
        ("how much is it?", "In 2024, 300 euros were paid.", "300", "300"),
        ("who helped?", "We had help from Anna, Jonas, and Henrik.", "Anna, Jonas",
         "Anna, Jonas, and Henrik"),
        ("which instruments does Anna play?", "I play the violin, and Ben sings.", "the violin",
         "the violin"),
        ("which pets are there?", "A cat and a dog.", "A cat", "A cat"),
        ("what did she buy?", "She bought bread, milk and went home.", "bread", "bread"),
    ],
)  # fmt: skip
def test_what_belongs_together_stays_together(
    question: str, text: str, words: str, told: str
) -> None:
    assert found(question, text, words) == told


def test_it_takes_a_moment_for_the_longest_text() -> None:
    began = time.thread_time()
    for text in ("a, " * 20_000, "1 " * 20_000, "Aa " * 20_000, "+1" * 20_000):
        for question in ("which trees are there?", "where is it?"):
            whole(analyze(question), text, 20_000, 20_001)
    assert time.thread_time() - began < 2
