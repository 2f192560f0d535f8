"""Text as it is written → its sentences with their numbers, whole ones only."""

from __future__ import annotations

import pytest

from cairn.core.answer.generate import Parts


def parts(text: str, size: int = 1000) -> list[tuple[str, tuple[int, ...]]]:
    taking = Parts()
    found = [part for at in range(0, len(text), size) for part in taking.feed(text[at : at + size])]
    return [(part.text, part.numbers) for part in (*found, *taking.finish())]


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It cost 189 euros. [1] Ana paid. [2]",
         [("It cost 189 euros.", (1,)), ("Ana paid.", (2,))]),
        ("It cost 189 euros [1]. Ana paid [2, 3].",
         [("It cost 189 euros.", (1,)), ("Ana paid.", (2, 3))]),
        ("[1] It cost 189.50 euros.\n- Ana paid [1][3]\n2. Ben did not [2-4].",
         [("It cost 189.50 euros.", (1,)), ("Ana paid", (1, 3)), ("Ben did not.", (2, 3, 4))]),
        ("Dr. Brandl came at 5 p.m. on Monday. [evidence 2]",
         [("Dr. Brandl came at 5 p.m. on Monday.", (2,))]),
        ("Answer: **Larch**【4】", [("Larch", (4,))]),
        ("See x[3] and [note].", [("See x and [note].", (3,))]),
        ("我们同意四百欧元。[1] 安娜付了钱。[2]",
         [("我们同意四百欧元。", (1,)), ("安娜付了钱。", (2,))]),
        ("", []), ("\n\n", []), ("[1]", []), ("It is [999999]", [("It is [999999]", ())]),
    ],
)  # fmt: skip
def test_sentences_are_cut_where_they_end(
    text: str, found: list[tuple[str, tuple[int, ...]]], size: int
) -> None:
    assert parts(text, size) == found


def test_a_sentence_is_whole_only_when_the_next_one_begins() -> None:
    taking = Parts()
    assert taking.feed("It cost 189") == []
    assert taking.feed(".50 euros. [1") == []
    assert taking.feed("] ") == []
    assert [part.text for part in taking.feed("Ana")] == ["It cost 189.50 euros."]
    assert taking.rest == "Ana"


def test_endless_text_takes_no_time() -> None:
    for text in ("a" * 100_000, "[1" * 50_000, ". " * 50_000, "\n" * 100_000):
        parts(text)
