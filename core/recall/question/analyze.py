"""A question → what it asks for: its words, its kind, whom and when it is about.

Called by the search, without any model; `kinds`, `named` and `hints` do the parts. A hint is taken
from what a question says, never guessed: what is not understood leaves its field empty.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from cairn.core.recall.question.hints import NO_HINTS, Hints, find_hints
from cairn.core.recall.question.kinds import QuestionKind, kind_of, language_of, small_words
from cairn.core.recall.question.named import is_negated, is_own, names_in
from cairn.core.recall.unspaced import is_unspaced, meanings, pairs, without_asking
from cairn.core.recall.words import WORD, each_word, forms, is_hidden, plain, stem
from cairn.core.times.when import When

STOP = frozenset(
    """a about after all am an and any are as at be been before but by can could did do does for
    from had has have he her him his how i if in into is it its just me my no not of on or our she
    so some tell than that the their them then there these they this to up us was we were what when
    where which who whom whose why will with would you your much many ever still please
    anybody anyone anything somebody someone something
    what's who's where's when's how's i'm we're it's that's""".split()
)
_ASKING = re.compile(r"\b(how|what|which|wie) (\w+)\b", re.IGNORECASE)
_ASKED = frozenset(
    """much many long old far big often day date time year month place
    viel viele lange oft alt weit hoch groß gross teuer""".split()
)
_REPORTED = re.compile(
    r"(\b(?:did|do|does|have|has)\b(?: \S+){1,3}?)(?: last| ever| already)?"
    r" (?:say|said|tell|told|mention(?:ed)?|chat(?:ted)?|talk(?:ed)?|speak|spoken|"
    r"work(?:ed)?(?= on\b| with\b))\b",
    re.IGNORECASE,
)
"""Asks for what somebody said or did: the verb need not be in what they said."""
_TOLD = re.compile(
    r"\b(what \S+(?: \S+)?) (?:wrote|said|told|mentioned)\b"
    r"|\b(did (?:\S+ ){1,3}?)write(?= (?:about|to|in|on)\b)",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\W*(?:(?:please|(?:can|could|would|will) you)\W+)*"
    r"(?:(?:summari[sz]e|compare|describe|explain|list|enumerate|name|show|give|tell|remind"
    r"|beschreibe?|vergleiche?|erkläre?|nenne?|zeige?|erzähle?|résume|décris|explique|montre|resume|explica"
    r"|enumera|muestra)\b(?:-moi|-nous)?(?: (?:me|us|mir|uns))?\b"
    r"(?: (?:the|an?|short|quick|brief))*"
    r"(?: (?:list|summary|overview|description|names?|details?)(?= (?:of|about|on|for)\b))?"
    r"|(?:(?:the|an?|short|quick|brief) )*(?:summary|overview|list)(?= of\b))"
    r"(?: (?:of|about|on|for|all|more|every(?:one|body|thing)|any(?:one|body|thing)))*(?!\S)",
    re.IGNORECASE,
)
"""Says what is to be done with an answer, which need not speak of that."""
_NEEDED = re.compile(
    r"\b(?:do|did|does|will|would) (?:i|we|you) need\b|\bshould (?:i|we)\b", re.IGNORECASE
)
_KNOWN = re.compile(
    r"\b(?:what (?:(?:do|did) )?(?:i|we|you) know|what(?:'s| is) known)\b(?= (?:of|about|on)\b)",
    re.IGNORECASE,
)
_SITTING = (
    re.compile(r"\b(?:when|how often|how long ago|what day|which day|last time)\b"),
    re.compile(r"\b(?:i|we)\b"),
    re.compile(r"\b(?:work|talk|chat|speak|discuss|ask|debug|fix|look)(?:ed|ing|s)?\b"),
)
"""One behind the other."""
_SITTING_NAMED = re.compile(r"\b(?:session|conversation|chat)s? (?:where|in which|when) (?:i|we)\b")
_QUOTED = re.compile(
    r"\"([^\"\n]{2,300})\"|“([^“”„\n]{2,300})[”“]|„([^„“”\n]{2,300})[“”]|«([^«»\n]{2,300})»"
)
_LONG_AGO = re.compile(r"\b(?:how )?long ago\b")


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
    language: str = ""
    """`en`, `de`, `fr` or `es`; empty where its words don't tell."""
    names: tuple[str, ...] = ()
    """Of people and things in it, as they were written."""
    times: tuple[When, ...] = ()
    """The days that are asked about. Their words are among `words`, too: a source may use them."""
    phrases: tuple[str, ...] = ()
    """What it quotes, to be found as it stands."""
    hints: Hints = NO_HINTS
    """Files and folders that it speaks of."""
    is_own: bool = False
    """Is it about whoever asks: I, my, we?"""
    negated: bool = False

    @property
    def spaced(self) -> str:
        """What the index's own splitting into words can find."""
        found = [word for word in self.words if not is_unspaced(word)]
        plainly = (plain(word) for word in found if is_hidden(word))
        known = set(map(plain, found))
        others = (form for stem in self.stems for form in forms(stem) if form not in known)
        return " ".join([*found, *plainly, *others])

    @property
    def ranges(self) -> tuple[tuple[date, date], ...]:
        """The first and last day of each of `times`; "before May" is open towards the past."""
        return tuple(map(_range, self.times))


