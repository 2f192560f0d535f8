"""Whether the clause around a phrase tells of what was or of what will be: -1, 1, or 0 if unclear.

Called for phrases that could be either, such as a bare "Friday". The nearest word before the phrase
that shows a tense decides, else the first one after it; only the phrase's own clause counts.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

_REACH = 160
_BORDER = re.compile(r"[.!?;:\n()]|, (?:and|but|so|then|because|while)\b|\b(?:but|because)\b")
_WORD = re.compile(r"[^\W\d_]+")
_PASSIVE = frozenset("is are be being s re".split())
_NOT_PAST = frozenset(
    "need feed seed red bed speed indeed hundred embed exceed proceed succeed bleed breed shed "
    "wed led sled naked wicked ted fred".split()
)
_FUTURE = frozenset(
    "will ll shall going gonna let lets plan plans planning must should need needs hope hoping "
    "want wants see due until till by book remind can could would might is are m re am join "
    "wird werde werden wirst soll muss sollen müssen bis plant "
    "va vais allons vont allez aura sera ferai sommes "
    "voy va vamos van será tendré debe quiero hasta".split()
)
_PAST = frozenset(
    "was were did didn had went saw met bought got came took told said made ate left gave found "
    "thought felt knew wrote ran sent spent lost won kept held began began broke brought built "
    "caught chose drew drank drove fell flew forgot grew heard hid knew lent meant paid "
    "rode rang rose sang sat sold shot slept spoke stood stole swam taught threw "
    "understood woke wore been since ago "
    "war waren hatte hatten habe hat haben wurde wurden ging kam sah gestern seit "
    "étais était étaient avait avais ai avons ont suis fut depuis "
    "fui fue era estaba hice hizo había compré vi comí estuve tuve desde".split()
)


class Clauses:
    """The clauses of one text and the words in them that show a tense, found when first asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._borders: list[int] | None = None
        self._places: list[int] = []
        self._cues: list[int] = []

    def tense(self, start: int, end: int) -> int:
        if self._borders is None:
            self._borders = [border.end() for border in _BORDER.finditer(self._text)]
            self._read()
        borders, places = self._borders, self._places
        border = bisect_right(borders, start)
        begins = max(start - _REACH, borders[border - 1] if border else 0)
        former = bisect_left(places, start) - 1
        if former >= 0 and places[former] >= begins:
            return self._cues[former]
        border = bisect_right(borders, end)
        ends = min(end + _REACH, borders[border] if border < len(borders) else end + _REACH)
        following = bisect_left(places, end)
        if following < len(places) and places[following] < ends:
            return self._cues[following]
        return 0

    def _read(self) -> None:
        former = ""
        for match in _WORD.finditer(self._text):
            word = match[0].lower()
            if cue := _tense(word, former):
                self._places.append(match.start())
                self._cues.append(cue)
            former = word


def _tense(word: str, former: str) -> int:
    if word in _FUTURE:
        return 1
    if word in _PAST:
        return -1
    if word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST:
        return 1 if former in _PASSIVE else -1
    return 0
