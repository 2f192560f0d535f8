"""Evidence for a question that asks when → the sentence that tells it, and the day in words.

Called by `compose`. "Last Tuesday" is counted from the day it was said; where a sentence names no
day itself, the day it was said on is meant. Nothing is guessed for a text without a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cairn.core.answer.saying import is_denied, is_of_other, is_opposed, tells
from cairn.core.recall.certain.relevance import coverage
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.question.kinds import language_of
from cairn.core.recall.units import only_turn
from cairn.core.recall.words import stems
from cairn.core.records import Chunk, Evidence
from cairn.core.sentences import Quote, front, quotes
from cairn.core.times.phrases import find, spell
from cairn.core.times.when import When

_NAMES_ONE, _COVERS = 0.4, 0.25
"""What it speaks for a sentence that it names a day, and that it holds the question's words, beside
the score of its passage, which is 1 for the best."""
_VAGUE, _ELSEWHEN = 0.2, 0.4
"""And what it speaks against it that it does so vaguely ("lately"), or names another time than the
one that is asked about."""
_BESIDE, _EMPTY = 0.2, 0.2
"""And that it holds no word of what is asked about, beside names, or tells nothing itself."""
_HABIT = re.compile(
    r"\W*(?:(?:when|what time|(?:on )?(?:which|what) days?)(?: exactly)? (?:do|does|is|are)"
    r"|(?:wann|um wie ?viel uhr) (?:hat|habe|haben|ist|sind|geht|gehen|kommt))\b",
    re.IGNORECASE,
)
"""Asks for what may come every week."""
_ANY_DAY = date(2000, 1, 3)
_AT = re.compile(r"\s+(?:at|from|um|ab)\s+\d{1,2}(?:[:.]\d\d)?(?:\s?(?:[ap]\.?m\b|Uhr))?", re.I)
_DIGIT = re.compile(r"\d")
_MOST_TEXT = 2000
"""Letters of a text that tell its language."""
_WEEK_BEFORE = re.compile(r"(?:in |during )?(?:the )?(?:last|past|previous) week\Z")


@dataclass(frozen=True, slots=True)
class Told:
    """A time in words, with the sentence that it is taken from."""

    text: str
    quote: Quote


def when_told(question: Question, evidence: Sequence[Evidence]) -> Told | None:
    """The one that most speaks for; of equals the first."""
    best, chosen, is_poor = 0.0, None, False
    top = max((item.score for item in evidence), default=0.0)
    weights = dict.fromkeys(question.stems, 1.0)
    for item in map(only_turn, evidence):
        said = day_of(item.chunk)
        for quote, named in _dated(item.chunk, question):
            spoken = item.score / top if top > 0 else 1.0
            is_beside = _is_beside(question, quote)
            if is_beside and question.names and item.chunk.kind != "chat":
                continue  # it says something else of somebody
            is_beside = is_beside or is_opposed(question, quote)
            spoken -= _BESIDE * is_beside + _EMPTY * (not tells(quote))
            spoken += _COVERS * coverage(stems(quote.text), weights) + _of_time(
                question, named, said
            )
            if spoken > best + 1e-9:
                best, chosen, is_poor = spoken, Told(_words(quote, named), quote), is_beside
    if is_poor and any(_is_told_otherwise(question, item.chunk) for item in evidence):
        return None
    if chosen and not _names_it(question, chosen.quote):
        # The day of what stands beside what is denied is not its day either.
        return None if any(_is_denied(question, item.chunk) for item in evidence) else chosen
    return chosen


def _words(quote: Quote, named: When | None) -> str:
    if named is None:
        return spelled_day(quote.chunk)
    if not named.repeats:
        return words_for(named, day_of(quote.chunk))
    text = quote.chunk.text
    clock = _AT.match(text, named.end)
    return " ".join(text[named.start : clock.end() if clock else named.end].split())


def _is_told_otherwise(question: Question, chunk: Chunk) -> bool:
    """Does a text without a day of its own say something with a number of what is asked about, such
    as a day of no year? Then a day that stands beside it is another one's."""
    subject = _subject(question)
    return not chunk.when and any(
        subject & stems(quote.text) and _DIGIT.search(quote.text)
        for quote in quotes(chunk)
        if not quote.is_heading
    )


