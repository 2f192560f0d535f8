"""Text → the stems it is compared by, and a question → what it asks for.

Recall and the answer share it, so that "matches" means the same in both. The stemmer is the one
the index uses; what the index can't cut into words by itself, `hidden` tells it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import Stemmer

from cairn.core.recall.unspaced import RUN, UNSPACED, is_unspaced, meanings, pairs, without_asking

QuestionKind = Literal["when", "who", "where", "amount", "other"]

_PLAIN_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# Marks that stand on or beside a letter, which `\w` leaves out: they don't end a word.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0963\u0966-\u0dff"
)
_LETTERS = f"(?:[^\\W_{UNSPACED}]|[{_MARKS}])+"
_WORD = re.compile(f"(?P<run>{RUN})|{_LETTERS}(?:['’]{_LETTERS})?")
_SPECIAL = re.compile(f"[{UNSPACED}{_MARKS}]")
"""Without one of these a text is split by the simpler pattern, three times as fast."""
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
        return " ".join([*found, *(plain(word) for word in found if _is_hidden(word))])


def analyze(text: str) -> Question:
    normal = unicodedata.normalize("NFKC", text)
    folded = normal.casefold()
    kind: QuestionKind = next((name for name, found in _KINDS if found.search(folded)), "other")
    # "how long" asks for an amount; "long" need not be in the answer.
    asking = re.compile(r"\b(how|what|which) (\w+)\b", re.IGNORECASE)
    rest = asking.sub(lambda m: "" if m[2].casefold() in _ASKED else m[0], normal)
    rest = _REPORTED.sub(lambda m: m[1], rest)
    found = list(_asked(without_asking(rest))) or list(_words(rest)) or list(_words(normal))
    words = list(dict.fromkeys(found))
    meaningful = [pair for pair in words if pair[0].casefold() not in _STOP] or words
    return Question(
        text, kind, tuple(word for word, _ in meaningful), tuple(stem for _, stem in meaningful),
        _SITTING.search(folded) is not None,
    )  # fmt: skip


def stems(text: str) -> frozenset[str]:
    normal = unicodedata.normalize("NFKC", text)
    if not _SPECIAL.search(normal):
        return frozenset(stem(word) for word in _PLAIN_WORD.findall(normal))
    return frozenset(stem for _, stem in _words(normal))


def counted(text: str) -> Counter[str]:
    """How often each stem stands in a text."""
    normal = unicodedata.normalize("NFKC", text)
    if not _SPECIAL.search(normal):
        return Counter(map(stem, _PLAIN_WORD.findall(normal)))
    return Counter(stem for _, stem in _words(normal))


def hidden(text: str) -> str:
    """The stems of a text that are not found by splitting it at spaces and folding accents.

    Pairs of characters in scripts without spaces, words that touch such characters, and words in
    unusual forms: full width, ligatures, letters followed by their accents.
    """
    if text.isascii():
        return ""
    if not _SPECIAL.search(text):
        return " ".join(stem(word) for word in _PLAIN_WORD.findall(text) if _is_hidden(word))
    normal = unicodedata.normalize("NFKC", text)
    found = [pair for match in _WORD.finditer(normal) if match["run"] for pair in pairs(match[0])]
    for match in _WORD.finditer(text):
        if not match["run"] and (_is_hidden(match[0]) or _touches(text, match)):
            found.append(stem(match[0]))
    return " ".join(found)


def _touches(text: str, match: re.Match[str]) -> bool:
    return is_unspaced(text[max(0, match.start() - 1) : match.start()]) or is_unspaced(
        text[match.end() : match.end() + 1]
    )


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Each word with its stem, and each run without spaces with each of its pairs."""
    for match in _WORD.finditer(text):
        if match["run"]:
            yield from ((match[0], pair) for pair in pairs(match[0]))
        else:
            yield match[0], stem(match[0])


def _asked(text: str) -> Iterator[tuple[str, str]]:
    for match in _WORD.finditer(text):
        if match["run"]:
            yield from ((part, pair) for part in meanings(match[0]) for pair in pairs(part))
        else:
            yield match[0], stem(match[0])


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    return str(_stemmer().stemWord(plain(word).removesuffix("'s")))


def plain(word: str) -> str:
    """In small letters without accents. й is a letter of its own, as the index has it."""
    folded = unicodedata.normalize("NFKC", word).casefold().replace("’", "'")
    return "й".join(_without_marks(part) for part in folded.split("й"))


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


@lru_cache(maxsize=50_000)
def _is_hidden(word: str) -> bool:
    """Does the index make something else of a word? It stems first and then folds Latin letters."""
    if word.isascii():
        return False
    word = word.replace("’", "'")
    if unicodedata.normalize("NFKC", word) != word:
        return True
    indexed = str(_stemmer().stemWord(word.lower().removesuffix("'s")))
    return "".join(map(_fold_latin, indexed)) != stem(word)


def _fold_latin(char: str) -> str:
    base = _without_marks(char)
    return base if base.isascii() else char


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
