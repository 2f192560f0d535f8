"""An entry that tells of a new name → the two names that stand for one.

Read by `settling.py`, which keeps them as it keeps a user's aliases, by reconciling and by the
curation. Only names count: "our dentist is called Weber" names nobody anew, and a bare "Lena", of
whom there may be several, is never another's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cairn.core.tree.graph.found import LONGEST, Found, ThingKind
from cairn.core.tree.graph.name_words import GIVEN, GIVEN_OR_WORD, TITLES, fold
from cairn.core.tree.graph.spelling import parse

_WORD = r"[^\W\d_a-zß-ÿ][\w&.-]{0,30}"
_NAME = re.compile(rf"{_WORD}(?: (?:(?:of|the|von|van|de|und|and|&) )?(?:{_WORD}|\d+)){{0,3}}")
_THINGS: tuple[ThingKind, ...] = ("project", "organisation", "thing")


@dataclass(frozen=True, slots=True)
class Renaming:
    old: str
    new: str
    kinds: tuple[ThingKind, ...]
    """What it may be that goes by both names."""


def renaming(subject: str, attribute: str, value: str) -> Renaming | None:
    """None for an entry that tells of no new name of what has one."""
    if attribute != "name" or not _is_name(subject) or not _is_name(value):
        return None
    old, new = parse(subject, "person"), parse(value, "person")
    if fold(subject) == fold(value) or "family" in (old.form, new.form):
        return None
    if old.form == new.form == "full" and set(old.key.split()) & set(new.key.split()):
        return Renaming(subject, value, ("person", *_THINGS))
    firsts = {fold(subject).split()[0], fold(value).split()[0]}
    return None if firsts & (GIVEN | GIVEN_OR_WORD) else Renaming(subject, value, _THINGS)


def names_told(one: Renaming, uri: str, when: str) -> list[Found]:
    """Both names, which a sentence says are names, whatever else is made of it."""
    is_person = "person" in one.kinds and fold(one.old).split()[0] in GIVEN
    kind: ThingKind = "person" if is_person else "thing"
    return [Found(name, kind, uri, when) for name in (one.old, one.new)]


def latest_names(rows: dict[str, str]) -> dict[str, str]:
    """Old names and the names of today, over several changes; what goes in a circle is left."""
    found: dict[str, str] = {}
    for old in rows:
        seen, name = {old}, rows[old]
        while name in rows and name not in seen:
            seen.add(name)
            name = rows[name]
        if name not in seen:
            found[old] = name
    return found


def _is_name(text: str) -> bool:
    if len(text) > LONGEST or not _NAME.fullmatch(text):
        return False
    words = fold(text).split()
    return words[0].rstrip(".") not in TITLES and len(fold(text)) > 1
