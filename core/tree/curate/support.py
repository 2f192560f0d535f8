"""Is a claim supported by its quotes? "" if it is, otherwise the reason why not, in plain words.

Both curators ask before anything becomes an entry. A claim must be a run of what was said, word by
word in its order, with the speaker's name for "I" and days for "yesterday"; nothing may be left out
within it, nor before it, nor cut off a word at its end. True claims are refused rather than one
accepted that was not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cairn.core.records import Source
from cairn.core.tree.curate import vocabulary
from cairn.core.tree.curate.binding import (
    base,
    is_inverted,
    is_limited,
    keeps_conditions,
    may_begin,
    may_end,
    merged,
    same_time,
    same_voice,
)
from cairn.core.tree.curate.dating import Dated, dated, retold
from cairn.core.tree.curate.wording import DATE, Reader, Word, is_past, key, normal, same

_MOST_WORDS = 400
_MOST_SOURCES = 12
_PLACED = frozenset(("HE", "SHE", "THEY", "NOT", "others", DATE))
"""Whether they may stand in a claim depends on where."""
_OTHERWISE = "the words were said, but not in this order or sense"
_HARMLESS = frozenset("also too then so".split())


@dataclass(frozen=True, slots=True)
class _Quote:
    words: list[Word]
    speaker: str
    asks: frozenset[int]
    """Which of its sentences are questions."""
    agrees: str
    """`yes` or `no` if it begins with that."""


def unsupported(
    claim: str, sources: Sequence[Source], *, language: str = "en", listener: str = ""
) -> str:
    """Why the claim doesn't follow from the quotes; `listener` is whom their "you" means."""
    said = [source for source in sources if source.quote.strip()][: _MOST_SOURCES + 1]
    text = normal(claim)
    if not said or len(said) > _MOST_SOURCES:
        return "it cites no words" if not said else "it cites too much"
    if sum(len(source.quote) for source in said) + len(text) > _MOST_WORDS * 10:
        return "it cites too much"
    people = tuple(dict.fromkeys((*(source.who for source in said), listener)))
    reader = Reader(language, tuple(name for name in people if name))
    found = [dated(normal(source.quote), source.when, language) for source in said]
    named = [date for dates in found for date in dates]
    told, phrase = retold(text, named, said[0].when, language)
    if phrase:
        return f"“{phrase}” depends on when it was said"
    for date in told:
        if not any(date.covers(other) for other in named):
            return f"“{text[date.start : date.end]}” is not the time that was named"
    quotes = [
        _quote(reader, source, dates, _listener(source, said, listener))
        for source, dates in zip(said, found, strict=True)
    ]
    words = reader.claim(text, told)
    return _Check(quotes, language, asks=text.rstrip().endswith("?")).fault(words)


def _listener(source: Source, said: list[Source], listener: str) -> str:
    others = {other.who for other in said} - {source.who}
    if listener:
        return listener
    return (others.pop() or "me") if len(others) == 1 else ""


def _quote(reader: Reader, source: Source, dates: list[Dated], listener: str) -> _Quote:
    text = normal(source.quote)
    words = reader.quote(text, source.who, listener, dates)
    asks: set[int] = set()
    for word, following in zip(words, [*words[1:], None], strict=True):
        if following is None or following.sentence != word.sentence:
            end = following.start if following else len(text)
            if "?" in text[word.start : end]:
                asks.add(word.sentence)
    first = text.casefold().lstrip("\"'“ ").replace(",", " ").replace(".", " ").split()[:1]
    agrees = "yes" if set(first) & vocabulary.YES else "no" if set(first) & vocabulary.NO else ""
    return _Quote(words[:_MOST_WORDS], key(source.who), frozenset(asks), agrees)


@dataclass(frozen=True, slots=True)
class _State:
    """How far a claim has been found to be said, and where."""

    at: int
    used: frozenset[int]
    is_dated: bool


@dataclass(frozen=True, slots=True)
class _Run:
    quote: int
    end: int
    """Where the claim goes on."""
    dates: frozenset[Dated]
    """Of the statement it is part of."""
    is_limited: bool
    """It says something that is true only with all that was said, such as "not"."""


