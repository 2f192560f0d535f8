"""A claim and a sentence of the evidence → why it doesn't follow from that; "" if it does.

Called by verify.py for whatever a model writes. Every word of the claim must be said there, numbers
with what they count, days, names and "not" alike, and in the same order: where that differs, only
a plain "X is 400 euros" may be told of a sentence that names no other amount.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cairn.core.tree.curate import vocabulary
from cairn.core.tree.curate.binding import base, may_begin, may_end, same_time, same_voice
from cairn.core.tree.curate.dating import Dated, dated, retold
from cairn.core.tree.curate.wording import Reader, Word, is_past, normal, same

MOST_WORDS = 200
_FEWEST = 2
_HARMLESS = frozenset("also too then so thus therefore".split())
_NEGATIONS = frozenset(("NO", *vocabulary.NEGATIONS.values()))
_KEPT = (
    vocabulary.CONDITIONS
    | vocabulary.OPINIONS
    | vocabulary.LIMITED
    | vocabulary.RETRACTIONS
    | frozenset(
        """some several few many much more less fewer most least both half quarter twice about
        approximately roughly around circa plan intend try need used former ex fake false wrong
        cancel cancelled postpone instead once again first last next other another second third
        maximum minimum minus plus double triple""".split()
    )
    | frozenset(("WILL", "MIGHT", "WOULD", "COULD", "CAN", "SHOULD", "MUST", "OR"))
)
"""What such a word says of a sentence is not said without it."""
_VALUES = frozenset(
    "cost agree spend come settle decide take last measure weigh total price fix amount sum".split()
)
"""What may be boiled down to "is"."""
_LOOSE = frozenset(("", "in", "on", "at", "of", "for", "about", "during", "within", "as"))
"""Prepositions that may stand for each other."""
_THIRD = frozenset(("HE", "SHE", "THEY", "IT"))
_OTHERWISE = "the words are there, but not in this order or sense"
_FRAME = re.compile(
    r"^(?:according to (?P<by>[^,]{1,60}), (?:that )?"
    r"|(?P<who>[^,.]{1,60}?) (?:said|says|wrote|writes|mentioned|mentions|noted|notes|told me|"
    r"told you|stated|states|reported|reports) (?:that )?)",
    re.IGNORECASE,
)
_SOURCE = frozenset(
    "the a an your my note notes file files mail mails message messages document chat evidence "
    "text it letter conversation passage".split()
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the evidence, and what has to be known of it."""

    text: str
    speaker: str = ""
    when: str = ""
    language: str = ""
    """Of any but English the words that turn a sense are not known: there, nothing may be left
    out of a sentence."""
    around: str = ""
    """Title and headings above it."""
    after: str = ""
    """The next sentence, which may take it back."""


def disagreement(claim: str, said: Said) -> str:
    text, quoted = normal(claim).strip(), normal(said.text).strip()
    if quoted.rstrip("\"'”»)").endswith("?"):
        return "it was a question"
    text = _without_frame(text, said)
    language = said.language or "en"
    named = dated(quoted, said.when, language)
    told, phrase = retold(text, named, said.when, language)
    if phrase:
        return f"“{phrase}” depends on when it was said"
    for date in told:
        if not any(date.covers(other) for other in named):
            return f"“{text[date.start : date.end]}” is not the time that was named"
    reader = Reader(said.language, (said.speaker,) if said.speaker else ())
    there = reader.quote(quoted, said.speaker, "", named)
    words = [word for word in reader.claim(text, told) if word.text not in _HARMLESS]
    if len(words) < _FEWEST or len(words) > MOST_WORDS or len(there) > MOST_WORDS:
        return "it says nothing" if len(words) < _FEWEST else "it is too long"
    return _turned(words, there, said) or _Pair(words, there, said).fault()


def _without_frame(text: str, said: Said) -> str:
    """Without "Ana wrote that …", where it was Ana; or "The note says that …"."""
    found = _FRAME.match(text)
    if not found:
        return text
    who = [word.casefold() for word in re.findall(r"[^\W_]+", found["by"] or found["who"])]
    speaker = [word.casefold() for word in re.findall(r"[^\W_]+", said.speaker)]
    is_speaker = bool(speaker) and who in (speaker, speaker[:1])
    if not is_speaker and not all(word in _SOURCE for word in who):
        return text
    rest = text[found.end() :]
    return rest[:1].upper() + rest[1:] if len(rest.split()) > 1 else text


