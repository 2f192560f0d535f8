"""A clause → how an entry tells it: in the third person, with its days spelled out, and its "
"source.

Called by the rules for decisions, promises, questions and attributes. What can't be told in the
third person is quoted as it was said; no word is added but names and dates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from cairn.core.records import Source, content_hash
from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules.once import once
from cairn.core.tree.curate.rules.voice import ME, speaks_of_self, third_person

if TYPE_CHECKING:
    from cairn.core.times.phrases import When

TITLE_LENGTH = 70
_MOST_BODY = 400
_WE = re.compile(r"(?<![\w'’])(we|We)(?:['’](ve|re|ll))?(?=\s)")
_YOU = re.compile(r"\byou", re.IGNORECASE)
_IN_FULL = {"ve": " have", "re": " are", "ll": " will"}
_HEAVY_END = re.compile(r"[\s,;:–—-]+$")
_EMPHASIS = re.compile(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`")
_MARK = re.compile(r"\s*(?:(?:[-*+•‣–]|\d{1,3}[.)])\s+)?(?:\[[ xX]\]\s+)?")
_OWNER = re.compile(r"\b(?:my|our|your)\s+", re.IGNORECASE)
_NEAR_START = 4
_WORDS = {
    "de": "und der die das nicht ich wir ist hat seinen seine sein ihren ihre einen um wird "
    "haben für den dem bis zum ein eine mit auf am im",
    "fr": "les des est nous pour dans le la du je et avec une sur au vous jusqu",
    "es": "el los las una para por hemos está que con del en y de yo hasta",
}
_CUES = {word: language for language, words in _WORDS.items() for word in words.split()}
_LETTERS = re.compile(r"[^\W\d_]+")
_LEAST_CUES = 2


def language_of(text: str) -> str:
    """Told by its little words; English unless others are sure."""
    cues = Counter(
        language for word in _LETTERS.findall(text.casefold()) if (language := _CUES.get(word))
    )
    language, count = max(cues.items(), key=lambda each: each[1], default=("en", 0))
    return language if count >= _LEAST_CUES else "en"


def said_on(utterance: Utterance) -> date | None:
    try:
        return date.fromisoformat(utterance.when[:10])
    except ValueError:
        return None


@once
def dates_in(text: str, said: date | None) -> Sequence[When]:
    from cairn.core.times.phrases import find

    return find(text[:_MOST_BODY], said, language_of(text))


def ahead(when: When, said: date | None) -> When:
    """The coming June for "I will have it painted in June", whatever its verbs look like."""
    if said is None or when.last >= said or _YEAR.search(when.text):
        return when
    coming = dates_in(f"{_COMING}{when.text}", said)
    if not coming or coming[0].last < said:
        return when
    return replace(coming[0], start=when.start, end=when.end, text=when.text)


_COMING = "it will be "


def day_of(text: str, said: date | None, *, at_start: bool = False) -> str:
    """The first day or stretch that a text names, as ISO; or only one that it begins with."""
    from cairn.core.times.phrases import iso

    for when in dates_in(text, said):
        if at_start and (when.start > _NEAR_START or when.bound == "since"):
            return ""
        if at_start and _is_denied(text, when):
            return ""
        if not when.is_vague and not when.repeats:
            return iso(when)
    return ""


def _is_denied(text: str, when: When) -> bool:
    """`not on 5 May`, `am 5. Mai nicht`."""
    before, after = text[: when.start], text[when.end :]
    return bool(_DENIED.match(before) or _DENIED_AFTER.match(after))


_DENIED = re.compile(r"\W*(?:not|nie|pas|no)\b", re.IGNORECASE)
_DENIED_AFTER = re.compile(r"\s+(?:nicht|nie)\b(?!\s+(?:am|im|bis|um)\b)", re.IGNORECASE)


def day_of_year(text: str) -> str:
    """`17 July`, whatever its year, where a text begins with a day of one; of no year if none is
    named."""
    whens = dates_in(text, _ANY_DAY)
    if not whens or whens[0].grain != "day" or whens[0].start > _NEAR_START:
        return ""
    if _is_denied(text, whens[0]):
        return ""
    first = whens[0].first
    if _YEAR.search(whens[0].text):
        return first.isoformat()
    is_named = _ANY_MONTH.search(whens[0].text)
    return f"{first.day} {_MONTHS[first.month - 1]}" if is_named else ""


_ANY_DAY = date(2000, 1, 1)
_ANY_MONTH = re.compile(
    r"\d{1,2}(?:st|nd|rd|th|\.)?\s?(?:of\s)?[^\W\d_]{3}|[^\W\d_]{3}\S*\s\d{1,2}|\d[./]\d"
)


def when_said(text: str, said: date | None, after: Sequence[str]) -> str:
    """The first day that stands behind one of some words."""
    for when in dates_in(text, said):
        before = text[max(0, when.start - 24) : when.end].casefold()
        if not when.is_vague and any(f" {word} " in f" {before}" for word in after):
            return when.first.isoformat()
    return ""


def plain(text: str) -> str:
    """A clause without list marks and emphasis, on one line."""
    return " ".join(_EMPHASIS.sub("", text[_MARK.match(text).end() :]).split())  # type: ignore[union-attr]


def is_quoted(text: str, at: int) -> bool:
    """Whether something stands between quotation marks, or they don't match."""
    before = text[:at]
    if before.count('"') % 2 or text.count('"') % 2:
        return True
    return before.count("“") > before.count("”") or text.count("“") != text.count("”")


