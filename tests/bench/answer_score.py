"""A gold answer, and what was said → exact match and token F1, as SQuAD scores them.

Called by the benchmarks of answers. Dates are compared as dates: "the Friday before 15 July 2023"
is 14 July 2023. Lists are compared as sets. A long answer loses by its length.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from datetime import date

from cairn.core.times.phrases import When, find

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_MARKS = str.maketrans("", "", string.punctuation + "“”‘’…–—")
_BETWEEN = re.compile(r"\s*(?:[,;]|\band\b)\s*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ALL_BUT = 4
"""Letters of a gold answer that its date may leave over: "on", "in"."""


def plain(text: str) -> str:
    """Lower case, without punctuation and articles."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_MARKS)).split())


def is_exact(gold: str, said: str) -> bool:
    return plain(gold) == plain(said) or items(gold) == items(said) or is_same_day(gold, said)


def f1(gold: str, said: str) -> float:
    if is_same_day(gold, said):
        return 1.0
    wanted, given = plain(gold).split(), plain(said).split()
    shared = sum((Counter(wanted) & Counter(given)).values())
    return 2 * shared / (len(wanted) + len(given)) if shared else float(wanted == given)


def items(text: str) -> frozenset[str]:
    return frozenset(filter(None, map(plain, _BETWEEN.split(text))))


def is_same_day(gold: str, said: str) -> bool:
    """Is the gold answer a time and nothing else, and is that what was said?"""
    wanted, given = times_in(gold), times_in(said)
    if len(wanted) != 1 or len(given) != 1:
        return False
    rest = gold[: wanted[0].start] + gold[wanted[0].end :]
    if sum(map(str.isalnum, rest)) > _ALL_BUT:
        return False
    return (wanted[0].first, wanted[0].last) == (given[0].first, given[0].last)


def times_in(text: str) -> list[When]:
    """A year may stand alone, which elsewhere is any number; "the Friday before 15 July 2023" is
    counted from that day."""
    if _YEAR.fullmatch(text.strip()):
        year = int(text)
        return [When(0, len(text), text, date(year, 1, 1), date(year, 12, 31), "year")]
    absolute = find(text, None)
    return find(text, absolute[0].first) if absolute else []
