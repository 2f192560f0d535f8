"""Utterances of a document → the same, each with the day that the text itself says it is of.

Called by `rules.propose`. "2026-08-11: the dose is now 2.5 mg" was said on that day; an undated
note counts from the date in its heading, or in the line that opens its part. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules.documents import container

_LONGEST = 90
"""Characters of a line that may be a heading."""
_ISO = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])"
_MONTH = r"[^\W\d_]{3,10}\.?"
_FULL = (
    rf"(?:{_ISO}|\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:19|20)\d\d|"
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of )?{_MONTH},? (?:19|20)\d\d|"
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d)(?!\d)"
)
_LEAD = re.compile(
    rf"[ \t]*(?:[-*+•]\s+)?[*_]{{0,2}}(?P<day>{_FULL})[*_]{{0,2}}\s*[:–—][*_]{{0,2}}\s+(?=\S)"
)
_HEADED = re.compile(
    r"(?:#{1,6}\s+(?:[^\W\d_][\w'’&-]*[,:]?\s+){0,6}?|[*_]{0,2}(?:(?:[^\W\d_][\w'’&-]*\s){0,2}?"
    r"(?:meeting|minutes|notes?|call|stand-?up|workshop|sync|session|visit|interview|review|retro|"
    r"journal|diary|log|entry|date|day|datum|tag|besprechung|protokoll|termin|notizen|réunion|"
    r"notes|reunión|acta)\W{1,3}(?:(?:of|on|from|vom|am|du|del)\s)?)?)"
    rf"[(\[]?(?P<day>{_FULL})",
    re.IGNORECASE,
)
_IN_HEADING = re.compile(_FULL)
_NOT_SAID_ON = re.compile(
    r"\b(?:by|until|till|due|from|since|before|after|expires?|ends?|starts?|born|valid|birthday|"
    r"deadline|next|to|for|bis|ab|seit|fällig|geboren)\W*(?:on\s|the\s|am\s|zum\s)?$",
    re.IGNORECASE,
)
"""A day that is told, and not the one of the telling."""


def dated(utterances: Sequence[Utterance]) -> list[Utterance]:
    """In their order; lines that begin with a day of their own stand apart."""
    found: list[Utterance] = []
    here: tuple[str, tuple[str, ...]] = ("", ())
    opened = ""
    for each in utterances:
        if each.kind not in ("note", "text"):
            found.append(each)
            continue
        place = (container(each.uri), each.heading)
        if place != here:
            here, opened = place, ""
        opened = _opened(each.text) or opened
        day = "" if each.when else opened or _in_headings(each)
        found += _by_line(replace(each, when=day) if day else each)
    return found


def lead_of(text: str) -> int:
    """Where the words begin behind "2026-08-11:"; 0 without such a day."""
    lead = _LEAD.match(text)
    return lead.end() if lead and _iso(lead["day"]) else 0


def undated(text: str) -> str:
    """A heading without the days in it."""
    return _IN_HEADING.sub(lambda found: " " if _iso(found[0]) else found[0], text[:_LONGEST])


def _by_line(utterance: Utterance) -> Iterator[Utterance]:
    days: list[tuple[int, str]] = []
    at = 0
    for line in utterance.text.split("\n"):
        lead = _LEAD.match(line) if line[:_LONGEST].strip() else None
        if lead and (day := _iso(lead["day"])):
            days.append((at, day))
        at += len(line) + 1
    if not days or days[0][0]:
        days.insert(0, (0, utterance.when))
    for (start, day), (end, _) in zip(
        days, [*days[1:], (len(utterance.text) + 1, "")], strict=True
    ):
        yield replace(utterance, text=utterance.text[start : end - 1], when=day)


def _opened(text: str) -> str:
    """The day in a first line that is a heading, whether marked as one or not."""
    line = text.split("\n", 1)[0].strip()
    found = _HEADED.match(line) if len(line) <= _LONGEST else None
    is_marked = line.startswith("#")
    if found is None or (is_marked and _NOT_SAID_ON.search(line[: found.start("day")])):
        return ""
    return _iso(found["day"]) if is_marked or not line.endswith((".", "!", "?", ";")) else ""


def _in_headings(utterance: Utterance) -> str:
    for text in (*reversed(utterance.heading), utterance.title):
        found = _IN_HEADING.search(text[:_LONGEST])
        if found and not _NOT_SAID_ON.search(text[: found.start()]):
            return _iso(found[0])
    return ""


@lru_cache(maxsize=256)
def _iso(text: str) -> str:
    from cairn.core.times.phrases import find

    for language in ("en", "de", "fr", "es"):
        days = find(text, None, language)
        if len(days) == 1 and days[0].grain == "day":
            return days[0].first.isoformat()
    return ""
