"""Words that may answer a question about now → those of the newest note that says what has changed.

Called by `brief`. "Harbor has 61 customers now" answers how many there are better than an older
note, however well that one fits; where nothing says that it has changed, the best stays first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cairn.core.answer.spans import Spoken
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.words import stems

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


def newest_first(question: Question, found: Sequence[Spoken]) -> list[Spoken]:
    """`found` is in order, and none of it poor."""
    rest = list(found)
    if len(rest) < 2 or question.times or question.kind == "list" or not _is_of_now(question.text):
        return rest
    first = rest[0]
    later = [each for each in rest[1:] if _takes_its_place(question, first, each)]
    if later:
        newest = max(later, key=lambda each: each.quote.chunk.when[:10])
        rest.remove(newest)
        rest.insert(0, newest)
    return rest


def _is_of_now(text: str) -> bool:
    return _NOW.match(text) is not None and _PAST.search(text) is None


def _takes_its_place(question: Question, first: Spoken, other: Spoken) -> bool:
    """Is it later, tells of a change, and is about as much of what is asked for?"""
    before, after = first.quote.chunk, other.quote.chunk
    if (
        "chat" in (before.kind, after.kind)
        or not before.when
        or after.when[:10] <= before.when[:10]
    ):
        return False
    if not _CHANGED.search(other.quote.text) or other.signs.fits < first.signs.fits:
        return False
    asked = {*question.stems}
    return asked & _around(first) <= asked & _around(other)


def _around(item: Spoken) -> frozenset[str]:
    chunk = item.quote.chunk
    return stems(" ".join((item.quote.text, chunk.title, *chunk.heading)))
