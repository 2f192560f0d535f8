"""`When`: what is found, plain data for whoever asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cairn.core.times.nodes import Bound, Grain


@dataclass(frozen=True, slots=True)
class When:
    """One phrase: the days from `first` to `last`, both included."""

    start: int
    end: int
    text: str
    """With the word that binds it: `on Friday`, `since March`, `in three days`."""
    first: date
    last: date
    grain: Grain
    is_vague: bool = False
    """The range is a guess: `a few weeks ago`."""
    repeats: bool = False
    """No single date: `every Friday`. The range is the day on which it was said."""
    bound: Bound = ""
    """`since March` reaches to the day it was said, `until July` from it and up to the day before;
    `by`, `before` and `after` keep the days of what they bind."""
    anchor: Grain = "span"
    """The grain of what `since` and `until` bind: a month in `since March`."""
    clock: str = ""
    """`15:30`, where a time of day is said."""
