"""A text that comes beside a question → the few of its words that the memory knows best.

`git diff | cairn ask "did we decide this?"`: the words stand for what "this" is. Only words that
are in the memory already are taken, so nothing of the text is kept that was not there before.
"""

from __future__ import annotations

import re
from collections import Counter

from cairn.core.recall.certain.probes import Rarity
from cairn.core.recall.question.analyze import STOP
from cairn.core.recall.words import each_word

_MOST = 5
_SHORTEST = 4
_MOST_TIMES = 4
"""A word that is said more often than that is no more telling."""
_POINTS = re.compile(r"\b(?:this|that|these|those|it)\b(?!\s+\w)", re.IGNORECASE)


def known_words(text: str, rarity: Rarity) -> tuple[str, ...]:
    """In the order of the text; those that tell the most."""
    spelled: dict[str, str] = {}
    times: Counter[str] = Counter()
    for word, stem in each_word(text):
        if len(word) >= _SHORTEST and word.isalpha() and word.casefold() not in STOP:
            spelled.setdefault(stem, word.casefold())
            times[stem] += 1
    known = [stem for stem in spelled if rarity.holders[stem]]
    worth = {stem: min(times[stem], _MOST_TIMES) * rarity.of(stem) for stem in known}
    best = set(sorted(known, key=lambda stem: -worth[stem])[:_MOST])
    return tuple(spelled[stem] for stem in known if stem in best)


def pointed(question: str, words: tuple[str, ...]) -> str:
    """The question with the words where it points at the text, or else behind it."""
    if not words:
        return question
    told = " ".join(words)
    filled, times = _POINTS.subn(told, question, count=1)
    return filled if times else f"{question.rstrip(' ?')}: {told}?"
