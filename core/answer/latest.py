"""Words that may answer a question about now → those of the newest note that says what has changed.

Called by `brief`. "Harbor has 61 customers now" answers how many there are better than an older
note, however well that one fits; where nothing says that it has changed, the best stays first.
Of two decisions the later one is what was decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from cairn.core.answer.spans import Spoken
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.words import stems
from cairn.core.times.phrases import find

_NOW = re.compile(
    r"\W*(?:how (?:many|much|often|long|old|big)\b.*?|what|which|who|where|in which)\b"
    r"(?: \S+){0,4}? ?"
    r"\b(?:is|are|am|do|does|has|have|'s)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:did|was|were|had|used to|first|original(?:ly)?|until)\b", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:now|currently|by now|meanwhile|instead|no longer|any ?more|as of|since|from \S+ on"
    r"|drop(?:s|ped)?|replaces?|replaced|switch(?:es|ed)?|chang(?:es|ed)|moves? to|moved to"
    r"|takes? over|took over|jetzt|inzwischen|statt|nicht mehr|seit|ab sofort)\b",
    re.IGNORECASE,
)
_DECIDE = r"(?:decided?|agreed?|settled?|chose|choose|chosen|beschlossen|entschieden|vereinbart)"
_DECIDED = re.compile(
    rf"\b(?:{_DECIDE}|decision|agreement|beschluss|entscheidung)\b", re.IGNORECASE
)
_WHAT_DECIDED = re.compile(
    rf"\W*(?:what|which|who|where|was|welche[nrs]?)\b.*\b{_DECIDE}\b", re.IGNORECASE
)


def newest_first(question: Question, found: Sequence[Spoken]) -> list[Spoken]:
    """`found` is in order, and none of it poor."""
    rest = list(found)
    if len(rest) < 2 or question.times or question.kind == "list":
        return rest
    first = rest[0]
    day: Callable[[Spoken], str] = _written
    if _WHAT_DECIDED.match(question.text):
        later = [each for each in rest[1:] if _is_decided_later(question, first, each)]
        day = partial(_decided_on, question)
    elif _is_of_now(question.text):
        later = [each for each in rest[1:] if _takes_its_place(question, first, each)]
    else:
        return rest
    if later:
        newest = max(later, key=day)
        rest.remove(newest)
        rest.insert(0, newest)
    return rest


def _is_of_now(text: str) -> bool:
    return _NOW.match(text) is not None and _PAST.search(text) is None


def _is_decided_later(question: Question, first: Spoken, other: Spoken) -> bool:
    """A decision on as much of what is asked for, made on a later day?"""
    both = (first, other)
    if not all(_DECIDED.search(each.quote.text) for each in both):
        return False
    before, after = (_decided_on(question, each) for each in both)
    return bool(before) and before < after and _is_as_near(question, first, other)


def _decided_on(question: Question, item: Spoken) -> str:
    """The day that a sentence begins with or names behind "decided", or on which it was written."""
    text = item.quote.text
    for when in find(text, None, question.language):
        before = text[: when.start].rstrip(" ,")
        if when.grain == "day" and (
            not before or _DECIDED.search(before, max(0, len(before) - 12))
        ):
            return when.first.isoformat()
    return _written(item)


def _written(item: Spoken) -> str:
    return item.quote.chunk.when[:10]


def _takes_its_place(question: Question, first: Spoken, other: Spoken) -> bool:
    """Is it later, tells of a change, and is about as much of what is asked for?"""
    kinds = (first.quote.chunk.kind, other.quote.chunk.kind)
    if "chat" in kinds or not _written(first) or _written(other) <= _written(first):
        return False
    if not _CHANGED.search(other.quote.text) or other.signs.fits < first.signs.fits:
        return False
    return _is_as_near(question, first, other)


def _is_as_near(question: Question, first: Spoken, other: Spoken) -> bool:
    asked = {*question.stems}
    return asked & _around(first) <= asked & _around(other)


def _around(item: Spoken) -> frozenset[str]:
    chunk = item.quote.chunk
    return stems(" ".join((item.quote.text, chunk.title, *chunk.heading)))
