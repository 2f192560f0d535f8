"""Sentences that a model wrote → those that the evidence says, each with the span that says it.

Called by generate.py. What isn't said is left out; what is told of the day on which it was written
is marked as inferred. True sentences are left out rather than one shown that was not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, pairwise

from cairn.core.answer.agreement import Said, disagreement, without_day
from cairn.core.recall.question.kinds import language_of
from cairn.core.recall.units import units_of
from cairn.core.recall.words import stems
from cairn.core.records import Chunk, normalize
from cairn.core.sentences import Quote, join, quotes
from cairn.core.tree.curate.evidence import reads_like_an_order

_LEANS = re.compile(r"(?:It|They|He|She|This|That|These|Those|Then|There|So|But)\b")
_LONGEST = 400
_MOST_QUOTES = 80
_MOST_TEXT = 4000
_LEAST = 0.3
"""Of its words, so many must be there before more is looked at."""
_ADDRESS = re.compile(r"\b(?:[a-z][a-z0-9+.-]*://|www\.)|[\w.+-]+@[\w-]+\.\w", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as the model wrote it, with the numbers of the evidence that it names."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    text: str
    quotes: tuple[Quote, ...] = ()
    """What says it; nothing does if there are none."""
    inferred: bool = False
    reason: str = ""
    """Why it is left out."""


def verify(
    written: Written,
    evidence: Sequence[Sequence[Chunk]],
) -> Verdict:
    """`evidence`: the passages behind each number that the model saw, from 1."""
    claim = written.text
    if fault := _form(claim):
        return Verdict(claim, reason=fault)
    named = [evidence[number - 1] for number in written.numbers if 0 < number <= len(evidence)]
    # A small model may well say the right thing and get the number wrong.
    rest = [item for item in evidence if item not in named]
    fault, words = "", stems(claim)
    for chunk in chain(*named, *rest):
        for quote, said, there in _sayings(chunk):
            if len(words & there) < _LEAST * len(words):
                continue  # most sentences are about something else
            why = _fault(claim, quote, said)
            if not why:
                return Verdict(claim, (quote,))
            fault = fault or why
    for chunk in chain(*(named or rest)):
        if found := _inferred(claim, chunk):
            return Verdict(claim, found, inferred=True)
    return Verdict(claim, reason=fault or "nothing that was found says so")


def _form(claim: str) -> str:
    if not any(map(str.isalnum, claim)):
        return "it says nothing"
    if len(claim) > _LONGEST:
        return "it is too long"
    if any(not char.isprintable() for char in claim):
        return "it has signs that can't be shown"
    return "it reads like an order to a program" if reads_like_an_order(claim) else ""


def _fault(claim: str, quote: Quote, said: Said) -> str:
    bare = _bare(claim)
    if bare in (_bare(quote.text), _bare(said.text)):
        return ""  # told as it was said
    if _ADDRESS.search(claim):
        return "addresses are only told as they were written"
    return disagreement(claim, said)


def _bare(text: str) -> str:
    return normalize(text).rstrip(" .")


@lru_cache(maxsize=64)
def _sayings(chunk: Chunk) -> tuple[tuple[Quote, Said, frozenset[str]], ...]:
    """Each sentence with who said it, and its stems; one that leans on another also with that."""
    return tuple(
        (quote, said, stems(f"{said.around} {said.speaker} {said.text}"))
        for quote, said in _each_saying(chunk)
    )


def _each_saying(chunk: Chunk) -> Iterator[tuple[Quote, Said]]:
    language = language_of(chunk.text[:_MOST_TEXT].casefold())
    found = [quote for quote in quotes(chunk) if not quote.is_heading][:_MOST_QUOTES]
    units = units_of(chunk)
    around = " ".join(dict.fromkeys((chunk.title, *chunk.heading, chunk.context)))
    before: Quote | None = None
    for quote, after in pairwise([*found, None]):
        assert quote is not None
        who = _speaker(chunk, units, quote)
        text = _said_by(who, quote.text)
        said = Said(text, who, chunk.when, language, around, after.text if after else "")
        yield quote, said
        if before and _LEANS.match(text) and _speaker(chunk, units, before) == who:
            both = join(before, quote)
            yield both, replace(said, text=f"{_said_by(who, before.text)} {text}")
        before = quote


def _speaker(chunk: Chunk, units: Sequence[Chunk], quote: Quote) -> str:
    begin = chunk.span.start + quote.start
    within = [unit for unit in units if unit.span.start <= begin <= unit.span.end]
    who = within[0].who if within else chunk.who
    if not who and (chunk.origin in ("assistant", "tool") or chunk.kind == "mail"):
        return "?"
    if chunk.origin == "user" and not who:
        return "me"
    return who if "," not in who and " more" not in who else "?"


def _said_by(who: str, text: str) -> str:
    """Without the author's name, which a turn begins with."""
    return text.removeprefix(f"{who}: ")


def _inferred(claim: str, chunk: Chunk) -> tuple[Quote, ...]:
    """The quote that it follows from, if that was said of the day on which it was written."""
    if _ADDRESS.search(claim):
        return ()
    for quote, said, _ in _sayings(chunk):
        rest = without_day(claim, said)
        if rest and not disagreement(rest, said):
            return (quote,)
    return ()
