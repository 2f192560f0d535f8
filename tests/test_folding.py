"""What fits a terminal, and what is broken where."""

from __future__ import annotations

import re

from cairn.app.folding import folded


def test_a_line_that_fits_stays_as_it_is() -> None:
    rows = ["", "    ", "  a  b", "x" * 80]
    assert folded(rows, 80) == rows


def test_lines_are_broken_between_words_and_hang_below_their_start() -> None:
    assert folded(["  · the rent goes up to 1,310 euros a month"], 26) == [
        "  · the rent goes up to", "    1,310 euros a month",
    ]  # fmt: skip


def test_styles_take_no_room_and_survive() -> None:
    row = "\x1b[1mbold words\x1b[0m  \x1b[2m" + "dim " * 12 + "\x1b[0m"
    lines = folded([row], 40)
    assert len(lines) == 2
    assert "".join(lines).replace(" ", "") == row.replace(" ", "")
    assert all(len(re.sub(r"\x1b\[\d*m", "", line)) <= 40 for line in lines)


def test_wide_characters_count_twice_and_marks_not_at_all() -> None:
    assert folded(["日本旅行の計画 予算は三十万円です"], 30) == [
        "日本旅行の計画", "  予算は三十万円です",
    ]  # fmt: skip
    assert folded(["e\u0301" * 30], 30) == ["e\u0301" * 30]


def test_a_word_that_is_too_long_stays_whole() -> None:
    assert folded(["see " + "x" * 200 + " there"], 40) == ["see", "  " + "x" * 200, "  there"]
    assert folded(["x" * 200], 40) == ["x" * 200]
