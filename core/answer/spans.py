"""Evidence → the words in it that answer a question, as the reader finds them.

Called by `brief`. The best evidence is read first, each piece with its date and speaker in front;
more is read where nothing in it answers for sure. What a span is cut from stays with it, so that a
sentence can be quoted and cited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cairn.core.answer.days import spelled_day
from cairn.core.answer.edges import whole
from cairn.core.answer.formed import fits_form, formed
from cairn.core.answer.roles import in_role, is_called
from cairn.core.answer.saying import is_denied, is_header, is_of_other, is_opposed
from cairn.core.answer.worth import Signs, fits, is_address, is_time, worth
from cairn.core.chunk import estimate_tokens
from cairn.core.models.reading import Read
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.units import only_turn
from cairn.core.recall.words import stems
from cairn.core.records import Chunk, Evidence
from cairn.core.sentences import Quote, quotes

READ, READ_MORE = 384, 1_500
"""Tokens that are read, and as many as are read when those don't answer for sure."""
SURE = -1.0
"""What a span is worth from which on no more is read, and it is no guess."""
_LONGEST = 220
"""Tokens of a window; a longer passage is read around its best sentence."""
_EACH = 3
_MARKS = re.compile(r"^(?:[-*+•>#|]+\s+|\*\*|__)+|(?:\*\*|__)$")
ReadSpans = Callable[[str, Sequence[str], int], list[Read]]
"""A question, texts, and how many spans of each at most."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words that may answer."""

    text: str
    quote: Quote
    """The sentence that they stand in."""
    signs: Signs

    @property
    def worth(self) -> float:
        return worth(self.signs)


@dataclass(frozen=True, slots=True)
class _Window:
    evidence: Evidence
    head: str
    chunk: Chunk
    start: int
    end: int
    speakers: frozenset[str]
    """First names of those who talk there."""

    @property
    def text(self) -> str:
        return self.head + self.chunk.text[self.start : self.end]


def find_spans(
    question: Question,
    evidence: Sequence[Evidence],
    read: ReadSpans,
    budgets: Sequence[int] = (READ, READ_MORE),
) -> list[Spoken]:
    """The best first. `budgets`: each is only read if what came of those before answers poorly."""
    top = max((item.score for item in evidence), default=0.0)
    windows = [_window(only_turn(item), item.chunk.who) for item in evidence]
    found: list[Spoken] = []
    at, spent = 0, 0
    for budget in budgets:
        if found and max(each.worth for each in found) >= SURE:
            break
        first = at
        while at < len(windows) and (at == 0 or spent < budget):
            spent += estimate_tokens(windows[at].text) + estimate_tokens(question.text)
            at += 1
        now = windows[first:at]
        if now:
            reads = read(question.text, [window.text for window in now], _EACH)
            for window, each in zip(now, reads, strict=True):
                found += _spoken(question, window, each, top)
    return sorted(_named(question, found), key=lambda each: _order(question, each))


def _named(question: Question, found: Sequence[Spoken]) -> list[Spoken]:
    """Without those that name the wrong side of a deal. "Bought it from Henrik" doesn't say who
    bought it; then whoever bought it later isn't that, either."""
    nobody = [each for each in found if not each.text]
    is_untold = any(not is_opposed(question, each.quote) for each in nobody)
    return [
        each for each in found
        if each.text and not (is_untold and is_opposed(question, each.quote))
    ]  # fmt: skip


def _order(question: Question, item: Spoken) -> tuple[bool, float, str, str]:
    """What a heading says, or tells of the opposite, comes last."""
    is_poor = item.quote.is_heading or is_opposed(question, item.quote)
    return (is_poor, -round(item.worth, 6), item.quote.chunk.id, item.text)


def _window(item: Evidence, speakers: str) -> _Window:
    chunk = item.chunk
    day = spelled_day(chunk)
    head = f"{day}{', ' if chunk.kind == 'chat' else ': '}" if day else ""
    start, end = _part(chunk, item)
    names = frozenset(name.split()[0].casefold() for name in speakers.split(", ") if name.strip())
    return _Window(item, head, chunk, start, end, names)


def _part(chunk: Chunk, item: Evidence) -> tuple[int, int]:
    """All of it, or what stands around its best sentence."""
    if estimate_tokens(chunk.text) <= _LONGEST:
        return 0, len(chunk.text)
    told = quotes(chunk)
    best = next((at for at, each in enumerate(told) if each.text == item.snippet), 0)
    first = last = best
    size = estimate_tokens(told[best].text)
    while True:
        grown = [at for at in (last + 1, first - 1) if 0 <= at < len(told)]
        fitting = [at for at in grown if size + estimate_tokens(told[at].text) <= _LONGEST]
        if not fitting:
            return told[first].start, told[last].end
        size += estimate_tokens(told[fitting[0]].text)
        first, last = min(first, fitting[0]), max(last, fitting[0])


def _spoken(question: Question, window: _Window, read: Read, top: float) -> Iterator[Spoken]:
    sentences = quotes(window.chunk)
    share = window.evidence.score / top if top > 0 else 1.0
    for number, span in enumerate(read.spans):
        start = span.start - len(window.head) + window.start
        end = span.end - len(window.head) + window.start
        if start < window.start:  # the date in front, which answers no other question
            continue
        quote = next((each for each in sentences if each.start <= start < each.end), None)
        if quote is None or is_header(quote) or is_of_other(question, quote):
            continue
        said = window.chunk.text[quote.start : quote.end]
        first, last = whole(question, said, start - quote.start, min(end, quote.end) - quote.start)
        if is_denied(question, said, first, last):
            continue
        if quote.chunk.kind == "chat" and is_called(said, first, last, window.speakers):
            continue
        text = _trimmed(" ".join(said[first:last].split()))
        if not text:
            continue
        if quote.is_heading and stems(text) <= {*question.stems}:
            continue  # what the question says itself
        text = formed(question, said, in_role(question, said, text))
        if not is_address(question, text, window.chunk.who):
            signs = Signs(
                span.score, share, fits_form(question, text) or fits(question, text),
                is_time(question, text, window.chunk), is_further=number > 0,
            )  # fmt: skip
            yield Spoken(text, quote, signs)


def _trimmed(text: str) -> str:
    """Without a stop or a mark of quotation that has lost its other half."""
    text = _MARKS.sub("", text).strip(" ,;:")
    if text.count(".") == 1:
        text = text.removesuffix(".")
    return text.strip('"“”') if text.count('"') == 1 or ("“" in text) != ("”" in text) else text