def day_words(value: str) -> str:
    """`2027-08-31` as it is read; anything else as it stands."""
    first, _, last = value.partition("/")
    if last:
        return f"{day_words(first)} to {day_words(last)}"
    found = _ISO.fullmatch(value)
    if found is None:
        return value
    month = f"{_MONTHS[int(found[2]) - 1]} {found[1]}"
    day = f"{int(found[3])} {month}" if found[3] else month
    return f"{day}, {found[4]}" if found[4] else day


_ISO = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d)(?:T(\d\d:\d\d))?)?")


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def quoted(text: str, claim: str) -> str:
    """The words of a sentence that a claim was made of, or the sentence."""
    at = text.find(claim) if claim else -1
    if at < 0:
        return text
    end = at + len(claim)
    return text[at : end + 1] if text[end : end + 1] in _STOPS else claim


_STOPS = (".", "!", "?")


def source(utterance: Utterance, quote: str) -> Source:
    return Source(
        utterance.uri, quote, utterance.who, utterance.when, content_hash(quote) if quote else ""
    )


def told(
    text: str, utterance: Utterance, *, is_ahead: bool = False, is_either: bool = False
) -> str:
    """The claim as a sentence; `is_ahead` where the days it names can't be over.

    With `is_either`, a day that may be over or may come keeps its words.
    """
    clear = plain(text)
    if language_of(clear) == "en":
        clear = _dated(clear, said_on(utterance), is_ahead=is_ahead, is_either=is_either)
    clear = _HEAVY_END.sub("", clear)
    return sentence(_third(clear, utterance))


def without_also(text: str) -> str:
    """ "Max also prefers tea" is told where nothing stands before it."""
    return _ALSO.sub(r"\1", text, count=1)


_ALSO = re.compile(
    r"^((?:[A-ZÀ-Þ][\w'’.-]*\s){1,3}(?:(?:is|are|was|were|has|have|had|will|would|can)\s)?)also\s"
)


def _third(text: str, utterance: Utterance) -> str:
    is_nobodys = utterance.origin == "document" and not utterance.who
    if is_nobodys or language_of(text) != "en":
        return text
    others = [name for name in utterance.to if name]
    listener = others[0] if len(others) == 1 else ""
    who = utterance.who if utterance.who or utterance.origin == "user" else "They"
    if listener and who and not _YOU.search(text):
        both = f"{speaker(utterance)} and {listener}"
        text = _WE.sub(lambda found: both + _IN_FULL.get(found[2] or "", ""), text)
    retold = third_person(text, who, listener)
    if retold is not None:
        return without_also(retold)
    return without_also(text) if not speaks_of_self(text) else f"{speaker(utterance)}: {text}"


def subject_of(utterance: Utterance) -> str:
    """Who speaks, as entries have it in their subject; empty where nobody is known."""
    return "me" if utterance.who in ME and not _is_of_nameless(utterance) else utterance.who


def speaker(utterance: Utterance) -> str:
    if _is_of_nameless(utterance):
        return "Somebody"
    return "You" if utterance.who in ME else utterance.who


def _is_of_nameless(utterance: Utterance) -> bool:
    """A mail without a sender is not the user's."""
    return utterance.origin == "other" and not utterance.who


def _dated(text: str, said: date | None, *, is_ahead: bool, is_either: bool) -> str:
    """With the days that "Friday" and "tomorrow" are."""
    from cairn.core.times.phrases import placed, spell

    for when in reversed(dates_in(text, said)):
        if is_ahead:
            when = ahead(when, said)
        is_over = said is not None and when.last < said
        is_certain = not (when.is_vague or when.repeats or when.bound == "since")
        if not is_certain or ((is_ahead or is_either) and is_over) or _YEAR.search(when.text):
            continue
        before = text[max(0, when.start - 12) : when.start]
        if _EACH_YEAR.search(text[max(0, when.start - 40) : when.end]):
            continue
        if _OWNED.search(before) or when.text.casefold() in ("now", "right now"):
            continue
        spelled = spell(when) if _PREPOSITION.search(before) else placed(when)
        limit = _LIMIT.match(when.text)
        if limit and not when.bound:
            spelled = f"{limit[0]}{spell(when)}"
        text = text[: when.start] + spelled + text[when.end :]
    return text


_EACH_YEAR = re.compile(
    r"\b(?:born|(?:birthday|anniversary|name day|geburtstag|anniversaire|cumpleaños)(?:\s(?:is|are|"
    r"was|falls|ist|est|es)|:))\s(?:always\s|immer\s)?(?:(?:on|am|le|el)\s)?(?:the\s)?"
    r"(?:\d{1,2}\S{0,2}\s(?:of\s)?[^\W\d_]{3,10}|[^\W\d_]{3,10}\s\d{1,2}(?:st|nd|rd|th)?|"
    r"\d{1,2}\.\d{1,2}\.)$",
    re.IGNORECASE,
)
"""It comes back each year, so that none is meant: "her birthday is on 17 July"."""
_LIMIT = re.compile(r"(?:by|until|till|before|after)\s+", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OWNED = re.compile(r"\b(?:my|our|your|a|an|his|her|their|that|every|each)\s+$", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\b(?:on|in|at|from|for|of|by|until|till|before|after|during|to|with|am|bis|le|el)\s+$",
    re.IGNORECASE,
)


def sentence(text: str) -> str:
    text = text[:_MOST_BODY].strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "”", "…")) else f"{text}."


def titled(text: str) -> str:
    """A short name: cut at a word."""
    text = _OWNER.sub("", " ".join(text.split())).rstrip(".!?:;, ")
    text = text[:1].upper() + text[1:]
    if len(text) <= TITLE_LENGTH:
        return text
    cut = text[: TITLE_LENGTH - 1]
    return cut[: cut.rfind(" ") if " " in cut else None].rstrip(" ,;:") + " …"
