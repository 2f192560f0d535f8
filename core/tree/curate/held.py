"""An entry as it is after what is planned so far, and which statement of a thing stands beside it.

Used by reconciling, which plans several operations on the same entries before any is carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cairn.core.records import Entry
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.markdown import with_source

_DATED = frozenset(("event", "promise", "question"))
"""Their days are those of what they are about."""


@dataclass(frozen=True, slots=True)
class Held:
    """An entry as it is after what is planned so far."""

    entry: Entry
    path: str
    text: str = ""
    """Empty as long as it is as it was filed."""
    filed: Filed | None = None

    @property
    def day(self) -> str:
        return (self.entry.valid_from or self.entry.created)[:10]


def grown_by(held: Entry, entry: Entry) -> Entry:
    """With what the other rests on. Who said it before has known it before."""
    grown = held
    for source in entry.sources:
        grown = with_source(grown, source)
    if not grown.attribute and entry.attribute:
        grown = replace(grown, subject=entry.subject, attribute=entry.attribute, value=entry.value)
    is_said_day = held.valid_from in {source.when[:10] for source in held.sources}
    if "" < entry.valid_from < held.valid_from and is_said_day and held.kind not in _DATED:
        grown = replace(grown, valid_from=entry.valid_from)
    earlier = bool(entry.sources[0].when) and entry.created < grown.created
    return replace(grown, created=entry.created) if earlier else grown


def day_of(entry: Entry) -> str:
    return (entry.valid_from or entry.created)[:10]


def neighbours(held: Sequence[Held], day: str) -> list[Held]:
    """The last statement up to a day, with others of its day, and the first one after it."""
    ordered = sorted(held, key=lambda each: (each.day, not each.entry.valid_until, each.entry.id))
    before = [each for each in ordered if each.day <= day]
    after = [each for each in ordered if each.day > day]
    beside = [e for e in before[:-1] if e.day == before[-1].day and not e.entry.valid_until]
    return [*beside, *before[-1:], *after[:1]]


def what_of(entry: Entry) -> str:
    if entry.attribute in ("amount", "date", "value") or entry.attribute in entry.subject:
        return entry.subject
    return f"{entry.subject} {entry.attribute}"
