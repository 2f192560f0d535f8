"""A claim or a quote → its content words in order, each with what binds it to the one before.

Called by support.py for both sides, so that the two are taken apart alike. Linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import Stemmer

from cairn.core.tree.curate import vocabulary as words
from cairn.core.tree.curate.dating import Dated

_TOKEN = re.compile(r"[-−]?\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[€$£%]|[^\w\s]|\n|_+")
_CUT = re.compile(r"(n't|'m|'re|'ve|'ll|'s|'d|')$")
_IS_AFTER = frozenset("it that there here what who where he she this everything".split())
_SIGNS = frozenset("€$£")
_ASKING = frozenset("what where when who whom which how why".split())
_QUOTING = frozenset('"“”„')
_STOPS = frozenset(".!?;\n…")
_BREAKS = frozenset("but because although though while whereas which who".split())
USER = "@me"
"""Stands for the user, whom claims address; `@ana` for Ana."""
DATE = "DATE"
_USERS = ("", "me")
_SUBJECTS = frozenset("i we he she they it you".split())


@dataclass(frozen=True, slots=True)
class Word:
    """A content word with its function words boiled down."""

    text: str
    """In lower case; `NOT`, `WILL` … for words of closed lists; `#20`, `@ana`."""
    raw: str
    start: int
    keys: frozenset[str] = frozenset()
    """What else it may stand for."""
    owns: bool = False
    preposition: str = ""
    article: bool = False
    joined: bool = False
    """`and` stands before it."""
    comma: bool = False
    be: bool = False
    tense: str = ""
    """Of the auxiliary before it: `now`, `past` or neither."""
    adjoins: bool = False
    """Nothing but white space between it and the word before."""
    begins: bool = False
    """A new statement may begin here."""
    sentence: int = 0
    optional: bool = False
    date: Dated | None = None

    @property
    def is_sign(self) -> bool:
        return self.text.isupper() or self.text.startswith(("@", "#"))


@dataclass(slots=True)
class _Before:
    """What was met since the last content word."""

    preposition: str = ""
    article: bool = False
    joined: bool = False
    comma: bool = False
    be: bool = False
    tense: str = ""
    adjoins: bool = True
    begins: bool = True


class Reader:
    """Reads texts of one language in which these people speak."""

    def __init__(self, language: str, people: tuple[str, ...]) -> None:
        self._first = words.OTHER_FIRST.get(language, words.FIRST)
        self._not = words.OTHER_NEGATIONS.get(language, words.NEGATIONS)
        self._articles = words.OTHER_ARTICLES.get(language, words.ARTICLES)
        self._is_english = language not in words.OTHER_FIRST
        self._people = {key(name): _parts(name) for name in people}
        self._speaker = self._listener = ""
        self._is_within = False
        """Of quotation marks, where "I" is somebody else."""

    def quote(self, text: str, speaker: str, listener: str, dates: list[Dated]) -> list[Word]:
        self._speaker, self._listener = key(speaker), key(listener) if listener else "YOU"
        return self._named(list(self._read(text, dates, is_quote=True)))

    def claim(self, text: str, dates: list[Dated]) -> list[Word]:
        return self._named(list(self._read(text, dates, is_quote=False)))

    def _named(self, found: list[Word]) -> list[Word]:
        """With the names of people as one word each, whether in full or the first name only."""
        result: list[Word] = []
        skip = 0
        for at, word in enumerate(found):
            if skip:
                skip -= 1
                continue
            parts = self._people.get("@" + word.text, ())
            if word.is_sign or not parts:
                result.append(word)
                continue
            rest = tuple(other.text for other in found[at + 1 : at + len(parts)])
            last = word
            if len(parts) > 1 and rest == parts[1:]:
                skip = len(rest)
                last = found[at + skip]
            result.append(replace(word, text="@" + word.text, owns=last.owns))
        return result

    def _read(self, text: str, dates: list[Dated], *, is_quote: bool) -> Iterator[Word]:
        before, sentence, spans = _Before(), 0, list(dates)
        tokens = list(_split(text))
        opening = ""
        self._is_within = False
        for (raw, start), (after, _) in zip(tokens, [*tokens[1:], ("", 0)], strict=False):
            low, following = raw.casefold(), after.casefold()
            while spans and start >= spans[0].end:
                spans.pop(0)
            if spans and start >= spans[0].start:
                if start + len(raw) >= spans[0].end:
                    yield _day(spans[0], raw, following, before, sentence)
                    before = _Before(begins=False, adjoins=False)
                continue
            if low in _QUOTING:
                self._is_within = low == "“" or (low in '"„' and not self._is_within)
            if low in _STOPS:
                yield from _particle(before, start, sentence)
                before, sentence, opening = _Before(begins=True, adjoins=False), sentence + 1, ""
                continue
            if self._passes(low, before):
                continue
            word = self._word(low, raw, following, before, is_quote=is_quote)
            # "In the book, I am a spy" is one statement.
            begins = before.begins or (word.begins and (before.joined or not opening))
            opening = before.preposition if before.begins else opening
            yield _placed(word, before, start, sentence, begins=begins)
            before = _Before(begins=False)
        yield from _particle(before, len(text), sentence)

    def _passes(self, low: str, before: _Before) -> bool:
        """Is it a function word or a mark? Then it is noted, for the next content word."""
        if not (low[0].isalnum() or low in words.UNITS or low == "'d" or low[-1].isdigit()):
            before.adjoins = False
            before.comma |= low in ",:()–—"
            return True
        if low in self._articles or low == "'s" or (low == "s" and not self._is_english):
            before.adjoins = False
            before.article |= low in self._articles
            return True
        if not self._is_english:
            return False
        for table, is_be in ((words.BE, True), (words.HAVE, False), (words.DO, False)):
            if low in table:
                before.be |= is_be
                before.tense = table[low] or before.tense
                before.adjoins = False
                return True
        if low in words.PREPOSITIONS and low not in words.NEGATIONS:
            before.preposition, before.adjoins = f"{before.preposition} {low}".strip(), False
            return True
        if low == "and":
            before.joined, before.adjoins = True, False
            return True
        if low in _BREAKS:
            before.begins, before.adjoins = True, False
            return True
        return False

    def _word(self, low: str, raw: str, following: str, before: _Before, *, is_quote: bool) -> Word:
        if low[-1].isdigit():
            return Word("#" + low.replace("−", "-").replace(",", ""), raw, 0)
        if low in words.UNITS:
            return Word(words.UNITS[low], raw, 0)
        owns = following in ("'s", "'") or low in words.OWNING
        if low in self._not:
            is_filler = low in words.NO and following in ",.!"
            return Word(self._not[low], raw, 0, optional=is_filler)
        if low == "no":
            return Word("NO", raw, 0, optional=following in (",", ".", "!", "–", "-"))
        if low == "or":
            return Word("OR", raw, 0)
        if low in self._first and raw != "US":
            if not is_quote:
                return Word(USER, raw, 0, owns=owns)
            if self._is_within:
                return Word("SOMEBODY", raw, 0, owns=owns)
            begins = low in ("i", "we") and (before.joined or before.comma)
            keys = frozenset(("OTHERS",)) if low in words.PLURAL else frozenset[str]()
            return Word(self._speaker, raw, 0, keys, owns=owns, begins=begins)
        return self._other(low, raw, following, before, owns=owns, is_quote=is_quote)

    def _other(
        self, low: str, raw: str, following: str, before: _Before, *, owns: bool, is_quote: bool
    ) -> Word:
        if low in words.SECOND and self._is_english:
            if is_quote:
                return Word(self._listener, raw, 0, owns=owns)
            return Word(USER, raw, 0, owns=owns)
        if low in words.THIRD and self._is_english:
            begins = low in ("he", "she", "they", "it") and (before.joined or before.comma)
            return Word(words.THIRD[low], raw, 0, owns=owns, begins=begins)
        if low in words.MODALS and self._is_english:
            return Word(words.MODALS[low], raw, 0)
        if low == "may" and raw.islower():
            return Word("MIGHT", raw, 0)
        if low == "'d":
            return Word("WOULD", raw, 0, frozenset(("HAD",)))
        if low in words.NUMBERS:
            return Word("#" + words.NUMBERS[low], raw, 0)
        text = {"euros": "euro", "dollars": "dollar", "pounds": "pound"}.get(low, low)
        is_asking = is_quote and before.begins and low in _ASKING
        return Word(text, raw, 0, owns=owns, optional=is_asking or low in words.FILLERS)


def _placed(word: Word, before: _Before, start: int, sentence: int, *, begins: bool) -> Word:
    return replace(
        word, start=start, preposition=before.preposition, article=before.article,
        joined=before.joined, comma=before.comma, be=before.be, tense=before.tense,
        adjoins=before.adjoins, begins=begins, sentence=sentence,
    )  # fmt: skip


def _day(date: Dated, raw: str, following: str, before: _Before, sentence: int) -> Word:
    """A phrase of several words as one, which may be left out."""
    is_new = (before.joined or before.comma) and following in _SUBJECTS
    word = Word(DATE, raw, date.start, optional=True, date=date)
    placed = _placed(word, before, date.start, sentence, begins=before.begins or is_new)
    return replace(placed, adjoins=False)


def _particle(before: _Before, start: int, sentence: int) -> Iterator[Word]:
    """What ends a sentence without a word of its own, as in "she gave up"."""
    if before.preposition and not before.begins:
        yield Word(before.preposition, "", start, adjoins=True, sentence=sentence)


def _split(text: str) -> Iterator[tuple[str, int]]:
    """Words with their places; `don't` as two, an amount before its currency."""
    sign: tuple[str, int] | None = None
    for match in _TOKEN.finditer(text.replace("’", "'")):
        raw = match[0]
        if sign and (raw[-1].isdigit() or raw not in _SIGNS):
            if raw[-1].isdigit():
                yield raw, match.start()
            yield sign
            sign = None
            if raw[-1].isdigit():
                continue
        if raw in _SIGNS:
            sign = raw, match.start()
            continue
        if raw.isspace() and raw != "\n":
            continue
        if raw[0] in "-−" and len(raw) > 1 and match.start() and text[match.start() - 1].isalnum():
            raw = raw[1:]  # 3-5, 2026-03-01
        cut = _CUT.search(raw.casefold()) if "'" in raw else None
        if not cut:
            for part in words.IN_FULL.get(raw.casefold(), raw).split():
                yield part, match.start()
            continue
        head, tail = raw[: cut.start()], cut[0]
        low = head.casefold()
        if tail == "n't":
            head = {"ca": "can", "wo": "will", "sha": "shall"}.get(low, head)
        if tail == "'s" and low == "let":
            yield from ((word, match.start()) for word in ("we", "will"))
            continue
        if head:
            yield head, match.start()
        if tail:
            is_verb = tail == "'s" and low in _IS_AFTER
            yield ("is" if is_verb else words.SHORT.get(tail, tail)), match.start() + cut.start()
    if sign:
        yield sign


def key(who: str) -> str:
    """What a speaker's words of the first person stand for."""
    return USER if who.casefold() in _USERS else "@" + (_parts(who) or ("?",))[0]


