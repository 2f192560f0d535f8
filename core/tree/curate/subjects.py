"""A subject as it was written → every way in which entries may have written the same subject.

Asked by reconciling before anything is compared. "Sofia" is "Sofia Lind" only where exactly one
known person bears that name; a project, a choir or a firm is found by all the names it goes by.
Whatever could be two stays apart.
"""

from __future__ import annotations

import re

from cairn.core.tree.catalogue import about
from cairn.core.tree.curate.rules.naming import PROPERTIES
from cairn.core.tree.curate.rules.people import is_name
from cairn.core.tree.curate.rules.voice import possessive
from cairn.core.tree.graph.spelling import parse, shown
from cairn.core.tree.graph.store import Thing, Things

_MOST = 24
"""Ways to write one subject; whoever goes by more is found by the first of them."""
_BEFORE = re.compile(r"(?:the|our|my|der|die|das|unser|mein|project|projekt)\s+", re.IGNORECASE)
_AFTER = re.compile(r"\s+(?:project|projekt)$", re.IGNORECASE)
_OWNED = re.compile(r"(?P<who>[^\s'’][^'’]{0,58}?)['’]s?\s(?P<what>\S.{0,58})$")
_REACHED_AT = re.compile(r"(?:practice|surgery|praxis|clinic)$", re.IGNORECASE)
_REACH = frozenset(("phone", "email", "hours"))
"""What is a doctor's is the practice's."""
_ONE_MEANING = frozenset(
    "budget rent salary fee deposit due launch birthday lead contact phone mobile email address "
    "status hours provider colour".split()
)
"""Properties all of whose names mean the same: an interest rate and a day rate are both a rate,
and two."""


class Subjects:
    """To be made anew for each document or window: what is known of names changes meanwhile."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._found: dict[str, tuple[str, ...]] = {}

    def keys(self, subject: str, attribute: str) -> tuple[str, ...]:
        """As `catalogue.about` makes them, the subject's own first."""
        if not about(subject, attribute):
            return ()
        names = list(self.of(subject))
        attributes = same_attributes(attribute)
        owned = _OWNED.match(_plain(subject))
        if _REACH.intersection(attributes):
            if owned and _REACHED_AT.match(owned["what"]):
                names += self.of(owned["who"])
            else:
                names += [f"{possessive(name)} practice" for name in self.of(subject)]
        return tuple(about(name, each) for name in dict.fromkeys(names) for each in attributes)

    def of(self, subject: str) -> tuple[str, ...]:
        """In lower case, its own spelling first."""
        if subject not in self._found:
            plain = _plain(subject)
            owned = _OWNED.match(plain)
            if owned:
                named = [f"{possessive(who)} {owned['what']}" for who in self.of(owned["who"])]
            else:
                named = self._names(plain)
                named += [] if is_name(plain) and " " in plain else _as_project(plain)
            ways = (each.casefold() for each in (subject, plain, *named))
            self._found[subject] = tuple(dict.fromkeys(filter(None, ways)))[:_MOST]
        return self._found[subject]

    def _names(self, name: str) -> list[str]:
        found = self._things.bearers(name)
        person = self._person(name, found) if is_name(name) else None
        if person is None:
            return [each for thing in found if thing.kind != "person" for each in _spellings(thing)]
        spelled = _spellings(person)
        keys = [parse(each, "person") for each in spelled]
        spelled += [key.key.split()[0] for key in keys if key.form == "full"]
        return [
            each for each in dict.fromkeys(spelled)
            if (one := self._person(each, self._things.bearers(each))) and one.id == person.id
        ]  # fmt: skip

    def _person(self, name: str, found: list[Thing]) -> Thing | None:
        """The only one whom a name can stand for."""
        wanted = parse(name, "person")
        people = [thing for thing in found if thing.kind == "person"]
        full = [thing for thing in people if _is_full(thing)]
        by_one_word = [thing for thing in people if thing not in full]
        if wanted.form == "bare":
            full = [thing for thing in full if wanted.key in _parts(thing, 0)]
        elif wanted.form == "family":
            full = [thing for thing in full if wanted.key in _parts(thing, -1)]
        fitting = full or by_one_word
        return fitting[0] if len(fitting) == 1 else None


def same_attributes(attribute: str) -> tuple[str, ...]:
    """With its other names: "phone" is "phone number" and "Telefon"."""
    known = PROPERTIES.get(attribute.casefold())
    name = known.name if known else attribute.casefold()
    if name not in _ONE_MEANING or known is None:
        return (attribute,)
    words = (word for word, each in PROPERTIES.items() if each.name == name)
    return tuple(dict.fromkeys((attribute.casefold(), name, *words)))


def _plain(subject: str) -> str:
    plain = _AFTER.sub("", subject.strip())
    while match := _BEFORE.match(plain):
        plain = plain[match.end() :]
    return plain or subject


def _as_project(name: str) -> list[str]:
    return [f"project {name}", f"{name} project", f"the {name} project", f"projekt {name}"]


def _spellings(thing: Thing) -> list[str]:
    return [shown(each) for each in (thing.name, *thing.spellings)]


def _is_full(thing: Thing) -> bool:
    return any(parse(each, "person").form == "full" for each in (thing.name, *thing.spellings))


def _parts(thing: Thing, place: int) -> set[str]:
    """Given names, or surnames, by which somebody is called in full."""
    spelled = (parse(each, "person") for each in (thing.name, *thing.spellings))
    return {each.key.split()[place] for each in spelled if each.form == "full"}
