"""Text → the stems it is compared by, and a question → what it asks for.

Recall and the answer share it, so that "matches" means the same in both. The stemmer is the one
the index uses.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import Stemmer

QuestionKind = Literal["when", "who", "where", "amount", "other"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
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


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    kind: QuestionKind
    words: tuple[str, ...]
    """The words that carry its meaning, as they were typed."""
    stems: tuple[str, ...]
    """Their stems, side by side with `words`."""


def analyze(text: str) -> Question:
    folded = text.casefold()
    kind: QuestionKind = next((name for name, found in _KINDS if found.search(folded)), "other")
    # "how long" asks for an amount; "long" need not be in the answer.
    asking = re.compile(r"\b(how|what|which) (\w+)\b", re.IGNORECASE)
    rest = asking.sub(lambda m: "" if m[2].casefold() in _ASKED else m[0], text)
    words = list(dict.fromkeys(_WORD.findall(rest) or _WORD.findall(text)))
    meaningful = [word for word in words if word.casefold() not in _STOP] or words
    return Question(text, kind, tuple(meaningful), tuple(stem(word) for word in meaningful))


def stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _WORD.findall(text))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return str(_stemmer().stemWord(plain.removesuffix("'s")))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
