"""Is a quote at an address one of the planted sentences? Matching for `tree_life`.

Wrapped lines, punctuation and letters' case do not count; a neighbouring sentence in the quote, or
half of the planted one, is near enough, and a page copied as a whole is not.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote

from tests.bench.life.gold import Life, Planted

_LONGEST = 4
"""A quote of more than this many times the sentence has copied, not found."""
_LEAST = 0.4
"""Of a sentence, that a quote may be: half of two that belong together."""


def document_of(life: Life, uri: str) -> str:
    """The document of the life that an address is in, "" for none."""
    place = unquote(uri.partition("#")[0].partition("!/")[0])
    if place.startswith("chat:"):
        place = f"chats/{place.rpartition('/')[2]}.turns.jsonl"
    parts = place.split("/")
    known = _known(life)
    return next((tail for n in range(len(parts)) if (tail := "/".join(parts[n:])) in known), "")


_KNOWN: dict[int, frozenset[str]] = {}


def _known(life: Life) -> frozenset[str]:
    if id(life) not in _KNOWN:
        _KNOWN.clear()
        _KNOWN[id(life)] = frozenset(life.documents)
    return _KNOWN[id(life)]


def matches(quote: str, planted: Planted) -> bool:
    """Is the quote this sentence, or near enough: wrapped, with its neighbour, half of it?"""
    quoted = words(quote)
    if not quoted:
        return False
    if _is_about(quoted, words(planted.line.text)):
        return True
    return any(_holds(quoted, words(line)) for line in planted.line.also)


def _is_about(quoted: list[str], text: list[str]) -> bool:
    if len(quoted) > _LONGEST * len(text) + 8 or len(quoted) < _LEAST * len(text):
        return False
    if _holds(quoted, text):
        return True
    common = sum((Counter(quoted) & Counter(text)).values())
    return len(text) > 3 and common >= 0.85 * min(len(quoted), len(text))


def _holds(quoted: list[str], text: list[str]) -> bool:
    long, short = f" {' '.join(quoted)} ", f" {' '.join(text)} "
    return short in long or (len(quoted) > 2 and long in short)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
