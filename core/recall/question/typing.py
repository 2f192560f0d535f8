"""A search that is still being typed → the same with its last word whole, if it is none yet.

Called where results are shown while somebody types. A word that stands in the memory as it is
stays what it is, so that whatever is typed to its end finds the same as anywhere else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from cairn.core.recall.words import WORD, plain

_SHORTEST = 3
_LOOKED_AT = 200
"""Passages that hold the letters: the word that is meant is among the frequent ones."""
Texts = Callable[[str, int], Iterable[str]]
"""So many of the texts that hold some letters."""


def completed(text: str, missing: Sequence[str], texts: Texts) -> str:
    """ "" where the last word is whole, or nothing is known that begins like it.

    `missing` are the words that no passage holds. What stands beside the other words is preferred.
    """
    found = [*WORD.finditer(text)]
    if not found:
        return ""
    *before, last = found
    if last["run"] or last.end() != len(text) or last[0] not in missing:
        return ""
    if len(last[0]) < _SHORTEST:
        return ""
    others = [plain(each[0]) for each in before if len(each[0]) >= _SHORTEST]
    begun = re.compile(rf"(?<!\w){re.escape(last[0])}\w+", re.IGNORECASE)
    worth: Counter[str] = Counter()
    for each in texts(last[0], _LOOKED_AT):
        said = plain(each)
        beside = sum(other in said for other in others)
        for word in set(map(str.lower, begun.findall(each))):
            worth[word] += 1 + _LOOKED_AT * beside
    best = min(worth, key=lambda word: (-worth[word], len(word), word), default="")
    return best and text[: last.start()] + best
