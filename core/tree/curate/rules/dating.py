"""A clause → the same with its days by name: "last Friday" said on 8 May 2023 → "on 5 May 2023".

Called by `statements`, before the voice is changed. What repeats or is part of a name stays as it
was said; "lately" is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cairn.core.times.phrases import When

_LONGEST = 600
_RELATIVE = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|last|next|this|past|coming|previous|ago|other|back|in|"
    r"on|by|until|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|"
    r"september|october|november|december)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PREPOSITION = re.compile(
    r"\b(?:on|in|at|from|for|of|by|until|till|before|after|during|since|to|about)\s+$",
    re.IGNORECASE,
)
_LATELY = re.compile(r"recently|lately|a while (?:ago|back)", re.I)
"""So vague that a claim says more without it, since it has the day on which it was said."""
_LEFT = re.compile(r"^\s*,\s*|\s+(?=[,.!])|\s(?=\s)")
_VERB = re.compile(
    r"\s+(?:is|was|were|has|had|will|would|marks?|marked|seems?|seemed|turned|turns|feels?|felt|"
    r"went)\b|"
    r"['’]ll\b",
    re.IGNORECASE,
)
"""The day itself is said to be something: "yesterday was great"."""
_OWNED = re.compile(
    r"\b(?:the|my|our|a|an|his|her|their|that|this|these|those|every|each)\s+$", re.IGNORECASE
)
_OWNING = re.compile(r"['’]s\b|-|\s(?:show|song|album|episode|edition|break)\b")


@dataclass(frozen=True, slots=True)
class Dated:
    text: str
    at: str = ""
    """ISO day, month or year of the first phrase that has one; empty if there is none."""
    since: bool = False
    """It holds from then on."""


def dated(text: str, said: str) -> Dated:
    from cairn.core.times.phrases import find

    whens = [when for when in find(text[:_LONGEST], _day(said)) if _is_told(when)]
    told = text
    for when in reversed(whens):
        spelled = "" if _LATELY.fullmatch(when.text) else _spelled(text, when)
        told = told[: when.start] + spelled + told[when.end :]
    told = _LEFT.sub("", told)
    first = next((when for when in whens if not when.is_vague), None)
    return Dated(told, _at(first), first.bound == "since") if first else Dated(told)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        return None


def _is_told(when: When) -> bool:
    if when.repeats or when.text.casefold().endswith(("now", "long ago")):
        return False
    return when.is_vague or when.grain != "span" or bool(when.bound)


def _at(when: When) -> str:
    from cairn.core.times.phrases import iso

    return when.first.isoformat() if "/" in (at := iso(when)) else at[:10]


def _spelled(text: str, when: When) -> str:
    from cairn.core.times.phrases import placed, spell

    if _YEAR.search(when.text) or not _RELATIVE.search(when.text):
        return when.text
    opening = when.text.split()[0]
    if when.bound == "since" and opening.casefold() != "since":
        return opening + placed(when).removeprefix("since")
    if when.bound and opening.casefold() != when.bound:
        return when.text
    if _OWNING.match(text, when.end):
        return when.text
    before = text[max(0, when.start - 12) : when.start]
    if _OWNED.search(before):
        return when.text
    is_noun = _PREPOSITION.search(before) or _VERB.match(text, when.end)
    return spell(when) if is_noun else placed(when)