def _is_denied(question: Question, chunk: Chunk) -> bool:
    """Does it say of what is asked about when it is not, and no more?"""
    times = _times(chunk.text, day_of(chunk))
    for quote in quotes(chunk):
        named = [when for when in times if quote.start <= when.start < quote.end]
        if named and _names_it(question, quote) and not _affirmed(question, chunk.text, named):
            return True
    return False


def _dated(chunk: Chunk, question: Question) -> Iterator[tuple[Quote, When | None]]:
    """Its sentences with the time that each names, or none if the text has a day of its own."""
    said = day_of(chunk)
    times = [when for when in _times(chunk.text, said) if not when.repeats]
    if _HABIT.match(question.text):
        times += [when for when in _times(chunk.text, said or _ANY_DAY) if when.repeats]
    asked = {(when.first, when.last) for when in question.times}
    for quote in quotes(chunk):
        named = [when for when in times if quote.start <= when.start < quote.end]
        own = _affirmed(question, chunk.text, named)
        # A time that the question gives itself is no answer, unless there is no other.
        own.sort(key=lambda w: ((w.first, w.last) in asked, w.repeats, w.is_vague, bool(w.bound)))
        own = _behind_stamp(question, quote, own)
        if quote.is_heading or is_of_other(question, quote):
            continue
        if own or (said and not named):
            yield quote, own[0] if own else None


def _affirmed(question: Question, text: str, times: list[When]) -> list[When]:
    return [each for each in times if not is_denied(question, text, each.start, each.end)]


def _behind_stamp(question: Question, quote: Quote, own: list[When]) -> list[When]:
    """In a copied chat, the times that a message names, counted from when it was sent; that only
    where it names none."""
    begin = front(quote.chunk.text[quote.start : quote.end])
    sent = [when for when in own if when.start < quote.start + begin]
    if not begin or not sent:
        return own
    message = quote.chunk.text[quote.start + begin : quote.end]
    named = [when for when in _times(message, sent[0].first) if not when.repeats]
    return _affirmed(question, message, named) if named else sent


def _times(text: str, said: date | None) -> list[When]:
    """As the language of the text has them."""
    return find(text, said, language_of(text[:_MOST_TEXT].casefold()) or "en")


def _subject(question: Question) -> set[str]:
    return {*question.stems} - stems(" ".join(question.names))


def _names_it(question: Question, quote: Quote) -> bool:
    return not _subject(question).isdisjoint(stems(quote.text))


def _is_beside(question: Question, quote: Quote) -> bool:
    """Does neither it nor what stands above or before it hold a word of what is asked about?"""
    chunk = quote.chunk
    subject = _subject(question)
    before = [other for other in quotes(chunk) if other.start <= quote.start][-2:]
    near = [chunk.text] if chunk.kind == "chat" else [other.text for other in before]
    around = (*near, chunk.title, *chunk.heading, chunk.context)
    return bool(subject) and not subject & stems(" ".join(around))


def _of_time(question: Question, named: When | None, said: date | None) -> float:
    spoken = 0.0
    if named:
        spoken = _NAMES_ONE - _VAGUE * named.is_vague
    first, last = (named.first, named.last) if named else (said, said)
    assert first and last
    within = (first <= end and begin <= last for begin, end in question.ranges)
    return spoken if not question.ranges or any(within) else spoken - _ELSEWHEN


def words_for(when: When, said: date | None) -> str:
    """As people say it: a week that was "last week" is the week before that day."""
    if said and _WEEK_BEFORE.fullmatch(" ".join(when.text.casefold().split())):
        return f"the week before {_spelled(said)}"
    return spell(when)


def day_of(chunk: Chunk) -> date | None:
    try:
        return date.fromisoformat(chunk.when[:10])
    except ValueError:
        return None


def spelled_day(chunk: Chunk) -> str:
    said = day_of(chunk)
    return _spelled(said) if said else ""


def _spelled(day: date) -> str:
    return spell(When(0, 0, "", day, day, "day"))
