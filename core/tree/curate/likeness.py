"""Do two claims, or two values, say the same? Words are compared, never taken for meaning.

Called by reconciling, for what is already known, and by the answer's history, for what changed.
Whatever differs in a number, a negation or the day it is about is another claim.
"""

from __future__ import annotations

import re

from cairn.core.recall.words import stems
from cairn.core.records import Entry
from cairn.core.tree.catalogue import about
from cairn.core.tree.curate.material import Proposal

Claim = Entry | Proposal

_NUMBER = re.compile(r"\d[\d.,:/'-]*")
_THOUSANDS = re.compile(r"(?<=\d)[,.' ](?=\d{3}(?!\d))")
_NOT = re.compile(
    r"\b(?:not?|never|none|nobody|\w+n[’']t|kein\w*|nicht|nie|pas|jamais|nunca)\b", re.I
)
_SIGNS = str.maketrans({"€": " eur ", "$": " dollar ", "£": " pound ", "¥": " yen "})
_UNITS = {"euros": "eur", "euro": "eur", "usd": "dollar", "gbp": "pound", "jpy": "yen"}
_PLURAL = re.compile(r"(?<=[a-zß-ÿ]{3})s$")
_VAGUE = frozenset("about around roughly only just exactly ca approx the a an of".split())
_DATED = frozenset(("event", "promise"))


def agree(one: Claim, other: Claim) -> bool:
    """Do both give the same value to the same attribute of the same?"""
    key = about(one.subject, one.attribute)
    return bool(
        key and key == about(other.subject, other.attribute)
        and one.value and same_value(one.value, other.value)
    )  # fmt: skip


def same_value(one: str, other: str) -> bool:
    """ "400", "400 euros" and "€400.00" are the same; 400 euros and 400 dollars are not."""
    mine, theirs = _words(one), _words(other)
    if mine == theirs:
        return True
    numbers = [word for word in mine if word[0].isdigit()]
    if not numbers or numbers != [word for word in theirs if word[0].isdigit()]:
        return False
    return set(mine) <= set(theirs) or set(theirs) <= set(mine)


def likeness(one: Claim, other: Claim) -> float:
    """Share of words that two claims have in common; 0 where they can't mean the same."""
    if one.subject and other.subject and one.subject.casefold() != other.subject.casefold():
        return 0.0
    if one.value and other.value and not same_value(one.value, other.value):
        return 0.0
    if _numbers(one.body) != _numbers(other.body):
        return 0.0
    if bool(_NOT.search(one.body)) != bool(_NOT.search(other.body)):
        return 0.0
    if one.kind in _DATED and len({_day(one), _day(other)} - {""}) > 1:
        return 0.0
    mine, theirs = stems(one.body), stems(other.body)
    return len(mine & theirs) / max(1, len(mine | theirs))


def _words(value: str) -> list[str]:
    plain = _THOUSANDS.sub("", value.casefold().translate(_SIGNS))
    plain = re.sub(r"(?<=\d)[.,]0+(?!\d)", "", plain)
    found = [word.strip(".,-'") for word in re.sub(r"[^\w.,:/'-]+", " ", plain).split()]
    words = [_UNITS.get(word, _PLURAL.sub("", word)) for word in found if word]
    return [word for word in words if word not in _VAGUE] or words


def _numbers(text: str) -> list[str]:
    return sorted(found.rstrip(".,:/'-") for found in _NUMBER.findall(_THOUSANDS.sub("", text)))


def _day(entry: Claim) -> str:
    """That it is about, where one is told: the day on which it was said is none."""
    said = {source.when[:10] for source in entry.sources}
    return next(
        (day for day in (entry.valid_until, entry.valid_from) if day and day not in said), ""
    )
