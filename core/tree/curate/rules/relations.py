"""A clause → what it says of one person or thing: where somebody lives, what something costs.

Called by `attributes` and `decisions`. "Tom works as a carpenter", "Tom is a carpenter by trade"
and "Tom's job is carpenter" have one subject, attribute and value, so that they are one entry and
a later job supersedes. What one can have many of has its value in its attribute. Linear.
"""

from __future__ import annotations

import re
from datetime import date

from cairn.core.tree.curate.rules.naming import About, Sort
from cairn.core.tree.curate.rules.people import is_no_name, person, thing
from cairn.core.tree.curate.rules.related import PATTERNS, Form
from cairn.core.tree.curate.rules.stated import Stated, denies, is_sure, parts, since
from cairn.core.tree.curate.rules.telling import dates_in
from cairn.core.tree.curate.rules.values import clip, value_of

_MOST_WORDS = 9
_SORTS: dict[str, Sort] = {
    "price": "money", "budget": "money", "phone": "phone", "email": "mail", "size": "number",
    "due": "date",
}  # fmt: skip
_ARTICLE = re.compile(
    r"(?:an?|the|some|his|her|their|our|my|ein(?:e[nrm]?)?|der|die|das|den|dem)\s+", re.I
)
_END = re.compile(
    r"\s+(?:these days|nowadays|at the moment|any ?more|again|every (?:morning|day|evening|night)|"
    r"and not a \w+|after all|as every year|together|with (?:his|her|their|my) \w+|too|as well|"
    r"now|today|currently|originally|already|everything included|jetzt|inzwischen)$",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:it|this|that|them|me|you|him|her|us|what|which|anything|something|everything|nothing|"
    r"home|peace|fear|hope|love|mind|touch|public|general|fact|a (?:way|bit|lot|pity|shame)|"
    r"\w+ing\b)",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\s(?:practice|rehearsals?|training|class|classes|lessons?|meetings?|sessions?|course|probe)$"
)
"""The choir and its practice have one day."""


def related(text: str, said: date | None, owner: str) -> Stated | None:
    """The first that a clause says; `owner` is whose "my" is, empty where nobody knows."""
    if not is_sure(text):
        return None
    clear = text.replace("*", "").replace("`", "").strip(" -•")
    clear, start = since(clear, said)
    for part in parts(clear):
        for form in PATTERNS:
            found = form.pattern.match(part)
            stated = found and _read(form, found, said, owner)
            if stated:
                return Stated(stated.about, stated.value, stated.phrase, start)
    return None


def _read(form: Form, found: re.Match[str], said: date | None, owner: str) -> Stated | None:
    phrase = (found.groupdict().get("s") or "").strip(" ,:")
    who = person(phrase, owner) if phrase else owner
    subject = (who if form.of != "thing" else "") or (thing(phrase) if form.of != "person" else "")
    value = _value(form, found["v"], said)
    if not subject or not value or denies(phrase):
        return None
    attribute = form.attribute
    subject = _MEETING.sub("", subject) if attribute == "day" else subject
    if form.has_many:
        attribute = f"{attribute} {value.casefold()}"
    return Stated(About(subject, attribute, form.sort), value, phrase)


_ANY_DAY = date(2000, 1, 1)
"""A birthday is one in every year, so that it is one in this too."""


def _value(form: Form, text: str, said: date | None) -> str:
    if form.attribute == "birthday":
        from cairn.core.times.phrases import find

        said = said or _ANY_DAY
        whens = dates_in(text, said) or find(text, said, "de")
        if not whens or whens[0].grain != "day" or whens[0].start > len("on the "):
            return ""
        return f"{whens[0].first.day} {whens[0].first:%B}"
    if form.sort != "text":
        return value_of(text, form.sort, said)
    value = clip(text) if form.sort == "text" else text
    for _ in range(3):
        value = _END.sub("", value)
    value = _ARTICLE.sub("", value, count=1) if _ARTICLE.match(value) else value
    if form.attribute != "day" and is_no_name(value):
        return ""
    is_value = value and len(value.split()) <= _MOST_WORDS and not _NOTHING.fullmatch(value)
    return value if is_value else ""
