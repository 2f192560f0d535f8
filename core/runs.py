"""A long sentence → runs of its words, by which a part of it is known however a text is cut.

Called where something is barred and wherever something comes in: what has no full stop is cut into
passages anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from cairn.core.redact.scan import UNSEEN

LONG = 60
"""Words of a sentence that may be cut."""
_WORDS, _TELLING = 8, 4
_WORD = re.compile(r"[^\W_]+")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Letters of Chinese and Japanese, each of which is taken for a word here."""
_PART = re.compile(rf"{UNSPACED.pattern}|[^{UNSPACED.pattern[1:]}+")


class Word(NamedTuple):
    start: int
    end: int
    plain: str


def words_of(text: str) -> list[Word]:
    return [
        Word(match.start() + part.start(), match.start() + part.end(), folded(part[0]))
        for match in _WORD.finditer(text)
        for part in _PART.finditer(match[0])
    ]


def is_long(text: str) -> bool:
    return len(text) >= LONG and len(words_of(text)) >= LONG


def runs(text: str) -> Iterator[Word]:
    """So many words from every one of them on; none of mere numbers."""
    words = words_of(text)
    for at in range(len(words) - _WORDS + 1):
        part = words[at : at + _WORDS]
        if len({each.plain for each in part if not each.plain.isdecimal()}) >= _TELLING:
            yield Word(part[0].start, part[-1].end, " ".join(each.plain for each in part))


def folded(text: str) -> str:
    """As the same letters are in any case, width or font, and without those that nobody sees."""
    return unicodedata.normalize("NFKC", UNSEEN.sub("", text)).casefold()