class _Check:
    def __init__(self, quotes: list[_Quote], language: str, *, asks: bool) -> None:
        self._quotes = quotes
        self._language = language
        self._asks = asks
        self._answer = next((quote.agrees for quote in quotes if quote.agrees), "")

    def fault(self, words: list[Word]) -> str:
        if all(word.text in _HARMLESS or word.text.startswith("@") for word in words):
            return "it says nothing"
        if any(word.date and (word.preposition or word.article) for word in words):
            return _OTHERWISE
        if missing := self._missing(words):
            return f"“{missing}” is not in what was said"
        if any(
            word.text in vocabulary.RETRACTIONS for quote in self._quotes for word in quote.words
        ):
            return "it may not have been meant"
        subject: Word | None = None
        for number in sorted({word.sentence for word in words}):
            part = [word for word in words if word.sentence == number]
            part, asks = self._without_frame(part)
            subject = _subject(part) or subject
            if part and not self._said(_bound(part, subject), subject, asks=asks or self._asks):
                return _OTHERWISE
        return ""

    def _missing(self, words: list[Word]) -> str:
        everything = [word for quote in self._quotes for word in quote.words]
        speakers = {quote.speaker for quote in self._quotes}
        for word in words:
            if word.text in speakers or word.text in _HARMLESS or word.text in vocabulary.THIRD:
                continue
            if word.text in _PLACED:
                continue  # these depend on their place
            if base(word.text) in vocabulary.REPORTING | vocabulary.PROMISES | {"user"}:
                continue
            if not any(self._is(word, other) for other in everything):
                return word.raw or word.text
        return ""

    def _is(self, one: Word, other: Word) -> bool:
        if one.date or other.date:
            return bool(one.date and other.date and one.date.covers(other.date))
        if one.is_sign or other.is_sign:
            return one.text == other.text or one.text in other.keys or other.text in one.keys
        return same(one.text, other.text, self._language)

    def _without_frame(self, part: list[Word]) -> tuple[list[Word], bool]:
        """Without "Ana said that …", which tells who said it and adds nothing."""
        speakers = {quote.speaker for quote in self._quotes}
        if len(part) < 2 or part[0].text not in speakers:
            return part, False
        verb = base(part[1].text)
        spoken = any(self._is(part[1], word) for quote in self._quotes for word in quote.words)
        if verb not in vocabulary.REPORTING or spoken or part[1].owns:
            return part, False
        who, rest = part[0], part[2:]
        if rest and rest[0].text in speakers and rest[0].text != who.text:
            if rest[0].preposition == "" and not rest[0].adjoins:
                return rest, verb in ("ask", "wonder")
            rest = rest[1:]  # Ana told Ben that …
        if rest and rest[0].text in ("HE", "SHE", "THEY", who.text):
            rest = [replace(rest[0], text=who.text, preposition="", article=False), *rest[1:]]
        return rest, verb in ("ask", "wonder")

    def _said(self, part: list[Word], subject: Word | None, *, asks: bool) -> bool:
        """With its date where the quote has it or, if there is but one, anywhere else."""
        for at, word in enumerate(part[:-1]):
            if base(word.text) in vocabulary.PROMISES and part[at + 1].preposition == "to":
                will = replace(word, text="WILL", tense="")  # "promised to come": "I'll come"
                rest = [replace(part[at + 1], preposition=""), *part[at + 2 :]]
                if self._said([*part[:at], will, *rest], subject, asks=asks):
                    return True
        if self._follows(part, subject, None, asks=asks):
            return True
        dates = [w.date for w in part if w.date and not (w.joined or w.be or w.tense)]
        rest = [word for word in part if not word.date]
        return len(dates) == 1 and bool(rest) and self._follows(rest, subject, dates[0], asks=asks)

    def _follows(
        self, part: list[Word], subject: Word | None, date: Dated | None, *, asks: bool
    ) -> bool:
        """Can the claim be put together of runs of its quotes, each of another one?"""
        begin = _State(0, frozenset(), is_dated=date is None)
        stack, seen = [begin], {begin}
        while stack:
            state = stack.pop()
            for run in self._runs(part, state, subject):
                if date and run.dates and not all(date.covers(other) for other in run.dates):
                    continue
                if run.is_limited and not _has_dates(run, part, date):
                    continue
                following = _State(
                    run.end, state.used | {run.quote}, is_dated=state.is_dated or bool(run.dates)
                )
                if run.end == len(part) and following.is_dated:
                    if self._is_answered(following.used, asks=asks):
                        return True
                elif run.end < len(part) and following not in seen:
                    seen.add(following)
                    stack.append(following)
        return False

    def _is_answered(self, used: frozenset[int], *, asks: bool) -> bool:
        """A question alone says nothing, unless it is told as one."""
        if asks or self._answer:
            return True
        return any(not self._quotes[number].asks for number in used)

    def _runs(self, part: list[Word], state: _State, subject: Word | None) -> Iterator[_Run]:
        """Which quotes say the claim from there on, and how far."""
        at, is_reply = state.at, any(self._quotes[number].asks for number in state.used)
        for number, quote in enumerate(self._quotes):
            if number in state.used:
                continue
            for begin, word in enumerate(quote.words):
                is_asked = word.sentence in quote.asks
                if not may_begin(quote.words, begin) or (is_inverted(word) and not is_asked):
                    continue
                rest, added = part[at:], 0
                if at and not is_reply:  # another statement about the same: "… and works there"
                    if subject is None or not part[at].joined:
                        continue
                    first = replace(subject, preposition="", joined=False, owns=False)
                    rest, added = [first, replace(rest[0], joined=False), *rest[1:]], 1
                elif not at and _is_short(rest, quote, word):
                    shorn = (
                        replace(rest[1], be=False, tense="") if word.text[-3:] == "ing" else rest[1]
                    )
                    rest, added = [shorn, *rest[2:]], -1
                denies = is_asked and self._answer == "no"
                size, end = self._run(rest, quote.words, begin, denies=denies)
                is_bare = end - begin == 1 and at + size - added < len(part)
                if size > max(added, 0) and (is_asked or not is_bare):
                    yield _Run(
                        number, at + size - added, _dates(quote.words, begin, end),
                        is_limited(quote.words, begin, end),
                    )  # fmt: skip

    def _run(
        self, part: list[Word], said: list[Word], begin: int, *, denies: bool
    ) -> tuple[int, int]:
        """How many words of the claim stand in the quote from `begin` on, unbroken, and its end."""
        at, count, is_denied = begin, 0, False
        for number, word in enumerate(part):
            if denies and word.text == "NOT" and not is_denied:
                is_denied, count = True, number + 1
                continue
            if word.text == "others" and at > begin and "OTHERS" in said[at - 1].keys:
                count = number + 1  # "Ana and others" for "we"
                continue
            following = self._next(word, said, at, begin, part[0])
            if following < 0 and word.text not in _HARMLESS:
                break
            at, count = max(at, following), number + 1
        if (
            at == begin
            or (denies and not is_denied)
            or not may_end(said, begin, at, part[count - 1])
        ):
            return 0, at
        return (count if keeps_conditions(said, begin, at, part[:count]) else 0), at

    def _next(self, word: Word, said: list[Word], at: int, begin: int, first: Word) -> int:
        """Where the quote goes on after `word`, which it has next but for fillers; -1 if not."""
        before: Word | None = None
        while at < len(said) and said[at].sentence == said[begin].sentence:
            other = merged(before, said[at])
            if self._agrees(word, other, is_first=at == begin):
                return at + 1
            again = said[at].begins and said[at].text == first.text and at > begin
            if not (said[at].optional or again) or at == begin:
                return -1
            before, at = other, at + 1
        return -1

    def _agrees(self, word: Word, other: Word, *, is_first: bool) -> bool:
        if not self._is(word, other):
            return False
        if word.owns != other.owns and not word.text.isdigit():
            return False
        if word.preposition != other.preposition and not word.date:
            return False
        if word.joined != other.joined and not (is_first and other.joined):
            return False
        if word.article and not other.article:
            return False
        if is_first and (word.be or word.tense) and not (other.be or other.tense):
            return False
        return same_time(word, other) and same_voice(word, other)


