"""A statement → which property of a person it gives, if a person has one of it at a time.

Called by `facts`. Subject, attribute and value are what lets a later statement supersede this one,
so only what is certain has them: "I live in Berlin" → (Ana, home, Berlin).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cairn.core.tree.curate.rules.voice import ME, possessive

_NOW = r"(?:(?:now|currently|just|recently|actually|finally|also|still)\s+)?"
_AM = r"\b[Ii](?:['’]m| am)\s+"
_END = r"(?=[.,;!]|\s|$)"
_STOP = r"(?=[.,;!]|$)"
_PLACE = (
    r"(?P<value>(?:the\s+)?[A-Z][\w'’-]+"
    r"(?:,?\s(?!I\b|I['’])(?:[A-Z][\w'’-]+|(?:de|la|upon|am)\b))*)"
)
_PERSON = r"(?P<value>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?)"
_CALLED = r"(?:['’]s name)?\s+is\s+(?:called\s+|named\s+)?"
_KIN = r"(?:wife|husband|partner|boyfriend|girlfriend|fianc[eé]e?)"
_OWN = r"(?P<thing>dog|cat|puppy|kitten|pup|car|boat|son|daughter|baby)"
_TRADE = r"(?P<value>[\w-]+(?:\s[\w-]+){0,2}?)(?=\s+(?:at|for|in|with|and|since)\b|[.,;!]|$)"
_DIET = r"vegetarian|vegan|pescatarian|teetotal|coeliac"
_FAVOURITE = (
    r"(?<!of )\b[Mm]y (?:all-time |absolute )?favou?rite (?P<thing>[a-z]+(?:\s[a-z]+)?)"
    r"(?:['’]s| is)\s+(?:definitely |probably |called )?(?P<value>[^.,;!?]{2,50})"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), attribute)
    for pattern, attribute in (
        (rf"\b[Ii]\s+{_NOW}live in\s+{_PLACE}", "home"),
        (
            rf"\b[Ii](?:['’]ve| have)?\s+{_NOW}(?:moved|relocated)\s+(?:(?:back|out|"
            rf"over)\s+)?to\s+"
            rf"{_PLACE}",
            "home",
        ),
        (rf"{_AM}{_NOW}(?:living|based)\s+in\s+{_PLACE}", "home"),
        (rf"{_AM}(?:originally\s+)?from\s+{_PLACE}", "origin"),
        (rf"\b[Ii] grew up in\s+{_PLACE}", "childhood home"),
        (rf"\b[Ii]\s+{_NOW}work as\s+(?:an?|the)\s+{_TRADE}", "job"),
        (rf"\b[Ii]\s+{_NOW}work (?:at|for)\s+{_PLACE}", "employer"),
        (
            rf"\b[Mm]y birthday(?:['’]s| is)\s+(?:on\s+)?(?P<value>[\w ]{{3,20}}?){_STOP}",
            "birthday",
        ),
        (
            r"\b[Ii](?:['’]m| am| (?:just )?turned)\s+(?P<value>\d{1,2})"
            r"(?=\s+(?:years old|now|today)|[.,;!]|$)",
            "age",
        ),
        (rf"\b[Mm]y {_KIN}{_CALLED}{_PERSON}{_END}", "partner"),
        (rf"\b[Mm]y {_KIN},\s+{_PERSON}(?=,)", "partner"),
        (rf"{_AM}married to\s+{_PERSON}", "partner"),
        (rf"\b[Mm]y {_OWN}{_CALLED}{_PERSON}{_END}", "name"),
        (_FAVOURITE, "favourite"),
        (rf"{_AM}{_NOW}(?:an? )?(?:strict )?(?P<value>{_DIET}){_END}", "diet"),
        (rf"\b[Ii]\s+{_NOW}eat (?P<value>(?:meat|fish|eggs|dairy) again){_END}", "diet"),
    )
)
_SUPPOSED = re.compile(
    r"\b(?:if|would|could|might|wish|used to|almost|not|never)\b|n['’]t\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Known:
    subject: str
    attribute: str
    value: str


def known(text: str, who: str, only: str = "") -> Known | None:
    """The first property that a clause in the first person gives of whoever says it, or `only`
    that one."""
    person = "me" if who in ME else who
    if _SUPPOSED.search(text):
        return None
    for pattern, attribute in _PATTERNS:
        match = pattern.search(text) if only in ("", attribute) else None
        if match is None:
            continue
        value = " ".join(match["value"].split()).strip(" '’")
        thing = match.groupdict().get("thing") or ""
        if attribute == "name":
            owner = "my" if who in ME else possessive(who)
            return Known(f"{owner} {thing}", "name", value)
        if attribute == "favourite":
            return Known(person, f"favourite {thing}", value)
        return Known(person, attribute, value)
    return None