def _parts(who: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word, _ in _split(who) if word[0].isalnum())


def normal(text: str) -> str:
    """Composed, so that the same letters are the same; the length may change."""
    return unicodedata.normalize("NFKC", text)


def same(first: str, second: str, language: str) -> bool:
    """Are two words forms of one? Endings of inflection may differ: not universe, university."""
    if first == second:
        return True
    if first[0] in "#" or second[0] in "#":
        return False
    one, two = (
        words.IRREGULAR.get(word, "go" if word == "goes" else word) for word in (first, second)
    )
    if one == two:
        return True
    endings = words.OTHER_ENDINGS if language in words.STEMMERS else words.ENDINGS
    if _stem(one, language) != _stem(two, language):
        return False
    shared = 0
    while shared < min(len(one), len(two)) and one[shared] == two[shared]:
        shared += 1
    return _tail(one, shared) in endings and _tail(two, shared) in endings


def is_past(word: str) -> bool:
    """By its form alone."""
    if word in words.IRREGULAR:
        return True
    return len(word) > 3 and word.endswith("ed") and word not in words.NOT_PAST


def _tail(word: str, shared: int) -> str:
    tail = word[shared:]
    if len(tail) > 1 and shared and tail[0] == word[shared - 1]:
        return tail[1:]  # stop, stopped
    return tail


@lru_cache(maxsize=4096)
def _stem(word: str, language: str) -> str:
    return str(_stemmer(language).stemWord(word))


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(words.STEMMERS.get(language, "english"))