def _turned(words: Sequence[Word], there: Sequence[Word], said: Said) -> str:
    """Are "not", "if", "only" and the like the same on both sides?"""
    following = Reader(said.language, ()).quote(normal(said.after), "", "", [])
    if any(word.text in vocabulary.RETRACTIONS for word in (*there, *following)):
        return "it may not have been meant"
    for word in following[:1]:
        if word.text in _NEGATIONS and word.start < 2:
            return "it may not have been meant"
    if _negations(words) != _negations(there):
        return "one of them denies what the other says"
    ours, theirs = _turning(words), _turning(there)
    for text in sorted(theirs - ours):
        return f"“{text.lower()}” is left out"
    for text in sorted(ours - theirs):
        return f"“{text.lower()}” is not in what was said"
    return ""


def _negations(words: Sequence[Word]) -> Counter[str]:
    return Counter(word.text for word in words if word.text in _NEGATIONS and not (word.optional))


def _turning(words: Sequence[Word]) -> frozenset[str]:
    return frozenset(
        name
        for word in words
        for name in (word.text, base(word.text))
        if name in _KEPT and not (word.optional and word.text not in ("again", "once"))
    )


class _Pair:
    def __init__(self, words: list[Word], there: list[Word], said: Said) -> None:
        self._words, self._there, self._language = words, there, said.language
        self._around = Reader(said.language, ()).quote(normal(said.around), "", "", [])
        people = {word.text for word in there if word.text.startswith("@")}
        people |= {word.text for word in there if word.text in _THIRD - {"IT"}}
        self._people = people

    def fault(self) -> str:
        for word in self._words:
            if not any(self._is(word, other) for other in (*self._there, *self._around)):
                return f"“{word.raw or word.text}” is not in what was said"
        if not self._counted():
            return "a number counts something else there"
        if self._is_told(self._words, self._there):
            return ""
        if self._may_move_day():
            words, there = ([w for w in each if not w.date] for each in (self._words, self._there))
            if self._is_told(words, there):
                return ""
        return "" if self._language == "en" and self._is_value() else _OTHERWISE

    def _is(self, one: Word, other: Word) -> bool:
        if one.date or other.date:
            return bool(one.date and other.date and one.date.covers(other.date))
        if one.text in _THIRD and one.text != "IT" and other.text[:1] == "@":
            return len(self._people) == 1
        if one.is_sign or other.is_sign:
            return one.text == other.text or one.text in other.keys or other.text in one.keys
        return same(one.text, other.text, self._language)

    def _counted(self) -> bool:
        """Has each number what it counts beside it on both sides?"""
        for at, word in enumerate(self._words):
            if not word.text.startswith("#") or at + 1 >= len(self._words):
                continue
            unit = self._words[at + 1]
            if unit.is_sign or unit.date or not unit.adjoins:
                continue
            places = [n for n, other in enumerate(self._there) if self._is(word, other)]
            beside = (
                other
                for place in places
                for other in self._there[max(0, place - 1) : place + 3]
                if other.text != word.text
            )
            if not any(self._is(unit, other) for other in beside):
                return False
        return True

    def _is_told(self, words: Sequence[Word], there: list[Word]) -> bool:
        return any(self._follows(words, there, begin) for begin in range(len(there)))

    def _follows(self, words: Sequence[Word], there: list[Word], begin: int) -> bool:
        """Are the words said in this order from there on, with nothing hard left out between?"""
        if not words or not _may_begin(there, begin):
            return False
        if self._language != "en" and sum(not word.optional for word in there) > len(words):
            return False
        at = begin
        for number, word in enumerate(words):
            first = at
            while at < len(there) and not self._agrees(word, there[at], number == 0):
                # A head must not be cut off what stands before it, as in "camera lens".
                if number == 0 or self._is_hard(there[at]) or (at == first and there[at].adjoins):
                    return False
                at += 1
            if at == len(there):
                return False
            at += 1
        return may_end(there, begin, at, words[-1])

    def _may_move_day(self) -> bool:
        """A sentence with one day and one statement may name it at its beginning or its end."""
        days = [[word for word in each if word.date] for each in (self._words, self._there)]
        if any(len(each) != 1 for each in days):
            return False
        if not _same_place(days[0][0], days[1][0], in_order=True):
            return False
        return not any(word.joined or word.comma for word in (*self._words, *self._there)[1:])

    def _agrees(self, word: Word, other: Word, is_first: bool) -> bool:
        if not self._is(word, other) or word.owns != other.owns:
            return False
        if not _same_place(word, other, in_order=True):
            return False
        if is_first and (word.be or word.tense) and not (other.be or other.tense):
            return False
        return bool(word.date) or (same_time(word, other) and same_voice(word, other))

    def _is_value(self) -> bool:
        """Is it "X is 400 euros", of a sentence with one amount or day, and nobody else in it?"""
        told, there = (
            [[word for word in each if word.date], [word for word in each if word.text[:1] == "#"]]
            for each in (self._words, self._there)
        )
        if not any(told) or any(
            ours and len(theirs) > 1 for ours, theirs in zip(told, there, strict=True)
        ):
            return False
        if sum(word.be for word in self._words) != 1 or any(word.joined for word in self._words):
            return False
        left_out = [
            word for word in self._there if not any(self._is(each, word) for each in self._words)
        ]
        return all(map(_is_slight, left_out)) and all(map(self._may_stand, self._words))

    def _may_stand(self, word: Word) -> bool:
        """In any order: then it is no one who does something, nor what is done."""
        if word.text.startswith("@") or word.text in _THIRD:
            return False
        if word.date or word.text[:1] == "#":
            return True
        there = [other for other in self._there if self._is(word, other)]
        if not there:  # it stands above
            return word.raw[:1].islower() or word.article
        if any(self._is_hard(other) for other in there):
            return False
        if is_past(word.text) and word.be:
            return any(other.be for other in there)
        return any(
            other.owns == word.owns and _same_place(word, other, in_order=False) for other in there
        )

    def _is_hard(self, word: Word) -> bool:
        """A number, a day, a name, a person: whatever must not be mixed up with another."""
        if word.date or word.text[:1] in ("@", "#") or word.text in _THIRD - {"IT"}:
            return True
        return word.raw[:1].isupper() and not word.is_sign and not (word.article and word.begins)


