"""What the grammar works on: a row of nodes, and patterns over the names of nodes.

Each kind of node has a name and one sign, so that a row of nodes is also a string and a pattern
such as `the? amount unit ago` is a regular expression over it. Only what a lexicon knows becomes
a node; whatever is between two of them is one `gap`, which no pattern contains.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Grain = Literal["moment", "day", "week", "weekend", "month", "season", "year", "span"]
Bound = Literal["", "since", "until", "by", "before", "after"]

_NAMES = (
    "gap comma dot dash a the of on in at over by since until before after from to between "
    "and number ordinal year yy numbers weekday wd weekdays month mon season part parts unit "
    "units ago ago_first hence hence_first last next this past coming last_after next_after "
    "few couple several half every other early mid late endof clock ampm dayword vague decade "
    "quarter oclock onwards ordinal_word fixed loose bare named_day within dotted ignored "
    "beginof through half_year"
).split()
SIGNS: dict[str, str] = {name: chr(0x100 + n) for n, name in enumerate(_NAMES)}
_MACROS = {
    "amount": "(a? few|a? couple of?|number|numbers|several|a|half a?)",
    "anyday": "(weekday|wd)",
    "anymonth": "(month|mon)",
    "anyyear": "(year|yy)",
    "anyunit": "(unit|units)",
    "nth": "(ordinal|ordinal_word)",
    "dayno": "(number|ordinal|ordinal_word)",
    "date": "(fixed|loose|bare)",
    "sep": "(comma|of)",
    "time": "(clock ampm?|number ampm|number oclock|clock oclock)",
    "some": "(few|couple of?|number|numbers|several)",
    "pre": "(anyday (comma|dot)?)",
    "prior": "(before|ago_first)",
    "upto": "(to|until|through|dash)",
    # French and Spanish have one word for `from` and `of`, and for `to` and `on`.
    "out_of": "(from|of)",
    "into": "(to|until|through|dash|on|at)",
}
_NAME = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days that a phrase means, while it is being put together."""

    first: date
    last: date
    grain: Grain
    is_vague: bool = False
    repeats: bool = False
    bound: Bound = ""
    clock: str = ""
    is_loose: bool = False
    """Too weak to be a date by itself: `May`, `2022`, `Sun`, `Christmas`."""
    is_bare: bool = False
    """A weekday alone, which `before 9 June` may yet move."""
    is_adverb: bool = False
    """`Yesterday`, `recently`: what no `on`, `in` or `at` belongs to."""
    anchor: Grain = "span"
    yearless: tuple[int, int] | None = None
    """Month and day (0 for a whole month) where the year was chosen, not written."""


NO_YEAR = 4
"""Of a day whose year may yet be told by `to 3 June 2023`; it has a 29 February."""
NO_DATE = Stretch(date.min, date.min, "day", is_loose=True)
"""What a rule makes of words that look like a date and are none, so that no part of them is one."""


@dataclass(slots=True)
class Node:
    name: str
    start: int
    end: int
    number: int = 0
    word: str = ""
    stretch: Stretch | None = None


def compile_pattern(pattern: str) -> re.Pattern[str]:
    while expanded := _expand(pattern):
        pattern = expanded
    # `x?` has to mean the whole name, and every name is one sign by then.
    signs = _NAME.sub(lambda found: SIGNS[found[0]], pattern)
    return re.compile(re.sub(r"\((?!\?)", "(?:", signs.replace(" ", "")))


def _expand(pattern: str) -> str:
    """The pattern with its macros written out once; empty if it has none."""
    expanded = _NAME.sub(lambda found: _MACROS.get(found[0], found[0]), pattern)
    return expanded if expanded != pattern else ""


def signs(nodes: Sequence[Node]) -> str:
    return "".join([SIGNS[node.name] for node in nodes])
