"""An entry's signals and the day → its strength, its maturity, and whether it fades.

Pure functions, called by `settling` and for ranking. Maturity is earned by evidence (independent
sources, the user's word, citations that were used and opened), never by being found; time weakens
an entry in days of the calendar, and no clock, however wrong, raises an error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cairn.core.records import Origin
from cairn.core.tree.life import constants as by
from cairn.core.tree.life.days import day_number, days_since
from cairn.core.tree.life.signals import Maturity, Signals, bounded
from cairn.core.tree.life.witness import independent

_DATED = frozenset(("promise", "question", "event"))
"""Their `valid_until` is the day they are for, not the day on which they ceased to be true."""
_SPEAKS = frozenset(("user", "other", "document"))
"""Of programs and assistants a second one is no witness: they repeat what they were told."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What an entry itself says that bears on its life."""

    kind: str = "fact"
    origin: str = "document"
    author: str = "rules"
    valid_until: str = ""
    superseded: bool = False

    @property
    def is_users(self) -> bool:
        return self.author == "user"

    @property
    def is_models(self) -> bool:
        return self.author.startswith("model")


# -- how much it counts


def importance(kind: str, origin: Origin, certainty: float = 1.0) -> float:
    """Before anything is known of its use; 0 to 1."""
    share = by.LEAST_CERTAIN + (1 - by.LEAST_CERTAIN) * bounded(certainty)
    return by.KIND_IMPORTANCE.get(kind, by.OTHER_KIND) * by.ORIGIN_WEIGHT[origin] * share


def recency(signals: Signals, now: str, traits: Traits = Traits()) -> float:
    """1 when it was touched just now, 0.5 a half-life later. Unknown times count as now."""
    age = days_since(signals.touched, now) or 0.0
    past = _days_past(traits.valid_until, now) if traits.kind in _DATED else None
    if past is not None and past >= -by.LONGEST_AHEAD:
        age = min(age, max(0.0, past))
    return math.pow(2.0, -age / half_life(signals))


def half_life(signals: Signals) -> float:
    """In days: longer for what matters, was used on many days, and is borne out."""
    days = by.HALF_LIFE + by.HALF_LIFE_BY_IMPORTANCE * bounded(signals.importance)
    growth = (
        1.0
        + by.BY_DOUBLED_USE * math.log2(1 + max(0, signals.uses))
        + by.BY_DOUBLED_KEEPING * math.log2(1 + max(0, signals.kept))
        + by.BY_CONFIRMATION * _confirmations(signals)
    )
    return min(days * growth * by.BORNE_OUT[signals.maturity], by.LONGEST_HALF_LIFE)


def strength(signals: Signals, now: str, traits: Traits = Traits()) -> float:
    """0 to 1: its recency, less where it has ceased to be true."""
    holds = not traits.superseded and not _has_ended(traits, now)
    return recency(signals, now, traits) * (1.0 if holds else by.ENDED)


def prior(signals: Signals, now: str, traits: Traits = Traits()) -> float:
    """0 to `PRIOR_MOST`, for choosing between what matches as well; 0 for the superseded only.

    Whether an answer is known at all must not depend on it.
    """
    if traits.superseded:
        return 0.0
    share = (strength(signals, now, traits) + bounded(signals.importance)) / 2
    return min(by.PRIOR_MOST, by.PRIOR_LEAST + (by.PRIOR_MOST - by.PRIOR_LEAST) * share)


def behind_successors(ranked: Sequence[str], successors: Mapping[str, str]) -> list[str]:
    """A ranking in which no superseded entry stands before what supersedes it.

    The best place of a chain goes to its newest; the others follow right behind, newer first.
    """
    chains: dict[str, list[tuple[int, str]]] = {}
    newest: dict[str, str] = {}
    for entry in ranked:
        newest[entry], steps = _newest(entry, successors)
        chains.setdefault(newest[entry], []).append((steps, entry))
    order: list[str] = []
    for entry in ranked:
        chain = sorted(chains.pop(newest[entry], ()), key=lambda pair: pair[0])
        order += [each for _, each in chain]
    return order


def _newest(entry: str, successors: Mapping[str, str]) -> tuple[str, int]:
    """The end of a chain and how far it is; of a ring, where it would begin anew."""
    seen = {entry}
    while (after := successors.get(entry)) and after not in seen:
        seen.add(after)
        entry = after
    return entry, len(seen) - 1


# -- how well it is borne out


def evidence(signals: Signals, now: str, traits: Traits = Traits()) -> float:
    """Points, as `constants` counts them."""
    word = by.USER_WORD if has_users_word(signals, traits) else 0.0
    heard = by.CONFIRMATION * _confirmations(signals) if traits.origin in _SPEAKS else 0.0
    # As often as it was both used and opened: the one without the other says little.
    kept = min(by.MOST_KEPT, by.KEPT_DAY * min(signals.uses, signals.kept))
    age = days_since(signals.kept_on, now) or 0.0
    return word + heard + kept * math.pow(2.0, -age / by.KEPT_HALF_LIFE)


def matured(signals: Signals, now: str, traits: Traits = Traits()) -> Maturity:
    """What its maturity is now. A step up takes more than staying there, and one step at a time.

    What a model wrote becomes core by the user's word only.
    """
    points = evidence(signals, now, traits)
    if signals.maturity == "core":
        return "core" if points >= by.CORE_BELOW else _below_core(points)
    if signals.maturity == "validated":
        if points < by.DRAFT_BELOW:
            return "draft"
        needs_word = traits.is_models and not has_users_word(signals, traits)
        return "core" if _may_be_core(signals, points, now) and not needs_word else "validated"
    return "validated" if points >= by.VALIDATED_FROM else "draft"


def awaits_word(signals: Signals, now: str, traits: Traits) -> bool:
    """A model wrote it and it would become core: for a person to decide."""
    return (
        traits.is_models
        and not has_users_word(signals, traits)
        and signals.maturity == "validated"
        and _may_be_core(signals, evidence(signals, now, traits), now)
    )


def has_users_word(signals: Signals, traits: Traits) -> bool:
    return traits.is_users or signals.vouched > 0


# -- whether it goes to the archive


def fades(signals: Signals, now: str, traits: Traits = Traits()) -> bool:
    """Whether it may go to the archive, from where it can still be found and brought back."""
    if signals.maturity == "core" or has_users_word(signals, traits):
        return False
    past = _days_past(traits.valid_until, now)
    if past is not None and -by.LONGEST_AHEAD <= past < 0:
        return False  # what it is about is still ahead
    return strength(signals, now, traits) < by.FADED


def _may_be_core(signals: Signals, points: float, now: str) -> bool:
    return points >= by.CORE_FROM and (days_since(signals.since, now) or 0.0) >= by.CORE_AFTER


def _below_core(points: float) -> Maturity:
    return "validated" if points >= by.DRAFT_BELOW else "draft"


def _confirmations(signals: Signals) -> int:
    """By others than the first."""
    return max(0, min(by.MOST_CONFIRMATIONS, independent(signals.confirmed) - 1))


def _days_past(valid_until: str, now: str) -> float | None:
    until, today = day_number(valid_until, end=True), day_number(now)
    return None if until is None or today is None else today - until


def _has_ended(traits: Traits, now: str) -> bool:
    past = _days_past(traits.valid_until, now)
    return traits.kind not in _DATED and past is not None and past >= 0