@lru_cache(maxsize=16)
def analyze(text: str, now: datetime | None = None) -> Question:
    """`now` is what "last week" is counted from. Kept, as each stage of a search asks for it."""
    normal = unicodedata.normalize("NFKC", text)
    folded = normal.lower().replace("’", "'")
    language = language_of(folded)
    words = _words(normal, language)
    bare = _QUOTED.sub(" ", folded)
    return Question(
        text, kind_of(folded, language), tuple(word for word, _ in words),
        tuple(stem for _, stem in words), _is_of_sittings(folded), language,
        names_in(normal, language), _times(text, now, language), _phrases(text),
        find_hints(normal), is_own(bare, language), is_negated(bare, language),
    )  # fmt: skip


def _words(normal: str, language: str) -> list[tuple[str, str]]:
    # "how long" asks for an amount; "long" need not be in the answer.
    rest = _ASKING.sub(lambda m: "" if m[2].casefold() in _ASKED else m[0], normal)
    rest = _TOLD.sub(lambda m: m[1] or m[2], _REPORTED.sub(lambda m: m[1], rest))
    rest = _KNOWN.sub("", _NEEDED.sub("", rest))
    rest = _without_request(rest)
    found = list(_asked(without_asking(rest))) or list(each_word(rest)) or list(each_word(normal))
    words = list(dict.fromkeys(found))
    stop = STOP | small_words(language)
    return [pair for pair in words if pair[0].casefold() not in stop] or words


def _without_request(text: str) -> str:
    found = _REQUEST.match(text)
    rest = text[found.end() :] if found else ""
    return rest if any(word[0].casefold() not in STOP for word in WORD.finditer(rest)) else text


def _asked(text: str) -> Iterator[tuple[str, str]]:
    for match in WORD.finditer(text):
        if match["run"]:
            yield from ((part, pair) for part in meanings(match[0]) for pair in pairs(part))
        else:
            yield match[0], stem(match[0])


def _is_of_sittings(folded: str) -> bool:
    if _SITTING_NAMED.search(folded):
        return True
    for line in folded.split("\n"):
        at = 0
        for pattern in _SITTING:
            match = pattern.search(line, at)
            if not match:
                break
            at = match.end()
        else:
            return True
    return False


def _times(text: str, now: datetime | None, language: str) -> tuple[When, ...]:
    from cairn.core.times.phrases import find

    # "was war am 12. Mai?" could be either.
    found = find(text, now, language or "en") or ([] if language else find(text, now, "de"))
    return tuple(
        when for when in found if not when.repeats and not _LONG_AGO.fullmatch(when.text.lower())
    )


def _range(when: When) -> tuple[date, date]:
    if when.bound in ("before", "until", "by"):
        last = when.first - timedelta(1) if when.bound == "before" else when.last
        return date.min, last
    if when.bound == "after":
        return when.last + timedelta(1), date.max
    return when.first, when.last


def _phrases(text: str) -> tuple[str, ...]:
    found = (next(filter(None, match.groups())).strip() for match in _QUOTED.finditer(text))
    return tuple(dict.fromkeys(each for each in found if any(map(str.isalnum, each))))
