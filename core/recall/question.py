"""A question → what it asks for: its words, its kind, whom and when it is about.

Called by the search, without any model. A hint is taken from what a question says, never guessed:
what is not understood leaves its field empty.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cairn.core.recall.unspaced import is_unspaced, meanings, pairs, without_asking
from cairn.core.recall.words import WORD, each_word, is_hidden, plain, stem

QuestionKind = Literal["when", "who", "where", "amount", "other"]

_STOP = frozenset(
    """a about after all am an and any are as at be been before but by can could did do does for
    from had has have he her him his how i if in into is it its just me my no not of on or our she
    so some tell than that the their them then there these they this to up us was we were what when
    where which who whom whose why will with would you your much many ever still please
    what's who's where's when's how's i'm we're it's that's""".split()
)
_ASKED = frozenset("much many long old far big often day date time year month place".split())
_KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    ("when", re.compile(r"\b(when|what (day|date|time|year|month)|which (day|date|month|year))\b")),
    ("who", re.compile(r"\b(who|whom|whose|which person)\b")),
    ("where", re.compile(r"\b(where|which (place|city|address|folder))\b")),
    ("amount", re.compile(r"\b(how (much|many|long|old|far|big|often)|budget|costs?|price|fee)\b")),
)  # fmt: skip


_REPORTED = re.compile(
    r"(\b(?:did|do|does|have|has)\b(?: \S+){1,3}?)(?: last| ever| already)?"
    r" (?:say|said|tell|told|mention(?:ed)?|chat(?:ted)?|talk(?:ed)?|speak|spoken|"
    r"work(?:ed)?(?= on\b| with\b))\b",
    re.IGNORECASE,
)
"""Asks for what somebody said or did: the verb need not be in what they said."""
_SITTING = re.compile(
    r"\b(when|how often|how long ago|what day|which day|last time)\b.*\b(i|we)\b.*"
    r"\b(work|talk|chat|speak|discuss|ask|debug|fix|look)(ed|ing|s)?\b"
    r"|\b(session|conversation|chat)s?\b (where|in which|when) (i|we)\b"
)


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    kind: QuestionKind
    words: tuple[str, ...]
    """The words that carry its meaning, as they were typed."""
    stems: tuple[str, ...]
    """Their stems, side by side with `words`; a run without spaces stands beside each pair."""
    is_of_sittings: bool = False
    """Does it ask when something was worked on or talked about, rather than what was said?"""

    @property
    def spaced(self) -> str:
        """What the index's own splitting into words can find."""
        found = [word for word in self.words if not is_unspaced(word)]
        return " ".join([*found, *(plain(word) for word in found if is_hidden(word))])


def analyze(text: str, now: datetime | None = None) -> Question:
    """`now` is what "last week" is counted from."""
    del now
    normal = unicodedata.normalize("NFKC", text)
    folded = normal.casefold()
    kind: QuestionKind = next((name for name, found in _KINDS if found.search(folded)), "other")
    # "how long" asks for an amount; "long" need not be in the answer.
    asking = re.compile(r"\b(how|what|which) (\w+)\b", re.IGNORECASE)
    rest = asking.sub(lambda m: "" if m[2].casefold() in _ASKED else m[0], normal)
    rest = _REPORTED.sub(lambda m: m[1], rest)
    found = list(_asked(without_asking(rest))) or list(each_word(rest)) or list(each_word(normal))
    words = list(dict.fromkeys(found))
    meaningful = [pair for pair in words if pair[0].casefold() not in _STOP] or words
    return Question(
        text, kind, tuple(word for word, _ in meaningful), tuple(stem for _, stem in meaningful),
        _SITTING.search(folded) is not None,
    )  # fmt: skip


def _asked(text: str) -> Iterator[tuple[str, str]]:
    for match in WORD.finditer(text):
        if match["run"]:
            yield from ((part, pair) for part in meanings(match[0]) for pair in pairs(part))
        else:
            yield match[0], stem(match[0])