def _subject(part: list[Word]) -> Word | None:
    """The first who is named: whoever speaks there, or else what has a capital."""
    speakers = (word for word in part if word.text.startswith("@"))
    named = (word for word in part if word.raw[:1].isupper() and not word.is_sign)
    return next(speakers, None) or next(named, None)


def _bound(part: list[Word], subject: Word | None) -> list[Word]:
    """With every pronoun standing for the subject too: "Ana sold her car" from "I sold my car"."""
    if subject is None:
        return part
    keys = frozenset((subject.text,))
    return [
        replace(word, keys=keys) if word.text in ("HE", "SHE", "THEY") else word for word in part
    ]


def _is_short(rest: list[Word], quote: _Quote, word: Word) -> bool:
    """Was the "I" left out, as in "Bought a lamp"? Not so in "Buy a lamp!"."""
    if len(rest) < 2 or rest[0].text != quote.speaker or word.text == quote.speaker:
        return False
    is_verb = is_past(word.text) or word.text.endswith("ing")
    is_verb |= word.text in vocabulary.MODALS.values() or (
        word.text == "NOT" and word.tense == "past"
    )
    return not rest[0].owns and not word.preposition and not word.be and is_verb


def _dates(said: list[Word], begin: int, end: int) -> frozenset[Dated]:
    """The days named in the statements that a run touches."""
    while not said[begin].begins and begin:
        begin -= 1
    number = said[end - 1].sentence
    while end < len(said) and said[end].sentence == number and not said[end].begins:
        end += 1
    return frozenset(word.date for word in said[begin:end] if word.date)


def _has_dates(run: _Run, part: list[Word], moved: Dated | None) -> bool:
    told = [word.date for word in part if word.date] + ([moved] if moved else [])
    return all(any(date.equals(other) for date in told) for other in run.dates)