def _may_begin(there: list[Word], at: int) -> bool:
    """Where a statement does; also behind ", and" with a name."""
    word = there[at]
    is_next = word.joined and word.comma and word.raw[:1].isupper()
    return is_next or may_begin(there, at)


def _is_slight(word: Word) -> bool:
    """May it be left out of "X is 400 euros"?"""
    if word.optional or word.date or word.raw.casefold() in vocabulary.FIRST:
        return True
    return not word.is_sign and any(same(word.text, each, "en") for each in _VALUES)


def _same_place(word: Word, other: Word, *, in_order: bool) -> bool:
    """Does the same preposition lead to it? From and to, before and after are not the same."""
    one, two = (each.preposition.split(" ") for each in (word, other))
    if one == two:
        return True
    if [each for each in one if each not in _LOOSE] != [each for each in two if each not in _LOOSE]:
        return False
    is_bare = not (word.preposition and other.preposition)
    return not (is_bare and in_order and not word.date)


def without_day(claim: str, said: Said) -> str:
    """The claim less the day on which its sentence was written; "" if it doesn't name that."""
    day = said.when[:10]
    text = normal(claim).strip()
    if dated(normal(said.text), said.when, said.language or "en"):
        return ""
    for date in dated(text, said.when, said.language or "en"):
        if day and date.first.isoformat() == date.last.isoformat() == day and not date.bound:
            return _cut_out(text, date)
    return ""


def _cut_out(text: str, date: Dated) -> str:
    before = re.sub(r"[\s,]*(?:\bon)?\s*$", "", text[: date.start], flags=re.IGNORECASE)
    after = text[date.end :].lstrip(" ,:")
    joined = f"{before} {after}".strip() if after[:1].isalnum() else f"{before}{after}".strip()
    return joined[:1].upper() + joined[1:]
