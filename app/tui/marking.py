"""A text and what was searched → the text with the words of the search marked in it.

Used by results and previews. A word marks those that begin as it does, as words are looked for by
their stems.
"""

from __future__ import annotations

import re

from textual.content import Content

_STEM = 4
"""Letters that a word must share at least; endings differ."""
_MOST = 300
MARK = "bold $primary"


def words_of(query: str) -> tuple[str, ...]:
    found = re.findall(r"\w+", query.casefold())
    return tuple(dict.fromkeys(word for word in found if len(word) > 2 or word.isdigit()))


def marked(content: Content, words: tuple[str, ...], style: str = MARK) -> Content:
    for begin, end in places(content.plain, words):
        content = content.stylize(style, begin, end)
    return content


def places(text: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    if not words:
        return []
    stems = "|".join(re.escape(_stem(word)) for word in words)
    pattern = re.compile(rf"\b(?:{stems})\w*", re.IGNORECASE)
    return [found.span() for found, _ in zip(pattern.finditer(text), range(_MOST), strict=False)]


def around(text: str, words: tuple[str, ...], width: int) -> str:
    """As much of a line as fits, with the first of the words in it."""
    if len(text) <= width:
        return text
    first = next((begin for begin, _ in places(text, words)), 0)
    start = max(0, min(first - width // 4, len(text) - width))
    if start:
        start = text.find(" ", start) + 1 or start
    return ("…" if start else "") + text[start:]


def _stem(word: str) -> str:
    return word if len(word) <= _STEM else word[: max(_STEM, len(word) - 3)]
