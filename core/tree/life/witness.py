"""An entry's sources → how many of them say it independently of each other.

Called when an entry's sources change. Two count as independent when they are in different files or
conversations, from different days, and neither is a copy of the other; what is kept of them is a
digest and a day, so that nothing has to be taken out when a source is forgotten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cairn.core.records import Source, content_hash, digest
from cairn.core.tree.life.constants import MOST_WITNESSES
from cairn.core.tree.life.days import day_of
from cairn.core.uris import container

_MAIL = re.compile(r"m\d+", re.ASCII)
_PLACE = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, order=True)
class Witness:
    """One container that says it, copies of it included, on one day."""

    day: str
    place: str


def witnesses(sources: Iterable[Source]) -> tuple[Witness, ...]:
    """The first of each place and the first of each day before all others, as only so many are
    kept."""
    listed = [(_place(source), _words(source), day_of(source.when)) for source in sources]
    copies = _copies((place, words) for place, words, _ in listed)
    found = sorted({Witness(day, digest(copies[place], size=6)) for place, _, day in listed})
    places: set[str] = set()
    days: set[str] = set()
    ranked: list[tuple[int, Witness]] = []
    for each in found:
        ranked.append(((each.place in places) + (each.day in days), each))
        places.add(each.place)
        days.add(each.day)
    return tuple(sorted(each for _, each in sorted(ranked)[:MOST_WITNESSES]))


def several_of(sources: Iterable[Source]) -> tuple[Witness, ...]:
    """None of a single one, which confirms nothing."""
    found = witnesses(sources)
    return found if len(found) > 1 else ()


def independent(found: tuple[Witness, ...]) -> int:
    """The most that can be picked with no place and no day twice."""
    days: dict[str, list[str]] = {}
    for each in found:
        days.setdefault(each.place, []).append(each.day)
    taken: dict[str, str] = {}
    return sum(_takes(place, days, taken, set()) for place in sorted(days))


def _takes(place: str, days: dict[str, list[str]], taken: dict[str, str], tried: set[str]) -> bool:
    """Give a place a day of its own, moving others to theirs where that makes room."""
    for day in days[place]:
        if day not in tried:
            tried.add(day)
            if day not in taken or _takes(taken[day], days, taken, tried):
                taken[day] = place
                return True
    return False


def to_json(found: tuple[Witness, ...]) -> str:
    return json.dumps([[each.day, each.place] for each in found]) if found else ""


def from_json(text: str) -> tuple[Witness, ...]:
    """What `to_json` wrote; nothing of anything else."""
    if not text or len(text) > 100 * MOST_WITNESSES:
        return ()
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(rows, list) or len(rows) > MOST_WITNESSES:
        return ()
    sound = [
        Witness(row[0], row[1])
        for row in rows
        if isinstance(row, list)
        and len(row) == 2
        and all(isinstance(part, str) for part in row)
        and row[0] == day_of(row[0])
        and _PLACE.fullmatch(row[1])
    ]
    return tuple(sorted(set(sound)))


def _place(source: Source) -> str:
    """The file or conversation; in a mailbox, which holds years of them, the mail."""
    uri, _, locator = source.uri.partition("#")
    mail = _MAIL.match(locator)
    return f"{container(uri)}#{mail[0]}" if mail else container(uri)


def _words(source: Source) -> str:
    """What tells copies. A conversation is never one: people do say the same again."""
    if not source.quote or source.uri.startswith("chat:"):
        return ""
    return source.hash or content_hash(source.quote)


def _copies(listed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each place and the one of which it is a copy, which may be itself."""
    first: dict[str, str] = {}
    by_words: dict[str, str] = {}

    def root(place: str) -> str:
        while first[place] != place:
            first[place] = first[first[place]]
            place = first[place]
        return place

    for place, words in listed:
        first.setdefault(place, place)
        if words:
            one, other = root(by_words.setdefault(words, place)), root(place)
            first[max(one, other)] = min(one, other)
    return {place: root(place) for place in first}
