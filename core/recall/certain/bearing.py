"""The turns that were found → what their nearness and their days say of whether they answer.

Called by the search, beside relevance, which judges a passage by itself. Only conversations are
dated and taken apart so finely that it tells anything; of whatever else was found nothing is said.
"""

from __future__ import annotations

import re

import numpy as np

from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Scored
from cairn.core.recall.units import Units

# Fitted by `python -m tests.bench.abstain`, like those of relevance, and held back a little.
_NEAR, USUAL, _OTHER_TIME = 4.0, 0.575, -1.5
_LOOKED_AT, _BEST, _DATED = 20, 3, 10
"""Units: of the first so many the nearest, and the first of which the days are looked at."""
_OF_TIME = 0.5
"""From which on the signal of time counts as a yes."""
_SAID = ("chat", "entry")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def by_turns(scored: Scored) -> float:
    """In logits: the turns nearest in meaning, against those that usually answer."""
    near = nearness(scored)
    return 0.0 if near is None else _NEAR * (near - USUAL)


def nearness(scored: Scored) -> float | None:
    """Of the nearest turns among the first, and of the entries that rest on them. None without
    vectors, and where something else than what was said comes first."""
    best = scored.units[:_LOOKED_AT]
    column = scored.parts.get("vector")
    if column is None or not _are_said(best):
        return None
    kinds = [whole.kind for whole in best.wholes]
    cosines = [column[at] for at, kind in enumerate(kinds) if kind in _SAID]
    return float(np.mean(sorted(cosines)[-_BEST:]))


def by_time(question: Question, scored: Scored) -> float:
    """In logits: against turns of which none is of the year, month or day that is asked about."""
    return _OTHER_TIME if is_of_other_time(question, scored) else 0.0


def is_of_other_time(question: Question, scored: Scored) -> bool:
    """Only where a year is named: "four years ago" depends on when somebody asks."""
    years = {year for when in question.times for year in _YEAR.findall(when.text)}
    first = scored.units[:_DATED]
    if not years or not _are_said(first) or not all(whole.when for whole in first.wholes):
        return False
    column = scored.parts.get("moment")
    if column is not None and column[: len(first)].max() >= _OF_TIME:
        return False
    return not any(year in text for year in years for text in first.texts)


def _are_said(units: Units) -> bool:
    """Is the first of them a turn, apart from what is noted in the tree?"""
    kinds = [whole.kind for whole in units.wholes if whole.kind != "entry"]
    return kinds[:1] == ["chat"]
