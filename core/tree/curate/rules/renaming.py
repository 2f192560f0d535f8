"""A clause → that somebody or something goes by another name now: the old name and the new one.

Called by `stated`. "Project Heron is renamed to Skylark", "I'm Lena Sandberg and no longer Lena
Vogt", "Lena Sandberg (née Vogt)": what has a name keeps its spelling, for `graph/renames.py` to
merge the two. Linear.
"""

from __future__ import annotations

import re

from cairn.core.tree.curate.rules.naming import About, read_phrase
from cairn.core.tree.curate.rules.people import is_name, is_no_name
from cairn.core.tree.curate.rules.values import NAME, clip

_MARRIED = r"(?:\s+(?:has |have |just |recently )*(?:got )?married(?: \w+){0,3},? and)?"
_NOW = r"\s+(?:now|from|since|as of|starting|these days)\b"
_RENAMED = re.compile(
    r"(?:(?:we|i|they|[A-Z]\w+)(?:['’]ve| have| has)?\s+(?:just\s+|now\s+|"
    r"decided to\s+)?renamed?\s+(?P<a>.{2,50}?)\s+"
    r"(?:to|into|as)\s+(?P<b>\S.{0,60})"
    rf"|(?P<e>.{{2,50}}?){_MARRIED}\s+(?:is|are) (?:called|named|known as)\s+"
    r"(?P<f>[A-ZÀ-Þ][\w'’&-]*(?: [A-ZÀ-Þ][\w'’&-]*){0,3})"
    rf"(?={_NOW})"
    rf"|(?P<c>.{{2,50}}?){_MARRIED}\s+(?:is (?:now|from now on|officially) (?:called|named|"
    r"known as)|"
    r"has been renamed(?: to| as)?|was renamed(?: to| as)?|is being renamed(?: to)?|"
    r"is renamed(?: to)?|"
    r"will (?:now |from now on )?be called|heißt (?:jetzt|ab jetzt|nun)|s['’]appelle maintenant|"
    r"ahora se llama)\s+(?P<d>\S.{0,60}))",
    re.IGNORECASE,
)
_NOT_ANY_MORE = re.compile(
    rf"(?:(?:i['’]m|i am|my name is|(?:is|are) (?:now )?(?:called|named)|new name,|new name:|"
    rf"(?:is|are) now)\s+(?:now\s+)?)(?-i:(?P<new>{NAME})),?(?: now)?\s+(?:and\s+)?"
    rf"(?:no longer|instead of|rather than)\s+(?:the\s+)?(?-i:(?P<old>{NAME}))",
    re.IGNORECASE,
)
_BORN = re.compile(
    rf"(?P<new>{NAME}),? \(?(?:née|nee|née as|geb\.|geborene)\s(?P<old>[A-ZÀ-Þ][\w'’-]{{1,24}})\b"
)
_FORMERLY = re.compile(
    rf"(?P<new>{NAME}),? \(?(?:formerly|previously|until recently|ehemals|früher|vormals)\s"
    rf"(?P<said>(?:called|named|known as)\s)?(?:the\s)?(?P<old>{NAME})(?=[),.;!]|$)"
)
_PREFIX = re.compile(r"(?:the|our|project|projekt|der|die|das|unser\w{0,2})\s+", re.IGNORECASE)


def renamed(part: str) -> tuple[About, str, str] | None:
    """What has a new name, that name, and what it was called."""
    return _in_words(part) or _in_brackets(part)


def _in_words(part: str) -> tuple[About, str, str] | None:
    if other := _NOT_ANY_MORE.search(part, 0, 240):
        return _named(other["old"], other["new"])
    found = _RENAMED.match(part)
    if found is None:
        return None
    what = (found["a"] or found["c"] or found["e"]).strip()
    name = clip(found["b"] or found["d"] or found["f"]).strip("\"'“”„ ")
    if not name or len(name.split()) > 5 or not (name[:1].isupper() or name[:1].isdigit()):
        return None
    if named := _named(what, name):
        return named
    about = read_phrase(what)
    if about is None or about.attribute:
        return None
    return About(about.subject, "name"), name, what


def _in_brackets(part: str) -> tuple[About, str, str] | None:
    if born := _BORN.search(part, 0, 240):
        given = born["new"].split()[0]
        return _named(f"{given} {born['old']}", born["new"]) if " " in born["new"] else None
    found = _FORMERLY.search(part, 0, 240)
    if found is None:
        return None
    shared = set(found["new"].casefold().split()) & set(found["old"].casefold().split())
    # "Ida Kern, formerly Hansa Bank" has changed her employer.
    return _named(found["old"], found["new"]) if shared or found["said"] else None


def _named(old: str, new: str) -> tuple[About, str, str] | None:
    bare = old
    while match := _PREFIX.match(bare):
        bare = bare[match.end() :]
    bare, new = bare.strip(" .,"), new.strip(" .,")
    if not is_name(bare) or is_no_name(new) or bare.casefold() == new.casefold():
        return None
    return About(bare, "name"), new, bare
